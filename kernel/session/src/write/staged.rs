//! Files that have been written and that nothing refers to yet.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aerostat_error::{Error, Result};
use aerostat_metastore::NewFile;
use polars::prelude::{Column, DataFrame};
use serde_json::Value;
use uuid::Uuid;

use super::durable::sync_all;
use crate::delta::{NULL_PARTITION, texts};

/// A file of a folder.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    /// Below the folder, with `/` between its parts.
    pub(crate) path: String,
    pub(super) size: u64,
    pub(super) rows: u64,
    pub(crate) partition_values: BTreeMap<String, Option<String>>,
    pub(super) statistics: Option<Value>,
}

/// The files of one write. Dropped before they are [kept](Staged::keep), they are removed: a write that fails, that is
/// interrupted, or whose commit is refused leaves nothing behind.
#[derive(Debug)]
pub(crate) struct Staged {
    register: Register,
    kept: bool,
}

impl Staged {
    /// Nothing yet.
    pub(super) fn new(folder: &Path) -> Self {
        let (folder, job) = (folder.to_owned(), Uuid::new_v4());
        Self { register: Register { folder, job, parts: Arc::default(), closed: Arc::default() }, kept: false }
    }

    /// What creates files, while somebody else owns them.
    pub(super) fn register(&self) -> Register {
        self.register.clone()
    }

    pub(super) fn folder(&self) -> &Path {
        &self.register.folder
    }

    pub(crate) fn parts(&self) -> MutexGuard<'_, Vec<Part>> {
        self.register.parts()
    }

    /// The files as the metastore wants them.
    pub(crate) fn files(&self) -> Vec<NewFile> {
        let file = |part: &Part| NewFile {
            path: part.path.clone(),
            size: part.size,
            partition_values: part.partition_values.clone(),
            stats: part.statistics.clone(),
        };
        self.parts().iter().map(file).collect()
    }

    /// How many rows there are in all.
    pub(crate) fn rows(&self) -> u64 {
        self.parts().iter().map(|part| part.rows).sum()
    }

    /// The files stay: something refers to them now.
    pub(crate) fn keep(mut self) {
        self.kept = true;
    }

    /// Makes the files durable: a file survives a crash only if the folders on the way to it know of it.
    pub(super) fn sync(&self) -> Result<()> {
        let mut paths = BTreeSet::from([self.folder().to_owned()]);
        for part in self.parts().iter() {
            paths.extend(Path::new(&part.path).ancestors().map(|below| self.folder().join(below)));
        }
        sync_all(&Vec::from_iter(paths))
    }
}

impl Drop for Staged {
    /// Best effort: a file that stays does no harm.
    fn drop(&mut self) {
        if self.kept {
            return;
        }
        let parts = self.parts();
        self.register.closed.store(true, Ordering::Relaxed);
        for part in parts.iter() {
            let _ = fs::remove_file(self.folder().join(&part.path));
        }
    }
}

/// Creates files under names that no other write uses.
#[derive(Clone, Debug)]
pub(super) struct Register {
    folder: PathBuf,
    job: Uuid,
    parts: Arc<Mutex<Vec<Part>>>,
    /// Set when the files are removed: those who still write then get no more of them.
    closed: Arc<AtomicBool>,
}

impl Register {
    fn parts(&self) -> MutexGuard<'_, Vec<Part>> {
        self.parts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new file for rows with these partition values, all in the first row of `keys`. An error once the write has
    /// failed: its tasks may learn of that later than its files are removed.
    pub(super) fn create(&self, keys: &DataFrame, extension: &str) -> Result<File> {
        let (partition_values, folder) = placed(keys.columns())?;
        let mut parts = self.parts();
        if self.closed.load(Ordering::Relaxed) {
            return Err(Error::internal("this write has failed already"));
        }
        let path = format!("{folder}part-{:05}-{}.{extension}", parts.len(), self.job);
        let target = self.folder.join(&path);
        let created = fs::create_dir_all(self.folder.join(folder)).and_then(|()| File::create_new(&target));
        let file = created.map_err(|source| Error::io(format!("writing `{}`", target.display()), &source))?;
        parts.push(Part { path, size: 0, rows: 0, partition_values, statistics: None });
        Ok(file)
    }
}

/// The values of partition columns as the log has them, and the folder for them.
fn placed(keys: &[Column]) -> Result<(BTreeMap<String, Option<String>>, String)> {
    let mut values = BTreeMap::new();
    for key in keys {
        // The log cannot tell an empty text from null, so neither do the folders.
        let first = key.head(Some(1));
        let text = texts(first.as_materialized_series())?.pop().flatten().filter(|text| !text.is_empty());
        values.insert(key.name().to_string(), text);
    }
    let value = |name: &str| values.get(name).and_then(Option::as_deref);
    let folder = hive_folder(keys.iter().map(|key| (key.name().as_str(), value(key.name()))));
    Ok((values, folder))
}

/// `year=2024/month=1/`, the folder of the rows with these values.
pub(crate) fn hive_folder<'v>(values: impl Iterator<Item = (&'v str, Option<&'v str>)>) -> String {
    let mut folder = String::new();
    for (name, value) in values {
        let value = value.map_or(NULL_PARTITION.to_owned(), escaped);
        let _ = write!(folder, "{}={value}/", escaped(name));
    }
    folder
}

/// The text with the characters that Hive escapes in names of folders.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '"'
            | '#'
            | '%'
            | '\''
            | '*'
            | '/'
            | ':'
            | '='
            | '?'
            | '\\'
            | '{'
            | '['
            | ']'
            | '^'
            | '\0'..='\x1f'
            | '\x7f' => {
                let _ = write!(out, "%{:02X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}
