//! What happened to a table, by the entries of its log.

use std::fs;
use std::path::Path;

use aerostat_error::{Error, Kind, Object, Result};
use chrono::{DateTime, Utc};
use serde_json::Value;

use super::log::Log;
use crate::contents::Commit;

/// The entries of the log that are kept, the newest first; of the newest `limit` versions, if that is given.
pub(crate) fn history(location: &Path, limit: Option<usize>) -> Result<Vec<Commit>> {
    let versions = Log::versions(location)?;
    let skipped = limit.map_or(0, |limit| versions.len().saturating_sub(limit));
    let mut commits: Vec<Commit> = Vec::with_capacity(versions.len() - skipped);
    for version in versions.into_iter().skip(skipped) {
        let mut commit = read(location, version)?;
        // Clocks are set back; versions are not.
        if let Some(before) = commits.last() {
            commit.timestamp = commit.timestamp.max(before.timestamp);
        }
        commits.push(commit);
    }
    commits.reverse();
    Ok(commits)
}

/// The version that was the newest at a time.
pub(crate) fn version_at(location: &Path, time: DateTime<Utc>) -> Result<i64> {
    let commits = history(location, None)?;
    let (Some(newest), Some(oldest)) = (commits.first(), commits.last()) else {
        return Err(Error::internal(format!("the Delta table at `{}` has no entries in its log", location.display())));
    };
    let shown = |time: DateTime<Utc>| {
        let text = time.format("%Y-%m-%d %H:%M:%S%.3f").to_string();
        text.trim_end_matches(".000").trim_end_matches(" 00:00:00").to_owned()
    };
    let none = |what: &str, at: &Commit| {
        let message = format!("the table has no version of `{}`: that is {what}", shown(time));
        let hint = format!("version {} is of {}", at.version, shown(at.timestamp));
        Err(Error::new(Kind::NotFound(Object::Version), message).with_hint(hint))
    };
    if time < oldest.timestamp {
        return none("before the first version that is kept", oldest);
    }
    // Times are written down in milliseconds.
    if time.timestamp_millis() > newest.timestamp.timestamp_millis() && time > Utc::now() {
        return none("in the future", newest);
    }
    Ok(commits.iter().find(|commit| commit.timestamp <= time).unwrap_or(oldest).version)
}

fn read(location: &Path, version: i64) -> Result<Commit> {
    let path = Log::entry(location, version);
    let failed = |e| Error::io(format!("reading `{}`", path.display()), &e);
    let text = fs::read_to_string(&path).map_err(failed)?;
    let mut lines = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let info = lines.find_map(|mut line| line.get_mut("commitInfo").map(Value::take)).unwrap_or_default();
    let timestamp = match info["timestamp"].as_i64().and_then(DateTime::from_timestamp_millis) {
        Some(timestamp) => timestamp,
        None => fs::metadata(&path).and_then(|file| file.modified()).map_err(failed)?.into(),
    };
    Ok(Commit { version, timestamp, info })
}
