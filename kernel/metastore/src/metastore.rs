//! The metastore as a whole: opening it, and the contents of its Delta tables.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use aerostat_error::{Error, Kind, Object, Result};
use rusqlite::OptionalExtension as _;

use crate::database::{Database, stored_path};
use crate::name::TableName;
use crate::types::{NewFile, Snapshot, TableSchema};
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
    /// Opens the metastore below `root`, creating what is missing.
    pub fn open(root: &Path) -> Result<Metastore> {
        let opening = |e| Error::io(format!("opening the metastore in `{}`", root.display()), &e);
        let root = std::path::absolute(root).map_err(opening)?;
        folder::create_all(&root).map_err(opening)?;
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
        self.ensure_not_dropped(&base.location)?;
        delta::append(base, files)
    }

    /// Replaces the contents of the Delta table that `base` was read from by `files`, and its columns by
    /// `new_schema` if that is given; returns the new version. Whatever was appended meanwhile is replaced as well.
    pub fn overwrite(&self, base: &Snapshot, files: Vec<NewFile>, new_schema: Option<TableSchema>) -> Result<i64> {
        self.ensure_not_dropped(&base.location)?;
        delta::overwrite(base, files, new_schema)
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
