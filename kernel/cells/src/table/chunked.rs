//! Typed views of a column, such as `column.f64()?`, and how Series and Column give them.

use chrono::{NaiveDate, NaiveDateTime};
use polars::prelude::*;

use super::{Callable, Table, functions, methods};
use crate::generic::Stream;

macro_rules! views {
    ($($name:ident),* $(,)?) => {
        $(impl crate::value::Native for $name {
            const NAME: &'static str = stringify!($name);
            fn text(&self) -> String {
                format!("{}", self.clone().into_series())
            }
        })*

        /// What every typed view offers.
        fn common_rows() -> Vec<Callable> {
            methods! { $($name {
                /// The number of values.
                fn len() -> usize = |this| this.len();
                /// The number of nulls.
                fn null_count() -> usize = |this| this.clone().into_series().null_count();
                /// The name of the column.
                fn name() -> PlSmallStr = |this| this.name().clone();
                /// The same values as a Series.
                fn into_series() -> Series = |this| this.into_series();
            })* }
        }
    };
}

views! {
    BooleanChunked, StringChunked, BinaryChunked, BinaryOffsetChunked,
    Int8Chunked, Int16Chunked, Int32Chunked, Int64Chunked, Int128Chunked,
    UInt8Chunked, UInt16Chunked, UInt32Chunked, UInt64Chunked, UInt128Chunked, Float32Chunked, Float64Chunked,
    DateChunked, TimeChunked, DatetimeChunked, DurationChunked, DecimalChunked,
    Categorical8Chunked, Categorical16Chunked, Categorical32Chunked,
    ListChunked, ArrayChunked, StructChunked, NullChunked,
}

macro_rules! items {
    ($($name:ident: $item:ty;)*) => {
        /// What views of plain values offer.
        fn item_rows() -> Vec<Callable> {
            methods! { $($name {
                /// The value at a position; `None` if it is null or past the end.
                fn get(index: usize) -> Option<$item> = |this| this.get(index).map(Into::into);
                /// The values, `None` where null.
                fn to_vec() -> Vec<Option<$item>> = |this| this.iter().map(|item| item.map(Into::into)).collect();
                /// The values, `None` where null.
                fn iter() -> Stream<Option<$item>> = |this| this.iter().map(|item| item.map(Into::into)).collect();
                /// The first value.
                fn first() -> Option<$item> = |this| this.first().map(Into::into);
                /// The last value.
                fn last() -> Option<$item> = |this| this.last().map(Into::into);
                /// The distinct values.
                fn unique() -> PolarsResult<$name> = |this| ChunkUnique::unique(&this);
                /// The number of distinct values.
                fn n_unique() -> PolarsResult<usize> = |this| ChunkUnique::n_unique(&this);
                /// The values in order.
                fn sort(descending: bool) -> $name = |this| ChunkSort::sort(&this, descending);
                /// The values as an iterator; nulls end the cell.
                fn into_no_null_iter() -> Stream<$item> = |this| this.iter().flatten().map(Into::into).collect();
            })* }
        }

        /// Views made from values.
        fn constructors() -> Vec<Callable> {
            functions! { $($name {
                /// A typed array from a name and values.
                fn new(name: PlSmallStr, values: Vec<$item>) -> $name = $name::from_slice(name, &values);
            })* }
        }
    };
}

items! {
    BooleanChunked: bool;
    Int8Chunked: i8;
    Int16Chunked: i16;
    Int32Chunked: i32;
    Int64Chunked: i64;
    UInt8Chunked: u8;
    UInt16Chunked: u16;
    UInt32Chunked: u32;
    UInt64Chunked: u64;
    Float32Chunked: f32;
    Float64Chunked: f64;
    StringChunked: String;
}

macro_rules! numbers {
    ($($name:ident: $item:ty, $middle:ty;)*) => {
        /// What views of numbers offer.
        fn number_rows() -> Vec<Callable> {
            methods! { $($name {
                /// The sum.
                fn sum() -> Option<$item> = |this| ChunkAgg::sum(&this);
                /// The smallest value.
                fn min() -> Option<$item> = |this| ChunkAgg::min(&this);
                /// The largest value.
                fn max() -> Option<$item> = |this| ChunkAgg::max(&this);
                /// The mean.
                fn mean() -> Option<f64> = |this| ChunkAgg::mean(&this);
                /// The median.
                fn median() -> Option<$middle> = |this| ChunkQuantile::median(&this);
                /// The standard deviation.
                fn std(ddof: u8) -> Option<f64> = |this| ChunkVar::std(&this, ddof);
                /// The variance.
                fn var(ddof: u8) -> Option<f64> = |this| ChunkVar::var(&this, ddof);
            })* }
        }
    };
}

numbers! {
    Int8Chunked: i8, f64;
    Int16Chunked: i16, f64;
    Int32Chunked: i32, f64;
    Int64Chunked: i64, f64;
    UInt8Chunked: u8, f64;
    UInt16Chunked: u16, f64;
    UInt32Chunked: u32, f64;
    UInt64Chunked: u64, f64;
    Float32Chunked: f32, f32;
    Float64Chunked: f64, f64;
}

macro_rules! accessors {
    ($table:ident, $($owner:ident { $($accessor:ident $(, $try_accessor:ident)?: $view:ident;)* })*) => { $(
        $table.add_callables(methods! { $owner {
            $(
                /// The values as a typed array, or an error if they are of another type.
                fn $accessor() -> PolarsResult<$view> = |this| this.$accessor().cloned();
                $(
                    /// The values as a typed array, if they are of that type.
                    fn $try_accessor() -> Option<$view> = |this| this.$try_accessor().cloned();
                )?
            )*
        } });
    )* };
}

/// Adds the rows of this file.
pub(super) fn register(table: &mut Table) {
    for rows in [common_rows(), item_rows(), number_rows(), constructors()] {
        table.add_callables(rows);
    }
    table.add_callables(functions! {
        IdxCa {
            /// Positions of rows from a name and values.
            fn new(name: PlSmallStr, values: Vec<u32>) -> UInt32Chunked;
        }
    });
    table.add_callables(methods! {
        DateChunked {
            /// The dates, `None` where null.
            fn as_date_iter() -> Stream<Option<NaiveDate>> = |this| this.as_date_iter().collect();
        }
        DatetimeChunked {
            /// The dates and times, `None` where null.
            fn as_datetime_iter() -> Stream<Option<NaiveDateTime>> = |this| this.as_datetime_iter().collect();
        }
    });
    table.add_callables(methods! { BooleanChunked {
        /// Whether any value is true.
        fn any() -> bool = |this| this.any();
        /// Whether no value is false.
        fn all() -> bool = |this| this.all();
        /// How many values are true.
        fn sum() -> Option<u32> = |this| this.sum();
    } });
    accessors! { table,
        Series {
            bool, try_bool: BooleanChunked;
            str, try_str: StringChunked;
            binary, try_binary: BinaryChunked;
            binary_offset, try_binary_offset: BinaryOffsetChunked;
            i8, try_i8: Int8Chunked;
            i16, try_i16: Int16Chunked;
            i32, try_i32: Int32Chunked;
            i64, try_i64: Int64Chunked;
            i128, try_i128: Int128Chunked;
            u8, try_u8: UInt8Chunked;
            u16, try_u16: UInt16Chunked;
            u32, try_u32: UInt32Chunked;
            u64, try_u64: UInt64Chunked;
            u128, try_u128: UInt128Chunked;
            idx, try_idx: UInt32Chunked;
            f32, try_f32: Float32Chunked;
            f64, try_f64: Float64Chunked;
            date, try_date: DateChunked;
            time, try_time: TimeChunked;
            datetime, try_datetime: DatetimeChunked;
            duration, try_duration: DurationChunked;
            decimal, try_decimal: DecimalChunked;
            cat8, try_cat8: Categorical8Chunked;
            cat16, try_cat16: Categorical16Chunked;
            cat32, try_cat32: Categorical32Chunked;
            list, try_list: ListChunked;
            array, try_array: ArrayChunked;
            struct_, try_struct: StructChunked;
            null, try_null: NullChunked;
        }
        Column {
            bool, try_bool: BooleanChunked;
            str, try_str: StringChunked;
            binary, try_binary: BinaryChunked;
            binary_offset, try_binary_offset: BinaryOffsetChunked;
            i8, try_i8: Int8Chunked;
            i16, try_i16: Int16Chunked;
            i32, try_i32: Int32Chunked;
            i64, try_i64: Int64Chunked;
            i128: Int128Chunked;
            u8, try_u8: UInt8Chunked;
            u16, try_u16: UInt16Chunked;
            u32, try_u32: UInt32Chunked;
            u64, try_u64: UInt64Chunked;
            u128, try_u128: UInt128Chunked;
            idx, try_idx: UInt32Chunked;
            f32, try_f32: Float32Chunked;
            f64, try_f64: Float64Chunked;
            date, try_date: DateChunked;
            datetime, try_datetime: DatetimeChunked;
            duration, try_duration: DurationChunked;
            decimal, try_decimal: DecimalChunked;
            cat8, try_cat8: Categorical8Chunked;
            cat16, try_cat16: Categorical16Chunked;
            cat32, try_cat32: Categorical32Chunked;
            list, try_list: ListChunked;
            array, try_array: ArrayChunked;
            struct_, try_struct: StructChunked;
        }
    }
}
