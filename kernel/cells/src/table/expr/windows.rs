//! Expressions over groups and moving windows.

use polars::prelude::*;

use crate::convert::{IntoExpr, IntoExprs};
use crate::table::{Callable, methods};

/// The rows of this file.
pub(super) fn rows() -> Vec<Callable> {
    windows()
}

fn windows() -> Vec<Callable> {
    methods! { #[pure] Expr {
        /// The expression within each group of other columns, on every row of the group.
        fn over(partition_by: IntoExprs) -> PolarsResult<Expr> = |this| this.over(partition_by);
        /// [`over`](Self::over), with an order within the group and a choice of how results meet rows.
        fn over_with_options(partition_by: Option<IntoExprs>, order_by: Option<(IntoExprs, SortOptions)>,
            mapping: WindowMapping) -> PolarsResult<Expr> = |this| this.over_with_options(partition_by, order_by,
            mapping);
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
        /// The expression on the rows of a window before each row.
        fn rolling(index_column: IntoExpr, period: Duration, offset: Duration, closed_window: ClosedWindow) -> Expr;
        /// An expression over `element()`, on all values up to here.
        fn cumulative_eval(evaluation: Expr, min_samples: usize) -> Expr;
        /// The median of a window of time.
        fn rolling_median_by(by: Expr, options: RollingOptionsDynamicWindow) -> Expr;
        /// The standard deviation of a window of time.
        fn rolling_std_by(by: Expr, options: RollingOptionsDynamicWindow) -> Expr;
        /// The variance of a window of time.
        fn rolling_var_by(by: Expr, options: RollingOptionsDynamicWindow) -> Expr;
        /// The rank within a window of time.
        fn rolling_rank_by(by: Expr, options: RollingOptionsDynamicWindow) -> Expr;
        /// A quantile of a window of time.
        fn rolling_quantile_by(by: Expr, method: QuantileMethod, quantile: f64, options: RollingOptionsDynamicWindow)
            -> Expr;
        /// The rank within a moving window.
        fn rolling_rank(options: RollingOptionsFixedWindow) -> Expr;
        /// The skewness of a moving window.
        fn rolling_skew(options: RollingOptionsFixedWindow) -> Expr;
        /// The kurtosis of a moving window.
        fn rolling_kurtosis(options: RollingOptionsFixedWindow) -> Expr;
        /// The exponentially weighted sum.
        fn ewm_sum(options: EWMOptions) -> Expr;
        /// The mean, weighted by how long ago each value was.
        fn ewm_mean_by(times: Expr, half_life: Duration) -> Expr;
        /// The sum, weighted by how long ago each value was.
        fn ewm_sum_by(times: Expr, half_life: Duration) -> Expr;
    } }
}
