//! Collections: arrays, ranges, indexing and slicing.

use aerostat_error::{Error, Kind, Result, Span};

use super::infer::Class;
use super::{Checker, unsupported};
use crate::node::{Kind as NodeKind, Node};
use crate::ty::{IntTy, Ty};

const USIZE: Ty = Ty::Int(IntTy::Usize);

impl Checker<'_> {
    /// The elements of an array or of `vec!`.
    pub(super) fn list<'e>(
        &mut self,
        elements: impl Iterator<Item = &'e syn::Expr>,
        expected: Option<&Ty>,
        span: Span,
    ) -> Result<Node> {
        let wanted = match expected.map(|ty| self.shallow(ty)) {
            Some(Ty::Vec(inner)) => Some(*inner),
            _ => None,
        };
        // Where several types are welcome, the first element decides which one it is.
        let open =
            wanted.as_ref().is_none_or(|ty| ty.any(&mut |part| matches!(part, Ty::Accepts(_) | Ty::Iterable(_))));
        let mut ty = if open { self.infer.fresh(Class::Any) } else { wanted.unwrap_or(Ty::Any) };
        let mut items: Vec<Node> = Vec::new();
        for element in elements {
            let node = self.expr(element, Some(&ty))?;
            ty = match self.infer.join(&ty, &node.ty) {
                Some(joined) => joined,
                None if self.infer.fits(&ty, &node.ty) => ty,
                None => return Err(self.mismatched(&ty, &node.ty, node.span)),
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
        let wanted = match expected.map(|ty| self.shallow(ty)) {
            Some(Ty::Vec(inner)) => Some(*inner),
            _ => None,
        };
        let value = self.expr(value, wanted.as_ref())?;
        let times = Box::new(self.typed_expr(times, &USIZE)?);
        let ty = Ty::vec(value.ty.clone());
        Ok(Node { kind: NodeKind::Repeat { value: Box::new(value), times }, ty, span })
    }

    pub(super) fn range(&mut self, range: &syn::ExprRange, expected: Option<&Ty>, span: Span) -> Result<Node> {
        let Some(start) = &range.start else { return Err(unsupported("a range without a beginning", span)) };
        let wanted = match expected.map(|ty| self.shallow(ty)) {
            Some(Ty::Range(inner)) => Some(*inner),
            _ => None,
        };
        let start = self.expr(start, wanted.as_ref())?;
        let end = match &range.end {
            Some(end) => {
                let end = self.expr(end, Some(&start.ty))?;
                if !self.infer.unify(&start.ty, &end.ty) {
                    return Err(self.mismatched(&start.ty, &end.ty, end.span));
                }
                Some(Box::new(end))
            }
            None => None,
        };
        match self.named(&start.ty) {
            Ty::Char if end.is_some() => {}
            ty if ty.is_int() || ty == Ty::Any => {}
            ty => return Err(unsupported(&format!("a range of `{ty}`"), span)),
        }
        let ty = Ty::Range(Box::new(start.ty.clone()));
        let inclusive = matches!(range.limits, syn::RangeLimits::Closed(_));
        Ok(Node { kind: NodeKind::Range { start: Box::new(start), end, inclusive }, ty, span })
    }

    pub(super) fn index(&mut self, index: &syn::ExprIndex, span: Span) -> Result<Node> {
        let value = self.expr(&index.expr, None)?;
        let indexed = self.shallow(&value.ty);
        if let syn::Expr::Range(range) = &*index.index {
            return self.slice(value, &indexed, range, span);
        }
        if indexed == Ty::Native("DataFrame") {
            return self.column_of(value, &index.index, span);
        }
        let (wanted, ty) = self.element(&indexed, span)?;
        let index = Box::new(self.typed_expr(&index.index, &wanted)?);
        Ok(Node { kind: NodeKind::Index { value: Box::new(value), index }, ty, span })
    }

    /// `frame["name"]` and `frame[position]`
    fn column_of(&mut self, frame: Node, index: &syn::Expr, span: Span) -> Result<Node> {
        let index = self.expr(index, None)?;
        let index = match self.named(&index.ty) {
            Ty::Str => index,
            _ => self.expect(&USIZE, index)?,
        };
        let kind = NodeKind::Index { value: Box::new(frame), index: Box::new(index) };
        Ok(Node { kind, ty: Ty::Native("Column"), span })
    }

    /// The type of the index, and of the element, of a value that is indexed.
    pub(super) fn element(&mut self, indexed: &Ty, span: Span) -> Result<(Ty, Ty)> {
        match indexed {
            Ty::Vec(item) | Ty::Deque(item) => Ok((USIZE, (**item).clone())),
            Ty::Map(_, key, value) => Ok(((**key).clone(), (**value).clone())),
            Ty::Any => Ok((Ty::Any, Ty::Any)),
            other => {
                let other = self.named(other);
                let error = Error::new(Kind::TypeMismatch, format!("`{other}` cannot be indexed")).with_span(span);
                Err(match other {
                    Ty::Native("DataFrame") => error.with_hint("a column is replaced with `df.with_column(..)?`"),
                    Ty::Str => error.with_hint("a character is `text.chars().nth(i)`, a part `text[a..b]`"),
                    Ty::Iter(_) => error.with_hint("take an element with `.nth(i)`, or `.collect::<Vec<_>>()` first"),
                    Ty::Native(_) => unsupported(&format!("an index of `{other}`"), span),
                    _ => error,
                })
            }
        }
    }

    fn slice(&mut self, value: Node, sliced: &Ty, range: &syn::ExprRange, span: Span) -> Result<Node> {
        if !matches!(sliced, Ty::Vec(_) | Ty::Str | Ty::Any) {
            let message = format!("`{}` cannot be cut into parts", self.named(sliced));
            return Err(Error::new(Kind::TypeMismatch, message).with_span(span));
        }
        let bound = |checker: &mut Self, bound: &Option<Box<syn::Expr>>| -> Result<Option<Box<Node>>> {
            bound.as_ref().map(|bound| checker.typed_expr(bound, &USIZE).map(Box::new)).transpose()
        };
        let (start, end) = (bound(self, &range.start)?, bound(self, &range.end)?);
        let inclusive = matches!(range.limits, syn::RangeLimits::Closed(_));
        let ty = value.ty.clone();
        Ok(Node { kind: NodeKind::Slice { value: Box::new(value), start, end, inclusive }, ty, span })
    }
}
