//! Free functions: what builds expressions and frames.

mod eager;

// Eager functions of the same names make these ambiguous in the prelude.
use polars::lazy::dsl::{
    business_day_count, date_range, max_horizontal, mean_horizontal, min_horizontal, sum_horizontal, time_range,
};
use polars::prelude::*;

use super::{Table, constants, functions, types};
use crate::convert::{AnyLiteral, Arg, IntoExpr, IntoExprs, IntoValue, Names};

use crate::value::Value;

types! {
    /// What joins two expressions.
    Operator = |operator| operator.to_string();
}

/// Adds the rows of this file.
pub(super) fn register(table: &mut Table) {
    eager::register(table);
    table.add_callables(functions! { #[pure] free {
        /// A column by name.
        fn col(name: PlSmallStr) -> Expr;
        /// A constant.
        fn lit(value: AnyLiteral) -> Expr = value;
        /// Columns by their names.
        fn cols(names: Names) -> Selector;
        /// Columns by their names; `strict`: all of them must exist, `expand_patterns`: `^..$` is a regular expression.
        fn by_name(names: Names, strict: bool, expand_patterns: bool) -> Selector;
        /// All columns.
        fn all() -> Selector;
        /// The column at a position; negative from the end.
        fn nth(index: i64) -> Selector;
        /// The columns of a type.
        fn dtype_col(dtype: DataType) -> Selector = dtype_col(&dtype).as_selector();
        /// The columns of types.
        fn dtype_cols(dtypes: Vec<DataType>) -> Selector = dtype_cols(dtypes).as_selector();
        /// The number of rows.
        fn len() -> Expr;
        /// The element of a list, inside `list().eval(..)`.
        fn element() -> Expr;
        /// Begins a conditional: `when(..).then(..).otherwise(..)`.
        fn when(condition: IntoExpr) -> When;
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
        fn quantile(name: String, quantile: IntoExpr, method: QuantileMethod) -> Expr = polars::prelude::quantile(&name,
            quantile, method);
        /// The opposite of a condition.
        fn not(expr: Expr) -> Expr;
        /// Whether a value is null.
        fn is_null(expr: Expr) -> Expr;
        /// Whether a value is not null.
        fn is_not_null(expr: Expr) -> Expr;
        /// The first value that is not null.
        fn coalesce(exprs: Vec<Expr>) -> Expr = coalesce(&exprs);
        /// Strings of several columns joined.
        fn concat_str(exprs: Vec<Expr>, separator: String, ignore_nulls: bool) -> Expr = concat_str(exprs, &separator,
            ignore_nulls);
        /// Columns put into a string at its `{}`.
        fn format_str(format: String, args: Vec<Expr>) -> PolarsResult<Expr> = format_str(&format, &args);
        /// Several columns as a list.
        fn concat_list(exprs: IntoExprs) -> PolarsResult<Expr>;
        /// Several columns as a struct.
        fn as_struct(exprs: Vec<Expr>) -> Expr;
        /// Whether all columns are true.
        fn all_horizontal(exprs: Vec<Expr>) -> PolarsResult<Expr>;
        /// Whether any column is true.
        fn any_horizontal(exprs: Vec<Expr>) -> PolarsResult<Expr>;
        /// The largest of several columns.
        fn max_horizontal(exprs: Vec<Expr>) -> PolarsResult<Expr>;
        /// The smallest of several columns.
        fn min_horizontal(exprs: Vec<Expr>) -> PolarsResult<Expr>;
        /// The sum of several columns.
        fn sum_horizontal(exprs: Vec<Expr>, ignore_nulls: bool) -> PolarsResult<Expr>;
        /// The mean of several columns.
        fn mean_horizontal(exprs: Vec<Expr>, ignore_nulls: bool) -> PolarsResult<Expr>;
        /// The covariance of two columns.
        fn cov(a: Expr, b: Expr, ddof: u8) -> Expr;
        /// The correlation of two columns, after Pearson.
        fn pearson_corr(a: Expr, b: Expr) -> Expr;
        /// The correlation of two columns' ranks, after Spearman.
        fn spearman_rank_corr(a: Expr, b: Expr, propagate_nans: bool) -> Expr;
        /// The positions in the order of several columns.
        fn arg_sort_by(by: Vec<Expr>, options: SortMultipleOptions) -> Expr;
        /// The positions where a condition holds.
        fn arg_where(condition: IntoExpr) -> Expr;
        /// Integers from `start` up to `end`.
        fn int_range(start: IntoExpr, end: IntoExpr, step: i64, dtype: DataType) -> Expr;
        /// Dates at an interval.
        fn date_range(start: Option<IntoExpr>, end: Option<IntoExpr>, interval: Option<Duration>,
            num_samples: Option<IntoExpr>, closed: ClosedWindow) -> PolarsResult<Expr>;
        /// Datetimes at an interval.
        fn datetime_range(start: Option<IntoExpr>, end: Option<IntoExpr>, interval: Option<Duration>,
            num_samples: Option<IntoExpr>, closed: ClosedWindow, unit: Option<TimeUnit>, zone: Option<TimeZone>)
            -> PolarsResult<Expr>;
        /// A datetime from its parts.
        fn datetime(args: DatetimeArgs) -> Expr;
        /// A duration from its parts.
        fn duration(args: DurationArgs) -> Expr;
        /// A value repeated.
        fn repeat(value: IntoExpr, n: IntoExpr) -> Expr;
        /// Frames below one another.
        fn concat(inputs: Vec<LazyFrame>, args: UnionArgs) -> PolarsResult<LazyFrame>;
        /// Frames below one another, missing columns filled with nulls.
        fn concat_lf_diagonal(inputs: Vec<LazyFrame>, args: UnionArgs) -> PolarsResult<LazyFrame>;
    } });
    table.add_callables(functions! {
        #[pure] free {
            /// The first column.
            fn first() -> Selector;
            /// The last column.
            fn last() -> Selector;
            /// The columns at positions; negative from the end.
            fn index_cols(indices: Vec<i64>) -> Selector;
            /// No columns.
            fn empty() -> Selector;
            /// Converts to a type.
            fn cast(expr: Expr, dtype: DataType) -> Expr;
            /// One value where the condition holds, another where it does not.
            fn ternary_expr(predicate: Expr, truthy: Expr, falsy: Expr) -> Expr;
            /// Two expressions joined by an operator.
            fn binary_expr(l: Expr, op: Operator, r: Expr) -> Expr;
            /// Several columns as a list.
            fn as_list(exprs: IntoExprs) -> PolarsResult<Expr>;
            /// Several columns as an array.
            fn concat_arr(input: Vec<Expr>) -> PolarsResult<Expr>;
            /// Columns below one another.
            fn concat_expr(s: IntoExprs, rechunk: bool) -> PolarsResult<Expr>;
            /// Frames beside one another.
            fn concat_lf_horizontal(inputs: Vec<LazyFrame>, options: HConcatOptions) -> PolarsResult<LazyFrame>;
            /// The covariance of two columns in a moving window.
            fn rolling_cov(x: Expr, y: Expr, options: RollingCovOptions) -> Expr;
            /// The correlation of two columns in a moving window.
            fn rolling_corr(x: Expr, y: Expr, options: RollingCovOptions) -> Expr;
            /// The number of working days between two dates.
            fn business_day_count(start: Expr, end: Expr, week_mask: [bool; 7], holidays: Expr) -> Expr;
            /// Integers from `start` up to `end`.
            fn arange(start: Expr, end: Expr, step: i64, dtype: DataType) -> Expr;
            /// Integers from `start` up to `end`, as a list for each row.
            fn int_ranges(start: Expr, end: Expr, step: Expr, dtype: DataType) -> Expr;
            /// So many numbers at even distances.
            fn linear_space(start: Expr, end: Expr, num_samples: Expr, closed: ClosedInterval) -> Expr;
            /// So many numbers at even distances, as a list for each row.
            fn linear_spaces(start: Expr, end: Expr, num_samples: Expr, closed: ClosedInterval, as_array: bool)
                -> PolarsResult<Expr>;
            /// Times of day at an interval.
            fn time_range(start: Expr, end: Expr, interval: Duration, closed: ClosedWindow) -> Expr;
            /// Times of day at an interval, as a list for each row.
            fn time_ranges(start: Expr, end: Expr, interval: Duration, closed: ClosedWindow) -> Expr;
            /// Dates at an interval, as a list for each row.
            fn date_ranges(start: Option<Expr>, end: Option<Expr>, interval: Option<Duration>,
                num_samples: Option<Expr>, closed: ClosedWindow) -> PolarsResult<Expr>;
            /// Datetimes at an interval, as a list for each row.
            fn datetime_ranges(start: Option<Expr>, end: Option<Expr>, interval: Option<Duration>,
                num_samples: Option<Expr>, closed: ClosedWindow, time_unit: Option<TimeUnit>,
                time_zone: Option<TimeZone>) -> PolarsResult<Expr>;
        }
    });
    table.add_constants(constants! {
        Operator { Eq, EqValidity, NotEq, NotEqValidity, Lt, LtEq, Gt, GtEq, Plus, Minus, Multiply, TrueDivide, FloorDivide,
            Modulus, And, Or, Xor, LogicalAnd, LogicalOr }
    });
    table.add_types(type_rows());
    table.add_callables(functions! { env {
        /// The value of an environment variable.
        fn var(name: String) -> aerostat_error::Result<String> = std::env::var(&name).map_err(|error| {
            aerostat_error::Error::invalid_argument(format!("environment variable `{name}`: {error}"))
        });
    } });
    table.add_callables(vec![
        crate::table::Callable {
            name: "call_udf",
            owner: None,
            receiver: None,
            params: vec![("name", <String as Arg>::ty()), ("args", <IntoExprs as Arg>::ty())],
            ret: <aerostat_error::Result<Expr> as IntoValue>::ty(),
            doc: crate::table::doc(&[
                "The result of a function that a compiled cell has registered: `call_udf(\"name\", [col(\"x\")])`.",
            ]),
            effect: crate::table::Effect::Pure,
            mutates: false,
            gives_self: false,
            call: |cx, args| {
                let mut args = args.into_iter();
                let name = <String as Arg>::take(crate::table::next(&mut args)?)?;
                let exprs = <IntoExprs as Arg>::take(crate::table::next(&mut args)?)?;
                Ok(cx.session.call_udf(&name, &exprs).into_value())
            },
        },
        crate::table::Callable {
            name: "display",
            owner: None,
            receiver: None,
            params: vec![("value", crate::ty::Ty::Var(0))],
            ret: crate::ty::Ty::Unit,
            doc: crate::table::doc(&[
                "Shows a value as the result of a cell would be shown, and a frame as a table that sorts and searches.",
            ]),
            mutates: false,
            effect: crate::table::Effect::Runs,
            gives_self: false,
            call: |cx, args| {
                for value in &args {
                    cx.output.display(&value.displayed(cx)?);
                }
                Ok(Value::Unit)
            },
        },
        crate::table::Callable {
            name: "clear_output",
            owner: None,
            receiver: None,
            params: vec![("wait", crate::ty::Ty::Bool)],
            ret: crate::ty::Ty::Unit,
            doc: crate::table::doc(&[
                "Clears what the cell has shown, at once or, with `true`, when it shows something new.",
            ]),
            mutates: false,
            effect: crate::table::Effect::Runs,
            gives_self: false,
            call: |cx, args| {
                cx.output.clear_output(args.first().is_some_and(|wait| matches!(wait, Value::Bool(true))));
                Ok(Value::Unit)
            },
        },
    ]);
}
