//! Methods of series and columns: values taken out of a frame.

mod numbers;
mod shared;

use std::borrow::Cow;

use aerostat_error::Result;
use polars::chunked_array::flags::StatisticsFlags;
use polars::prelude::*;

use super::natives::OwnedValue;
use super::{Table, functions, methods};
use crate::convert::{Dynamic, TypeName};
use crate::frames::{self, Values};
use crate::generic::Stream;

/// Adds the rows of this folder.
pub(super) fn register(table: &mut Table) {
    shared::register(table);
    numbers::register(table);
    series(table);
    column(table);
    table.add_callables(methods! {
        Column {
            /// The same column.
            fn into_column() -> Column;
            /// The column as a Series.
            fn as_materialized_series() -> Series = |this| this.take_materialized_series();
            /// The column as a Series.
            fn take_materialized_series() -> Series = |this| this.take_materialized_series();
        }
        Series {
            /// The column of a table.
            fn into_column() -> Column = |this| this.into_column();
            /// The mean.
            fn mean() -> Option<f64> = |this| this.mean();
            /// The median.
            fn median() -> Option<f64> = |this| this.median();
            /// The standard deviation.
            fn std(ddof: u8) -> Option<f64> = |this| this.std(ddof);
            /// The variance.
            fn var(ddof: u8) -> Option<f64> = |this| this.var(ddof);
            /// The values as text, row by row.
            fn str_value(index: usize) -> PolarsResult<String>
                = |this| this.str_value(index).map(|text| text.into_owned());
        }
    });
    table.add_callables(methods! {
        Series {
            /// The sum as a number type: `series.sum::<f64>()?`.
            fn sum(as_type: TypeName) -> Result<Dynamic> = |this| frames::extract(&this.sum_reduce(), &as_type);
            /// The smallest value as a number type: `series.min::<f64>()?`.
            fn min(as_type: TypeName) -> Result<Option<Dynamic>> = |this| frames::extract_option(&this.min_reduce(),
                &as_type);
            /// The largest value as a number type: `series.max::<f64>()?`.
            fn max(as_type: TypeName) -> Result<Option<Dynamic>> = |this| frames::extract_option(&this.max_reduce(),
                &as_type);
        }
        OwnedValue {
            /// The value as a number type: `value.try_extract::<f64>()?`.
            fn try_extract(as_type: TypeName) -> Result<Dynamic> = |this| frames::extract_value(&this, &as_type);
        }
    });

    table.add_callables(functions! {
        Series {
            /// Nulls without a type.
            fn new_null(name: PlSmallStr, len: usize) -> Series;
            /// A column of a type without values.
            fn new_empty(name: PlSmallStr, dtype: &DataType) -> Series;
            /// Nulls of a type.
            fn full_null(name: PlSmallStr, size: usize, dtype: &DataType) -> Series;
            /// A column of single values, of their common type.
            fn from_any_values(name: PlSmallStr, values: &[OwnedValue], strict: bool) -> PolarsResult<Series>;
            /// A column of single values, converted to a type.
            fn from_any_values_and_dtype(name: PlSmallStr, values: &[OwnedValue], dtype: &DataType, strict: bool)
                -> PolarsResult<Series>;
            /// Numbers read as the categories of a type.
            fn from_cats_and_dtype(cats: &Series, dtype: &DataType, strict: bool) -> PolarsResult<Series>;
            /// Whether this type is a Series: it is.
            fn is_series() -> bool = <Series as IntoSeries>::is_series();
        }
        Column {
            /// A column of one type from values.
            fn new(name: PlSmallStr, values: Values) -> Column = values.with_name(name)?.into_column();
            /// A column of a type without values.
            fn new_empty(name: PlSmallStr, dtype: &DataType) -> Column;
            /// Nulls of a type.
            fn full_null(name: PlSmallStr, size: usize, dtype: &DataType) -> Column;
            /// One value repeated.
            fn new_scalar(name: PlSmallStr, scalar: Scalar, length: usize) -> Column;
            /// The numbers from `offset` up.
            fn new_row_index(name: PlSmallStr, offset: u32, length: usize) -> PolarsResult<Column>;
        }
    });
}

fn series(table: &mut Table) {
    table.add_callables(methods! { Series {
        /// Renames it in place.
        mut fn rename(name: PlSmallStr) -> &mut Series;
        /// The values that stand for dates, categories and so on inside.
        fn to_physical_repr() -> Cow<'_, Series>;
        /// The values behind an extension type.
        fn to_storage() -> &Series;
        /// Each value as a list of one.
        fn to_unit_list() -> ListChunked;
        /// Converted to floats.
        fn to_float() -> PolarsResult<Series>;
        /// Integers read as decimals with so many digits after the point.
        fn into_decimal(precision: usize, scale: usize) -> PolarsResult<Series>;
        /// Nanoseconds since midnight read as times of day.
        fn into_time() -> Series;
        /// Days since 1970 read as dates.
        fn into_date() -> Series;
        /// Counts of a unit since 1970 read as points in time.
        fn into_datetime(timeunit: TimeUnit, tz: Option<TimeZone>) -> Series;
        /// Counts of a unit read as lengths of time.
        fn into_duration(timeunit: TimeUnit) -> Series;
        /// The values inside all lists and arrays.
        fn get_leaf_array() -> Series;
        /// The first `n` values.
        fn limit(num_elements: usize) -> Series;
        /// One of the pieces of memory.
        fn select_chunk(i: usize) -> Series;
        /// Counts the values anew.
        mut fn compute_len() -> ();
        /// The values as the text of a list.
        fn fmt_list() -> String;
        /// The size in memory, in bytes.
        fn estimated_size() -> usize;
        /// The column as bytes, for storage.
        fn serialize_to_bytes() -> PolarsResult<Vec<u8>>;
        /// Each value as bytes that are equal where values are.
        fn row_encode_unordered() -> PolarsResult<BinaryOffsetChunked>;
        /// Each value as bytes that sort as the values do.
        fn row_encode_ordered(descending: bool, nulls_last: bool) -> PolarsResult<BinaryOffsetChunked>;
        /// The dot product.
        fn dot(other: &Series) -> PolarsResult<f64>;
        /// The position of the smallest value.
        fn arg_min() -> Option<usize>;
        /// The position of the largest value.
        fn arg_max() -> Option<usize>;
        /// The first value.
        fn first() -> Scalar;
        /// The first value that is not null.
        fn first_non_null() -> Scalar;
        /// The last value.
        fn last() -> Scalar;
        /// The last value that is not null.
        fn last_non_null() -> Scalar;
        /// Whether the values are in order.
        fn is_sorted(options: SortOptions) -> PolarsResult<bool>;
        /// Whether the values are in any of the orders.
        fn is_sorted_any(descending: Option<bool>, nulls_last: Option<bool>) -> PolarsResult<bool>;
        /// An error that names the operation, unless the values are in ascending order.
        fn ensure_sorted_arg(operation: &str) -> PolarsResult<()>;
        /// The distinct values and how often they occur.
        fn value_counts(sort: bool, parallel: bool, name: PlSmallStr, normalize: bool) -> PolarsResult<DataFrame>;
        /// One column of 0 and 1 for each distinct value.
        fn to_dummies(separator: Option<&str>, drop_first: bool, drop_nulls: bool) -> PolarsResult<DataFrame>;
        /// The smallest number type that holds the values.
        fn shrink_type() -> PolarsResult<Series>;
        /// The same column.
        fn into_series() -> Series;
        /// The values, one by one.
        fn iter() -> Stream<OwnedValue> = |this| this.rechunk().iter().map(AnyValue::into_static).collect();
        /// The values as they are stored, one by one.
        fn phys_iter() -> Stream<OwnedValue> = |this| this.rechunk().phys_iter().map(AnyValue::into_static).collect();
        /// The lengths of the pieces of memory.
        fn chunk_lengths() -> Stream<usize> = |this| this.chunk_lengths().collect();
    } });
}

fn column(table: &mut Table) {
    table.add_callables(methods! { Column {
        /// Renames it in place.
        mut fn rename(name: PlSmallStr) -> ();
        /// The column as a Series; one repeated value stays one.
        fn as_materialized_series_maintain_scalar() -> Series;
        /// Turns the column into a Series in place.
        mut fn into_materialized_series() -> &mut Series;
        /// The Series behind the column, unless it is one repeated value.
        fn as_series() -> Option<&Series>;
        /// The values that stand for dates, categories and so on inside.
        fn to_physical_repr() -> Column;
        /// Each value as a list of one.
        fn to_unit_list() -> Column;
        /// The position of the first value that is not null.
        fn first_non_null() -> Option<usize>;
        /// The position of the last value that is not null.
        fn last_non_null() -> Option<usize>;
        /// Promises facts about the values; whether they could be kept.
        mut fn set_flags(flags: StatisticsFlags) -> bool;
        /// The positions in the order of this and further columns.
        fn arg_sort_multiple(by: &[Column], options: &SortMultipleOptions) -> PolarsResult<UInt32Chunked>;
        /// The quotients of both columns.
        fn divide(rhs: &Column) -> PolarsResult<Column>;
        /// This value where the mask is true, the other, of the same type, where it is not.
        fn zip_with_same_type(mask: &BooleanChunked, other: &Column) -> PolarsResult<Column>;
        /// Bitwise and.
        fn bitand(rhs: &Column) -> PolarsResult<Column>;
        /// Bitwise or.
        fn bitor(rhs: &Column) -> PolarsResult<Column>;
        /// Bitwise exclusive or.
        fn bitxor(rhs: &Column) -> PolarsResult<Column>;
        /// The values as they are stored, one by one.
        fn phys_iter() -> Stream<OwnedValue> = |this| this.rechunk().phys_iter().map(AnyValue::into_static).collect();
    } });
}
