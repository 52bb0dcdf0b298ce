//! Rows of tables in memory: choice, order, samples, joins.

use polars::prelude::*;

use crate::convert::Names;
use crate::generic::Stream;
use crate::table::natives::OwnedValue;
use crate::table::{Callable, Table, methods};

/// Adds the rows of this file.
pub(super) fn register(table: &mut Table) {
    for rows in [rows(), joins(), memory()] {
        table.add_callables(rows);
    }
}

fn rows() -> Vec<Callable> {
    methods! { DataFrame {
        /// The rows without nulls in some columns, or in any for `None`.
        fn drop_nulls(subset: Option<&[String]>) -> PolarsResult<DataFrame>;
        /// The rows at positions.
        fn take(indices: &UInt32Chunked) -> PolarsResult<DataFrame>;
        /// The rows where the mask is true, on one thread.
        fn filter_seq(mask: &BooleanChunked) -> PolarsResult<DataFrame>;
        /// The rows before a position and those from it.
        fn split_at(offset: i64) -> (DataFrame, DataFrame);
        /// A part of the rows, on several threads.
        fn slice_par(offset: i64, length: usize) -> DataFrame;
        /// The rows `n` earlier.
        fn shift(periods: i64) -> DataFrame;
        /// A table of the same columns without rows.
        fn clear() -> DataFrame;
        /// Other values in the place of nulls.
        fn fill_null(strategy: FillNullStrategy) -> PolarsResult<DataFrame>;
        /// The distinct rows, in order.
        fn unique_stable(subset: Option<&[String]>, keep: UniqueKeepStrategy, slice: Option<(i64, usize)>)
            -> PolarsResult<DataFrame>;
        /// The distinct rows.
        fn unique(subset: Option<&[String]>, keep: UniqueKeepStrategy, slice: Option<(i64, usize)>)
            -> PolarsResult<DataFrame> = |this| this.unique::<(), ()>(subset, keep, slice);
        /// The distinct rows, in order or not.
        fn unique_impl(maintain_order: bool, subset: Option<Vec<PlSmallStr>>, keep: UniqueKeepStrategy,
            slice: Option<(i64, usize)>) -> PolarsResult<DataFrame>;
        /// Where the row occurs once.
        fn is_unique() -> PolarsResult<BooleanChunked>;
        /// Where the row occurs more than once.
        fn is_duplicated() -> PolarsResult<BooleanChunked>;
        /// Whether the rows are in the order of columns.
        fn is_sorted(by: &[PlSmallStr], descending: &[bool], nulls_last: &[bool]) -> PolarsResult<bool>;
        /// So many rows at random, the number given as a Series of one.
        fn sample_n(n: &Series, with_replacement: bool, shuffle: Option<bool>, seed: Option<u64>)
            -> PolarsResult<DataFrame>;
        /// So many rows at random.
        fn sample_n_literal(n: usize, with_replacement: bool, shuffle: Option<bool>, seed: Option<u64>)
            -> PolarsResult<DataFrame>;
        /// A share of the rows at random, the share given as a Series of one.
        fn sample_frac(frac: &Series, with_replacement: bool, shuffle: Option<bool>, seed: Option<u64>)
            -> PolarsResult<DataFrame>;
        /// One row repeated.
        fn new_from_index(index: usize, height: usize) -> DataFrame;
        /// The values of a row.
        fn get(idx: usize) -> Option<Vec<OwnedValue>>
            = |this| this.get(idx).map(|row| row.into_iter().map(AnyValue::into_static).collect());
        /// Sorts the rows in place.
        mut fn sort_in_place(by: Vec<PlSmallStr>, sort_options: SortMultipleOptions) -> PolarsResult<&mut DataFrame>;
        /// Puts the rows of another table below, in place.
        mut fn vstack_mut(other: &DataFrame) -> PolarsResult<&mut DataFrame>;
        /// Puts the rows of another table below, in place.
        mut fn vstack_mut_owned(other: DataFrame) -> PolarsResult<&mut DataFrame>;
        /// Puts the rows of another table below, in place; panics if the columns differ.
        mut fn vstack_mut_unchecked(other: &DataFrame) -> &mut DataFrame;
        /// Puts the rows of another table below, in place; panics if the columns differ.
        mut fn vstack_mut_owned_unchecked(other: DataFrame) -> &mut DataFrame;
        /// Puts the rows of another table below, in the same memory.
        mut fn extend(other: &DataFrame) -> PolarsResult<()>;
        /// One table for each value of columns, in order of appearance.
        fn partition_by_stable(cols: Vec<PlSmallStr>, include_key: bool) -> PolarsResult<Vec<DataFrame>>;
        /// Rows added so that there is one at each interval.
        fn upsample(by: Names, time_column: &str, every: Duration) -> PolarsResult<DataFrame>;
        /// Rows added so that there is one at each interval, groups in order of appearance.
        fn upsample_stable(by: Names, time_column: &str, every: Duration) -> PolarsResult<DataFrame>;
    } }
}

fn joins() -> Vec<Callable> {
    methods! { DataFrame {
        /// Joins with another table on key columns.
        fn join(other: &DataFrame, left_on: Vec<PlSmallStr>, right_on: Vec<PlSmallStr>, args: JoinArgs,
            options: Option<JoinTypeOptions>) -> PolarsResult<DataFrame>;
        /// All rows of both tables.
        fn full_join(other: &DataFrame, left_on: Vec<PlSmallStr>, right_on: Vec<PlSmallStr>) -> PolarsResult<DataFrame>;
        /// Every pair of rows.
        fn cross_join(other: &DataFrame, suffix: Option<PlSmallStr>, slice: Option<(i64, usize)>,
            maintain_order: MaintainOrderJoin) -> PolarsResult<DataFrame>;
        /// Each row with the nearest of the other table, within groups.
        fn join_asof_by(other: &DataFrame, left_on: &str, right_on: &str, left_by: Vec<PlSmallStr>,
            right_by: Vec<PlSmallStr>, strategy: AsofStrategy, tolerance: Option<OwnedValue>, allow_eq: bool,
            check_sortedness: bool) -> PolarsResult<DataFrame>;
    } }
}

fn memory() -> Vec<Callable> {
    methods! { DataFrame {
        /// Gives back memory that is reserved but not used.
        mut fn shrink_to_fit() -> ();
        /// Puts each column into one piece of memory.
        mut fn rechunk_mut() -> &mut DataFrame;
        /// Puts each column into one piece of memory, on several threads.
        mut fn rechunk_mut_par() -> &mut DataFrame;
        /// Cuts all columns into the same pieces of memory.
        mut fn align_chunks() -> &mut DataFrame;
        /// Cuts all columns into the same pieces of memory, on several threads.
        mut fn align_chunks_par() -> &mut DataFrame;
        /// Whether columns are cut into different pieces of memory.
        fn should_rechunk() -> bool;
        /// The number of pieces of the first column.
        fn first_col_n_chunks() -> usize;
        /// The largest number of pieces of a column.
        fn max_n_chunks() -> usize;
        /// One table for each piece of memory.
        mut fn split_chunks() -> Stream<DataFrame> = |this| this.split_chunks().collect();
        /// So many tables of consecutive rows.
        fn split_chunks_by_n(n: usize, parallel: bool) -> Vec<DataFrame>;
        /// The table as bytes, for storage.
        mut fn serialize_to_bytes() -> PolarsResult<Vec<u8>>;
    } }
}
