//! Dates and times by Java's patterns, and what else the engine lacks of Spark's time functions.

use std::sync::Arc;

use aerostat_error::{Condition, Error, Kind};
use datafusion::arrow::array::{Array, ArrayRef, AsArray, Float64Array, PrimitiveArray, StringArray};
use datafusion::arrow::datatypes::{DataType, TimestampMicrosecondType};
use datafusion::common::{Result, exec_datafusion_err};
use datafusion::logical_expr::ScalarUDF;

use super::cast::TIMESTAMP;
use super::convert::{Mode, Rules};
use super::instant::{months_between, time_of_micros};
use super::pattern::Pattern;
use super::udf::{ByType, Plain, text_at, texts};

/// `_format(timestamp, pattern)`, `_parse(text, pattern)`, `_try_parse(text, pattern)` `_timezone(any)`
/// and `_months_between(to, from, round)`.
pub(super) fn functions() -> Vec<ScalarUDF> {
    use DataType::{Boolean, Float64, Utf8};
    vec![
        Plain::ruled("_format", vec![vec![TIMESTAMP, Utf8]], Utf8, format),
        Plain::ruled("_parse", vec![vec![Utf8, Utf8]], TIMESTAMP, parse),
        Plain::ruled("_try_parse", vec![vec![Utf8, Utf8]], TIMESTAMP, |args, rules| {
            parse(args, Rules { mode: Mode::Try, ..rules })
        }),
        ByType::ruled(
            "_timezone",
            |_| Ok(Utf8),
            |args, rules| Ok(Arc::new(StringArray::from(vec![rules.zone.to_string(); args[0].len()]))),
        ),
        Plain::ruled("_months_between", vec![vec![TIMESTAMP, TIMESTAMP, Boolean]], Float64, months),
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

fn format(args: &[ArrayRef], rules: Rules) -> Result<ArrayRef> {
    let (times, formats) = (times(&args[0])?, texts(&args[1])?);
    let mut patterns = Patterns::default();
    let formatted = times.iter().enumerate().map(|(row, micros)| match (micros, text_at(formats, row)) {
        (Some(micros), Some(format)) => Ok(patterns.get(format)?.format(micros, rules.zone)),
        _ => Ok(None),
    });
    Ok(Arc::new(formatted.collect::<Result<StringArray>>()?))
}

fn parse(args: &[ArrayRef], rules: Rules) -> Result<ArrayRef> {
    let (values, formats) = (texts(&args[0])?, texts(&args[1])?);
    let mut patterns = Patterns::default();
    let parsed = values.iter().enumerate().map(|(row, text)| {
        let (Some(text), Some(format)) = (text, text_at(formats, row)) else { return Ok(None) };
        match patterns.get(format)?.parse(text.trim(), rules.zone) {
            None if rules.mode == Mode::Ansi => Err(super::external(unparsed(text, format))),
            time => Ok(time),
        }
    });
    Ok(Arc::new(parsed.collect::<Result<PrimitiveArray<TimestampMicrosecondType>>>()?))
}

fn unparsed(text: &str, format: &str) -> Error {
    Error::new(Kind::Compute, format!("the text '{text}' has not the form '{format}'"))
        .with_condition(Condition::CANNOT_PARSE_TIMESTAMP)
        .with_hint("say try_to_timestamp to get null instead")
}

/// Rounded to eight digits unless that is not wanted.
fn months(args: &[ArrayRef], rules: Rules) -> Result<ArrayRef> {
    let (to, from, rounded) = (times(&args[0])?, times(&args[1])?, args[2].as_boolean());
    let clock = |micros: i64| time_of_micros(rules.zone.local(micros)?);
    let months = to.iter().zip(from).enumerate().map(|(row, (to, from))| {
        let months = months_between(clock(to?)?, clock(from?)?);
        match rounded.is_valid(row).then(|| rounded.value(row))? {
            true => Some((months * 1e8).round() / 1e8),
            false => Some(months),
        }
    });
    Ok(Arc::new(months.collect::<Float64Array>()))
}
