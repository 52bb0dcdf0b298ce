//! Methods of tables in memory. What only plans can do is reached by `lazy()`.

mod columns;
mod groups;
mod rows;

use aerostat_error::Result;
use aerostat_session::Writer;
use polars::prelude::*;

use super::natives::SharedSchema;
use super::{Table, methods};
use crate::convert::Names;
use crate::lend::ColumnLike;

/// Adds the rows of this file.
pub(super) fn register(table: &mut Table) {
    rows::register(table);
    columns::register(table);
    groups::register(table);
    table.add_callables(methods! { #[pure] DataFrame {
        /// The same table as a query plan.
        fn lazy() -> LazyFrame = |this| this.lazy();
        /// The number of rows.
        fn height() -> usize = |this| this.height();
        /// The number of columns.
        fn width() -> usize = |this| this.width();
        /// Rows and columns.
        fn shape() -> (usize, usize) = |this| this.shape();
        /// Whether there are no rows.
        fn is_empty() -> bool = |this| this.shape_has_zero();
        /// Names and types of the columns.
        fn schema() -> SharedSchema = |this| this.schema().clone();
        /// The types of the columns.
        fn dtypes() -> Vec<DataType> = |this| this.dtypes();
        /// The names of the columns.
        fn get_column_names() -> Vec<PlSmallStr> = |this| this.get_column_names_owned();
        /// The names of the columns.
        fn get_column_names_owned() -> Vec<PlSmallStr> = |this| this.get_column_names_owned();
    } });
    table.add_callables(methods! { DataFrame {
        /// The columns.
        fn columns() -> Vec<Column> = |this| this.columns().to_vec();
        /// A column by name.
        fn column(name: String) -> PolarsResult<Column> = |this| this.column(&name).cloned();
        /// Columns by name.
        fn select(names: Names) -> PolarsResult<DataFrame> = |this| this.select(names);
        /// The first `n` rows, 10 for `None`.
        fn head(n: Option<usize>) -> DataFrame = |this| this.head(n);
        /// The last `n` rows, 10 for `None`.
        fn tail(n: Option<usize>) -> DataFrame = |this| this.tail(n);
        /// A part of the rows.
        fn slice(offset: i64, length: usize) -> DataFrame = |this| this.slice(offset, length);
        /// The rows from back to front.
        fn reverse() -> DataFrame = |this| this.reverse();
        /// The rows in the order of columns.
        fn sort(by: Names, options: SortMultipleOptions) -> PolarsResult<DataFrame> = |this| this.sort(by, options);
        /// The rows where the mask is true.
        fn filter(mask: BooleanChunked) -> PolarsResult<DataFrame> = |this| this.filter(&mask);
        /// The table without a column.
        fn drop(name: String) -> PolarsResult<DataFrame> = |this| this.drop(&name);
        /// The table without columns.
        fn drop_many(names: Names) -> DataFrame = |this| this.drop_many(names);
        /// The rows of another table below.
        fn vstack(other: DataFrame) -> PolarsResult<DataFrame> = |this| this.vstack(&other);
        /// Columns beside these.
        fn hstack(columns: Vec<Column>) -> PolarsResult<DataFrame> = |this| this.hstack(&columns);
        /// The number of nulls of each column.
        fn null_count() -> DataFrame = |this| this.null_count();
        /// Adds the number of the row.
        fn with_row_index(name: PlSmallStr, offset: Option<u32>) -> PolarsResult<DataFrame>
            = |this| this.with_row_index(name, offset);
        /// One table for each value of columns.
        fn partition_by(columns: Names, include_key: bool) -> PolarsResult<Vec<DataFrame>>
            = |this| this.partition_by(columns, include_key);
        /// Whether two tables are equal; null is not equal to null.
        fn equals(other: DataFrame) -> bool = |this| this.equals(&other);
        /// Whether two tables are equal; null equals null.
        fn equals_missing(other: DataFrame) -> bool = |this| this.equals_missing(&other);
        /// The size in memory, in bytes.
        fn estimated_size() -> usize = |this| this.estimated_size();
        /// Joins with another table, matched where the keys are equal.
        fn inner_join(other: DataFrame, left_on: Names, right_on: Names) -> PolarsResult<DataFrame>
            = |this| this.inner_join(&other, left_on, right_on);
        /// Joins with another table, keeping all rows of this one.
        fn left_join(other: DataFrame, left_on: Names, right_on: Names) -> PolarsResult<DataFrame>
            = |this| this.left_join(&other, left_on, right_on);
        /// Prints the first `n` rows, as Spark does.
        fn show(n: u32) -> Result<()> = |this, cx| crate::frames::show(cx, this.lazy(), n);
        /// Prints the columns as a tree, as Spark does.
        fn print_schema() -> Result<()> = |this, cx| crate::frames::print_schema(cx, this.lazy());
        /// Count, nulls, mean, standard deviation, least, quartiles and greatest of the numeric columns.
        fn describe() -> Result<DataFrame> = |this, cx| aerostat_session::describe(&cx.session, this.lazy());
        /// Begins to write: `mode`, `partition_by`, `option`, then `save_as_table`, `csv`, `parquet` or `json`.
        fn write() -> Writer = |this, cx| cx.session.write(this.lazy());
        /// Renames a column in place.
        mut fn rename(column: &str, name: PlSmallStr) -> PolarsResult<&mut DataFrame>;
        /// Adds or replaces a column in place.
        mut fn with_column(column: ColumnLike) -> PolarsResult<&mut DataFrame>;
    } });
    table.add_callables(methods! { #[writes] DataFrame {
        /// Makes the table visible to SQL under a name, for this session.
        fn create_or_replace_temp_view(name: String) -> Result<()> = |this,
            cx| cx.session.create_or_replace_temp_view(&name, this.lazy());
    } });
}
