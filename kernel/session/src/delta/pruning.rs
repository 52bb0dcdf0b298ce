//! The log's statistics: what is certain of the values in a file, and in the form in which polars skips files by it.

use aerostat_error::Result;
use aerostat_metastore::DataFile;
use polars::prelude::{
    AnyValue, Column, DataFrame, DataType, IDX_DTYPE, IntoColumn, PlSmallStr, Schema, Series, TimeUnit,
};
use polars_plan::plans::predicates::null_count_dtype;
use serde_json::Value;

use super::values::{parse_date, parse_timestamp};
use crate::errors::from_polars;

/// Statistics of timestamps may be cut to milliseconds, downwards.
const CUT_MICROS: i64 = 999;

/// One row a file: `len`, and for each column `_min`, `_max` and `_nc` (the number of nulls). Null is "not known".
pub(super) fn statistics(files: &[&DataFile], schema: &Schema, partitions: &DataFrame) -> Result<DataFrame> {
    let mut columns = vec![lengths(files)?];
    for (name, dtype) in schema.iter() {
        let [min, max, nulls] = match partitions.column(name) {
            Ok(values) => of_partition(values, files)?,
            Err(_) => of_column(name, dtype, files)?,
        };
        columns.push(min.with_name(format!("{name}_min").into()));
        columns.push(max.with_name(format!("{name}_max").into()));
        columns.push(nulls.with_name(format!("{name}_nc").into()));
    }
    DataFrame::new(files.len(), columns).map_err(from_polars)
}

fn lengths(files: &[&DataFile]) -> Result<Column> {
    let counts: Vec<AnyValue<'_>> = files.iter().map(|file| count(file.num_records)).collect();
    build("len".into(), &counts, &IDX_DTYPE)
}

fn of_partition(values: &Column, files: &[&DataFile]) -> Result<[Column; 3]> {
    let missing = values.is_null();
    let nulls = files.iter().zip(missing.iter());
    let nulls = nulls.map(|(file, null)| if null == Some(true) { count(file.num_records) } else { count(Some(0)) });
    let nulls: Vec<AnyValue<'_>> = nulls.collect();
    Ok([values.clone(), values.clone(), build(PlSmallStr::EMPTY, &nulls, &IDX_DTYPE)?])
}

fn of_column(name: &PlSmallStr, dtype: &DataType, files: &[&DataFile]) -> Result<[Column; 3]> {
    let nulls = |file: &&DataFile| file.stats.as_ref()?.get("nullCount")?.get(name.as_str())?.as_u64();
    let nulls: Vec<AnyValue<'_>> = files.iter().map(|file| count(nulls(file))).collect();
    let no_name = PlSmallStr::EMPTY;
    Ok([
        bounds(files, name, dtype, Bound::Lower)?,
        bounds(files, name, dtype, Bound::Upper)?,
        match dtype {
            // The counts of nested columns have a shape of their own, and nobody filters by them.
            DataType::Struct(_) => Series::full_null(no_name, files.len(), &null_count_dtype(dtype)).into_column(),
            _ => build(no_name, &nulls, &IDX_DTYPE)?,
        },
    ])
}

/// What all values of a column in a file are on one side of.
#[derive(Clone, Copy, Debug)]
pub enum Bound {
    /// None is less.
    Lower,
    /// None is greater.
    Upper,
}

/// A bound of the column in each file, in the column's type. Null is "not known", which is also what a log says that does
/// not say it surely enough: logs have many writers.
pub fn bounds(files: &[&DataFile], column: &str, dtype: &DataType, which: Bound) -> Result<Column> {
    let bounds: Vec<AnyValue<'_>> =
        files.iter().map(|file| which.of(file, column, dtype).unwrap_or(AnyValue::Null)).collect();
    build(column.into(), &bounds, dtype)
}

impl Bound {
    fn of(self, file: &DataFile, column: &str, dtype: &DataType) -> Option<AnyValue<'static>> {
        let said = |entry: &str| value(dtype, file.stats.as_ref()?.get(entry)?.get(column)?);
        match self {
            Self::Lower => said("minValues"),
            // Writers leave NaN out, which is the greatest number for Spark and for polars.
            Self::Upper if dtype.is_float() => None,
            Self::Upper => said("maxValues").map(|bound| match (dtype, bound) {
                (DataType::Datetime(..), AnyValue::Int64(micros)) => AnyValue::Int64(micros.saturating_add(CUT_MICROS)),
                (_, bound) => bound,
            }),
        }
    }
}

fn count(count: Option<u64>) -> AnyValue<'static> {
    count.map_or(AnyValue::Null, AnyValue::UInt64)
}

/// A value as the column's type or one that casts to it. Not of decimals: JSON has rounded them.
fn value(dtype: &DataType, value: &Value) -> Option<AnyValue<'static>> {
    match dtype {
        DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::Int64 => value.as_i64().map(AnyValue::Int64),
        DataType::Float32 | DataType::Float64 => value.as_f64().map(AnyValue::Float64),
        DataType::String => value.as_str().map(|text| AnyValue::StringOwned(text.into())),
        DataType::Date => value.as_str().and_then(parse_date).map(AnyValue::Int32),
        DataType::Datetime(TimeUnit::Microseconds, _) => value.as_str().and_then(parse_timestamp).map(AnyValue::Int64),
        _ => None,
    }
}

fn build(name: PlSmallStr, values: &[AnyValue<'_>], dtype: &DataType) -> Result<Column> {
    if values.iter().all(AnyValue::is_null) {
        return Ok(Series::full_null(name, values.len(), dtype).into_column());
    }
    let series = Series::from_any_values(name, values, false).and_then(|series| series.cast(dtype));
    series.map(IntoColumn::into_column).map_err(from_polars)
}
