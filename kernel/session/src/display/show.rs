//! Rows as Spark's `show` prints them.

use polars::prelude::{AnyValue, DataFrame, Series};

/// A longer value loses its end to three dots.
const TRUNCATED: usize = 20;
const NARROWEST: usize = 3;

/// The first `n` rows as Spark's `show` prints them; `truncate` cuts long values to 20 characters and aligns right.
pub fn show_text(frame: &DataFrame, n: usize, truncate: bool) -> String {
    let shown = frame.head(Some(n));
    let columns: Vec<Vec<String>> = shown
        .columns()
        .iter()
        .map(|column| {
            let values = column.as_materialized_series().iter().map(|value| text(&value)).collect::<Vec<_>>();
            let cells = std::iter::once(column.name().to_string()).chain(values);
            cells.map(|cell| if truncate { truncated(cell) } else { cell }).collect()
        })
        .collect();
    let mut out = table(&columns, shown.height(), truncate);
    if frame.height() > n {
        out.push_str(&format!("only showing top {n} row{}\n", if n == 1 { "" } else { "s" }));
    }
    out
}

/// The columns, each with its name first, between lines.
fn table(columns: &[Vec<String>], height: usize, right: bool) -> String {
    let width = |column: &Vec<String>| column.iter().map(|cell| cell.chars().count()).max().unwrap_or(0).max(NARROWEST);
    let widths: Vec<usize> = columns.iter().map(width).collect();
    let rule = format!("+{}\n", widths.iter().map(|width| format!("{}+", "-".repeat(*width))).collect::<String>());
    let mut out = rule.clone();
    for row in 0..=height {
        out.push('|');
        for (column, width) in columns.iter().zip(&widths) {
            let cell = column.get(row).map(String::as_str).unwrap_or_default();
            out.push_str(&if right { format!("{cell:>width$}|") } else { format!("{cell:<width$}|") });
        }
        out.push('\n');
        if row == 0 {
            out.push_str(&rule);
        }
    }
    out + &rule
}

fn truncated(cell: String) -> String {
    if cell.chars().count() <= TRUNCATED {
        return cell;
    }
    let kept: String = cell.chars().take(TRUNCATED - 3).collect();
    kept + "..."
}

/// A value as Spark writes it.
fn text(value: &AnyValue<'_>) -> String {
    match value {
        AnyValue::Null => "NULL".into(),
        AnyValue::Float64(number) => double(*number, format!("{number:?}"), format!("{number:E}")),
        AnyValue::Float32(number) => double(f64::from(*number), format!("{number:?}"), format!("{number:E}")),
        AnyValue::List(values) | AnyValue::Array(values, _) => format!("[{}]", list(values)),
        AnyValue::Struct(..) | AnyValue::StructOwned(_) => {
            let mut fields = Vec::new();
            value._materialize_struct_av(&mut fields);
            format!("{{{}}}", fields.iter().map(text).collect::<Vec<_>>().join(", "))
        }
        other => other.get_str().map_or_else(|| other.to_string(), str::to_owned),
    }
}

fn list(values: &Series) -> String {
    values.iter().map(|value| text(&value)).collect::<Vec<_>>().join(", ")
}

/// As Java writes it: with a point, and with an exponent for the very small and the large.
fn double(number: f64, plain: String, exponent: String) -> String {
    match number.abs() {
        size if size.is_nan() => "NaN".into(),
        size if size.is_infinite() => if number > 0.0 { "Infinity" } else { "-Infinity" }.into(),
        size if size == 0.0 || (1e-3..1e7).contains(&size) => plain,
        _ => match exponent.split_once('E') {
            Some((digits, power)) if !digits.contains('.') => format!("{digits}.0E{power}"),
            _ => exponent,
        },
    }
}
