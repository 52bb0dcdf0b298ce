//! Arguments of calls.

use aerostat_error::{Error, Kind, Result, Span, counted};

use super::finish::Waiting;
use super::infer::Parameters;
use super::{Checker, unsupported};
use crate::node::{Kind as NodeKind, Node};
use crate::table::Callable;
use crate::ty::{Accepts, Ty};

impl Checker<'_> {
    /// Checks the arguments of a call, and adds the types that a turbofish or the expected type names.
    pub(super) fn arguments<'e>(
        &mut self,
        callable: &'static Callable,
        parameters: &Parameters,
        given: impl ExactSizeIterator<Item = &'e syn::Expr>,
        turbofish: Option<Vec<Ty>>,
        expected: Option<&Ty>,
        at: Span,
    ) -> Result<Vec<Node>> {
        let is_type = |ty: &Ty| matches!(ty, Ty::TypeOf(_));
        let wanted = callable.params.iter().filter(|(_, ty)| !is_type(ty)).count();
        if given.len() > wanted || given.len() < wanted && !self.probing {
            return Err(wrong_number(callable, wanted, given.len(), at));
        }
        // What the place wants is a hint for what the type parameters are.
        if let Some(expected) = expected.filter(|ty| !signature_only(ty))
            && callable.params.iter().any(|(_, ty)| is_type(ty))
            && turbofish.is_none()
        {
            self.infer.unify(&parameters.apply(&callable.ret), expected);
        }
        let mut given = given;
        let mut nodes = Vec::new();
        for (_, declared) in &callable.params {
            let wanted = parameters.apply(declared);
            if is_type(declared) {
                if let Some(named) = turbofish.as_ref().and_then(|types| types.first()) {
                    self.infer.unify(&wanted, named);
                }
                nodes.push(self.defer(Waiting::Type(callable.name), wanted, at));
                continue;
            }
            let Some(expr) = given.next() else { break };
            nodes.push(self.argument(expr, &wanted)?);
        }
        Ok(nodes)
    }

    /// Checks one argument.
    pub(super) fn argument(&mut self, expr: &syn::Expr, wanted: &Ty) -> Result<Node> {
        if let Ty::Fn(params, ret) = wanted {
            return self.function_argument(expr, params, ret);
        }
        let node = match expr {
            syn::Expr::Closure(closure) => {
                return Err(unsupported("a closure here", super::span_of(closure)));
            }
            expr => self.expr(expr, Some(wanted))?,
        };
        if let syn::Expr::Path(path) = expr
            && matches!(wanted, Ty::Accepts(Accepts::Text))
            && path.path.segments.len() > 1
        {
            return Err(unsupported("a function as a pattern", node.span));
        }
        // What polars takes as `impl IntoIterator` is a vector in the table.
        let node = match (wanted, self.shallow(&node.ty)) {
            (Ty::Vec(_), Ty::Iter(item)) => {
                Node { span: node.span, ty: Ty::Vec(item), kind: NodeKind::LaidOut(Box::new(node)) }
            }
            _ => node,
        };
        // What takes a mutable reference may be more of Rust than cells know, not a mistake.
        let changes = matches!(expr, syn::Expr::Reference(syn::ExprReference { mutability: Some(_), .. }));
        let node = match self.expect(wanted, node) {
            Err(error) if changes => {
                let at = super::span_of(expr);
                return Err(unsupported("a mutable reference here", at).with_hint_opt(error.hint().map(str::to_owned)));
            }
            node => node?,
        };
        // Iterators are run before the call where the signature has no use for a running one.
        let lays_out = matches!(wanted, Ty::Accepts(Accepts::Names)) && matches!(self.shallow(&node.ty), Ty::Iter(_));
        Ok(match lays_out {
            true => Node { span: node.span, ty: node.ty.clone(), kind: NodeKind::LaidOut(Box::new(node)) },
            false => node,
        })
    }
}

/// Whether a type can only stand in a signature.
fn signature_only(ty: &Ty) -> bool {
    ty.any(&mut |part| matches!(part, Ty::Accepts(_) | Ty::Iterable(_) | Ty::Fn(..) | Ty::Same | Ty::Var(_)))
}

fn wrong_number(callable: &Callable, wanted: usize, given: usize, at: Span) -> Error {
    let wanted = counted(wanted, "argument");
    Error::new(Kind::TypeMismatch, format!("`{}` takes {wanted}, {given} given", callable.name))
        .with_span(at)
        .with_hint(callable.signature())
}
