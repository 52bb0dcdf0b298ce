//! The SQLite file: opening it, transactions, and what its errors mean.

mod migrations;
mod rows;

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use aerostat_error::{Error, Kind, Result};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};

pub(crate) use rows::{Json, SCHEMAS, Stored, TABLES, now, schema, schema_named, stored_path, table, table_named};

/// How long a statement waits for another process that is writing.
const PATIENCE: Duration = Duration::from_secs(30);

/// One connection, used by one thread at a time: statements take microseconds.
#[derive(Debug)]
pub(crate) struct Database {
    connection: Mutex<Connection>,
}

impl Database {
    /// Opens the file, creating or upgrading it as needed.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let mut connection = Connection::open(path).map_err(failed)?;
        connection.busy_timeout(PATIENCE).map_err(failed)?;
        connection.set_prepared_statement_cache_capacity(64);
        // Or statements are prepared anew when they are given other values: to do that takes longer than to run them.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(failed)?;
        write_ahead(&connection).map_err(failed)?;
        connection.pragma_update(None, "synchronous", "FULL").map_err(failed)?;
        connection.pragma_update(None, "foreign_keys", true).map_err(failed)?;
        migrations::run(&mut connection, path)?;
        Ok(Self { connection: Mutex::new(connection) })
    }

    /// Runs queries.
    pub(crate) fn read<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T> {
        work(&self.lock()).map_err(failed)
    }

    /// Runs `work` in a transaction of which all or nothing happens. No other process writes meanwhile.
    pub(crate) fn write<T>(&self, work: impl FnOnce(&Transaction) -> Result<T>) -> Result<T> {
        let mut connection = self.lock();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        let done = work(&transaction)?;
        transaction.commit().map_err(failed)?;
        Ok(done)
    }

    /// A panic in another thread left no half-done work: its transaction was rolled back.
    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Turns on the write-ahead log, in which readers do not wait for writers. SQLite itself does not wait for another
/// process that does the same at this moment, when the file is new.
fn write_ahead(connection: &Connection) -> rusqlite::Result<()> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match connection.pragma_update(None, "journal_mode", "WAL") {
            Err(e) if e.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && Instant::now() < deadline => {
                std::thread::sleep(Duration::from_millis(5));
            }
            done => return done,
        }
    }
}

/// What an error of SQLite means to the user.
pub(crate) fn failed(error: rusqlite::Error) -> Error {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            Error::new(Kind::Conflict, "the metastore is locked by another process")
                .with_hint("try again when it is done")
        }
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            Error::new(Kind::Io, format!("the metastore is damaged: {error}"))
        }
        Some(ErrorCode::ConstraintViolation) => Error::internal(format!("the metastore refused a row: {error}")),
        _ => Error::new(Kind::Io, format!("the metastore failed: {error}")),
    }
}
