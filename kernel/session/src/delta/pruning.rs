//! The log's statistics in the form in which polars skips files by them.

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
    let entry = |file: &'_ DataFile, of: &str| file.stats.as_ref()?.get(of)?.get(name.as_str()).cloned();
    let min: Vec<AnyValue<'_>> = files.iter().map(|file| lower(dtype, entry(file, "minValues"))).collect();
    let max: Vec<AnyValue<'_>> = files.iter().map(|file| upper(dtype, entry(file, "maxValues"))).collect();
    let nulls: Vec<AnyValue<'_>> =
        files.iter().map(|file| count(entry(file, "nullCount").and_then(|nulls| nulls.as_u64()))).collect();
    let no_name = PlSmallStr::EMPTY;
    Ok([
        build(no_name.clone(), &min, dtype)?,
        build(no_name.clone(), &max, dtype)?,
        match dtype {
            // The counts of nested columns have a shape of their own, and nobody filters by them.
            DataType::Struct(_) => Series::full_null(no_name, files.len(), &null_count_dtype(dtype)).into_column(),
            _ => build(no_name, &nulls, &IDX_DTYPE)?,
        },
    ])
}

fn count(count: Option<u64>) -> AnyValue<'static> {
    count.map_or(AnyValue::Null, AnyValue::UInt64)
}

fn lower(dtype: &DataType, value: Option<Value>) -> AnyValue<'static> {
    value.and_then(|value| bound(dtype, &value)).unwrap_or(AnyValue::Null)
}

fn upper(dtype: &DataType, value: Option<Value>) -> AnyValue<'static> {
    match (dtype, lower(dtype, value)) {
        // Writers leave NaN out of the bounds, but for polars it is the largest number.
        (DataType::Float32 | DataType::Float64, _) => AnyValue::Null,
        (DataType::Datetime(..), AnyValue::Int64(micros)) => AnyValue::Int64(micros.saturating_add(CUT_MICROS)),
        (_, value) => value,
    }
}

/// A bound as the column's type or one that casts to it. Not of decimals: JSON has rounded them.
fn bound(dtype: &DataType, value: &Value) -> Option<AnyValue<'static>> {
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
