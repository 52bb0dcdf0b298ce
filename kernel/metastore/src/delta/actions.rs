//! The lines of a commit, as the Delta protocol describes them.

use aerostat_error::{Error, Result};
use chrono::Utc;
use deltalake_core::kernel::Snapshot as State;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use uuid::Uuid;

use super::schema::{has_timestamp_ntz, schema_to_json};
use super::snapshot::Entry;
use crate::schemas::user;
use crate::types::{NewFile, TableSchema};

/// What stands for itself in a path that is written as a URL.
const ENCODED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'=');

/// What happened, for `DESCRIBE HISTORY`. `read_version` is none for the first entry.
pub(super) fn commit_info(operation: &str, parameters: Value, read_version: Option<u64>, files: &[NewFile]) -> Value {
    let rows: u64 = files.iter().filter_map(|file| file.stats.as_ref()?["numRecords"].as_u64()).sum();
    let bytes: u64 = files.iter().map(|file| file.size).sum();
    let mut info = json!({
        "timestamp": Utc::now().timestamp_millis(),
        "userName": user(),
        "operation": operation,
        "operationParameters": parameters,
        "isolationLevel": "Serializable",
        "isBlindAppend": parameters["mode"] == "Append",
        "operationMetrics": {
            "numFiles": files.len().to_string(),
            "numOutputRows": rows.to_string(),
            "numOutputBytes": bytes.to_string(),
        },
        "engineInfo": concat!("Aerostat/", env!("CARGO_PKG_VERSION")),
    });
    if let Some(version) = read_version {
        info["readVersion"] = version.into();
    }
    json!({ "commitInfo": info })
}

/// What a reader and a writer of a new table must know.
pub(super) fn protocol(columns: &TableSchema) -> Value {
    if has_timestamp_ntz(&columns.schema) {
        let features = ["timestampNtz"];
        json!({ "protocol": {
            "minReaderVersion": 3, "minWriterVersion": 7, "readerFeatures": features, "writerFeatures": features,
        }})
    } else {
        json!({ "protocol": { "minReaderVersion": 1, "minWriterVersion": 2 } })
    }
}

/// What a reader and a writer must know once the columns have changed, if that is more than before.
pub(super) fn widened_protocol(state: &State, columns: &TableSchema) -> Result<Option<Value>> {
    let features = |list: Option<&[_]>| list.unwrap_or_default().iter().map(ToString::to_string).collect::<Vec<_>>();
    let (mut readers, mut writers) =
        (features(state.protocol().reader_features()), features(state.protocol().writer_features()));
    let feature = "timestampNtz".to_owned();
    if !has_timestamp_ntz(&columns.schema) || readers.contains(&feature) {
        return Ok(None);
    }
    if state.protocol().min_reader_version() == 2 || (3..7).contains(&state.protocol().min_writer_version()) {
        return Err(Error::not_supported("adding a timestamp without time zone to a Delta table of an old protocol"));
    }
    readers.push(feature.clone());
    writers.push(feature);
    Ok(Some(json!({ "protocol": {
        "minReaderVersion": 3, "minWriterVersion": 7, "readerFeatures": readers, "writerFeatures": writers,
    }})))
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

/// The same table with other columns.
pub(super) fn changed_metadata(state: &State, columns: &TableSchema) -> Result<Value> {
    let mut metadata = serde_json::to_value(state.metadata()).map_err(|e| Error::internal(e.to_string()))?;
    metadata["schemaString"] = schema_to_json(&columns.schema)?.into();
    metadata["partitionColumns"] = json!(columns.partition_columns);
    Ok(json!({ "metaData": metadata }))
}

/// A file that becomes part of the table.
pub(super) fn add(file: &NewFile) -> Value {
    json!({ "add": {
        "path": utf8_percent_encode(&file.path, ENCODED).to_string(),
        "partitionValues": file.partition_values,
        "size": file.size,
        "modificationTime": Utc::now().timestamp_millis(),
        "dataChange": true,
        "stats": file.stats.as_ref().map(Value::to_string),
    }})
}

/// A file that no longer is part of the table.
pub(super) fn remove(entry: &Entry) -> Value {
    json!({ "remove": {
        "path": entry.path,
        "deletionTimestamp": Utc::now().timestamp_millis(),
        "dataChange": true,
        "extendedFileMetadata": true,
        "partitionValues": entry.partition_values,
        "size": entry.size,
    }})
}
