//! Spark's names of types, and what a table can hold.
//!
//! A timestamp without a time zone is what Spark calls `timestamp` here: the session has no time zone of its own, so
//! wall-clock time is the only thing the word can mean. Timestamps with a zone are instants and go by the same name.

mod ddl;
mod storage;

use aerostat_error::Result;
use polars::prelude::{DataType, Field, Schema};

pub use storage::storable;

use crate::join_name;

/// The type that Spark calls `text`, e.g. `DECIMAL(10,2)` or `array<string>`.
pub fn parse(text: &str) -> Result<DataType> {
    ddl::parse_type(text)
}

/// The schema that Spark writes `a INT, b STRING`.
pub fn parse_schema(ddl: &str) -> Result<Schema> {
    ddl::parse_columns(ddl)
}

/// Spark's name of a type, e.g. `bigint`. Of a type that Spark does not have, the one it would be stored as.
pub fn name(dtype: &DataType) -> String {
    match dtype {
        DataType::Boolean => "boolean".into(),
        DataType::Int8 => "tinyint".into(),
        DataType::Int16 | DataType::UInt8 => "smallint".into(),
        DataType::Int32 | DataType::UInt16 => "int".into(),
        DataType::Int64 | DataType::UInt32 => "bigint".into(),
        DataType::UInt64 => "decimal(20,0)".into(),
        DataType::Float32 => "float".into(),
        DataType::Float64 => "double".into(),
        DataType::Decimal(precision, scale) => format!("decimal({precision},{scale})"),
        DataType::String | DataType::Categorical(..) | DataType::Enum(..) => "string".into(),
        DataType::Binary | DataType::BinaryOffset => "binary".into(),
        DataType::Date => "date".into(),
        DataType::Datetime(..) => "timestamp".into(),
        DataType::Duration(_) => "interval day to second".into(),
        DataType::Time => "time".into(),
        DataType::Null => "void".into(),
        DataType::List(inner) | DataType::Array(inner, _) => format!("array<{}>", name(inner)),
        DataType::Struct(fields) => {
            let fields: Vec<String> = fields.iter().map(|f| format!("{}:{}", f.name(), name(f.dtype()))).collect();
            format!("struct<{}>", fields.join(","))
        }
        other => other.to_string(),
    }
}

/// A type as statements write it, e.g. `STRUCT<a: BIGINT>`: [`name`] in capitals, but for the names of fields.
pub fn sql(dtype: &DataType) -> String {
    match dtype {
        DataType::List(inner) | DataType::Array(inner, _) => format!("ARRAY<{}>", sql(inner)),
        DataType::Struct(fields) => {
            let field = |field: &Field| format!("{}: {}", join_name(&[field.name()]), sql(field.dtype()));
            format!("STRUCT<{}>", fields.iter().map(field).collect::<Vec<_>>().join(", "))
        }
        plain => name(plain).to_uppercase(),
    }
}
