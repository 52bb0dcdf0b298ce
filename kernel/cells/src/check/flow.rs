//! Control flow: `if`, `match`, loops, assignment.

use aerostat_error::{Error, Kind, Object, Result, Span};

use super::{Checker, mismatched, span_of, unsupported};
use crate::node::{Arm, Kind as NodeKind, Node, Pattern};
use crate::ops::Arithmetic;
use crate::ty::{Bindings, IntTy, Ty, unify};

impl Checker<'_> {
    pub(super) fn control_flow(&mut self, expr: &syn::Expr, expected: Option<&Ty>, span: Span) -> Result<Node> {
        match expr {
            syn::Expr::Block(block) if block.label.is_none() => self.block(&block.block, expected),
            syn::Expr::If(branch) => self.branch(branch, expected, span),
            syn::Expr::Let(matches) => self.matches(matches, span),
            syn::Expr::Match(choice) => self.choice(choice, expected, span),
            syn::Expr::While(looped) if looped.label.is_none() => self.while_loop(looped, span),
            syn::Expr::Loop(looped) if looped.label.is_none() => {
                let body = Box::new(self.looped(|checker| checker.block(&looped.body, None))?);
                Ok(Node { kind: NodeKind::Loop { body }, ty: Ty::Any, span })
            }
            syn::Expr::ForLoop(looped) if looped.label.is_none() => self.for_loop(looped, span),
            syn::Expr::Break(exit) if exit.label.is_none() => {
                self.inside_loop("break", span)?;
                let value = exit.expr.as_ref().map(|value| self.expr(value, None)).transpose()?.map(Box::new);
                Ok(Node { kind: NodeKind::Break(value), ty: Ty::Never, span })
            }
            syn::Expr::Continue(next) if next.label.is_none() => {
                self.inside_loop("continue", span)?;
                Ok(Node { kind: NodeKind::Continue, ty: Ty::Never, span })
            }
            syn::Expr::Return(exit) => {
                let value = exit.expr.as_ref().map(|value| self.expr(value, None)).transpose()?.map(Box::new);
                Ok(Node { kind: NodeKind::Return(value), ty: Ty::Never, span })
            }
            syn::Expr::Closure(_) => Err(unsupported("a closure", span)),
            syn::Expr::Async(_) | syn::Expr::Await(_) => Err(unsupported("async code", span)),
            syn::Expr::Unsafe(_) => Err(unsupported("unsafe code", span)),
            syn::Expr::While(_)
            | syn::Expr::Loop(_)
            | syn::Expr::ForLoop(_)
            | syn::Expr::Break(_)
            | syn::Expr::Continue(_) => Err(unsupported("a loop label", span)),
            _ => Err(unsupported("this expression", span)),
        }
    }

    fn inside_loop(&self, word: &str, span: Span) -> Result<()> {
        match self.loops {
            0 => Err(Error::new(Kind::Syntax, format!("`{word}` outside of a loop")).with_span(span)),
            _ => Ok(()),
        }
    }

    fn looped<T>(&mut self, part: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.loops += 1;
        let result = part(self);
        self.loops -= 1;
        result
    }

    fn condition(&mut self, condition: &syn::Expr) -> Result<Box<Node>> {
        let node = self.expr(condition, Some(&Ty::Bool))?;
        self.expect(&Ty::Bool, node).map(Box::new)
    }

    fn branch(&mut self, branch: &syn::ExprIf, expected: Option<&Ty>, span: Span) -> Result<Node> {
        // Variables that `if let` binds live in the condition and the first block.
        let (condition, then) = self
            .scoped(|checker| Ok((checker.condition(&branch.cond)?, checker.block(&branch.then_branch, expected)?)))?;
        let otherwise = match &branch.else_branch {
            Some((_, otherwise)) => Some(self.expr(otherwise, expected.or(Some(&then.ty)))?),
            None => None,
        };
        let ty = match &otherwise {
            Some(otherwise) => unify(&then.ty, &otherwise.ty)
                .or_else(|| expected.filter(|wanted| fits_both(wanted, &then.ty, &otherwise.ty)).cloned())
                .ok_or_else(|| mismatched(&then.ty, &otherwise.ty, otherwise.span))?,
            None if matches!(then.ty, Ty::Unit | Ty::Never | Ty::Any) => Ty::Unit,
            None => {
                return Err(Error::new(
                    Kind::TypeMismatch,
                    format!("`if` without `else` has no value, but this block is a `{}`", then.ty),
                )
                .with_span(span)
                .with_hint("add an `else`, or end the last expression with `;`"));
            }
        };
        let otherwise = otherwise.map(Box::new);
        Ok(Node { kind: NodeKind::If { condition, then: Box::new(then), otherwise }, ty, span })
    }

    fn matches(&mut self, matches: &syn::ExprLet, span: Span) -> Result<Node> {
        let value = self.expr(&matches.expr, None)?;
        let pattern = self.pattern(&matches.pat, &value.ty)?;
        Ok(Node { kind: NodeKind::Matches { value: Box::new(value), pattern }, ty: Ty::Bool, span })
    }

    fn choice(&mut self, choice: &syn::ExprMatch, expected: Option<&Ty>, span: Span) -> Result<Node> {
        let value = self.expr(&choice.expr, None)?;
        let mut ty = Ty::Never;
        let mut arms = Vec::new();
        for arm in &choice.arms {
            let wanted = expected.cloned().or_else(|| Some(ty.clone()).filter(|ty| *ty != Ty::Never));
            let checked = self.scoped(|checker| {
                let pattern = checker.pattern(&arm.pat, &value.ty)?;
                let guard = arm.guard.as_ref().map(|(_, guard)| checker.condition(guard)).transpose()?;
                let body = checker.expr(&arm.body, wanted.as_ref())?;
                Ok(Arm { pattern, guard: guard.map(|guard| *guard), body })
            })?;
            ty = unify(&ty, &checked.body.ty).ok_or_else(|| mismatched(&ty, &checked.body.ty, checked.body.span))?;
            arms.push(checked);
        }
        if !exhaustive(&arms, &value.ty) {
            return Err(Error::new(
                Kind::TypeMismatch,
                format!("non-exhaustive patterns: not every `{}` is covered", value.ty),
            )
            .with_span(span_of(&choice.expr))
            .with_hint("add an arm `_ => ..`"));
        }
        Ok(Node { kind: NodeKind::Match { value: Box::new(value), arms }, ty, span })
    }

    fn while_loop(&mut self, looped: &syn::ExprWhile, span: Span) -> Result<Node> {
        let (condition, body) = self.scoped(|checker| {
            let condition = checker.condition(&looped.cond)?;
            Ok((condition, checker.looped(|checker| checker.block(&looped.body, None))?))
        })?;
        Ok(Node::unit(NodeKind::While { condition, body: Box::new(body) }, span))
    }

    fn for_loop(&mut self, looped: &syn::ExprForLoop, span: Span) -> Result<Node> {
        let iterated = self.expr(&looped.expr, None)?;
        let item = match &iterated.ty {
            Ty::Vec(item) | Ty::Range(item) | Ty::Option(item) => (**item).clone(),
            Ty::Any => Ty::Any,
            other => {
                let error =
                    Error::new(Kind::TypeMismatch, format!("`{other}` is not an iterator")).with_span(iterated.span);
                return Err(match other {
                    Ty::Native("DataFrame") => error.with_hint("go through `df.columns()` or `df.get_column_names()`"),
                    Ty::Str => error.with_hint("go through `text.chars()` or `text.lines()`"),
                    Ty::Result(_) => error.with_hint("add `?` to take the value out of the `Result`"),
                    _ => error,
                });
            }
        };
        let (pattern, body) = self.scoped(|checker| {
            let pattern = checker.pattern(&looped.pat, &item)?;
            Ok((pattern, checker.looped(|checker| checker.block(&looped.body, None))?))
        })?;
        let kind = NodeKind::For { pattern, iterated: Box::new(iterated), body: Box::new(body) };
        Ok(Node::unit(kind, span))
    }

    /// `variable = value`, `variable += value`, `variable[index] = value`.
    pub(super) fn assign(
        &mut self,
        target: &syn::Expr,
        op: Option<Arithmetic>,
        value: &syn::Expr,
        span: Span,
    ) -> Result<Node> {
        let (variable, index) = match target {
            syn::Expr::Index(index) => (&*index.expr, Some(&*index.index)),
            other => (other, None),
        };
        let (name, at) = self.assignable(variable)?;
        let known = self.lookup(&name).cloned().ok_or_else(|| self.unknown_variable(&name, at))?;
        let index = match index {
            Some(index) => {
                let node = self.expr(index, Some(&Ty::Int(IntTy::Usize)))?;
                Some(Box::new(self.expect(&Ty::Int(IntTy::Usize), node)?))
            }
            None => None,
        };
        let wanted = match (&index, &known.ty) {
            (Some(_), Ty::Vec(item)) => (**item).clone(),
            (_, ty) => ty.clone(),
        };
        let value = self.expr(value, Some(&wanted))?;
        let value = Box::new(self.expect(&wanted, value)?);
        if let Some(known) = self.lookup_mut(&name) {
            known.assigned = true;
        }
        if index.is_none() {
            self.refine(&name, value.ty.clone());
        }
        Ok(Node::unit(NodeKind::Assign { place: known.place, index, op, value }, span))
    }

    /// The name of a variable that may be changed.
    pub(super) fn assignable(&self, target: &syn::Expr) -> Result<(String, Span)> {
        let span = span_of(target);
        let name = match target {
            syn::Expr::Path(path) => path.path.get_ident().map(ToString::to_string),
            syn::Expr::Unary(syn::ExprUnary { op: syn::UnOp::Deref(_), expr, .. }) => return self.assignable(expr),
            _ => None,
        };
        let name = name.ok_or_else(|| unsupported("an assignment to anything but a variable", span))?;
        let known = self.lookup(&name).ok_or_else(|| self.unknown_variable(&name, span))?;
        // `let x;` is given its value once, without `mut`.
        if !known.mutable && known.assigned {
            return Err(Error::new(
                Kind::NotFound(Object::Variable),
                format!("cannot change `{name}`, which is not declared as mutable"),
            )
            .with_span(span)
            .with_hint(format!("declare it with `let mut {name}`")));
        }
        Ok((name, span))
    }

    /// Says more precisely what the type of a variable is, once that is known.
    pub(super) fn refine(&mut self, name: &str, ty: Ty) {
        if let Some(known) = self.lookup_mut(name)
            && let Some(unified) = unify(&known.ty, &ty)
        {
            known.ty = unified;
        }
    }
}

fn fits_both(wanted: &Ty, a: &Ty, b: &Ty) -> bool {
    Bindings::default().fits(wanted, a) && Bindings::default().fits(wanted, b)
}

/// Whether every value of a type is matched; guards do not count.
fn exhaustive(arms: &[Arm], ty: &Ty) -> bool {
    let patterns: Vec<&Pattern> =
        arms.iter().filter(|arm| arm.guard.is_none()).flat_map(|arm| flat(&arm.pattern)).collect();
    let has = |test: fn(&Pattern) -> bool| patterns.iter().any(|pattern| test(pattern));
    if has(irrefutable) {
        return true;
    }
    match ty {
        Ty::Bool => {
            let literal = |wanted| move |pattern: &&&Pattern| matches!(pattern, Pattern::Literal(crate::value::Value::Bool(b)) if *b == wanted);
            patterns.iter().any(|p| literal(true)(&p)) && patterns.iter().any(|p| literal(false)(&p))
        }
        Ty::Option(_) => {
            has(|pattern| matches!(pattern, Pattern::None))
                && has(|pattern| matches!(pattern, Pattern::Some(inner) if irrefutable(inner)))
        }
        Ty::Result(_) => {
            has(|pattern| matches!(pattern, Pattern::Ok(inner) if irrefutable(inner)))
                && has(|pattern| matches!(pattern, Pattern::Err(inner) if irrefutable(inner)))
        }
        _ => false,
    }
}

fn flat(pattern: &Pattern) -> Vec<&Pattern> {
    match pattern {
        Pattern::Any(alternatives) => alternatives.iter().flat_map(flat).collect(),
        other => vec![other],
    }
}

fn irrefutable(pattern: &Pattern) -> bool {
    match pattern {
        Pattern::Ignore => true,
        Pattern::Bind { inner, .. } => inner.as_ref().is_none_or(|inner| irrefutable(inner)),
        Pattern::Tuple(items) => items.iter().all(irrefutable),
        Pattern::Any(alternatives) => alternatives.iter().any(irrefutable),
        _ => false,
    }
}
