//! Methods of expressions.

use polars::prelude::*;
use polars::series::ops::NullBehavior;

use super::{Callable, Table, methods};
use crate::convert::{IntoExpr, IntoExprs, Names};

/// Adds the rows of this file.
pub(super) fn register(table: &mut Table) {
    for rows in [comparisons(), aggregations(), shapes(), numbers(), nulls_and_sets(), windows(), conditionals()] {
        table.add_callables(rows);
    }
}

fn comparisons() -> Vec<Callable> {
    methods! { Expr {
        /// Renames the column.
        fn alias(name: PlSmallStr) -> Expr;
        /// Equal.
        fn eq(other: IntoExpr) -> Expr;
        /// Equal, where null equals null.
        fn eq_missing(other: IntoExpr) -> Expr;
        /// Not equal.
        fn neq(other: IntoExpr) -> Expr;
        /// Not equal, where null equals null.
        fn neq_missing(other: IntoExpr) -> Expr;
        /// Less than.
        fn lt(other: IntoExpr) -> Expr;
        /// Less than or equal.
        fn lt_eq(other: IntoExpr) -> Expr;
        /// Greater than.
        fn gt(other: IntoExpr) -> Expr;
        /// Greater than or equal.
        fn gt_eq(other: IntoExpr) -> Expr;
        /// Both; bitwise on integers.
        fn and(other: IntoExpr) -> Expr;
        /// Either; bitwise on integers.
        fn or(other: IntoExpr) -> Expr;
        /// One but not the other; bitwise on integers.
        fn xor(other: IntoExpr) -> Expr;
        /// Both.
        fn logical_and(other: IntoExpr) -> Expr;
        /// Either.
        fn logical_or(other: IntoExpr) -> Expr;
        /// The opposite.
        fn not() -> Expr;
        /// Between two bounds, which `closed` includes or not.
        fn is_between(lower: IntoExpr, upper: IntoExpr, closed: ClosedInterval) -> Expr;
        /// Equal up to a tolerance.
        fn is_close(other: IntoExpr, abs_tol: f64, rel_tol: f64, nans_equal: bool) -> Expr;
        /// Whether the value is among those of the other column or list.
        fn is_in(other: IntoExpr, nulls_equal: bool) -> Expr;
        /// The values for which the predicate holds.
        fn filter(predicate: IntoExpr) -> Expr;
        /// Converts to a type; what does not convert is null.
        fn cast(dtype: DataType) -> Expr;
        /// Converts to a type; what does not convert is an error.
        fn strict_cast(dtype: DataType) -> Expr;
    } }
}

fn aggregations() -> Vec<Callable> {
    methods! { Expr {
        /// The sum.
        fn sum() -> Expr;
        /// The mean.
        fn mean() -> Expr;
        /// The median.
        fn median() -> Expr;
        /// The smallest value.
        fn min() -> Expr;
        /// The largest value.
        fn max() -> Expr;
        /// The smallest value; NaN if any is.
        fn nan_min() -> Expr;
        /// The largest value; NaN if any is.
        fn nan_max() -> Expr;
        /// The value where another column is smallest.
        fn min_by(by: Expr) -> Expr;
        /// The value where another column is largest.
        fn max_by(by: Expr) -> Expr;
        /// The standard deviation, with `ddof` degrees of freedom taken off.
        fn std(ddof: u8) -> Expr;
        /// The variance, with `ddof` degrees of freedom taken off.
        fn var(ddof: u8) -> Expr;
        /// The quantile, 0 to 1.
        fn quantile(quantile: IntoExpr, method: QuantileMethod) -> Expr;
        /// The product.
        fn product() -> Expr;
        /// The number of values that are not null.
        fn count() -> Expr;
        /// The number of values.
        fn len() -> Expr;
        /// The number of nulls.
        fn null_count() -> Expr;
        /// The number of distinct values.
        fn n_unique() -> Expr;
        /// About the number of distinct values, by HyperLogLog.
        fn approx_n_unique() -> Expr;
        /// The first value.
        fn first() -> Expr;
        /// The last value.
        fn last() -> Expr;
        /// The most frequent values.
        fn mode(maintain_order: bool) -> Expr;
        /// The skewness.
        fn skew(bias: bool) -> Expr;
        /// The kurtosis.
        fn kurtosis(fisher: bool, bias: bool) -> Expr;
        /// The entropy.
        fn entropy(base: f64, normalize: bool) -> Expr;
        /// Whether any value is true.
        fn any(ignore_nulls: bool) -> Expr;
        /// Whether all values are true.
        fn all(ignore_nulls: bool) -> Expr;
        /// The values of the group as a list.
        fn implode(maintain_order: bool) -> Expr;
        /// The position of the smallest value.
        fn arg_min() -> Expr;
        /// The position of the largest value.
        fn arg_max() -> Expr;
        /// The positions in sorted order.
        fn arg_sort(descending: bool, nulls_last: bool) -> Expr;
        /// The positions of the first occurrences.
        fn arg_unique() -> Expr;
        /// The distinct values and how often they occur, as a struct.
        fn value_counts(sort: bool, parallel: bool, name: String, normalize: bool) -> Expr
            = |this| this.value_counts(sort, parallel, &name, normalize);
        /// How often each distinct value occurs, in order of appearance.
        fn unique_counts() -> Expr;
        /// The dot product.
        fn dot(other: IntoExpr) -> Expr;
        /// A histogram of the values.
        fn hist(bins: Option<IntoExpr>, bin_count: Option<usize>, include_category: bool, include_breakpoint: bool) -> Expr;
    } }
}

fn shapes() -> Vec<Callable> {
    methods! { Expr {
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
    } }
}

fn numbers() -> Vec<Callable> {
    methods! { Expr {
        /// The absolute value.
        fn abs() -> Expr;
        /// Rounded to so many decimals.
        fn round(decimals: u32, mode: RoundMode) -> Expr;
        /// Rounded to so many significant digits.
        fn round_sig_figs(digits: i32) -> Expr;
        /// Cut off after so many decimals.
        fn truncate(decimals: u32) -> Expr;
        /// Rounded down.
        fn floor() -> Expr;
        /// Rounded up.
        fn ceil() -> Expr;
        /// Kept within bounds.
        fn clip(min: IntoExpr, max: IntoExpr) -> Expr;
        /// Kept at or above a bound.
        fn clip_min(min: IntoExpr) -> Expr;
        /// Kept at or below a bound.
        fn clip_max(max: IntoExpr) -> Expr;
        /// The square root.
        fn sqrt() -> Expr;
        /// The cube root.
        fn cbrt() -> Expr;
        /// To a power.
        fn pow(exponent: IntoExpr) -> Expr;
        /// e to the power of the value.
        fn exp() -> Expr;
        /// The logarithm to a base.
        fn log(base: IntoExpr) -> Expr;
        /// The natural logarithm of the value plus one.
        fn log1p() -> Expr;
        /// -1, 0 or 1.
        fn sign() -> Expr;
        /// Divided and rounded down.
        fn floor_div(other: IntoExpr) -> Expr;
        /// The sine.
        fn sin() -> Expr;
        /// The cosine.
        fn cos() -> Expr;
        /// The tangent.
        fn tan() -> Expr;
        /// The inverse sine.
        fn arcsin() -> Expr;
        /// The inverse cosine.
        fn arccos() -> Expr;
        /// The inverse tangent.
        fn arctan() -> Expr;
        /// Radians as degrees.
        fn degrees() -> Expr;
        /// Degrees as radians.
        fn radians() -> Expr;
        /// The sum up to here.
        fn cum_sum(reverse: bool) -> Expr;
        /// The product up to here.
        fn cum_prod(reverse: bool) -> Expr;
        /// The smallest value up to here.
        fn cum_min(reverse: bool) -> Expr;
        /// The largest value up to here.
        fn cum_max(reverse: bool) -> Expr;
        /// The number of values up to here.
        fn cum_count(reverse: bool) -> Expr;
        /// The difference from the value `n` rows earlier.
        fn diff(n: IntoExpr, null_behavior: NullBehavior) -> Expr;
        /// The relative change from the value `n` rows earlier.
        fn pct_change(n: IntoExpr) -> Expr;
        /// The rank within the column.
        fn rank(options: RankOptions, seed: Option<u64>) -> Expr;
        /// The interval between breaks that each value lies in.
        fn cut(breaks: Vec<f64>, labels: Option<Names>, left_closed: bool, include_breaks: bool) -> Expr;
        /// The interval between quantiles that each value lies in.
        fn qcut(probs: Vec<f64>, labels: Option<Names>, left_closed: bool, allow_duplicates: bool, include_breaks: bool) -> Expr;
        /// The interval between `n_bins` even quantiles that each value lies in.
        fn qcut_uniform(n_bins: usize, labels: Option<Names>, left_closed: bool, allow_duplicates: bool, include_breaks: bool) -> Expr;
    } }
}

fn nulls_and_sets() -> Vec<Callable> {
    methods! { Expr {
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
        fn replace_strict(old: IntoExpr, new: IntoExpr, default: Option<IntoExpr>, return_dtype: Option<DataType>) -> Expr;
        /// Whether any value is null.
        fn has_nulls() -> Expr;
    } }
}

fn windows() -> Vec<Callable> {
    methods! { Expr {
        /// The expression within each group of other columns, on every row of the group.
        fn over(partition_by: IntoExprs) -> PolarsResult<Expr> = |this| this.over(partition_by);
        /// [`over`](Self::over), with an order within the group and a choice of how results meet rows.
        fn over_with_options(partition_by: Option<IntoExprs>, order_by: Option<(IntoExprs, SortOptions)>, mapping: WindowMapping)
            -> PolarsResult<Expr> = |this| this.over_with_options(partition_by, order_by, mapping);
        /// The smallest value of a moving window.
        fn rolling_min(options: RollingOptionsFixedWindow) -> Expr;
        /// The largest value of a moving window.
        fn rolling_max(options: RollingOptionsFixedWindow) -> Expr;
        /// The mean of a moving window.
        fn rolling_mean(options: RollingOptionsFixedWindow) -> Expr;
        /// The sum of a moving window.
        fn rolling_sum(options: RollingOptionsFixedWindow) -> Expr;
        /// The median of a moving window.
        fn rolling_median(options: RollingOptionsFixedWindow) -> Expr;
        /// The standard deviation of a moving window.
        fn rolling_std(options: RollingOptionsFixedWindow) -> Expr;
        /// The variance of a moving window.
        fn rolling_var(options: RollingOptionsFixedWindow) -> Expr;
        /// A quantile of a moving window.
        fn rolling_quantile(method: QuantileMethod, quantile: f64, options: RollingOptionsFixedWindow) -> Expr;
        /// The mean of a window of time.
        fn rolling_mean_by(by: Expr, options: RollingOptionsDynamicWindow) -> Expr;
        /// The sum of a window of time.
        fn rolling_sum_by(by: Expr, options: RollingOptionsDynamicWindow) -> Expr;
        /// The smallest value of a window of time.
        fn rolling_min_by(by: Expr, options: RollingOptionsDynamicWindow) -> Expr;
        /// The largest value of a window of time.
        fn rolling_max_by(by: Expr, options: RollingOptionsDynamicWindow) -> Expr;
        /// The exponentially weighted mean.
        fn ewm_mean(options: EWMOptions) -> Expr;
        /// The exponentially weighted standard deviation.
        fn ewm_std(options: EWMOptions) -> Expr;
        /// The exponentially weighted variance.
        fn ewm_var(options: EWMOptions) -> Expr;
    } }
}

fn conditionals() -> Vec<Callable> {
    methods! {
        When {
            /// The value where the condition holds.
            fn then(value: IntoExpr) -> Then;
        }
        Then {
            /// Another condition, for the rows that none before it took.
            fn when(condition: IntoExpr) -> ChainedWhen;
            /// The value of the rows that no condition took.
            fn otherwise(value: IntoExpr) -> Expr;
        }
        ChainedWhen {
            /// The value where the condition holds.
            fn then(value: IntoExpr) -> ChainedThen;
        }
        ChainedThen {
            /// Another condition, for the rows that none before it took.
            fn when(condition: IntoExpr) -> ChainedWhen;
            /// The value of the rows that no condition took.
            fn otherwise(value: IntoExpr) -> Expr;
        }
    }
}
