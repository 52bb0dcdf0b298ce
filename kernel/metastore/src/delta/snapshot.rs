//! A Delta table at one version.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use aerostat_error::{Error, Result};
use chrono::DateTime;
use deltalake_core::arrow::array::{Array, AsArray as _, RecordBatch, StructArray};
use deltalake_core::arrow::datatypes::Int64Type;
use deltalake_core::kernel::Snapshot as State;
use futures::TryStreamExt as _;
use percent_encoding::percent_decode_str;
use serde_json::Value;
use url::Url;

use super::log::Log;
use super::runtime::wait;
use super::{cache, features};
use crate::contents::{DataFile, Details, Snapshot};

/// A data file as the log has it.
#[derive(Clone)]
pub(super) struct Entry {
    /// The path as it is written in the log: what a later entry must repeat to remove the file.
    pub(super) path: String,
    pub(super) size: u64,
    pub(super) partition_values: BTreeMap<String, Option<String>>,
    pub(super) stats: Option<String>,
    /// Milliseconds since 1970.
    pub(super) written: i64,
}

/// The contents of the table in `location`, at `version` or at the newest.
pub(crate) fn snapshot(location: &Path, version: Option<i64>) -> Result<Snapshot> {
    if version.is_none()
        && let Some(snapshot) = cache::newest(location)
    {
        return Ok(snapshot);
    }
    let began = SystemTime::now();
    let log = Log::open(location)?;
    let snapshot = wait(async move { load(log, version).await })?;
    if version.is_none() {
        cache::keep(&snapshot, began);
    }
    Ok(snapshot)
}

async fn load(log: Log, version: Option<i64>) -> Result<Snapshot> {
    let state = log.state(version).await?;
    features::check_readable(&state)?;
    let files = entries(&log, &state).await?.into_iter().map(|entry| entry.data_file(&log.location));
    Ok(Snapshot {
        version: state.version().cast_signed(),
        schema: state.arrow_schema(),
        partition_columns: state.metadata().partition_columns().to_vec(),
        files: files.collect::<Result<_>>()?,
        details: Arc::new(details(&state)),
        location: log.location,
    })
}

fn details(state: &State) -> Details {
    let (protocol, metadata) = (state.protocol(), state.metadata());
    let names = |features: Option<&[_]>| features.unwrap_or_default().iter().map(ToString::to_string).collect();
    let mut features: Vec<String> = names(protocol.reader_features());
    features.extend::<Vec<String>>(names(protocol.writer_features()));
    features.sort();
    features.dedup();
    Details {
        id: metadata.id().to_owned(),
        name: metadata.name().map(str::to_owned),
        description: metadata.description().map(str::to_owned),
        created_at: metadata.created_time().and_then(DateTime::from_timestamp_millis),
        configuration: metadata.configuration().iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
        min_reader_version: protocol.min_reader_version(),
        min_writer_version: protocol.min_writer_version(),
        features,
    }
}

/// The data files of a state. Refuses those of which rows have been deleted without rewriting them.
pub(super) async fn entries(log: &Log, state: &State) -> Result<Vec<Entry>> {
    let batches: Vec<RecordBatch> =
        state.files(log.store().as_ref(), None).try_collect().await.map_err(|e| log.failed("reading", &e))?;
    let mut entries = Vec::with_capacity(batches.iter().map(RecordBatch::num_rows).sum());
    // The newest commit comes first; a table is read in the order in which it was written.
    for batch in batches.iter().rev() {
        read_entries(batch, &mut entries)
            .ok_or_else(|| Error::internal("delta-rs gives files in another layout"))??;
    }
    entries.sort_by_key(|entry| entry.written);
    Ok(entries)
}

/// The rows of a batch of delta-rs' scan rows. `None` if a column is not there.
fn read_entries(batch: &RecordBatch, entries: &mut Vec<Entry>) -> Option<Result<()>> {
    let paths = batch.column_by_name("path")?.as_string_opt::<i32>()?;
    let sizes = batch.column_by_name("size")?.as_primitive_opt::<Int64Type>()?;
    let written = batch.column_by_name("modificationTime")?.as_primitive_opt::<Int64Type>()?;
    let stats = batch.column_by_name("stats")?.as_string_opt::<i32>()?;
    let constants = batch.column_by_name("fileConstantValues")?.as_struct_opt()?;
    let deletions = batch.column_by_name("deletionVector")?.as_struct_opt()?;
    let deletions = deletions.column_by_name("storageType")?;
    for row in 0..batch.num_rows() {
        if deletions.is_valid(row) {
            let message = "a Delta table that has rows deleted by deletion vectors is not supported";
            return Some(
                Err(Error::not_supported(message).with_hint("rewrite it with `REORG TABLE .. APPLY (PURGE)`")),
            );
        }
        entries.push(Entry {
            path: paths.value(row).to_owned(),
            size: u64::try_from(sizes.value(row)).unwrap_or_default(),
            partition_values: partition_values(constants, row)?,
            stats: stats.is_valid(row).then(|| stats.value(row).to_owned()),
            written: written.value(row),
        });
    }
    Some(Ok(()))
}

fn partition_values(constants: &StructArray, row: usize) -> Option<BTreeMap<String, Option<String>>> {
    let maps = constants.column_by_name("partitionValues")?.as_map_opt()?;
    if maps.is_null(row) {
        return Some(BTreeMap::new());
    }
    let map = maps.value(row);
    let (names, values) = (map.column(0).as_string_opt::<i32>()?, map.column(1).as_string_opt::<i32>()?);
    let value = |at: usize| values.is_valid(at).then(|| values.value(at).to_owned());
    Some((0..map.len()).map(|at| (names.value(at).to_owned(), value(at))).collect())
}

impl Entry {
    fn data_file(self, location: &Path) -> Result<DataFile> {
        let stats: Option<Value> = self.stats.as_deref().and_then(|stats| serde_json::from_str(stats).ok());
        Ok(DataFile {
            path: absolute(location, &self.path)?,
            size: self.size,
            partition_values: self.partition_values,
            num_records: stats.as_ref().and_then(|stats| stats["numRecords"].as_u64()),
            stats,
        })
    }
}

/// Where a file is that the log calls `path`: a URL, nearly always relative to the table's folder.
pub(super) fn absolute(location: &Path, path: &str) -> Result<PathBuf> {
    let unreadable = || Error::not_supported(format!("a Delta table with its files in `{path}` is not supported"));
    if let Ok(url) = Url::parse(path) {
        return url.to_file_path().map_err(|()| unreadable());
    }
    let decoded = percent_decode_str(path).decode_utf8().map_err(|_| unreadable())?;
    Ok(location.join(&*decoded))
}
