//! Patterns of `let`, `for`, `match`, `if let` and closures.

use aerostat_error::{Error, Kind, Result, Span};

use super::infer::Class;
use super::paths::split;
use super::{Checker, span_of, unsupported};
use crate::node::Pattern;
use crate::table::{TABLE, scalar_kind};
use crate::ty::{IntTy, Ty};
use crate::value::Value;

impl Checker<'_> {
    /// Checks a pattern against the type of the value, and makes its variables known.
    pub(super) fn pattern(&mut self, pattern: &syn::Pat, ty: &Ty) -> Result<Pattern> {
        let span = span_of(pattern);
        match pattern {
            syn::Pat::Wild(_) | syn::Pat::Rest(_) => Ok(Pattern::Ignore),
            syn::Pat::Paren(paren) => self.pattern(&paren.pat, ty),
            syn::Pat::Reference(reference) => self.pattern(&reference.pat, ty),
            syn::Pat::Type(typed) => {
                let written = self.syntax_type(&typed.ty)?;
                match self.infer.unify(ty, &written) {
                    true => self.pattern(&typed.pat, ty),
                    false => Err(self.mismatched(&written, ty, span)),
                }
            }
            syn::Pat::Ident(ident) => self.binding(ident, ty),
            syn::Pat::Tuple(tuple) => self.tuple_pattern(tuple, ty),
            syn::Pat::Slice(slice) => self.slice_pattern(slice, ty),
            syn::Pat::TupleStruct(variant) => self.variant_pattern(variant, ty),
            syn::Pat::Path(path) => self.constant_pattern(&path.path, ty, span),
            syn::Pat::Lit(literal) => self.literal_pattern(&literal.lit, ty, span).map(Pattern::Literal),
            syn::Pat::Range(range) => self.range_pattern(range, ty),
            syn::Pat::Or(alternatives) => self.alternatives(alternatives, ty),
            syn::Pat::Struct(_) => Err(unsupported("a pattern of a struct", span)),
            _ => Err(unsupported("this pattern", span)),
        }
    }

    fn binding(&mut self, ident: &syn::PatIdent, ty: &Ty) -> Result<Pattern> {
        let name = ident.ident.to_string();
        let span = span_of(&ident.ident);
        if name == "None" {
            return self.optional(ty, span).map(|_| Pattern::None);
        }
        if let Some(constant) = TABLE.constant(None, &name) {
            return self.constant_value((constant.value)(), &constant.ty, ty, span);
        }
        if name == "session" && self.blocks.is_empty() {
            return Err(Error::invalid_argument("`session` is the session; choose another name").with_span(span));
        }
        if ident.by_ref.is_some() && ident.mutability.is_some() {
            return Err(unsupported("a mutable reference in a pattern", span));
        }
        let inner = match &ident.subpat {
            Some((_, inner)) => Some(Box::new(self.pattern(inner, ty)?)),
            None => None,
        };
        // The alternatives of one pattern bind the same variables.
        if let Some(known) = self.alternative.as_ref().and_then(|bound| bound.get(&name)).cloned() {
            return match self.infer.unify(&known.ty, ty) {
                true => Ok(Pattern::Bind { slot: known.slot, inner }),
                false => Err(self.mismatched(&known.ty, ty, span)),
            };
        }
        let slot = self.define(&name, ty.clone(), ident.mutability.is_some());
        Ok(Pattern::Bind { slot, inner })
    }

    fn alternatives(&mut self, alternatives: &syn::PatOr, ty: &Ty) -> Result<Pattern> {
        let before = self.alternative.take();
        let mut patterns = Vec::new();
        for case in &alternatives.cases {
            patterns.push(self.pattern(case, ty)?);
            if self.alternative.is_none() {
                let bound = case_names(case).into_iter().filter_map(|name| Some((name.clone(), self.lookup(&name)?)));
                self.alternative = Some(bound.collect());
            }
        }
        self.alternative = before;
        Ok(Pattern::Any(patterns))
    }

    fn optional(&mut self, ty: &Ty, span: Span) -> Result<Ty> {
        let inner = self.infer.fresh(Class::Any);
        match self.infer.unify(&Ty::option(inner.clone()), ty) {
            true => Ok(inner),
            false => Err(self.mismatched(&Ty::option(Ty::Any), ty, span)),
        }
    }

    fn tuple_pattern(&mut self, tuple: &syn::PatTuple, ty: &Ty) -> Result<Pattern> {
        let span = span_of(tuple);
        if tuple.elems.iter().any(|item| matches!(item, syn::Pat::Rest(_))) {
            return Err(unsupported("`..` in a pattern of a tuple", span));
        }
        if tuple.elems.is_empty() {
            self.infer.unify(ty, &Ty::Unit);
            return Ok(Pattern::Ignore);
        }
        let types: Vec<Ty> = tuple.elems.iter().map(|_| self.infer.fresh(Class::Any)).collect();
        if !self.infer.unify(&Ty::Tuple(types.clone()), ty) {
            let found = self.named(ty);
            let message = format!("mismatched types: expected a tuple of {}, found `{found}`", tuple.elems.len());
            return Err(Error::new(Kind::TypeMismatch, message).with_span(span));
        }
        let items = tuple.elems.iter().zip(&types).map(|(item, ty)| self.pattern(item, ty));
        items.collect::<Result<_>>().map(Pattern::Tuple)
    }

    fn slice_pattern(&mut self, slice: &syn::PatSlice, ty: &Ty) -> Result<Pattern> {
        let item = self.infer.fresh(Class::Any);
        if !self.infer.unify(&Ty::vec(item.clone()), ty) {
            return Err(self.mismatched(&Ty::vec(Ty::Any), ty, span_of(slice)));
        }
        let (mut before, mut rest, mut after) = (Vec::new(), None, Vec::new());
        for part in &slice.elems {
            match part {
                syn::Pat::Rest(_) if rest.is_none() => rest = Some(Box::new(Pattern::Ignore)),
                syn::Pat::Ident(ident) if is_rest(ident) && rest.is_none() => {
                    let slot = self.define(&ident.ident.to_string(), ty.clone(), ident.mutability.is_some());
                    rest = Some(Box::new(Pattern::Bind { slot, inner: None }));
                }
                part => {
                    let pattern = self.pattern(part, &item)?;
                    if rest.is_none() { before.push(pattern) } else { after.push(pattern) }
                }
            }
        }
        Ok(Pattern::Slice { before, rest, after })
    }

    fn variant_pattern(&mut self, variant: &syn::PatTupleStruct, ty: &Ty) -> Result<Pattern> {
        let span = span_of(variant);
        if let Some(pattern) = self.scalar_pattern(variant, ty)? {
            return Ok(pattern);
        }
        let (Some(name), Some(inner), 1) = (variant.path.get_ident(), variant.elems.first(), variant.elems.len())
        else {
            return Err(unsupported("this pattern", span));
        };
        let name = name.to_string();
        if name == "Some" {
            let ty = self.optional(ty, span)?;
            return self.pattern(inner, &ty).map(|inner| Pattern::Some(Box::new(inner)));
        }
        if name != "Ok" && name != "Err" {
            return Err(unsupported("this pattern", span));
        }
        let value = self.infer.fresh(Class::Any);
        if !self.infer.unify(&Ty::result(value.clone()), ty) {
            return Err(self.mismatched(&Ty::result(Ty::Any), ty, span));
        }
        match name.as_str() {
            "Ok" => self.pattern(inner, &value).map(|inner| Pattern::Ok(Box::new(inner))),
            // An error is its message.
            _ => self.pattern(inner, &Ty::Str).map(|inner| Pattern::Err(Box::new(inner))),
        }
    }

    /// `AnyValue::Int64(n)`
    fn scalar_pattern(&mut self, variant: &syn::PatTupleStruct, ty: &Ty) -> Result<Option<Pattern>> {
        const SCALAR: Ty = Ty::Native("AnyValue");
        let (owner, name) = split(&variant.path);
        let kind = scalar_kind(&name).filter(|_| owner.as_deref() == Some(SCALAR.head()));
        let (Some(kind), Some(inner), 1) = (kind, variant.elems.first(), variant.elems.len()) else { return Ok(None) };
        match self.infer.unify(&SCALAR, ty) {
            true => Ok(Some(Pattern::Scalar(kind, Box::new(self.pattern(inner, &kind.ty)?)))),
            false => Err(self.mismatched(ty, &SCALAR, span_of(variant))),
        }
    }

    /// `JoinType::Left`, `i64::MAX`
    fn constant_pattern(&mut self, path: &syn::Path, ty: &Ty, span: Span) -> Result<Pattern> {
        let (owner, name) = split(path);
        if let Some(constant) = TABLE.constant(owner.as_deref(), &name) {
            return self.constant_value((constant.value)(), &constant.ty, ty, span);
        }
        match super::literal::number_constant(owner.as_deref(), &name, span) {
            Some(node) => match node.kind {
                crate::node::Kind::Const(value) => self.constant_value(value, &node.ty, ty, span),
                _ => Err(unsupported("this pattern", span)),
            },
            None => Err(self.unknown_function(owner.as_deref(), &name, span)),
        }
    }

    fn constant_value(&mut self, value: Value, constant: &Ty, ty: &Ty, span: Span) -> Result<Pattern> {
        match self.infer.unify(constant, ty) {
            true => Ok(Pattern::Literal(value)),
            false => Err(self.mismatched(ty, constant, span)),
        }
    }

    fn literal_pattern(&mut self, literal: &syn::Lit, ty: &Ty, span: Span) -> Result<Value> {
        let node = self.literal(literal, Some(ty), span)?;
        if !self.infer.unify(ty, &node.ty) {
            return Err(self.mismatched(ty, &node.ty, span));
        }
        // Numbers compare by value: their exact type is of no interest to a pattern.
        match literal {
            syn::Lit::Int(int) => {
                let value = int.base10_digits().parse().map_err(|_| unsupported("this literal", span))?;
                Ok(Value::Int(value, IntTy::I128))
            }
            syn::Lit::Float(float) => {
                float.base10_digits().parse().map(Value::F64).map_err(|_| unsupported("this literal", span))
            }
            _ => match node.kind {
                crate::node::Kind::Const(value) => Ok(value),
                _ => Err(unsupported("this pattern", span)),
            },
        }
    }

    fn range_pattern(&mut self, range: &syn::PatRange, ty: &Ty) -> Result<Pattern> {
        let mut bound = |bound: &Option<Box<syn::Expr>>| -> Result<Option<Value>> {
            match bound.as_deref() {
                None => Ok(None),
                Some(syn::Expr::Lit(literal)) => self.literal_pattern(&literal.lit, ty, span_of(literal)).map(Some),
                Some(syn::Expr::Path(path)) => match self.constant_pattern(&path.path, ty, span_of(path))? {
                    Pattern::Literal(value) => Ok(Some(value)),
                    _ => Err(unsupported("this pattern", span_of(path))),
                },
                Some(other) => Err(unsupported("this pattern", span_of(other))),
            }
        };
        let (start, end) = (bound(&range.start)?, bound(&range.end)?);
        let inclusive = matches!(range.limits, syn::RangeLimits::Closed(_));
        Ok(Pattern::Range { start, end, inclusive })
    }
}

/// `rest @ ..`
fn is_rest(ident: &syn::PatIdent) -> bool {
    matches!(&ident.subpat, Some((_, inner)) if matches!(**inner, syn::Pat::Rest(_)))
}

/// The names that a pattern binds.
fn case_names(pattern: &syn::Pat) -> Vec<String> {
    struct Names(Vec<String>);
    impl<'ast> syn::visit::Visit<'ast> for Names {
        fn visit_pat_ident(&mut self, ident: &'ast syn::PatIdent) {
            self.0.push(ident.ident.to_string());
            syn::visit::visit_pat_ident(self, ident);
        }
    }
    let mut names = Names(Vec::new());
    syn::visit::Visit::visit_pat(&mut names, pattern);
    names.0
}
