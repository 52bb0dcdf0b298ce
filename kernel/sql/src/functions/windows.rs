//! `_windows(time, length, step, first)`: the windows of time that a time falls into. Windows are `length` long and begin
//! every `step` from `first` after the year 1970 on. `_session(time, gap)`: the window from a time until the gap after it; null
//! where that is no time at all.

use std::sync::Arc;

use aerostat_error::{Condition, Error, Kind};
use datafusion::arrow::array::{Array, ArrayRef, AsArray, ListArray, StructArray, TimestampMicrosecondArray};
use datafusion::arrow::buffer::{BooleanBuffer, NullBuffer, OffsetBuffer};
use datafusion::arrow::datatypes::{DataType, Field, Fields, IntervalMonthDayNanoType, TimestampMicrosecondType};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::ScalarUDF;

use super::calendar::shifted;
use super::cast::{INTERVAL, TIMESTAMP};
use super::convert::{Rules, cast, plainly};
use super::instant::DAY_MICROS;
use super::udf::{ByType, list_of};
use super::{external, limit};

/// The functions.
pub(super) fn functions() -> Vec<ScalarUDF> {
    vec![
        ByType::ruled("_windows", |_| Ok(list_of(DataType::Struct(fields()))), windows),
        ByType::ruled("_session", |_| Ok(DataType::Struct(fields())), session),
    ]
}

fn fields() -> Fields {
    Fields::from(vec![Field::new("start", TIMESTAMP, true), Field::new("end", TIMESTAMP, true)])
}

fn windows(args: &[ArrayRef], rules: Rules) -> Result<ArrayRef> {
    let times = cast(&args[0], &TIMESTAMP, rules)?;
    let times = times.as_primitive::<TimestampMicrosecondType>();
    let lengths = args[1..].iter().map(durations).collect::<Result<Vec<_>>>()?;
    let (mut starts, mut ends, mut counts) = (Vec::new(), Vec::new(), Vec::new());
    for row in 0..times.len() {
        let before = starts.len();
        let length = lengths[0][row];
        let step = lengths.get(1).map_or(length, |steps| steps[row]);
        let first = lengths.get(2).map_or(0, |firsts| firsts[row]);
        if step <= 0 || length < step {
            return exec_err!("windows must be at least as long as the step from one to the next, and that above zero");
        }
        limit::check(starts.len().saturating_add(usize::try_from(length / step).unwrap_or(usize::MAX)))?;
        if times.is_valid(row) {
            let time = times.value(row);
            let mut start = time - (time - first).rem_euclid(step);
            while start + length > time {
                starts.push(start);
                ends.push(start + length);
                start -= step;
            }
        }
        counts.push(starts.len() - before);
    }
    let columns: [ArrayRef; 2] =
        [starts, ends].map(|times| Arc::new(TimestampMicrosecondArray::from(times)) as ArrayRef);
    let windows = StructArray::try_new(fields(), columns.into(), None)?;
    let field = Arc::new(Field::new_list_field(DataType::Struct(fields()), true));
    Ok(Arc::new(ListArray::try_new(field, OffsetBuffer::from_lengths(counts), Arc::new(windows), None)?))
}

fn session(args: &[ArrayRef], rules: Rules) -> Result<ArrayRef> {
    let starts = cast(&args[0], &TIMESTAMP, rules)?;
    let gaps = plainly(&args[1], &INTERVAL)?;
    let ends = shifted(&[Arc::clone(&starts), gaps], rules, 1)?;
    let (from, to) = [&starts, &ends].map(|times| times.as_primitive::<TimestampMicrosecondType>()).into();
    let open: BooleanBuffer =
        from.iter().zip(to).map(|(from, to)| from.zip(to).is_some_and(|(from, to)| from < to)).collect();
    Ok(Arc::new(StructArray::try_new(fields(), vec![starts, ends], Some(NullBuffer::new(open)))?))
}

/// Durations in microseconds: months have none.
fn durations(values: &ArrayRef) -> Result<Vec<i64>> {
    let intervals = plainly(values, &INTERVAL)?;
    let intervals = intervals.as_primitive::<IntervalMonthDayNanoType>();
    let micros = |row: usize| {
        let interval = intervals.is_valid(row).then(|| intervals.value(row)).filter(|interval| interval.months == 0);
        let interval = interval.ok_or_else(|| {
            let error =
                Error::new(Kind::InvalidArgument, "the length of a window is no duration: months differ in length");
            external(
                error
                    .with_condition(Condition::INVALID_PARAMETER_VALUE)
                    .with_hint("write it like '10 minutes' or '1 day'"),
            )
        })?;
        Ok(i64::from(interval.days) * DAY_MICROS + interval.nanoseconds / 1_000)
    };
    (0..intervals.len()).map(micros).collect()
}
