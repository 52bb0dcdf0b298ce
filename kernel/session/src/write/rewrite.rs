//! Changing rows of a table by rewriting the files that have them.
//!
//! Rows are told from one another by their file and their number in it. SQL says which rows are meant and what becomes
//! of them; the files that have none of them stay as they are. A change is committed only on top of the version that it
//! was made of. If somebody else has committed meanwhile it is made anew, so that changes have the effect that they would
//! have had one after the other.

use std::collections::BTreeMap;

use aerostat_error::{Error, Kind, Result};
use aerostat_metastore::{DataFile, Removal, Snapshot};
use polars::prelude::{
    DataFrame, Expr, IdxSize, IntoLazy, JoinArgs, JoinType, LazyFrame, MaintainOrderJoin, Schema, col, lit,
};

use super::fragment::{Fragment, Text, quoted};
use super::parts::Layout;
use super::stage::stage;
use super::staged::Staged;
use crate::arrow::from_schema;
use crate::errors::from_polars;
use crate::scan::stacked;
use crate::{Session, delta};

/// How often a change is made anew because others came first.
pub(super) const ATTEMPTS: u32 = 50;

/// What the table is called in queries that are put together here.
pub(super) const TARGET: &str = "__aerostat_target";
/// The number of a row's file.
pub const FILE: &str = "__aerostat_file";
/// The number of a row in its file.
pub const ROW: &str = "__aerostat_row";

/// The rows of files, with the file's number here and their own number in the file.
pub(super) fn numbered<'a>(
    base: &Snapshot,
    files: impl IntoIterator<Item = (IdxSize, &'a DataFile)>,
) -> Result<LazyFrame> {
    let frames = files.into_iter().map(|(number, file)| {
        let rows = delta::scan(&base.with_files(vec![file.clone()]))?;
        Ok(rows.with_row_index(ROW, None).with_columns([lit(number).alias(FILE)]))
    });
    match stacked(frames.collect::<Result<Vec<LazyFrame>>>()?)? {
        Some(rows) => Ok(rows),
        None => {
            let mut schema = from_schema(&base.schema)?;
            schema.insert(ROW.into(), polars::prelude::IDX_DTYPE);
            schema.insert(FILE.into(), polars::prelude::IDX_DTYPE);
            Ok(DataFrame::empty_with_schema(&schema).lazy())
        }
    }
}

/// Files with the numbers that their rows have.
pub(super) fn with_numbers(files: &[DataFile]) -> impl Iterator<Item = (IdxSize, &DataFile)> {
    files.iter().enumerate().map(|(number, file)| (IdxSize::try_from(number).unwrap_or(IdxSize::MAX), file))
}

/// The columns of the table in their order.
pub(super) fn columns(base: &Snapshot) -> Result<Schema> {
    from_schema(&base.schema)
}

/// How many rows of each file are in a frame of hits.
pub(super) fn per_file(hits: &DataFrame) -> Result<BTreeMap<IdxSize, u64>> {
    let mut counts = BTreeMap::new();
    let numbers = hits.column(FILE).and_then(|column| column.cast(&polars::prelude::IDX_DTYPE)).map_err(from_polars)?;
    for number in numbers.idx().map_err(from_polars)?.iter().flatten() {
        *counts.entry(number).or_default() += 1;
    }
    Ok(counts)
}

/// The frame with its numbers of files and rows as polars counts them: SQL may have widened them.
pub(super) fn keys(hits: LazyFrame) -> LazyFrame {
    let dtype = polars::prelude::IDX_DTYPE;
    hits.with_columns([col(FILE).cast(dtype.clone()), col(ROW).cast(dtype)])
}

/// Joins rows with what is known of them, in the order of the rows.
pub(super) fn joined(rows: LazyFrame, hits: LazyFrame, how: JoinType) -> LazyFrame {
    let on = [col(FILE), col(ROW)];
    let args = JoinArgs { maintain_order: MaintainOrderJoin::Left, ..JoinArgs::new(how) };
    rows.join(keys(hits), on.clone(), on, args)
}

/// The error of a change that others have come before too often.
pub(super) fn starved(table: &str) -> Error {
    Error::new(Kind::Conflict, format!("other processes kept writing to the table `{table}`"))
        .with_hint("try again when they are done")
}

/// Rows that are to go.
pub(super) struct Deletion {
    /// The files that have such rows.
    touched: Vec<DataFile>,
    /// Those of which some rows stay, and the numbers that their rows have in `hits`.
    partly: Vec<(IdxSize, DataFile)>,
    /// The numbers of the rows that go.
    hits: DataFrame,
    /// How many rows go, if the log says how many there were.
    pub(super) rows: u64,
}

impl Deletion {
    /// The rows for which `condition` holds; all if there is none.
    pub(super) fn find(session: &Session, base: &Snapshot, alias: &str, condition: Option<&Fragment>) -> Result<Self> {
        let Some(condition) = condition else {
            let rows = base.files.iter().filter_map(|file| file.num_records).sum();
            return Ok(Self { touched: base.files.to_vec(), partly: Vec::new(), hits: DataFrame::empty(), rows });
        };
        let mut text = Text::default();
        text.add(&format!("SELECT {FILE}, {ROW} FROM {TARGET} AS {} WHERE ", quoted(alias))).add_user(condition);
        let placed = |error: Error| text.placed(error);
        let engine = session.engine();
        let files = engine.candidates(session, &text.sql, (TARGET, base), &[]).map_err(placed)?;
        let rows = numbered(base, with_numbers(&files))?;
        let hits = engine.query(session, &text.sql, &[(TARGET, rows)]).map_err(placed)?;
        let counts = per_file(&hits)?;
        let (mut touched, mut partly) = (Vec::new(), Vec::new());
        for (number, file) in with_numbers(&files) {
            let Some(count) = counts.get(&number) else { continue };
            if file.num_records != Some(*count) {
                partly.push((number, file.clone()));
            }
            touched.push(file.clone());
        }
        Ok(Self { touched, partly, hits, rows: counts.values().sum() })
    }

    /// Whether nothing goes.
    pub(super) fn is_empty(&self) -> bool {
        self.touched.is_empty()
    }

    /// The files that go.
    pub(super) fn removal(&self) -> Removal {
        Removal::Files(self.touched.iter().map(|file| file.path.clone()).collect())
    }

    /// Writes the rows that stay of the files that go.
    pub(super) fn kept(&self, session: &Session, base: &Snapshot, layout: &Layout) -> Result<Option<Staged>> {
        if self.partly.is_empty() {
            return Ok(None);
        }
        let rows = numbered(base, self.partly.iter().map(|(number, file)| (*number, file)))?;
        let names: Vec<Expr> = columns(base)?.iter_names().map(|name| col(name.clone())).collect();
        let kept = joined(rows, self.hits.clone().lazy(), JoinType::Anti).select(names);
        stage(session, kept, base, layout).map(Some)
    }
}
