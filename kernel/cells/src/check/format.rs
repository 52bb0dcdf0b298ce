//! Format strings: `{}`, `{name}`, `{0:>10.2}` and the rest of `std::fmt`'s grammar.

use aerostat_error::{Error, Kind, Result, Span};

use crate::node::{Count, Piece};
use crate::text::{MAX_WIDTH, Spec};

/// An argument that a placeholder asks for.
pub(super) enum Wanted {
    /// The next one.
    Next,
    /// By position.
    Position(usize),
    /// By name: a named argument or a variable.
    Name(String),
}

/// Splits a format string; `resolve` turns what a placeholder asks for into the index of an argument.
pub(super) fn parse(text: &str, span: Span, mut resolve: impl FnMut(Wanted) -> Result<usize>) -> Result<Vec<Piece>> {
    let invalid = |what: &str| Error::new(Kind::Syntax, format!("invalid format string: {what}")).with_span(span);
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '{' if chars.next_if_eq(&'{').is_some() => literal.push('{'),
            '}' if chars.next_if_eq(&'}').is_some() => literal.push('}'),
            '}' => return Err(invalid("unmatched `}`").with_hint("write `}}` for a brace")),
            '{' => {
                let inside: String = chars.by_ref().take_while(|c| *c != '}').collect();
                if !text.contains('}') || inside.contains('{') {
                    return Err(invalid("unmatched `{`").with_hint("write `{{` for a brace"));
                }
                if !literal.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut literal)));
                }
                pieces.push(placeholder(&inside, &mut resolve).map_err(|error| error.with_span(span))?);
            }
            c => literal.push(c),
        }
    }
    if !literal.is_empty() {
        pieces.push(Piece::Text(literal));
    }
    Ok(pieces)
}

fn placeholder(inside: &str, resolve: &mut impl FnMut(Wanted) -> Result<usize>) -> Result<Piece> {
    let (name, rest) = inside.split_once(':').unwrap_or((inside, ""));
    let mut parser = SpecParser { rest, spec: Spec::default() };
    parser.fill_and_align();
    parser.spec.plus = parser.eat('+');
    // `-` is accepted and means nothing, in Rust as here.
    parser.eat('-');
    parser.spec.alternate = parser.eat('#');
    parser.spec.zero = parser.rest.starts_with('0') && !parser.rest.starts_with("0$") && parser.eat('0');
    let width = parser.count(resolve)?;
    let star = parser.rest.starts_with(".*");
    let precision = match parser.eat('.') {
        // `.*` takes the precision from the argument before the value.
        true if star => {
            parser.eat('*');
            Some(Count::Arg(resolve(Wanted::Next)?))
        }
        true => parser.count(resolve)?,
        false => None,
    };
    match parser.rest.trim_end() {
        "" => {}
        "?" => parser.spec.debug = true,
        "x" | "X" | "o" | "b" | "e" | "E" => parser.spec.radix = parser.rest.chars().next(),
        "x?" | "X?" => (parser.spec.debug, parser.spec.radix) = (true, parser.rest.chars().next()),
        other => {
            return Err(Error::new(Kind::Syntax, format!("invalid format string: unknown format `{other}`"))
                .with_hint("`{}`, `{:?}`, `{:>10}`, `{:.2}` and the rest of Rust's `std::fmt` work"));
        }
    }
    let arg = resolve(wanted(name.trim()))?;
    Ok(Piece::Placeholder { arg, spec: parser.spec, width, precision })
}

fn wanted(name: &str) -> Wanted {
    match name.parse() {
        _ if name.is_empty() => Wanted::Next,
        Ok(position) => Wanted::Position(position),
        Err(_) => Wanted::Name(name.to_owned()),
    }
}

struct SpecParser<'text> {
    rest: &'text str,
    spec: Spec,
}

impl SpecParser<'_> {
    fn eat(&mut self, c: char) -> bool {
        match self.rest.strip_prefix(c) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn fill_and_align(&mut self) {
        let is_align = |c: &char| matches!(c, '<' | '^' | '>');
        let mut chars = self.rest.chars();
        let (first, second) = (chars.next(), chars.next());
        if let (Some(fill), Some(align)) = (first, second.filter(is_align)) {
            (self.spec.fill, self.spec.align) = (Some(fill), Some(align));
            self.rest = &self.rest[fill.len_utf8() + 1..];
        } else if let Some(align) = first.filter(is_align) {
            self.spec.align = Some(align);
            self.rest = &self.rest[1..];
        }
    }

    /// `5`, `0$` or `name$`.
    fn count(&mut self, resolve: &mut impl FnMut(Wanted) -> Result<usize>) -> Result<Option<Count>> {
        let end = self.rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        if let Some(rest) = rest.strip_prefix('$') {
            self.rest = rest;
            return resolve(wanted(word)).map(|arg| Some(Count::Arg(arg)));
        }
        let digits = self.rest.len() - self.rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, rest) = self.rest.split_at(digits);
        if number.is_empty() {
            return Ok(None);
        }
        self.rest = rest;
        let count = number.parse().ok().filter(|n| *n <= MAX_WIDTH);
        count
            .map(|n| Some(Count::Fixed(n)))
            .ok_or_else(|| Error::new(Kind::Syntax, format!("invalid format string: `{number}` is too large")))
    }
}
