//! Frames over tables and paths, by format.

use std::path::Path;

use aerostat_error::{Error, Result};
use aerostat_metastore::{Format, Snapshot, TableInfo};
use polars::prelude::{LazyFrame, UnionArgs, concat};

use crate::errors::from_polars;
use crate::{Session, delta, logless};

/// The rows of a table of the metastore.
pub(crate) fn table(session: &Session, info: &TableInfo) -> Result<LazyFrame> {
    if let Some(snapshot) = session.files(info)? {
        return files(session, info, &snapshot);
    }
    let location = logless::location(info)?;
    let reader = info.options.iter().fold(session.read(), |reader, (name, value)| reader.option(name, value));
    reader.load_as(info.format, text(&location)?)
}

/// The rows of these files of a table.
pub(crate) fn files(session: &Session, info: &TableInfo, snapshot: &Snapshot) -> Result<LazyFrame> {
    match info.format {
        Format::Delta => delta::scan(snapshot),
        _ => logless::scan(session, info, snapshot),
    }
}

/// The rows of files that are named by their path.
pub(crate) fn path(session: &Session, format: Format, path: &Path) -> Result<LazyFrame> {
    session.read().load_as(format, text(path)?)
}

/// The rows of one frame after those of another, if there is a frame. One alone stays what it is: a union, be it of one, is a
/// step of its own, which each batch of rows passes, and hides from polars that only files are read.
pub(crate) fn stacked(mut frames: Vec<LazyFrame>) -> Result<Option<LazyFrame>> {
    match frames.len() {
        0 | 1 => Ok(frames.pop()),
        _ => concat(frames, UnionArgs::default()).map(Some).map_err(from_polars),
    }
}

fn text(path: &Path) -> Result<&str> {
    path.to_str().ok_or_else(|| Error::not_supported(format!("path `{}` is not Unicode", path.display())))
}
