//! Expressions: literals, operators, variables, collections.

use aerostat_error::{Error, Kind, Object, Result, Span};
use syn::spanned::Spanned;

use super::{Checker, mismatched, span_of, unsupported};
use crate::node::{Kind as NodeKind, Node};
use crate::ops::{Arithmetic, Comparison};
use crate::ty::{Bindings, IntTy, Ty, unify};
use crate::value::Value;

impl Checker<'_> {
    /// Checks an expression; `expected` is what its place would like, which the result need not be.
    pub(super) fn expr(&mut self, expr: &syn::Expr, expected: Option<&Ty>) -> Result<Node> {
        let span = span_of(expr);
        match expr {
            syn::Expr::Lit(literal) => self.literal(&literal.lit, expected, span),
            syn::Expr::Path(path) => self.path(path, expected),
            syn::Expr::Paren(paren) => self.expr(&paren.expr, expected),
            syn::Expr::Group(group) => self.expr(&group.expr, expected),
            syn::Expr::Reference(reference) => self.expr(&reference.expr, expected),
            syn::Expr::Unary(unary) => self.unary(unary, expected, span),
            syn::Expr::Binary(binary) => self.binary(binary, expected, span),
            syn::Expr::Cast(cast) => self.cast(cast, span),
            syn::Expr::MethodCall(call) => self.method_call(call, expected),
            syn::Expr::Call(call) => self.call(call, expected, span),
            syn::Expr::Struct(literal) => self.struct_literal(literal, span),
            syn::Expr::Field(field) => self.field(field, span),
            syn::Expr::Index(index) => self.index(index, span),
            syn::Expr::Try(attempt) => self.attempt(attempt, expected, span),
            syn::Expr::Tuple(tuple) => self.tuple(tuple, expected, span),
            syn::Expr::Array(array) => self.list(array.elems.iter(), expected, span),
            syn::Expr::Repeat(repeat) => self.repeat(&repeat.expr, &repeat.len, expected, span),
            syn::Expr::Range(range) => self.range(range, expected, span),
            syn::Expr::Macro(mac) => self.macro_call(&mac.mac, mac.span()),
            syn::Expr::Assign(assign) => self.assign(&assign.left, None, &assign.right, span),
            _ => self.control_flow(expr, expected, span),
        }
    }

    fn literal(&mut self, literal: &syn::Lit, expected: Option<&Ty>, span: Span) -> Result<Node> {
        match literal {
            syn::Lit::Str(text) => Ok(Node::constant(Value::str(text.value()), Ty::Str, span)),
            syn::Lit::Char(c) => Ok(Node::constant(Value::Char(c.value()), Ty::Char, span)),
            syn::Lit::Bool(b) => Ok(Node::constant(Value::Bool(b.value), Ty::Bool, span)),
            syn::Lit::Byte(byte) => {
                Ok(Node::constant(Value::Int(byte.value().into(), IntTy::U8), Ty::Int(IntTy::U8), span))
            }
            syn::Lit::Int(int) => int_literal(int.base10_digits(), int.suffix(), expected, span),
            syn::Lit::Float(float) => float_literal(float.base10_digits(), float.suffix(), expected, span),
            _ => Err(unsupported("this literal", span)),
        }
    }

    /// The variable `name`.
    pub(super) fn variable(&mut self, name: &str, span: Span) -> Result<Node> {
        match self.lookup(name) {
            Some(known) if !known.assigned => {
                Err(Error::new(Kind::NotFound(Object::Variable), format!("`{name}` has no value yet")).with_span(span))
            }
            Some(known) => Ok(Node { kind: NodeKind::Variable(known.place.clone()), ty: known.ty.clone(), span }),
            None => Err(self.unknown_variable(name, span)),
        }
    }

    fn unary(&mut self, unary: &syn::ExprUnary, expected: Option<&Ty>, span: Span) -> Result<Node> {
        match unary.op {
            syn::UnOp::Deref(_) => self.expr(&unary.expr, expected),
            syn::UnOp::Neg(_) => {
                if let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(int), .. }) = &*unary.expr {
                    return int_literal(&format!("-{}", int.base10_digits()), int.suffix(), expected, span);
                }
                let node = self.expr(&unary.expr, expected)?;
                let signed = match &node.ty {
                    Ty::Int(int) => int.range().0 < 0,
                    ty => ty.is_int() || ty.is_float() || matches!(ty, Ty::Native("Expr") | Ty::Any),
                };
                match signed {
                    true => Ok(Node { ty: node.ty.clone(), kind: NodeKind::Negate(Box::new(node)), span }),
                    false => Err(no_operator("-", &node.ty, span)),
                }
            }
            syn::UnOp::Not(_) => {
                let node = self.expr(&unary.expr, expected)?;
                match &node.ty {
                    ty if *ty == Ty::Bool || ty.is_int() || *ty == Ty::Any => {
                        Ok(Node { ty: node.ty.clone(), kind: NodeKind::Not(Box::new(node)), span })
                    }
                    ty => {
                        let error = no_operator("!", ty, span);
                        Err(if *ty == Ty::Native("Expr") { error.with_hint("write `.not()`") } else { error })
                    }
                }
            }
            _ => Err(unsupported("this operator", span)),
        }
    }

    fn binary(&mut self, binary: &syn::ExprBinary, expected: Option<&Ty>, span: Span) -> Result<Node> {
        use syn::BinOp;
        match binary.op {
            BinOp::And(_) | BinOp::Or(_) => {
                let left = self.expr(&binary.left, Some(&Ty::Bool))?;
                let left = Box::new(self.expect(&Ty::Bool, left)?);
                let right = self.expr(&binary.right, Some(&Ty::Bool))?;
                let right = Box::new(self.expect(&Ty::Bool, right)?);
                let kind = match binary.op {
                    BinOp::And(_) => NodeKind::And(left, right),
                    _ => NodeKind::Or(left, right),
                };
                Ok(Node { kind, ty: Ty::Bool, span })
            }
            BinOp::Eq(_) | BinOp::Ne(_) | BinOp::Lt(_) | BinOp::Le(_) | BinOp::Gt(_) | BinOp::Ge(_) => {
                self.comparison(binary, span)
            }
            _ => {
                let (op, assigns) = arithmetic_of(&binary.op).ok_or_else(|| unsupported("this operator", span))?;
                match assigns {
                    true => self.assign(&binary.left, Some(op), &binary.right, span),
                    false => self.arithmetic(op, binary, expected, span),
                }
            }
        }
    }

    /// Both operands, where a literal on either side takes the type of the other.
    fn operands(&mut self, binary: &syn::ExprBinary, expected: Option<&Ty>) -> Result<(Node, Node)> {
        let numeric = expected.filter(|ty| ty.is_int() || ty.is_float());
        let left = self.expr(&binary.left, numeric)?;
        let right = self.expr(&binary.right, Some(&left.ty))?;
        if matches!(left.ty, Ty::Integer | Ty::FloatLiteral) && left.ty != right.ty {
            return Ok((self.expr(&binary.left, Some(&right.ty))?, right));
        }
        Ok((left, right))
    }

    fn arithmetic(
        &mut self,
        op: Arithmetic,
        binary: &syn::ExprBinary,
        expected: Option<&Ty>,
        span: Span,
    ) -> Result<Node> {
        let (left, right) = self.operands(binary, expected)?;
        let symbol = token_text(&binary.op);
        let shift = matches!(op, Arithmetic::Shl | Arithmetic::Shr);
        let ty = match unify(&left.ty, &right.ty) {
            _ if shift && left.ty.is_int() && right.ty.is_int() => left.ty.clone(),
            Some(ty) => ty,
            None => {
                let message = format!("cannot compute `{}` {symbol} `{}`", left.ty, right.ty);
                return Err(Error::new(Kind::TypeMismatch, message)
                    .with_span(span)
                    .with_hint_opt(operand_hint(&left, &right)));
            }
        };
        let bitwise = shift || matches!(op, Arithmetic::BitAnd | Arithmetic::BitOr | Arithmetic::BitXor);
        let fits = match &ty {
            Ty::Any => true,
            Ty::Bool => bitwise && !shift,
            Ty::Str => op == Arithmetic::Add,
            Ty::Native("Expr" | "Series") => !bitwise,
            ty if ty.is_float() => !bitwise,
            ty => ty.is_int(),
        };
        if !fits {
            let error = no_operator(&symbol, &ty, span);
            return Err(match (&ty, op) {
                (Ty::Native("Expr"), Arithmetic::BitAnd) => error.with_hint("write `.and(..)`"),
                (Ty::Native("Expr"), Arithmetic::BitOr) => error.with_hint("write `.or(..)`"),
                _ => error,
            });
        }
        // Arithmetic on Series can fail: lengths, types.
        let ty = if ty == Ty::Native("Series") { Ty::result(ty) } else { ty };
        Ok(Node { kind: NodeKind::Arithmetic(op, Box::new(left), Box::new(right)), ty, span })
    }

    fn comparison(&mut self, binary: &syn::ExprBinary, span: Span) -> Result<Node> {
        let (left, right) = self.operands(binary, None)?;
        let (op, method) = match binary.op {
            syn::BinOp::Eq(_) => (Comparison::Eq, "eq"),
            syn::BinOp::Ne(_) => (Comparison::Ne, "neq"),
            syn::BinOp::Lt(_) => (Comparison::Lt, "lt"),
            syn::BinOp::Le(_) => (Comparison::Le, "lt_eq"),
            syn::BinOp::Gt(_) => (Comparison::Gt, "gt"),
            _ => (Comparison::Ge, "gt_eq"),
        };
        if [&left.ty, &right.ty].contains(&&Ty::Native("Expr")) {
            return Err(Error::new(
                Kind::TypeMismatch,
                "columns are not compared with operators: the result is a column, not a `bool`",
            )
            .with_span(span)
            .with_hint(format!("write `.{method}(..)`")));
        }
        match unify(&left.ty, &right.ty) {
            Some(_) => Ok(Node { kind: NodeKind::Comparison(op, Box::new(left), Box::new(right)), ty: Ty::Bool, span }),
            None => Err(mismatched(&left.ty, &right.ty, right.span)),
        }
    }

    fn cast(&mut self, cast: &syn::ExprCast, span: Span) -> Result<Node> {
        let node = self.expr(&cast.expr, None)?;
        let ty = self.syntax_type(&cast.ty)?;
        let number = |ty: &Ty| ty.is_int() || ty.is_float();
        let possible = match (&node.ty, &ty) {
            (Ty::Any, _) => true,
            (Ty::Bool | Ty::Char, Ty::Int(_)) | (Ty::Int(IntTy::U8), Ty::Char) => true,
            (from, to) => number(from) && number(to),
        };
        match possible {
            true => Ok(Node { kind: NodeKind::Cast(Box::new(node)), ty, span }),
            false => {
                let error = Error::new(Kind::TypeMismatch, format!("`{}` cannot be cast to `{ty}` with `as`", node.ty))
                    .with_span(span);
                Err(match node.ty {
                    Ty::Native("Expr") => error.with_hint("write `.cast(DataType::Float64)` to convert a column"),
                    Ty::Str => error.with_hint("write `.parse::<..>()?` to read a number from text"),
                    _ => error,
                })
            }
        }
    }

    fn attempt(&mut self, attempt: &syn::ExprTry, expected: Option<&Ty>, span: Span) -> Result<Node> {
        let wanted = expected.map(|ty| Ty::result(ty.clone()));
        let node = self.expr(&attempt.expr, wanted.as_ref())?;
        let (ty, at) = match &node.ty {
            Ty::Result(inner) | Ty::Option(inner) => ((**inner).clone(), node.span),
            Ty::Any => (Ty::Any, node.span),
            other => {
                return Err(Error::new(Kind::TypeMismatch, format!("`?` needs a `Result`, and this is a `{other}`"))
                    .with_span(span)
                    .with_hint("leave the `?` out"));
            }
        };
        Ok(Node { kind: NodeKind::Try(Box::new(node)), ty, span: at })
    }

    fn tuple(&mut self, tuple: &syn::ExprTuple, expected: Option<&Ty>, span: Span) -> Result<Node> {
        let wanted = match expected {
            Some(Ty::Tuple(types)) if types.len() == tuple.elems.len() => types.iter().map(Some).collect(),
            _ => vec![None; tuple.elems.len()],
        };
        if tuple.elems.is_empty() {
            return Ok(Node::constant(Value::Unit, Ty::Unit, span));
        }
        let items: Result<Vec<Node>> = tuple.elems.iter().zip(wanted).map(|(item, ty)| self.expr(item, ty)).collect();
        let items = items?;
        let ty = Ty::Tuple(items.iter().map(|item| item.ty.clone()).collect());
        Ok(Node { kind: NodeKind::Tuple(items), ty, span })
    }

    /// The elements of an array or of `vec!`.
    pub(super) fn list<'e>(
        &mut self,
        elements: impl Iterator<Item = &'e syn::Expr>,
        expected: Option<&Ty>,
        span: Span,
    ) -> Result<Node> {
        let mut ty = if let Some(Ty::Vec(inner)) = expected { (**inner).clone() } else { Ty::Any };
        let mut items = Vec::new();
        for element in elements {
            let node = self.expr(element, Some(&ty).filter(|ty| **ty != Ty::Any))?;
            ty = match unify(&ty, &node.ty) {
                Some(unified) => unified,
                None if Bindings::default().fits(&ty, &node.ty) => ty,
                None => return Err(mismatched(&ty, &node.ty, node.span)),
            };
            items.push(node);
        }
        Ok(Node { kind: NodeKind::List(items), ty: Ty::vec(ty), span })
    }

    /// `[value; times]`
    pub(super) fn repeat(
        &mut self,
        value: &syn::Expr,
        times: &syn::Expr,
        expected: Option<&Ty>,
        span: Span,
    ) -> Result<Node> {
        let wanted = if let Some(Ty::Vec(inner)) = expected { Some(&**inner) } else { None };
        let value = self.expr(value, wanted)?;
        let times = self.expr(times, Some(&Ty::Int(IntTy::Usize)))?;
        let times = Box::new(self.expect(&Ty::Int(IntTy::Usize), times)?);
        let ty = Ty::vec(value.ty.clone());
        Ok(Node { kind: NodeKind::Repeat { value: Box::new(value), times }, ty, span })
    }

    fn range(&mut self, range: &syn::ExprRange, expected: Option<&Ty>, span: Span) -> Result<Node> {
        let (Some(start), Some(end)) = (&range.start, &range.end) else {
            return Err(unsupported("a range without a beginning or an end", span));
        };
        let wanted = if let Some(Ty::Range(inner)) = expected { Some(&**inner) } else { None };
        let start = self.expr(start, wanted)?;
        let end = self.expr(end, Some(&start.ty))?;
        let ty = unify(&start.ty, &end.ty).filter(|ty| ty.is_int() || *ty == Ty::Any);
        let ty = ty.ok_or_else(|| mismatched(&start.ty, &end.ty, end.span))?;
        let inclusive = matches!(range.limits, syn::RangeLimits::Closed(_));
        let kind = NodeKind::Range { start: Box::new(start), end: Box::new(end), inclusive };
        Ok(Node { kind, ty: Ty::Range(Box::new(ty)), span })
    }

    fn index(&mut self, index: &syn::ExprIndex, span: Span) -> Result<Node> {
        let value = self.expr(&index.expr, None)?;
        let (Ty::Vec(_) | Ty::Any) = value.ty else {
            let error = Error::new(Kind::TypeMismatch, format!("`{}` cannot be indexed", value.ty)).with_span(span);
            return Err(match value.ty {
                Ty::Native("DataFrame") => error.with_hint("a column is `df.column(\"name\")?`"),
                _ => error,
            });
        };
        if let syn::Expr::Range(range) = &*index.index {
            let bound = |checker: &mut Self, bound: &Option<Box<syn::Expr>>| -> Result<Option<Box<Node>>> {
                let Some(bound) = bound else { return Ok(None) };
                let node = checker.expr(bound, Some(&Ty::Int(IntTy::Usize)))?;
                checker.expect(&Ty::Int(IntTy::Usize), node).map(|node| Some(Box::new(node)))
            };
            let (start, end) = (bound(self, &range.start)?, bound(self, &range.end)?);
            let inclusive = matches!(range.limits, syn::RangeLimits::Closed(_));
            let ty = value.ty.clone();
            return Ok(Node { kind: NodeKind::Slice { value: Box::new(value), start, end, inclusive }, ty, span });
        }
        let at = self.expr(&index.index, Some(&Ty::Int(IntTy::Usize)))?;
        let at = Box::new(self.expect(&Ty::Int(IntTy::Usize), at)?);
        let ty = if let Ty::Vec(inner) = &value.ty { (**inner).clone() } else { Ty::Any };
        Ok(Node { kind: NodeKind::Index { value: Box::new(value), index: at }, ty, span })
    }
}

fn int_literal(digits: &str, suffix: &str, expected: Option<&Ty>, span: Span) -> Result<Node> {
    let invalid = |ty: &str| Error::new(Kind::TypeMismatch, format!("literal out of range for `{ty}`")).with_span(span);
    let value: i128 = digits.parse().map_err(|_| invalid("i128"))?;
    if suffix == "f64" || suffix == "f32" {
        return float_literal(digits, suffix, None, span);
    }
    let ty = match (IntTy::parse(suffix), expected) {
        (Some(int), _) => Ty::Int(int),
        (None, Some(Ty::Int(int))) if suffix.is_empty() => Ty::Int(*int),
        (None, _) if !suffix.is_empty() => {
            return Err(Error::new(Kind::Syntax, format!("invalid suffix `{suffix}` for a number")).with_span(span));
        }
        // rustc would find the type from later uses; what does not fit `i32` can only be meant as `i64`.
        _ if IntTy::I32.holds(value) => Ty::Integer,
        _ => Ty::Int(IntTy::I64),
    };
    let int = if let Ty::Int(int) = ty { int } else { IntTy::I32 };
    match int.holds(value) {
        true => Ok(Node::constant(Value::Int(value, int), ty, span)),
        false => Err(invalid(int.name())),
    }
}

fn float_literal(digits: &str, suffix: &str, expected: Option<&Ty>, span: Span) -> Result<Node> {
    let value: f64 =
        digits.parse().map_err(|_| Error::new(Kind::Syntax, format!("`{digits}` is not a number")).with_span(span))?;
    let ty = match (suffix, expected) {
        ("f32", _) | ("", Some(Ty::F32)) => Ty::F32,
        ("f64", _) | ("", Some(Ty::F64)) => Ty::F64,
        ("", _) => Ty::FloatLiteral,
        _ => return Err(Error::new(Kind::Syntax, format!("invalid suffix `{suffix}` for a number")).with_span(span)),
    };
    let value = if ty == Ty::F32 { Value::F32(value as f32) } else { Value::F64(value) };
    Ok(Node::constant(value, ty, span))
}

fn no_operator(symbol: &str, ty: &Ty, span: Span) -> Error {
    Error::new(Kind::TypeMismatch, format!("no operator `{symbol}` for `{ty}`")).with_span(span)
}

fn operand_hint(left: &Node, right: &Node) -> Option<String> {
    let number = |ty: &Ty| ty.is_int() || ty.is_float();
    match (&left.ty, &right.ty) {
        (Ty::Native("Expr"), ty) | (ty, Ty::Native("Expr")) if number(ty) || matches!(ty, Ty::Str | Ty::Bool) => {
            Some("make the constant an expression: `lit(..)`".into())
        }
        (a, b) if number(a) && number(b) => Some(format!("convert one of them with `as {a}` or `as {b}`")),
        _ => None,
    }
}

fn token_text(op: &syn::BinOp) -> String {
    let (op, _) = arithmetic_of(op).unwrap_or((Arithmetic::Add, false));
    match op {
        Arithmetic::Add => "+",
        Arithmetic::Sub => "-",
        Arithmetic::Mul => "*",
        Arithmetic::Div => "/",
        Arithmetic::Rem => "%",
        Arithmetic::BitAnd => "&",
        Arithmetic::BitOr => "|",
        Arithmetic::BitXor => "^",
        Arithmetic::Shl => "<<",
        Arithmetic::Shr => ">>",
    }
    .into()
}

/// The operator, and whether it assigns (`+=`).
fn arithmetic_of(op: &syn::BinOp) -> Option<(Arithmetic, bool)> {
    use syn::BinOp;
    Some(match op {
        BinOp::Add(_) => (Arithmetic::Add, false),
        BinOp::Sub(_) => (Arithmetic::Sub, false),
        BinOp::Mul(_) => (Arithmetic::Mul, false),
        BinOp::Div(_) => (Arithmetic::Div, false),
        BinOp::Rem(_) => (Arithmetic::Rem, false),
        BinOp::BitAnd(_) => (Arithmetic::BitAnd, false),
        BinOp::BitOr(_) => (Arithmetic::BitOr, false),
        BinOp::BitXor(_) => (Arithmetic::BitXor, false),
        BinOp::Shl(_) => (Arithmetic::Shl, false),
        BinOp::Shr(_) => (Arithmetic::Shr, false),
        BinOp::AddAssign(_) => (Arithmetic::Add, true),
        BinOp::SubAssign(_) => (Arithmetic::Sub, true),
        BinOp::MulAssign(_) => (Arithmetic::Mul, true),
        BinOp::DivAssign(_) => (Arithmetic::Div, true),
        BinOp::RemAssign(_) => (Arithmetic::Rem, true),
        BinOp::BitAndAssign(_) => (Arithmetic::BitAnd, true),
        BinOp::BitOrAssign(_) => (Arithmetic::BitOr, true),
        BinOp::BitXorAssign(_) => (Arithmetic::BitXor, true),
        BinOp::ShlAssign(_) => (Arithmetic::Shl, true),
        BinOp::ShrAssign(_) => (Arithmetic::Shr, true),
        _ => return None,
    })
}
