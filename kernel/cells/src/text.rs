//! Values as text: what `{}`, `{:?}` and their variants write, as `std::fmt` writes it.

use std::fmt::{self, Write};

use aerostat_error::{Error, Result};

use crate::value::Value;

/// The largest width or precision of a placeholder, as in Rust.
pub(crate) const MAX_WIDTH: usize = u16::MAX as usize;

/// How one placeholder of a format string writes its value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spec {
    /// `{:?}`
    pub debug: bool,
    /// `{:#?}`, or `0x` before hexadecimal digits.
    pub alternate: bool,
    /// The radix of `{:x}`, `{:X}`, `{:o}` or `{:b}`, or `e` or `E`; in `{:x?}` beside `debug`.
    pub radix: Option<char>,
    /// `{:+}`
    pub plus: bool,
    /// `{:0..}`
    pub zero: bool,
    /// The character that fills up to the width.
    pub fill: Option<char>,
    /// `<`, `^` or `>`.
    pub align: Option<char>,
    /// The least number of characters.
    pub width: Option<usize>,
    /// Digits after the point, or the most characters of a text.
    pub precision: Option<usize>,
}

impl Value {
    /// What `{}` writes.
    pub fn display(&self) -> String {
        match self {
            Self::Str(text) => text.to_string(),
            other => other.written(&Spec::default(), usize::MAX),
        }
    }

    /// What `{:?}` writes, or `{:#?}` if `pretty`.
    pub fn debug(&self, pretty: bool) -> String {
        self.written(&Spec { debug: true, alternate: pretty, ..Spec::default() }, usize::MAX)
    }

    /// The beginning of what `{:?}` writes: no more than is needed for `limit` bytes is computed.
    pub(crate) fn debug_up_to(&self, limit: usize) -> String {
        self.written(&Spec { debug: true, ..Spec::default() }, limit)
    }

    /// What a placeholder writes.
    pub(crate) fn format(&self, spec: &Spec) -> Result<String> {
        let number = matches!(self, Self::Int(..) | Self::F32(_) | Self::F64(_));
        match spec.radix {
            Some(radix)
                if !spec.debug && !(number && (matches!(self, Self::Int(..)) || matches!(radix, 'e' | 'E'))) =>
            {
                Err(Error::invalid_argument(format!("`{{:{radix}}}` cannot write this value")))
            }
            _ => Ok(self.written(spec, usize::MAX)),
        }
    }

    fn written(&self, spec: &Spec, limit: usize) -> String {
        let mut out = Limited { text: String::new(), limit };
        // The only error is that the limit is reached.
        let _ = write_value(self, spec, &mut out);
        out.text
    }
}

/// A text that refuses to become much longer than a limit.
struct Limited {
    text: String,
    limit: usize,
}

impl Write for Limited {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        self.text.push_str(part);
        if self.text.len() > self.limit { Err(fmt::Error) } else { Ok(()) }
    }
}

fn write_value(value: &Value, spec: &Spec, out: &mut dyn Write) -> fmt::Result {
    match value {
        Value::Unit => pad(out, spec, "()", '<'),
        Value::Bool(b) => pad(out, spec, if *b { "true" } else { "false" }, '<'),
        Value::Int(i, ty) => {
            let (prefix, digits) = integer(*i, ty.bits(), spec);
            pad_number(out, spec, *i < 0 && spec.radix.is_none_or(|radix| matches!(radix, 'e' | 'E')), prefix, &digits)
        }
        Value::F32(f) => write_float(out, spec, &f32_digits(*f, spec), f.is_sign_negative(), f.is_nan()),
        Value::F64(f) => write_float(out, spec, &f64_digits(*f, spec), f.is_sign_negative(), f.is_nan()),
        Value::Char(c) if spec.debug => write!(out, "{c:?}"),
        Value::Char(c) => pad(out, spec, c.encode_utf8(&mut [0; 4]), '<'),
        Value::Str(text) if spec.debug => write!(out, "{text:?}"),
        Value::Str(text) => pad(out, spec, text, '<'),
        Value::Vec(items) => sequence(out, spec, "[", items.iter(), "]"),
        Value::Deque(items) => sequence(out, spec, "[", items.iter(), "]"),
        Value::Set(keys) => sequence(out, spec, "{", keys.iter().map(|key| &key.0), "}"),
        Value::Tuple(items) => sequence(out, spec, "(", items.iter(), ")"),
        Value::Map(entries) => listed(
            out,
            spec,
            "{",
            "}",
            entries.iter().map(|(key, value)| {
                move |out: &mut dyn Write| {
                    write_value(&key.0, spec, out)?;
                    out.write_str(": ")?;
                    write_value(value, spec, out)
                }
            }),
        ),
        Value::Option(None) => out.write_str("None"),
        Value::Option(Some(inner)) => sequence(out, spec, "Some(", std::iter::once(&**inner), ")"),
        Value::Result(Ok(inner)) => sequence(out, spec, "Ok(", std::iter::once(&**inner), ")"),
        Value::Result(Err(error)) => write!(out, "Err({:?})", error.message()),
        Value::Range(start, end, _) => write!(out, "{start}..{end}"),
        Value::Iter(_) => out.write_str("Iterator"),
        Value::Closure(_) => out.write_str("closure"),
        Value::Native(object) => out.write_str(&(**object).text()),
    }
}

/// The prefix and the digits of an integer, without its sign.
fn integer(i: i128, bits: u32, spec: &Spec) -> (&'static str, String) {
    // Negative numbers in another radix are written as the bits that they are made of.
    let mask = if bits == 128 { u128::MAX } else { (1_u128 << bits) - 1 };
    let raw = i as u128 & mask;
    let magnitude = i.unsigned_abs();
    match (spec.radix, spec.precision) {
        (Some('x'), _) => ("0x", format!("{raw:x}")),
        (Some('X'), _) => ("0x", format!("{raw:X}")),
        (Some('o'), _) => ("0o", format!("{raw:o}")),
        (Some('b'), _) => ("0b", format!("{raw:b}")),
        (Some('e'), Some(precision)) => ("", format!("{magnitude:.precision$e}")),
        (Some('e'), None) => ("", format!("{magnitude:e}")),
        (Some('E'), Some(precision)) => ("", format!("{magnitude:.precision$E}")),
        (Some('E'), None) => ("", format!("{magnitude:E}")),
        _ => ("", magnitude.to_string()),
    }
}

macro_rules! float_digits {
    ($name:ident, $float:ty) => {
        fn $name(f: $float, spec: &Spec) -> String {
            let f = f.abs();
            match (spec.radix, spec.precision) {
                (Some('e'), Some(precision)) => format!("{f:.precision$e}"),
                (Some('e'), None) => format!("{f:e}"),
                (Some('E'), Some(precision)) => format!("{f:.precision$E}"),
                (Some('E'), None) => format!("{f:E}"),
                (_, Some(precision)) => format!("{f:.precision$}"),
                _ if spec.debug => format!("{f:?}"),
                _ => format!("{f}"),
            }
        }
    };
}
float_digits!(f32_digits, f32);
float_digits!(f64_digits, f64);

fn write_float(out: &mut dyn Write, spec: &Spec, digits: &str, negative: bool, nan: bool) -> fmt::Result {
    match nan {
        false => pad_number(out, spec, negative, "", digits),
        // NaN has no sign, and is not filled up with zeros.
        true => pad_number(out, &Spec { zero: false, plus: false, ..spec.clone() }, false, "", digits),
    }
}

/// A number with its sign and prefix, zeros being put after both.
fn pad_number(out: &mut dyn Write, spec: &Spec, negative: bool, prefix: &str, digits: &str) -> fmt::Result {
    let sign = if negative {
        "-"
    } else if spec.plus {
        "+"
    } else {
        ""
    };
    let prefix = if spec.alternate && !(spec.debug && spec.radix.is_none()) { prefix } else { "" };
    if spec.zero {
        let missing = spec.width.unwrap_or(0).saturating_sub(sign.len() + prefix.len() + digits.len());
        return write!(out, "{sign}{prefix}{}{digits}", "0".repeat(missing));
    }
    let plain = Spec { precision: None, ..spec.clone() };
    pad(out, &plain, &[sign, prefix, digits].concat(), '>')
}

/// A text cut to the precision and filled up to the width.
fn pad(out: &mut dyn Write, spec: &Spec, text: &str, usual: char) -> fmt::Result {
    let end =
        spec.precision.and_then(|precision| text.char_indices().nth(precision)).map_or(text.len(), |(end, _)| end);
    let text = &text[..end];
    let missing = spec.width.map_or(0, |width| width.saturating_sub(text.chars().count()));
    if missing == 0 {
        return out.write_str(text);
    }
    let left = match spec.align.unwrap_or(usual) {
        '<' => 0,
        '^' => missing / 2,
        _ => missing,
    };
    let fill = spec.fill.unwrap_or(' ');
    (0..left).try_for_each(|_| out.write_char(fill))?;
    out.write_str(text)?;
    (left..missing).try_for_each(|_| out.write_char(fill))
}

fn sequence<'v>(
    out: &mut dyn Write,
    spec: &Spec,
    open: &str,
    items: impl ExactSizeIterator<Item = &'v Value>,
    close: &str,
) -> fmt::Result {
    let spec = &Spec { debug: true, ..spec.clone() };
    listed(out, spec, open, close, items.map(|item| move |out: &mut dyn Write| write_value(item, spec, out)))
}

/// Items between brackets, in one line or, if `{:#?}`, each in lines of its own.
fn listed<W: FnOnce(&mut dyn Write) -> fmt::Result>(
    out: &mut dyn Write,
    spec: &Spec,
    open: &str,
    close: &str,
    items: impl ExactSizeIterator<Item = W>,
) -> fmt::Result {
    out.write_str(open)?;
    let pretty = spec.alternate && items.len() > 0;
    for (index, item) in items.enumerate() {
        match pretty {
            true => {
                let mut indented = Indented { out, at_start: true };
                indented.out.write_str(if index == 0 { "\n" } else { "" })?;
                item(&mut indented)?;
                out.write_str(",\n")?;
            }
            false => {
                out.write_str(if index == 0 { "" } else { ", " })?;
                item(out)?;
            }
        }
    }
    out.write_str(close)
}

/// Puts four spaces before each line.
struct Indented<'out> {
    out: &'out mut dyn Write,
    at_start: bool,
}

impl Write for Indented<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for line in text.split_inclusive('\n') {
            if self.at_start && !line.is_empty() {
                self.out.write_str("    ")?;
            }
            self.at_start = line.ends_with('\n');
            self.out.write_str(line)?;
        }
        Ok(())
    }
}
