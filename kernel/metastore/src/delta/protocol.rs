//! What readers and writers of a table must know: versions of the protocol, and features.

use aerostat_error::{Error, Result};
use deltalake_core::kernel::Snapshot as State;
use serde_json::{Value, json};

use super::schema::has_timestamp_ntz;
use crate::contents::{Change, DEFAULT_VALUE, constraints};
use crate::types::TableSchema;

const TIMESTAMP_NTZ: &str = "timestampNtz";
const CHECK_CONSTRAINTS: &str = "checkConstraints";
const COLUMN_DEFAULTS: &str = "allowColumnDefaults";

/// The features that a reader has to know as well as a writer.
const FOR_READERS: &[&str] = &[TIMESTAMP_NTZ];

/// The versions of the protocol from which on a reader and a writer must know the features that are listed.
const LISTED_FOR_READERS: i32 = 3;
const LISTED: i32 = 7;

/// The features that older versions of the protocol include without a list, each with the version it came in.
const INCLUDED: &[(i32, &str)] =
    &[(2, "appendOnly"), (2, "invariants"), (3, CHECK_CONSTRAINTS), (4, "changeDataFeed"), (4, "generatedColumns")];

/// The protocol of a table.
struct Protocol {
    reader: i32,
    writer: i32,
    /// Where versions are high enough for lists.
    reader_features: Vec<String>,
    writer_features: Vec<String>,
}

/// For a new table.
pub(super) fn initial(columns: &TableSchema) -> Value {
    let mut protocol = Protocol { reader: 1, writer: 2, reader_features: Vec::new(), writer_features: Vec::new() };
    let features = of_columns(columns);
    if !features.is_empty() {
        // What the old versions include need not be listed where nothing is in use yet.
        protocol.writer = LISTED;
    }
    features.into_iter().for_each(|feature| protocol.list(feature));
    protocol.line()
}

/// For a table after a change, if that is more than before.
pub(super) fn widened(state: &State, change: &Change) -> Result<Option<Value>> {
    let mut features = change.columns.as_ref().map(of_columns).unwrap_or_default();
    let set = change.configuration.iter().filter_map(|(key, value)| Some((key, value.as_ref()?)));
    if !constraints(set).is_empty() {
        features.push(CHECK_CONSTRAINTS);
    }
    let mut protocol = Protocol::of(state);
    features.retain(|feature| !protocol.has(feature));
    if features.is_empty() {
        return Ok(None);
    }
    for feature in features {
        protocol.take(feature)?;
    }
    Ok(Some(protocol.line()))
}

/// The features that these columns need.
fn of_columns(columns: &TableSchema) -> Vec<&'static str> {
    let mut features = Vec::new();
    if has_timestamp_ntz(&columns.schema) {
        features.push(TIMESTAMP_NTZ);
    }
    if columns.schema.fields().iter().any(|field| field.metadata().contains_key(DEFAULT_VALUE)) {
        features.push(COLUMN_DEFAULTS);
    }
    features
}

impl Protocol {
    fn of(state: &State) -> Self {
        let names = |list: Option<&[_]>| list.unwrap_or_default().iter().map(ToString::to_string).collect();
        let protocol = state.protocol();
        Self {
            reader: protocol.min_reader_version(),
            writer: protocol.min_writer_version(),
            reader_features: names(protocol.reader_features()),
            writer_features: names(protocol.writer_features()),
        }
    }

    fn has(&self, feature: &str) -> bool {
        self.writer_features.iter().any(|other| other == feature)
            || included_features(self.writer).iter().any(|other| other == feature)
    }

    /// Adds a feature: by the version that includes it, or where there are lists or has to be one, to the list.
    fn take(&mut self, feature: &'static str) -> Result<()> {
        let since = INCLUDED.iter().find(|(_, name)| *name == feature).map(|(since, _)| *since);
        if let (Some(since), true) = (since, self.writer < LISTED) {
            self.writer = self.writer.max(since);
            return Ok(());
        }
        if self.writer < LISTED {
            if self.writer > 4 {
                let message = format!("adding `{feature}` to a Delta table of an old protocol is not supported");
                return Err(Error::not_supported(message));
            }
            self.writer_features = included_features(self.writer);
            self.writer = LISTED;
        }
        self.list(feature);
        Ok(())
    }

    fn list(&mut self, feature: &str) {
        self.writer_features.push(feature.to_owned());
        if FOR_READERS.contains(&feature) {
            self.reader = LISTED_FOR_READERS;
            self.reader_features.push(feature.to_owned());
        }
    }

    fn line(&self) -> Value {
        let mut line = json!({ "minReaderVersion": self.reader, "minWriterVersion": self.writer });
        if self.reader == LISTED_FOR_READERS {
            line["readerFeatures"] = json!(self.reader_features);
        }
        if self.writer == LISTED {
            line["writerFeatures"] = json!(self.writer_features);
        }
        json!({ "protocol": line })
    }
}

/// The features that a version of the protocol for writers includes without listing them.
pub fn included_features(version: i32) -> Vec<String> {
    let included = INCLUDED.iter().filter(|(since, _)| version < LISTED && *since <= version);
    included.map(|(_, feature)| (*feature).to_owned()).collect()
}
