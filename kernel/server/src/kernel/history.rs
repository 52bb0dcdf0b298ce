//! The history of cells: one SQLite file for all notebooks of a metastore root, one numbered session a kernel.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aerostat_error::{Error, Result};
use aerostat_protocol::content::{Access, HistoryRequest};
use aerostat_session::MimeBundle;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, Row, ToSql, params};
use serde_json::{Value, json};

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS sessions (session INTEGER PRIMARY KEY AUTOINCREMENT, started TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS cells (
    session INTEGER NOT NULL, line INTEGER NOT NULL, source TEXT NOT NULL, output TEXT, PRIMARY KEY (session, line));
";

/// All cells.
const CELLS: &str = "cells";

/// Of cells with the same text, the latest. It takes a look at all that there are.
const LATEST_CELLS: &str = "(
    SELECT * FROM (
        SELECT *, row_number() OVER (PARTITION BY source ORDER BY session DESC, line DESC) AS latest FROM cells
    ) WHERE latest = 1
)";

/// How many cells a tail has if the client does not say.
const DEFAULT_TAIL: u32 = 1000;

/// The history. Cheap to clone; opened by the first cell that is stored or the first question.
#[derive(Clone)]
pub(super) struct History {
    path: Arc<PathBuf>,
    store: Arc<Mutex<Option<Store>>>,
}

struct Store {
    connection: Connection,
    session: i64,
}

impl History {
    /// The history under `root`.
    pub(super) fn new(root: &Path) -> Self {
        Self { path: Arc::new(root.join("history.sqlite")), store: Arc::default() }
    }

    /// Keeps the text of a cell.
    pub(super) fn add_input(&self, line: u32, source: &str) {
        self.keep(|store| {
            let insert = "INSERT OR REPLACE INTO cells (session, line, source) VALUES (?, ?, ?)";
            store.connection.prepare_cached(insert)?.execute(params![store.session, line, source])
        });
    }

    /// Keeps the value of a cell, as text.
    pub(super) fn add_output(&self, line: u32, result: &MimeBundle) {
        let Some(text) = result.0.get("text/plain").and_then(Value::as_str) else { return };
        self.keep(|store| {
            let update = "UPDATE cells SET output = ? WHERE session = ? AND line = ?";
            store.connection.prepare_cached(update)?.execute(params![text, store.session, line])
        });
    }

    /// The cells that are asked for, oldest first.
    pub(super) fn answer(&self, asked: &HistoryRequest) -> Result<Vec<Value>> {
        self.with_store(|store| store.answer(asked))
    }

    /// A history that cannot be written is no reason for a cell to fail.
    fn keep(&self, write: impl FnOnce(&Store) -> rusqlite::Result<usize>) {
        if let Err(error) = self.with_store(|store| write(store)) {
            tracing::warn!("{error}");
        }
    }

    fn with_store<T>(&self, action: impl FnOnce(&Store) -> rusqlite::Result<T>) -> Result<T> {
        let failed = |error: rusqlite::Error| {
            let message = format!("the history `{}` cannot be used: {error}", self.path.display());
            Error::new(aerostat_error::Kind::Io, message)
        };
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        let store = match &mut *store {
            Some(store) => store,
            closed => closed.insert(Store::open(&self.path).map_err(failed)?),
        };
        action(store).map_err(failed)
    }
}

impl Store {
    /// Opens the file and begins a session.
    fn open(path: &Path) -> rusqlite::Result<Self> {
        create(path);
        let connection = Connection::open(path)?;
        connection.busy_timeout(Duration::from_secs(2))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // Losing the last cells in a power cut is fine, waiting for the disk in every cell is not.
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        // Statements stay as they were prepared, whatever values they are given.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        connection.execute_batch(SCHEMA)?;
        connection.execute("INSERT INTO sessions (started) VALUES (datetime('now'))", [])?;
        let session = connection.last_insert_rowid();
        Ok(Self { connection, session })
    }

    fn answer(&self, asked: &HistoryRequest) -> rusqlite::Result<Vec<Value>> {
        match asked.hist_access_type {
            Access::Tail => self.last(CELLS, "", &[], asked.n.unwrap_or(DEFAULT_TAIL), asked.output),
            Access::Range => self.range(asked),
            Access::Search => self.search(asked),
        }
    }

    fn range(&self, asked: &HistoryRequest) -> rusqlite::Result<Vec<Value>> {
        let session = if asked.session > 0 { asked.session } else { self.session + asked.session };
        let (start, stop) = (asked.start.unwrap_or(0), asked.stop.unwrap_or(i64::MAX));
        let condition = "WHERE session = ? AND line >= ? AND line < ?";
        self.last(CELLS, condition, &[&session, &start, &stop], u32::MAX, asked.output)
    }

    fn search(&self, asked: &HistoryRequest) -> rusqlite::Result<Vec<Value>> {
        let pattern = asked.pattern.as_deref().unwrap_or("*");
        let cells = if asked.unique { LATEST_CELLS } else { CELLS };
        self.last(cells, "WHERE source GLOB ?", &[&pattern], asked.n.unwrap_or(u32::MAX), asked.output)
    }

    /// The last `n` of `cells` that meet `condition`.
    fn last(
        &self,
        cells: &str,
        condition: &str,
        values: &[&dyn ToSql],
        n: u32,
        output: bool,
    ) -> rusqlite::Result<Vec<Value>> {
        let mut statement = self.connection.prepare(&format!(
            "SELECT session, line, source, output FROM {cells} {condition} ORDER BY session DESC, line DESC LIMIT {n}"
        ))?;
        let mut cells: Vec<Value> =
            statement.query_map(values, |row| entry(row, output))?.collect::<rusqlite::Result<_>>()?;
        cells.reverse();
        Ok(cells)
    }
}

/// Creates the file, unless it is there, for nobody else to look into: cells may hold passwords. What SQLite puts beside
/// it gets the same mode. If it cannot be created, SQLite says why.
fn create(path: &Path) {
    let _ = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
}

fn entry(row: &Row<'_>, output: bool) -> rusqlite::Result<Value> {
    let (session, line, source): (i64, i64, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
    match output {
        true => Ok(json!([session, line, [source, row.get::<_, Option<String>>(3)?]])),
        false => Ok(json!([session, line, source])),
    }
}
