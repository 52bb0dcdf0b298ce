//! The namespace of dates, times and durations.

use polars::prelude::*;

use super::namespaces;
use crate::convert::IntoExpr;

namespaces! {
    /// Operations on dates, times and durations.
    DateLikeNameSpace = dt {
        /// The same points in time in another unit.
        fn cast_time_unit(unit: TimeUnit) -> Expr;
        /// The same points in time in another zone.
        fn convert_time_zone(time_zone: TimeZone) -> Expr;
        /// The same clock time in another zone.
        fn replace_time_zone(time_zone: Option<TimeZone>, ambiguous: IntoExpr, non_existent: NonExistent) -> Expr;
        /// The millennium.
        fn millennium() -> Expr;
        /// The century.
        fn century() -> Expr;
        /// The year.
        fn year() -> Expr;
        /// The year that the ISO week belongs to.
        fn iso_year() -> Expr;
        /// Whether the year is a leap year.
        fn is_leap_year() -> Expr;
        /// The quarter, 1 to 4.
        fn quarter() -> Expr;
        /// The month, 1 to 12.
        fn month() -> Expr;
        /// The number of days of the month.
        fn days_in_month() -> Expr;
        /// The ISO week, 1 to 53.
        fn week() -> Expr;
        /// The day of the week, Monday 1 to Sunday 7.
        fn weekday() -> Expr;
        /// The day of the month.
        fn day() -> Expr;
        /// The day of the year.
        fn ordinal_day() -> Expr;
        /// The hour.
        fn hour() -> Expr;
        /// The minute.
        fn minute() -> Expr;
        /// The second.
        fn second() -> Expr;
        /// The millisecond within the second.
        fn millisecond() -> Expr;
        /// The microsecond within the second.
        fn microsecond() -> Expr;
        /// The nanosecond within the second.
        fn nanosecond() -> Expr;
        /// The time of day.
        fn time() -> Expr;
        /// The date.
        fn date() -> Expr;
        /// The clock time without the zone.
        fn datetime() -> Expr;
        /// The time since 1970 in a unit.
        fn timestamp(unit: TimeUnit) -> Expr;
        /// The beginning of the window, such as `1mo`, that it lies in.
        fn truncate(every: IntoExpr) -> Expr;
        /// The nearest beginning of a window.
        fn round(every: IntoExpr) -> Expr;
        /// The first day of the month.
        fn month_start() -> Expr;
        /// The last day of the month.
        fn month_end() -> Expr;
        /// Later by an offset such as `1mo` or `-2d`.
        fn offset_by(by: IntoExpr) -> Expr;
        /// A date at a time of day.
        fn combine(time: IntoExpr, unit: TimeUnit) -> Expr;
        /// The duration in days.
        fn total_days(fractional: bool) -> Expr;
        /// The duration in hours.
        fn total_hours(fractional: bool) -> Expr;
        /// The duration in minutes.
        fn total_minutes(fractional: bool) -> Expr;
        /// The duration in seconds.
        fn total_seconds(fractional: bool) -> Expr;
        /// The duration in milliseconds.
        fn total_milliseconds(fractional: bool) -> Expr;
        /// The duration in microseconds.
        fn total_microseconds(fractional: bool) -> Expr;
        /// The duration in nanoseconds.
        fn total_nanoseconds(fractional: bool) -> Expr;
        /// Formats by a chrono format string.
        fn to_string(format: &str) -> Expr;
        /// Formats by a chrono format string.
        fn strftime(format: &str) -> Expr;
        /// So many working days later.
        fn add_business_days(n: Expr, week_mask: [bool; 7], holidays: Expr, roll: Roll) -> Expr;
        /// Whether it is a working day.
        fn is_business_day(week_mask: [bool; 7], holidays: Expr) -> Expr;
        /// The same numbers read as another unit.
        fn with_time_unit(tu: TimeUnit) -> Expr;
        /// The offset of the zone from UTC, without summer time.
        fn base_utc_offset() -> Expr;
        /// What summer time adds to the offset of the zone.
        fn dst_offset() -> Expr;
        /// Some parts of the date and time replaced; `lit(NULL)` keeps a part.
        fn replace(year: Expr, month: Expr, day: Expr, hour: Expr, minute: Expr, second: Expr, microsecond: Expr,
            ambiguous: Expr) -> Expr;
    }
}
