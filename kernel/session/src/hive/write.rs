//! Frames as lines of text.

use std::io::{BufWriter, Write};

use polars::prelude::{AnyValue, DataFrame, DataType, PolarsResult};

use super::lazy::Lazy;
use super::serde::Serde;

impl Serde {
    /// Writes the rows of `frame`; before them, `header` lines with the names of its columns, for readers that skip
    /// these.
    pub(crate) fn write(&self, frame: &DataFrame, header: usize, to: impl Write) -> PolarsResult<()> {
        let mut to = BufWriter::new(to);
        let names: Vec<Option<String>> = frame.get_column_names().iter().map(|name| Some(name.to_string())).collect();
        for _ in 0..header {
            writeln!(to, "{}", self.line(&names))?;
        }
        for row in 0..frame.height() {
            let values = frame.columns().iter().map(|column| self.text(&column.get(row)?, 1));
            let values = values.collect::<PolarsResult<Vec<Option<String>>>>()?;
            writeln!(to, "{}", self.line(&values))?;
        }
        Ok(to.flush()?)
    }

    fn line(&self, fields: &[Option<String>]) -> String {
        let fields = fields.iter().map(Option::as_deref);
        match self {
            Self::Lines => fields.map(Option::unwrap_or_default).collect(),
            Self::Lazy(lazy) => joined(fields.map(|field| field.unwrap_or(lazy.null())), lazy, 0),
            Self::OpenCsv(csv) => csv.line(fields),
        }
    }

    /// A value as text; none for null.
    fn text(&self, value: &AnyValue<'_>, level: usize) -> PolarsResult<Option<String>> {
        Ok(match (self, value) {
            (_, AnyValue::Null) => None,
            (Self::Lazy(lazy), AnyValue::List(items)) => {
                let items = items.iter().map(|item| self.text(&item, level + 1));
                let items = items.collect::<PolarsResult<Vec<_>>>()?;
                let items = items.iter().map(|item| item.as_deref().unwrap_or(lazy.null()));
                Some(joined(items, lazy, level))
            }
            (Self::Lazy(lazy), AnyValue::Struct(..) | AnyValue::StructOwned(_)) => {
                let values = fields(value);
                let values = values.iter().map(|value| self.text(value, level + 1));
                let values = values.collect::<PolarsResult<Vec<_>>>()?;
                let values = values.iter().map(|value| value.as_deref().unwrap_or(lazy.null()));
                Some(joined(values, lazy, level))
            }
            (Self::Lazy(lazy), AnyValue::String(text)) => Some(lazy.escaped(text).into_owned()),
            (Self::Lazy(lazy), AnyValue::StringOwned(text)) => Some(lazy.escaped(text).into_owned()),
            (_, AnyValue::Binary(bytes)) => Some(String::from_utf8_lossy(bytes).into_owned()),
            (_, AnyValue::BinaryOwned(bytes)) => Some(String::from_utf8_lossy(bytes).into_owned()),
            (_, AnyValue::Float32(number)) => Some(float(f64::from(*number), number.to_string())),
            (_, AnyValue::Float64(number)) => Some(float(*number, number.to_string())),
            (_, AnyValue::Datetime(..) | AnyValue::DatetimeOwned(..)) => Some(timestamp(&value.str_value())),
            _ => Some(value.str_value().into_owned()),
        })
    }

    /// The types that a line can hold.
    pub(crate) fn holds(&self, dtype: &DataType) -> bool {
        match self {
            Self::Lazy(_) => true,
            Self::Lines | Self::OpenCsv(_) => *dtype == DataType::String,
        }
    }
}

fn joined<'t>(parts: impl Iterator<Item = &'t str>, lazy: &Lazy, level: usize) -> String {
    let mut out = String::new();
    for (at, part) in parts.enumerate() {
        if at > 0 {
            out.push(lazy.separator(level));
        }
        out.push_str(part);
    }
    out
}

fn fields(value: &AnyValue<'_>) -> Vec<AnyValue<'static>> {
    match value.clone().into_static() {
        AnyValue::StructOwned(content) => content.0,
        _ => Vec::new(),
    }
}

/// As Java writes it: with a point, and its own names for what is no number.
fn float(number: f64, plain: String) -> String {
    match number {
        _ if number.is_nan() => "NaN".to_owned(),
        _ if number.is_infinite() => if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned(),
        _ if plain.contains(['.', 'e']) => plain,
        _ => format!("{plain}.0"),
    }
}

/// Without a zone, which readers of such files do not expect, and without zeros at the end of a fraction.
fn timestamp(text: &str) -> String {
    let text = text.strip_suffix(" UTC").unwrap_or(text);
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text.to_owned(),
    }
}
