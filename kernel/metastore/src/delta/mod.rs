//! The contents of Delta tables: reading the log of a table, and committing to it.
//!
//! The log is replayed by delta-rs, and checkpoints are written by it. Commits are put together here: what delta-rs
//! offers for it tells a commit that happened, but whose checkpoint failed, from one that did not happen only with
//! difficulty, and its check for conflicts refuses an append that races an overwrite.

mod actions;
mod cache;
mod commit;
mod features;
mod history;
mod log;
mod protocol;
mod restore;
mod runtime;
mod schema;
mod snapshot;
mod store;
mod transactions;
mod vacuum;

pub(crate) use commit::{begin, commit, convert, create, exists, transactions};
pub(crate) use history::{history, version_at};
pub use protocol::included_features;
pub(crate) use restore::restore;
pub(crate) use schema::{check_columns, schema_from_json, schema_to_json};
pub(crate) use snapshot::snapshot;
pub(crate) use vacuum::leftovers;
