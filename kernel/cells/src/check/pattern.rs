//! Patterns of `let`, `for`, `match` and `if let`.

use aerostat_error::{Error, Kind, Result};

use super::{Checker, mismatched, span_of, unsupported};
use crate::node::Pattern;
use crate::ty::{Bindings, Ty};
use crate::value::Value;

impl Checker<'_> {
    /// Checks a pattern against the type of the value, and makes its variables known.
    pub(super) fn pattern(&mut self, pattern: &syn::Pat, ty: &Ty) -> Result<Pattern> {
        let span = span_of(pattern);
        match pattern {
            syn::Pat::Wild(_) => Ok(Pattern::Ignore),
            syn::Pat::Paren(paren) => self.pattern(&paren.pat, ty),
            syn::Pat::Reference(reference) => self.pattern(&reference.pat, ty),
            syn::Pat::Ident(ident) => self.binding(ident, ty),
            syn::Pat::Tuple(tuple) => self.tuple_pattern(tuple, ty),
            syn::Pat::TupleStruct(variant) => self.variant_pattern(variant, ty),
            syn::Pat::Path(path) if path.path.is_ident("None") => Ok(Pattern::None),
            syn::Pat::Lit(literal) => self.literal_pattern(literal, ty),
            syn::Pat::Range(range) => self.range_pattern(range, ty),
            syn::Pat::Or(alternatives) => {
                let alternatives: Result<Vec<Pattern>> =
                    alternatives.cases.iter().map(|case| self.pattern(case, ty)).collect();
                alternatives.map(Pattern::Any)
            }
            _ => Err(unsupported("this pattern", span)),
        }
    }

    fn binding(&mut self, ident: &syn::PatIdent, ty: &Ty) -> Result<Pattern> {
        let name = ident.ident.to_string();
        if name == "None" {
            return Ok(Pattern::None);
        }
        if name == "session" && self.blocks.is_empty() {
            return Err(Error::invalid_argument("`session` is the session; choose another name")
                .with_span(span_of(&ident.ident)));
        }
        let inner = match &ident.subpat {
            Some((_, inner)) => Some(Box::new(self.pattern(inner, ty)?)),
            None => None,
        };
        let mutable = ident.mutability.is_some();
        let place = self.define(&name, ty.clone(), mutable);
        Ok(Pattern::Bind { place, ty: ty.clone(), mutable, inner })
    }

    fn tuple_pattern(&mut self, tuple: &syn::PatTuple, ty: &Ty) -> Result<Pattern> {
        let types = match ty {
            Ty::Tuple(types) if types.len() == tuple.elems.len() => types.clone(),
            Ty::Any => vec![Ty::Any; tuple.elems.len()],
            _ => {
                let message = format!("mismatched types: expected a tuple of {}, found `{ty}`", tuple.elems.len());
                return Err(Error::new(Kind::TypeMismatch, message).with_span(span_of(tuple)));
            }
        };
        let items: Result<Vec<Pattern>> =
            tuple.elems.iter().zip(&types).map(|(item, ty)| self.pattern(item, ty)).collect();
        items.map(Pattern::Tuple)
    }

    fn variant_pattern(&mut self, variant: &syn::PatTupleStruct, ty: &Ty) -> Result<Pattern> {
        let span = span_of(variant);
        let (Some(name), Some(inner), 1) = (variant.path.get_ident(), variant.elems.first(), variant.elems.len())
        else {
            return Err(unsupported("this pattern", span));
        };
        let inner_type = match (name.to_string().as_str(), ty) {
            ("Some", Ty::Option(inner)) | ("Ok", Ty::Result(inner)) => (**inner).clone(),
            ("Err", Ty::Result(_)) => Ty::Str,
            ("Some" | "Ok" | "Err", Ty::Any) => Ty::Any,
            (name @ ("Some" | "Ok" | "Err"), _) => {
                let wanted = if name == "Some" { Ty::option(Ty::Any) } else { Ty::result(Ty::Any) };
                return Err(mismatched(&wanted, ty, span));
            }
            _ => return Err(unsupported("this pattern", span)),
        };
        let inner = Box::new(self.pattern(inner, &inner_type)?);
        Ok(match name.to_string().as_str() {
            "Some" => Pattern::Some(inner),
            "Ok" => Pattern::Ok(inner),
            _ => Pattern::Err(inner),
        })
    }

    fn literal_pattern(&mut self, literal: &syn::ExprLit, ty: &Ty) -> Result<Pattern> {
        self.pattern_value(&syn::Expr::Lit(literal.clone()), ty).map(Pattern::Literal)
    }

    fn pattern_value(&mut self, expr: &syn::Expr, ty: &Ty) -> Result<Value> {
        let node = self.expr(expr, Some(ty))?;
        if !Bindings::default().fits(ty, &node.ty) {
            return Err(mismatched(ty, &node.ty, node.span));
        }
        match node.kind {
            crate::node::Kind::Const(value) => Ok(value),
            _ => Err(unsupported("this pattern", node.span)),
        }
    }

    fn range_pattern(&mut self, range: &syn::PatRange, ty: &Ty) -> Result<Pattern> {
        let start = range.start.as_ref().map(|start| self.pattern_value(start, ty)).transpose()?;
        let end = range.end.as_ref().map(|end| self.pattern_value(end, ty)).transpose()?;
        let inclusive = matches!(range.limits, syn::RangeLimits::Closed(_));
        Ok(Pattern::Range { start, end, inclusive })
    }
}
