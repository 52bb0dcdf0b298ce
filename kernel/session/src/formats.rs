//! Date and time patterns of Spark (and Java) in the notation of polars (and C).

use aerostat_error::{Error, Result};

/// Translates e.g. `dd.MM.yyyy HH:mm` to `%d.%m.%Y %H:%M`.
pub fn translate(pattern: &str) -> Result<String> {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some(first) = rest.chars().next() {
        let run = rest.chars().take_while(|c| *c == first).count();
        let (piece, used) = match first {
            '\'' => literal(rest).ok_or_else(|| refused(pattern, "a quote is not closed"))?,
            '[' => (optional(pattern, rest)?, rest.find(']').unwrap_or(0) + 1),
            // A point before a fraction is part of what C calls the fraction.
            '.' if rest[1..].starts_with('S') => fraction(pattern, rest)?,
            letter if letter.is_ascii_alphabetic() => (field(pattern, letter, run)?, run),
            '%' => ("%%".to_owned(), 1),
            other => (other.to_string(), other.len_utf8()),
        };
        out.push_str(&piece);
        rest = &rest[used..];
    }
    Ok(out)
}

/// The field that `letter`, repeated `run` times, stands for.
fn field(pattern: &str, letter: char, run: usize) -> Result<String> {
    let field = match (letter, run) {
        ('y' | 'u', 2) => "%y",
        ('y' | 'u', _) => "%Y",
        ('M' | 'L', 1) => "%-m",
        ('M' | 'L', 2) => "%m",
        ('M' | 'L', 3) => "%b",
        ('M' | 'L', 4) => "%B",
        ('d', 1) => "%-d",
        ('d', 2) => "%d",
        ('D', _) => "%j",
        ('H', 1) => "%-H",
        ('H', 2) => "%H",
        ('h', 1) => "%-I",
        ('h', 2) => "%I",
        ('m', 1) => "%-M",
        ('m', 2) => "%M",
        ('s', 1) => "%-S",
        ('s', 2) => "%S",
        ('S', 3) => "%3f",
        ('S', 6) => "%6f",
        ('S', 9) => "%9f",
        ('a', 1) => "%p",
        ('E', 1..=3) => "%a",
        ('E', 4) => "%A",
        ('X' | 'x', 3) | ('Z', 5) => "%:z",
        ('X' | 'x', 2) | ('Z', 1..=3) => "%z",
        ('Y', _) => return Err(refused(pattern, "`Y` is the year that a week belongs to; write `y`")),
        _ => return Err(refused(pattern, &format!("there is no `{}`", letter.to_string().repeat(run)))),
    };
    Ok(field.to_owned())
}

/// A text in single quotes, within which two of them are one, as they are outside.
fn literal(rest: &str) -> Option<(String, usize)> {
    if rest.starts_with("''") {
        return Some(("'".to_owned(), 2));
    }
    let mut end = 1;
    loop {
        end += rest[end..].find('\'')?;
        match rest[end..].starts_with("''") {
            true => end += 2,
            false => return Some((rest[1..end].replace("''", "'").replace('%', "%%"), end + 1)),
        }
    }
}

/// Of what may be left out, only a fraction of a second can be: C's `%.f` takes any number of digits, also none.
fn optional(pattern: &str, rest: &str) -> Result<String> {
    let inner = rest[1..].split(']').next().unwrap_or_default();
    let fraction = inner.strip_prefix('.').is_some_and(|digits| !digits.is_empty() && digits.chars().all(|c| c == 'S'));
    if fraction { Ok("%.f".to_owned()) } else { Err(refused(pattern, &format!("`[{inner}]` cannot be left out"))) }
}

fn fraction(pattern: &str, rest: &str) -> Result<(String, usize)> {
    let digits = rest[1..].chars().take_while(|c| *c == 'S').count();
    match digits {
        3 | 6 | 9 => Ok((format!("%.{digits}f"), digits + 1)),
        _ => Err(refused(pattern, "a fraction of a second has 3, 6 or 9 digits")),
    }
}

fn refused(pattern: &str, why: &str) -> Error {
    Error::not_supported(format!("the date pattern `{pattern}` is not supported: {why}"))
        .with_hint("patterns are Spark's, e.g. `yyyy-MM-dd HH:mm:ss`")
}
