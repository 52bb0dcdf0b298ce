//! From text to syntax, with limits that keep hostile cells from exhausting the stack.

use aerostat_error::{Error, Result, Span};
use proc_macro2::{TokenStream, TokenTree};
use syn::parse::Parser;

use crate::check::token_span;

/// How deep brackets may nest.
const MAX_DEPTH: usize = 128;
/// How many tokens one cell may have.
const MAX_TOKENS: usize = 200_000;
/// How many links of chains and operators of expressions may be inside of one another.
const MAX_CHAIN: usize = 2_000;

/// Words that begin an expression inside of an expression.
const NESTING: [&str; 12] =
    ["else", "if", "match", "return", "break", "move", "async", "unsafe", "for", "while", "loop", "let"];

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
    // `nested` is the sum of the chains on the way to the current token: each link is a level of the syntax tree.
    let (mut count, mut nested) = (0, 0);
    while let Some((level, chain)) = open.last_mut() {
        let Some(token) = level.next() else {
            nested -= *chain;
            open.pop();
            continue;
        };
        count += 1;
        match &token {
            TokenTree::Punct(punct) if matches!(punct.as_char(), ';' | ',') => nested -= std::mem::take(chain),
            TokenTree::Punct(_) => (*chain, nested) = (*chain + 1, nested + 1),
            // `else if`, `return return` and the like nest without brackets or operators.
            TokenTree::Ident(word) if NESTING.iter().any(|keyword| word == keyword) => {
                (*chain, nested) = (*chain + 1, nested + 1);
            }
            _ => {}
        }
        if nested > MAX_CHAIN || open.len() > MAX_DEPTH || count > MAX_TOKENS {
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
    let open = open(code);
    open.brackets.first().map(|(at, _)| *at).into_iter().chain(open.text).min()
}

/// What is open at the end of a text.
#[derive(Debug, Default)]
pub(crate) struct Open {
    /// The brackets, outermost first.
    pub(crate) brackets: Vec<(usize, char)>,
    /// The quote of a string, or the beginning of a comment.
    pub(crate) text: Option<usize>,
}

/// What is open at the end of `code`.
pub(crate) fn open(code: &str) -> Open {
    let mut open = Open::default();
    let mut rest = code.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let after = &code[at + c.len_utf8()..];
        let skip = match c {
            '/' if after.starts_with('/') => Some(after.find('\n').unwrap_or(after.len())),
            '/' if after.starts_with('*') => match after.find("*/") {
                Some(length) => Some(length + 2),
                None => {
                    open.text = Some(at);
                    return open;
                }
            },
            '"' => match string_length(after) {
                Some(length) => Some(length),
                None => {
                    open.text = Some(at);
                    return open;
                }
            },
            'r' if begins_word(&code[..at]) => match raw_length(after) {
                Some((quote, None)) => {
                    open.text = Some(at + 1 + quote);
                    return open;
                }
                Some((_, length)) => length,
                None => None,
            },
            '\'' => char_length(after),
            '(' | '[' | '{' => {
                open.brackets.push((at, c));
                None
            }
            ')' | ']' | '}' => {
                open.brackets.pop();
                None
            }
            _ => None,
        };
        let end = at + c.len_utf8() + skip.unwrap_or(0);
        while rest.next_if(|(next, _)| *next < end).is_some() {}
    }
    open
}

/// How long a string goes on behind its quote, the closing one included.
fn string_length(text: &str) -> Option<usize> {
    let mut escaped = false;
    let end = text.char_indices().find(|(_, c)| {
        let closes = !escaped && *c == '"';
        escaped = !escaped && *c == '\\';
        closes
    });
    end.map(|(at, _)| at + 1)
}

/// Of a text behind an `r` that begins a raw string: where the quote is, and how long the string goes on if it is closed.
fn raw_length(text: &str) -> Option<(usize, Option<usize>)> {
    let quote = text.len() - text.trim_start_matches('#').len();
    let inside = text[quote..].strip_prefix('"')?;
    let end = format!("\"{}", &text[..quote]);
    Some((quote, inside.find(&end).map(|length| quote + 1 + length + end.len())))
}

/// Whether a word begins behind a text, or goes on behind the `b` or `c` that makes bytes of a string.
fn begins_word(before: &str) -> bool {
    let before = before.strip_suffix(['b', 'c']).unwrap_or(before);
    !before.ends_with(|c: char| c.is_alphanumeric() || c == '_')
}

/// How long a character literal goes on behind its quote; nothing for a lifetime or label.
fn char_length(text: &str) -> Option<usize> {
    let mut chars = text.char_indices();
    match chars.next()?.1 {
        '\\' => text.get(2..)?.find('\'').map(|end| end + 3),
        _ => chars.next().filter(|(_, c)| *c == '\'').map(|(at, _)| at + 1),
    }
}
