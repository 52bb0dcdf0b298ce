//! The lines of a commit, as the Delta protocol describes them.

use aerostat_error::{Error, Result};
use chrono::Utc;
use deltalake_core::kernel::Snapshot as State;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::schema::schema_to_json;
use super::snapshot::Entry;
use crate::contents::{Basis, Change, NewFile, REPLACED_BY_QUERY, Removal};
use crate::schemas::user;
use crate::types::TableSchema;

/// What stands for itself in a path that is written as a URL.
const ENCODED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'=');

/// What a commit tells about itself.
pub(super) struct Info<'a> {
    pub(super) change: &'a Change,
    /// None for the first entry.
    pub(super) read_version: Option<u64>,
    pub(super) removed: &'a [Entry],
}

/// What happened, for `DESCRIBE HISTORY`.
pub(super) fn commit_info(info: &Info<'_>) -> Value {
    let change = info.change;
    let blind = change.removal == Removal::Nothing && change.basis == Basis::Columns && change.columns.is_none();
    let isolation = if change.basis == Basis::Files { "SnapshotIsolation" } else { "Serializable" };
    let mut line = json!({
        "timestamp": Utc::now().timestamp_millis(),
        "userName": user(),
        "operation": change.operation,
        "operationParameters": change.parameters,
        "isolationLevel": isolation,
        "isBlindAppend": blind && !change.files.is_empty(),
        "operationMetrics": metrics(info),
        "engineInfo": concat!("Aerostat/", env!("CARGO_PKG_VERSION")),
    });
    if let Some(version) = info.read_version {
        line["readVersion"] = version.into();
    }
    if let Some(note) = &change.user_metadata {
        line["userMetadata"] = note.as_str().into();
    }
    json!({ "commitInfo": line })
}

/// Numbers as texts, as Spark writes them.
fn metrics(info: &Info<'_>) -> Map<String, Value> {
    let files = &info.change.files;
    let rows: u64 = files.iter().filter_map(|file| file.stats.as_ref()?["numRecords"].as_u64()).sum();
    let bytes: u64 = files.iter().map(|file| file.size).sum();
    let removed: u64 = info.removed.iter().map(|file| file.size).sum();
    let number = |number: usize| u64::try_from(number).unwrap_or_default();
    let common: &[(&str, u64)] = match info.change.operation {
        "WRITE" | "CREATE TABLE" | "CREATE TABLE AS SELECT" | REPLACED_BY_QUERY => &[
            ("numFiles", number(files.len())),
            ("numOutputRows", rows),
            ("numOutputBytes", bytes),
            ("numRemovedFiles", number(info.removed.len())),
            ("numRemovedBytes", removed),
        ],
        _ => &[
            ("numAddedFiles", number(files.len())),
            ("numAddedBytes", bytes),
            ("numRemovedFiles", number(info.removed.len())),
            ("numRemovedBytes", removed),
        ],
    };
    let common = common.iter().map(|(name, value)| ((*name).to_owned(), *value));
    let all = common.chain(info.change.metrics.iter().map(|(name, value)| (name.clone(), *value)));
    all.map(|(name, value)| (name, value.to_string().into())).collect()
}

/// The columns of a new table.
pub(super) fn metadata(columns: &TableSchema) -> Result<Value> {
    Ok(json!({ "metaData": {
        "id": Uuid::new_v4().to_string(),
        "format": { "provider": "parquet", "options": {} },
        "schemaString": schema_to_json(&columns.schema)?,
        "partitionColumns": columns.partition_columns,
        "configuration": {},
        "createdTime": Utc::now().timestamp_millis(),
    }}))
}

/// The same table with other columns or properties.
pub(super) fn changed_metadata(state: &State, change: &Change) -> Result<Value> {
    let mut metadata = serde_json::to_value(state.metadata()).map_err(|e| Error::internal(e.to_string()))?;
    if let Some(columns) = &change.columns {
        metadata["schemaString"] = schema_to_json(&columns.schema)?.into();
        metadata["partitionColumns"] = json!(columns.partition_columns);
    }
    let mut configuration = metadata["configuration"].as_object().cloned().unwrap_or_default();
    for (name, value) in &change.configuration {
        match value {
            Some(value) => configuration.insert(name.clone(), value.as_str().into()),
            None => configuration.remove(name),
        };
    }
    metadata["configuration"] = configuration.into();
    Ok(json!({ "metaData": metadata }))
}

/// Something that has happened and must not happen twice.
pub(super) fn transaction(name: &str) -> Value {
    json!({ "txn": { "appId": name, "version": 0, "lastUpdated": Utc::now().timestamp_millis() } })
}

/// A file that becomes part of the table; `is_new` unless its rows were in the table before.
pub(super) fn add(file: &NewFile, is_new: bool) -> Value {
    json!({ "add": {
        "path": utf8_percent_encode(&file.path, ENCODED).to_string(),
        "partitionValues": file.partition_values,
        "size": file.size,
        "modificationTime": Utc::now().timestamp_millis(),
        "dataChange": is_new,
        "stats": file.stats.as_ref().map(Value::to_string),
    }})
}

/// A file that becomes part of the table again.
pub(super) fn add_again(entry: &Entry) -> Value {
    json!({ "add": {
        "path": entry.path,
        "partitionValues": entry.partition_values,
        "size": entry.size,
        "modificationTime": entry.written,
        "dataChange": true,
        "stats": entry.stats,
    }})
}

/// A file that no longer is part of the table; `is_gone` unless its rows still are in the table.
pub(super) fn remove(entry: &Entry, is_gone: bool) -> Value {
    json!({ "remove": {
        "path": entry.path,
        "deletionTimestamp": Utc::now().timestamp_millis(),
        "dataChange": is_gone,
        "extendedFileMetadata": true,
        "partitionValues": entry.partition_values,
        "size": entry.size,
    }})
}
