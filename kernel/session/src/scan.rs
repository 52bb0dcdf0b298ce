//! Frames over tables and paths, by format.

use std::path::Path;

use aerostat_error::{Error, Result};
use aerostat_metastore::{Format, TableInfo};
use polars::prelude::LazyFrame;

use crate::arrow::from_schema;
use crate::{Session, delta};

/// The rows of a table of the metastore.
pub(crate) fn table(session: &Session, info: &TableInfo) -> Result<LazyFrame> {
    let location = info.location.as_deref();
    let location = location.ok_or_else(|| Error::internal(format!("table `{}` has no location", info.name)))?;
    if info.format == Format::Delta {
        return delta::scan(&session.metastore().snapshot(location, None)?);
    }
    let mut reader = session.read();
    for (name, value) in &info.options {
        reader = reader.option(name, value);
    }
    if let Some(columns) = &info.columns {
        reader = reader.schema(from_schema(&columns.schema)?);
    }
    reader.load(info.format, text(location)?)
}

/// The rows of files that are named by their path.
pub(crate) fn path(session: &Session, format: Format, path: &Path) -> Result<LazyFrame> {
    session.read().load(format, text(path)?)
}

fn text(path: &Path) -> Result<&str> {
    path.to_str().ok_or_else(|| Error::not_supported(format!("path `{}` is not Unicode", path.display())))
}
