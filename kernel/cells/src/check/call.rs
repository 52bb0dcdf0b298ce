//! Calls of methods and functions.

use std::collections::BTreeMap;

use aerostat_error::{Error, Kind, Result, Span};
use aerostat_session::{Reader, Session};

use super::infer::{Class, Parameters};
use super::paths::split;
use super::{CURSOR, Checker, path_span, token_span, unsupported};
use crate::node::{Kind as NodeKind, Node, Slot};
use crate::table::{Callable, TABLE};
use crate::ty::{IntTy, Ty};
use crate::value::{Native as _, Value};

impl Checker<'_> {
    pub(super) fn method_call(&mut self, call: &syn::ExprMethodCall, expected: Option<&Ty>) -> Result<Node> {
        let name = call.method.to_string();
        let at = token_span(call.method.span());
        // `x.into()` becomes whatever its place wants; conversions are those that arguments make anyway.
        if matches!(name.as_str(), "into" | "try_into") && call.args.is_empty() {
            return self.conversion(&call.receiver, expected, name == "try_into", at);
        }
        // In `entry(key).or_insert(value).push(..)` the receiver is a place inside the map.
        if let Some(node) = self.entry_call(call, expected)? {
            return Ok(node);
        }
        let receiver = match self.expr(&call.receiver, None) {
            Ok(receiver) => receiver,
            Err(error) => return Err(self.unknown_receiver(error, &call.receiver, &name)),
        };
        if name == CURSOR {
            self.probed = Some(self.named(&receiver.ty));
        }
        self.method_of(receiver, &call.receiver, call, expected)
    }

    fn conversion(&mut self, value: &syn::Expr, expected: Option<&Ty>, fallible: bool, at: Span) -> Result<Node> {
        if fallible {
            return Err(unsupported("`try_into`", at));
        }
        let wanted = expected.map(|ty| self.shallow(ty));
        let collects = matches!(wanted, Some(Ty::Map(..) | Ty::Set(..) | Ty::Deque(_)));
        let node = self.expr(value, expected.filter(|_| !collects))?;
        let from = self.named(&node.ty);
        // The conversions between numbers, and those into collections, change the value: `let x: f64 = n.into()`.
        match wanted.map(|ty| self.named(&ty)) {
            Some(to)
                if from != to
                    && (collects || from.is_number() && to.is_number() || from == Ty::Char && to == Ty::Str) =>
            {
                Err(unsupported("this conversion", at))
            }
            _ => Ok(node),
        }
    }

    /// A call of a method whose receiver is checked already.
    fn method_of(
        &mut self,
        receiver: Node,
        written: &syn::Expr,
        call: &syn::ExprMethodCall,
        expected: Option<&Ty>,
    ) -> Result<Node> {
        let name = call.method.to_string();
        let at = token_span(call.method.span());
        let has_closure = call.args.iter().any(|arg| matches!(arg, syn::Expr::Closure(_)));
        let Some((callable, parameters)) = self.find_method(&receiver.ty, &name) else {
            return Err(self.unknown_method(&receiver.ty, &name, at, has_closure));
        };
        let turbofish = call.turbofish.as_ref().map(|generics| self.generic_types(generics)).transpose()?;
        if !callable.mutates {
            let args = self.arguments(callable, &parameters, call.args.iter(), turbofish, expected, at)?;
            self.constrain(callable, &parameters, &receiver.ty, at)?;
            let args = std::iter::once(receiver).chain(args).collect();
            let ty = parameters.apply(&callable.ret);
            let call = Node { kind: NodeKind::Call { callable, args }, ty, span: at };
            return Ok(if finds_frames(callable) { self.seeing(call) } else { call });
        }
        self.mutation(callable, &parameters, receiver, written, call, at)
    }

    /// The call with the variables of the open blocks for SQL to see: it sees those of the notebook by itself.
    fn seeing(&self, call: Node) -> Node {
        let visible = self.blocks.iter().flatten().map(|(name, known)| (name.clone(), known.slot));
        // The innermost of a name counts.
        let locals: BTreeMap<String, Slot> = visible.collect();
        if locals.is_empty() {
            return call;
        }
        let (ty, span) = (call.ty.clone(), call.span);
        Node { kind: NodeKind::Seeing { locals: locals.into_iter().collect(), call: Box::new(call) }, ty, span }
    }

    /// A call of a method that changes its receiver. What is not a variable is computed for the call alone.
    fn mutation(
        &mut self,
        callable: &'static Callable,
        parameters: &Parameters,
        receiver: Node,
        written: &syn::Expr,
        call: &syn::ExprMethodCall,
        at: Span,
    ) -> Result<Node> {
        let args = self.arguments(callable, parameters, call.args.iter(), None, None, at)?;
        let ty = parameters.apply(&callable.ret);
        if is_place(written) {
            let (target, _) = self.target(written)?;
            return Ok(Node { kind: NodeKind::Mutate { callable, target: Box::new(target), args }, ty, span: at });
        }
        // `frame.with_column(a)?.with_column(b)?` changes the one frame twice.
        if let Some(variable) = changed(written).filter(|_| gives_self(&receiver)) {
            let (target, _) = self.target(variable)?;
            let kind = NodeKind::Mutate { callable, target: Box::new(target), args };
            let again = Node { kind, ty: ty.clone(), span: at };
            let first = Node::unit(NodeKind::Discard(Box::new(receiver)), at);
            return Ok(Node { kind: NodeKind::Block { statements: vec![first, again], tail: true }, ty, span: at });
        }
        // `text.chars().next()`: the call gives the changed receiver beside the result, which is all that is wanted.
        let args = std::iter::once(receiver).chain(args).collect();
        let called = Node { kind: NodeKind::Call { callable, args }, ty: Ty::Any, span: at };
        Ok(Node { kind: NodeKind::TupleField(Box::new(called), 1), ty, span: at })
    }

    /// The row of a method, and its type parameters as far as the receiver decides them.
    pub(super) fn find_method(&mut self, receiver: &Ty, name: &str) -> Option<(&'static Callable, Parameters)> {
        let known = self.named(receiver);
        TABLE.methods_named(&known, name).find_map(|callable| {
            // Nothing is known of an undecided type: only what every type has could be meant, and that tells nothing.
            let wanted = callable.receiver.as_ref().filter(|_| known != Ty::Any)?;
            let parameters = self.infer.parameters(receiver);
            self.infer.fits(&parameters.apply(wanted), receiver).then_some((callable, parameters))
        })
    }

    pub(super) fn call(&mut self, call: &syn::ExprCall, expected: Option<&Ty>, span: Span) -> Result<Node> {
        let syn::Expr::Path(path) = &*call.func else { return Err(unsupported("a call of a computed function", span)) };
        let (owner, name) = split(&path.path);
        let at = path_span(&path.path);
        if let Some(node) = self.special_call(owner.as_deref(), &name, call, expected, span)? {
            return Ok(node);
        }
        let Some(callable) = TABLE.function(owner.as_deref(), &name) else {
            return self.qualified(owner.as_deref(), &name, call, at);
        };
        let parameters = self.infer.parameters(&Ty::Unit);
        let turbofish = match path.path.segments.last().map(|segment| &segment.arguments) {
            Some(syn::PathArguments::AngleBracketed(generics)) => Some(self.generic_types(generics)?),
            _ => None,
        };
        let args = self.arguments(callable, &parameters, call.args.iter(), turbofish, expected, at)?;
        Ok(Node { kind: NodeKind::Call { callable, args }, ty: parameters.apply(&callable.ret), span: at })
    }

    /// `f64::max(a, b)`: a method by its type's name, with the receiver as the first argument.
    fn qualified(&mut self, owner: Option<&str>, name: &str, call: &syn::ExprCall, at: Span) -> Result<Node> {
        if owner.is_none() && self.lookup(name).is_some() {
            return Err(unsupported("a call of a variable", at));
        }
        let ty = match owner {
            // The methods of a trait are those of whatever the argument is: `ToString::to_string`.
            Some("ToString" | "ToOwned" | "Clone" | "Iterator" | "IntoIterator" | "PartialOrd" | "Ord") => {
                Some(Ty::Any)
            }
            owner => owner.and_then(|owner| self.named_type(owner)),
        };
        let (Some(ty), Some(receiver)) = (ty, call.args.first()) else {
            return Err(self.unknown_function(owner, name, at));
        };
        let receiver = self.expr(receiver, Some(&ty))?;
        let found = self.find_method(&receiver.ty, name).filter(|(callable, _)| !callable.mutates);
        let Some((callable, parameters)) = found else { return Err(self.unknown_function(owner, name, at)) };
        let receiver = self.expect(&ty, receiver)?;
        let rest: Vec<&syn::Expr> = call.args.iter().skip(1).collect();
        let args = self.arguments(callable, &parameters, rest.into_iter(), None, None, at)?;
        let args = std::iter::once(receiver).chain(args).collect();
        Ok(Node { kind: NodeKind::Call { callable, args }, ty: parameters.apply(&callable.ret), span: at })
    }

    /// Calls of Rust's own that are not rows of the table, because their type is that of their argument or place.
    fn special_call(
        &mut self,
        owner: Option<&str>,
        name: &str,
        call: &syn::ExprCall,
        expected: Option<&Ty>,
        span: Span,
    ) -> Result<Option<Node>> {
        let inside = match expected.map(|ty| self.shallow(ty)) {
            Some(Ty::Option(inner) | Ty::Result(inner)) => Some(*inner),
            _ => None,
        };
        let one = call.args.first().filter(|_| call.args.len() == 1);
        Ok(Some(match (owner, name, one) {
            (None, "Some", Some(arg)) => {
                let node = self.expr(arg, inside.as_ref())?;
                let ty = Ty::option(node.ty.clone());
                Node { kind: NodeKind::Some(Box::new(node)), ty, span }
            }
            (None, "Ok", Some(arg)) => {
                let node = self.expr(arg, inside.as_ref())?;
                let ty = Ty::result(node.ty.clone());
                Node { kind: NodeKind::Ok(Box::new(node)), ty, span }
            }
            (None, "Err", Some(arg)) => {
                let node = self.expr(arg, None)?;
                let ty = inside.unwrap_or_else(|| self.infer.fresh(Class::Any));
                Node { kind: NodeKind::Err(Box::new(node)), ty: Ty::result(ty), span }
            }
            (Some("Arc" | "Box" | "Rc"), "new", Some(arg)) => self.expr(arg, expected)?,
            (Some("String" | "PlSmallStr"), "from" | "from_str" | "from_static", Some(arg)) => {
                let node = self.expr(arg, Some(&Ty::Str))?;
                match (self.named(&node.ty), self.find_method(&node.ty, "to_string")) {
                    (Ty::Str, _) => node,
                    (Ty::Char, Some((callable, _))) => {
                        Node { kind: NodeKind::Call { callable, args: vec![node] }, ty: Ty::Str, span }
                    }
                    _ => return Err(unsupported("this conversion to a text", span)),
                }
            }
            (Some(number), "from", Some(arg)) if self.named_type(number).is_some_and(|ty| ty.is_number()) => {
                return self.widened(number, arg, span).map(Some);
            }
            (Some("String"), "new" | "with_capacity", _) if call.args.len() <= 1 => {
                Node::constant(Value::str(""), Ty::Str, span)
            }
            (Some(owner), "default", None) if call.args.is_empty() => self.default_value(owner, expected, span)?,
            _ => return Ok(None),
        }))
    }

    /// `i64::from(n)`: the conversions between numbers that lose nothing.
    fn widened(&mut self, number: &str, arg: &syn::Expr, span: Span) -> Result<Node> {
        let node = self.expr(arg, None)?;
        let ty = self.named_type(number).unwrap_or(Ty::Any);
        let lossless = match (self.named(&node.ty), &ty) {
            (Ty::Int(from), Ty::Int(to)) => {
                let (low, high) = from.range();
                to.holds(low)
                    && to.holds(high)
                    && (*to == from || !matches!(to, IntTy::Usize | IntTy::Isize) || from.bits() <= 16)
            }
            (Ty::Int(from), Ty::F64) => from.bits() <= 32,
            (Ty::Int(from), Ty::F32) => from.bits() <= 16,
            (Ty::F32 | Ty::F64, Ty::F64) | (Ty::F32, Ty::F32) => true,
            (Ty::Bool, Ty::Int(_)) | (Ty::Char, Ty::Int(IntTy::U32 | IntTy::U64)) => true,
            (Ty::Integer, Ty::Int(_)) | (Ty::Float, Ty::F32 | Ty::F64) => self.infer.unify(&node.ty, &ty),
            (Ty::Integer, Ty::F64) => self.infer.unify(&node.ty, &Ty::Int(IntTy::I32)),
            _ => false,
        };
        match lossless {
            true => Ok(Node { kind: NodeKind::Cast(Box::new(node)), ty, span }),
            false => Err(Error::new(
                Kind::TypeMismatch,
                format!("`{number}::from` cannot convert `{}`, which may not fit", self.named(&node.ty)),
            )
            .with_span(span)
            .with_hint(format!("write `as {number}`"))),
        }
    }
}

/// Whether a method finds frames by their names.
fn finds_frames(callable: &Callable) -> bool {
    [Some(Session::NAME), Some(Reader::NAME)].contains(&callable.owner) && matches!(callable.name, "sql" | "table")
}

/// The variable at the beginning of a chain of calls.
fn changed(expr: &syn::Expr) -> Option<&syn::Expr> {
    match expr {
        syn::Expr::Try(inner) => changed(&inner.expr),
        syn::Expr::Paren(inner) => changed(&inner.expr),
        syn::Expr::MethodCall(call) => changed(&call.receiver),
        place => is_place(place).then_some(place),
    }
}

/// Whether the value of a node is the variable that the node changes.
fn gives_self(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Try(inner) => gives_self(inner),
        NodeKind::Mutate { callable, .. } => callable.gives_self,
        NodeKind::Block { statements, tail: true } => statements.last().is_some_and(gives_self),
        _ => false,
    }
}

/// Whether an expression is a variable or a part of one.
pub(super) fn is_place(expr: &syn::Expr) -> bool {
    match expr {
        syn::Expr::Path(path) => path.path.get_ident().is_some(),
        syn::Expr::Field(field) => is_place(&field.base),
        syn::Expr::Index(index) => is_place(&index.expr) && !matches!(*index.index, syn::Expr::Range(_)),
        syn::Expr::Paren(paren) => is_place(&paren.expr),
        syn::Expr::Reference(reference) => is_place(&reference.expr),
        syn::Expr::Unary(syn::ExprUnary { op: syn::UnOp::Deref(_), expr, .. }) => is_place(expr),
        _ => false,
    }
}
