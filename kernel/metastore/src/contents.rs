//! The contents of Delta tables: versions of them, and changes that make the next one.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use aerostat_error::{Error, Kind};
use chrono::{DateTime, Utc};
use deltalake_core::arrow::datatypes::SchemaRef;
use serde_json::Value;

use crate::types::TableSchema;

/// The properties of a Delta table that are constraints begin so; the rest is the constraint's name.
const CONSTRAINT: &str = "delta.constraints.";

/// A Delta table at one version, and what a write to it starts from.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The version.
    pub version: i64,
    /// All columns, in order, partition columns included; a column's comment is its field's metadata `comment`.
    pub schema: SchemaRef,
    /// Names of the partition columns.
    pub partition_columns: Vec<String>,
    /// The data files that make up the contents; shared, because a snapshot is copied each time the table is used.
    pub files: Arc<[DataFile]>,
    /// The table's folder.
    pub location: PathBuf,
    /// What else the log says of the table.
    pub details: Arc<Details>,
}

/// What is in the metadata of a column that is not null where nothing is given: the value, in SQL. The name is Delta's.
pub const DEFAULT_VALUE: &str = "CURRENT_DEFAULT";

/// What the history calls `CREATE OR REPLACE TABLE .. AS`.
pub const REPLACED_BY_QUERY: &str = "CREATE OR REPLACE TABLE AS SELECT";

/// What the log says of a table besides its columns and files.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Details {
    /// What the table keeps of its own through all versions, and no other table has.
    pub id: String,
    /// The name that its writer gave it, which need not be the metastore's.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// When it was created.
    pub created_at: Option<DateTime<Utc>>,
    /// Properties that tell readers and writers how to treat it.
    pub configuration: BTreeMap<String, String>,
    /// The version of the protocol that a reader must know.
    pub min_reader_version: i32,
    /// The version of the protocol that a writer must know.
    pub min_writer_version: i32,
    /// The features of the protocol that it declares, sorted.
    pub features: Vec<String>,
}

impl Snapshot {
    /// The `CHECK` constraints by name: conditions in SQL that hold in every row.
    pub fn constraints(&self) -> BTreeMap<String, String> {
        constraints(self.details.configuration.iter())
    }

    /// The change of properties that leaves none, and so no constraint either.
    pub fn without_properties(&self) -> BTreeMap<String, Option<String>> {
        self.details.configuration.keys().map(|name| (name.clone(), None)).collect()
    }

    /// The columns that are never null.
    pub fn required(&self) -> Vec<String> {
        let fields = self.schema.fields().iter();
        fields.filter(|field| !field.is_nullable()).map(|field| field.name().clone()).collect()
    }

    /// The contents of a table without a log, as far as listing its folders tells. It is for reading only.
    pub fn of_files(location: PathBuf, columns: &TableSchema, files: Vec<DataFile>) -> Self {
        Self {
            version: 0,
            schema: columns.schema.clone(),
            partition_columns: columns.partition_columns.clone(),
            files: files.into(),
            location,
            details: Arc::default(),
        }
    }

    /// The same version as if it had these files only: those that a query needs.
    pub fn with_files(&self, files: Vec<DataFile>) -> Self {
        Self { files: files.into(), ..self.clone() }
    }
}

/// The constraints among the properties of a table.
pub(crate) fn constraints<'a>(
    configuration: impl Iterator<Item = (&'a String, &'a String)>,
) -> BTreeMap<String, String> {
    let constraints = configuration.filter_map(|(key, value)| Some((key.strip_prefix(CONSTRAINT)?, value)));
    constraints.map(|(name, condition)| (name.to_owned(), condition.clone())).collect()
}

/// The property that holds a constraint.
pub fn constraint_property(name: &str) -> String {
    format!("{CONSTRAINT}{}", name.to_lowercase())
}

/// A data file of a Delta table.
#[derive(Clone, Debug, PartialEq)]
pub struct DataFile {
    /// Where it is, absolute and ready to be opened.
    pub path: PathBuf,
    /// Size in bytes.
    pub size: u64,
    /// Value of each partition column, in Delta's text form; `None` is null.
    pub partition_values: BTreeMap<String, Option<String>>,
    /// Number of rows, if the writer said.
    pub num_records: Option<u64>,
    /// Delta's statistics, if the writer gave any: `numRecords`, `minValues`, `maxValues`, `nullCount`.
    pub stats: Option<Value>,
}

/// A data file that has been written and made durable, to be made part of a Delta table.
#[derive(Clone, Debug, PartialEq)]
pub struct NewFile {
    /// Path below the table's folder with `/` between its parts, exactly as on disk: it is encoded here.
    pub path: String,
    /// Size in bytes.
    pub size: u64,
    /// Value of each partition column, in Delta's text form; `None` is null.
    pub partition_values: BTreeMap<String, Option<String>>,
    /// Delta's statistics: `numRecords`, `minValues`, `maxValues`, `nullCount`.
    pub stats: Option<Value>,
}

/// What turns one version of a Delta table into the next.
#[derive(Clone, Debug)]
pub struct Change {
    /// What `DESCRIBE HISTORY` calls it, e.g. `DELETE`.
    pub operation: &'static str,
    /// What it was asked to do.
    pub parameters: BTreeMap<String, String>,
    /// How much it did, besides what the numbers of files tell.
    pub metrics: BTreeMap<String, u64>,
    /// The files that go.
    pub removal: Removal,
    /// The files that come.
    pub files: Vec<NewFile>,
    /// The columns, if they change.
    pub columns: Option<TableSchema>,
    /// Properties of the table that are set, or with `None` removed.
    pub configuration: BTreeMap<String, Option<String>>,
    /// What must not have happened since the version that it was made from.
    pub basis: Basis,
    /// A note of the user's.
    pub user_metadata: Option<String>,
    /// Names of what happens by it and must not happen twice: it is not committed if one of them has happened.
    pub transactions: Vec<String>,
}

impl Change {
    /// A change of this name that does nothing yet, and that others cannot come in the way of.
    pub fn new(operation: &'static str) -> Self {
        Self {
            operation,
            parameters: BTreeMap::new(),
            metrics: BTreeMap::new(),
            removal: Removal::Nothing,
            files: Vec::new(),
            columns: None,
            configuration: BTreeMap::new(),
            basis: Basis::Columns,
            user_metadata: None,
            transactions: Vec::new(),
        }
    }
}

/// The files that a change takes out of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Removal {
    /// None.
    Nothing,
    /// All that are there when it is committed.
    Everything,
    /// All that are there when it is committed and have all values of one of these; a column that is not named may have
    /// any value.
    Partitions(Vec<BTreeMap<String, Option<String>>>),
    /// These.
    Files(Vec<PathBuf>),
}

/// The error of a change that was made for something of the table that is not as it was.
pub fn changed_meanwhile(what: &str) -> Error {
    Error::new(Kind::Conflict, format!("the {what} of the table were changed meanwhile"))
        .with_hint("run the cell again")
}

/// What a change depends on: if somebody else has changed that meanwhile, it is not committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// The columns and constraints. Rows may have come and gone.
    Columns,
    /// The files that it removes as well; the rows that come are the rows that go, in another arrangement.
    Files,
    /// Everything: it was made of what the rows of that version are.
    Version,
}

/// A version of a Delta table as its log tells of it.
#[derive(Clone, Debug)]
pub struct Commit {
    /// The version.
    pub version: i64,
    /// When it was committed. Never before that of an earlier version.
    pub timestamp: DateTime<Utc>,
    /// Delta's `commitInfo`; null if its writer gave none.
    pub info: Value,
}

/// What a table was brought back to, in numbers of files and bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Restored {
    /// Size of all files afterwards.
    pub table_size: u64,
    /// Number of files afterwards.
    pub num_files: u64,
    /// Number of files that went.
    pub num_removed: u64,
    /// Number of files that came back.
    pub num_restored: u64,
    /// Size of the files that went.
    pub removed_size: u64,
    /// Size of the files that came back.
    pub restored_size: u64,
}
