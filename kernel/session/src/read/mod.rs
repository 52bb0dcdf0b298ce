//! Reading files with Spark's words.

use std::fmt::Display;

use aerostat_error::{Error, Result};
use polars::prelude::{LazyFrame, Schema, SchemaRef};

use crate::Session;

/// A schema that was given rather than found in the files.
#[derive(Clone, Debug)]
pub enum SchemaSource {
    /// Spark's notation: `a INT, b DECIMAL(10,2)`.
    Ddl(String),
    /// A schema of polars.
    Polars(SchemaRef),
}

impl From<&str> for SchemaSource {
    fn from(ddl: &str) -> Self {
        Self::Ddl(ddl.to_owned())
    }
}

impl From<String> for SchemaSource {
    fn from(ddl: String) -> Self {
        Self::Ddl(ddl)
    }
}

impl From<Schema> for SchemaSource {
    fn from(schema: Schema) -> Self {
        Self::Polars(schema.into())
    }
}

impl From<SchemaRef> for SchemaSource {
    fn from(schema: SchemaRef) -> Self {
        Self::Polars(schema)
    }
}

/// Reads files: options first, then the format with the path. Spark's options and defaults.
#[derive(Clone)]
pub struct Reader {
    options: Vec<(String, String)>,
    schema: Option<SchemaSource>,
}

impl Reader {
    pub(crate) fn new(_session: &Session) -> Self {
        Self { options: Vec::new(), schema: None }
    }

    /// Sets one of Spark's options, e.g. `.option("sep", ";")`. Names are case-insensitive.
    pub fn option(mut self, name: &str, value: impl Display) -> Self {
        self.options.push((name.to_owned(), value.to_string()));
        self
    }

    /// Whether the first line of a CSV file names the columns.
    pub fn header(self, header: bool) -> Self {
        self.option("header", header)
    }

    /// Gives the schema instead of finding it in the files.
    pub fn schema(mut self, schema: impl Into<SchemaSource>) -> Self {
        self.schema = Some(schema.into());
        self
    }

    /// Reads CSV.
    pub fn csv(self, _path: &str) -> Result<LazyFrame> {
        Err(Error::internal("not written yet"))
    }

    /// Reads Parquet.
    pub fn parquet(self, _path: &str) -> Result<LazyFrame> {
        Err(Error::internal("not written yet"))
    }

    /// Reads JSON, one object a line.
    pub fn json(self, _path: &str) -> Result<LazyFrame> {
        Err(Error::internal("not written yet"))
    }

    /// Reads Arrow IPC.
    pub fn ipc(self, _path: &str) -> Result<LazyFrame> {
        Err(Error::internal("not written yet"))
    }
}
