//! Texts as values, as `LazySimpleSerDe` takes them: what does not fit is null, never an error.

use chrono::{NaiveDate, NaiveDateTime};
use polars::prelude::{
    AnyValue, BooleanChunked, Column, DataType, Field, Float32Chunked, Float64Chunked, Int8Chunked, Int16Chunked,
    Int32Chunked, Int64Chunked, Int128Chunked, IntoColumn, NewChunkedArray, PlSmallStr, PolarsResult, Series,
    StringChunked, TimeUnit,
};

use super::lazy::Lazy;

/// The column `name` of the fields `texts`.
pub(super) fn column<'l>(
    name: PlSmallStr,
    dtype: &DataType,
    texts: impl Iterator<Item = Option<&'l str>>,
    lazy: &Lazy,
) -> PolarsResult<Column> {
    macro_rules! column {
        ($chunked:ident, $parse:expr) => {
            $chunked::from_iter_options(name, texts.map(|text| text.and_then($parse))).into_column()
        };
    }
    Ok(match dtype {
        DataType::String => {
            StringChunked::from_iter_options(name, texts.map(|text| text.map(|text| lazy.unescaped(text))))
                .into_column()
        }
        DataType::Boolean => column!(BooleanChunked, boolean),
        DataType::Int8 => column!(Int8Chunked, |text| integer(text)?.try_into().ok()),
        DataType::Int16 => column!(Int16Chunked, |text| integer(text)?.try_into().ok()),
        DataType::Int32 => column!(Int32Chunked, |text| integer(text)?.try_into().ok()),
        DataType::Int64 => column!(Int64Chunked, |text| integer(text)?.try_into().ok()),
        DataType::Float32 => column!(Float32Chunked, |text| java_number(text)?.parse().ok()),
        DataType::Float64 => column!(Float64Chunked, |text| java_number(text)?.parse().ok()),
        DataType::Date => column!(Int32Chunked, date).cast(dtype)?,
        DataType::Datetime(TimeUnit::Microseconds, _) => column!(Int64Chunked, timestamp).cast(dtype)?,
        DataType::Decimal(precision, scale) => {
            let parse = |text| decimal(text, *precision, *scale);
            let unscaled = Int128Chunked::from_iter_options(name, texts.map(|text| text.and_then(parse)));
            unscaled.into_decimal(*precision, *scale)?.into_column()
        }
        _ => {
            let values: Vec<AnyValue<'_>> =
                texts.map(|text| text.map_or(AnyValue::Null, |text| any(text, dtype, lazy, 1))).collect();
            Series::from_any_values_and_dtype(name, &values, dtype, true)?.into_column()
        }
    })
}

/// A value that may be nested; `level` is that of the separators within it.
fn any(text: &str, dtype: &DataType, lazy: &Lazy, level: usize) -> AnyValue<'static> {
    if lazy.is_null(text) {
        return AnyValue::Null;
    }
    match dtype {
        DataType::List(inner) => {
            let items = lazy.split(text, level).filter(|_| !text.is_empty());
            let items: Vec<AnyValue<'_>> = items.map(|item| any(item, inner, lazy, level + 1)).collect();
            match Series::from_any_values_and_dtype(PlSmallStr::EMPTY, &items, inner, false) {
                Ok(items) => AnyValue::List(items),
                Err(_) => AnyValue::Null,
            }
        }
        DataType::Struct(fields) => {
            let mut parts = lazy.split(text, level);
            let values = fields.iter().map(|field| match parts.next() {
                Some(part) => any(part, field.dtype(), lazy, level + 1),
                None => AnyValue::Null,
            });
            AnyValue::StructOwned(Box::new((values.collect(), fields.iter().map(Field::clone).collect())))
        }
        DataType::Binary => AnyValue::BinaryOwned(text.as_bytes().to_vec()),
        // One value is as good as a column of them.
        _ => column(PlSmallStr::EMPTY, dtype, std::iter::once(Some(text)), lazy)
            .ok()
            .and_then(|column| column.get(0).ok().map(AnyValue::into_static))
            .unwrap_or(AnyValue::Null),
    }
}

fn boolean(text: &str) -> Option<bool> {
    match text {
        _ if text.eq_ignore_ascii_case("true") => Some(true),
        _ if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// A whole number; decimals are cut off. No spaces are allowed around it.
fn integer(text: &str) -> Option<i128> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = whole.strip_prefix(['-', '+']).unwrap_or(whole);
    let only_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !only_digits(digits) || !only_digits(fraction) || (digits.is_empty() && fraction.is_empty()) {
        return None;
    }
    match digits {
        "" => Some(0),
        _ => whole.parse().ok(),
    }
}

/// The text of a floating-point number as Java accepts it, in a form that Rust does.
fn java_number(text: &str) -> Option<&str> {
    let text = text.trim();
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, "NaN" | "Infinity") {
        return Some(text);
    }
    let number = text.strip_suffix(['d', 'D', 'f', 'F']).unwrap_or(text);
    let fits = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E');
    number.bytes().all(fits).then_some(number)
}

/// Days since 1970 of `2024-1-31`.
fn date(text: &str) -> Option<i32> {
    let date = NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").ok()?;
    i32::try_from(date.signed_duration_since(NaiveDate::default()).num_days()).ok()
}

/// Microseconds since 1970 of `2024-1-31 12:00:00.5`.
fn timestamp(text: &str) -> Option<i64> {
    let local = NaiveDateTime::parse_from_str(text.trim(), "%Y-%m-%d %H:%M:%S%.f").ok()?;
    Some(local.and_utc().timestamp_micros())
}

/// The number at a scale, rounded half up; none if it has more digits than the precision.
fn decimal(text: &str, precision: usize, scale: usize) -> Option<i128> {
    let text = java_number(text).filter(|text| !text.contains(['N', 'I']))?;
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (negative, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, mantissa.strip_prefix('+').unwrap_or(mantissa)),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // So many of the digits are before the end of the scale.
    let kept = i32::try_from(whole.len() + scale).ok()?.checked_add(exponent)?;
    let unscaled = rounded(&digits, kept)?;
    let limit = 10_i128.checked_pow(u32::try_from(precision).ok()?)?;
    (unscaled < limit).then_some(if negative { -unscaled } else { unscaled })
}

/// The first `kept` of the digits as a number, rounded by the next; with zeros behind them if there are fewer.
fn rounded(digits: &str, kept: i32) -> Option<i128> {
    let Ok(kept) = usize::try_from(kept) else { return Some(0) };
    let head = digits.get(..kept).unwrap_or(digits);
    let zeros = u32::try_from(kept - head.len()).ok()?;
    let head: i128 = if head.is_empty() { 0 } else { head.parse().ok()? };
    let up = digits.as_bytes().get(kept).is_some_and(|next| *next >= b'5');
    let scaled = if head == 0 { 0 } else { head.checked_mul(10_i128.checked_pow(zeros)?)? };
    Some(scaled + i128::from(up))
}
