//! The text in which the log keeps dates, timestamps and the values of partition columns.

use aerostat_error::{Condition, Error, Result};
use chrono::{DateTime, Days, NaiveDate, NaiveDateTime};
use polars::prelude::{AnyValue, Column, DataType, IntoColumn, PlSmallStr, Series, TimeUnit};

use crate::errors::from_polars;
use crate::types;

/// The folder of the rows whose partition column is null.
pub(crate) const NULL_PARTITION: &str = "__HIVE_DEFAULT_PARTITION__";

const EPOCH: NaiveDate = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap();

/// Days since 1970 of `2024-01-31`.
pub(super) fn parse_date(text: &str) -> Option<i32> {
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    i32::try_from(date.signed_duration_since(EPOCH).num_days()).ok()
}

/// Microseconds since 1970 of `2024-01-31 12:00:00.5`, also with a `T` and a zone.
pub(super) fn parse_timestamp(text: &str) -> Option<i64> {
    if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
        return Some(instant.timestamp_micros());
    }
    let formats = ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f"];
    let local = formats.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())?;
    Some(local.and_utc().timestamp_micros())
}

/// The inverse of [`parse_date`].
pub(super) fn date_text(days: i32) -> Option<String> {
    let shift = Days::new(u64::from(days.unsigned_abs()));
    let date = if days < 0 { EPOCH.checked_sub_days(shift) } else { EPOCH.checked_add_days(shift) };
    date.map(|date| date.format("%Y-%m-%d").to_string())
}

/// The inverse of [`parse_timestamp`], in the given format.
pub(super) fn timestamp_text(micros: i64, format: &str) -> Option<String> {
    DateTime::from_timestamp_micros(micros).map(|instant| instant.naive_utc().format(format).to_string())
}

/// Whether the log's text of a partition value stands for null. The protocol has an empty one for it as well.
pub(super) fn is_null(text: Option<&str>) -> bool {
    text.is_none_or(str::is_empty)
}

/// The partition column `name`, one row a file, from the texts of the log.
pub(crate) fn column(name: &PlSmallStr, dtype: &DataType, texts: &[Option<&str>]) -> Result<Column> {
    let values = texts.iter().map(|text| match text.filter(|text| !is_null(Some(text))) {
        None => Ok(AnyValue::Null),
        Some(text) => value(dtype, text).ok_or_else(|| {
            Error::internal(format!("the table's log has `{text}` for column `{name}` of type `{dtype}`"))
        }),
    });
    let values = values.collect::<Result<Vec<AnyValue<'_>>>>()?;
    let series = Series::from_any_values(name.clone(), &values, false).and_then(|series| series.cast(dtype));
    series.map(IntoColumn::into_column).map_err(from_polars)
}

/// The value that a statement gives for a partition column, as a column of one row.
pub fn partition_value(name: &str, dtype: &DataType, text: Option<&str>) -> Result<Column> {
    match column(&name.into(), dtype, &[text]) {
        // What is too large for the type has become null.
        Ok(column) if is_null(text) || column.null_count() == 0 => Ok(column),
        _ => Err(Error::invalid_argument(format!(
            "`{}` is no value of column `{name}` of type `{}`",
            text.unwrap_or_default(),
            types::name(dtype)
        ))
        .with_condition(Condition::CAST_INVALID_INPUT)),
    }
}

/// The same as the log writes it: `'01'` for a number is `1`.
pub(crate) fn partition_text(name: &str, dtype: &DataType, text: Option<&str>) -> Result<Option<String>> {
    let value = partition_value(name, dtype, text)?;
    Ok(texts(value.as_materialized_series())?.pop().flatten())
}

/// The value as the column's type or one that casts to it without loss.
fn value<'a>(dtype: &DataType, text: &'a str) -> Option<AnyValue<'a>> {
    match dtype {
        DataType::Boolean => text.to_ascii_lowercase().parse().ok().map(AnyValue::Boolean),
        DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::Int64 => text.parse().ok().map(AnyValue::Int64),
        DataType::Float32 | DataType::Float64 => text.parse().ok().map(AnyValue::Float64),
        DataType::Date => parse_date(text).map(AnyValue::Int32),
        DataType::Datetime(TimeUnit::Microseconds, _) => parse_timestamp(text).map(AnyValue::Int64),
        DataType::String | DataType::Decimal(..) => Some(AnyValue::String(text)),
        _ => None,
    }
}

/// The values of a partition column as the log writes them; none for null.
pub(crate) fn texts(series: &Series) -> Result<Vec<Option<String>>> {
    let refused = || {
        Error::not_supported(format!("a table cannot be partitioned by column `{}`", series.name()))
            .with_hint(format!("partition by strings, numbers or dates; its type is `{}`", series.dtype()))
    };
    series
        .iter()
        .map(|value| if value.is_null() { Ok(None) } else { text(&value).map(Some).ok_or_else(refused) })
        .collect()
}

fn text(value: &AnyValue<'_>) -> Option<String> {
    match value {
        AnyValue::Boolean(value) => Some(value.to_string()),
        AnyValue::Int8(value) => Some(value.to_string()),
        AnyValue::Int16(value) => Some(value.to_string()),
        AnyValue::Int32(value) => Some(value.to_string()),
        AnyValue::Int64(value) => Some(value.to_string()),
        AnyValue::Float32(value) => Some(value.to_string()),
        AnyValue::Float64(value) => Some(value.to_string()),
        AnyValue::String(value) => Some((*value).to_owned()),
        AnyValue::StringOwned(value) => Some(value.to_string()),
        AnyValue::Decimal(..) => Some(value.to_string()),
        AnyValue::Date(days) => date_text(*days),
        AnyValue::Datetime(micros, TimeUnit::Microseconds, _) => timestamp_text(*micros, "%Y-%m-%d %H:%M:%S%.6f"),
        _ => None,
    }
}
