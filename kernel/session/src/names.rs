//! Names of several parts: `schema.table`, with back-quotes around parts that need them.

use aerostat_error::{Error, Result};

/// Splits `retail.orders` or `` `my schema`.`a.b` `` into its parts. A doubled back-quote stands for one.
pub fn split_name(name: &str) -> Result<Vec<String>> {
    let mut parts = Vec::new();
    let mut rest = name.trim();
    loop {
        let (part, after) = match rest.strip_prefix('`') {
            Some(quoted) => quoted_part(quoted).ok_or_else(|| invalid(name, "a back-quote is not closed"))?,
            None => plain_part(rest),
        };
        if part.is_empty() {
            return Err(invalid(name, "a part of it is empty"));
        }
        parts.push(part);
        match after.trim_start().strip_prefix('.') {
            Some(next) => rest = next.trim_start(),
            None if after.trim().is_empty() => return Ok(parts),
            None => return Err(invalid(name, "there is text after a back-quoted part")),
        }
    }
}

/// The inverse of [`split_name`]: quotes the parts that need it.
pub fn join_name<S: AsRef<str>>(parts: &[S]) -> String {
    let quoted: Vec<String> = parts.iter().map(|part| quote_part(part.as_ref())).collect();
    quoted.join(".")
}

fn quote_part(part: &str) -> String {
    let plain = part.chars().all(|c| c.is_alphanumeric() || c == '_') && !part.starts_with(|c: char| c.is_numeric());
    if plain && !part.is_empty() { part.to_owned() } else { format!("`{}`", part.replace('`', "``")) }
}

/// The part up to its closing back-quote, and what follows it.
fn quoted_part(text: &str) -> Option<(String, &str)> {
    let mut part = String::new();
    let mut rest = text;
    loop {
        let (before, after) = rest.split_once('`')?;
        part.push_str(before);
        match after.strip_prefix('`') {
            Some(more) => {
                part.push('`');
                rest = more;
            }
            None => return Some((part, after)),
        }
    }
}

/// The part up to the next dot, and what follows from the dot on.
fn plain_part(text: &str) -> (String, &str) {
    let (part, after) = text.split_at(text.find('.').unwrap_or(text.len()));
    (part.trim().to_owned(), after)
}

fn invalid(name: &str, why: &str) -> Error {
    Error::syntax(format!("`{name}` is not a name: {why}"))
        .with_hint("a name is `table` or `schema.table`, with back-quotes around parts with dots or spaces in them")
}
