//! Values as text: what `{}`, `{:?}` and their variants write.

use std::fmt::Write;

use aerostat_error::{Error, Result};

use crate::value::Value;

/// How one placeholder of a format string writes its value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spec {
    /// `{:?}`
    pub debug: bool,
    /// `{:#?}`, or `0x` before hexadecimal digits.
    pub alternate: bool,
    /// The radix of `{:x}`, `{:X}`, `{:o}` or `{:b}`, or `e` for `{:e}`.
    pub radix: Option<char>,
    /// `{:+}`
    pub plus: bool,
    /// `{:0..}`
    pub zero: bool,
    /// The character that fills up to the width.
    pub fill: Option<char>,
    /// `<`, `^` or `>`.
    pub align: Option<char>,
}

impl Value {
    /// What `{}` writes.
    pub fn display(&self) -> String {
        match self {
            Self::Char(c) => c.to_string(),
            Self::Str(text) => text.to_string(),
            Self::F64(f) => f.to_string(),
            Self::F32(f) => f.to_string(),
            other => other.debug(false),
        }
    }

    /// What `{:?}` writes, or `{:#?}` if `pretty`.
    pub fn debug(&self, pretty: bool) -> String {
        match self {
            Self::Unit => "()".into(),
            Self::Bool(b) => b.to_string(),
            Self::Int(i, _) => i.to_string(),
            Self::F32(f) => format!("{f:?}"),
            Self::F64(f) => format!("{f:?}"),
            Self::Char(c) => format!("{c:?}"),
            Self::Str(text) => format!("{text:?}"),
            Self::Vec(items) => sequence("[", items, "]", pretty),
            Self::Tuple(items) => sequence("(", items, ")", pretty),
            Self::Option(None) => "None".into(),
            Self::Option(Some(inner)) => sequence("Some(", std::slice::from_ref(&**inner), ")", pretty),
            Self::Result(Ok(inner)) => sequence("Ok(", std::slice::from_ref(&**inner), ")", pretty),
            Self::Result(Err(error)) => format!("Err({:?})", error.message()),
            Self::Range(start, end, _) => format!("{start}..{end}"),
            Self::Native(object) => (**object).text(),
        }
    }

    /// What a placeholder writes.
    pub(crate) fn format(&self, spec: &Spec, width: Option<usize>, precision: Option<usize>) -> Result<String> {
        let number = matches!(self, Self::Int(..) | Self::F32(_) | Self::F64(_));
        let mut text = self.unpadded(spec, precision)?;
        if spec.plus && number && !text.starts_with('-') {
            text.insert(0, '+');
        }
        Ok(pad(text, spec, width.unwrap_or(0), number))
    }

    fn unpadded(&self, spec: &Spec, precision: Option<usize>) -> Result<String> {
        if let Some(radix) = spec.radix {
            return self.in_radix(radix, spec.alternate);
        }
        Ok(match (self, precision) {
            (Self::F64(f), Some(precision)) => format!("{f:.precision$}"),
            (Self::F32(f), Some(precision)) => format!("{f:.precision$}"),
            (Self::Str(text), Some(precision)) if !spec.debug => text.chars().take(precision).collect(),
            (Self::Vec(items), Some(_)) if spec.debug => {
                let items: Result<Vec<String>> = items.iter().map(|item| item.unpadded(spec, precision)).collect();
                format!("[{}]", items?.join(", "))
            }
            _ if spec.debug => self.debug(spec.alternate),
            _ => self.display(),
        })
    }

    fn in_radix(&self, radix: char, alternate: bool) -> Result<String> {
        match (self, radix) {
            (Self::Int(i, _), 'x') => Ok(if alternate { format!("{i:#x}") } else { format!("{i:x}") }),
            (Self::Int(i, _), 'X') => Ok(if alternate { format!("{i:#X}") } else { format!("{i:X}") }),
            (Self::Int(i, _), 'o') => Ok(if alternate { format!("{i:#o}") } else { format!("{i:o}") }),
            (Self::Int(i, _), 'b') => Ok(if alternate { format!("{i:#b}") } else { format!("{i:b}") }),
            (Self::Int(i, _), 'e') => Ok(format!("{i:e}")),
            (Self::F64(f), 'e') => Ok(format!("{f:e}")),
            _ => Err(Error::invalid_argument(format!("`{{:{radix}}}` cannot write this value"))),
        }
    }
}

fn sequence(open: &str, items: &[Value], close: &str, pretty: bool) -> String {
    if !pretty || items.is_empty() {
        let items: Vec<String> = items.iter().map(|item| item.debug(false)).collect();
        return format!("{open}{}{close}", items.join(", "));
    }
    let mut text = format!("{open}\n");
    for item in items {
        for line in item.debug(true).lines() {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "    {line}");
        }
        text.insert(text.len() - 1, ',');
    }
    text + close
}

fn pad(text: String, spec: &Spec, width: usize, number: bool) -> String {
    let missing = width.saturating_sub(text.chars().count());
    if missing == 0 {
        return text;
    }
    if spec.zero && number {
        let sign = usize::from(text.starts_with(['-', '+']));
        return format!("{}{}{}", &text[..sign], "0".repeat(missing), &text[sign..]);
    }
    let fill = spec.fill.unwrap_or(' ');
    let left = match spec.align {
        Some('<') => 0,
        Some('^') => missing / 2,
        Some(_) => missing,
        None if number => missing,
        None => 0,
    };
    let run = |n: usize| fill.to_string().repeat(n);
    format!("{}{text}{}", run(left), run(missing - left))
}
