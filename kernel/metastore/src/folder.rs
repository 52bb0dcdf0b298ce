//! Folders of managed tables: how they are named, reserved and thrown away.

use std::fs::{self, DirBuilder, File};
use std::io::{self, ErrorKind};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use aerostat_error::{Error, Result};
use uuid::Uuid;

/// Where dropped tables go, below the root.
const TRASH: &str = ".trash";

/// The longest folder name in bytes, well below the 255 that file systems allow.
const LONGEST: usize = 120;

/// The folder for the tables of a schema.
pub(crate) fn of_schema(root: &Path, schema: &str) -> PathBuf {
    root.join("warehouse").join(format!("{}.db", plain(schema)))
}

/// Creates a folder for a table below that of its schema. `used` tells which ones other tables had.
///
/// It is called after the table, and something more if that is taken: creating a folder succeeds for one process
/// only, which makes it a reservation.
pub(crate) fn reserve(parent: &Path, table: &str, used: impl Fn(&Path) -> Result<bool>) -> Result<PathBuf> {
    create_all(parent).map_err(|e| Error::io(format!("creating `{}`", parent.display()), &e))?;
    let plain = plain(table);
    let mut path = parent.join(&plain);
    loop {
        if !used(&path)? {
            match fs::create_dir(&path) {
                Ok(()) => break,
                Err(e) if e.kind() == ErrorKind::AlreadyExists => {}
                Err(e) => return Err(Error::io(format!("creating `{}`", path.display()), &e)),
            }
        }
        path = parent.join(format!("{plain}-{}", &Uuid::new_v4().simple().to_string()[..8]));
    }
    sync(parent).map_err(|e| Error::io(format!("creating `{}`", path.display()), &e))?;
    Ok(path)
}

/// The name with everything replaced that a file system, a shell, or a reader that confuses paths with URLs could
/// stumble over. It need not be reversible: the metastore says which folder is whose.
fn plain(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
    name.chars().map(plain).take(LONGEST).collect()
}

/// Where the folder of the dropped table number `id` is.
pub(crate) fn in_trash(root: &Path, id: i64) -> PathBuf {
    root.join(TRASH).join(id.to_string())
}

/// Moves the folder of the dropped table number `id` to the trash.
///
/// By now nothing refers to it, so a failure (it may be on another file system, or gone) leaves garbage at worst.
pub(crate) fn throw_away(root: &Path, id: i64, location: &Path) {
    let moved = fs::create_dir_all(root.join(TRASH)).and_then(|()| fs::rename(location, in_trash(root, id)));
    if let Err(error) = moved {
        tracing::warn!(location = %location.display(), %error, "the folder of a dropped table stays where it is");
    }
}

/// Creates a folder and those above it, durably.
pub(crate) fn create_all(folder: &Path) -> io::Result<()> {
    create(folder, 0o777)
}

/// The same, for nobody else to look into the folder. One that is there stays as open as it is.
pub(crate) fn create_private(folder: &Path) -> io::Result<()> {
    create(folder, 0o700)
}

fn create(folder: &Path, mode: u32) -> io::Result<()> {
    let Some(parent) = folder.parent().filter(|_| !folder.is_dir()) else { return Ok(()) };
    create_all(parent)?;
    match DirBuilder::new().mode(mode).create(folder) {
        Err(e) if e.kind() != ErrorKind::AlreadyExists => Err(e),
        _ => sync(parent),
    }
}

/// Makes what was created in or removed from a folder durable.
pub(crate) fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
