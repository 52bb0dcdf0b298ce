//! The metastore: which schemas, tables and views there are, and what the Delta tables among them hold.
//!
//! One source of truth per fact. SQLite (module `database`) has names, locations, comments, properties, owners and
//! the text of views; the Delta log of a table (module `delta`) has its columns, partitioning, files, statistics
//! and versions. A table in another format has no log: SQLite has its columns and partitions as well, and its files
//! are those in its folders. This crate writes no data files: whoever does writes them under new names, makes them durable, and
//! then commits them here. What a crash can leave behind is therefore a file or folder that nothing refers to.
//!
//! Three rules keep processes that share a metastore out of each other's way:
//! - a name is taken or freed by one SQLite transaction; it is always the last step of a creation and the first of a drop;
//! - a folder of a managed table is never used for a second table, so that a writer that missed a drop cannot write
//!   into another table;
//! - a commit to a Delta log is a file that only one process can create; who comes second looks again and retries.
//!
//! Everything is synchronous and may be called from any thread, also from inside another asynchronous runtime.

mod change;
mod check;
mod contents;
mod create;
mod database;
mod delta;
mod folder;
mod functions;
mod lookup;
mod metastore;
mod name;
mod partitions;
mod schemas;
mod trash;
mod types;

pub use check::Finding;
pub use contents::{
    Basis, Change, Commit, DEFAULT_VALUE, DataFile, Details, NewFile, REPLACED_BY_QUERY, Removal, Restored, Snapshot,
    changed_meanwhile, constraint_property,
};
pub use delta::included_features;
pub use functions::{Function, Parameter, Returns};
pub use metastore::Metastore;
pub use name::{CATALOG, DEFAULT_SCHEMA, TableName};
pub use trash::DroppedTable;
pub use types::{
    ColumnStatistics, Format, NewSchema, NewTable, NewView, OnExists, Partition, SchemaInfo, Statistics, TableInfo,
    TableKind, TableSchema, View, ViewColumn,
};
