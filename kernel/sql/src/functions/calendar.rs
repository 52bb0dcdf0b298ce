//! Parts of dates and times, and arithmetic with their units, on the wall clock of the session's zone.

use std::sync::Arc;

use aerostat_error::{Condition, Error, Kind};
use aerostat_session::zone::{UTC, Zone};
use chrono::{Datelike, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};
use datafusion::arrow::array::{Array, ArrayRef, AsArray, Int32Array, Int64Array, PrimitiveArray};
use datafusion::arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Int32Type, Int64Type, IntervalMonthDayNanoType, TimestampMicrosecondType,
};
use datafusion::common::{Result, exec_datafusion_err};
use datafusion::logical_expr::ScalarUDF;

use super::cast::{INTERVAL, TIMESTAMP};
use super::convert::{Mode, Rules, cast};
use super::instant::{DAY_MICROS, date_of_days, days_of_date, micros_of_time, time_of_micros};
use super::udf::{Plain, text_at, texts};

/// The functions.
pub(super) fn functions() -> Vec<ScalarUDF> {
    use DataType::{Date32, Decimal128, Int32, Int64, Utf8};
    let seconds = Decimal128(16, 6);
    let clock = vec![Int32, Int32, Int32, Int32, Int32, seconds];
    let clock_in_zone = clock.iter().cloned().chain([Utf8]).collect();
    vec![
        Plain::ruled("_part", vec![vec![Utf8, TIMESTAMP], vec![Utf8, Date32]], Int32, part),
        Plain::ruled("_part_seconds", vec![vec![TIMESTAMP]], Decimal128(8, 6), part_seconds),
        Plain::ruled("_trunc", vec![vec![Utf8, TIMESTAMP]], TIMESTAMP, trunc),
        Plain::udf("_trunc_date", vec![vec![Date32, Utf8]], Date32, trunc_date),
        Plain::ruled("_add_units", vec![vec![Utf8, Int64, TIMESTAMP]], TIMESTAMP, add_units),
        Plain::ruled("_units_between", vec![vec![Utf8, TIMESTAMP, TIMESTAMP]], Int64, units_between),
        Plain::ruled("_add_interval", vec![vec![TIMESTAMP, INTERVAL]], TIMESTAMP, |args, rules| {
            shifted(args, rules, 1)
        }),
        Plain::ruled("_subtract_interval", vec![vec![TIMESTAMP, INTERVAL]], TIMESTAMP, |args, rules| {
            shifted(args, rules, -1)
        }),
        Plain::ruled("make_date", vec![vec![Int32, Int32, Int32]], Date32, make_date),
        Plain::ruled("_make_timestamp", vec![clock, clock_in_zone], TIMESTAMP, make_timestamp),
        Plain::ruled("next_day", vec![vec![Date32, Utf8]], Date32, next_day),
        Plain::udf("from_utc_timestamp", vec![vec![TIMESTAMP, Utf8]], TIMESTAMP, |args| in_zone(args, Zone::local)),
        Plain::udf("to_utc_timestamp", vec![vec![TIMESTAMP, Utf8]], TIMESTAMP, |args| in_zone(args, Zone::instant)),
    ]
}

fn times(array: &ArrayRef) -> Result<&PrimitiveArray<TimestampMicrosecondType>> {
    array.as_primitive_opt().ok_or_else(|| exec_datafusion_err!("expected timestamps, not {}", array.data_type()))
}

/// The wall clock of the zone at an instant.
fn clock(micros: i64, zone: Zone) -> Option<NaiveDateTime> {
    time_of_micros(zone.local(micros)?)
}

/// `_part('month', when)`.
fn part(args: &[ArrayRef], rules: Rules) -> Result<ArrayRef> {
    let fields = texts(&args[0])?;
    // A date is its midnight, in whatever zone.
    let (when, zone) = match args[1].data_type() {
        DataType::Date32 => (cast(&args[1], &TIMESTAMP, Rules { zone: UTC, ..rules })?, UTC),
        _ => (Arc::clone(&args[1]), rules.zone),
    };
    let parts = times(&when)?.iter().enumerate().map(|(row, micros)| {
        let (Some(micros), Some(field)) = (micros, text_at(fields, row)) else { return Ok(None) };
        let Some(time) = clock(micros, zone) else { return Ok(None) };
        named_part(field, time).map(Some).ok_or_else(|| exec_datafusion_err!("`{field}` is no part of a date or time"))
    });
    Ok(Arc::new(parts.collect::<Result<Int32Array>>()?))
}

/// The names of parts; the first that [`named_part`] knows goes by the others too.
const PARTS: &[&[&str]] = &[
    &["year", "y", "years", "yr", "yrs"],
    &["yearofweek"],
    &["quarter", "qtr"],
    &["month", "mon", "mons", "months"],
    &["week", "w", "weeks"],
    &["day", "d", "days"],
    &["dayofweek", "dow"],
    &["dayofweek_iso", "dow_iso"],
    &["doy", "dayofyear"],
    &["hour", "h", "hours", "hr", "hrs"],
    &["minute", "m", "min", "mins", "minutes"],
    &["second", "s", "sec", "seconds", "secs"],
];

/// The name that a part is known by here.
pub(crate) fn canonical_part(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    PARTS.iter().find(|names| names.contains(&name.as_str())).and_then(|names| names.first().copied())
}

fn named_part(field: &str, time: NaiveDateTime) -> Option<i32> {
    let number = |value: u32| value as i32;
    Some(match field {
        "year" => time.year(),
        "yearofweek" => time.iso_week().year(),
        "quarter" => number(time.month0() / 3 + 1),
        "month" => number(time.month()),
        "week" => number(time.iso_week().week()),
        "day" => number(time.day()),
        "dayofweek" => number(time.weekday().num_days_from_sunday() + 1),
        "dayofweek_iso" => number(time.weekday().number_from_monday()),
        "weekday" => number(time.weekday().num_days_from_monday()),
        "doy" => number(time.ordinal()),
        "hour" => number(time.hour()),
        "minute" => number(time.minute()),
        "second" => number(time.second()),
        _ => return None,
    })
}

/// The second with its fraction.
fn part_seconds(args: &[ArrayRef], rules: Rules) -> Result<ArrayRef> {
    let seconds =
        times(&args[0])?.iter().map(|micros| Some(i128::from(rules.zone.local(micros?)?.rem_euclid(60_000_000))));
    Ok(Arc::new(seconds.collect::<PrimitiveArray<Decimal128Type>>().with_precision_and_scale(8, 6)?))
}

/// `_trunc('hour', time)`: the beginning of its hour; null for a unit that is none.
fn trunc(args: &[ArrayRef], rules: Rules) -> Result<ArrayRef> {
    let (units, times) = (texts(&args[0])?, times(&args[1])?);
    let begun = times.iter().enumerate().map(|(row, micros)| {
        let unit = text_at(units, row)?.to_lowercase();
        let local = rules.zone.local(micros?)?;
        let within = match unit.as_str() {
            "microsecond" => 1,
            "millisecond" => 1_000,
            "second" => 1_000_000,
            "minute" => 60_000_000,
            "hour" => 3_600_000_000,
            "day" | "dd" => DAY_MICROS,
            unit => {
                let day = first_day(unit, time_of_micros(local)?.date())?;
                return rules.zone.instant(micros_of_time(day.and_time(NaiveTime::MIN)));
            }
        };
        rules.zone.instant(local - local.rem_euclid(within))
    });
    Ok(Arc::new(begun.collect::<PrimitiveArray<TimestampMicrosecondType>>()))
}

/// `_trunc_date(day, 'month')`.
fn trunc_date(args: &[ArrayRef]) -> Result<ArrayRef> {
    let (days, units) = (args[0].as_primitive::<Date32Type>(), texts(&args[1])?);
    let begun = days
        .iter()
        .enumerate()
        .map(|(row, days)| first_day(&text_at(units, row)?.to_lowercase(), date_of_days(days?)?).map(days_of_date));
    Ok(Arc::new(begun.collect::<PrimitiveArray<Date32Type>>()))
}

/// The first day of the week, month, quarter or year.
fn first_day(unit: &str, date: NaiveDate) -> Option<NaiveDate> {
    match unit {
        "week" => date.checked_sub_signed(TimeDelta::days(date.weekday().num_days_from_monday().into())),
        "month" | "mon" | "mm" => date.with_day(1),
        "quarter" => NaiveDate::from_ymd_opt(date.year(), date.month0() / 3 * 3 + 1, 1),
        "year" | "yyyy" | "yy" => NaiveDate::from_ymd_opt(date.year(), 1, 1),
        _ => None,
    }
}

/// What a unit of time is: so many months, days or microseconds.
enum Unit {
    Months(i64),
    Days(i64),
    Micros(i64),
}

/// The unit by its name, in any case.
fn unit(name: &str) -> Option<Unit> {
    Some(match name.to_lowercase().as_str() {
        "microsecond" => Unit::Micros(1),
        "millisecond" => Unit::Micros(1_000),
        "second" => Unit::Micros(1_000_000),
        "minute" => Unit::Micros(60_000_000),
        "hour" => Unit::Micros(3_600_000_000),
        "day" | "dayofyear" => Unit::Days(1),
        "week" => Unit::Days(7),
        "month" => Unit::Months(1),
        "quarter" => Unit::Months(3),
        "year" => Unit::Months(12),
        _ => return None,
    })
}

/// Whether a word is a unit of time.
pub(crate) fn is_unit(name: &str) -> bool {
    unit(name).is_some()
}

fn known_unit(name: &str) -> Result<Unit> {
    unit(name).ok_or_else(|| exec_datafusion_err!("`{name}` is no unit of time"))
}

/// `_add_units('month', 2, time)`.
fn add_units(args: &[ArrayRef], rules: Rules) -> Result<ArrayRef> {
    let (units, counts, times) = (texts(&args[0])?, args[1].as_primitive::<Int64Type>(), times(&args[2])?);
    let added = times.iter().enumerate().map(|(row, micros)| {
        let (Some(micros), Some(name)) = (micros, text_at(units, row)) else { return Ok(None) };
        if counts.is_null(row) {
            return Ok(None);
        }
        let count = counts.value(row);
        Ok(match known_unit(name)? {
            Unit::Months(months) => moved(micros, count * months, 0, 0, rules.zone),
            Unit::Days(days) => moved(micros, 0, count * days, 0, rules.zone),
            Unit::Micros(each) => micros.checked_add(count * each),
        })
    });
    Ok(Arc::new(added.collect::<Result<PrimitiveArray<TimestampMicrosecondType>>>()?))
}

/// An instant moved on the wall clock by months and days, and then by microseconds.
fn moved(micros: i64, months: i64, days: i64, more: i64, zone: Zone) -> Option<i64> {
    let time = clock(micros, zone)?;
    let distance = Months::new(u32::try_from(months.unsigned_abs()).ok()?);
    let time = if months < 0 { time.checked_sub_months(distance)? } else { time.checked_add_months(distance)? };
    let time = time.checked_add_signed(TimeDelta::try_days(days)?)?;
    zone.instant(micros_of_time(time))?.checked_add(more)
}

/// `_units_between('month', from, to)`: whole units only.
fn units_between(args: &[ArrayRef], rules: Rules) -> Result<ArrayRef> {
    let (units, from, to) = (texts(&args[0])?, times(&args[1])?, times(&args[2])?);
    let between = from.iter().zip(to).enumerate().map(|(row, (from, to))| {
        let (Some(from), Some(to), Some(name)) = (from, to, text_at(units, row)) else { return Ok(None) };
        let unit = known_unit(name)?;
        Ok(match unit {
            Unit::Micros(each) => Some((to - from) / each),
            Unit::Days(days) => clock(from, rules.zone)
                .zip(clock(to, rules.zone))
                .map(|(from, to)| (to - from).num_microseconds().unwrap_or(0) / (days * DAY_MICROS)),
            Unit::Months(months) => {
                clock(from, rules.zone).zip(clock(to, rules.zone)).map(|(from, to)| whole_months(from, to) / months)
            }
        })
    });
    Ok(Arc::new(between.collect::<Result<Int64Array>>()?))
}

fn whole_months(from: NaiveDateTime, to: NaiveDateTime) -> i64 {
    let months = i64::from(to.year() - from.year()) * 12 + i64::from(to.month()) - i64::from(from.month());
    let within = |time: NaiveDateTime| (time.day(), time.time());
    if months > 0 && within(to) < within(from) {
        months - 1
    } else if months < 0 && within(to) > within(from) {
        months + 1
    } else {
        months
    }
}

/// A time and an interval: months and days on the wall clock.
pub(super) fn shifted(args: &[ArrayRef], rules: Rules, sign: i64) -> Result<ArrayRef> {
    let (times, intervals) = (times(&args[0])?, args[1].as_primitive::<IntervalMonthDayNanoType>());
    let shifted = times.iter().zip(intervals).map(|(micros, interval)| {
        let interval = interval?;
        let micros_of_interval = interval.nanoseconds / 1_000;
        let days = i64::from(interval.days) + micros_of_interval / DAY_MICROS;
        let rest = micros_of_interval % DAY_MICROS;
        moved(micros?, sign * i64::from(interval.months), sign * days, sign * rest, rules.zone)
    });
    Ok(Arc::new(shifted.collect::<PrimitiveArray<TimestampMicrosecondType>>()))
}

/// The error of a date that does not exist, where that is one.
fn no_date(rules: Rules, what: impl FnOnce() -> String) -> Result<()> {
    if rules.mode != Mode::Ansi {
        return Ok(());
    }
    let error = Error::new(Kind::Compute, what()).with_condition(Condition::DATETIME_FIELD_OUT_OF_BOUNDS);
    Err(super::external(error))
}

fn make_date(args: &[ArrayRef], rules: Rules) -> Result<ArrayRef> {
    let [years, months, days] = [0, 1, 2].map(|at: usize| args[at].as_primitive::<Int32Type>());
    let dates = (0..years.len()).map(|row| {
        if years.is_null(row) || months.is_null(row) || days.is_null(row) {
            return Ok(None);
        }
        let (year, month, day) = (years.value(row), months.value(row), days.value(row));
        let date = u32::try_from(month).ok().zip(u32::try_from(day).ok());
        let date = date.and_then(|(month, day)| NaiveDate::from_ymd_opt(year, month, day));
        if date.is_none() {
            no_date(rules, || format!("there is no date {year}-{month:02}-{day:02}"))?;
        }
        Ok(date.map(days_of_date))
    });
    Ok(Arc::new(dates.collect::<Result<PrimitiveArray<Date32Type>>>()?))
}

/// Year, month, day, hour, minute, second with its fraction, and perhaps a zone. The second 60 is that after 59.
fn make_timestamp(args: &[ArrayRef], rules: Rules) -> Result<ArrayRef> {
    let numbers: Vec<_> = args[..5].iter().map(|arg| arg.as_primitive::<Int32Type>()).collect();
    let seconds = args[5].as_primitive::<Decimal128Type>();
    let zones = args.get(6).map(texts).transpose()?;
    let times = (0..seconds.len()).map(|row| {
        let known = numbers.iter().all(|numbers| numbers.is_valid(row)) && seconds.is_valid(row);
        if !known || zones.is_some_and(|zones| zones.is_null(row)) {
            return Ok(None);
        }
        let zone = match zones {
            Some(zones) => Zone::parse(zones.value(row)).map_err(super::external)?,
            None => rules.zone,
        };
        let [year, month, day, hour, minute] = std::array::from_fn(|at| numbers[at].value(row));
        let time = at_clock(year, [month, day, hour, minute], seconds.value(row), zone);
        if time.is_none() {
            no_date(rules, || format!("there is no time {year}-{month:02}-{day:02} {hour:02}:{minute:02}"))?;
        }
        Ok(time)
    });
    Ok(Arc::new(times.collect::<Result<PrimitiveArray<TimestampMicrosecondType>>>()?))
}

fn at_clock(year: i32, parts: [i32; 4], micros: i128, zone: Zone) -> Option<i64> {
    let [month, day, hour, minute] = parts.map(|part| u32::try_from(part).unwrap_or(u32::MAX));
    let micros = i64::try_from(micros).ok().filter(|micros| (0..=60_000_000).contains(micros))?;
    let minute = NaiveDate::from_ymd_opt(year, month, day)?.and_hms_opt(hour, minute, 0)?;
    zone.instant(micros_of_time(minute) + micros)
}

/// The next such day of the week after a date.
fn next_day(args: &[ArrayRef], rules: Rules) -> Result<ArrayRef> {
    let (days, names) = (args[0].as_primitive::<Date32Type>(), texts(&args[1])?);
    let next = days.iter().enumerate().map(|(row, days)| {
        let (Some(days), Some(name)) = (days, text_at(names, row)) else { return Ok(None) };
        let Some(wanted) = weekday(name) else {
            return match rules.mode {
                Mode::Ansi => Err(super::external(
                    Error::new(Kind::Compute, format!("`{name}` is no day of the week"))
                        .with_condition(Condition::ILLEGAL_DAY_OF_WEEK),
                )),
                _ => Ok(None),
            };
        };
        // Day 0 was a Thursday.
        Ok(Some(days + 1 + (wanted - 4 - days).rem_euclid(7)))
    });
    Ok(Arc::new(next.collect::<Result<PrimitiveArray<Date32Type>>>()?))
}

/// The number of a day, Monday being 0.
fn weekday(name: &str) -> Option<i32> {
    const NAMES: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let name = name.trim().to_lowercase();
    let fits = |full: &&str| *full == name || (name.len() == 2 || name.len() == 3) && full.starts_with(&name);
    NAMES.iter().position(fits).map(|at| at as i32)
}

fn in_zone(args: &[ArrayRef], convert: fn(Zone, i64) -> Option<i64>) -> Result<ArrayRef> {
    let (times, zones) = (times(&args[0])?, texts(&args[1])?);
    let converted = times.iter().enumerate().map(|(row, micros)| {
        let (Some(micros), Some(zone)) = (micros, text_at(zones, row)) else { return Ok(None) };
        Ok(convert(Zone::parse(zone).map_err(super::external)?, micros))
    });
    Ok(Arc::new(converted.collect::<Result<PrimitiveArray<TimestampMicrosecondType>>>()?))
}
