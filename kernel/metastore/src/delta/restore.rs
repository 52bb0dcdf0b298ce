//! Bringing a table back to what it was at an earlier version, as a new version.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use aerostat_error::{Error, Kind, Object, Result};
use deltalake_core::kernel::Snapshot as State;
use serde_json::{Value, json};

use super::actions::{self, Info};
use super::features;
use super::log::Log;
use super::runtime::wait;
use super::snapshot::{Entry, absolute, entries};
use crate::contents::{Change, Restored};

/// So many times other processes may come first.
const ATTEMPTS: u32 = 1000;

/// Commits the files and columns of `version` as the newest version.
pub(crate) fn restore(location: &Path, version: i64) -> Result<Restored> {
    let log = Log::open(location)?;
    wait(async move {
        let old = log.state(Some(version)).await?;
        features::check_readable(&old)?;
        for _ in 0..ATTEMPTS {
            let now = log.state(None).await?;
            features::check_readable(&now)?;
            features::check_writable(&now)?;
            if features::is_append_only(&now) {
                return Err(Error::invalid_argument("the table is append-only (`delta.appendOnly`)"));
            }
            let (restored, entry) = difference(&log, &old, &now).await?;
            if log.commit(now.version() + 1, &entry).await? {
                return Ok(restored);
            }
        }
        Err(Error::new(Kind::Conflict, "other processes kept writing to the table"))
    })
}

/// What leads from `now` to `old`.
async fn difference(log: &Log, old: &State, now: &State) -> Result<(Restored, Vec<Value>)> {
    let by_path = |entries: Vec<Entry>| -> HashMap<String, Entry> {
        entries.into_iter().map(|entry| (entry.path.clone(), entry)).collect()
    };
    let (wanted, there) = (by_path(entries(log, old).await?), by_path(entries(log, now).await?));
    let removed: Vec<Entry> =
        there.iter().filter(|(path, _)| !wanted.contains_key(*path)).map(|(_, entry)| entry.clone()).collect();
    let mut added: Vec<&Entry> =
        wanted.iter().filter(|(path, _)| !there.contains_key(*path)).map(|(_, entry)| entry).collect();
    added.sort_by_key(|entry| entry.written);
    for entry in &added {
        let path = absolute(&log.location, &entry.path)?;
        if !path.exists() {
            let message = format!("version {} needs `{}`, which is gone", old.version(), path.display());
            return Err(Error::new(Kind::NotFound(Object::File), message)
                .with_hint("`VACUUM` removes the files of old versions; restore a newer one"));
        }
    }
    let size = |entries: &mut dyn Iterator<Item = &Entry>| entries.map(|entry| entry.size).sum::<u64>();
    let count = |number: usize| u64::try_from(number).unwrap_or_default();
    let restored = Restored {
        table_size: size(&mut wanted.values()),
        num_files: count(wanted.len()),
        num_removed: count(removed.len()),
        num_restored: count(added.len()),
        removed_size: size(&mut removed.iter()),
        restored_size: size(&mut added.iter().copied()),
    };
    let mut change = Change::new("RESTORE");
    change.parameters = BTreeMap::from([("version".to_owned(), old.version().to_string())]);
    change.metrics = BTreeMap::from([
        ("numRestoredFiles".to_owned(), restored.num_restored),
        ("restoredFilesSize".to_owned(), restored.restored_size),
        ("removedFilesSize".to_owned(), restored.removed_size),
        ("numOfFilesAfterRestore".to_owned(), restored.num_files),
        ("tableSizeAfterRestore".to_owned(), restored.table_size),
    ]);
    let info = Info { change: &change, read_version: Some(now.version()), removed: &removed };
    let mut entry = vec![actions::commit_info(&info)];
    if old.metadata() != now.metadata() {
        let metadata = serde_json::to_value(old.metadata()).map_err(|e| Error::internal(e.to_string()))?;
        entry.push(json!({ "metaData": metadata }));
    }
    entry.extend(removed.iter().map(|file| actions::remove(file, true)));
    entry.extend(added.iter().map(|file| actions::add_again(file)));
    Ok((restored, entry))
}
