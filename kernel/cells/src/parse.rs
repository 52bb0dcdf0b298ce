//! From text to syntax, with limits that keep hostile cells from exhausting the stack.

use aerostat_error::{Error, Result, Span};
use proc_macro2::{TokenStream, TokenTree};
use syn::parse::Parser;

use crate::check::token_span;

/// How deep brackets may nest.
const MAX_DEPTH: usize = 128;
/// How many tokens one cell may have.
const MAX_TOKENS: usize = 200_000;
/// How many links a chain or operators an expression may have, which nest in the syntax tree.
const MAX_CHAIN: usize = 2_000;

/// The statements of a cell.
pub(crate) fn parse(code: &str) -> Result<Vec<syn::Stmt>> {
    // The locations of earlier cells are not needed any more, and would pile up.
    proc_macro2::extra::invalidate_current_thread_spans();
    let tokens: TokenStream = code.parse().map_err(|error| lex_error(code, &error))?;
    limit(&tokens)?;
    syn::Block::parse_within.parse2(tokens).map_err(|error| at_end(code, syntax_error(&error)))
}

/// `syn`'s error as ours.
pub(crate) fn syntax_error(error: &syn::Error) -> Error {
    Error::syntax(error.to_string()).with_span(token_span(error.span()))
}

/// An error past the last token points to the end of the text.
fn at_end(code: &str, error: Error) -> Error {
    match error.span() {
        Some(span) if span.end > 0 => error,
        _ => {
            let end = code.trim_end().len();
            error.without_span().with_span(Span::new(end, end))
        }
    }
}

fn lex_error(code: &str, error: &proc_macro2::LexError) -> Error {
    let span = token_span(error.span());
    let (message, span) = match unclosed(code) {
        Some(open) => ("this is not closed", Span::new(open, open + 1)),
        None => ("this is not a token of Rust", Span::new(span.start, span.end.max(span.start))),
    };
    Error::syntax(message).with_span(span)
}

fn limit(tokens: &TokenStream) -> Result<()> {
    let mut open = vec![(tokens.clone().into_iter(), 0_usize)];
    let mut count = 0;
    while let Some((level, chain)) = open.last_mut() {
        let Some(token) = level.next() else {
            open.pop();
            continue;
        };
        count += 1;
        match &token {
            TokenTree::Punct(punct) if matches!(punct.as_char(), ';' | ',') => *chain = 0,
            TokenTree::Punct(_) => *chain += 1,
            _ => {}
        }
        let (chain, depth) = (*chain, open.len());
        if chain > MAX_CHAIN || depth > MAX_DEPTH || count > MAX_TOKENS {
            return Err(Error::syntax("this cell is too large or too deeply nested")
                .with_span(token_span(token.span()))
                .with_hint("split it with `let`"));
        }
        if let TokenTree::Group(group) = token {
            open.push((group.stream().into_iter(), 0));
        }
    }
    Ok(())
}

/// The byte offset of the first bracket or quote that is never closed.
pub(crate) fn unclosed(code: &str) -> Option<usize> {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut chars = code.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '/' if chars.next_if(|(_, c)| *c == '/').is_some() => while chars.next_if(|(_, c)| *c != '\n').is_some() {},
            '/' if chars.next_if(|(_, c)| *c == '*').is_some() => {
                let rest = code.get(at + 2..)?;
                let Some(length) = rest.find("*/") else { return Some(at) };
                while chars.next_if(|(next, _)| *next < at + 2 + length + 2).is_some() {}
            }
            '"' => {
                let mut closed = false;
                while let Some((_, c)) = chars.next() {
                    match c {
                        '\\' => drop(chars.next()),
                        '"' => {
                            closed = true;
                            break;
                        }
                        _ => {}
                    }
                }
                if !closed {
                    return Some(at);
                }
            }
            '(' | '[' | '{' => open.push((at, c)),
            ')' | ']' | '}' => drop(open.pop()),
            _ => {}
        }
    }
    open.first().map(|(at, _)| *at)
}
