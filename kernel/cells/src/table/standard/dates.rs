//! Dates and times of day, which chrono has and polars gives and takes.

use std::fmt::Write as _;

use aerostat_error::{Error, Result};
use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta, Timelike, Weekday};

use super::{Table, functions, methods, types};
use crate::ops::panic;

types! {
    /// A length of time, such as the difference of two dates.
    TimeDelta = |length| length.to_string();
    /// A day of the week.
    Weekday = |day| day.to_string();
}

/// Adds the rows of this file.
pub(super) fn register(table: &mut Table) {
    table.add_types(type_rows());
    table.add_callables(functions! {
        #[pure] NaiveDate {
            /// The date, or `None` if there is no such day.
            fn from_ymd_opt(year: i32, month: u32, day: u32) -> Option<NaiveDate>;
            /// The date that a text says, in a format such as `%Y-%m-%d`.
            fn parse_from_str(text: &str, format: &str) -> Result<NaiveDate>
                = NaiveDate::parse_from_str(text, format).map_err(|error| unreadable(text, &error));
        }
        #[pure] NaiveDateTime {
            /// The date and time that a text says, in a format such as `%Y-%m-%d %H:%M:%S`.
            fn parse_from_str(text: &str, format: &str) -> Result<NaiveDateTime>
                = NaiveDateTime::parse_from_str(text, format).map_err(|error| unreadable(text, &error));
        }
        #[pure] TimeDelta {
            /// So many days.
            fn days(days: i64) -> TimeDelta = fitting(TimeDelta::try_days(days))?;
            /// So many hours.
            fn hours(hours: i64) -> TimeDelta = fitting(TimeDelta::try_hours(hours))?;
            /// So many minutes.
            fn minutes(minutes: i64) -> TimeDelta = fitting(TimeDelta::try_minutes(minutes))?;
            /// So many seconds.
            fn seconds(seconds: i64) -> TimeDelta = fitting(TimeDelta::try_seconds(seconds))?;
        }
    });
    table.add_callables(methods! {
        #[pure] NaiveDate {
            /// The date at a time of day, or `None` if there is no such time.
            fn and_hms_opt(hour: u32, minute: u32, second: u32) -> Option<NaiveDateTime>;
            /// The next day.
            fn succ_opt() -> Option<NaiveDate>;
            /// The day before.
            fn pred_opt() -> Option<NaiveDate>;
        }
        #[pure] NaiveDateTime {
            /// The date.
            fn date() -> NaiveDate;
            /// The hour, from 0 to 23.
            fn hour() -> u32;
            /// The minute.
            fn minute() -> u32;
            /// The second.
            fn second() -> u32;
        }
        #[pure] TimeDelta {
            /// The whole days.
            fn num_days() -> i64;
            /// The whole hours.
            fn num_hours() -> i64;
            /// The whole minutes.
            fn num_minutes() -> i64;
            /// The whole seconds.
            fn num_seconds() -> i64;
        }
        #[pure] Weekday {
            /// 1 for Monday up to 7 for Sunday.
            fn number_from_monday() -> u32;
            /// 0 for Monday up to 6 for Sunday.
            fn num_days_from_monday() -> u32;
        }
    });
    macro_rules! both {
        ($($owner:ident)*) => { $( table.add_callables(methods! { #[pure] $owner {
            /// The year.
            fn year() -> i32;
            /// The month, from 1 to 12.
            fn month() -> u32;
            /// The day of the month, from 1.
            fn day() -> u32;
            /// The day of the year, from 1.
            fn ordinal() -> u32;
            /// The day of the week.
            fn weekday() -> Weekday;
            /// The same in another year, if there is such a day.
            fn with_year(year: i32) -> Option<$owner>;
            /// The same in another month, if there is such a day.
            fn with_month(month: u32) -> Option<$owner>;
            /// The same on another day of the month, if there is such a day.
            fn with_day(day: u32) -> Option<$owner>;
            /// The time since another, negative if that is later.
            fn signed_duration_since(other: $owner) -> TimeDelta;
            /// The text in a format such as `%d.%m.%Y`.
            fn format(format: &str) -> String = |this| {
                let mut text = String::new();
                write!(text, "{}", this.format(format))
                    .map_err(|_| Error::invalid_argument(format!("`{format}` is not a format of dates")))?;
                text
            };
        } }); )* };
    }
    both! { NaiveDate NaiveDateTime }
}

fn unreadable(text: &str, error: &chrono::ParseError) -> Error {
    Error::invalid_argument(format!("`{text}` is not a date in this format: {error}"))
}

fn fitting(length: Option<TimeDelta>) -> Result<TimeDelta> {
    length.ok_or_else(|| panic("the length of time is out of bounds"))
}
