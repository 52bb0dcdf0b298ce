//! What can be computed from the numbers of a Series.

use polars::prelude::*;

use crate::table::{Table, methods};

/// Adds the rows of this file.
pub(super) fn register(table: &mut Table) {
    table.add_callables(methods! { Series {
        /// Rounded to so many decimals.
        fn round(decimals: u32, mode: RoundMode) -> PolarsResult<Series>;
        /// Rounded to so many significant digits.
        fn round_sig_figs(digits: i32) -> PolarsResult<Series>;
        /// Cut off after so many decimals.
        fn truncate(decimals: u32) -> PolarsResult<Series>;
        /// Rounded down.
        fn floor() -> PolarsResult<Series>;
        /// Rounded up.
        fn ceil() -> PolarsResult<Series>;
        /// The logarithm to a base.
        fn log(base: &Series) -> Series;
        /// The natural logarithm of the value plus one.
        fn log1p() -> Series;
        /// e to the power of the value.
        fn exp() -> Series;
        /// The entropy.
        fn entropy(base: f64, normalize: bool) -> PolarsResult<f64>;
        /// The skewness.
        fn skew(bias: bool) -> PolarsResult<Option<f64>>;
        /// The kurtosis.
        fn kurtosis(fisher: bool, bias: bool) -> PolarsResult<Option<f64>>;
        /// The rank within the column.
        fn rank(options: RankOptions, seed: Option<u64>) -> Series;
        /// The mean of a moving window.
        fn rolling_mean(options: RollingOptionsFixedWindow) -> PolarsResult<Series>;
        /// The sum of a moving window.
        fn rolling_sum(options: RollingOptionsFixedWindow) -> PolarsResult<Series>;
        /// The smallest value of a moving window.
        fn rolling_min(options: RollingOptionsFixedWindow) -> PolarsResult<Series>;
        /// The largest value of a moving window.
        fn rolling_max(options: RollingOptionsFixedWindow) -> PolarsResult<Series>;
        /// The standard deviation of a moving window.
        fn rolling_std(options: RollingOptionsFixedWindow) -> PolarsResult<Series>;
        /// The variance of a moving window.
        fn rolling_var(options: RollingOptionsFixedWindow) -> PolarsResult<Series>;
        /// A quantile of a moving window.
        fn rolling_quantile(options: RollingOptionsFixedWindow) -> PolarsResult<Series>;
        /// The rank within a moving window.
        fn rolling_rank(options: RollingOptionsFixedWindow) -> PolarsResult<Series>;
        /// The mean of a window of time.
        fn rolling_mean_by(by: &Series, options: RollingOptionsDynamicWindow) -> PolarsResult<Series>;
        /// The sum of a window of time.
        fn rolling_sum_by(by: &Series, options: RollingOptionsDynamicWindow) -> PolarsResult<Series>;
        /// The smallest value of a window of time.
        fn rolling_min_by(by: &Series, options: RollingOptionsDynamicWindow) -> PolarsResult<Series>;
        /// The largest value of a window of time.
        fn rolling_max_by(by: &Series, options: RollingOptionsDynamicWindow) -> PolarsResult<Series>;
        /// The standard deviation of a window of time.
        fn rolling_std_by(by: &Series, options: RollingOptionsDynamicWindow) -> PolarsResult<Series>;
        /// The variance of a window of time.
        fn rolling_var_by(by: &Series, options: RollingOptionsDynamicWindow) -> PolarsResult<Series>;
        /// A quantile of a window of time.
        fn rolling_quantile_by(by: &Series, options: RollingOptionsDynamicWindow) -> PolarsResult<Series>;
        /// The rank within a window of time.
        fn rolling_rank_by(by: &Series, options: RollingOptionsDynamicWindow) -> PolarsResult<Series>;
    } });
}
