//! The namespaces of expressions: `str()`, `dt()`, `list()`, `struct_()`, `name()`.
//!
//! polars' namespace types cannot be cloned, so a cell holds the expression and enters the namespace at each call.

use polars::prelude::*;

use super::{Table, methods};
use crate::convert::{IntoExpr, Names};
use crate::value::Native;

macro_rules! namespaces {
    ($($(#[doc = $about:literal])+ $name:ident = $enter:ident {
        $($(#[doc = $doc:literal])+ fn $method:ident($($arg:ident: $ty:ty),*) -> $ret:ty;)*
    })*) => {
        $($(#[doc = $about])+
        #[derive(Clone)]
        pub struct $name(Expr);

        impl Native for $name {
            const NAME: &'static str = stringify!($name);
            fn text(&self) -> String {
                format!("{:?}.{}()", self.0, stringify!($enter))
            }
        })*

        fn namespace_rows() -> (Vec<super::TypeRow>, Vec<super::Callable>) {
            let types = vec![$(super::TypeRow {
                name: stringify!($name), doc: super::doc(&[$($about),+]), default: None, blank: None, fields: Vec::new(),
            }),*];
            let mut rows = Vec::new();
            $(
                rows.extend(methods! { Expr { $(#[doc = $about])+ fn $enter() -> $name = |this| $name(this); } });
                rows.extend(methods! { $name {
                    $($(#[doc = $doc])+ fn $method($($arg: $ty),*) -> $ret = |this| this.0.$enter().$method($($arg),*);)*
                } });
            )*
            (types, rows)
        }
    };
}

namespaces! {
    /// Operations on strings.
    StringNameSpace = str {
        /// Whether the string contains the text, taken literally.
        fn contains_literal(pat: IntoExpr) -> Expr;
        /// Whether the string matches the regular expression; `strict`: an invalid one is an error.
        fn contains(pat: IntoExpr, strict: bool) -> Expr;
        /// Whether the string contains any of the patterns.
        fn contains_any(patterns: IntoExpr, ascii_case_insensitive: bool) -> Expr;
        /// Whether the string ends with the text.
        fn ends_with(sub: IntoExpr) -> Expr;
        /// Whether the string begins with the text.
        fn starts_with(sub: IntoExpr) -> Expr;
        /// The string's bytes in hexadecimal.
        fn hex_encode() -> Expr;
        /// The bytes that the hexadecimal digits stand for.
        fn hex_decode(strict: bool) -> Expr;
        /// The string's bytes in Base64.
        fn base64_encode() -> Expr;
        /// The bytes that the Base64 text stands for.
        fn base64_decode(strict: bool) -> Expr;
        /// A group of the first match of the regular expression.
        fn extract(pat: IntoExpr, group_index: usize) -> Expr;
        /// Every match of the regular expression, as a list.
        fn extract_all(pat: IntoExpr) -> Expr;
        /// Fills the beginning up to a length.
        fn pad_start(length: IntoExpr, fill_char: char) -> Expr;
        /// Fills the end up to a length.
        fn pad_end(length: IntoExpr, fill_char: char) -> Expr;
        /// Fills the beginning with zeros up to a length.
        fn zfill(length: IntoExpr) -> Expr;
        /// The byte position of the text, taken literally.
        fn find_literal(pat: IntoExpr) -> Expr;
        /// The byte position of the first match.
        fn find(pat: IntoExpr, strict: bool) -> Expr;
        /// How often the pattern matches.
        fn count_matches(pat: IntoExpr, literal: bool) -> Expr;
        /// Parses into a date, time or datetime.
        fn strptime(dtype: DataType, options: StrptimeOptions, ambiguous: IntoExpr) -> Expr;
        /// Parses into a date.
        fn to_date(options: StrptimeOptions) -> Expr;
        /// Parses into a datetime.
        fn to_datetime(time_unit: Option<TimeUnit>, time_zone: Option<TimeZone>, options: StrptimeOptions, ambiguous: IntoExpr)
            -> Expr;
        /// Parses into a time of day.
        fn to_time(options: StrptimeOptions) -> Expr;
        /// Splits into a list.
        fn split(by: IntoExpr) -> Expr;
        /// Splits into a list, keeping the separators.
        fn split_inclusive(by: IntoExpr) -> Expr;
        /// Splits at most `n` times into a struct of `n + 1` fields.
        fn split_exact(by: IntoExpr, n: usize) -> Expr;
        /// Splits into a struct of `n` fields, the rest in the last.
        fn splitn(by: IntoExpr, n: usize) -> Expr;
        /// Replaces the first match.
        fn replace(pat: IntoExpr, value: IntoExpr, literal: bool) -> Expr;
        /// Replaces the first `n` matches.
        fn replace_n(pat: IntoExpr, value: IntoExpr, literal: bool, n: i64) -> Expr;
        /// Replaces every match.
        fn replace_all(pat: IntoExpr, value: IntoExpr, literal: bool) -> Expr;
        /// The string from back to front.
        fn reverse() -> Expr;
        /// Removes characters at both ends; white space for `lit(NULL)`.
        fn strip_chars(matches: IntoExpr) -> Expr;
        /// Removes characters at the beginning.
        fn strip_chars_start(matches: IntoExpr) -> Expr;
        /// Removes characters at the end.
        fn strip_chars_end(matches: IntoExpr) -> Expr;
        /// Removes a prefix.
        fn strip_prefix(prefix: IntoExpr) -> Expr;
        /// Removes a suffix.
        fn strip_suffix(suffix: IntoExpr) -> Expr;
        /// Lower case.
        fn to_lowercase() -> Expr;
        /// Upper case.
        fn to_uppercase() -> Expr;
        /// The length in bytes.
        fn len_bytes() -> Expr;
        /// The length in characters.
        fn len_chars() -> Expr;
        /// A part, by position and length in characters.
        fn slice(offset: IntoExpr, length: IntoExpr) -> Expr;
        /// The first `n` characters.
        fn head(n: IntoExpr) -> Expr;
        /// The last `n` characters.
        fn tail(n: IntoExpr) -> Expr;
        /// The value at a JSON path, as a string.
        fn json_path_match(pat: IntoExpr) -> Expr;
        /// Parses JSON into a type.
        fn json_decode(dtype: DataType) -> Expr;
        /// The string with regular-expression characters escaped.
        fn escape_regex() -> Expr;
    }
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
    }
    /// Operations on lists.
    ListNameSpace = list {
        /// The number of elements.
        fn len() -> Expr;
        /// The largest element.
        fn max() -> Expr;
        /// The smallest element.
        fn min() -> Expr;
        /// The sum of the elements.
        fn sum() -> Expr;
        /// The mean of the elements.
        fn mean() -> Expr;
        /// The median of the elements.
        fn median() -> Expr;
        /// The standard deviation of the elements.
        fn std(ddof: u8) -> Expr;
        /// The variance of the elements.
        fn var(ddof: u8) -> Expr;
        /// The list in order.
        fn sort(options: SortOptions) -> Expr;
        /// The element at a position.
        fn get(index: IntoExpr, null_on_oob: bool) -> Expr;
        /// The first element.
        fn first() -> Expr;
        /// The last element.
        fn last() -> Expr;
        /// The elements joined into one string.
        fn join(separator: IntoExpr, ignore_nulls: bool) -> Expr;
        /// A part of the list.
        fn slice(offset: IntoExpr, length: IntoExpr) -> Expr;
        /// The first `n` elements.
        fn head(n: IntoExpr) -> Expr;
        /// The last `n` elements.
        fn tail(n: IntoExpr) -> Expr;
        /// Whether the list contains a value.
        fn contains(other: IntoExpr, nulls_equal: bool) -> Expr;
        /// How often a value occurs.
        fn count_matches(element: IntoExpr) -> Expr;
        /// The list without nulls.
        fn drop_nulls() -> Expr;
        /// The elements of either list.
        fn union(other: IntoExpr) -> Expr;
        /// The elements of both lists.
        fn set_intersection(other: IntoExpr) -> Expr;
        /// The elements of this list that the other lacks.
        fn set_difference(other: IntoExpr) -> Expr;
        /// An expression over `element()`, evaluated in each list.
        fn eval(other: IntoExpr) -> Expr;
    }
    /// Operations on structs.
    StructNameSpace = struct_ {
        /// The field at a position.
        fn field_by_index(index: i64) -> Expr;
        /// The struct with its fields renamed.
        fn rename_fields(names: Names) -> Expr;
        /// The struct as JSON text.
        fn json_encode() -> Expr;
        /// The struct with fields added or replaced.
        fn with_fields(fields: Vec<Expr>) -> Expr;
    }
    /// Operations on the names of columns.
    ExprNameNameSpace = name {
        /// The name of the first column the expression began with.
        fn keep() -> Expr;
        /// The name in lower case.
        fn to_lowercase() -> Expr;
        /// The name in upper case.
        fn to_uppercase() -> Expr;
    }
}

/// Adds the rows of this file.
pub(super) fn register(table: &mut Table) {
    let (types, rows) = namespace_rows();
    table.add_types(types);
    table.add_callables(rows);
    // These take `&str`, which a row without a body cannot lend.
    table.add_callables(methods! {
        StringNameSpace {
            /// The groups of the regular expression, as a struct.
            fn extract_groups(pat: String) -> PolarsResult<Expr> = |this| this.0.str().extract_groups(&pat);
            /// Joins all strings of the column into one.
            fn join(delimiter: String, ignore_nulls: bool) -> Expr = |this| this.0.str().join(&delimiter, ignore_nulls);
        }
        DateLikeNameSpace {
            /// Formats by a chrono format string.
            fn to_string(format: String) -> Expr = |this| this.0.dt().to_string(&format);
            /// Formats by a chrono format string.
            fn strftime(format: String) -> Expr = |this| this.0.dt().strftime(&format);
        }
        StructNameSpace {
            /// The field of a name.
            fn field_by_name(name: String) -> Expr = |this| this.0.struct_().field_by_name(&name);
        }
        ExprNameNameSpace {
            /// The name with something before it.
            fn prefix(prefix: String) -> Expr = |this| this.0.name().prefix(&prefix);
            /// The name with something after it.
            fn suffix(suffix: String) -> Expr = |this| this.0.name().suffix(&suffix);
            /// The name with a pattern replaced.
            fn replace(pattern: String, value: String, literal: bool) -> Expr = |this| this.0.name().replace(&pattern, &value, literal);
        }
    });
}
