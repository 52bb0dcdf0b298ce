//! Functions of polars' prelude that compute on Series and Columns at once.

use chrono::NaiveDateTime;
use polars::prelude::*;
use polars::series::ops::NullBehavior;

use crate::table::natives::OwnedValue;
use crate::table::{Callable, Table, functions};

/// Adds the rows of this file.
pub(super) fn register(table: &mut Table) {
    for rows in [numbers(), values(), text(), rest()] {
        table.add_callables(rows);
    }
}

fn numbers() -> Vec<Callable> {
    functions! {
        free {
            /// The absolute values.
            fn abs(s: &Series) -> PolarsResult<Series>;
            /// The values with the opposite sign.
            fn negate(s: &Series) -> PolarsResult<Series>;
            /// The values with every bit turned.
            fn negate_bitwise(s: &Series) -> PolarsResult<Series>;
            /// Kept within bounds.
            fn clip(s: &Series, min: &Series, max: &Series) -> PolarsResult<Series>;
            /// Kept at or above a bound.
            fn clip_min(s: &Series, min: &Series) -> PolarsResult<Series>;
            /// Kept at or below a bound.
            fn clip_max(s: &Series, max: &Series) -> PolarsResult<Series>;
            /// Where values are equal up to a tolerance.
            fn is_close(s: &Series, other: &Series, abs_tol: f64, rel_tol: f64, nans_equal: bool)
                -> PolarsResult<BooleanChunked>;
            /// Where values are between two bounds.
            fn is_between(s: &Series, lower: &Series, upper: &Series, closed: ClosedInterval)
                -> PolarsResult<BooleanChunked>;
            /// Where values are among others.
            fn is_in(s: &Series, other: &Series, nulls_equal: bool) -> PolarsResult<BooleanChunked>;
            /// Where the value occurs once.
            fn is_unique(s: &Series) -> PolarsResult<BooleanChunked>;
            /// Where the value occurs more than once.
            fn is_duplicated(s: &Series) -> PolarsResult<BooleanChunked>;
            /// Where it is the first occurrence of the value.
            fn is_first_distinct(s: &Series) -> PolarsResult<BooleanChunked>;
            /// Where it is the last occurrence of the value.
            fn is_last_distinct(s: &Series) -> PolarsResult<BooleanChunked>;
            /// Divided and rounded down.
            fn floor_div_series(a: &Series, b: &Series) -> PolarsResult<Series>;
            /// The relative changes from the values `n` rows earlier.
            fn pct_change(s: &Series, n: &Series) -> PolarsResult<Series>;
            /// The differences from the values `n` rows earlier.
            fn diff(s: &Series, n: i64, null_behavior: NullBehavior) -> PolarsResult<Series>;
            /// Values in the place of nulls between others.
            fn interpolate(s: &Series, method: InterpolationMethod) -> Series;
            /// The sums up to each value.
            fn cum_sum(s: &Series, reverse: bool) -> PolarsResult<Series>;
            /// The products up to each value.
            fn cum_prod(s: &Series, reverse: bool) -> PolarsResult<Series>;
            /// The smallest values up to each value.
            fn cum_min(s: &Series, reverse: bool) -> PolarsResult<Series>;
            /// The largest values up to each value.
            fn cum_max(s: &Series, reverse: bool) -> PolarsResult<Series>;
            /// How many values there are up to each.
            fn cum_count(s: &Series, reverse: bool) -> PolarsResult<Series>;
            /// The sums up to each value, from a first value on.
            fn cum_sum_with_init(s: &Series, reverse: bool, init: &OwnedValue) -> PolarsResult<Series>;
            /// The products up to each value, from a first value on.
            fn cum_prod_with_init(s: &Series, reverse: bool, init: &OwnedValue) -> PolarsResult<Series>;
            /// The smallest values up to each value, from a first value on.
            fn cum_min_with_init(s: &Series, reverse: bool, init: &OwnedValue) -> PolarsResult<Series>;
            /// The largest values up to each value, from a first value on.
            fn cum_max_with_init(s: &Series, reverse: bool, init: &OwnedValue) -> PolarsResult<Series>;
            /// How many values there are up to each, from a first number on.
            fn cum_count_with_init(s: &Series, reverse: bool, init: u32) -> PolarsResult<Series>;
            /// The exponentially weighted mean.
            fn ewm_mean(s: &Series, options: EWMOptions) -> PolarsResult<Series>;
            /// The exponentially weighted sum.
            fn ewm_sum(s: &Series, options: EWMOptions) -> PolarsResult<Series>;
            /// The exponentially weighted standard deviation.
            fn ewm_std(s: &Series, options: EWMOptions) -> PolarsResult<Series>;
            /// The exponentially weighted variance.
            fn ewm_var(s: &Series, options: EWMOptions) -> PolarsResult<Series>;
            /// The mean, weighted by how long ago each value was.
            fn ewm_mean_by(s: &Series, times: &Series, half_life: i64, times_is_sorted: bool) -> PolarsResult<Series>;
            /// The sum, weighted by how long ago each value was.
            fn ewm_sum_by(s: &Series, times: &Series, half_life: i64, times_is_sorted: bool) -> PolarsResult<Series>;
            /// The skewness of a moving window.
            fn rolling_skew(s: &Series, options: RollingOptionsFixedWindow) -> PolarsResult<Series>;
            /// The kurtosis of a moving window.
            fn rolling_kurtosis(s: &Series, options: RollingOptionsFixedWindow) -> PolarsResult<Series>;
            /// How often each distinct value occurs, in order of appearance.
            fn unique_counts(s: &Series) -> PolarsResult<Series>;
        }
    }
}

fn values() -> Vec<Callable> {
    functions! {
        free {
            /// The interval between breaks that each value lies in.
            fn cut(s: &Series, breaks: Vec<f64>, labels: Option<Vec<PlSmallStr>>, left_closed: bool,
                include_breaks: bool) -> PolarsResult<Series>;
            /// The interval between quantiles that each value lies in.
            fn qcut(s: &Series, probs: Vec<f64>, labels: Option<Vec<PlSmallStr>>, left_closed: bool,
                allow_duplicates: bool, include_breaks: bool) -> PolarsResult<Series>;
            /// The names of the intervals between breaks.
            fn compute_labels(breaks: &[f64], left_closed: bool) -> PolarsResult<Vec<PlSmallStr>>;
            /// A histogram of the values.
            fn hist_series(s: &Series, bin_count: Option<usize>, bins: Option<Series>, include_category: bool,
                include_breakpoint: bool) -> PolarsResult<Series>;
            /// Where values would go to keep a sorted column in order.
            fn search_sorted(s: &Series, search_values: &Series, side: SearchSortedSide, descending: bool)
                -> PolarsResult<UInt32Chunked>;
            /// The first position of a value.
            fn index_of(series: &Series, needle: Scalar) -> PolarsResult<Option<usize>>;
            /// The same bits as another number type.
            fn reinterpret(s: &Series, dtype: &DataType) -> PolarsResult<Series>;
            /// Each value as a list of `by` of them.
            fn repeat_by(s: &Series, by: &UInt32Chunked) -> PolarsResult<ListChunked>;
            /// Values replaced by others, the rest kept.
            fn replace(s: &Series, old: &ListChunked, new: &ListChunked) -> PolarsResult<Series>;
            /// Values replaced by others; an error for the rest.
            fn replace_strict(s: &Series, old: &ListChunked, new: &ListChunked, return_dtype: Option<DataType>)
                -> PolarsResult<Series>;
            /// Values replaced by others, the rest by a default.
            fn replace_or_default(s: &Series, old: &ListChunked, new: &ListChunked, default: &Series,
                return_dtype: Option<DataType>) -> PolarsResult<Series>;
            /// How often a value occurs in each list.
            fn list_count_matches(ca: &ListChunked, value: OwnedValue) -> PolarsResult<Series>;
            /// Whether dates are working days.
            fn is_business_day(dates: &Series, week_mask: [bool; 7], holidays: &Series) -> PolarsResult<Series>;
            /// So many working days later.
            fn add_business_days(start: &Series, n: &Series, week_mask: [bool; 7], holidays: &Series, roll: Roll)
                -> PolarsResult<Series>;
            /// Later by offsets such as `1mo` or `-2d`.
            fn impl_offset_by(ts: &Series, offsets: &Series) -> PolarsResult<Series>;
            /// Runs of equal values, as structs of length and value.
            fn rle(s: &Column) -> PolarsResult<Column>;
            /// The number of the run that each value belongs to.
            fn rle_id(s: &Column) -> PolarsResult<Column>;
            /// Values in the place of nulls, linear in another column.
            fn interpolate_by(s: &Column, by: &Column, by_is_sorted: bool) -> PolarsResult<Column>;
            /// The first value of each row that is not null.
            fn coalesce_columns(s: &[Column]) -> PolarsResult<Column>;
            /// `a + b * c`
            fn fma_columns(a: &Column, b: &Column, c: &Column) -> Column;
            /// `a - b * c`
            fn fsm_columns(a: &Column, b: &Column, c: &Column) -> Column;
            /// `a * b - c`
            fn fms_columns(a: &Column, b: &Column, c: &Column) -> Column;
        }
    }
}

fn text() -> Vec<Callable> {
    functions! {
        free {
            /// Removes characters at both ends.
            fn strip_chars(ca: &StringChunked, pat: &StringChunked) -> StringChunked;
            /// Removes characters at the beginning.
            fn strip_chars_start(ca: &StringChunked, pat: &StringChunked) -> StringChunked;
            /// Removes characters at the end.
            fn strip_chars_end(ca: &StringChunked, pat: &StringChunked) -> StringChunked;
            /// Removes a prefix.
            fn strip_prefix(ca: &StringChunked, prefix: &StringChunked) -> StringChunked;
            /// Removes a suffix.
            fn strip_suffix(ca: &StringChunked, suffix: &StringChunked) -> StringChunked;
            /// Where any of the texts occurs.
            fn contains_any(ca: &StringChunked, patterns: &ListChunked, ascii_case_insensitive: bool)
                -> PolarsResult<BooleanChunked>;
            /// The texts that occur, as lists.
            fn extract_many(ca: &StringChunked, patterns: &ListChunked, ascii_case_insensitive: bool, overlapping: bool,
                leftmost: bool) -> PolarsResult<ListChunked>;
            /// The byte positions of the texts, as lists.
            fn find_many(ca: &StringChunked, patterns: &ListChunked, ascii_case_insensitive: bool, overlapping: bool,
                leftmost: bool) -> PolarsResult<ListChunked>;
            /// Replaces every occurrence of each of several texts.
            fn replace_all(ca: &StringChunked, patterns: &ListChunked, replace_with: &ListChunked,
                ascii_case_insensitive: bool, leftmost: bool) -> PolarsResult<StringChunked>;
            /// Splits where the regular expression matches.
            fn split_regex_helper(ca: &StringChunked, by: &StringChunked, inclusive: bool, strict: bool)
                -> PolarsResult<ListChunked>;
            /// Joins all strings into one.
            fn str_join(ca: &StringChunked, delimiter: &str, ignore_nulls: bool) -> StringChunked;
            /// The strings in a Unicode normal form.
            fn normalize(ca: &StringChunked, form: UnicodeForm) -> StringChunked;
            /// The strings with regular-expression characters escaped.
            fn escape_regex(ca: &StringChunked) -> StringChunked;
            /// A string with regular-expression characters escaped.
            fn escape_regex_str(s: &str) -> String;
        }
    }
}

fn rest() -> Vec<Callable> {
    functions! {
        free {
            /// The one type that both are, where they differ in categories only.
            fn merge_dtypes(left: &DataType, right: &DataType) -> PolarsResult<DataType>;
            /// The type of the sum of values of a type.
            fn sum_output_dtype(in_dtype: &DataType) -> DataType;
            /// The format string that formats a type, `iso` and the like replaced.
            fn get_strftime_format(fmt: &str, dtype: &DataType) -> PolarsResult<String>;
            /// The order of a Series, as far as it is not given.
            fn resolve_sort_options(s: &Series, descending: Option<bool>, nulls_last: Option<bool>)
                -> PolarsResult<(Option<bool>, Option<bool>)>;
            /// Nanoseconds since 1970.
            fn datetime_to_timestamp_ns(v: NaiveDateTime) -> i64;
            /// Microseconds since 1970.
            fn datetime_to_timestamp_us(v: NaiveDateTime) -> i64;
            /// Milliseconds since 1970.
            fn datetime_to_timestamp_ms(v: NaiveDateTime) -> i64;
            /// An error unless a window of this length fits the type.
            fn ensure_duration_matches_dtype(duration: Duration, dtype: &DataType, variable_name: &str)
                -> PolarsResult<()>;
            /// An error if a length of time depends on the calendar.
            fn ensure_is_constant_duration(duration: Duration, time_zone: Option<&TimeZone>, variable_name: &str)
                -> PolarsResult<()>;
            /// So many numbers at even distances.
            fn new_linear_space_f32(start: f32, end: f32, n: u64, closed: ClosedInterval, name: PlSmallStr)
                -> PolarsResult<Float32Chunked>;
            /// So many numbers at even distances.
            fn new_linear_space_f64(start: f64, end: f64, n: u64, closed: ClosedInterval, name: PlSmallStr)
                -> PolarsResult<Float64Chunked>;
            /// The largest or smallest values: the column, and how many as a column of one.
            fn top_k(s: &[Column], descending: bool) -> PolarsResult<Column>;
            /// The values where further columns are largest or smallest: the column, how many, and the others.
            fn top_k_by(s: &[Column], descending: Vec<bool>) -> PolarsResult<Column>;
            /// Dates with parts replaced.
            fn replace_date(ca: &DateChunked, year: &Int32Chunked, month: &Int8Chunked, day: &Int8Chunked)
                -> PolarsResult<DateChunked>;
            /// The names of all time zones.
            fn known_timezones() -> Vec<String> = known_timezones().iter().map(|&zone| zone.into()).collect();
            /// Whether a point in time can be counted in nanoseconds.
            fn in_nanoseconds_window(ndt: NaiveDateTime) -> bool = in_nanoseconds_window(&ndt);
        }
    }
}
