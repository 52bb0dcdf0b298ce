//! `LazySimpleSerDe`: fields between separators. It knows no quotes.

use std::borrow::Cow;

/// The characters between the fields of nested values, from the outermost, where none are given: Ctrl-A and so on.
const SEPARATORS: [u8; 8] = [1, 2, 3, 4, 5, 6, 7, 8];

/// How lines are split.
#[derive(Clone, Debug, PartialEq)]
pub struct Lazy {
    /// Between fields, items of lists, and keys and values; deeper ones cannot be chosen.
    separators: [u8; 8],
    /// Takes its meaning from the character after it.
    escape: Option<u8>,
    /// Stands for null.
    null: String,
}

impl Lazy {
    pub(super) fn new(given: [Option<u8>; 3], escape: Option<u8>, null: &str) -> Self {
        let mut separators = SEPARATORS;
        for (separator, given) in separators.iter_mut().zip(given) {
            *separator = given.unwrap_or(*separator);
        }
        Self { separators, escape, null: null.to_owned() }
    }

    /// A field of a line as it is written there: none if it is null, or if the line ends before it.
    pub(super) fn field<'l>(&self, line: &'l str, at: usize) -> Option<&'l str> {
        self.split(line, 0).nth(at).filter(|text| *text != self.null)
    }

    /// The parts of a text at a level of nesting: fields, then items, then what is in these.
    pub(super) fn split<'l>(&self, text: &'l str, level: usize) -> impl Iterator<Item = &'l str> {
        let separator = self.separators[level.min(SEPARATORS.len() - 1)];
        let escape = self.escape;
        let mut rest = Some(text);
        std::iter::from_fn(move || {
            let text = rest?;
            match end(text.as_bytes(), separator, escape) {
                Some(end) => {
                    rest = Some(&text[end + 1..]);
                    Some(&text[..end])
                }
                None => rest.take(),
            }
        })
    }

    /// Whether a part of a nested value stands for null.
    pub(super) fn is_null(&self, text: &str) -> bool {
        text == self.null
    }

    /// The text without the characters that escape others.
    pub(super) fn unescaped<'l>(&self, text: &'l str) -> Cow<'l, str> {
        let Some(escape) = self.escape.map(char::from).filter(|escape| text.contains(*escape)) else {
            return Cow::Borrowed(text);
        };
        let mut out = String::with_capacity(text.len());
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            // At the end there is nothing to escape.
            let plain = if c == escape { chars.next().unwrap_or(c) } else { c };
            out.push(plain);
        }
        Cow::Owned(out)
    }

    /// The text so that [`Lazy::unescaped`] gives it back, if there is an escape character; without one, separators
    /// in a text cannot be told from others, in Hive neither.
    pub(super) fn escaped<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let Some(escape) = self.escape else { return Cow::Borrowed(text) };
        let special = |c: char| u8::try_from(c).is_ok_and(|byte| byte == escape || self.separators.contains(&byte));
        if !text.contains(special) {
            return Cow::Borrowed(text);
        }
        let mut out = String::with_capacity(text.len() + 2);
        for c in text.chars() {
            if special(c) {
                out.push(char::from(escape));
            }
            out.push(c);
        }
        Cow::Owned(out)
    }

    pub(super) fn separator(&self, level: usize) -> char {
        char::from(self.separators[level.min(SEPARATORS.len() - 1)])
    }

    pub(super) fn null(&self) -> &str {
        &self.null
    }
}

/// Where the next separator is that is not escaped.
fn end(text: &[u8], separator: u8, escape: Option<u8>) -> Option<usize> {
    let Some(escape) = escape else { return text.iter().position(|byte| *byte == separator) };
    let mut at = 0;
    while at < text.len() {
        match text[at] {
            byte if byte == escape => at += 2,
            byte if byte == separator => return Some(at),
            _ => at += 1,
        }
    }
    None
}
