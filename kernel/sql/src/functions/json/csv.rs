//! One line of CSV in a text.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, StringArray};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result;
use serde_json::Value;

use super::options::Options;
use crate::functions::number::{parse_boolean, parse_double};
use crate::functions::udf::texts;

/// The fields of a line as an object with the names of the struct's fields.
pub(super) fn parsed(text: &str, dtype: &DataType, options: &Options) -> Option<Value> {
    let DataType::Struct(fields) = dtype else { return None };
    let separator = options.get("sep").or(options.get("delimiter")).unwrap_or(",");
    let values = split(text, separator);
    let object = fields.iter().zip(values).filter(|(_, value)| !value.is_empty());
    Some(Value::Object(object.map(|(field, value)| (field.name().clone(), Value::String(value))).collect()))
}

/// The fields of a line; quotes around a field keep separators in it.
fn split(line: &str, separator: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        if !quoted && !separator.is_empty() && rest.starts_with(separator) {
            fields.push(String::new());
            rest = &rest[separator.len()..];
            continue;
        }
        let field_is_empty = fields.last().is_none_or(String::is_empty);
        match c {
            '"' if quoted || field_is_empty => quoted = !quoted,
            c => fields.last_mut().into_iter().for_each(|field| field.push(c)),
        }
        rest = &rest[c.len_utf8()..];
    }
    fields
}

/// `schema_of_csv`: the columns of a line, as DDL.
pub(super) fn schema(args: &[ArrayRef]) -> Result<ArrayRef> {
    let schemas = texts(&args[0])?.iter().map(|line| {
        let fields = split(line?, ",").into_iter().enumerate();
        let fields: Vec<String> = fields.map(|(at, value)| format!("_c{at}: {}", type_of(value.trim()))).collect();
        Some(format!("STRUCT<{}>", fields.join(", ")))
    });
    Ok(Arc::new(schemas.collect::<StringArray>()))
}

fn type_of(value: &str) -> &'static str {
    if value.parse::<i32>().is_ok() {
        "INT"
    } else if value.parse::<i64>().is_ok() {
        "BIGINT"
    } else if parse_double(value).is_some() {
        "DOUBLE"
    } else if value.len() > 1 && parse_boolean(value).is_some() {
        "BOOLEAN"
    } else {
        "STRING"
    }
}
