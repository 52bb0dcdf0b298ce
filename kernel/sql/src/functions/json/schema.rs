//! `schema_of_json`: the type that a text of JSON has.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, StringArray};
use datafusion::common::{Result, exec_datafusion_err};
use serde_json::Value;

use crate::functions::udf::texts;

/// The types of texts, as DDL.
pub(super) fn of_json(args: &[ArrayRef]) -> Result<ArrayRef> {
    let types = texts(&args[0])?.iter().map(|text| {
        let Some(text) = text else { return Ok(None) };
        let json = serde_json::from_str(text).map_err(|error| exec_datafusion_err!("`{text}` is no JSON: {error}"))?;
        Ok(Some(type_of(&json)))
    });
    Ok(Arc::new(types.collect::<Result<StringArray>>()?))
}

fn type_of(json: &Value) -> String {
    match json {
        Value::Null | Value::String(_) => "STRING".to_owned(),
        Value::Bool(_) => "BOOLEAN".to_owned(),
        Value::Number(number) if number.is_f64() => "DOUBLE".to_owned(),
        Value::Number(_) => "BIGINT".to_owned(),
        Value::Array(values) => {
            let mut types: Vec<String> = values.iter().filter(|value| !value.is_null()).map(type_of).collect();
            types.dedup();
            let element = match types.as_slice() {
                [one] => one.clone(),
                several if !several.is_empty() && several.iter().all(|t| t == "BIGINT" || t == "DOUBLE") => {
                    "DOUBLE".to_owned()
                }
                _ => "STRING".to_owned(),
            };
            format!("ARRAY<{element}>")
        }
        Value::Object(object) => {
            let mut fields: Vec<(&String, String)> = object.iter().map(|(key, value)| (key, type_of(value))).collect();
            fields.sort_unstable();
            let fields: Vec<String> = fields.into_iter().map(|(key, value)| format!("{key}: {value}")).collect();
            format!("STRUCT<{}>", fields.join(", "))
        }
    }
}
