//! What readers and writers of a table must know: versions of the protocol, and features.

use aerostat_error::{Error, Result};
use deltalake_core::kernel::Snapshot as State;
use serde_json::{Value, json};

use super::schema::has_timestamp_ntz;
use crate::contents::{Change, constraints};
use crate::types::TableSchema;

const TIMESTAMP_NTZ: &str = "timestampNtz";
const CHECK_CONSTRAINTS: &str = "checkConstraints";

/// The version of the protocol from which on a writer must know the features that are listed.
const LISTED: i32 = 7;

/// The features that older versions of the protocol include without a list, each with the version it came in.
const INCLUDED: &[(i32, &str)] =
    &[(2, "appendOnly"), (2, "invariants"), (3, CHECK_CONSTRAINTS), (4, "changeDataFeed"), (4, "generatedColumns")];

/// For a new table.
pub(super) fn initial(columns: &TableSchema) -> Value {
    if has_timestamp_ntz(&columns.schema) {
        return listed(vec![TIMESTAMP_NTZ.to_owned()], vec![TIMESTAMP_NTZ.to_owned()]);
    }
    json!({ "protocol": { "minReaderVersion": 1, "minWriterVersion": 2 } })
}

/// For a table after a change, if that is more than before.
pub(super) fn widened(state: &State, change: &Change) -> Result<Option<Value>> {
    let features = |list: Option<&[_]>| list.unwrap_or_default().iter().map(ToString::to_string).collect::<Vec<_>>();
    let protocol = state.protocol();
    let (mut readers, mut writers) = (features(protocol.reader_features()), features(protocol.writer_features()));
    let version = protocol.min_writer_version();
    let has = |list: &[String], feature: &str| list.iter().any(|other| other == feature);
    let stamps = change.columns.as_ref().is_some_and(|columns| has_timestamp_ntz(&columns.schema));
    let set = change.configuration.iter().filter_map(|(key, value)| Some((key, value.as_ref()?)));
    let checks = !constraints(set).is_empty();
    if stamps && !has(&readers, TIMESTAMP_NTZ) {
        if version < LISTED {
            writers = included(version)?;
        }
        readers.push(TIMESTAMP_NTZ.to_owned());
        writers.push(TIMESTAMP_NTZ.to_owned());
        if checks && !has(&writers, CHECK_CONSTRAINTS) {
            writers.push(CHECK_CONSTRAINTS.to_owned());
        }
        return Ok(Some(listed(readers, writers)));
    }
    if checks && version < 3 {
        let reader = protocol.min_reader_version();
        return Ok(Some(json!({ "protocol": { "minReaderVersion": reader, "minWriterVersion": 3 } })));
    }
    if checks && version >= LISTED && !has(&writers, CHECK_CONSTRAINTS) {
        writers.push(CHECK_CONSTRAINTS.to_owned());
        return Ok(Some(match protocol.min_reader_version() {
            3 => listed(readers, writers),
            reader => json!({ "protocol": {
                "minReaderVersion": reader, "minWriterVersion": LISTED, "writerFeatures": writers,
            }}),
        }));
    }
    Ok(None)
}

/// The features that a version without a list includes.
fn included(version: i32) -> Result<Vec<String>> {
    if version > 4 {
        return Err(Error::not_supported("adding a timestamp without time zone to a Delta table of an old protocol"));
    }
    Ok(included_features(version))
}

/// The features that a version of the protocol for writers includes without listing them.
pub fn included_features(version: i32) -> Vec<String> {
    let included = INCLUDED.iter().filter(|(since, _)| version < LISTED && *since <= version);
    included.map(|(_, feature)| (*feature).to_owned()).collect()
}

fn listed(readers: Vec<String>, writers: Vec<String>) -> Value {
    json!({ "protocol": {
        "minReaderVersion": 3, "minWriterVersion": LISTED, "readerFeatures": readers, "writerFeatures": writers,
    }})
}
