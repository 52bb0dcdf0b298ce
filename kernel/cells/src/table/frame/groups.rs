//! Groups of the rows of a table in memory.
//!
//! polars' `GroupBy` borrows its table; a cell holds table and groups, and puts the two together at each call.

use polars::prelude::*;

use crate::table::{Table, methods, types};

/// A table, the columns that its rows are grouped by, and the groups.
#[derive(Clone)]
pub struct Groups {
    frame: DataFrame,
    by: Vec<Column>,
    positions: GroupPositions,
    selected: Option<Vec<PlSmallStr>>,
}

types! {
    /// A table in memory whose rows are grouped.
    Groups as "GroupBy" = |_groups| "GroupBy".into();
    /// The rows that belong to each group.
    GroupPositions = |positions| format!("{positions:?}");
}

impl Groups {
    /// Groups by columns of the table, as `group` finds them.
    fn new(
        frame: &DataFrame,
        by: &[PlSmallStr],
        group: impl Fn(&DataFrame) -> PolarsResult<GroupPositions>,
    ) -> PolarsResult<Self> {
        Ok(Self { by: frame.select_to_vec(by)?, positions: group(frame)?, frame: frame.clone(), selected: None })
    }

    fn of_columns(frame: DataFrame, by: Vec<Column>, multithreaded: bool, sorted: bool) -> PolarsResult<Self> {
        let positions = frame.group_by_with_series(by.clone(), multithreaded, sorted)?.into_groups();
        Ok(Self { frame, by, positions, selected: None })
    }

    fn view(&self) -> GroupBy<'_> {
        GroupBy::new(&self.frame, self.by.clone(), self.positions.clone(), self.selected.clone())
    }

    fn sliced(mut self, slice: Option<(i64, usize)>) -> Self {
        if let Some((offset, length)) = slice {
            self.positions = self.positions.slice(offset, length);
        }
        self
    }
}

/// Adds the rows of this file.
pub(super) fn register(table: &mut Table) {
    table.add_types(type_rows());
    table.add_callables(methods! { DataFrame {
        /// Groups rows by keys.
        fn group_by(by: Vec<PlSmallStr>) -> PolarsResult<Groups> = |this| Groups::new(&this, &by,
            |frame| frame.group_by(by.iter()).map(GroupBy::into_groups));
        /// Groups rows by keys, in order of appearance.
        fn group_by_stable(by: Vec<PlSmallStr>) -> PolarsResult<Groups> = |this| Groups::new(&this, &by,
            |frame| frame.group_by_stable(by.iter()).map(GroupBy::into_groups));
        /// Groups rows by columns that need not be in the table.
        fn group_by_with_series(by: Vec<Column>, multithreaded: bool, sorted: bool) -> PolarsResult<Groups>
            = |this| Groups::of_columns(this, by, multithreaded, sorted);
    } });
    table.add_callables(methods! { Groups {
        /// The keys, one row for each group.
        fn keys() -> Vec<Column> = |this| this.view().keys();
        /// The keys of some of the groups.
        fn keys_sliced(slice: Option<(i64, usize)>) -> Vec<Column> = |this| this.view().keys_sliced(slice);
        /// The number of rows of each group.
        fn count() -> PolarsResult<DataFrame> = |this| this.view().count();
        /// The row numbers of each group.
        fn groups() -> PolarsResult<DataFrame> = |this| this.view().groups();
        /// The columns to aggregate.
        fn select(selection: Vec<PlSmallStr>) -> Groups = |this| Groups { selected: Some(selection), ..this };
        /// Some of the groups.
        fn sliced(slice: Option<(i64, usize)>) -> Groups;
        /// The rows that belong to each group.
        fn get_groups() -> GroupPositions = |this| this.positions;
        /// The rows that belong to each group.
        fn into_groups() -> GroupPositions = |this| this.positions;
    } });
    table.add_callables(methods! { GroupPositions {
        /// The number of groups.
        fn len() -> usize = |this| this.len();
    } });
}
