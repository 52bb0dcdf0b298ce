//! Commits: creating a table, adding to it, replacing what is in it.

use std::collections::BTreeSet;
use std::path::{Component, Path};
use std::time::Duration;

use aerostat_error::{Error, Kind, Result};
use deltalake_core::kernel::Snapshot as State;
use serde_json::{Value, json};
use uuid::Uuid;

use super::log::Log;
use super::runtime::wait;
use super::schema::check_columns;
use super::{actions, features, snapshot};
use crate::folder;
use crate::types::{NewFile, NewTable, Snapshot, TableKind, TableSchema};

/// How often a commit is tried while other processes come first. Each attempt means that one of them succeeded.
const ATTEMPTS: u32 = 1000;

/// Creates the log of a new table. A log that an external table has already is left as it is.
pub(crate) fn create(location: &Path, new: &NewTable) -> Result<()> {
    if new.kind == TableKind::External && Log::exists(location) {
        return check_existing(location, new.columns.as_ref());
    }
    let Some(columns) = &new.columns else {
        let message = format!("there is no Delta table at `{}`", location.display());
        return Err(Error::invalid_argument(message).with_hint("give its columns to create one"));
    };
    folder::create_all(location).map_err(|e| Error::io(format!("creating `{}`", location.display()), &e))?;
    check_files(location, &columns.partition_columns, &new.files)?;
    let parameters = json!({
        "isManaged": (new.kind == TableKind::Managed).to_string(),
        "description": new.comment,
        "partitionBy": json!(columns.partition_columns).to_string(),
        "properties": "{}",
    });
    let operation = if new.files.is_empty() { "CREATE TABLE" } else { "CREATE TABLE AS SELECT" };
    let mut entry = vec![
        actions::commit_info(operation, parameters, None, &new.files),
        actions::protocol(columns),
        actions::metadata(columns)?,
    ];
    entry.extend(new.files.iter().map(actions::add));
    let log = Log::open(location)?;
    if wait(async move { log.commit(0, &entry).await })? {
        return Ok(());
    }
    Err(Error::new(Kind::Conflict, format!("another process created a Delta table at `{}`", location.display())))
}

/// Whether there is a table that can be read, with these columns if any were declared.
fn check_existing(location: &Path, declared: Option<&TableSchema>) -> Result<()> {
    let there = snapshot::snapshot(location, None)?;
    match declared {
        Some(declared) if declared.schema != there.schema || declared.partition_columns != there.partition_columns => {
            let message = format!("the Delta table at `{}` has other columns", location.display());
            Err(Error::invalid_argument(message).with_hint("leave the columns out: the table says them itself"))
        }
        _ => Ok(()),
    }
}

/// Adds files to the table that `base` was read from.
pub(crate) fn append(base: &Snapshot, files: Vec<NewFile>) -> Result<i64> {
    Write { base: base.clone(), files, replaces: false, columns: None }.run()
}

/// Replaces what is in the table that `base` was read from, and its columns if new ones are given.
pub(crate) fn overwrite(base: &Snapshot, files: Vec<NewFile>, columns: Option<TableSchema>) -> Result<i64> {
    Write { base: base.clone(), files, replaces: true, columns }.run()
}

/// An append or overwrite.
struct Write {
    /// What the files were prepared for.
    base: Snapshot,
    files: Vec<NewFile>,
    /// Whether the files that are there go.
    replaces: bool,
    /// The new columns, if they change.
    columns: Option<TableSchema>,
}

impl Write {
    fn run(self) -> Result<i64> {
        if let Some(columns) = &self.columns {
            check_columns(columns)?;
        }
        let partition_columns =
            self.columns.as_ref().map_or(&self.base.partition_columns, |new| &new.partition_columns);
        check_files(&self.base.location, partition_columns, &self.files)?;
        let log = Log::open(&self.base.location)?;
        wait(async move { self.commit(&log).await })
    }

    /// Commits on top of whatever is newest, until no other process comes first. Looking anew each time is what
    /// makes an overwrite replace files that were appended meanwhile.
    async fn commit(&self, log: &Log) -> Result<i64> {
        for attempt in 0..ATTEMPTS {
            let state = log.state(None).await?;
            self.check(&state)?;
            let version = state.version() + 1;
            if log.commit(version, &self.entry(log, &state).await?).await? {
                return Ok(version.cast_signed());
            }
            back_off(attempt).await;
        }
        let message = format!("other processes kept writing to the Delta table at `{}`", log.location.display());
        Err(Error::new(Kind::Conflict, message).with_hint("try again when they are done"))
    }

    /// Refuses what the table does not allow, and files that were prepared for other columns than it has now.
    fn check(&self, state: &State) -> Result<()> {
        features::check_readable(state)?;
        features::check_writable(state)?;
        if self.replaces && features::is_append_only(state) {
            return Err(Error::invalid_argument("the table is append-only (`delta.appendOnly`)"));
        }
        let same = state.metadata().id() == self.base.id
            && state.metadata().partition_columns() == self.base.partition_columns
            && state.arrow_schema() == self.base.schema;
        if same || self.columns.is_some() {
            return Ok(());
        }
        Err(Error::new(Kind::Conflict, "the columns of the table were changed meanwhile")
            .with_hint("run the cell again"))
    }

    /// The lines to be committed on top of `state`.
    async fn entry(&self, log: &Log, state: &State) -> Result<Vec<Value>> {
        let partition_columns =
            self.columns.as_ref().map_or(&self.base.partition_columns, |new| &new.partition_columns);
        let parameters = json!({
            "mode": if self.replaces { "Overwrite" } else { "Append" },
            "partitionBy": json!(partition_columns).to_string(),
        });
        let mut entry = vec![actions::commit_info("WRITE", parameters, Some(state.version()), &self.files)];
        if let Some(columns) = &self.columns {
            entry.extend(actions::widened_protocol(state, columns)?);
            entry.push(actions::changed_metadata(state, columns)?);
        }
        if self.replaces {
            entry.extend(snapshot::entries(log, state).await?.iter().map(actions::remove));
        }
        entry.extend(self.files.iter().map(actions::add));
        Ok(entry)
    }
}

/// Waits a moment, longer after more attempts, and not for the same time as others that wait.
async fn back_off(attempt: u32) {
    let most = 2 * u64::from(attempt.min(15) + 1);
    let (random, _) = Uuid::new_v4().as_u64_pair();
    tokio::time::sleep(Duration::from_millis(random % most)).await;
}

/// Whether the files are there as they are described: what is committed is what everybody will read.
fn check_files(location: &Path, partition_columns: &[String], files: &[NewFile]) -> Result<()> {
    let partition_columns: BTreeSet<&String> = partition_columns.iter().collect();
    for file in files {
        let relative = Path::new(&file.path).components().all(|part| matches!(part, Component::Normal(_)));
        let path = location.join(&file.path);
        let size = std::fs::metadata(&path).map(|data| data.len());
        if !relative || size.ok() != Some(file.size) {
            return Err(Error::internal(format!("`{}` is not the data file that was written", path.display())));
        }
        if !file.partition_values.keys().eq(partition_columns.iter().copied()) {
            return Err(Error::internal(format!("`{}` lacks the value of a partition column", path.display())));
        }
    }
    Ok(())
}
