//! Assignments, and the places that can be changed: variables and their parts.

use aerostat_error::{Error, Kind, Object, Result, Span};

use super::{Checker, span_of, token_span, unsupported};
use crate::node::{Kind as NodeKind, Node, Pattern, Step, Target};
use crate::ops::Arithmetic;
use crate::table::TABLE;
use crate::ty::Ty;

impl Checker<'_> {
    /// `place = value`, `place += value`.
    pub(super) fn assign(
        &mut self,
        target: &syn::Expr,
        op: Option<Arithmetic>,
        value: &syn::Expr,
        span: Span,
    ) -> Result<Node> {
        if let syn::Expr::Infer(_) = target {
            let value = self.expr(value, None)?;
            return Ok(Node::unit(NodeKind::Discard(Box::new(value)), span));
        }
        if let syn::Expr::Tuple(places) = target {
            return self.assign_several(places, op, value, span);
        }
        let name = variable_of(target);
        // `let x;` is given its value once, without `mut`.
        let initialises = name.as_ref().and_then(|name| self.lookup(name)).is_some_and(|known| !known.assigned);
        if initialises && op.is_none() {
            self.set_assigned(name.as_deref().unwrap_or_default(), true);
            let known = name.as_ref().and_then(|name| self.lookup(name));
            if let Some(known) = known {
                let value = Box::new(self.typed_expr(value, &known.ty)?);
                let target = Box::new(Target { slot: known.slot, steps: Vec::new() });
                return Ok(Node::unit(NodeKind::Assign { target, op, value }, span));
            }
        }
        let (target, ty) = self.target(target)?;
        let value = match op {
            None => self.typed_expr(value, &ty)?,
            Some(op) => {
                let value = self.expr(value, Some(&ty))?;
                let old = Node { kind: NodeKind::Variable(target.slot), ty: ty.clone(), span };
                let new = self.arithmetic_type(op, &old, &value, span)?;
                if !self.infer.unify(&ty, &new) {
                    return Err(self.mismatched(&ty, &new, span));
                }
                value
            }
        };
        Ok(Node::unit(NodeKind::Assign { target: Box::new(target), op, value: Box::new(value) }, span))
    }

    /// `(a, b) = (b, a)`: the variables are those of a pattern.
    fn assign_several(
        &mut self,
        places: &syn::ExprTuple,
        op: Option<Arithmetic>,
        value: &syn::Expr,
        span: Span,
    ) -> Result<Node> {
        let (mut patterns, mut types) = (Vec::new(), Vec::new());
        for place in &places.elems {
            let (target, ty) = self.target(place)?;
            if !target.steps.is_empty() || op.is_some() {
                return Err(unsupported("this assignment to several places", span));
            }
            patterns.push(Pattern::Bind { slot: target.slot, inner: None });
            types.push(ty);
        }
        let value = Some(Box::new(self.typed_expr(value, &Ty::Tuple(types))?));
        Ok(Node::unit(NodeKind::Let { pattern: Pattern::Tuple(patterns), value, otherwise: None }, span))
    }

    /// A place that may be changed, and its type.
    pub(super) fn target(&mut self, expr: &syn::Expr) -> Result<(Target, Ty)> {
        let span = span_of(expr);
        match expr {
            syn::Expr::Path(path) => match path.path.get_ident() {
                Some(name) => self.variable_target(&name.to_string(), span),
                None => Err(unsupported("an assignment to anything but a variable", span)),
            },
            syn::Expr::Paren(paren) => self.target(&paren.expr),
            syn::Expr::Reference(reference) => self.target(&reference.expr),
            syn::Expr::Unary(syn::ExprUnary { op: syn::UnOp::Deref(_), expr, .. }) => self.target(expr),
            syn::Expr::Index(index) => {
                let (mut target, ty) = self.target(&index.expr)?;
                let indexed = self.shallow(&ty);
                if let Ty::Map(..) = indexed {
                    return Err(Error::new(
                        Kind::TypeMismatch,
                        format!("`{}` cannot be changed by index", self.named(&ty)),
                    )
                    .with_span(span)
                    .with_hint("use `map.insert(key, value)` or `*map.entry(key).or_insert(..) = ..`"));
                }
                let (wanted, item) = self.element(&indexed, span)?;
                target.steps.push(Step::Index(self.typed_expr(&index.index, &wanted)?));
                Ok((target, item))
            }
            syn::Expr::Field(field) => self.field_target(field, span),
            syn::Expr::MethodCall(call) => match self.entry_target(call)? {
                Some(place) => Ok(place),
                None => Err(unsupported("an assignment through a reference", span)),
            },
            syn::Expr::Tuple(_) | syn::Expr::Array(_) => Err(unsupported("an assignment to several places", span)),
            _ => Err(unsupported("an assignment to anything but a variable", span)),
        }
    }

    fn variable_target(&mut self, name: &str, span: Span) -> Result<(Target, Ty)> {
        let known = self.lookup(name).ok_or_else(|| self.unknown_variable(name, span))?;
        if !known.assigned {
            return self.variable(name, span).map(|node| (Target { slot: known.slot, steps: Vec::new() }, node.ty));
        }
        if !known.mutable {
            return Err(Error::new(
                Kind::TypeMismatch,
                format!("cannot change `{name}`, which is not declared as mutable"),
            )
            .with_span(span)
            .with_hint(format!("declare it with `let mut {name}`")));
        }
        self.mark_used(name);
        Ok((Target { slot: known.slot, steps: Vec::new() }, known.ty))
    }

    fn field_target(&mut self, field: &syn::ExprField, span: Span) -> Result<(Target, Ty)> {
        let (mut target, ty) = self.target(&field.base)?;
        let owner = self.shallow(&ty);
        match (&field.member, &owner) {
            (syn::Member::Unnamed(index), Ty::Tuple(types)) => {
                let index = index.index as usize;
                let ty = types.get(index).ok_or_else(|| Error::not_found(Object::Field, index).with_span(span))?;
                target.steps.push(Step::TupleField(index));
                Ok((target, ty.clone()))
            }
            (member, Ty::Native(name)) => {
                let row = TABLE.type_row(name).filter(|row| !row.fields.is_empty());
                let row = row.ok_or_else(|| Error::not_found(Object::Field, name).with_span(span_of(member)))?;
                let (index, ty) = super::paths::field_of(row, member)?;
                target.steps.push(Step::Field(row, index));
                Ok((target, ty.clone()))
            }
            _ => Err(unsupported("an assignment to this field", span)),
        }
    }

    /// `map.entry(key).or_insert(default)` as a place.
    fn entry_target(&mut self, call: &syn::ExprMethodCall) -> Result<Option<(Target, Ty)>> {
        let method = call.method.to_string();
        let syn::Expr::MethodCall(entry) = &*call.receiver else { return Ok(None) };
        if entry.method != "entry" || entry.args.len() != 1 || !method.starts_with("or_") {
            return Ok(None);
        }
        let at = token_span(call.method.span());
        let (mut target, ty) = self.target(&entry.receiver)?;
        let Ty::Map(_, key, value) = self.shallow(&ty) else {
            return Err(self.unknown_method(&ty, "entry", token_span(entry.method.span()), false));
        };
        let key = match entry.args.first() {
            Some(given) => self.typed_expr(given, &key)?,
            None => return Ok(None),
        };
        self.check_key(&key.ty, key.span)?;
        let default = match (method.as_str(), call.args.first()) {
            ("or_insert", Some(default)) => self.typed_expr(default, &value)?,
            ("or_default", None) => self.defer(super::finish::Waiting::Default, (*value).clone(), at),
            // What the closure gives has no effect of its own as long as it takes no argument.
            ("or_insert_with", Some(syn::Expr::Closure(closure))) if closure.inputs.is_empty() => {
                self.typed_expr(&closure.body, &value)?
            }
            ("or_insert_with", Some(syn::Expr::Path(path))) => {
                let made = syn::parse_quote! { #path() };
                self.typed_expr(&made, &value)?
            }
            _ => return Err(unsupported(&format!("`entry(..).{method}(..)`"), at)),
        };
        target.steps.push(Step::Entry { key, default });
        Ok(Some((target, *value)))
    }

    /// A method of what an entry of a map holds: `map.entry(key).or_default().push(value)`; or the entry itself.
    pub(super) fn entry_call(&mut self, call: &syn::ExprMethodCall, expected: Option<&Ty>) -> Result<Option<Node>> {
        let at = token_span(call.method.span());
        if let Some((target, ty)) = self.entry_target(call)? {
            return Ok(Some(Node { kind: NodeKind::Entry(Box::new(target)), ty, span: at }));
        }
        let syn::Expr::MethodCall(inner) = &*call.receiver else { return Ok(None) };
        let Some((target, ty)) = self.entry_target(inner)? else { return Ok(None) };
        let name = call.method.to_string();
        let Some((callable, parameters)) = self.find_method(&ty, &name) else {
            return Err(self.unknown_method(&ty, &name, at, false));
        };
        let args = self.arguments(callable, &parameters, call.args.iter(), None, expected, at)?;
        let ret = parameters.apply(&callable.ret);
        if callable.mutates {
            return Ok(Some(Node {
                kind: NodeKind::Mutate { callable, target: Box::new(target), args },
                ty: ret,
                span: at,
            }));
        }
        let value = Node { kind: NodeKind::Entry(Box::new(target)), ty, span: at };
        let args = std::iter::once(value).chain(args).collect();
        Ok(Some(Node { kind: NodeKind::Call { callable, args }, ty: ret, span: at }))
    }
}

fn variable_of(expr: &syn::Expr) -> Option<String> {
    match expr {
        syn::Expr::Path(path) => path.path.get_ident().map(ToString::to_string),
        syn::Expr::Paren(paren) => variable_of(&paren.expr),
        _ => None,
    }
}
