//! The log of one table: its state at a version, and the next entry.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use aerostat_error::{Error, Kind, Object, Result};
use deltalake_core::kernel::Snapshot as State;
use deltalake_core::kernel::transaction::TransactionError;
use deltalake_core::logstore::object_store::Error as StoreError;
use deltalake_core::logstore::object_store::local::LocalFileSystem;
use deltalake_core::logstore::{CommitOrBytes, LogStoreRef, StorageConfig, default_logstore};
use deltalake_core::{DeltaTable, DeltaTableError, checkpoints};
use serde_json::Value;
use url::Url;
use uuid::Uuid;

use super::store::DurableStore;
use super::transactions;

/// So many entries make a checkpoint, as in Spark: a reader starts at the newest one.
const CHECKPOINT_INTERVAL: u64 = 10;

/// The log of the table in one folder.
#[derive(Clone)]
pub(super) struct Log {
    pub(super) location: PathBuf,
    store: LogStoreRef,
}

impl Log {
    /// The log in an existing folder.
    pub(super) fn open(location: &Path) -> Result<Self> {
        let files = LocalFileSystem::new_with_prefix(location).map_err(|_| no_table(location))?;
        let store = Arc::new(DurableStore(files));
        // The store is rooted at the table already, so that no name on the way to it has to survive being part of
        // a URL.
        let root = Url::parse("file:///").map_err(|e| Error::internal(e.to_string()))?;
        let store = default_logstore(store.clone(), store, &root, &StorageConfig::default());
        Ok(Self { location: location.to_owned(), store })
    }

    /// Whether there is a table at all.
    pub(super) fn exists(location: &Path) -> bool {
        let entries = std::fs::read_dir(location.join("_delta_log")).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).any(|path| path.extension().is_some_and(|it| it == "json"))
    }

    /// The file of an entry.
    pub(super) fn entry(location: &Path, version: i64) -> PathBuf {
        location.join(format!("_delta_log/{version:020}.json"))
    }

    /// The versions whose entries are kept, in order.
    pub(super) fn versions(location: &Path) -> Result<Vec<i64>> {
        let entries = std::fs::read_dir(location.join("_delta_log")).map_err(|_| no_table(location))?;
        let paths = entries.flatten().map(|entry| entry.path());
        let entries = paths.filter(|path| path.extension().is_some_and(|it| it == "json"));
        let mut versions: Vec<i64> =
            entries.filter_map(|path| path.file_stem()?.to_str()?.parse::<i64>().ok()).collect();
        versions.sort_unstable();
        if versions.is_empty() { Err(no_table(location)) } else { Ok(versions) }
    }

    /// The table at `version`, or at the newest.
    pub(super) async fn state(&self, version: Option<i64>) -> Result<State> {
        let wanted = version.map(|version| u64::try_from(version).map_err(|_| self.no_version(version))).transpose()?;
        let state = State::try_new(self.store.as_ref(), wanted).await;
        state.map_err(|error| match (version, error) {
            (_, DeltaTableError::NotATable(_)) => no_table(&self.location),
            // Every version from the first kept one on can be read, unless the log is damaged.
            (Some(version), _) if self.has_no_entry(version) => self.no_version(version),
            (_, error) => self.failed("reading", &error),
        })
    }

    /// Which of these transactions have happened by a version.
    pub(super) async fn transactions(&self, version: u64, names: &[String]) -> Result<Vec<bool>> {
        let (engine, root, names) = (self.store.engine(None), self.store.root_url().clone(), names.to_vec());
        let read = move || transactions::happened(engine.as_ref(), &root, version, &names);
        let happened = tokio::task::spawn_blocking(read).await.map_err(|error| Error::internal(error.to_string()))?;
        happened.map_err(|error| self.failed("reading", &error.into()))
    }

    /// The log as delta-rs wants it.
    pub(super) fn store(&self) -> &LogStoreRef {
        &self.store
    }

    /// Makes `actions` the entry `version`. Returns false if another process came first.
    pub(super) async fn commit(&self, version: u64, actions: &[Value]) -> Result<bool> {
        let lines: Vec<String> = actions.iter().map(Value::to_string).collect();
        let entry = CommitOrBytes::LogBytes(lines.join("\n").into());
        match self.store.write_commit_entry(version, entry, Uuid::new_v4()).await {
            Ok(()) => {
                self.checkpoint(version).await;
                Ok(true)
            }
            Err(TransactionError::VersionAlreadyExists(_)) => Ok(false),
            Err(error) => Err(self.failed("writing", &error.into())),
        }
    }

    /// Writes a checkpoint if it is time for one. The commit has happened by now, so a failure is none of the
    /// caller's: the next readers read more entries.
    async fn checkpoint(&self, version: u64) {
        if (version + 1).is_multiple_of(CHECKPOINT_INTERVAL) {
            let mut table = DeltaTable::new(self.store.clone());
            let written = match table.load_version(version).await {
                Ok(()) => checkpoints::create_checkpoint(&table, None).await,
                Err(error) => Err(error),
            };
            if let Err(error) = written {
                tracing::warn!(location = %self.location.display(), version, %error, "no checkpoint was written");
            }
        }
    }

    fn has_no_entry(&self, version: i64) -> bool {
        !Self::entry(&self.location, version).exists()
    }

    fn no_version(&self, version: i64) -> Error {
        Error::new(
            Kind::NotFound(Object::Version),
            format!("version `{version}` of the Delta table at `{}` does not exist", self.location.display()),
        )
    }

    /// What an error of delta-rs means to the user.
    pub(super) fn failed(&self, doing: &str, error: &DeltaTableError) -> Error {
        let message = match error {
            DeltaTableError::ObjectStore { source: StoreError::Generic { source, .. } } => source.to_string(),
            other => other.to_string(),
        };
        let location = self.location.display();
        Error::new(Kind::Io, format!("{doing} the log of the Delta table at `{location}` failed: {message}"))
    }
}

fn no_table(location: &Path) -> Error {
    Error::new(Kind::NotFound(Object::Table), format!("there is no Delta table at `{}`", location.display()))
}
