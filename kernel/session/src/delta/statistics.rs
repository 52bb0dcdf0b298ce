//! Statistics of a data file, for the log: from the footer of the file.

use deltalake_core::parquet::basic::{ConvertedType, LogicalType, SortOrder, TimeUnit as ParquetUnit};
use deltalake_core::parquet::file::metadata::ParquetMetaData;
use deltalake_core::parquet::file::statistics::Statistics;
use deltalake_core::parquet::schema::types::ColumnDescriptor;
use polars::prelude::{DataType, Schema, TimeUnit};
use serde_json::{Map, Value, json};

use super::values::{date_text, timestamp_text};

/// Bounds of strings are cut to this many characters.
const PREFIX: usize = 32;

/// Appended to a cut upper bound, so that it is one.
const LARGEST: char = char::MAX;

/// `numRecords`, `minValues`, `maxValues` and `nullCount`, in the form that the protocol wants. `has_nan` tells the
/// columns of floats that have a NaN: it has no place in JSON, and what is greater than all other numbers must not be
/// left out of an upper bound.
pub(crate) fn statistics(footer: &ParquetMetaData, schema: &Schema, has_nan: &dyn Fn(&str) -> bool) -> Value {
    let (mut min, mut max, mut nulls) = (Map::new(), Map::new(), Map::new());
    let leaves = footer.file_metadata().schema_descr().columns();
    for (name, dtype) in schema.iter().filter(|(_, dtype)| !dtype.is_nested()) {
        let Some(at) = leaves.iter().position(|leaf| leaf.path().parts() == [name.as_str()]) else { continue };
        let Some(column) = Summary::of(footer, at) else { continue };
        nulls.insert(name.to_string(), column.nulls.into());
        let bounded = has_bounds(dtype) && is_stored_as(&leaves[at], dtype) && !has_nan(name);
        if let (true, Some((low, high))) = (bounded, &column.bounds)
            && let (Some(low), Some(high)) = (text(low, dtype, false), text(high, dtype, true))
        {
            min.insert(name.to_string(), low);
            max.insert(name.to_string(), high);
        }
    }
    let rows = footer.file_metadata().num_rows();
    json!({ "numRecords": rows, "minValues": min, "maxValues": max, "nullCount": nulls })
}

/// Not decimals, whose text JSON rounds, nor types without an order that all engines agree on.
fn has_bounds(dtype: &DataType) -> bool {
    dtype.is_integer()
        || dtype.is_float()
        || matches!(dtype, DataType::String | DataType::Date | DataType::Datetime(..))
}

/// Whether the file's numbers are those of the column. Files of other writers may count milliseconds, or beyond what a
/// signed number can be.
fn is_stored_as(leaf: &ColumnDescriptor, dtype: &DataType) -> bool {
    match dtype {
        DataType::Datetime(..) => match leaf.logical_type_ref() {
            Some(LogicalType::Timestamp(stored)) => stored.unit == ParquetUnit::MICROS,
            _ => leaf.converted_type() == ConvertedType::TIMESTAMP_MICROS,
        },
        dtype if dtype.is_integer() => leaf.sort_order() == SortOrder::SIGNED,
        _ => true,
    }
}

/// A bound as Parquet has it.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
enum Bound {
    Integer(i64),
    Float(f64),
    Bytes(Vec<u8>),
}

/// What the row groups say of a column together.
struct Summary {
    nulls: u64,
    bounds: Option<(Bound, Bound)>,
}

impl Summary {
    /// `None` if a row group does not say how many nulls it has.
    fn of(footer: &ParquetMetaData, column: usize) -> Option<Self> {
        let (mut nulls, mut bounds, mut known) = (0, None, true);
        for group in footer.row_groups() {
            let statistics = group.column(column).statistics()?;
            let missing = statistics.null_count_opt()?;
            nulls += missing;
            match of_group(statistics) {
                Some(more) => bounds = Some(bounds.map_or(more.clone(), |before| joined(before, more))),
                None if i64::try_from(missing) == Ok(group.num_rows()) => {}
                None => known = false,
            }
        }
        Some(Self { nulls, bounds: bounds.filter(|_| known) })
    }
}

fn joined(one: (Bound, Bound), other: (Bound, Bound)) -> (Bound, Bound) {
    let low = if other.0 < one.0 { other.0 } else { one.0 };
    let high = if other.1 > one.1 { other.1 } else { one.1 };
    (low, high)
}

fn of_group(statistics: &Statistics) -> Option<(Bound, Bound)> {
    Some(match statistics {
        Statistics::Int32(values) => {
            (Bound::Integer((*values.min_opt()?).into()), Bound::Integer((*values.max_opt()?).into()))
        }
        Statistics::Int64(values) => (Bound::Integer(*values.min_opt()?), Bound::Integer(*values.max_opt()?)),
        Statistics::Float(values) => {
            (Bound::Float((*values.min_opt()?).into()), Bound::Float((*values.max_opt()?).into()))
        }
        Statistics::Double(values) => (Bound::Float(*values.min_opt()?), Bound::Float(*values.max_opt()?)),
        // Writers of old ordered text by signed bytes.
        Statistics::ByteArray(values) if !statistics.is_min_max_deprecated() => {
            (Bound::Bytes(values.min_opt()?.data().to_vec()), Bound::Bytes(values.max_opt()?.data().to_vec()))
        }
        _ => return None,
    })
}

/// The bound as the log writes a value of this type, if it can be written down so that it is one.
fn text(bound: &Bound, dtype: &DataType, upper: bool) -> Option<Value> {
    match (bound, dtype) {
        (Bound::Integer(days), DataType::Date) => date_text(i32::try_from(*days).ok()?).map(Value::from),
        (Bound::Integer(micros), DataType::Datetime(TimeUnit::Microseconds, zone)) => {
            let format = if zone.is_some() { "%Y-%m-%dT%H:%M:%S%.6fZ" } else { "%Y-%m-%dT%H:%M:%S%.6f" };
            timestamp_text(*micros, format).map(Value::from)
        }
        (Bound::Integer(value), dtype) if dtype.is_integer() => Some((*value).into()),
        (Bound::Float(value), _) => serde_json::Number::from_f64(*value).map(Value::Number),
        (Bound::Bytes(bytes), DataType::String) => prefix(std::str::from_utf8(bytes).ok()?, upper).map(Value::from),
        _ => None,
    }
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
