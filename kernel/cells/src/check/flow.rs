//! Control flow: `if`, `match`, loops and the ways out of them.

use aerostat_error::{Error, Kind, Result, Span};

use super::exhaustive::{self, Coverage};
use super::infer::{Class, element};
use super::{Checker, Open, span_of, unsupported};
use crate::node::{Arm, Exit, Kind as NodeKind, Node};
use crate::ty::Ty;

impl Checker<'_> {
    pub(super) fn control_flow(&mut self, expr: &syn::Expr, expected: Option<&Ty>, span: Span) -> Result<Node> {
        match expr {
            syn::Expr::Block(block) => self.labelled_block(block, expected, span),
            syn::Expr::If(branch) => self.branch(branch, expected, span),
            syn::Expr::Let(matches) => {
                let value = self.expr(&matches.expr, None)?;
                let pattern = self.pattern(&matches.pat, &value.ty)?;
                Ok(Node { kind: NodeKind::Matches { value: Box::new(value), pattern }, ty: Ty::Bool, span })
            }
            syn::Expr::Match(choice) => self.choice(choice, expected, span),
            syn::Expr::While(looped) => self.while_loop(looped, span),
            syn::Expr::Loop(looped) => self.endless_loop(looped, span),
            syn::Expr::ForLoop(looped) => self.for_loop(looped, span),
            syn::Expr::Break(exit) => self.break_out(exit, span),
            syn::Expr::Continue(next) => {
                let index = self.exit("continue", next.label.as_ref(), span)?;
                Ok(Node { kind: NodeKind::Continue(self.open[index].exit), ty: Ty::Never, span })
            }
            syn::Expr::Return(exit) => {
                if self.inside_closures > 0 {
                    return Err(unsupported("`return` inside a closure", span));
                }
                let value = exit.expr.as_ref().map(|value| self.expr(value, None)).transpose()?.map(Box::new);
                Ok(Node { kind: NodeKind::Return(value), ty: Ty::Never, span })
            }
            syn::Expr::Closure(_) => Err(unsupported("a closure outside of a call", span)),
            syn::Expr::Const(_) => Err(unsupported("a `const` block", span)),
            _ => Err(unsupported("this expression", span)),
        }
    }

    /// Opens a loop or labelled block around a part of the check; the part's result, and the type that `break` gives.
    fn opened<T>(
        &mut self,
        label: Option<&syn::Label>,
        block: bool,
        part: impl FnOnce(&mut Self, Exit) -> Result<T>,
    ) -> Result<(T, Ty)> {
        let exit = self.exits;
        self.exits += 1;
        let label = label.map(|label| label.name.ident.to_string());
        self.open.push(Open { exit, label, block, ty: Ty::Never });
        let result = part(self, exit);
        let ty = self.open.pop().map_or(Ty::Never, |open| open.ty);
        result.map(|result| (result, ty))
    }

    /// Which of the open loops a `break` or `continue` means.
    fn exit(&self, word: &str, label: Option<&syn::Lifetime>, span: Span) -> Result<usize> {
        let found = match label {
            Some(label) => self.open.iter().rposition(|open| open.label.as_deref() == Some(&label.ident.to_string())),
            None => self.open.iter().rposition(|open| !open.block),
        };
        match (found, label) {
            (Some(index), _) if word == "continue" && self.open[index].block => {
                Err(Error::new(Kind::Syntax, "`continue` to a labelled block, which is no loop").with_span(span))
            }
            (Some(index), _) => Ok(index),
            (None, Some(label)) => {
                Err(Error::new(Kind::Syntax, format!("no loop is labelled `{label}`")).with_span(span))
            }
            (None, None) if self.inside_closures > 0 => {
                Err(Error::new(Kind::Syntax, format!("`{word}` inside of a closure")).with_span(span))
            }
            (None, None) => Err(Error::new(Kind::Syntax, format!("`{word}` outside of a loop")).with_span(span)),
        }
    }

    fn break_out(&mut self, exit: &syn::ExprBreak, span: Span) -> Result<Node> {
        let index = self.exit("break", exit.label.as_ref(), span)?;
        let expected = self.open[index].ty.clone();
        let value = match &exit.expr {
            Some(value) => Some(self.expr(value, Some(&expected).filter(|ty| **ty != Ty::Never))?),
            None => None,
        };
        let given = value.as_ref().map_or(Ty::Unit, |value| value.ty.clone());
        let joined = self.infer.join(&expected, &given);
        self.open[index].ty = joined.ok_or_else(|| self.mismatched(&expected, &given, span))?;
        Ok(Node { kind: NodeKind::Break(self.open[index].exit, value.map(Box::new)), ty: Ty::Never, span })
    }

    fn labelled_block(&mut self, block: &syn::ExprBlock, expected: Option<&Ty>, span: Span) -> Result<Node> {
        if block.label.is_none() {
            return self.block(&block.block, expected);
        }
        let ((body, exit), left) = self
            .opened(block.label.as_ref(), true, |checker, exit| Ok((checker.block(&block.block, expected)?, exit)))?;
        let joined = self.infer.join(&left, &body.ty);
        let ty = joined.ok_or_else(|| self.mismatched(&left, &body.ty, body.span))?;
        Ok(Node { kind: NodeKind::Labelled { exit, body: Box::new(body) }, ty, span })
    }

    fn condition(&mut self, condition: &syn::Expr) -> Result<Box<Node>> {
        self.typed_expr(condition, &Ty::Bool).map(Box::new)
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
            Some(otherwise) => {
                let joined = self.infer.join(&then.ty, &otherwise.ty);
                joined.ok_or_else(|| self.mismatched(&then.ty, &otherwise.ty, otherwise.span))?
            }
            None if self.infer.unify(&then.ty, &Ty::Unit) => Ty::Unit,
            None => {
                return Err(Error::new(
                    Kind::TypeMismatch,
                    format!("`if` without `else` has no value, but this block is a `{}`", self.named(&then.ty)),
                )
                .with_span(span)
                .with_hint("add an `else`, or end the last expression with `;`"));
            }
        };
        let otherwise = otherwise.map(Box::new);
        Ok(Node { kind: NodeKind::If { condition, then: Box::new(then), otherwise }, ty, span })
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
            let joined = self.infer.join(&ty, &checked.body.ty);
            ty = joined.ok_or_else(|| self.mismatched(&ty, &checked.body.ty, checked.body.span))?;
            arms.push(checked);
        }
        let patterns = arms.iter().filter(|arm| arm.guard.is_none()).map(|arm| &arm.pattern);
        match exhaustive::coverage(patterns) {
            Coverage::Whole => Ok(Node { kind: NodeKind::Match { value: Box::new(value), arms }, ty, span }),
            // Ranges that cover a whole type, or all variants of an enum: rustc knows.
            Coverage::Unknown => Err(unsupported("a `match` that lists every value", span_of(&choice.expr))),
            Coverage::Missing(example) => {
                Err(Error::new(Kind::TypeMismatch, format!("non-exhaustive patterns: `{example}` is not covered"))
                    .with_span(span_of(&choice.expr))
                    .with_hint("add an arm `_ => ..`"))
            }
        }
    }

    fn while_loop(&mut self, looped: &syn::ExprWhile, span: Span) -> Result<Node> {
        // The condition is not inside of the loop: a `break` in it would leave the one around.
        let (condition, (exit, body)) = self.scoped(|checker| {
            let condition = checker.condition(&looped.cond)?;
            let (body, _) = checker
                .opened(looped.label.as_ref(), false, |checker, exit| Ok((exit, checker.unit_block(&looped.body)?)))?;
            Ok((condition, body))
        })?;
        Ok(Node::unit(NodeKind::While { exit, condition, body: Box::new(body) }, span))
    }

    fn endless_loop(&mut self, looped: &syn::ExprLoop, span: Span) -> Result<Node> {
        let ((exit, body), ty) =
            self.opened(looped.label.as_ref(), false, |checker, exit| Ok((exit, checker.unit_block(&looped.body)?)))?;
        Ok(Node { kind: NodeKind::Loop { exit, body: Box::new(body) }, ty, span })
    }

    /// The body of a loop, which has no value.
    fn unit_block(&mut self, body: &syn::Block) -> Result<Node> {
        let node = self.block(body, Some(&Ty::Unit))?;
        self.expect(&Ty::Unit, node)
    }

    fn for_loop(&mut self, looped: &syn::ExprForLoop, span: Span) -> Result<Node> {
        if let syn::Expr::Reference(syn::ExprReference { mutability: Some(_), .. }) = &*looped.expr {
            return Err(unsupported("a loop over mutable references", span_of(&looped.expr)));
        }
        let iterated = self.expr(&looped.expr, None)?;
        let found = self.shallow(&iterated.ty);
        let item = match (&found, element(&found)) {
            (Ty::Result(_), _) => None,
            (Ty::Any, _) => Some(self.infer.fresh(Class::Any)),
            (_, item) => item,
        };
        let item = item.ok_or_else(|| self.not_iterable(&found, iterated.span))?;
        let ((exit, pattern, body), _) = self.opened(looped.label.as_ref(), false, |checker, exit| {
            checker.scoped(|checker| {
                let pattern = checker.pattern(&looped.pat, &item)?;
                Ok((exit, pattern, checker.unit_block(&looped.body)?))
            })
        })?;
        if !exhaustive::is_irrefutable(&pattern) {
            let message = "this pattern does not match every element";
            return Err(Error::new(Kind::TypeMismatch, message)
                .with_span(span_of(&looped.pat))
                .with_hint("match with `if let` inside of the loop"));
        }
        let kind = NodeKind::For { exit, pattern, iterated: Box::new(iterated), body: Box::new(body) };
        Ok(Node::unit(kind, span))
    }

    fn not_iterable(&self, ty: &Ty, span: Span) -> Error {
        let ty = self.named(ty);
        let error = Error::new(Kind::TypeMismatch, format!("`{ty}` is not an iterator")).with_span(span);
        match ty {
            Ty::Native("DataFrame") => error.with_hint("go through `df.columns()` or `df.get_column_names()`"),
            Ty::Str => error.with_hint("go through `text.chars()` or `text.lines()`"),
            Ty::Result(_) => error.with_hint("add `?` to take the value out of the `Result`"),
            _ => error,
        }
    }
}
