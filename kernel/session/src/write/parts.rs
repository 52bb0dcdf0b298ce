//! The files of a frame: new names, one folder for each combination of partition values, durable when done.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use aerostat_error::{Error, Result};
use aerostat_metastore::NewFile;
use polars::prelude::DataFrame;
use serde_json::Value;
use uuid::Uuid;

use super::encode::Encoding;
use crate::delta::{NULL_PARTITION, statistics, texts};
use crate::errors::from_polars;
use crate::options::{Options, invalid};

/// So many rows make a file: files are skipped by their statistics, and written in one piece.
const ROWS_PER_FILE: usize = 1 << 23;

/// How a frame is laid out in files.
#[derive(Clone)]
pub(crate) struct Layout {
    pub(super) encoding: Encoding,
    pub(super) partition_columns: Vec<String>,
    pub(super) rows_per_file: usize,
    /// Whether statistics are wanted, and no file for no rows.
    pub(super) for_log: bool,
}

/// A file that was written.
pub(crate) struct Part {
    /// Below the folder, with `/` between its parts.
    pub(crate) path: String,
    pub(super) size: u64,
    pub(crate) partition_values: BTreeMap<String, Option<String>>,
    pub(super) statistics: Option<Value>,
}

impl Part {
    /// The file as the metastore wants it.
    pub(super) fn into_file(self) -> NewFile {
        let Self { path, size, partition_values, statistics: stats } = self;
        NewFile { path, size, partition_values, stats }
    }
}

/// Takes Spark's option for the size of files.
pub(super) fn rows_per_file(options: &Options) -> Result<usize> {
    match options.get("maxRecordsPerFile").map(|value| (value, value.parse::<usize>())) {
        None | Some((_, Ok(0))) => Ok(ROWS_PER_FILE),
        Some((_, Ok(rows))) => Ok(rows),
        Some((value, Err(_))) => Err(invalid("maxRecordsPerFile", value, "a number of rows")),
    }
}

/// Rows that go to the same folder.
struct Rows {
    frame: DataFrame,
    values: BTreeMap<String, Option<String>>,
    folder: String,
}

/// Writes `frame` below `folder`. Leaves nothing behind if it fails.
pub(crate) fn write(frame: DataFrame, folder: &Path, layout: &Layout) -> Result<Vec<Part>> {
    let mut parts = Vec::new();
    let written = write_all(frame, folder, layout, &mut parts);
    match written.and_then(|()| sync_folders(folder, &parts)) {
        Ok(()) => Ok(parts),
        Err(error) => {
            remove(folder, &parts);
            Err(error)
        }
    }
}

/// Removes files that nothing will refer to. Best effort: one that stays does no harm.
fn remove(folder: &Path, parts: &[Part]) {
    for part in parts {
        let _ = fs::remove_file(folder.join(&part.path));
    }
}

fn write_all(frame: DataFrame, folder: &Path, layout: &Layout, parts: &mut Vec<Part>) -> Result<()> {
    let job = Uuid::new_v4();
    for rows in split(frame, layout)? {
        for slice in slices(&rows.frame, layout) {
            let name = format!("part-{:05}-{job}.{}", parts.len(), layout.encoding.extension());
            let path = format!("{}{name}", rows.folder);
            // Known before it is written, so that a half-written one is removed.
            parts.push(Part { path, size: 0, partition_values: rows.values.clone(), statistics: None });
            if let Some(part) = parts.last_mut() {
                part.statistics = layout.for_log.then(|| statistics(&slice));
                part.size = write_file(slice, &folder.join(&part.path), &layout.encoding)?;
            }
        }
    }
    Ok(())
}

fn slices(frame: &DataFrame, layout: &Layout) -> Vec<DataFrame> {
    let starts = (0..frame.height()).step_by(layout.rows_per_file);
    let slices: Vec<DataFrame> = starts.map(|start| frame.slice(start as i64, layout.rows_per_file)).collect();
    // A folder must say what its columns are; a log does so itself.
    if slices.is_empty() && !layout.for_log { vec![frame.clone()] } else { slices }
}

fn split(frame: DataFrame, layout: &Layout) -> Result<Vec<Rows>> {
    let columns = &layout.partition_columns;
    if columns.is_empty() {
        return Ok(vec![Rows { frame, values: BTreeMap::new(), folder: String::new() }]);
    }
    let frames = frame.partition_by_stable(columns.iter().map(String::as_str), true).map_err(from_polars)?;
    frames.into_iter().map(|frame| rows(frame, columns)).collect()
}

/// The rows, all with the same partition values, without these.
fn rows(frame: DataFrame, columns: &[String]) -> Result<Rows> {
    let mut values = BTreeMap::new();
    for name in columns {
        let first = frame.column(name).map_err(from_polars)?.head(Some(1));
        // The log cannot tell an empty text from null, so neither do the folders.
        let text = texts(first.as_materialized_series())?.pop().flatten().filter(|text| !text.is_empty());
        values.insert(name.clone(), text);
    }
    let folder = hive_folder(columns.iter().map(|name| (name.as_str(), values.get(name).and_then(Option::as_deref))));
    Ok(Rows { frame: frame.drop_many(columns.iter().map(String::as_str)), values, folder })
}

/// `year=2024/month=1/`, the folder of the rows with these values.
pub(crate) fn hive_folder<'v>(values: impl Iterator<Item = (&'v str, Option<&'v str>)>) -> String {
    let mut folder = String::new();
    for (name, value) in values {
        let value = value.map_or(NULL_PARTITION.to_owned(), escaped);
        let _ = write!(folder, "{}={value}/", escaped(name));
    }
    folder
}

/// The text with the characters that Hive escapes in names of folders.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '"'
            | '#'
            | '%'
            | '\''
            | '*'
            | '/'
            | ':'
            | '='
            | '?'
            | '\\'
            | '{'
            | '['
            | ']'
            | '^'
            | '\0'..='\x1f'
            | '\x7f' => {
                let _ = write!(out, "%{:02X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

fn write_file(mut frame: DataFrame, path: &Path, encoding: &Encoding) -> Result<u64> {
    let failed = |source| Error::io(format!("writing `{}`", path.display()), &source);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let file = File::create_new(path).map_err(failed)?;
    encoding.write(&mut frame, &file).map_err(from_polars)?;
    file.sync_all().map_err(failed)?;
    Ok(file.metadata().map_err(failed)?.len())
}

/// A file survives a crash only if the folders on the way to it know of it.
fn sync_folders(root: &Path, parts: &[Part]) -> Result<()> {
    let mut folders = BTreeSet::from([root.to_owned()]);
    for part in parts {
        let below = PathBuf::from(&part.path);
        folders.extend(below.ancestors().skip(1).map(|folder| root.join(folder)));
    }
    for folder in folders {
        sync(&folder)?;
    }
    Ok(())
}

/// Makes the entries of a folder durable.
pub(crate) fn sync(folder: &Path) -> Result<()> {
    let synced = File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(|source| Error::io(format!("writing folder `{}`", folder.display()), &source))
}
