//! `sequence(from, to, step)`: the numbers, days or times from one to the other.

use std::sync::Arc;

use aerostat_session::zone::Zone;
use chrono::{Months, TimeDelta};
use datafusion::arrow::array::{Array, ArrayRef, AsArray, Int64Array, ListArray};
use datafusion::arrow::buffer::{NullBuffer, OffsetBuffer};
use datafusion::arrow::datatypes::{
    DataType, Int64Type, IntervalMonthDayNano, IntervalMonthDayNanoType, TimestampMicrosecondType,
};
use datafusion::common::{Result, exec_err, plan_err};
use datafusion::logical_expr::ScalarUDF;

use super::cast::{INTERVAL, TIMESTAMP};
use super::convert::{Rules, cast, plainly};
use super::instant::{DAY_MICROS, micros_of_time, time_of_micros};
use super::limit;
use super::udf::{ByType, list_of};

/// The function.
pub(super) fn function() -> ScalarUDF {
    ByType::ruled("_sequence", sequence_type, sequence)
}

fn sequence_type(types: &[DataType]) -> Result<DataType> {
    Ok(list_of(match types {
        [DataType::Date32, ..] => DataType::Date32,
        [DataType::Timestamp(..), ..] => TIMESTAMP,
        [DataType::Int32, DataType::Int32, ..] => DataType::Int32,
        [from, to, ..] if from.is_integer() && to.is_integer() => DataType::Int64,
        [from, ..] => return plan_err!("sequence needs whole numbers, dates or timestamps, not {from}"),
        [] => return plan_err!("sequence needs where to begin and where to end"),
    }))
}

fn sequence(args: &[ArrayRef], rules: Rules) -> Result<ArrayRef> {
    let types: Vec<DataType> = args.iter().map(|arg| arg.data_type().clone()).collect();
    let DataType::List(field) = sequence_type(&types)? else { return exec_err!("no list") };
    let temporal = field.data_type().is_temporal();
    let ends = match temporal {
        false => args[..2].iter().map(|end| plainly(end, &DataType::Int64)).collect::<Result<Vec<_>>>()?,
        true => args[..2].iter().map(|end| micros(end, rules)).collect::<Result<Vec<_>>>()?,
    };
    let (from, to) = (ends[0].as_primitive::<Int64Type>(), ends[1].as_primitive::<Int64Type>());
    let step = args.get(2).map(|step| match temporal {
        true => plainly(step, &INTERVAL),
        false => plainly(step, &DataType::Int64),
    });
    let step = step.transpose()?;
    let (mut values, mut lengths, mut valid) = (Vec::new(), Vec::new(), Vec::new());
    for row in 0..from.len() {
        let before = values.len();
        let whole = from.is_valid(row) && to.is_valid(row) && step.as_ref().is_none_or(|step| step.is_valid(row));
        if whole {
            let (from, to) = (from.value(row), to.value(row));
            match (temporal, &step) {
                (true, step) => {
                    let day = IntervalMonthDayNano::new(0, if from <= to { 1 } else { -1 }, 0);
                    let step = step.as_ref().map(|step| step.as_primitive::<IntervalMonthDayNanoType>().value(row));
                    times(from, to, step.unwrap_or(day), rules.zone, &mut values)?;
                }
                (false, Some(step)) => numbers(from, to, step.as_primitive::<Int64Type>().value(row), &mut values)?,
                (false, None) => numbers(from, to, if from <= to { 1 } else { -1 }, &mut values)?,
            }
        }
        lengths.push(values.len() - before);
        valid.push(whole);
    }
    let values: ArrayRef = Arc::new(Int64Array::from(values));
    let values = match temporal {
        true => {
            let times: ArrayRef =
                Arc::new(values.as_primitive::<Int64Type>().reinterpret_cast::<TimestampMicrosecondType>());
            cast(&times, field.data_type(), rules)?
        }
        false => plainly(&values, field.data_type())?,
    };
    let nulls = NullBuffer::from(valid);
    Ok(Arc::new(ListArray::try_new(field, OffsetBuffer::from_lengths(lengths), values, Some(nulls))?))
}

/// Dates and times as microseconds.
fn micros(end: &ArrayRef, rules: Rules) -> Result<ArrayRef> {
    let times = cast(end, &TIMESTAMP, rules)?;
    Ok(Arc::new(times.as_primitive::<TimestampMicrosecondType>().reinterpret_cast::<Int64Type>()))
}

fn numbers(from: i64, to: i64, step: i64, values: &mut Vec<i64>) -> Result<()> {
    if from == to {
        values.push(from);
        return Ok(());
    }
    if step == 0 || (step > 0) != (to > from) {
        return exec_err!("sequence cannot come from {from} to {to} by steps of {step}");
    }
    let count = (i128::from(to) - i128::from(from)) / i128::from(step) + 1;
    limit::check(values.len().saturating_add(usize::try_from(count).unwrap_or(usize::MAX)))?;
    values.extend((0..count as i64).map(|at| from + at * step));
    Ok(())
}

/// Each time is so many steps from the first, so that months do not wear off the day.
fn times(from: i64, to: i64, step: IntervalMonthDayNano, zone: Zone, values: &mut Vec<i64>) -> Result<()> {
    let forward = step.months > 0 || step.days > 0 || step.nanoseconds > 0;
    if step == IntervalMonthDayNano::ZERO || (from < to) != forward && from != to {
        return exec_err!("sequence cannot come from its first to its last time by such steps");
    }
    let longest = i128::from(step.months.unsigned_abs()) * 31 + i128::from(step.days.unsigned_abs());
    let longest = longest * i128::from(DAY_MICROS) + i128::from(step.nanoseconds.unsigned_abs() / 1_000);
    let least = (i128::from(to) - i128::from(from)).unsigned_abs() / longest.unsigned_abs().max(1);
    limit::check(values.len().saturating_add(usize::try_from(least).unwrap_or(usize::MAX)))?;
    for at in 0.. {
        let Some(next) = stepped(from, step, at, zone) else { return exec_err!("the times of a sequence are too far") };
        if (forward && next > to) || (!forward && next < to) {
            break;
        }
        limit::check(values.len())?;
        values.push(next);
    }
    Ok(())
}

fn stepped(from: i64, step: IntervalMonthDayNano, times: i64, zone: Zone) -> Option<i64> {
    let clock = time_of_micros(zone.local(from)?)?;
    let months = i64::from(step.months) * times;
    let distance = Months::new(u32::try_from(months.unsigned_abs()).ok()?);
    let clock = if months < 0 { clock.checked_sub_months(distance)? } else { clock.checked_add_months(distance)? };
    let clock = clock.checked_add_signed(TimeDelta::try_days(i64::from(step.days) * times)?)?;
    zone.instant(micros_of_time(clock))?.checked_add((step.nanoseconds / 1_000).checked_mul(times)?)
}
