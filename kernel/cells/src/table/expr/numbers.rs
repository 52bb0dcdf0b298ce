//! Arithmetic and functions of numbers.

use polars::prelude::*;
use polars::series::ops::NullBehavior;

use crate::convert::{IntoExpr, Names};
use crate::table::{Callable, methods};

/// The rows of this file.
pub(super) fn rows() -> Vec<Callable> {
    let mut rows = Vec::new();
    for part in [numbers(), bits_and_angles()] {
        rows.extend(part);
    }
    rows
}

fn numbers() -> Vec<Callable> {
    methods! { #[pure] Expr {
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
        fn qcut(probs: Vec<f64>, labels: Option<Names>, left_closed: bool, allow_duplicates: bool,
            include_breaks: bool) -> Expr;
        /// The interval between `n_bins` even quantiles that each value lies in.
        fn qcut_uniform(n_bins: usize, labels: Option<Names>, left_closed: bool, allow_duplicates: bool,
            include_breaks: bool) -> Expr;
    } }
}

fn bits_and_angles() -> Vec<Callable> {
    methods! { #[pure] Expr {
        /// The cotangent.
        fn cot() -> Expr;
        /// The angle of the point `(x, y)`, where this is `y`.
        fn arctan2(x: Expr) -> Expr;
        /// The hyperbolic sine.
        fn sinh() -> Expr;
        /// The hyperbolic cosine.
        fn cosh() -> Expr;
        /// The hyperbolic tangent.
        fn tanh() -> Expr;
        /// The inverse hyperbolic sine.
        fn arcsinh() -> Expr;
        /// The inverse hyperbolic cosine.
        fn arccosh() -> Expr;
        /// The inverse hyperbolic tangent.
        fn arctanh() -> Expr;
        /// Divided, as a float.
        fn true_div(rhs: Expr) -> Expr;
        /// The number of bits that are one.
        fn bitwise_count_ones() -> Expr;
        /// The number of bits that are zero.
        fn bitwise_count_zeros() -> Expr;
        /// The number of ones before the first zero bit.
        fn bitwise_leading_ones() -> Expr;
        /// The number of zeros before the first one bit.
        fn bitwise_leading_zeros() -> Expr;
        /// The number of ones after the last zero bit.
        fn bitwise_trailing_ones() -> Expr;
        /// The number of zeros after the last one bit.
        fn bitwise_trailing_zeros() -> Expr;
        /// Whether the value is smaller than both neighbours.
        fn peak_min() -> Expr;
        /// Whether the value is larger than both neighbours.
        fn peak_max() -> Expr;
    } }
}
