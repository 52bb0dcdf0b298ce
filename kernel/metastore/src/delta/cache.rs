//! Snapshots of tables that have not changed since they were last read.
//!
//! A log is replayed in milliseconds; that nothing was added to it is seen in microseconds: the entry after the
//! newest one is not there, and the newest one is the same file as before.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use crate::contents::Snapshot;

/// So many tables are kept; then all are forgotten, which is no loss worth better bookkeeping.
const CAPACITY: usize = 100;

/// The newest snapshot of each table that was read, with the time its newest entry was written.
static SNAPSHOTS: Mutex<Option<HashMap<PathBuf, (SystemTime, Snapshot)>>> = Mutex::new(None);

/// The newest snapshot of the table in `location`, if it has been read and nothing has been committed since.
pub(super) fn newest(location: &Path) -> Option<Snapshot> {
    let (written, snapshot) = lock().as_ref()?.get(location)?.clone();
    let current = written_at(location, snapshot.version) == Some(written);
    (current && written_at(location, snapshot.version + 1).is_none()).then_some(snapshot)
}

/// Keeps a snapshot that was the newest one when reading it `began`.
pub(super) fn keep(snapshot: &Snapshot, began: SystemTime) {
    // An entry younger than that belongs to a table that took this one's place while it was read.
    let Some(written) = written_at(&snapshot.location, snapshot.version).filter(|written| *written < began) else {
        return;
    };
    let mut snapshots = lock();
    let snapshots = snapshots.get_or_insert_default();
    if snapshots.len() >= CAPACITY {
        snapshots.clear();
    }
    snapshots.insert(snapshot.location.clone(), (written, snapshot.clone()));
}

fn written_at(location: &Path, version: i64) -> Option<SystemTime> {
    std::fs::metadata(location.join(format!("_delta_log/{version:020}.json"))).ok()?.modified().ok()
}

fn lock() -> MutexGuard<'static, Option<HashMap<PathBuf, (SystemTime, Snapshot)>>> {
    SNAPSHOTS.lock().unwrap_or_else(PoisonError::into_inner)
}
