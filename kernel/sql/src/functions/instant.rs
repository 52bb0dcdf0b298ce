//! Dates and timestamps as text, as Spark's casts write and read them.

use aerostat_session::zone::Zone;
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

/// Microseconds of a day.
pub(crate) const DAY_MICROS: i64 = 86_400_000_000;

/// The date so many days after 1970-01-01.
pub(super) fn date_of_days(days: i32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(1970, 1, 1)?.checked_add_signed(TimeDelta::days(days.into()))
}

/// Days from 1970-01-01 to a date.
pub(super) fn days_of_date(date: NaiveDate) -> i32 {
    date.to_epoch_days()
}

/// The time so many microseconds after the epoch.
pub(super) fn time_of_micros(micros: i64) -> Option<NaiveDateTime> {
    DateTime::from_timestamp_micros(micros).map(|time| time.naive_utc())
}

/// Microseconds from the epoch to a time.
pub(super) fn micros_of_time(time: NaiveDateTime) -> i64 {
    time.and_utc().timestamp_micros()
}

/// A date as text.
pub(super) fn date_text(days: i32) -> Option<String> {
    date_of_days(days).map(|date| date.format("%Y-%m-%d").to_string())
}

/// A timestamp as text: a fraction of a second only where there is one, without zeros at its end.
pub(super) fn time_text(micros: i64) -> Option<String> {
    let text = time_of_micros(micros)?.format("%Y-%m-%d %H:%M:%S%.6f").to_string();
    Some(text.trim_end_matches('0').trim_end_matches('.').to_owned())
}

/// Days of the date in a text: `2024`, `2024-3`, `2024-03-09`, the last also with a time after it.
pub(super) fn parse_date(text: &str, zone: Zone) -> Option<i32> {
    let text = text.trim();
    if let Some(micros) = named_time(text, zone) {
        return i32::try_from(zone.local(micros)?.div_euclid(DAY_MICROS)).ok();
    }
    let date = text.split_once([' ', 'T']).map_or(text, |(date, _)| date);
    parse_ymd(date).map(days_of_date)
}

/// The instant that a word stands for: `epoch`, `now`, or the midnight of `today`, `yesterday`, `tomorrow`.
fn named_time(word: &str, zone: Zone) -> Option<i64> {
    let midnight = |days: i64| {
        let today = zone.local(chrono::Utc::now().timestamp_micros())?.div_euclid(DAY_MICROS);
        zone.instant((today + days) * DAY_MICROS)
    };
    match word.to_lowercase().as_str() {
        "epoch" => Some(0),
        "now" => Some(chrono::Utc::now().timestamp_micros()),
        "today" => midnight(0),
        "yesterday" => midnight(-1),
        "tomorrow" => midnight(1),
        _ => None,
    }
}

fn parse_ymd(text: &str) -> Option<NaiveDate> {
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |text| (-1, text));
    let parts: Vec<&str> = text.split('-').collect();
    let number = |part: &str, width: std::ops::RangeInclusive<usize>| -> Option<u32> {
        let digits = width.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        if digits { part.parse().ok() } else { None }
    };
    let (year, month, day) = match parts.as_slice() {
        [year] => (number(year, 4..=7)?, 1, 1),
        [year, month] => (number(year, 4..=7)?, number(month, 1..=2)?, 1),
        [year, month, day] => (number(year, 4..=7)?, number(month, 1..=2)?, number(day, 1..=2)?),
        _ => return None,
    };
    NaiveDate::from_ymd_opt(sign * i32::try_from(year).ok()?, month, day)
}

/// The instant of the time in a text: a date, and perhaps a time of day and a zone; without one, in the session's.
pub(super) fn parse_time(text: &str, zone: Zone) -> Option<i64> {
    let text = text.trim();
    if let Some(micros) = named_time(text, zone) {
        return Some(micros);
    }
    let Some((date, rest)) = text.split_once([' ', 'T']) else {
        return zone.instant(i64::from(days_of_date(parse_ymd(text)?)) * DAY_MICROS);
    };
    let date = parse_ymd(date)?;
    let rest = rest.trim();
    let end = rest.find(|c: char| !(c.is_ascii_digit() || c == ':' || c == '.')).unwrap_or(rest.len());
    let (clock, named) = rest.split_at(end);
    let zone = if named.trim().is_empty() { zone } else { Zone::parse(named).ok()? };
    zone.instant(micros_of_time(date.and_time(parse_clock(clock)?)))
}

fn parse_clock(text: &str) -> Option<NaiveTime> {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, ""));
    let parts: Vec<u32> = clock.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let micros: u32 = match fraction {
        "" => 0,
        digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => format!("{digits:0<6}")[..6].parse().ok()?,
        _ => return None,
    };
    let part = |at: usize| parts.get(at).copied().unwrap_or(0);
    if parts.len() > 3 { None } else { NaiveTime::from_hms_micro_opt(part(0), part(1), part(2), micros) }
}

/// The months from `from` to `to`, whole if the days are the same or both the last, else with 31 days to a month.
pub(super) fn months_between(to: NaiveDateTime, from: NaiveDateTime) -> f64 {
    let months = f64::from((to.year() - from.year()) * 12 + to.month() as i32 - from.month() as i32);
    let last = |time: NaiveDateTime| time.date().succ_opt().is_none_or(|next| next.month() != time.month());
    if to.day() == from.day() || (last(to) && last(from)) {
        return months;
    }
    let seconds = |time: NaiveDateTime| {
        f64::from(time.day()) * 86_400.0 + (time - time.date().and_time(NaiveTime::MIN)).num_seconds() as f64
    };
    months + (seconds(to) - seconds(from)) / (31.0 * 86_400.0)
}
