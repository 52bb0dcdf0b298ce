//! The acceptance corpus: Spark's answers to everyday queries.

use std::collections::BTreeMap;
use std::path::PathBuf;

use aerostat_session::{Session, types};
use polars::prelude::*;
use serde_json::{Value, json};

/// The least number of queries that answer as Spark does. Raise it with what is reached, never lower it.
const EXPECTED: usize = 60;

pub fn folder() -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/sql");
    if !folder.is_dir() {
        println!("skipped: no ../shared/sql");
        return None;
    }
    Some(folder)
}

fn tables(session: &Session, folder: &std::path::Path) {
    for name in ["sales", "customers"] {
        let path = folder.join(format!("{name}.parquet"));
        let frame = session.read_parquet(path.to_str().unwrap()).unwrap();
        session.write(frame).save_as_table(name).unwrap();
    }
}

#[test]
fn queries_answer_as_spark_does() {
    let Some(folder) = folder() else { return };
    let (_root, session) = super::session();
    tables(&session, &folder);
    let text = std::fs::read_to_string(folder.join("queries.json")).unwrap();
    let queries: Vec<Value> = serde_json::from_str(&text).unwrap();
    let mut right = 0;
    for (number, query) in queries.iter().enumerate() {
        match check(&session, query) {
            Ok(()) => right += 1,
            Err(reason) => println!("{number:3} {}\n      {reason}", query["sql"].as_str().unwrap()),
        }
    }
    println!("{right} of {} queries answer as Spark does", queries.len());
    assert!(right >= EXPECTED.min(queries.len()), "{right} of {}", queries.len());
}

/// What differs from Spark's answer.
fn check(session: &Session, query: &Value) -> Result<(), String> {
    let sql = query["sql"].as_str().unwrap();
    let frame = session.sql(sql).map_err(|error| error.render(sql))?;
    if query["compare"] == "none" || sql.contains("TABLESAMPLE") {
        return Ok(());
    }
    let columns: Vec<String> = frame.get_column_names().iter().map(|name| name.to_string()).collect();
    let expected: Vec<String> = serde_json::from_value(query["columns"].clone()).unwrap();
    let expected = unique(expected);
    if columns != expected {
        return Err(format!("columns {columns:?}, not {expected:?}"));
    }
    let dtypes: Vec<String> = frame.dtypes().iter().map(types::name).collect();
    let expected: Vec<String> = serde_json::from_value(query["types"].clone()).unwrap();
    let expected: Vec<String> = expected.into_iter().map(frame_type).collect();
    if dtypes != expected {
        return Err(format!("types {dtypes:?}, not {expected:?}"));
    }
    let (got, wanted) = (rows(&frame), query["rows"].as_array().unwrap().clone());
    let cells = |row: &Value| Value::Array(row.as_array().unwrap().iter().map(plain).collect());
    let (got, wanted) = (got.iter().map(cells).collect(), wanted.iter().map(cells).collect());
    compare(sql, got, wanted, query["ordered"] == true)
}

/// A frame cannot have two columns of one name.
fn unique(names: Vec<String>) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    names
        .into_iter()
        .map(|name| {
            let count = seen.entry(name.clone()).or_default();
            *count += 1;
            if *count == 1 { name } else { format!("{name}_{}", *count - 1) }
        })
        .collect()
}

/// A frame has no maps, but lists of their entries.
fn frame_type(spark: String) -> String {
    match spark.strip_prefix("map<").and_then(|rest| rest.strip_suffix('>')).and_then(|rest| rest.split_once(',')) {
        Some((key, value)) => format!("array<struct<key:{key},value:{value}>>"),
        None => spark,
    }
}

fn compare(sql: &str, mut got: Vec<Value>, mut wanted: Vec<Value>, ordered: bool) -> Result<(), String> {
    if got.len() != wanted.len() {
        return Err(format!("{} rows, not {}", got.len(), wanted.len()));
    }
    if sql.contains("LIMIT") && !ordered {
        return Ok(());
    }
    if !ordered {
        got.sort_by_key(sort_key);
        wanted.sort_by_key(sort_key);
    }
    match got.iter().zip(&wanted).find(|(got, wanted)| !same(got, wanted)) {
        Some((got, wanted)) => Err(format!("row {got}, not {wanted}")),
        None => Ok(()),
    }
}

/// Numbers that differ in the last digits only must sort alike.
fn sort_key(value: &Value) -> String {
    match value {
        Value::Array(values) => values.iter().map(sort_key).collect::<Vec<_>>().join("\u{1}"),
        Value::Number(number) => format!("{:.6e}", number.as_f64().unwrap()),
        other => other.to_string(),
    }
}

fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            let (left, right) = (left.as_f64().unwrap(), right.as_f64().unwrap());
            (left - right).abs() <= 1e-9 * left.abs().max(right.abs())
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, value)| right.get(key).is_some_and(|other| same(value, other)))
        }
        _ => left == right,
    }
}

/// Maps as lists of entries, lists of structs in an order that does not depend on the rows'.
fn plain(value: &Value) -> Value {
    match value {
        Value::Array(values) => {
            let mut values: Vec<Value> = values.iter().map(plain).collect();
            if values.iter().any(Value::is_object) {
                values.sort_by_key(Value::to_string);
            }
            Value::Array(values)
        }
        other => other.clone(),
    }
}

fn rows(frame: &DataFrame) -> Vec<Value> {
    (0..frame.height())
        .map(|row| Value::Array(frame.columns().iter().map(|column| cell(column.get(row).unwrap())).collect()))
        .collect()
}

fn cell(value: AnyValue<'_>) -> Value {
    match value {
        AnyValue::Null => Value::Null,
        AnyValue::Boolean(value) => json!(value),
        AnyValue::String(text) => json!(text),
        AnyValue::StringOwned(text) => json!(text.as_str()),
        AnyValue::Float64(value) => json!(value),
        AnyValue::Float32(value) => json!(value),
        AnyValue::List(series) => {
            let values: Vec<Value> = series.iter().map(cell).collect();
            let is_map = matches!(series.dtype(), DataType::Struct(fields)
                if fields.iter().map(|field| field.name().as_str()).eq(["key", "value"]));
            if !is_map {
                return Value::Array(values);
            }
            let entries =
                values.iter().map(|entry| (entry["key"].as_str().unwrap().to_owned(), entry["value"].clone()));
            Value::Object(entries.collect())
        }
        AnyValue::Datetime(..) | AnyValue::DatetimeOwned(..) => {
            let text = value.to_string();
            json!(text.trim_end_matches(".000000"))
        }
        AnyValue::Struct(..) | AnyValue::StructOwned(..) => {
            let owned = value.into_static();
            let AnyValue::StructOwned(content) = owned else { return Value::Null };
            let (values, fields) = *content;
            let fields = fields.iter().zip(values).map(|(field, value)| (field.name().to_string(), cell(value)));
            Value::Object(fields.collect())
        }
        AnyValue::Int8(_) | AnyValue::Int16(_) | AnyValue::Int32(_) | AnyValue::Int64(_) => {
            json!(value.extract::<i64>().unwrap())
        }
        other => json!(other.to_string()),
    }
}
