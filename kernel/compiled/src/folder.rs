//! The folder in which cells are compiled.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use aerostat_error::{Error, Kind, Result};
use aerostat_session::scratch;

const PREFIX: &str = "aerostat-cells-";

/// The folder of this process. It stays where evcxr was told that it is, although cells can change TMPDIR.
pub(crate) fn path() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| std::env::temp_dir().join(format!("{PREFIX}{}", std::process::id())))
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
pub(crate) fn create() -> Result<&'static Path> {
    let path = path();
    let created = scratch::create(path, PREFIX);
    let owner = created.and_then(|()| std::fs::symlink_metadata(path)).map(|folder| (folder.is_dir(), folder.uid()));
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
