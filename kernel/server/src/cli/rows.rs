//! Rows as JSON and as CSV. The values of both are the same: CSV writes the JSON of what is not a scalar.

use std::io::{Result, Write};

use aerostat_session::types;
use polars::prelude::{AnyValue, Column, DataFrame, DataType};
use serde_json::{Map, Value, json};

/// One line: `{"columns": [..], "types": [..], "rows": [[..], ..]}`.
pub(super) fn write_json(out: &mut impl Write, frame: &DataFrame) -> Result<()> {
    let names: Vec<&str> = frame.columns().iter().map(|column| column.name().as_str()).collect();
    let types: Vec<String> = frame.columns().iter().map(|column| types::name(column.dtype())).collect();
    write!(out, "{{\"columns\": {}, \"types\": {}, \"rows\": [", json!(names), json!(types))?;
    for row in 0..frame.height() {
        let values: Vec<Value> = frame.columns().iter().map(|column| value_at(column, row)).collect();
        write!(out, "{}{}", if row > 0 { ", " } else { "" }, json!(values))?;
    }
    writeln!(out, "]}}")
}

/// A line with the names, then a line a row. An empty string is quoted, a null is not there at all.
pub(super) fn write_csv(out: &mut impl Write, frame: &DataFrame) -> Result<()> {
    let names: Vec<String> = frame.columns().iter().map(|column| quoted(column.name())).collect();
    writeln!(out, "{}", names.join(","))?;
    for row in 0..frame.height() {
        let fields: Vec<String> = frame.columns().iter().map(|column| field(&value_at(column, row))).collect();
        writeln!(out, "{}", fields.join(","))?;
    }
    Ok(())
}

fn field(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => quoted(text),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::Array(_) | Value::Object(_) => quoted(&value.to_string()),
    }
}

fn quoted(text: &str) -> String {
    match text.is_empty() || text.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    }
}

fn value_at(column: &Column, row: usize) -> Value {
    column.get(row).map_or(Value::Null, |value| to_json(&value))
}

/// Numbers and booleans as they are, what JSON has no form for as text, `NaN` and infinities included.
fn to_json(value: &AnyValue<'_>) -> Value {
    match value {
        AnyValue::Null => Value::Null,
        AnyValue::Boolean(value) => json!(value),
        AnyValue::UInt8(value) => json!(value),
        AnyValue::UInt16(value) => json!(value),
        AnyValue::UInt32(value) => json!(value),
        AnyValue::UInt64(value) => json!(value),
        AnyValue::Int8(value) => json!(value),
        AnyValue::Int16(value) => json!(value),
        AnyValue::Int32(value) => json!(value),
        AnyValue::Int64(value) => json!(value),
        // The shortest digits that read back as the same float; JSON's own conversion would widen them first.
        AnyValue::Float32(value) => float(value.to_string().parse().unwrap_or(f64::from(*value))),
        AnyValue::Float64(value) => float(*value),
        AnyValue::String(text) => json!(text),
        AnyValue::StringOwned(text) => json!(text.as_str()),
        AnyValue::Datetime(..) | AnyValue::DatetimeOwned(..) => json!(timestamp(value)),
        AnyValue::List(series) | AnyValue::Array(series, _) => series.iter().map(|item| to_json(&item)).collect(),
        AnyValue::Struct(..) | AnyValue::StructOwned(_) => object(value),
        AnyValue::Binary(bytes) => json!(hex(bytes)),
        AnyValue::BinaryOwned(bytes) => json!(hex(bytes)),
        other => json!(other.to_string()),
    }
}

fn float(value: f64) -> Value {
    serde_json::Number::from_f64(value).map_or_else(|| json!(value.to_string()), Value::Number)
}

fn object(value: &AnyValue<'_>) -> Value {
    let DataType::Struct(fields) = value.dtype() else { return Value::Null };
    let names = fields.iter().map(|field| field.name.to_string());
    let values: Vec<Value> = match value {
        AnyValue::StructOwned(inner) => inner.0.iter().map(to_json).collect(),
        other => other._iter_struct_av().map(|value| to_json(&value)).collect(),
    };
    Value::Object(names.zip(values).collect::<Map<_, _>>())
}

/// As Spark prints a timestamp: without zeros at the end of a fraction.
fn timestamp(value: &AnyValue<'_>) -> String {
    let text = value.to_string();
    match text.contains('.') {
        true => text.trim_end_matches('0').to_owned(),
        false => text,
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}
