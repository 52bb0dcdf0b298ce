//! Where in the cell a piece of syntax is.
//!
//! [`span_of`] writes all of the syntax down as tokens to find the first and the last of them. What cells are full of says
//! so itself.

use aerostat_error::Span;
use proc_macro2::Span as TokenSpan;
use syn::spanned::Spanned;
use syn::{Expr, Member, Path, PathArguments};

/// The place of a piece of syntax in the cell.
pub(crate) fn span_of(syntax: &impl Spanned) -> Span {
    token_span(syntax.span())
}

/// The place of an expression in the cell.
pub(crate) fn expr_span(expr: &Expr) -> Span {
    Span::new(token_span(first(expr)).start, token_span(last(expr)).end)
}

/// The place of a path in the cell.
pub(crate) fn path_span(path: &Path) -> Span {
    Span::new(token_span(first_of_path(path)).start, token_span(last_of_path(path)).end)
}

/// The place of a token in the cell.
pub(crate) fn token_span(span: TokenSpan) -> Span {
    let range = span.byte_range();
    Span::new(range.start, range.end)
}

/// What begins where the expression begins.
fn first(mut expr: &Expr) -> TokenSpan {
    loop {
        expr = match expr {
            Expr::MethodCall(call) => &call.receiver,
            Expr::Call(call) => &call.func,
            Expr::Binary(binary) => &binary.left,
            Expr::Try(attempt) => &attempt.expr,
            Expr::Field(field) => &field.base,
            Expr::Index(index) => &index.expr,
            Expr::Path(path) if path.qself.is_none() => return first_of_path(&path.path),
            Expr::Lit(literal) => return literal.lit.span(),
            Expr::Array(array) => return array.bracket_token.span.open(),
            Expr::Paren(paren) => return paren.paren_token.span.open(),
            Expr::Reference(reference) => return reference.and_token.span,
            Expr::Macro(mac) => return first_of_path(&mac.mac.path),
            other => return other.span(),
        }
    }
}

/// What ends where the expression ends.
fn last(mut expr: &Expr) -> TokenSpan {
    loop {
        expr = match expr {
            Expr::MethodCall(call) => return call.paren_token.span.close(),
            Expr::Call(call) => return call.paren_token.span.close(),
            Expr::Binary(binary) => &binary.right,
            Expr::Reference(reference) => &reference.expr,
            Expr::Unary(unary) => &unary.expr,
            Expr::Try(attempt) => return attempt.question_token.span,
            Expr::Field(syn::ExprField { member: Member::Named(name), .. }) => return name.span(),
            Expr::Index(index) => return index.bracket_token.span.close(),
            Expr::Path(path) => return last_of_path(&path.path),
            Expr::Lit(literal) => return literal.lit.span(),
            Expr::Array(array) => return array.bracket_token.span.close(),
            Expr::Paren(paren) => return paren.paren_token.span.close(),
            Expr::Macro(mac) => return mac.mac.delimiter.span().close(),
            other => return other.span(),
        }
    }
}

fn first_of_path(path: &Path) -> TokenSpan {
    match (&path.leading_colon, path.segments.first()) {
        (None, Some(first)) => first.ident.span(),
        _ => path.span(),
    }
}

fn last_of_path(path: &Path) -> TokenSpan {
    match path.segments.last() {
        Some(syn::PathSegment { ident, arguments: PathArguments::None }) => ident.span(),
        _ => path.span(),
    }
}
