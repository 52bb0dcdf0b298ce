//! The session: names, readers, writers, running polars, display.

mod arrow;
mod control;
mod display;
mod files;
mod gathered;
mod memory;
mod names;
mod plot;
mod tables;
mod types;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use aerostat_error::{Error, Result};
use aerostat_metastore::NewSchema;
use aerostat_session::{Outcome, Session, SqlEngine};
use polars::prelude::*;
use tempfile::TempDir;

/// These tests are not about SQL.
struct NoSql;

impl SqlEngine for NoSql {
    fn execute(&self, _: &Session, text: &str, _: &mut dyn FnMut(Outcome) -> Result<()>) -> Result<()> {
        Err(Error::not_supported(format!("no SQL here: {text}")))
    }
}

/// A session on a new metastore, with a schema `shop`.
fn session() -> (TempDir, Session) {
    let folder = TempDir::new().unwrap();
    let session = open(folder.path());
    session.metastore().create_schema(NewSchema { name: "shop".into(), ..NewSchema::default() }, false).unwrap();
    (folder, session)
}

fn open(root: &Path) -> Session {
    Session::open(root, Arc::new(NoSql)).unwrap()
}

/// A file of the shared data, or a message that the test is skipped.
#[expect(clippy::print_stderr, reason = "a skipped test must say so")]
fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(path);
    if !path.exists() {
        eprintln!("skipped: {} is not there", path.display());
        return None;
    }
    Some(path)
}

fn orders() -> LazyFrame {
    df!("id" => [1i64, 2, 3], "country" => ["France", "Norway", "France"], "amount" => [10.0, 2.5, 1.25])
        .unwrap()
        .lazy()
}

fn rows(session: &Session, table: &str) -> DataFrame {
    session.collect(session.table(table).unwrap()).unwrap()
}

#[track_caller]
fn fails<T>(result: Result<T>, ename: &str, message: &str) -> Error {
    let error = result.err().expect("this must fail");
    assert_eq!((error.ename().as_str(), error.message()), (ename, message));
    error
}
