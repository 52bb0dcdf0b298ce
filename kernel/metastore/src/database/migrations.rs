//! The layout of the SQLite file, as the steps that lead to it.

use std::path::{Path, PathBuf};

use aerostat_error::{Error, Result};
use rusqlite::{Connection, TransactionBehavior};

use super::failed;

/// Step `n` leads from layout `n` to layout `n + 1`. Steps are only ever added: a released one is never edited.
const STEPS: &[&str] =
    &[include_str!("0001_names.sql"), include_str!("0002_partitions.sql"), include_str!("0003_dropped.sql")];

/// Marks the file as a metastore of Aerostat ("Aero").
const APPLICATION_ID: i64 = 0x4165_726f;

/// Brings the file to the newest layout, and keeps a copy of an older one. Refuses one that a later version has upgraded.
pub(super) fn run(connection: &mut Connection, path: &Path) -> Result<()> {
    // Both numbers of one moment: another process may be upgrading.
    let unchanged = connection.transaction().map_err(failed)?;
    let before = layout(&unchanged, path)?;
    if before == STEPS.len() {
        return Ok(());
    }
    drop(unchanged);
    if before > 0 {
        back_up(connection, path, before)?;
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
    // Another process may have been faster.
    for step in &STEPS[layout(&transaction, path)?..] {
        transaction.execute_batch(step).map_err(failed)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(failed)?;
    transaction.pragma_update(None, "user_version", STEPS.len().cast_signed()).map_err(failed)?;
    transaction.commit().map_err(failed)
}

/// Copies the file, as it is before it is upgraded, beside it: `metastore.sqlite.layout-1`. A copy that is there already
/// is of an upgrade that did not come to its end, or that another process is at.
fn back_up(connection: &Connection, path: &Path, layout: usize) -> Result<()> {
    let copy = with_suffix(path, &format!(".layout-{layout}"));
    if copy.exists() {
        return Ok(());
    }
    let staged = with_suffix(&copy, &format!(".{}", std::process::id()));
    let failed_at = |e| Error::io(format!("copying the metastore to `{}`", copy.display()), &e);
    let _ = std::fs::remove_file(&staged);
    connection.execute("VACUUM INTO ?1", [stored(&staged)?]).map_err(failed)?;
    let durable = std::fs::File::open(&staged).and_then(|file| file.sync_all());
    durable.and_then(|()| std::fs::rename(&staged, &copy)).map_err(failed_at)?;
    copy.parent().map_or(Ok(()), crate::folder::sync).map_err(failed_at)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn stored(path: &Path) -> Result<&str> {
    path.to_str().ok_or_else(|| Error::invalid_argument(format!("the path `{}` is not Unicode", path.display())))
}

/// The layout of the file; zero for a new one.
fn layout(connection: &Connection, path: &Path) -> Result<usize> {
    let number = |pragma| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0)).map_err(failed);
    let (application, layout) = (number("application_id")?, number("user_version")?);
    let layout = usize::try_from(layout).unwrap_or(usize::MAX);
    if application != APPLICATION_ID && (application != 0 || layout != 0) {
        return Err(Error::invalid_argument(format!("`{}` is not a metastore of Aerostat", path.display())));
    }
    if layout > STEPS.len() {
        let message = format!(
            "the metastore `{}` has layout {layout}, and this version of Aerostat knows layouts up to {}",
            path.display(),
            STEPS.len()
        );
        return Err(Error::not_supported(message).with_hint("use the newer version of Aerostat that wrote it"));
    }
    Ok(layout)
}
