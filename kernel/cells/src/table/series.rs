//! Methods of series and columns: values taken out of a frame.

use polars::prelude::*;

use super::natives::OwnedValue;
use super::{Table, methods};
use aerostat_error::Result;

use crate::convert::{Dynamic, TypeName};
use crate::frames;

macro_rules! both {
    ($table:ident, $rows:tt) => {
        both!(@one $table, Series, $rows);
        both!(@one $table, Column, $rows);
    };
    (@one $table:ident, $owner:ident, { $($rows:tt)* }) => {
        {
            type Self_ = $owner;
            $table.add_callables(methods! { $owner { $($rows)* } });
        }
    };
}

/// Adds the rows of this file.
pub(super) fn register(table: &mut Table) {
    both!(table, {
        /// The name.
        fn name() -> PlSmallStr = |this| this.name().clone();
        /// The type.
        fn dtype() -> DataType = |this| this.dtype().clone();
        /// The number of values.
        fn len() -> usize = |this| this.len();
        /// Whether there are no values.
        fn is_empty() -> bool = |this| this.is_empty();
        /// The number of nulls.
        fn null_count() -> usize = |this| this.null_count();
        /// The number of distinct values.
        fn n_unique() -> PolarsResult<usize> = |this| this.n_unique();
        /// The value at a position.
        fn get(index: usize) -> PolarsResult<OwnedValue> = |this| this.get(index).map(AnyValue::into_static);
        /// The first `n` values, 10 for `None`.
        fn head(n: Option<usize>) -> Self_ = |this| this.head(n);
        /// The last `n` values, 10 for `None`.
        fn tail(n: Option<usize>) -> Self_ = |this| this.tail(n);
        /// A part of the values.
        fn slice(offset: i64, length: usize) -> Self_ = |this| this.slice(offset, length);
        /// The values in order.
        fn sort(options: SortOptions) -> PolarsResult<Self_> = |this| this.sort(options);
        /// The values from back to front.
        fn reverse() -> Self_ = |this| this.reverse();
        /// The distinct values.
        fn unique() -> PolarsResult<Self_> = |this| this.unique();
        /// The distinct values in order of appearance.
        fn unique_stable() -> PolarsResult<Self_> = |this| this.unique_stable();
        /// The values that are not null.
        fn drop_nulls() -> Self_ = |this| this.drop_nulls();
        /// Converted to a type; what does not convert is null.
        fn cast(dtype: DataType) -> PolarsResult<Self_> = |this| this.cast(&dtype);
        /// Converted to a type; what does not convert is an error.
        fn strict_cast(dtype: DataType) -> PolarsResult<Self_> = |this| this.strict_cast(&dtype);
        /// A table of this column alone.
        fn into_frame() -> DataFrame = |this| this.into_frame();
        /// Under another name.
        fn with_name(name: PlSmallStr) -> Self_ = |this| this.with_name(name);
        /// Where the value is null.
        fn is_null() -> BooleanChunked = |this| this.is_null();
        /// Where the value is not null.
        fn is_not_null() -> BooleanChunked = |this| this.is_not_null();
    });
    table.add_callables(methods! {
        Column {
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
            fn str_value(index: usize) -> PolarsResult<String> = |this| this.str_value(index).map(|text| text.into_owned());
        }
    });
    table.add_callables(methods! {
        Series {
            /// The sum as a number type: `series.sum::<f64>()?`.
            fn sum(as_type: TypeName) -> Result<Dynamic> = |this| frames::extract(&this.sum_reduce(), &as_type);
            /// The smallest value as a number type: `series.min::<f64>()?`.
            fn min(as_type: TypeName) -> Result<Option<Dynamic>> = |this| frames::extract_option(&this.min_reduce(), &as_type);
            /// The largest value as a number type: `series.max::<f64>()?`.
            fn max(as_type: TypeName) -> Result<Option<Dynamic>> = |this| frames::extract_option(&this.max_reduce(), &as_type);
        }
        OwnedValue {
            /// The value as a number type: `value.try_extract::<f64>()?`.
            fn try_extract(as_type: TypeName) -> Result<Dynamic> = |this| frames::extract_value(&this, &as_type);
        }
    });
}
