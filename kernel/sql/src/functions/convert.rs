//! Conversions between types by Spark's rules: texts are trimmed, numbers and times look as Java writes them; what cannot
//! be converted is null, or in ANSI mode an error.

use std::sync::Arc;

use aerostat_error::{Condition, Error, Kind};
use aerostat_session::zone::{UTC, Zone};
use datafusion::arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, AsArray, BooleanArray, ListArray, MapArray, PrimitiveArray, StringArray,
    StructArray,
};
use datafusion::arrow::compute::{CastOptions, cast_with_options};
use datafusion::arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimeUnit,
    TimestampMicrosecondType,
};
use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;

use super::cast::TIMESTAMP;
use super::digits;
use super::display::as_text;
use super::instant::{DAY_MICROS, parse_date, parse_time};
use super::number::{parse_boolean, parse_double, parse_integer, without_exponent};

/// What becomes of a value that does not fit the type that it is cast to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// A text is null, a number is cut to the bits that fit.
    Legacy,
    /// An error.
    Ansi,
    /// Null.
    Try,
}

/// What a conversion depends on besides the value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules {
    pub(super) mode: Mode,
    pub(super) zone: Zone,
}

impl Rules {
    /// Those of the session that a plan is made or run for.
    pub(super) fn of(options: &ConfigOptions) -> Self {
        let mode = if options.execution.enable_ansi_mode { Mode::Ansi } else { Mode::Legacy };
        Self { mode, zone: options.execution.time_zone.as_deref().map_or(UTC, Zone::of_setting) }
    }
}

/// The rules for values that no setting can make doubtful.
pub(crate) fn plainly(value: &ArrayRef, to: &DataType) -> Result<ArrayRef> {
    cast(value, to, Rules { mode: Mode::Legacy, zone: UTC })
}

/// The cast of a column.
pub(super) fn cast(value: &ArrayRef, to: &DataType, rules: Rules) -> Result<ArrayRef> {
    let result = converted(value, to, rules)?;
    if rules.mode == Mode::Ansi && result.null_count() > value.logical_null_count() {
        let lost = (0..value.len()).find(|row| value.is_valid(*row) && result.is_null(*row));
        if let Some(row) = lost {
            return Err(super::external(unfit(value, row, to)?));
        }
    }
    Ok(result)
}

/// The error of a value that does not fit.
fn unfit(value: &ArrayRef, row: usize, to: &DataType) -> Result<Error> {
    let text = as_text(&value.slice(row, 1), UTC)?;
    let text = text.as_string::<i32>().value(0).to_owned();
    let name = |dtype: &DataType| crate::query::schema::type_name(dtype).unwrap_or_else(|_| dtype.to_string());
    let (message, condition) = match (value.data_type(), to) {
        (DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View, _) => {
            (format!("the text '{text}' is no {}", name(to)), Condition::CAST_INVALID_INPUT)
        }
        (_, DataType::Decimal128(..)) => {
            (format!("{text} does not fit {}", name(to)), Condition::NUMERIC_VALUE_OUT_OF_RANGE)
        }
        (from, _) => (format!("the {} {text} does not fit {}", name(from), name(to)), Condition::CAST_OVERFLOW),
    };
    let hint = "say TRY_CAST to get null instead";
    Ok(Error::new(Kind::Compute, message).with_condition(condition).with_hint(hint))
}

fn converted(value: &ArrayRef, to: &DataType, rules: Rules) -> Result<ArrayRef> {
    use DataType::{Boolean, Date32, Float32, Float64, Int8, Int16, Int32, Int64, LargeUtf8, Utf8, Utf8View};
    let from = value.data_type();
    let zone = rules.zone;
    match (from, to) {
        _ if from == to => Ok(Arc::clone(value)),
        (Utf8View | LargeUtf8, _) => cast(&plain_cast(value, &Utf8)?, to, rules),
        (Utf8, Int8 | Int16 | Int32 | Int64) => {
            let strict = rules.mode != Mode::Legacy;
            parsed::<Int64Type>(value, to, |text| parse_integer(text).filter(|_| !(strict && text.contains('.'))))
        }
        (Utf8, Float32 | Float64) => parsed::<Float64Type>(value, to, parse_double),
        (Utf8, Date32) => parsed::<Date32Type>(value, to, |text| parse_date(text, zone)),
        (Utf8, DataType::Timestamp(..)) => parsed::<TimestampMicrosecondType>(value, to, |text| parse_time(text, zone)),
        (Utf8, Boolean) => {
            let texts = value.as_string::<i32>();
            Ok(Arc::new(texts.iter().map(|text| text.and_then(parse_boolean)).collect::<BooleanArray>()))
        }
        (Utf8, DataType::Decimal128(..)) => {
            let digits = |text| without_exponent(str::trim(text));
            let texts: StringArray = value.as_string::<i32>().iter().map(|text| text.map(digits)).collect();
            plain_cast(&(Arc::new(texts) as ArrayRef), to)
        }
        (_, Utf8 | LargeUtf8 | Utf8View) => plain_cast(&as_text(value, zone)?, to),
        (Float32 | Float64 | DataType::Decimal128(..), Int8 | Int16 | Int32 | Int64) => to_integer(value, to, rules),
        (Float32 | Float64, DataType::Decimal128(precision, scale)) => to_decimal(value, *precision, *scale),
        (Int64 | Int32 | Int16, Int8 | Int16 | Int32) => match rules.mode {
            Mode::Legacy => wrapped(value, to),
            Mode::Ansi | Mode::Try => plain_cast(value, to),
        },
        (
            Boolean | Int8 | Int16 | Int32 | Int64 | Float32 | Float64 | DataType::Decimal128(..),
            DataType::Timestamp(..),
        ) => seconds_to_time(value, to),
        (DataType::Timestamp(..), Int8 | Int16 | Int32 | Int64 | Float32 | Float64) => time_to_seconds(value, to),
        // The difference of two times, in whole seconds.
        (DataType::Duration(_), Int8 | Int16 | Int32 | Int64) => {
            let micros = plain_cast(&plain_cast(value, &DataType::Duration(TimeUnit::Microsecond))?, &Int64)?;
            let seconds = micros.as_primitive::<Int64Type>().unary::<_, Int64Type>(|micros| micros / 1_000_000);
            wrapped(&(Arc::new(seconds) as ArrayRef), to)
        }
        (DataType::Timestamp(_, Some(_)), DataType::Timestamp(unit, None)) => {
            // Both are instants; without a zone they are in UTC.
            let micros = plain_cast(value, &DataType::Timestamp(*unit, Some("UTC".into())))?;
            plain_cast(&plain_cast(&micros, &Int64)?, to)
        }
        (DataType::Timestamp(..), Date32) => {
            let micros = cast(value, &TIMESTAMP, rules)?;
            let micros = micros.as_primitive::<TimestampMicrosecondType>();
            let day = |micros: i64| i32::try_from(zone.local(micros)?.div_euclid(DAY_MICROS)).ok();
            Ok(Arc::new(micros.unary_opt::<_, Date32Type>(day)))
        }
        (Date32, DataType::Timestamp(..)) if !zone.is_utc() => {
            let days = value.as_primitive::<Date32Type>();
            let midnight = |days: i32| zone.instant(i64::from(days) * DAY_MICROS);
            plain_cast(&(Arc::new(days.unary_opt::<_, TimestampMicrosecondType>(midnight)) as ArrayRef), to)
        }
        (Date32, Boolean | Int8 | Int16 | Int32 | Int64 | Float32 | Float64) => {
            Ok(datafusion::arrow::array::new_null_array(to, value.len()))
        }
        (DataType::List(_), DataType::List(_))
        | (DataType::Struct(_), DataType::Struct(_))
        | (DataType::Map(..), DataType::Map(..)) => nested(value, to, rules),
        _ => plain_cast(value, to),
    }
}

/// The conversion of what is inside; fields of structs go by their position.
fn nested(value: &ArrayRef, to: &DataType, rules: Rules) -> Result<ArrayRef> {
    Ok(match to {
        DataType::List(field) => {
            let lists = value.as_list::<i32>();
            let values = cast(lists.values(), field.data_type(), rules)?;
            Arc::new(ListArray::try_new(Arc::clone(field), lists.offsets().clone(), values, lists.nulls().cloned())?)
        }
        DataType::Map(field, sorted) => {
            let maps = value.as_map();
            let entries: ArrayRef = Arc::new(maps.entries().clone());
            let entries = cast(&entries, field.data_type(), rules)?;
            let (entries, nulls) = (entries.as_struct().clone(), maps.nulls().cloned());
            Arc::new(MapArray::try_new(Arc::clone(field), maps.offsets().clone(), entries, nulls, *sorted)?)
        }
        DataType::Struct(fields) if fields.len() == value.as_struct().num_columns() => {
            let structs = value.as_struct();
            let columns = structs.columns().iter().zip(fields).map(|(column, to)| cast(column, to.data_type(), rules));
            let columns = columns.collect::<Result<Vec<_>>>()?;
            Arc::new(StructArray::try_new(fields.clone(), columns, structs.nulls().cloned())?)
        }
        _ => plain_cast(value, to)?,
    })
}

/// The conversion of Arrow, with null for what cannot be converted.
pub(super) fn plain_cast(value: &ArrayRef, to: &DataType) -> Result<ArrayRef> {
    Ok(cast_with_options(value, to, &CastOptions { safe: true, ..CastOptions::default() })?)
}

fn parsed<T: ArrowPrimitiveType>(
    value: &ArrayRef,
    to: &DataType,
    parse: impl Fn(&str) -> Option<T::Native>,
) -> Result<ArrayRef> {
    let texts = value.as_string::<i32>();
    let values: PrimitiveArray<T> = texts.iter().map(|text| text.and_then(&parse)).collect();
    plain_cast(&(Arc::new(values) as ArrayRef), to)
}

/// A number without its fraction: as Java narrows it, to the nearest number that there is, or by the mode.
fn to_integer(value: &ArrayRef, to: &DataType, rules: Rules) -> Result<ArrayRef> {
    let decimal = value.data_type().is_decimal();
    if rules.mode != Mode::Legacy {
        return plain_cast(value, to);
    }
    if decimal {
        // Of a decimal the low bits are kept, as of any whole number.
        let longs = plain_cast(value, &DataType::Int64)?;
        return wrapped(&longs, to);
    }
    let doubles = plain_cast(value, &DataType::Float64)?;
    let doubles = doubles.as_primitive::<Float64Type>();
    let longs: ArrayRef = match to {
        DataType::Int64 => return Ok(Arc::new(doubles.unary::<_, Int64Type>(|double| double as i64))),
        _ => Arc::new(doubles.unary::<_, Int32Type>(|double| double as i32)),
    };
    wrapped(&longs, to)
}

/// A floating-point number as it is shown, rounded to the digits after the point.
fn to_decimal(value: &ArrayRef, precision: u8, scale: i8) -> Result<ArrayRef> {
    let doubles = plain_cast(value, &DataType::Float64)?;
    let limit = digits::power(precision.into());
    let fits = |number: &i128| limit.is_none_or(|limit| number.abs() < limit);
    let decimal = |double: f64| digits::scaled(double, scale.into()).filter(fits);
    let decimals = doubles.as_primitive::<Float64Type>().unary_opt::<_, Decimal128Type>(decimal);
    Ok(Arc::new(decimals.with_precision_and_scale(precision, scale)?))
}

/// Java's narrowing of whole numbers: the low bits.
fn wrapped(value: &ArrayRef, to: &DataType) -> Result<ArrayRef> {
    let longs = plain_cast(value, &DataType::Int64)?;
    let longs = longs.as_primitive::<Int64Type>();
    Ok(match to {
        DataType::Int8 => Arc::new(longs.unary::<_, Int8Type>(|long| long as i8)),
        DataType::Int16 => Arc::new(longs.unary::<_, Int16Type>(|long| long as i16)),
        DataType::Int32 => Arc::new(longs.unary::<_, Int32Type>(|long| long as i32)),
        _ => Arc::new(longs.clone()),
    })
}

fn seconds_to_time(value: &ArrayRef, to: &DataType) -> Result<ArrayRef> {
    let micros: PrimitiveArray<TimestampMicrosecondType> = match value.data_type() {
        DataType::Float32 | DataType::Float64 | DataType::Decimal128(..) => {
            let seconds = plain_cast(value, &DataType::Float64)?;
            let seconds = seconds.as_primitive::<Float64Type>();
            seconds.unary_opt(|seconds| seconds.is_finite().then_some((seconds * 1e6).round() as i64))
        }
        _ => {
            let seconds = plain_cast(value, &DataType::Int64)?;
            seconds.as_primitive::<Int64Type>().unary(|seconds| seconds.saturating_mul(1_000_000))
        }
    };
    plain_cast(&(Arc::new(micros) as ArrayRef), to)
}

fn time_to_seconds(value: &ArrayRef, to: &DataType) -> Result<ArrayRef> {
    let micros = plainly(value, &TIMESTAMP)?;
    let micros = micros.as_primitive::<TimestampMicrosecondType>();
    match to {
        DataType::Float32 | DataType::Float64 => {
            let seconds: ArrayRef = Arc::new(micros.unary::<_, Float64Type>(|micros| micros as f64 / 1e6));
            plain_cast(&seconds, to)
        }
        _ => wrapped(&(Arc::new(micros.unary::<_, Int64Type>(|micros| micros.div_euclid(1_000_000))) as ArrayRef), to),
    }
}
