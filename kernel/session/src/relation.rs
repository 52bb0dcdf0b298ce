//! What a name stands for.

use std::path::PathBuf;

use aerostat_metastore::{Format, TableInfo};
use polars::prelude::LazyFrame;

/// Where a frame with a name comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// `create_or_replace_temp_view` or `CREATE TEMPORARY VIEW .. ` of a frame.
    TempView,
    /// A variable of the notebook.
    Variable,
}

/// What a name in a query stands for.
#[derive(Clone)]
pub enum Relation {
    /// A frame of this session.
    Frame {
        /// The name as it was given.
        name: String,
        /// The rows.
        frame: LazyFrame,
        /// A temporary view or a variable.
        origin: Origin,
    },
    /// A table of the metastore.
    Table(TableInfo),
    /// A view of the metastore: SQL text, for the SQL engine to plan.
    View(TableInfo),
    /// Files named by their path: `` parquet.`/data/x.parquet` ``.
    Path {
        /// What the files hold.
        format: Format,
        /// A file, folder or glob.
        path: PathBuf,
    },
}
