//! The files of a frame: new names, one folder for each combination of partition values, durable when done.

use std::fs::File;
use std::path::Path;

use aerostat_error::Result;
use polars::prelude::{DataFrame, LazyFrame, SchemaRef};

use super::encode::{Encoding, Text};
use super::sink;
use super::staged::Staged;
use crate::Session;
use crate::errors::from_polars;
use crate::options::{Options, invalid};

/// So many rows make a file: files are skipped by their statistics, and rewritten as a whole.
const ROWS_PER_FILE: usize = 1 << 23;

/// How a frame is laid out in files.
#[derive(Clone)]
pub(crate) struct Layout {
    pub(super) encoding: Encoding,
    pub(super) partition_columns: Vec<String>,
    pub(super) rows_per_file: usize,
    /// Columns that must not be null.
    pub(super) required: Vec<String>,
    /// Whether statistics are wanted, and no file for no rows.
    pub(super) for_log: bool,
}

/// Takes Spark's option for the size of files.
pub(super) fn rows_per_file(options: &Options) -> Result<usize> {
    match options.get("maxRecordsPerFile").map(|value| (value, value.parse::<usize>())) {
        None | Some((_, Ok(0))) => Ok(ROWS_PER_FILE),
        Some((_, Ok(rows))) => Ok(rows),
        Some((value, Err(_))) => Err(invalid("maxRecordsPerFile", value, "a number of rows")),
    }
}

/// Runs the query of `frame` and writes its rows below `folder`.
pub(crate) fn write(session: &Session, frame: LazyFrame, folder: &Path, layout: Layout) -> Result<Staged> {
    let folder = folder.to_owned();
    match layout.encoding.clone() {
        Encoding::Parquet(compression) => {
            let mut planned = frame.clone();
            let schema: SchemaRef = session.run(move || planned.collect_schema())?;
            session.guard(move || sink::write(frame, &schema, &folder, &layout, compression))
        }
        Encoding::Text(text) => {
            let frame = session.collect(frame)?;
            session.guard(move || write_texts(frame, &folder, &layout, &text))
        }
    }
}

fn write_texts(frame: DataFrame, folder: &Path, layout: &Layout, text: &Text) -> Result<Staged> {
    let staged = Staged::new(folder);
    for rows in split(frame, &layout.partition_columns)? {
        let keys = rows.select(layout.partition_columns.iter().map(String::as_str)).map_err(from_polars)?;
        let rows = rows.drop_many(layout.partition_columns.iter().map(String::as_str));
        for slice in slices(&rows, layout) {
            write_file(slice, &staged.register().create(&keys, text.extension())?, text)?;
        }
    }
    staged.sync()?;
    Ok(staged)
}

/// The rows in one frame for each combination of values.
fn split(frame: DataFrame, columns: &[String]) -> Result<Vec<DataFrame>> {
    match columns.is_empty() {
        true => Ok(vec![frame]),
        false => frame.partition_by_stable(columns.iter().map(String::as_str), true).map_err(from_polars),
    }
}

/// At least one: a folder must say what its columns are.
fn slices(frame: &DataFrame, layout: &Layout) -> Vec<DataFrame> {
    let starts = (0..frame.height().max(1)).step_by(layout.rows_per_file);
    starts.map(|start| frame.slice(i64::try_from(start).unwrap_or(i64::MAX), layout.rows_per_file)).collect()
}

fn write_file(mut frame: DataFrame, file: &File, text: &Text) -> Result<()> {
    text.write(&mut frame, file).map_err(from_polars)
}
