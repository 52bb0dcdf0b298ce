//! Expressions: which kind is checked where, and the small ones.

use aerostat_error::{Error, Kind, Object, Result, Span};
use syn::spanned::Spanned;

use super::{Checker, expr_span, span_of, unsupported};
use crate::node::{Kind as NodeKind, Node};
use crate::ty::{IntTy, Ty};
use crate::value::Value;

impl Checker<'_> {
    /// Checks an expression; `expected` is what its place would like, which the result need not be.
    pub(super) fn expr(&mut self, expr: &syn::Expr, expected: Option<&Ty>) -> Result<Node> {
        // What looks for its place itself, or has none that counts.
        match expr {
            syn::Expr::MethodCall(call) => return self.method_call(call, expected),
            syn::Expr::Try(attempt) => return self.attempt(attempt, expected),
            syn::Expr::Path(path) => return self.path(path, expected),
            syn::Expr::Paren(paren) => return self.expr(&paren.expr, expected),
            syn::Expr::Group(group) => return self.expr(&group.expr, expected),
            syn::Expr::Reference(reference) => return self.expr(&reference.expr, expected),
            _ => {}
        }
        let span = expr_span(expr);
        match expr {
            syn::Expr::Lit(literal) => self.literal(&literal.lit, expected, span),
            syn::Expr::Unary(unary) => self.unary(unary, expected, span),
            syn::Expr::Binary(binary) => self.binary(binary, expected, span),
            syn::Expr::Cast(cast) => self.cast(cast, span),
            syn::Expr::Call(call) => self.call(call, expected, span),
            syn::Expr::Struct(literal) => self.struct_literal(literal, span),
            syn::Expr::Field(field) => self.field(field, span),
            syn::Expr::Index(index) => self.index(index, span),
            syn::Expr::Tuple(tuple) => self.tuple(tuple, expected, span),
            syn::Expr::Array(array) => self.list(array.elems.iter(), expected, span),
            syn::Expr::Repeat(repeat) => self.repeat(&repeat.expr, &repeat.len, expected, span),
            syn::Expr::Range(range) => self.range(range, expected, span),
            syn::Expr::Macro(mac) => self.macro_call(&mac.mac, mac.span(), expected),
            syn::Expr::Assign(assign) => self.assign(&assign.left, None, &assign.right, span),
            _ => self.control_flow(expr, expected, span),
        }
    }

    /// The variable `name`.
    pub(super) fn variable(&mut self, name: &str, span: Span) -> Result<Node> {
        match self.lookup(name) {
            Some(known) if !known.assigned => {
                Err(Error::new(Kind::NotFound(Object::Variable), format!("`{name}` has no value yet")).with_span(span))
            }
            Some(known) => {
                self.mark_used(name);
                Ok(Node { kind: NodeKind::Variable(known.slot), ty: known.ty, span })
            }
            None => Err(self.unknown_variable(name, span)),
        }
    }

    fn cast(&mut self, cast: &syn::ExprCast, span: Span) -> Result<Node> {
        let ty = self.syntax_type(&cast.ty)?;
        let node = self.expr(&cast.expr, None)?;
        let from = self.named(&node.ty);
        let possible = match (&from, &ty) {
            (Ty::Any, _) => true,
            (Ty::Bool | Ty::Char, Ty::Int(_)) | (Ty::Int(IntTy::U8), Ty::Char) => true,
            // `65 as char`: the literal is a `u8`.
            (Ty::Integer, Ty::Char) => self.infer.unify(&node.ty, &Ty::Int(IntTy::U8)),
            (from, to) => from.is_number() && to.is_number() || from == to && matches!(to, Ty::Bool | Ty::Char),
        };
        if matches!(ty, Ty::Infer(_)) {
            return Err(unsupported("`as _`", span));
        }
        if possible {
            return Ok(Node { kind: NodeKind::Cast(Box::new(node)), ty, span });
        }
        let error =
            Error::new(Kind::TypeMismatch, format!("`{from}` cannot be cast to `{ty}` with `as`")).with_span(span);
        Err(match from {
            Ty::Native("Expr") => error.with_hint("write `.cast(DataType::Float64)` to convert a column"),
            Ty::Str => error.with_hint("write `.parse::<..>()?` to read a number from text"),
            _ => error,
        })
    }

    fn attempt(&mut self, attempt: &syn::ExprTry, expected: Option<&Ty>) -> Result<Node> {
        if self.inside_closures > 0 {
            return Err(unsupported("`?` inside a closure", span_of(attempt)));
        }
        let wanted = expected.map(|ty| Ty::result(ty.clone()));
        let node = self.expr(&attempt.expr, wanted.as_ref())?;
        let ty = match self.shallow(&node.ty) {
            Ty::Result(inner) | Ty::Option(inner) => *inner,
            Ty::Any | Ty::Never => node.ty.clone(),
            other => {
                let message = format!("`?` needs a `Result`, and this is a `{}`", self.named(&other));
                let error = Error::new(Kind::TypeMismatch, message).with_span(span_of(attempt));
                return Err(error.with_hint("leave the `?` out"));
            }
        };
        let at = node.span;
        Ok(Node { kind: NodeKind::Try(Box::new(node)), ty, span: at })
    }

    fn tuple(&mut self, tuple: &syn::ExprTuple, expected: Option<&Ty>, span: Span) -> Result<Node> {
        if tuple.elems.is_empty() {
            return Ok(Node::constant(Value::Unit, Ty::Unit, span));
        }
        if tuple.elems.len() == 1 {
            return Err(unsupported("a tuple of one", span));
        }
        let wanted = match expected.map(|ty| self.shallow(ty)) {
            Some(Ty::Tuple(types)) if types.len() == tuple.elems.len() => types.into_iter().map(Some).collect(),
            _ => vec![None; tuple.elems.len()],
        };
        let items = tuple.elems.iter().zip(wanted).map(|(item, ty)| self.expr(item, ty.as_ref()));
        let items = items.collect::<Result<Vec<Node>>>()?;
        let ty = Ty::Tuple(items.iter().map(|item| item.ty.clone()).collect());
        Ok(Node { kind: NodeKind::Tuple(items), ty, span })
    }
}
