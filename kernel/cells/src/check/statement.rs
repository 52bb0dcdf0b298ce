//! Statements and blocks.

use aerostat_error::{Error, Kind, Result, Span};
use syn::spanned::Spanned;

use super::exhaustive::is_irrefutable;
use super::infer::Class;
use super::{Checker, span_of, token_span, unsupported};
use crate::node::{Kind as NodeKind, Node, Pattern};
use crate::ty::Ty;

/// Crates whose `use` is harmless: what they offer is in scope in every cell.
const IN_SCOPE: [&str; 4] = ["polars", "aerostat", "std", "chrono"];

/// Whether what a crate offers is in scope in every cell.
pub(crate) fn in_scope(root: &str) -> bool {
    IN_SCOPE.contains(&root)
}

impl Checker<'_> {
    /// Checks statements in order; whether the last one is a value.
    pub(super) fn statements(&mut self, statements: &[syn::Stmt], expected: Option<&Ty>) -> Result<(Vec<Node>, bool)> {
        let mut nodes = Vec::with_capacity(statements.len());
        let mut tail = false;
        for (index, statement) in statements.iter().enumerate() {
            let last = index + 1 == statements.len();
            if let Some(node) = self.statement(statement, last, expected)? {
                tail = last && !matches!(node.kind, NodeKind::Discard(_) | NodeKind::Let { .. });
                nodes.push(node);
            }
        }
        Ok((nodes, tail))
    }

    fn statement(&mut self, statement: &syn::Stmt, last: bool, expected: Option<&Ty>) -> Result<Option<Node>> {
        match statement {
            syn::Stmt::Local(local) => self.local(local).map(Some),
            // Crates that are not in scope were looked for before.
            syn::Stmt::Item(syn::Item::Use(_)) => Ok(None),
            syn::Stmt::Item(syn::Item::Const(item)) => self.constant(item).map(Some),
            syn::Stmt::Item(item) => Err(unsupported("an item (`fn`, `struct`, `impl`, ...)", span_of(item))),
            syn::Stmt::Expr(expr, semicolon) => {
                let node = self.expr(expr, expected.filter(|_| last && semicolon.is_none()))?;
                Ok(Some(if last && semicolon.is_none() { node } else { discard(node) }))
            }
            syn::Stmt::Macro(mac) => {
                let node =
                    self.macro_call(&mac.mac, mac.span(), expected.filter(|_| last && mac.semi_token.is_none()))?;
                let value = last && mac.semi_token.is_none();
                Ok(Some(if value { node } else { discard(node) }))
            }
        }
    }

    fn local(&mut self, local: &syn::Local) -> Result<Node> {
        let (pattern, annotated) = match &local.pat {
            syn::Pat::Type(typed) => (&*typed.pat, Some(self.syntax_type(&typed.ty)?)),
            pattern => (pattern, None),
        };
        let span = Span::new(token_span(local.let_token.span).start, token_span(local.semi_token.span).end);
        let Some(init) = &local.init else {
            let ty = annotated.unwrap_or_else(|| self.infer.fresh(Class::Any));
            let pattern = self.pattern(pattern, &ty)?;
            if let syn::Pat::Ident(ident) = declared(&local.pat) {
                self.set_assigned(&ident.ident.to_string(), false);
            }
            return Ok(Node::unit(NodeKind::Let { pattern, value: None, otherwise: None }, span));
        };
        if let syn::Expr::Closure(closure) = &*init.expr {
            return Err(unsupported("a closure outside of a call", span_of(closure)));
        }
        let mut value = self.expr(&init.expr, annotated.as_ref())?;
        if let Some(wanted) = annotated {
            value = self.expect(&wanted, value)?;
        }
        let otherwise = match &init.diverge {
            Some((_, diverge)) => Some(Box::new(self.diverging(diverge)?)),
            None => None,
        };
        let pattern = self.pattern(pattern, &value.ty)?;
        if otherwise.is_none() && !is_irrefutable(&pattern) {
            return Err(Error::new(Kind::TypeMismatch, "this pattern does not match every value")
                .with_span(span_of(&local.pat))
                .with_hint("add `else { .. }` for the others, or use `if let`"));
        }
        Ok(Node::unit(NodeKind::Let { pattern, value: Some(Box::new(value)), otherwise }, span))
    }

    /// The block of `let .. else`, which must leave.
    fn diverging(&mut self, block: &syn::Expr) -> Result<Node> {
        let node = self.expr(block, Some(&Ty::Never))?;
        match self.shallow(&node.ty) {
            Ty::Never => Ok(node),
            other => Err(Error::new(
                Kind::TypeMismatch,
                format!("the `else` of `let` must leave, and this has a value of type `{}`", self.named(&other)),
            )
            .with_span(node.span)
            .with_hint("end it with `panic!(..)`, `return`, `break` or `continue`")),
        }
    }

    fn constant(&mut self, item: &syn::ItemConst) -> Result<Node> {
        let wanted = self.syntax_type(&item.ty)?;
        let value = self.typed_expr(&item.expr, &wanted)?;
        let slot = self.define(&item.ident.to_string(), wanted, false);
        let pattern = Pattern::Bind { slot, inner: None };
        Ok(Node::unit(NodeKind::Let { pattern, value: Some(Box::new(value)), otherwise: None }, span_of(item)))
    }

    /// `{ .. }` with variables of its own.
    pub(super) fn block(&mut self, block: &syn::Block, expected: Option<&Ty>) -> Result<Node> {
        self.scoped(|checker| checker.open_block(block, expected))
    }

    /// `{ .. }` whose variables the caller has opened a scope for.
    pub(super) fn open_block(&mut self, block: &syn::Block, expected: Option<&Ty>) -> Result<Node> {
        let (statements, tail) = self.statements(&block.stmts, expected)?;
        let diverges = statements.iter().any(|node| node.ty == Ty::Never);
        let ty = match statements.last() {
            Some(last) if tail => last.ty.clone(),
            _ if diverges => Ty::Never,
            _ => Ty::Unit,
        };
        Ok(Node { kind: NodeKind::Block { statements, tail }, ty, span: span_of(block) })
    }
}

/// The pattern without its type.
fn declared(pattern: &syn::Pat) -> &syn::Pat {
    match pattern {
        syn::Pat::Type(typed) => &typed.pat,
        other => other,
    }
}

fn discard(node: Node) -> Node {
    let (span, ty) = (node.span, if node.ty == Ty::Never { Ty::Never } else { Ty::Unit });
    Node { kind: NodeKind::Discard(Box::new(node)), ty, span }
}
