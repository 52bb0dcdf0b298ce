//! What Series and Column have in common.

use std::borrow::Cow;

use polars::chunked_array::cast::CastOptions;
use polars::chunked_array::flags::StatisticsFlags;
use polars::prelude::*;
use polars::series::IsSorted;

use crate::lend::Comparand;
use crate::table::natives::OwnedValue;
use crate::table::{Table, methods};

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
    values(table);
    rows(table);
    numbers(table);
    memory(table);
    comparisons(table);
}

fn values(table: &mut Table) {
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
}

fn rows(table: &mut Table) {
    both!(table, {
        /// The name and type.
        fn field() -> Cow<'_, Field>;
        /// Whether any value is null.
        fn has_nulls() -> bool;
        /// Whether all values are null.
        fn is_full_null() -> bool;
        /// Whether all values are equal; null is not equal to null.
        fn equals(other: &Self_) -> bool;
        /// Whether all values are equal; null equals null.
        fn equals_missing(other: &Self_) -> bool;
        /// Where the value is NaN.
        fn is_nan() -> PolarsResult<BooleanChunked>;
        /// Where the value is not NaN.
        fn is_not_nan() -> PolarsResult<BooleanChunked>;
        /// Where the value is finite.
        fn is_finite() -> PolarsResult<BooleanChunked>;
        /// Where the value is infinite.
        fn is_infinite() -> PolarsResult<BooleanChunked>;
        /// Other values in the place of nulls.
        fn fill_null(strategy: FillNullStrategy) -> PolarsResult<Self_>;
        /// The values where the mask is true.
        fn filter(mask: &BooleanChunked) -> PolarsResult<Self_>;
        /// The values at positions.
        fn take(indices: &UInt32Chunked) -> PolarsResult<Self_>;
        /// The values at positions.
        fn take_slice(indices: &[u32]) -> PolarsResult<Self_>;
        /// Every `n`th value.
        fn gather_every(n: usize, offset: usize) -> PolarsResult<Self_>;
        /// The values `n` rows earlier.
        fn shift(periods: i64) -> Self_;
        /// A column of the same name and type without values.
        fn clear() -> Self_;
        /// The values before a position and those from it.
        fn split_at(offset: i64) -> (Self_, Self_);
        /// One value repeated.
        fn new_from_index(index: usize, length: usize) -> Self_;
        /// One value for each element of lists.
        fn explode(options: ExplodeOptions) -> PolarsResult<Self_>;
        /// All values as one list.
        fn implode() -> PolarsResult<ListChunked>;
        /// A column of lists of a shape.
        fn reshape_list(dimensions: &[ReshapeDimension]) -> PolarsResult<Self_>;
        /// A column of arrays of a shape.
        fn reshape_array(dimensions: &[ReshapeDimension]) -> PolarsResult<Self_>;
        /// A value added `n` times at the end.
        fn extend_constant(value: OwnedValue, n: usize) -> PolarsResult<Self_>;
        /// This value where the mask is true, the other where it is not.
        fn zip_with(mask: &BooleanChunked, other: &Self_) -> PolarsResult<Self_>;
        /// Converted to a type, strictly, leniently or with overflow.
        fn cast_with_options(dtype: &DataType, options: CastOptions) -> PolarsResult<Self_>;
        /// The values in order.
        fn sort_with(options: SortOptions) -> PolarsResult<Self_>;
        /// The positions in sorted order.
        fn arg_sort(options: SortOptions) -> UInt32Chunked;
        /// The positions of the first occurrences.
        fn arg_unique() -> PolarsResult<UInt32Chunked>;
        /// The number of distinct values, and which of them each value is.
        fn unique_id() -> PolarsResult<(u32, Vec<u32>)>;
        /// About the number of distinct values, by HyperLogLog.
        fn approx_n_unique() -> PolarsResult<u32>;
        /// The values in random order.
        fn shuffle(seed: Option<u64>) -> Self_;
        /// So many values at random.
        fn sample_n(n: usize, with_replacement: bool, shuffle: Option<bool>, seed: Option<u64>) -> PolarsResult<Self_>;
        /// A share of the values at random.
        fn sample_frac(
            frac: f64,
            with_replacement: bool,
            shuffle: Option<bool>,
            seed: Option<u64>,
        ) -> PolarsResult<Self_>;
    });
}

fn numbers(table: &mut Table) {
    both!(table, {
        /// The sum with its type.
        fn sum_reduce() -> PolarsResult<Scalar>;
        /// The mean with its type.
        fn mean_reduce() -> PolarsResult<Scalar>;
        /// The median with its type.
        fn median_reduce() -> PolarsResult<Scalar>;
        /// The smallest value with its type.
        fn min_reduce() -> PolarsResult<Scalar>;
        /// The largest value with its type.
        fn max_reduce() -> PolarsResult<Scalar>;
        /// The standard deviation with its type.
        fn std_reduce(ddof: u8) -> PolarsResult<Scalar>;
        /// The variance with its type.
        fn var_reduce(ddof: u8) -> PolarsResult<Scalar>;
        /// The product with its type.
        fn product() -> PolarsResult<Scalar>;
        /// All values combined by bitwise and.
        fn and_reduce() -> PolarsResult<Scalar>;
        /// All values combined by bitwise or.
        fn or_reduce() -> PolarsResult<Scalar>;
        /// All values combined by bitwise exclusive or.
        fn xor_reduce() -> PolarsResult<Scalar>;
        /// A quantile with its type.
        fn quantile_reduce(quantile: f64, method: QuantileMethod) -> PolarsResult<Scalar>;
        /// Several quantiles as one list.
        fn quantiles_reduce(quantiles: &[f64], method: QuantileMethod) -> PolarsResult<Scalar>;
        /// The sums of both columns.
        fn try_add_owned(other: Self_) -> PolarsResult<Self_>;
        /// The differences of both columns.
        fn try_sub_owned(other: Self_) -> PolarsResult<Self_>;
        /// The products of both columns.
        fn try_mul_owned(other: Self_) -> PolarsResult<Self_>;
        /// Divided by a number, cut off to integers.
        fn wrapping_trunc_div_scalar(rhs: i64) -> Self_;
    });
}

fn memory(table: &mut Table) {
    both!(table, {
        /// The number of pieces of memory that hold the values.
        fn n_chunks() -> usize;
        /// The values in one piece of memory.
        fn rechunk() -> Self_;
        /// Gives back memory that is reserved but not used.
        mut fn shrink_to_fit() -> ();
        /// What is known about the order of the values.
        fn is_sorted_flag() -> IsSorted;
        /// Promises an order of the values; wrong results if it does not hold.
        mut fn set_sorted_flag(sorted: IsSorted) -> ();
        /// What is known about the values.
        fn get_flags() -> StatisticsFlags;
        /// Nulls of structs and arrays passed on to what is inside, if that changes anything.
        fn propagate_nulls() -> Option<Self_>;
        /// Lists without elements that no list reaches, if there are any.
        fn trim_lists_to_normalized_offsets() -> Option<Self_>;
        /// Puts another column below this one, in place.
        mut fn append(other: &Self_) -> PolarsResult<&mut Self_>;
        /// Puts another column below this one, in place.
        mut fn append_owned(other: Self_) -> PolarsResult<&mut Self_>;
        /// Puts another column below this one, in the same memory.
        mut fn extend(other: &Self_) -> PolarsResult<&mut Self_>;
    });
}

fn comparisons(table: &mut Table) {
    both!(table, {
        /// Where both values are equal.
        fn equal(rhs: Comparand) -> PolarsResult<BooleanChunked> = |this| this.equal(&Self_::from(rhs));
        /// Where both values are equal or null.
        fn equal_missing(rhs: Comparand) -> PolarsResult<BooleanChunked> = |this| this.equal_missing(&Self_::from(rhs));
        /// Where the values differ.
        fn not_equal(rhs: Comparand) -> PolarsResult<BooleanChunked> = |this| this.not_equal(&Self_::from(rhs));
        /// Where the values differ, null being a value.
        fn not_equal_missing(rhs: Comparand) -> PolarsResult<BooleanChunked>
            = |this| this.not_equal_missing(&Self_::from(rhs));
        /// Where this value is greater.
        fn gt(rhs: Comparand) -> PolarsResult<BooleanChunked> = |this| this.gt(&Self_::from(rhs));
        /// Where this value is greater or equal.
        fn gt_eq(rhs: Comparand) -> PolarsResult<BooleanChunked> = |this| this.gt_eq(&Self_::from(rhs));
        /// Where this value is smaller.
        fn lt(rhs: Comparand) -> PolarsResult<BooleanChunked> = |this| this.lt(&Self_::from(rhs));
        /// Where this value is smaller or equal.
        fn lt_eq(rhs: Comparand) -> PolarsResult<BooleanChunked> = |this| this.lt_eq(&Self_::from(rhs));
    });
}
