//! Dates and times by Java's patterns, and what else the engine lacks of Spark's time functions.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, Float64Array, PrimitiveArray, StringArray};
use datafusion::arrow::datatypes::{DataType, TimestampMicrosecondType};
use datafusion::common::{Result, exec_datafusion_err};
use datafusion::logical_expr::ScalarUDF;

use super::cast::TIMESTAMP;
use super::instant::{micros_of_time, months_between, time_of_micros};
use super::pattern::Pattern;
use super::udf::{Plain, text_at, texts};

/// `_format(timestamp, pattern)`, `_parse(text, pattern)` and `months_between(to, from)`.
pub(super) fn functions() -> Vec<ScalarUDF> {
    vec![
        Plain::udf("_format", vec![vec![TIMESTAMP, DataType::Utf8]], DataType::Utf8, format),
        Plain::udf("_parse", vec![vec![DataType::Utf8, DataType::Utf8]], TIMESTAMP, parse),
        Plain::udf("_months_between", vec![vec![TIMESTAMP, TIMESTAMP]], DataType::Float64, months),
    ]
}

/// Patterns as they come along the rows: nearly always the same one in all.
#[derive(Default)]
struct Patterns {
    last: Option<(String, Pattern)>,
}

impl Patterns {
    fn get(&mut self, text: &str) -> Result<&Pattern> {
        if self.last.as_ref().is_none_or(|(last, _)| last != text) {
            let pattern = Pattern::new(text).map_err(|reason| exec_datafusion_err!("{reason}"))?;
            self.last = Some((text.to_owned(), pattern));
        }
        match &self.last {
            Some((_, pattern)) => Ok(pattern),
            None => Err(exec_datafusion_err!("no pattern")),
        }
    }
}

fn times(array: &ArrayRef) -> Result<&PrimitiveArray<TimestampMicrosecondType>> {
    array.as_primitive_opt().ok_or_else(|| exec_datafusion_err!("expected timestamps, not {}", array.data_type()))
}

fn format(args: &[ArrayRef]) -> Result<ArrayRef> {
    let (times, formats) = (times(&args[0])?, texts(&args[1])?);
    let mut patterns = Patterns::default();
    let formatted = times.iter().enumerate().map(|(row, micros)| match (micros, text_at(formats, row)) {
        (Some(micros), Some(format)) => {
            let pattern = patterns.get(format)?;
            Ok(time_of_micros(micros).map(|time| pattern.format(time)))
        }
        _ => Ok(None),
    });
    Ok(Arc::new(formatted.collect::<Result<StringArray>>()?))
}

fn parse(args: &[ArrayRef]) -> Result<ArrayRef> {
    let (values, formats) = (texts(&args[0])?, texts(&args[1])?);
    let mut patterns = Patterns::default();
    let parsed = values.iter().enumerate().map(|(row, text)| match (text, text_at(formats, row)) {
        (Some(text), Some(format)) => Ok(patterns.get(format)?.parse(text.trim()).map(micros_of_time)),
        _ => Ok(None),
    });
    Ok(Arc::new(parsed.collect::<Result<PrimitiveArray<TimestampMicrosecondType>>>()?))
}

/// Rounded to eight digits, as Spark does.
fn months(args: &[ArrayRef]) -> Result<ArrayRef> {
    let (to, from) = (times(&args[0])?, times(&args[1])?);
    let months = to.iter().zip(from).map(|(to, from)| {
        let months = months_between(time_of_micros(to?)?, time_of_micros(from?)?);
        Some((months * 1e8).round() / 1e8)
    });
    Ok(Arc::new(months.collect::<Float64Array>()))
}
