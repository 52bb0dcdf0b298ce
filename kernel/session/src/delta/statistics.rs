//! Statistics of a data file, for the log.

use polars::prelude::{AnyValue, Column, DataFrame, DataType, Scalar, TimeUnit};
use serde_json::{Map, Value, json};

use super::values::{date_text, timestamp_text};

/// Bounds of strings are cut to this many characters.
const PREFIX: usize = 32;

/// Appended to a cut upper bound, so that it is one.
const LARGEST: char = char::MAX;

/// `numRecords`, `minValues`, `maxValues` and `nullCount`, in the form that the protocol wants.
pub(crate) fn statistics(frame: &DataFrame) -> Value {
    let (mut min, mut max, mut nulls) = (Map::new(), Map::new(), Map::new());
    for column in frame.columns() {
        let name = column.name().to_string();
        if let Some((low, high)) = bounds(column) {
            min.insert(name.clone(), low);
            max.insert(name.clone(), high);
        }
        if !column.dtype().is_nested() {
            nulls.insert(name, column.null_count().into());
        }
    }
    json!({ "numRecords": frame.height(), "minValues": min, "maxValues": max, "nullCount": nulls })
}

/// The least and the greatest value, if both can be written down so that they bound the column.
fn bounds(column: &Column) -> Option<(Value, Value)> {
    // NaN has no place in JSON, and what is greater than all other numbers must not be left out of an upper bound.
    if column.dtype().is_float() && column.is_nan().ok()?.any() {
        return None;
    }
    if !has_bounds(column.dtype()) {
        return None;
    }
    let (low, high) = (column.min_reduce().ok()?, column.max_reduce().ok()?);
    Some((bound(&low, false)?, bound(&high, true)?))
}

/// Not decimals, whose text JSON rounds, nor types without an order that all engines agree on.
fn has_bounds(dtype: &DataType) -> bool {
    dtype.is_integer()
        || dtype.is_float()
        || matches!(dtype, DataType::String | DataType::Date | DataType::Datetime(..))
}

fn bound(scalar: &Scalar, upper: bool) -> Option<Value> {
    match scalar.value() {
        AnyValue::Int8(value) => Some((*value).into()),
        AnyValue::Int16(value) => Some((*value).into()),
        AnyValue::Int32(value) => Some((*value).into()),
        AnyValue::Int64(value) => Some((*value).into()),
        AnyValue::Float32(value) => finite(f64::from(*value)),
        AnyValue::Float64(value) => finite(*value),
        AnyValue::Date(days) => date_text(*days).map(Value::from),
        AnyValue::Datetime(micros, TimeUnit::Microseconds, zone) => instant(*micros, zone.is_some()),
        AnyValue::DatetimeOwned(micros, TimeUnit::Microseconds, zone) => instant(*micros, zone.is_some()),
        value => value.get_str().and_then(|text| prefix(text, upper)).map(Value::from),
    }
}

fn instant(micros: i64, has_zone: bool) -> Option<Value> {
    let format = if has_zone { "%Y-%m-%dT%H:%M:%S%.6fZ" } else { "%Y-%m-%dT%H:%M:%S%.6f" };
    timestamp_text(micros, format).map(Value::from)
}

fn finite(value: f64) -> Option<Value> {
    serde_json::Number::from_f64(value).map(Value::Number)
}

/// The string, cut if it is long. A cut lower bound is one as it is; an upper bound needs something larger at its end.
fn prefix(text: &str, upper: bool) -> Option<String> {
    let Some((end, next)) = text.char_indices().nth(PREFIX) else { return Some(text.to_owned()) };
    match upper {
        false => Some(text[..end].to_owned()),
        true if next == LARGEST => None,
        true => Some(format!("{}{LARGEST}", &text[..end])),
    }
}
