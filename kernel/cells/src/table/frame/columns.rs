//! Columns of tables in memory, and tables made of columns.

use polars::prelude::*;

use crate::convert::Names;
use crate::generic::Stream;
use crate::lend::Absent;
use crate::table::natives::SharedSchema;
use crate::table::{Table, functions, methods};

/// Adds the rows of this file.
pub(super) fn register(table: &mut Table) {
    table.add_callables(methods! { DataFrame {
        /// Whether there are no rows or no columns.
        fn shape_has_zero() -> bool;
        /// The columns.
        fn into_columns() -> Vec<Column>;
        /// Names and types of the columns, if they were asked for before.
        fn cached_schema() -> Option<&SchemaRef>;
        /// Names and types of the columns.
        fn fields() -> Vec<Field>;
        /// A column by its position.
        fn select_at_idx(idx: usize) -> Option<&Column>;
        /// The position of a column, if there is one of the name.
        fn get_column_index(name: &str) -> Option<usize>;
        /// The position of a column.
        fn try_get_column_index(name: &str) -> PolarsResult<usize>;
        /// Columns by name.
        fn select_to_vec(selection: Vec<PlSmallStr>) -> PolarsResult<Vec<Column>>;
        /// The columns as Series.
        fn materialized_column_iter() -> Stream<Series> = |this| this.materialized_column_iter().cloned().collect();
        /// An error unless both tables have the same columns and types.
        fn schema_equal(other: &DataFrame) -> PolarsResult<()>;
        /// The type that all columns can be converted to.
        fn get_supertype() -> Option<PolarsResult<DataType>>;
        /// The rows as one column of structs.
        fn into_struct(name: PlSmallStr) -> StructChunked;
        /// The fields of struct columns as columns.
        fn unnest(cols: Vec<PlSmallStr>, separator: Option<&str>) -> PolarsResult<DataFrame>;
        /// One row for each element of list columns.
        fn explode(columns: Vec<PlSmallStr>, options: ExplodeOptions) -> PolarsResult<DataFrame>;
        /// One row for each element of list columns, which are given themselves.
        fn explode_impl(columns: Vec<Column>, options: ExplodeOptions) -> PolarsResult<DataFrame>;
        /// Columns as rows.
        fn unpivot(on: Option<Vec<PlSmallStr>>, index: Names) -> PolarsResult<DataFrame>;
        /// Columns as rows, their new columns named.
        fn unpivot2(args: UnpivotArgsIR) -> PolarsResult<DataFrame>;
        /// Rows as columns and columns as rows.
        mut fn transpose(keep_names_as: Option<&str>, new_col_names: Option<Absent>) -> PolarsResult<DataFrame>
            = |this| this.transpose(keep_names_as, new_col_names.map(Absent::never));
        /// Rows as columns and columns as rows.
        mut fn transpose_impl(keep_names_as: Option<&str>, new_col_names: Option<Absent>) -> PolarsResult<DataFrame>
            = |this| this.transpose_impl(keep_names_as, new_col_names.map(Absent::never));
        /// One column of 0 and 1 for each distinct value of each column.
        fn to_dummies(separator: Option<&str>, drop_first: bool, drop_nulls: bool) -> PolarsResult<DataFrame>;
        /// One column of 0 and 1 for each distinct value of some columns.
        fn columns_to_dummies(columns: Vec<String>, separator: Option<&str>, drop_first: bool, drop_nulls: bool)
            -> PolarsResult<DataFrame> = |this| this.columns_to_dummies(columns.iter().map(String::as_str).collect(),
            separator, drop_first, drop_nulls);
        /// The smallest value of each row.
        fn min_horizontal() -> PolarsResult<Option<Column>>;
        /// The largest value of each row.
        fn max_horizontal() -> PolarsResult<Option<Column>>;
        /// The sum of each row.
        fn sum_horizontal(null_strategy: NullStrategy) -> PolarsResult<Option<Column>>;
        /// The mean of each row.
        fn mean_horizontal(null_strategy: NullStrategy) -> PolarsResult<Option<Column>>;
        /// Adds a column at a position, in place.
        mut fn insert_column(index: usize, column: Column) -> PolarsResult<&mut DataFrame>;
        /// Replaces a column in place; it keeps its name.
        mut fn replace(column: &str, new_col: Column) -> PolarsResult<&mut DataFrame>;
        /// Replaces the column at a position, in place.
        mut fn replace_column(index: usize, new_column: Column) -> PolarsResult<&mut DataFrame>;
        /// Adds columns in place.
        mut fn hstack_mut(columns: &[Column]) -> PolarsResult<&mut DataFrame>;
        /// Takes a column out.
        mut fn drop_in_place(name: &str) -> PolarsResult<Column>;
        /// Renames all columns in place.
        mut fn set_column_names(new_names: &[String]) -> PolarsResult<()>;
        /// Renames columns in place.
        mut fn rename_many(renames: Vec<(String, PlSmallStr)>) -> PolarsResult<&mut DataFrame>
            = |this| this.rename_many(renames.iter().map(|(old, new)| (old.as_str(), new.clone())));
        /// Adds or replaces columns in place, for a schema known before.
        mut fn with_columns_mut(columns: Vec<Column>, output_schema: &Schema) -> PolarsResult<()>;
        /// Brings the columns into the order of a schema, or an error if they do not match it.
        mut fn ensure_matches_schema(schema: &Schema) -> PolarsResult<()>;
    } });
    table.add_callables(functions! {
        DataFrame {
            /// A table of columns, all of this height.
            fn new(height: usize, columns: Vec<Column>) -> PolarsResult<DataFrame>;
            /// A table of columns, all of the same height.
            fn new_infer_height(columns: Vec<Column>) -> PolarsResult<DataFrame>;
            /// A table of columns; single values are repeated up to this height.
            fn new_with_broadcast(height: usize, columns: Vec<Column>) -> PolarsResult<DataFrame>;
            /// A table of columns; single values are repeated.
            fn new_infer_broadcast(columns: Vec<Column>) -> PolarsResult<DataFrame>;
            /// A table of so many rows and no columns.
            fn empty_with_height(height: usize) -> DataFrame;
            /// A table of these columns without rows.
            fn empty_with_schema(schema: &Schema) -> DataFrame;
            /// A table of these columns without rows.
            fn empty_with_arc_schema(schema: SharedSchema) -> DataFrame;
            /// A table of these columns with nulls only.
            fn full_null(schema: &Schema, height: usize) -> DataFrame;
        }
    });
}
