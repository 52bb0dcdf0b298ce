//! Rows on their way into a table: every one is seen by the table's constraints, whoever writes it.

use std::fmt::Write as _;

use aerostat_error::{Error, Kind, Result};
use aerostat_metastore::{DataFile, NewFile, Snapshot};
use polars::prelude::{DataFrame, LazyFrame};

use super::parts::{self, Layout};
use super::staged::Staged;
use crate::{Session, delta};

/// What the rows are called in the query that checks a constraint.
const ROWS: &str = "__aerostat_rows";

/// Writes the rows of `frame` as files of the table, which nothing refers to yet. The table has the columns of `base`.
pub(super) fn stage(session: &Session, frame: LazyFrame, base: &Snapshot, layout: &Layout) -> Result<Staged> {
    let layout = Layout {
        partition_columns: base.partition_columns.clone(),
        required: base.required(),
        for_log: true,
        ..layout.clone()
    };
    let staged = parts::write(session, frame, &base.location, layout)?;
    check(session, base, &staged)?;
    Ok(staged)
}

/// A row for which a `CHECK` constraint does not hold is an error. As in Delta, null does not hold.
fn check(session: &Session, base: &Snapshot, staged: &Staged) -> Result<()> {
    let constraints = base.constraints();
    if constraints.is_empty() {
        return Ok(());
    }
    let files = staged.files().into_iter().map(|file| written(base, file)).collect();
    let rows = delta::scan(&base.with_files(files))?;
    for (name, condition) in constraints {
        if let Some(row) = violation(session, &condition, rows.clone())? {
            let message = format!("the constraint `{name}` ({condition}) does not hold for a row: {}", shown(&row)?);
            return Err(Error::new(Kind::Violation, message));
        }
    }
    Ok(())
}

/// A row for which the condition does not hold, if there is one.
pub(crate) fn violation(session: &Session, condition: &str, rows: LazyFrame) -> Result<Option<DataFrame>> {
    let text = format!("SELECT * FROM {ROWS} WHERE NOT coalesce(({condition}), false) LIMIT 1");
    let found = session.engine().query(session, &text, &[(ROWS, rows)]).map_err(Error::without_span)?;
    Ok((found.height() > 0).then_some(found))
}

fn written(base: &Snapshot, file: NewFile) -> DataFile {
    let num_records = file.stats.as_ref().and_then(|stats| stats["numRecords"].as_u64());
    DataFile {
        path: base.location.join(&file.path),
        size: file.size,
        partition_values: file.partition_values,
        num_records,
        stats: file.stats,
    }
}

/// The first row as `a = 1, b = x`.
pub(crate) fn shown(row: &DataFrame) -> Result<String> {
    let mut text = String::new();
    for column in row.columns() {
        let value = column.get(0).map_err(crate::errors::from_polars)?;
        let value = value.get_str().map_or_else(|| value.to_string(), str::to_owned);
        let comma = if text.is_empty() { "" } else { ", " };
        let _ = write!(text, "{comma}{} = {value}", column.name());
    }
    Ok(text)
}
