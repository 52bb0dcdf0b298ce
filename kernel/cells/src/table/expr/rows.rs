//! Order, choice and shape of the rows of a column; nulls and duplicates.

use polars::prelude::*;

use crate::convert::{IntoExpr, IntoExprs};
use crate::table::{Callable, methods};

/// The rows of this file.
pub(super) fn rows() -> Vec<Callable> {
    let mut rows = Vec::new();
    for part in [shapes(), nulls_and_sets()] {
        rows.extend(part);
    }
    rows
}

fn shapes() -> Vec<Callable> {
    methods! { #[pure] Expr {
        /// The column in order.
        fn sort(options: SortOptions) -> Expr;
        /// The column in the order of other columns.
        fn sort_by(by: IntoExprs, options: SortMultipleOptions) -> Expr;
        /// The largest `k` values.
        fn top_k(k: IntoExpr) -> Expr;
        /// The smallest `k` values.
        fn bottom_k(k: IntoExpr) -> Expr;
        /// The `k` values where other columns are largest.
        fn top_k_by(k: IntoExpr, by: IntoExprs, descending: Vec<bool>) -> Expr;
        /// The `k` values where other columns are smallest.
        fn bottom_k_by(k: IntoExpr, by: IntoExprs, descending: Vec<bool>) -> Expr;
        /// The column from back to front.
        fn reverse() -> Expr;
        /// The distinct values.
        fn unique() -> Expr;
        /// The distinct values in order of appearance.
        fn unique_stable() -> Expr;
        /// The first `n` values, 10 for `None`.
        fn head(length: Option<usize>) -> Expr;
        /// The last `n` values, 10 for `None`.
        fn tail(length: Option<usize>) -> Expr;
        /// A part of the column.
        fn slice(offset: IntoExpr, length: IntoExpr) -> Expr;
        /// The values at positions.
        fn gather(index: IntoExpr, null_on_oob: bool) -> Expr;
        /// The value at a position.
        fn get(index: IntoExpr, null_on_oob: bool) -> Expr;
        /// Every `n`th value.
        fn gather_every(n: usize, offset: usize) -> Expr;
        /// One row for each element of a list.
        fn explode(options: ExplodeOptions) -> Expr;
        /// Another column below this one.
        fn append(other: IntoExpr, upcast: bool) -> Expr;
        /// The values `n` rows earlier.
        fn shift(n: IntoExpr) -> Expr;
        /// The values `n` rows earlier, and a value where there are none.
        fn shift_and_fill(n: IntoExpr, fill_value: IntoExpr) -> Expr;
        /// Each value as a list of `by` of them.
        fn repeat_by(by: IntoExpr) -> Expr;
        /// A column of lists of a shape.
        fn reshape(dimensions: Vec<i64>) -> Expr = |this| this.reshape(&dimensions);
        /// Runs of equal values, as structs of length and value.
        fn rle() -> Expr;
        /// The number of the run that each value belongs to.
        fn rle_id() -> Expr;
        /// The first position of a value.
        fn index_of(element: IntoExpr) -> Expr;
        /// The hash of each value.
        fn hash(k0: u64, k1: u64, k2: u64, k3: u64) -> Expr;
        /// The values that stand for dates, categories and so on inside.
        fn to_physical() -> Expr;
        /// The values in random order.
        fn shuffle(seed: Option<u64>) -> Expr;
        /// So many values at random.
        fn sample_n(n: Expr, with_replacement: bool, shuffle: Option<bool>, seed: Option<u64>) -> Expr;
        /// A share of the values at random.
        fn sample_frac(frac: Expr, with_replacement: bool, shuffle: Option<bool>, seed: Option<u64>) -> Expr;
        /// The values in one piece of memory.
        fn rechunk() -> Expr;
        /// Where values would go to keep a sorted column in order.
        fn search_sorted(element: IntoExpr, side: SearchSortedSide, descending: bool) -> Expr;
        /// A value added `n` times at the end.
        fn extend_constant(value: Expr, n: Expr) -> Expr;
    } }
}

fn nulls_and_sets() -> Vec<Callable> {
    methods! { #[pure] Expr {
        /// Whether the value is null.
        fn is_null() -> Expr;
        /// Whether the value is not null.
        fn is_not_null() -> Expr;
        /// Whether the value is NaN.
        fn is_nan() -> Expr;
        /// Whether the value is not NaN.
        fn is_not_nan() -> Expr;
        /// Whether the value is finite.
        fn is_finite() -> Expr;
        /// Whether the value is infinite.
        fn is_infinite() -> Expr;
        /// A value in the place of nulls.
        fn fill_null(fill_value: IntoExpr) -> Expr;
        /// Another value of the column in the place of nulls.
        fn fill_null_with_strategy(strategy: FillNullStrategy) -> Expr;
        /// A value in the place of NaN.
        fn fill_nan(fill_value: IntoExpr) -> Expr;
        /// The column without nulls.
        fn drop_nulls() -> Expr;
        /// The column without NaN.
        fn drop_nans() -> Expr;
        /// Values in the place of nulls between others.
        fn interpolate(method: InterpolationMethod) -> Expr;
        /// Whether the value occurs once.
        fn is_unique() -> Expr;
        /// Whether the value occurs more than once.
        fn is_duplicated() -> Expr;
        /// Whether it is the first occurrence of the value.
        fn is_first_distinct() -> Expr;
        /// Whether it is the last occurrence of the value.
        fn is_last_distinct() -> Expr;
        /// Values replaced by others, the rest kept.
        fn replace(old: IntoExpr, new: IntoExpr) -> Expr;
        /// Values replaced by others, the rest by a default or an error.
        fn replace_strict(old: IntoExpr, new: IntoExpr, default: Option<IntoExpr>, return_dtype: Option<DataType>)
            -> Expr;
        /// Whether any value is null.
        fn has_nulls() -> Expr;
        /// Values in the place of nulls, linear in another column.
        fn interpolate_by(by: Expr) -> Expr;
    } }
}
