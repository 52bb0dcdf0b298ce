//! The catalogue of names, in SQLite.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use aerostat_error::{Error, Result};

use crate::name::TableName;
use crate::types::{NewFile, NewSchema, NewTable, NewView, OnExists, SchemaInfo, Snapshot, TableInfo, TableSchema};

/// The metastore below one root folder. Cheap to clone; clones share everything.
#[derive(Clone, Debug)]
pub struct Metastore {
    root: PathBuf,
}

fn pending<T>() -> Result<T> {
    Err(Error::internal("not there yet"))
}

impl Metastore {
    /// Opens the metastore below `root`, creating what is missing.
    pub fn open(root: &Path) -> Result<Metastore> {
        Ok(Metastore { root: root.to_owned() })
    }

    /// The folder that holds everything.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Creates a schema.
    pub fn create_schema(&self, _schema: NewSchema, _if_not_exists: bool) -> Result<()> {
        pending()
    }

    /// Drops a schema; with `cascade` also what is in it.
    pub fn drop_schema(&self, _name: &str, _if_exists: bool, _cascade: bool) -> Result<()> {
        pending()
    }

    /// The schema of this name.
    pub fn schema(&self, _name: &str) -> Result<SchemaInfo> {
        pending()
    }

    /// All schemas, by name.
    pub fn schemas(&self) -> Result<Vec<SchemaInfo>> {
        pending()
    }

    /// Sets properties of a schema, or with `None` removes them.
    pub fn set_schema_properties(&self, _name: &str, _changes: &BTreeMap<String, Option<String>>) -> Result<()> {
        pending()
    }

    /// The name that one to three `parts` mean while `current_schema` is in use. Does not look whether it exists.
    pub fn qualify(&self, parts: &[String], current_schema: &str) -> Result<TableName> {
        TableName::qualify(parts, current_schema)
    }

    /// The table or view of this name.
    pub fn table(&self, _name: &TableName) -> Result<TableInfo> {
        pending()
    }

    /// The table or view of this name, if there is one. Also `None` if there is no such schema.
    pub fn find_table(&self, _name: &TableName) -> Result<Option<TableInfo>> {
        pending()
    }

    /// The tables and views of a schema, by name.
    pub fn tables(&self, _schema: &str) -> Result<Vec<TableInfo>> {
        pending()
    }

    /// A new, empty folder for the files of a managed table about to be created under this name.
    pub fn new_location(&self, _name: &TableName) -> Result<PathBuf> {
        pending()
    }

    /// Creates a table: commits the first version of its log (if it is a Delta table without one), then the name.
    pub fn create_table(&self, _table: NewTable) -> Result<TableInfo> {
        pending()
    }

    /// Creates a view.
    pub fn create_view(&self, _view: NewView, _on_exists: OnExists) -> Result<()> {
        pending()
    }

    /// Drops a table. A managed one goes to the trash with its files.
    pub fn drop_table(&self, _name: &TableName) -> Result<()> {
        pending()
    }

    /// Drops a view.
    pub fn drop_view(&self, _name: &TableName) -> Result<()> {
        pending()
    }

    /// Renames a table or view, within its schema or into another one. Its files stay where they are.
    pub fn rename_table(&self, _from: &TableName, _to: &TableName) -> Result<()> {
        pending()
    }

    /// Sets properties of a table or view, or with `None` removes them.
    pub fn set_properties(&self, _name: &TableName, _changes: &BTreeMap<String, Option<String>>) -> Result<()> {
        pending()
    }

    /// Sets or removes the comment of a table or view.
    pub fn set_comment(&self, _name: &TableName, _comment: Option<&str>) -> Result<()> {
        pending()
    }

    /// The contents of the Delta table in the folder `location`, at `version` or at the newest one.
    pub fn snapshot(&self, _location: &Path, _version: Option<i64>) -> Result<Snapshot> {
        pending()
    }

    /// Adds `files` to the Delta table that `base` was read from; returns the new version.
    /// A conflict if the table's columns have changed since.
    pub fn append(&self, _base: &Snapshot, _files: Vec<NewFile>) -> Result<i64> {
        pending()
    }

    /// Replaces the contents of the Delta table that `base` was read from by `files`, and its columns by
    /// `new_schema` if that is given; returns the new version. Whatever was appended meanwhile is replaced as well.
    pub fn overwrite(&self, _base: &Snapshot, _files: Vec<NewFile>, _new_schema: Option<TableSchema>) -> Result<i64> {
        pending()
    }
}
