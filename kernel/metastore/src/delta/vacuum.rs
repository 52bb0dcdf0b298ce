//! Files in a table's folder that no version needs any more, or that none ever needed.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use aerostat_error::{Error, Result};
use chrono::{DateTime, Utc};
use serde_json::Value;

use super::log::Log;
use super::snapshot::{absolute, snapshot};

/// The files below `location` that were last needed, or written, before `cutoff`.
///
/// What a newer version has removed is needed until then by those who read the older one; what no entry of the log
/// names may belong to a write that is about to be committed.
pub(crate) fn leftovers(location: &Path, cutoff: DateTime<Utc>) -> Result<Vec<PathBuf>> {
    // Listed before the log is read: a file that is committed in between is then known to be needed.
    let mut found = Vec::new();
    walk(location, cutoff, &mut found)?;
    let log = location.join("_delta_log");
    let staged = |path: &Path| path.extension().is_some_and(|it| it == "tmp");
    list(&log, cutoff, &mut |path| found.extend(staged(&path).then_some(path)))?;
    let mut needed: HashSet<PathBuf> = snapshot(location, None)?.files.iter().map(|file| file.path.clone()).collect();
    for version in Log::versions(location)? {
        needed.extend(removed_since(location, version, cutoff)?);
    }
    found.retain(|path| !needed.contains(path));
    found.sort();
    Ok(found)
}

/// The files that a version has taken out of the table after `cutoff`.
fn removed_since(location: &Path, version: i64, cutoff: DateTime<Utc>) -> Result<Vec<PathBuf>> {
    let path = Log::entry(location, version);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        // Somebody cleans up the log.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::io(format!("reading `{}`", path.display()), &error)),
    };
    let removes = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let removes = removes.filter_map(|mut line| line.get_mut("remove").map(Value::take));
    let recent = removes
        .filter(|remove| remove["deletionTimestamp"].as_i64().is_none_or(|millis| millis >= cutoff.timestamp_millis()));
    recent.map(|remove| absolute(location, remove["path"].as_str().unwrap_or_default())).collect()
}

fn walk(folder: &Path, cutoff: DateTime<Utc>, found: &mut Vec<PathBuf>) -> Result<()> {
    let mut below = Vec::new();
    list(folder, cutoff, &mut |path| found.push(path))?;
    for entry in entries(folder)? {
        if entry.is_dir() && !is_hidden(&entry) {
            below.push(entry);
        }
    }
    below.iter().try_for_each(|folder| walk(folder, cutoff, found))
}

/// The files of a folder that were written before `cutoff`.
fn list(folder: &Path, cutoff: DateTime<Utc>, take: &mut dyn FnMut(PathBuf)) -> Result<()> {
    for path in entries(folder)? {
        let Ok(data) = fs::metadata(&path) else { continue };
        let old = data.modified().is_ok_and(|written| DateTime::<Utc>::from(written) < cutoff);
        let staged = path.extension().is_some_and(|it| it == "tmp");
        if data.is_file() && old && (staged || !is_hidden(&path)) {
            take(path);
        }
    }
    Ok(())
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let failed = |e| Error::io(format!("reading folder `{}`", folder.display()), &e);
    fs::read_dir(folder).map_err(failed)?.map(|entry| entry.map(|entry| entry.path()).map_err(failed)).collect()
}

/// Folders and files of others, such as the log; folders of partition values are not.
fn is_hidden(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    name.starts_with(['_', '.']) && !name.contains('=')
}
