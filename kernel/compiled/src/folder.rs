//! The folder in which cells are compiled.

use std::fs::DirBuilder;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

use aerostat_error::{Error, Kind, Result};

const PREFIX: &str = "aerostat-cells-";

/// The folder of this process.
pub(crate) fn path() -> PathBuf {
    std::env::temp_dir().join(format!("{PREFIX}{}", std::process::id()))
}

/// Tells evcxr of the folder. To be called before the process has a second thread.
///
/// evcxr has rust-analyzer look for the types of top-level variables, of which the code around a cell leaves none. Given an
/// empty standard library, rust-analyzer does not read the real one, which takes seconds and hundreds of megabytes, and
/// does not have rustup install its sources.
pub fn prepare() {
    // SAFETY: no other thread can be looking at the environment, see above.
    unsafe {
        std::env::set_var("EVCXR_TMPDIR", path());
        std::env::set_var("RUST_SRC_PATH", empty_library());
    }
}

fn empty_library() -> PathBuf {
    path().join("empty-library")
}

/// Creates the folder, for nobody else to look into. Folders of kernels that were killed are removed.
pub(crate) fn create() -> Result<PathBuf> {
    let entries = std::fs::read_dir(std::env::temp_dir()).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.path())
        .filter(|path| is_stale(path))
        .for_each(|path| drop(std::fs::remove_dir_all(path)));
    let path = path();
    let created = DirBuilder::new().recursive(true).mode(0o700).create(&path);
    let owner = created.and_then(|()| std::fs::symlink_metadata(&path)).map(|folder| (folder.is_dir(), folder.uid()));
    match owner.map_err(|error| Error::io(format_args!("creating `{}`", path.display()), &error))? {
        // SAFETY: it only asks who this process runs as.
        (true, owner) if owner == unsafe { libc::geteuid() } => {
            // It counts as a library because it has this folder.
            let created = std::fs::create_dir_all(empty_library().join("core"));
            created.map_err(|error| Error::io(format_args!("creating `{}`", empty_library().display()), &error))?;
            Ok(path)
        }
        // The name can be foreseen, and what is in the folder is run.
        _ => Err(Error::new(Kind::Io, format!("`{}` is not this user's own", path.display()))
            .with_hint("set TMPDIR to a folder that nobody else writes to")),
    }
}

/// Removes the folder, when the kernel ends.
pub fn remove() {
    let _ = std::fs::remove_dir_all(path());
}

fn is_stale(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let process = name.strip_prefix(PREFIX).filter(|id| id.bytes().all(|byte| byte.is_ascii_digit()));
    process.is_some_and(|id| !Path::new("/proc").join(id).exists())
}
