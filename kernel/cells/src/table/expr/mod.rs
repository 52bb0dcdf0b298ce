//! Methods of expressions.

mod numbers;
mod rows;
mod windows;

use polars::chunked_array::cast::CastOptions;
use polars::prelude::*;

use super::{Callable, Table, functions, methods};
use crate::convert::IntoExpr;

/// Adds the rows of this file.
pub(super) fn register(table: &mut Table) {
    let own = [comparisons(), types(), aggregations(), conditionals()];
    for rows in own.into_iter().chain([numbers::rows(), rows::rows(), windows::rows()]) {
        table.add_callables(rows);
    }
    table.add_callables(functions! {
        #[pure] Expr {
            /// The number π.
            fn pi() -> Expr;
        }
    });
}

fn comparisons() -> Vec<Callable> {
    methods! { #[pure] Expr {
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
        /// Converts to a type, strictly, leniently or with overflow.
        fn cast_with_options(dtype: DataType, cast_options: CastOptions) -> Expr;
        /// Whether there are no values; `ignore_nulls`: none that are not null.
        fn is_empty(ignore_nulls: bool) -> Expr;
    } }
}

fn types() -> Vec<Callable> {
    methods! { #[pure] Expr {
        /// The name and type that the expression gives on a frame of this schema.
        fn to_field(schema: &Schema) -> PolarsResult<Field>;
        /// The expression as a selector, if it only chooses columns.
        fn into_selector() -> Option<Selector>;
        /// The expression as a selector, or an error if it does more than choose columns.
        fn try_into_selector() -> PolarsResult<Selector>;
        /// The number that a literal stands for, not negative.
        fn extract_usize() -> PolarsResult<usize>;
        /// The number that a literal stands for.
        fn extract_i64() -> PolarsResult<i64>;
        /// The same bits as another integer type.
        fn reinterpret(signed: Option<bool>, dtype: Option<DataType>) -> Expr;
    } }
}

fn aggregations() -> Vec<Callable> {
    methods! { #[pure] Expr {
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
        fn hist(bins: Option<IntoExpr>, bin_count: Option<usize>, include_category: bool, include_breakpoint: bool)
            -> Expr;
        /// The first value that is not null.
        fn first_non_null() -> Expr;
        /// The last value that is not null.
        fn last_non_null() -> Expr;
        /// The only value; an error if there are several, or none unless `allow_empty`.
        fn item(allow_empty: bool) -> Expr;
        /// The row numbers of the group.
        fn agg_groups() -> Expr;
        /// Whether the values are in order.
        fn is_sorted(descending: Option<bool>, nulls_last: Option<bool>) -> Expr;
        /// All values combined by bitwise and.
        fn bitwise_and() -> Expr;
        /// All values combined by bitwise or.
        fn bitwise_or() -> Expr;
        /// All values combined by bitwise exclusive or.
        fn bitwise_xor() -> Expr;
        /// The largest value that the type holds.
        fn upper_bound() -> Expr;
        /// The smallest value that the type holds.
        fn lower_bound() -> Expr;
    } }
}

fn conditionals() -> Vec<Callable> {
    methods! {
        #[pure] When {
            /// The value where the condition holds.
            fn then(value: IntoExpr) -> Then;
        }
        #[pure] Then {
            /// Another condition, for the rows that none before it took.
            fn when(condition: IntoExpr) -> ChainedWhen;
            /// The value of the rows that no condition took.
            fn otherwise(value: IntoExpr) -> Expr;
        }
        #[pure] ChainedWhen {
            /// The value where the condition holds.
            fn then(value: IntoExpr) -> ChainedThen;
        }
        #[pure] ChainedThen {
            /// Another condition, for the rows that none before it took.
            fn when(condition: IntoExpr) -> ChainedWhen;
            /// The value of the rows that no condition took.
            fn otherwise(value: IntoExpr) -> Expr;
        }
    }
}
