//! Features of Delta tables that a reader or writer must honour: which ones are, and which are refused.

use aerostat_error::{Error, Result};
use deltalake_core::kernel::Snapshot as State;
use serde_json::Value;

/// Features that a reader may meet. Deletion vectors and column mapping are looked at where they would be in use.
const READABLE: &[&str] = &["columnMapping", "deletionVectors", "timestampNtz", "v2Checkpoint", "vacuumProtocolCheck"];

/// Features that a writer may meet in addition. Those that ask something of it are refused where they are in use.
const WRITABLE: &[&str] = &[
    "allowColumnDefaults",
    "appendOnly",
    "changeDataFeed",
    "checkConstraints",
    "domainMetadata",
    "generatedColumns",
    "identityColumns",
    "invariants",
];

/// Refuses a table that would not be read right.
pub(super) fn check_readable(state: &State) -> Result<()> {
    let protocol = state.protocol();
    let features = protocol.reader_features().unwrap_or_default().iter().map(ToString::to_string);
    refuse("reading", features.filter(|feature| !READABLE.contains(&feature.as_str())))?;
    let mapping = state.metadata().configuration().get("delta.columnMapping.mode");
    refuse("reading", mapping.filter(|mode| *mode != "none").map(|_| "columnMapping".to_owned()))
}

/// Refuses a table to which files cannot simply be added.
pub(super) fn check_writable(state: &State) -> Result<()> {
    let features = state.protocol().writer_features().unwrap_or_default().iter().map(ToString::to_string);
    let known = |feature: &str| READABLE.contains(&feature) || WRITABLE.contains(&feature);
    refuse("writing", features.filter(|feature| !known(feature)))?;
    refuse("writing", state.metadata().configuration().iter().filter_map(|(name, value)| demand(name, value)))?;
    let columns = serde_json::from_str(state.metadata().schema_string()).unwrap_or_default();
    refuse("writing", column_demands(&columns))
}

/// Whether files may be added but not taken away.
pub(super) fn is_append_only(state: &State) -> bool {
    state.metadata().configuration().get("delta.appendOnly").is_some_and(|value| is_true(value))
}

/// The feature by which this property asks something of a writer.
fn demand(name: &str, value: &str) -> Option<String> {
    let feature = match name {
        "delta.enableChangeDataFeed" if is_true(value) => "changeDataFeed",
        "delta.enableRowTracking" if is_true(value) => "rowTracking",
        "delta.enableInCommitTimestamps" if is_true(value) => "inCommitTimestamp",
        _ => return None,
    };
    Some(feature.to_owned())
}

/// The features by which columns ask something of a writer.
fn column_demands(schema: &Value) -> Vec<String> {
    let fields = schema["fields"].as_array().map(Vec::as_slice).unwrap_or_default();
    let names = fields.iter().filter_map(|field| field["metadata"].as_object()).flat_map(|metadata| metadata.keys());
    names
        .filter_map(|name| match name.as_str() {
            "delta.invariants" => Some("invariants"),
            "delta.generationExpression" => Some("generatedColumns"),
            "delta.identity.start" => Some("identityColumns"),
            _ => None,
        })
        .map(str::to_owned)
        .collect()
}

fn is_true(value: &str) -> bool {
    value.eq_ignore_ascii_case("true")
}

fn refuse(doing: &str, features: impl IntoIterator<Item = String>) -> Result<()> {
    let features: Vec<String> = features.into_iter().map(|feature| format!("`{feature}`")).collect();
    if features.is_empty() {
        return Ok(());
    }
    let message = format!("{doing} a Delta table that uses {} is not supported", features.join(", "));
    Err(Error::not_supported(message))
}
