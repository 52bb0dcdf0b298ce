//! Writing frames as tables and files with Spark's words.

use std::fmt::Display;

use aerostat_error::{Error, Result};
use polars::prelude::LazyFrame;

use crate::Session;

/// What to do where something exists already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Refuse.
    #[default]
    Error,
    /// Add rows.
    Append,
    /// Replace all rows.
    Overwrite,
    /// Do nothing.
    Ignore,
}

/// Writes a frame: options first, then the place. Errors of options are reported by the last call.
pub struct Writer {
    _frame: LazyFrame,
}

impl Writer {
    pub(crate) fn new(_session: &Session, frame: LazyFrame) -> Self {
        Self { _frame: frame }
    }

    /// `error` (the default), `append`, `overwrite` or `ignore`.
    pub fn mode(self, _mode: &str) -> Self {
        self
    }

    /// One folder per value of these columns.
    pub fn partition_by<S: AsRef<str>>(self, _columns: impl IntoIterator<Item = S>) -> Self {
        self
    }

    /// Sets one of Spark's options, e.g. `.option("overwriteSchema", true)`.
    pub fn option(self, _name: &str, _value: impl Display) -> Self {
        self
    }

    /// The format of a table; managed tables are `delta`.
    pub fn format(self, _format: &str) -> Self {
        self
    }

    /// Writes a table of the metastore, columns matched by name.
    pub fn save_as_table(self, _name: &str) -> Result<()> {
        Err(Error::internal("not written yet"))
    }

    /// Inserts into an existing table, columns matched by position; replaces all rows with mode `overwrite`.
    pub fn insert_into(self, _name: &str) -> Result<()> {
        Err(Error::internal("not written yet"))
    }

    /// Writes a folder of CSV files.
    pub fn csv(self, _path: &str) -> Result<()> {
        Err(Error::internal("not written yet"))
    }

    /// Writes a folder of Parquet files.
    pub fn parquet(self, _path: &str) -> Result<()> {
        Err(Error::internal("not written yet"))
    }

    /// Writes a folder of files with one JSON object a line.
    pub fn json(self, _path: &str) -> Result<()> {
        Err(Error::internal("not written yet"))
    }
}
