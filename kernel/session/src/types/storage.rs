//! What a Delta table can hold.

use aerostat_error::{Error, Result};
use polars::prelude::{DataType, Field, TimeUnit, TimeZone};

/// The type that a table stores values of `dtype` as, or the reason why it cannot hold `column`.
///
/// Delta has no unsigned numbers, no categories, arrays of any length only, and microseconds.
pub fn storable(column: &str, dtype: &DataType) -> Result<DataType> {
    let refuse = |what: &str, cast: &str| {
        Err(Error::not_supported(format!("a table cannot hold column `{column}`: {what}"))
            .with_hint(format!("cast it first: `col(\"{column}\").cast({cast})`")))
    };
    match dtype {
        DataType::UInt8 => Ok(DataType::Int16),
        DataType::UInt16 => Ok(DataType::Int32),
        DataType::UInt32 => Ok(DataType::Int64),
        DataType::UInt64 => Ok(DataType::Decimal(20, 0)),
        DataType::Categorical(..) | DataType::Enum(..) => Ok(DataType::String),
        DataType::BinaryOffset => Ok(DataType::Binary),
        DataType::Datetime(_, zone) => {
            Ok(DataType::Datetime(TimeUnit::Microseconds, zone.as_ref().map(|_| TimeZone::UTC)))
        }
        DataType::List(inner) | DataType::Array(inner, _) => Ok(DataType::List(Box::new(storable(column, inner)?))),
        DataType::Struct(fields) => {
            let stored = fields.iter().map(|f| Ok(Field::new(f.name().clone(), storable(column, f.dtype())?)));
            Ok(DataType::Struct(stored.collect::<Result<_>>()?))
        }
        DataType::Null => refuse("all of its values are null, so it has no type", "DataType::String"),
        DataType::Time => refuse("tables have no time of day", "DataType::String"),
        DataType::Duration(_) => refuse("tables have no durations", "DataType::Int64"),
        DataType::Boolean
        | DataType::Int8
        | DataType::Int16
        | DataType::Int32
        | DataType::Int64
        | DataType::Float32
        | DataType::Float64
        | DataType::Decimal(..)
        | DataType::String
        | DataType::Binary
        | DataType::Date => Ok(dtype.clone()),
        other => refuse(&format!("its type is `{other}`"), "DataType::String"),
    }
}
