//! Tables without a log: Parquet, CSV, JSON, Arrow IPC and text. Their contents are the files in their folders, or if
//! they are partitioned, those in the folders of the partitions that were added.
//!
//! They are read through the same [`Snapshot`] as Delta tables, so that partitions are skipped by the same means. What
//! is inserted is written beside and then moved in ([`insert()`]): no reader sees half a file. Unlike a commit to a
//! log, it is not one step; a reader may see some of the new files before the others.

mod convert;
mod insert;
mod load;
mod partitions;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aerostat_error::{Error, Result};
use aerostat_metastore::{DataFile, Format, Partition, Snapshot, TableInfo, TableSchema};
use polars::prelude::{DataFrame, Expr, IntoLazy, LazyFrame, LiteralValue, Scalar, Schema, SchemaRef, col};

use crate::arrow::from_schema;
use crate::errors::from_polars;
use crate::files::Files;
use crate::hive::{self, Serde};
use crate::scan::stacked;
use crate::{Session, delta, files, read};

pub use convert::described;
pub use insert::{Replaced, insert};
pub use load::{Load, load};
pub use partitions::{folder, partition_columns, partition_name, partition_values, recovered};

/// The files that make up the table now.
pub fn snapshot(session: &Session, info: &TableInfo) -> Result<Snapshot> {
    match is_unpartitioned(info) {
        true => of_partitions(info, Vec::new()),
        false => of_partitions(info, session.metastore().partitions(&info.name)?),
    }
}

/// The files that are there for a table of which the metastore knows no partitions.
pub fn found(info: &TableInfo) -> Result<Snapshot> {
    of_partitions(info, if is_unpartitioned(info) { Vec::new() } else { recovered(info)? })
}

fn of_partitions(info: &TableInfo, partitions: Vec<Partition>) -> Result<Snapshot> {
    let (location, columns) = (location(info)?, columns(info)?);
    let mut found = Vec::new();
    if columns.partition_columns.is_empty() {
        in_folder(&location, &BTreeMap::new(), &mut found)?;
    }
    for partition in partitions {
        in_folder(&partition.location, &partition.values, &mut found)?;
    }
    Ok(Snapshot::of_files(location, &columns, found))
}

/// The files of a folder, of which none are there if it is not there itself.
fn in_folder(folder: &Path, values: &BTreeMap<String, Option<String>>, found: &mut Vec<DataFile>) -> Result<()> {
    for path in files::below(folder)? {
        let size = path.metadata().map_err(|error| Error::io(format!("reading `{}`", path.display()), &error))?.len();
        found.push(DataFile { path, size, partition_values: values.clone(), num_records: None, stats: None });
    }
    Ok(())
}

pub(crate) fn location(info: &TableInfo) -> Result<PathBuf> {
    info.location.clone().ok_or_else(|| Error::internal(format!("table `{}` has no location", info.name)))
}

pub(crate) fn columns(info: &TableInfo) -> Result<TableSchema> {
    let undeclared = || {
        Error::invalid_argument(format!("the columns of table `{}` are not known", info.name))
            .with_hint("drop it, and create it anew with its columns")
    };
    info.columns.clone().ok_or_else(undeclared)
}

/// The first of the files that are at a place, if there are any.
pub fn first_file(location: &Path) -> Result<Option<PathBuf>> {
    Ok(files::below(location)?.into_iter().next())
}

/// Whether the table is not partitioned.
pub fn is_unpartitioned(info: &TableInfo) -> bool {
    info.columns.as_ref().is_none_or(|columns| columns.partition_columns.is_empty())
}

/// The rows of these files of the table.
pub(crate) fn scan(session: &Session, info: &TableInfo, snapshot: &Snapshot) -> Result<LazyFrame> {
    if info.format == Format::Parquet {
        return delta::scan(snapshot);
    }
    let schema = from_schema(&snapshot.schema)?;
    let is_partition = |name: &str| snapshot.partition_columns.iter().any(|column| column == name);
    let in_files = schema.iter().filter(|(name, _)| !is_partition(name));
    let in_files: SchemaRef = Arc::new(in_files.map(|(name, dtype)| (name.clone(), dtype.clone())).collect());
    if let Some(frame) = in_folders(session, info, snapshot, &schema, &in_files)? {
        return Ok(frame);
    }
    let mut groups: BTreeMap<_, Vec<&DataFile>> = BTreeMap::new();
    for file in snapshot.files.iter() {
        groups.entry(&file.partition_values).or_default().push(file);
    }
    let groups = groups.into_values().map(|files| {
        let frame = of_files(session, info, files::of(files.iter().map(|file| file.path.as_path()))?, &in_files)?;
        with_values(frame, files[0], &schema, &snapshot.partition_columns)
    });
    let frames = stacked(groups.collect::<Result<Vec<LazyFrame>>>()?)?;
    Ok(frames.unwrap_or_else(|| DataFrame::empty_with_schema(&schema).lazy()))
}

/// One scan of all partitions, of which those are passed over that a filter rules out; where polars can find their values
/// in the names of their folders.
fn in_folders(
    session: &Session,
    info: &TableInfo,
    snapshot: &Snapshot,
    schema: &Schema,
    in_files: &SchemaRef,
) -> Result<Option<LazyFrame>> {
    let whole = info.options.iter().any(|(name, value)| name.eq_ignore_ascii_case("multiLine") && value == "true");
    let by_lines = matches!(info.format, Format::Csv | Format::Json | Format::Text) && !whole;
    let files: Vec<&DataFile> = snapshot.files.iter().collect();
    if !by_lines || files.is_empty() {
        return Ok(None);
    }
    let options = delta::in_folders(&snapshot.location, &files, schema, &snapshot.partition_columns)?;
    let Some(hive_options) = options else { return Ok(None) };
    let files = Files { hive_options, ..files::of(files.iter().map(|file| file.path.as_path()))? };
    let all: Vec<Expr> = schema.iter_names().map(|name| col(name.clone())).collect();
    Ok(Some(of_files(session, info, files, in_files)?.select(all)))
}

/// The columns that are in the files, and the values that are in the names of their folders.
fn of_files(session: &Session, info: &TableInfo, files: Files, schema: &SchemaRef) -> Result<LazyFrame> {
    if info.format == Format::Text {
        return hive::scan(files, schema, Serde::new(&info.options)?, Serde::skipped(&info.properties)?);
    }
    let reader = info.options.iter().fold(session.read(), |reader, (name, value)| reader.option(name, value));
    read::load(reader.schema(schema.clone()), info.format, files)
}

/// The frame with the values of its partition, all columns in the order of the table.
fn with_values(frame: LazyFrame, file: &DataFile, schema: &Schema, partition_columns: &[String]) -> Result<LazyFrame> {
    if partition_columns.is_empty() {
        return Ok(frame);
    }
    let values = delta::partition_values(&[file], schema, partition_columns)?;
    let literals = values.columns().iter().map(|column| {
        let value = column.get(0).map_err(from_polars)?.into_static();
        let value = LiteralValue::Scalar(Scalar::new(column.dtype().clone(), value));
        Ok(Expr::Literal(value).alias(column.name().clone()))
    });
    let literals = literals.collect::<Result<Vec<Expr>>>()?;
    let all: Vec<Expr> = schema.iter_names().map(|name| col(name.clone())).collect();
    Ok(frame.with_columns(literals).select(all))
}
