//! SQL through a session: Spark's own answers, every kind of statement, tables of both front ends, errors.

mod corpus;
mod statements;

use std::sync::Arc;

use aerostat_session::Session;
use aerostat_sql::Engine;
use tempfile::TempDir;

/// A session on a metastore of its own, which lives as long as the folder.
pub fn session() -> (TempDir, Session) {
    let root = tempfile::tempdir().unwrap();
    let session = Session::open(root.path(), Arc::new(Engine::new().unwrap())).unwrap();
    (root, session)
}
