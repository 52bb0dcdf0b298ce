//! Spark's names of types, and what a table can hold.

use aerostat_error::{Error, Result};
use polars::prelude::{DataType, Schema};

/// The type that Spark calls `text`, e.g. `DECIMAL(10,2)` or `array<string>`.
pub fn parse(_text: &str) -> Result<DataType> {
    Err(Error::internal("not written yet"))
}

/// The schema that Spark writes `a INT, b STRING`.
pub fn parse_schema(_ddl: &str) -> Result<Schema> {
    Err(Error::internal("not written yet"))
}

/// Spark's name of a type, e.g. `bigint`.
pub fn name(_dtype: &DataType) -> String {
    String::new()
}

/// The type that a table stores values of `dtype` as, or the reason why it cannot hold `column`.
pub fn storable(_column: &str, _dtype: &DataType) -> Result<DataType> {
    Err(Error::internal("not written yet"))
}
