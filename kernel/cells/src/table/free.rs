//! Free functions: what builds expressions and frames.

// Eager functions of the same names make these ambiguous in the prelude.
use polars::lazy::dsl::{date_range, max_horizontal, mean_horizontal, min_horizontal, sum_horizontal};
use polars::prelude::*;

use super::{Table, functions};
use crate::convert::{AnyLiteral, IntoExpr, IntoExprs, Names};

use crate::value::Value;

/// Adds the rows of this file.
pub(super) fn register(table: &mut Table) {
    table.add_callables(functions! { free {
        /// A column by name.
        fn col(name: PlSmallStr) -> Expr = col(name);
        /// A constant.
        fn lit(value: AnyLiteral) -> Expr = value;
        /// Columns by their names.
        fn cols(names: Names) -> Selector = cols(names);
        /// Columns by their names; `strict`: all of them must exist, `expand_patterns`: `^..$` is a regular expression.
        fn by_name(names: Names, strict: bool, expand_patterns: bool) -> Selector = by_name(names, strict, expand_patterns);
        /// All columns.
        fn all() -> Selector = all();
        /// The column at a position; negative from the end.
        fn nth(index: i64) -> Selector = nth(index);
        /// The columns of a type.
        fn dtype_col(dtype: DataType) -> Selector = dtype_col(&dtype).as_selector();
        /// The columns of types.
        fn dtype_cols(dtypes: Vec<DataType>) -> Selector = dtype_cols(dtypes).as_selector();
        /// The number of rows.
        fn len() -> Expr = len();
        /// The element of a list, inside `list().eval(..)`.
        fn element() -> Expr = element();
        /// Begins a conditional: `when(..).then(..).otherwise(..)`.
        fn when(condition: IntoExpr) -> When = when(condition);
        /// The sum of a column.
        fn sum(name: String) -> Expr = sum(&name);
        /// The mean of a column.
        fn mean(name: String) -> Expr = mean(&name);
        /// The mean of a column.
        fn avg(name: String) -> Expr = avg(&name);
        /// The median of a column.
        fn median(name: String) -> Expr = median(&name);
        /// The smallest value of a column.
        fn min(name: String) -> Expr = min(&name);
        /// The largest value of a column.
        fn max(name: String) -> Expr = max(&name);
        /// A quantile of a column.
        fn quantile(name: String, quantile: IntoExpr, method: QuantileMethod) -> Expr
            = polars::prelude::quantile(&name, quantile, method);
        /// The opposite of a condition.
        fn not(expr: Expr) -> Expr = not(expr);
        /// Whether a value is null.
        fn is_null(expr: Expr) -> Expr = is_null(expr);
        /// Whether a value is not null.
        fn is_not_null(expr: Expr) -> Expr = is_not_null(expr);
        /// The first value that is not null.
        fn coalesce(exprs: Vec<Expr>) -> Expr = coalesce(&exprs);
        /// Strings of several columns joined.
        fn concat_str(exprs: Vec<Expr>, separator: String, ignore_nulls: bool) -> Expr
            = concat_str(exprs, &separator, ignore_nulls);
        /// Columns put into a string at its `{}`.
        fn format_str(format: String, args: Vec<Expr>) -> PolarsResult<Expr> = format_str(&format, &args);
        /// Several columns as a list.
        fn concat_list(exprs: IntoExprs) -> PolarsResult<Expr> = concat_list(exprs);
        /// Several columns as a struct.
        fn as_struct(exprs: Vec<Expr>) -> Expr = as_struct(exprs);
        /// Whether all columns are true.
        fn all_horizontal(exprs: Vec<Expr>) -> PolarsResult<Expr> = all_horizontal(exprs);
        /// Whether any column is true.
        fn any_horizontal(exprs: Vec<Expr>) -> PolarsResult<Expr> = any_horizontal(exprs);
        /// The largest of several columns.
        fn max_horizontal(exprs: Vec<Expr>) -> PolarsResult<Expr> = max_horizontal(exprs);
        /// The smallest of several columns.
        fn min_horizontal(exprs: Vec<Expr>) -> PolarsResult<Expr> = min_horizontal(exprs);
        /// The sum of several columns.
        fn sum_horizontal(exprs: Vec<Expr>, ignore_nulls: bool) -> PolarsResult<Expr> = sum_horizontal(exprs, ignore_nulls);
        /// The mean of several columns.
        fn mean_horizontal(exprs: Vec<Expr>, ignore_nulls: bool) -> PolarsResult<Expr> = mean_horizontal(exprs, ignore_nulls);
        /// The covariance of two columns.
        fn cov(a: Expr, b: Expr, ddof: u8) -> Expr = cov(a, b, ddof);
        /// The correlation of two columns, after Pearson.
        fn pearson_corr(a: Expr, b: Expr) -> Expr = pearson_corr(a, b);
        /// The correlation of two columns' ranks, after Spearman.
        fn spearman_rank_corr(a: Expr, b: Expr, propagate_nans: bool) -> Expr = spearman_rank_corr(a, b, propagate_nans);
        /// The positions in the order of several columns.
        fn arg_sort_by(by: Vec<Expr>, options: SortMultipleOptions) -> Expr = arg_sort_by(by, options);
        /// The positions where a condition holds.
        fn arg_where(condition: IntoExpr) -> Expr = arg_where(condition);
        /// Integers from `start` up to `end`.
        fn int_range(start: IntoExpr, end: IntoExpr, step: i64, dtype: DataType) -> Expr = int_range(start, end, step, dtype);
        /// Dates at an interval.
        fn date_range(start: Option<IntoExpr>, end: Option<IntoExpr>, interval: Option<Duration>, num_samples: Option<IntoExpr>,
            closed: ClosedWindow) -> PolarsResult<Expr> = date_range(start, end, interval, num_samples, closed);
        /// Datetimes at an interval.
        fn datetime_range(start: Option<IntoExpr>, end: Option<IntoExpr>, interval: Option<Duration>,
            num_samples: Option<IntoExpr>, closed: ClosedWindow, unit: Option<TimeUnit>, zone: Option<TimeZone>)
            -> PolarsResult<Expr> = datetime_range(start, end, interval, num_samples, closed, unit, zone);
        /// A datetime from its parts.
        fn datetime(args: DatetimeArgs) -> Expr = datetime(args);
        /// A duration from its parts.
        fn duration(args: DurationArgs) -> Expr = duration(args);
        /// A value repeated.
        fn repeat(value: IntoExpr, n: IntoExpr) -> Expr = repeat(value, n);
        /// Frames below one another.
        fn concat(inputs: Vec<LazyFrame>, args: UnionArgs) -> PolarsResult<LazyFrame> = concat(inputs, args);
        /// Frames below one another, missing columns filled with nulls.
        fn concat_lf_diagonal(inputs: Vec<LazyFrame>, args: UnionArgs) -> PolarsResult<LazyFrame>
            = concat_lf_diagonal(inputs, args);
    } });
    table.add_callables(functions! { std_env {
        /// The value of an environment variable.
        fn var(name: String) -> aerostat_error::Result<String> = std::env::var(&name).map_err(|error| {
            aerostat_error::Error::invalid_argument(format!("environment variable `{name}`: {error}"))
        });
    } });
    table.add_callables(vec![
        super::Callable {
            name: "display",
            owner: None,
            receiver: None,
            params: vec![("value", crate::ty::Ty::Var(0))],
            ret: crate::ty::Ty::Unit,
            doc: super::doc(&[
                "Shows a value as the result of a cell would be shown, and a frame as a table that sorts and searches.",
            ]),
            mutates: false,
            call: |cx, args| {
                for value in &args {
                    cx.output.display(&value.displayed(cx)?);
                }
                Ok(Value::Unit)
            },
        },
        super::Callable {
            name: "clear_output",
            owner: None,
            receiver: None,
            params: vec![("wait", crate::ty::Ty::Bool)],
            ret: crate::ty::Ty::Unit,
            doc: super::doc(&["Clears what the cell has shown, at once or, with `true`, when it shows something new."]),
            mutates: false,
            call: |cx, args| {
                cx.output.clear_output(args.first().is_some_and(|wait| matches!(wait, Value::Bool(true))));
                Ok(Value::Unit)
            },
        },
    ]);
}
