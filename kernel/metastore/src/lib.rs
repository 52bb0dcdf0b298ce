//! The metastore: which schemas, tables and views there are, and what the Delta tables among them hold.
//!
//! One source of truth per fact. SQLite (module [`catalog`]) has names, locations, comments, properties, owners and
//! the text of views; the Delta log of a table (module [`delta`]) has its columns, partitioning, files, statistics
//! and versions. This crate writes no data files: whoever does writes them under new names, makes them durable, and
//! then commits them here. What a crash can leave behind is therefore a file or folder that nothing refers to.
//!
//! Everything is synchronous and may be called from any thread, also from inside another asynchronous runtime.

mod catalog;
mod delta;
mod name;
mod types;

pub use catalog::Metastore;
pub use name::{CATALOG, DEFAULT_SCHEMA, TableName};
pub use types::{
    DataFile, Format, NewFile, NewSchema, NewTable, NewView, OnExists, SchemaInfo, Snapshot, TableInfo, TableKind,
    TableSchema, View, ViewColumn,
};
