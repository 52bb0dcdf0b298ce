//! Methods of query plans.

mod joins;
mod optimizer;

use std::sync::Arc;

use aerostat_error::Result;
use aerostat_session::Writer;
use polars::frame::PivotColumnNaming;
use polars::prelude::*;

use super::natives::SharedSchema;
use super::{Callable, Table, methods};
use crate::convert::{IntoExpr, IntoExprs, Names};

/// Adds the rows of this file.
pub(super) fn register(table: &mut Table) {
    for rows in [rows(), joins_and_groups(), whole_frame(), running(), optimizer::rows()] {
        table.add_callables(rows);
    }
    joins::register(table);
    table.add_callables(optimizer::functions());
    table.add_types(optimizer::types());
    table.add_constants(optimizer::constants());
}

fn rows() -> Vec<Callable> {
    methods! { #[pure] LazyFrame {
        /// Chooses and computes columns.
        fn select(exprs: Vec<Expr>) -> LazyFrame;
        /// Adds or replaces columns.
        fn with_columns(exprs: Vec<Expr>) -> LazyFrame;
        /// Adds or replaces a column.
        fn with_column(expr: Expr) -> LazyFrame;
        /// Keeps the rows for which the predicate holds.
        fn filter(predicate: Expr) -> LazyFrame;
        /// Removes the rows for which the predicate holds.
        fn remove(predicate: Expr) -> LazyFrame;
        /// Sorts by columns.
        fn sort(by: Names, options: SortMultipleOptions) -> LazyFrame;
        /// Sorts by expressions.
        fn sort_by_exprs(by: Vec<Expr>, options: SortMultipleOptions) -> LazyFrame;
        /// The `k` rows that sort last.
        fn top_k(k: u32, by: Vec<Expr>, options: SortMultipleOptions) -> LazyFrame;
        /// The `k` rows that sort first.
        fn bottom_k(k: u32, by: Vec<Expr>, options: SortMultipleOptions) -> LazyFrame;
        /// The rows from back to front.
        fn reverse() -> LazyFrame;
        /// Renames columns; `strict`: all of them must exist.
        fn rename(existing: Names, new: Names, strict: bool) -> LazyFrame;
        /// Leaves columns out.
        fn drop(columns: Selector) -> LazyFrame;
        /// The first rows.
        fn limit(n: u32) -> LazyFrame;
        /// The last rows.
        fn tail(n: u32) -> LazyFrame;
        /// The first row.
        fn first() -> LazyFrame;
        /// The last row.
        fn last() -> LazyFrame;
        /// A part of the rows.
        fn slice(offset: i64, len: u32) -> LazyFrame;
        /// The distinct rows.
        fn unique(subset: Option<Selector>, keep: UniqueKeepStrategy) -> LazyFrame;
        /// The distinct rows, in order.
        fn unique_stable(subset: Option<Selector>, keep: UniqueKeepStrategy) -> LazyFrame;
        /// The rows without nulls.
        fn drop_nulls(subset: Option<Selector>) -> LazyFrame;
        /// The rows without NaN.
        fn drop_nans(subset: Option<Selector>) -> LazyFrame;
        /// A value in the place of nulls.
        fn fill_null(fill_value: IntoExpr) -> LazyFrame;
        /// A value in the place of NaN.
        fn fill_nan(fill_value: IntoExpr) -> LazyFrame;
        /// The rows `n` earlier.
        fn shift(n: IntoExpr) -> LazyFrame;
        /// Adds the number of the row.
        fn with_row_index(name: PlSmallStr, offset: Option<u32>) -> LazyFrame;
        /// One row for each element of list columns.
        fn explode(columns: Selector, options: ExplodeOptions) -> LazyFrame;
        /// The fields of struct columns as columns.
        fn unnest(columns: Selector, separator: Option<PlSmallStr>) -> LazyFrame;
        /// Columns as rows.
        fn unpivot(args: UnpivotArgsDSL) -> LazyFrame;
        /// Values as columns. `on_columns`: a frame of the values of `on` that become columns.
        fn pivot(on: Selector, on_columns: DataFrame, index: Selector, values: Selector, agg: Expr,
            maintain_order: bool, separator: PlSmallStr, column_naming: PivotColumnNaming) -> LazyFrame
            = |this| this.pivot(on, Arc::new(on_columns), index, values, agg, maintain_order, separator, column_naming);
        /// The columns chosen and computed one after another.
        fn select_seq(exprs: Vec<Expr>) -> LazyFrame;
        /// Columns added or replaced one after another.
        fn with_columns_seq(exprs: Vec<Expr>) -> LazyFrame;
        /// The rows at positions, which another frame of one column gives.
        fn gather(idxs: LazyFrame, null_on_oob: bool) -> LazyFrame;
        /// The rows `n` earlier, and a value where there are none.
        fn shift_and_fill(n: IntoExpr, fill_value: IntoExpr) -> LazyFrame;
        /// The distinct rows by expressions.
        fn unique_generic(subset: Option<Vec<Expr>>, keep_strategy: UniqueKeepStrategy) -> LazyFrame;
        /// The distinct rows by expressions, in order.
        fn unique_stable_generic(subset: Option<Vec<Expr>>, keep_strategy: UniqueKeepStrategy) -> LazyFrame;
        /// The same plan: a LazyFrame is lazy already.
        fn lazy() -> LazyFrame = |this| this;
        /// Computes the result once where the plan uses it several times.
        fn cache() -> LazyFrame;
        /// The same columns without rows.
        fn clear() -> LazyFrame;
        /// Another sorted frame, merged so that the result is sorted by the key columns.
        fn merge_sorted(other: LazyFrame, key: Vec<PlSmallStr>, maintain_order: bool) -> PolarsResult<LazyFrame>;
        /// Columns brought to the names and types of a schema, column by column.
        fn match_to_schema(schema: SharedSchema, per_column: Arc<[MatchToSchemaPerColumn]>,
            extra_columns: ExtraColumnsPolicy) -> LazyFrame;
        /// All columns converted to a type.
        fn cast_all(dtype: DataType, strict: bool) -> LazyFrame;
    } }
}

fn joins_and_groups() -> Vec<Callable> {
    methods! {
        #[pure] LazyFrame {
            /// Joins with another frame on key columns.
            fn join(other: LazyFrame, left_on: IntoExprs, right_on: IntoExprs, args: JoinArgs) -> LazyFrame;
            /// All rows of both, matched where the keys are equal.
            fn inner_join(other: LazyFrame, left_on: IntoExpr, right_on: IntoExpr) -> LazyFrame;
            /// All rows of this frame, with the other's where the keys are equal.
            fn left_join(other: LazyFrame, left_on: IntoExpr, right_on: IntoExpr) -> LazyFrame;
            /// All rows of both frames.
            fn full_join(other: LazyFrame, left_on: IntoExpr, right_on: IntoExpr) -> LazyFrame;
            /// The rows of this frame whose key the other has.
            fn semi_join(other: LazyFrame, left_on: IntoExpr, right_on: IntoExpr) -> LazyFrame;
            /// The rows of this frame whose key the other lacks.
            fn anti_join(other: LazyFrame, left_on: IntoExpr, right_on: IntoExpr) -> LazyFrame;
            /// Every pair of rows.
            fn cross_join(other: LazyFrame, suffix: Option<PlSmallStr>) -> LazyFrame;
            /// Groups rows by keys; `agg` follows.
            fn group_by(by: IntoExprs) -> LazyGroupBy;
            /// Groups rows by keys, in order of appearance; `agg` follows.
            fn group_by_stable(by: IntoExprs) -> LazyGroupBy;
            /// Groups rows by windows of time; `agg` follows.
            fn group_by_dynamic(index: Expr, group_by: Vec<Expr>, options: DynamicGroupOptions) -> LazyGroupBy;
            /// Groups each row with those of a window of time before it; `agg` follows.
            fn rolling(index_column: Expr, group_by: Vec<Expr>, options: RollingGroupOptions) -> LazyGroupBy;
            /// Columns of other frames made visible, for expressions that follow.
            fn with_context(contexts: Vec<LazyFrame>) -> LazyFrame;
        }
        #[pure] LazyGroupBy {
            /// One row for each group.
            fn agg(aggs: Vec<Expr>) -> LazyFrame;
            /// Keeps the groups for which the predicate holds.
            fn having(predicate: Expr) -> LazyGroupBy;
            /// The first `n` rows of each group, 5 for `None`.
            fn head(n: Option<usize>) -> LazyFrame;
            /// The last `n` rows of each group, 5 for `None`.
            fn tail(n: Option<usize>) -> LazyFrame;
        }
    }
}

fn whole_frame() -> Vec<Callable> {
    methods! { #[pure] LazyFrame {
        /// The sum of each column.
        fn sum() -> LazyFrame;
        /// The mean of each column.
        fn mean() -> LazyFrame;
        /// The median of each column.
        fn median() -> LazyFrame;
        /// The smallest value of each column.
        fn min() -> LazyFrame;
        /// The largest value of each column.
        fn max() -> LazyFrame;
        /// The number of values of each column that are not null.
        fn count() -> LazyFrame;
        /// The number of nulls of each column.
        fn null_count() -> LazyFrame;
        /// The standard deviation of each column.
        fn std(ddof: u8) -> LazyFrame;
        /// The variance of each column.
        fn var(ddof: u8) -> LazyFrame;
        /// A quantile of each column.
        fn quantile(quantile: IntoExpr, method: QuantileMethod) -> LazyFrame;
    } }
}

fn running() -> Vec<Callable> {
    methods! {
        LazyFrame {
            /// Runs the plan.
            fn collect() -> Result<DataFrame> = |this, cx| cx.session.collect(this);
            /// Names and types of the columns.
            fn collect_schema() -> PolarsResult<SharedSchema> = |this| { let mut this = this; this.collect_schema() };
            /// The plan as text, optimised or as written.
            fn explain(optimized: bool) -> PolarsResult<String> = |this| this.explain(optimized);
            /// The plan as text, as written.
            fn describe_plan() -> PolarsResult<String> = |this| this.describe_plan();
            /// The plan as text, optimised.
            fn describe_optimized_plan() -> PolarsResult<String> = |this| this.describe_optimized_plan();
            /// Prints the first `n` rows, as Spark does.
            fn show(n: u32) -> Result<()> = |this, cx| crate::frames::show(cx, this, n);
            /// Prints the columns as a tree, as Spark does.
            fn print_schema() -> Result<()> = |this, cx| crate::frames::print_schema(cx, this);
            /// Count, nulls, mean, standard deviation, least, quartiles and greatest of the numeric columns.
            fn describe() -> Result<DataFrame> = |this, cx| aerostat_session::describe(&cx.session, this);
            /// Begins to write: `mode`, `partition_by`, `option`, then `save_as_table`, `csv`, `parquet` or `json`.
            fn write() -> Writer = |this, cx| cx.session.write(this);
        }
        #[writes] LazyFrame {
            /// Makes the frame visible to SQL under a name, for this session.
            fn create_or_replace_temp_view(name: String) -> Result<()> = |this,
                cx| cx.session.create_or_replace_temp_view(&name, this);
        }
    }
}
