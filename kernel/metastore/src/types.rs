//! What the metastore takes and gives: descriptions of schemas, tables and views.

use std::collections::BTreeMap;
use std::path::PathBuf;

use aerostat_error::{Error, Result};
use chrono::{DateTime, Utc};
use deltalake_core::arrow::datatypes::SchemaRef;
use serde::{Deserialize, Serialize};

use crate::contents::NewFile;
use crate::name::TableName;

/// A schema (a database, in Hive's words) to be created.
#[derive(Clone, Debug, Default)]
pub struct NewSchema {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub comment: Option<String>,
    /// Where its managed tables go; `<root>/warehouse/<name>.db` if not said.
    pub location: Option<PathBuf>,
    /// `DBPROPERTIES`.
    pub properties: BTreeMap<String, String>,
}

/// A schema (a database, in Hive's words).
#[derive(Clone, Debug)]
pub struct SchemaInfo {
    /// Its name as it was created.
    pub name: String,
    /// What it is for.
    pub comment: Option<String>,
    /// Where its managed tables are created.
    pub location: PathBuf,
    /// `DBPROPERTIES`.
    pub properties: BTreeMap<String, String>,
    /// The user who created it.
    pub owner: String,
    /// When it was created.
    pub created_at: DateTime<Utc>,
}

/// Who looks after the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TableKind {
    /// The metastore: dropping the table takes its files away.
    Managed,
    /// Somebody else: dropping the table forgets the name only.
    External,
    /// There are no files, only the text of a query.
    View,
}

impl TableKind {
    pub(crate) const ALL: [Self; 3] = [Self::Managed, Self::External, Self::View];

    /// Spark's word for it, e.g. `MANAGED`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Managed => "MANAGED",
            Self::External => "EXTERNAL",
            Self::View => "VIEW",
        }
    }
}

/// The format of a table's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Delta Lake.
    Delta,
    /// Parquet files.
    Parquet,
    /// Delimited text.
    Csv,
    /// A JSON object a line.
    Json,
    /// Arrow IPC files.
    Ipc,
    /// Lines of text, whose fields a SerDe finds; without one, a line is a value.
    Text,
}

impl Format {
    pub(crate) const ALL: [Self; 6] = [Self::Delta, Self::Parquet, Self::Csv, Self::Json, Self::Ipc, Self::Text];

    /// The word after `USING`, e.g. `delta`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Delta => "delta",
            Self::Parquet => "parquet",
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Ipc => "ipc",
            Self::Text => "text",
        }
    }

    /// The format of this name, in any case.
    pub fn named(name: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|format| format.name().eq_ignore_ascii_case(name));
        found.ok_or_else(|| {
            Error::not_supported(format!("the format `{name}` is not supported"))
                .with_hint(format!("use one of {}", Self::ALL.map(Self::name).join(", ")))
        })
    }
}

/// The columns of a table, and which of them (in this order) its files are laid out by.
#[derive(Clone, Debug)]
pub struct TableSchema {
    /// All columns; a column's comment is its field's metadata `comment`.
    pub schema: SchemaRef,
    /// Names of the partition columns.
    pub partition_columns: Vec<String>,
}

/// A table to be created. With `files` it has contents from its first version on.
#[derive(Clone, Debug)]
pub struct NewTable {
    /// Its name; the schema must exist.
    pub name: TableName,
    /// Managed or external.
    pub kind: TableKind,
    /// The format.
    pub format: Format,
    /// Of an external table, where its files are; of a managed one, a folder from `Metastore::new_location`
    /// (or none if there are no files yet).
    pub location: Option<PathBuf>,
    /// The columns; may be left out for an external table that says them itself.
    pub columns: Option<TableSchema>,
    /// Data files already written to `location`; managed Delta tables only.
    pub files: Vec<NewFile>,
    /// What it is for.
    pub comment: Option<String>,
    /// `TBLPROPERTIES`.
    pub properties: BTreeMap<String, String>,
    /// `OPTIONS`: how to read the files, e.g. `header`.
    pub options: BTreeMap<String, String>,
}

/// A view to be created.
#[derive(Clone, Debug)]
pub struct NewView {
    /// Its name; the schema must exist.
    pub name: TableName,
    /// What it stands for.
    pub view: View,
    /// What it is for.
    pub comment: Option<String>,
    /// `TBLPROPERTIES`.
    pub properties: BTreeMap<String, String>,
}

/// What a view stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// The query.
    pub text: String,
    /// The schema in which unqualified names of the query are looked up: the one in use at its creation.
    pub current_schema: String,
    /// Names and comments given to the query's columns; none if it keeps its own.
    pub columns: Vec<ViewColumn>,
}

/// A column of a view, as `CREATE VIEW v (name COMMENT 'comment')` declares it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewColumn {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub comment: Option<String>,
}

/// What to do if the name is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnExists {
    /// Fail.
    Error,
    /// Leave what is there (`IF NOT EXISTS`).
    Ignore,
    /// Put the new one in its place (`OR REPLACE`).
    Replace,
}

/// A table or view.
#[derive(Clone, Debug)]
pub struct TableInfo {
    /// Its name as it was created.
    pub name: TableName,
    /// Managed, external, or a view.
    pub kind: TableKind,
    /// The format of its files; of a view, meaningless.
    pub format: Format,
    /// Where its files are; none for a view.
    pub location: Option<PathBuf>,
    /// The declared columns of a table that is not Delta. A Delta table's are in its [`Snapshot`].
    pub columns: Option<TableSchema>,
    /// What a view stands for; none for a table.
    pub view: Option<View>,
    /// What it is for.
    pub comment: Option<String>,
    /// `TBLPROPERTIES`.
    pub properties: BTreeMap<String, String>,
    /// `OPTIONS`: how to read the files, e.g. `header`.
    pub options: BTreeMap<String, String>,
    /// The user who created it, unless it was given to another.
    pub owner: String,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// What `ANALYZE TABLE` has counted last.
    pub statistics: Option<Statistics>,
}

impl TableInfo {
    /// Files that no table of the metastore has, as if one had them.
    pub fn of_files(name: TableName, format: Format, location: PathBuf, columns: TableSchema) -> Self {
        Self {
            name,
            kind: TableKind::External,
            format,
            location: Some(location),
            columns: Some(columns),
            view: None,
            comment: None,
            properties: BTreeMap::new(),
            options: BTreeMap::new(),
            owner: String::new(),
            created_at: DateTime::default(),
            statistics: None,
        }
    }
}

/// What `ANALYZE TABLE` has counted. It holds as long as the table has the files that it was counted in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statistics {
    /// Number of files.
    pub files: usize,
    /// Their size.
    pub bytes: u64,
    /// Number of rows, if they were counted.
    pub rows: Option<u64>,
    /// The columns that were looked into.
    pub columns: BTreeMap<String, ColumnStatistics>,
}

/// What is known of the values of a column.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnStatistics {
    /// Number of nulls.
    pub nulls: Option<u64>,
    /// Number of different values.
    pub distinct: Option<u64>,
    /// The smallest value.
    pub min: Option<String>,
    /// The largest value.
    pub max: Option<String>,
    /// Characters of a text, bytes of other values, on average.
    pub average_length: Option<u64>,
    /// The same at most.
    pub longest: Option<u64>,
}

/// A part of a table without a log: the rows that have the same values in its partition columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partition {
    /// The value of each partition column, in Delta's text form; `None` is null.
    pub values: BTreeMap<String, Option<String>>,
    /// The folder of its files.
    pub location: PathBuf,
}
