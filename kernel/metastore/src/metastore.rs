//! The metastore as a whole: opening it, and the contents of its Delta tables.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aerostat_error::{Error, Kind, Object, Result};
use chrono::{DateTime, Utc};
use rusqlite::OptionalExtension as _;

use crate::contents::{Change, Commit, NewFile, Removal, Restored, Snapshot};
use crate::database::{Database, stored_path};
use crate::name::TableName;
use crate::types::TableSchema;
use crate::{delta, folder};

/// The metastore below one root folder. Cheap to clone; clones share everything.
#[derive(Clone, Debug)]
pub struct Metastore(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    root: PathBuf,
    database: Database,
}

impl Metastore {
    /// Opens the metastore below `root`, creating what is missing. A root that it creates is the user's alone.
    pub fn open(root: &Path) -> Result<Metastore> {
        let opening = |e| Error::io(format!("opening the metastore in `{}`", root.display()), &e);
        let root = std::path::absolute(root).map_err(opening)?;
        folder::create_private(&root).map_err(opening)?;
        let root = root.canonicalize().map_err(opening)?;
        let database = Database::open(&root.join("metastore.sqlite"))?;
        Ok(Metastore(Arc::new(Inner { root, database })))
    }

    /// The folder that holds everything.
    pub fn root(&self) -> &Path {
        &self.0.root
    }

    pub(crate) fn database(&self) -> &Database {
        &self.0.database
    }

    /// The name that one to three `parts` mean while `current_schema` is in use. Does not look whether it exists.
    pub fn qualify(&self, parts: &[String], current_schema: &str) -> Result<TableName> {
        TableName::qualify(parts, current_schema)
    }

    /// The contents of the Delta table in the folder `location`, at `version` or at the newest one.
    pub fn snapshot(&self, location: &Path, version: Option<i64>) -> Result<Snapshot> {
        delta::snapshot(location, version)
    }

    /// Adds `files` to the Delta table that `base` was read from; returns the new version.
    /// A conflict if the table's columns have changed since.
    pub fn append(&self, base: &Snapshot, files: Vec<NewFile>) -> Result<i64> {
        self.write(base, Change { files, ..written("Append", &base.partition_columns) })
    }

    /// Replaces the contents of the Delta table that `base` was read from by `files`, and its columns by
    /// `new_schema` if that is given; returns the new version. Whatever was appended meanwhile is replaced as well.
    pub fn overwrite(&self, base: &Snapshot, files: Vec<NewFile>, new_schema: Option<TableSchema>) -> Result<i64> {
        let partition_columns = new_schema.as_ref().map_or(&base.partition_columns, |new| &new.partition_columns);
        let change = written("Overwrite", partition_columns);
        self.write(base, Change { files, removal: Removal::Everything, columns: new_schema, ..change })
    }

    /// Replaces those partitions of the Delta table that `base` was read from that have all values of one of
    /// `partitions`, whatever is in them by now.
    pub fn overwrite_partitions(
        &self,
        base: &Snapshot,
        files: Vec<NewFile>,
        partitions: Vec<BTreeMap<String, Option<String>>>,
    ) -> Result<i64> {
        let change = written("Overwrite", &base.partition_columns);
        self.write(base, Change { files, removal: Removal::Partitions(partitions), ..change })
    }

    fn write(&self, base: &Snapshot, change: Change) -> Result<i64> {
        let version = self.commit(base, change)?;
        version.ok_or_else(|| Error::internal("a write that depends on no version was refused for one"))
    }

    /// The folder of the Delta table that `path` is in, which may be `path` itself.
    pub fn delta_root<'p>(&self, path: &'p Path) -> Option<&'p Path> {
        path.ancestors().find(|folder| delta::exists(folder))
    }

    /// Makes the first version of a Delta table in the folder `location`, to which no name refers. A conflict if there is one.
    pub fn begin(&self, location: &Path, columns: &TableSchema, change: &Change) -> Result<()> {
        self.ensure_not_dropped(location)?;
        delta::begin(location, columns, change)
    }

    /// Makes the next version of the Delta table that `base` was read from. `None` if the change depends on all that
    /// `base` has ([`crate::Basis::Version`]) and there is a newer version: it has to be made anew.
    pub fn commit(&self, base: &Snapshot, change: Change) -> Result<Option<i64>> {
        self.ensure_not_dropped(&base.location)?;
        delta::commit(base, change)
    }

    /// Which of these transactions ([`Change::transactions`]) had happened by the version that `base` is.
    pub fn transactions(&self, base: &Snapshot, names: &[String]) -> Result<Vec<bool>> {
        delta::transactions(base, names.to_vec())
    }

    /// The versions of the Delta table in `location` whose entries are kept, the newest first.
    pub fn history(&self, location: &Path, limit: Option<usize>) -> Result<Vec<Commit>> {
        delta::history(location, limit)
    }

    /// The version of the Delta table in `location` that was the newest at `time`.
    pub fn version_at(&self, location: &Path, time: DateTime<Utc>) -> Result<i64> {
        delta::version_at(location, time)
    }

    /// Makes the files and columns of an earlier version the newest version.
    pub fn restore(&self, location: &Path, version: i64) -> Result<Restored> {
        self.ensure_not_dropped(location)?;
        delta::restore(location, version)
    }

    /// The files of the Delta table in `location` that only versions from before `cutoff` need, or none ever did.
    pub fn leftovers(&self, location: &Path, cutoff: DateTime<Utc>) -> Result<Vec<PathBuf>> {
        delta::leftovers(location, cutoff)
    }

    /// A conflict if the managed table whose folder this is has been dropped since the caller looked it up.
    fn ensure_not_dropped(&self, location: &Path) -> Result<()> {
        let stored = stored_path(self.root(), location)?;
        let dropped: Option<String> = self.database().read(|connection| {
            connection
                .prepare_cached(
                    "SELECT name FROM tables WHERE location = ?1 AND kind = 'MANAGED' AND dropped_at NOTNULL",
                )?
                .query_row([stored], |row| row.get(0))
                .optional()
        })?;
        match dropped {
            Some(name) => Err(Error::new(Kind::Conflict, format!("{} `{name}` was dropped meanwhile", Object::Table))),
            None => Ok(()),
        }
    }
}

/// What the history says of a write.
fn written(mode: &str, partition_columns: &[String]) -> Change {
    let partition_columns = serde_json::json!(partition_columns).to_string();
    let parameters = [("mode".to_owned(), mode.to_owned()), ("partitionBy".to_owned(), partition_columns)];
    Change { parameters: parameters.into(), ..Change::new("WRITE") }
}
