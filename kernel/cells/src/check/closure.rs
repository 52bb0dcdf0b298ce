//! Closures as arguments: their parameters have the types that the signature of the call says.

use aerostat_error::{Error, Kind, Result, Span, counted};
use syn::parse_quote_spanned;
use syn::spanned::Spanned;

use super::{Checker, span_of, unsupported};
use crate::node::{Closure, Kind as NodeKind, Node};
use crate::ty::Ty;

impl Checker<'_> {
    /// An argument that has to be a function: a closure, or the name of a function.
    pub(super) fn function_argument(&mut self, expr: &syn::Expr, params: &[Ty], ret: &Ty) -> Result<Node> {
        match expr {
            syn::Expr::Closure(closure) => self.closure(closure, params, ret),
            syn::Expr::Path(path) => {
                let named = named_function(path, params.len());
                self.closure(&named, params, ret)
            }
            other => Err(unsupported("a function that is computed", span_of(other))),
        }
    }

    fn closure(&mut self, closure: &syn::ExprClosure, params: &[Ty], ret: &Ty) -> Result<Node> {
        let span = span_of(closure);
        if closure.asyncness.is_some() || closure.lifetimes.is_some() {
            return Err(unsupported("this closure", span));
        }
        if closure.inputs.len() != params.len() {
            return Err(wrong_parameters(params.len(), closure.inputs.len(), span));
        }
        // A closure cannot leave a loop that it stands in.
        let open = std::mem::take(&mut self.open);
        self.inside_closures += 1;
        let checked = self.scoped(|checker| {
            let params: Result<Vec<_>> =
                closure.inputs.iter().zip(params).map(|(input, ty)| checker.parameter(input, ty)).collect();
            let params = params?;
            let ret = match &closure.output {
                syn::ReturnType::Default => ret.clone(),
                syn::ReturnType::Type(_, written) => {
                    let written = checker.syntax_type(written)?;
                    if !checker.infer.fits(ret, &written) {
                        return Err(checker.mismatched(ret, &written, span));
                    }
                    written
                }
            };
            let body = checker.typed_body(&closure.body, &ret)?;
            Ok(Closure { params, body })
        });
        self.inside_closures -= 1;
        self.open = open;
        self.closures.push(checked?);
        let ty = Ty::Fn(params.to_vec(), Box::new(ret.clone()));
        Ok(Node { kind: NodeKind::Closure(self.closures.len() - 1), ty, span })
    }

    fn parameter(&mut self, input: &syn::Pat, ty: &Ty) -> Result<crate::node::Pattern> {
        let (pattern, ty) = match input {
            syn::Pat::Type(typed) => {
                let written = self.syntax_type(&typed.ty)?;
                if !self.infer.unify(ty, &written) {
                    return Err(self.mismatched(ty, &written, span_of(&typed.ty)));
                }
                (&*typed.pat, written)
            }
            pattern => (pattern, ty.clone()),
        };
        let pattern = self.pattern(pattern, &ty)?;
        match super::exhaustive::is_irrefutable(&pattern) {
            true => Ok(pattern),
            false => {
                Err(Error::new(Kind::TypeMismatch, "this pattern does not match every value").with_span(span_of(input)))
            }
        }
    }

    fn typed_body(&mut self, body: &syn::Expr, ret: &Ty) -> Result<Node> {
        let node = self.expr(body, Some(ret))?;
        if *ret == Ty::Unit && self.named(&node.ty) == Ty::Never {
            return Ok(node);
        }
        self.expect(ret, node)
    }
}

/// `String::len` as `|a| String::len(a)`, so that functions, methods and variants are found the way that calls find them.
fn named_function(path: &syn::ExprPath, arity: usize) -> syn::ExprClosure {
    let span = path.span();
    let names: Vec<syn::Ident> = (0..arity).map(|index| syn::Ident::new(&format!("argument_{index}"), span)).collect();
    parse_quote_spanned! { span => |#(#names),*| #path(#(#names),*) }
}

fn wrong_parameters(wanted: usize, given: usize, span: Span) -> Error {
    let wanted = counted(wanted, "argument");
    Error::new(Kind::TypeMismatch, format!("this closure has to take {wanted}, and takes {given}")).with_span(span)
}
