//! Commits: creating a table, and making its next version.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use aerostat_error::{Error, Kind, Result};
use deltalake_core::kernel::Snapshot as State;
use serde_json::{Value, json};
use uuid::Uuid;

use super::actions::{self, Info};
use super::log::Log;
use super::protocol;
use super::runtime::wait;
use super::schema::check_columns;
use super::snapshot::{Entry, absolute};
use super::{features, snapshot};
use crate::contents::{Basis, Change, NewFile, Removal, Snapshot, changed_meanwhile, constraints};
use crate::folder;
use crate::types::{NewTable, TableKind, TableSchema};

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
    let operation = if new.files.is_empty() { "CREATE TABLE" } else { "CREATE TABLE AS SELECT" };
    let mut change = Change::new(operation);
    change.parameters = BTreeMap::from([
        ("isManaged".to_owned(), (new.kind == TableKind::Managed).to_string()),
        ("description".to_owned(), new.comment.clone().unwrap_or_default()),
        ("partitionBy".to_owned(), json!(columns.partition_columns).to_string()),
        ("properties".to_owned(), "{}".to_owned()),
    ]);
    change.files.clone_from(&new.files);
    begin(location, columns, &change)
}

/// Creates the log of files that are there already.
pub(crate) fn convert(location: &Path, columns: &TableSchema, files: Vec<NewFile>) -> Result<()> {
    let mut change = Change::new("CONVERT");
    change.metrics = [("numConvertedFiles".to_owned(), u64::try_from(files.len()).unwrap_or_default())].into();
    change.parameters = [("partitionedBy".to_owned(), json!(columns.partition_columns).to_string())].into();
    change.files = files;
    begin(location, columns, &change)
}

/// Whether there is a log.
pub(crate) fn exists(location: &Path) -> bool {
    Log::exists(location)
}

/// The first entry of a log.
pub(crate) fn begin(location: &Path, columns: &TableSchema, change: &Change) -> Result<()> {
    check_columns(columns)?;
    check_files(location, &columns.partition_columns, &change.files)?;
    let mut entry = vec![
        actions::commit_info(&Info { change, read_version: None, removed: &[] }),
        protocol::initial(columns),
        actions::metadata(columns)?,
    ];
    entry.extend(change.files.iter().map(|file| actions::add(file, true)));
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

/// Makes the next version of the table that `base` was read from. `None` if [`Basis::Version`] was asked for and there
/// is a newer version than `base`: the change has to be made anew of that one.
pub(crate) fn commit(base: &Snapshot, change: Change) -> Result<Option<i64>> {
    if let Some(columns) = &change.columns {
        check_columns(columns)?;
    }
    let partition_columns = change.columns.as_ref().map_or(&base.partition_columns, |new| &new.partition_columns);
    check_files(&base.location, partition_columns, &change.files)?;
    let log = Log::open(&base.location)?;
    let attempt = Attempt { base: base.clone(), change };
    wait(async move { attempt.run(&log).await })
}

/// Which of these transactions had happened by the version that `base` is.
pub(crate) fn transactions(base: &Snapshot, names: Vec<String>) -> Result<Vec<bool>> {
    let (log, version) = (Log::open(&base.location)?, base.version.cast_unsigned());
    wait(async move { log.transactions(version, &names).await })
}

struct Attempt {
    /// What the change was made from.
    base: Snapshot,
    change: Change,
}

impl Attempt {
    /// Commits on top of whatever is newest, until no other process comes first. Looking anew each time is what
    /// makes an overwrite replace files that were appended meanwhile.
    async fn run(&self, log: &Log) -> Result<Option<i64>> {
        for attempt in 0..ATTEMPTS {
            let state = log.state(None).await?;
            if self.change.basis == Basis::Version && state.version().cast_signed() != self.base.version {
                return Ok(None);
            }
            self.check(&state)?;
            self.check_transactions(log, state.version()).await?;
            let version = state.version() + 1;
            if log.commit(version, &self.entry(log, &state).await?).await? {
                return Ok(Some(version.cast_signed()));
            }
            back_off(attempt).await;
        }
        let message = format!("other processes kept writing to the Delta table at `{}`", log.location.display());
        Err(Error::new(Kind::Conflict, message).with_hint("try again when they are done"))
    }

    /// Refuses what has happened already, by the newest version: whoever looked before saw an earlier one, which need not
    /// be the one that the change was made from.
    async fn check_transactions(&self, log: &Log, version: u64) -> Result<()> {
        let names = &self.change.transactions;
        if names.is_empty() || !log.transactions(version, names).await?.contains(&true) {
            return Ok(());
        }
        Err(Error::new(Kind::Conflict, "another process has loaded some of the same files meanwhile")
            .with_hint("run the cell again: what has been loaded is passed over"))
    }

    /// Refuses what the table does not allow, and files that were prepared for other columns than it has now.
    fn check(&self, state: &State) -> Result<()> {
        features::check_readable(state)?;
        features::check_writable(state)?;
        let takes = self.change.removal != Removal::Nothing && self.change.basis != Basis::Files;
        if takes && features::is_append_only(state) {
            return Err(Error::invalid_argument("the table is append-only (`delta.appendOnly`)"));
        }
        let same = state.metadata().id() == self.base.details.id
            && state.metadata().partition_columns() == self.base.partition_columns
            && state.arrow_schema() == self.base.schema;
        let replaces = self.change.columns.is_some() && self.change.removal == Removal::Everything;
        if !same && !replaces {
            return Err(changed_meanwhile("columns"));
        }
        if constraints(state.metadata().configuration().iter()) != self.base.constraints() {
            return Err(changed_meanwhile("constraints"));
        }
        Ok(())
    }

    /// The lines to be committed on top of `state`.
    async fn entry(&self, log: &Log, state: &State) -> Result<Vec<Value>> {
        let change = &self.change;
        let removed = match &change.removal {
            Removal::Nothing => Vec::new(),
            _ => self.removed(snapshot::entries(log, state).await?, &log.location)?,
        };
        let info = Info { change, read_version: Some(state.version()), removed: &removed };
        let mut entry = vec![actions::commit_info(&info)];
        if change.columns.is_some() || !change.configuration.is_empty() {
            entry.extend(protocol::widened(state, change)?);
            entry.push(actions::changed_metadata(state, change)?);
        }
        let is_new = change.basis != Basis::Files;
        entry.extend(change.transactions.iter().map(|name| actions::transaction(name)));
        entry.extend(removed.iter().map(|file| actions::remove(file, is_new)));
        entry.extend(change.files.iter().map(|file| actions::add(file, is_new)));
        Ok(entry)
    }

    /// Those of the table's files that go.
    fn removed(&self, entries: Vec<Entry>, location: &Path) -> Result<Vec<Entry>> {
        match &self.change.removal {
            Removal::Nothing => Ok(Vec::new()),
            Removal::Everything => Ok(entries),
            Removal::Partitions(partitions) => Ok(entries
                .into_iter()
                .filter(|entry| partitions.iter().any(|values| has_values(&entry.partition_values, values)))
                .collect()),
            Removal::Files(paths) => {
                let wanted: HashSet<&PathBuf> = paths.iter().collect();
                let mut found = Vec::with_capacity(paths.len());
                for entry in entries {
                    if wanted.contains(&absolute(location, &entry.path)?) {
                        found.push(entry);
                    }
                }
                if found.len() == wanted.len() {
                    return Ok(found);
                }
                Err(Error::new(Kind::Conflict, "files that were being rewritten were changed meanwhile")
                    .with_hint("run the cell again"))
            }
        }
    }
}

/// Whether a file has these partition values. The protocol has an empty text for null as well.
fn has_values(file: &BTreeMap<String, Option<String>>, values: &BTreeMap<String, Option<String>>) -> bool {
    let plain = |value: &Option<String>| value.clone().filter(|text| !text.is_empty());
    values.iter().all(|(name, value)| file.get(name).is_some_and(|own| plain(own) == plain(value)))
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
