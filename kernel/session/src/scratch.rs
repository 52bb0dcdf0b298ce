//! Folders for the time that a process lives, beside those of other processes.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

/// Creates a folder, for nobody else to look into. What it is called begins with `prefix` and the number of this process;
/// folders beside it that are called like that and whose process was killed are removed.
pub fn create(folder: &Path, prefix: &str) -> io::Result<()> {
    let beside = folder.parent().map(fs::read_dir).and_then(Result::ok).into_iter().flatten().flatten();
    beside
        .map(|entry| entry.path())
        .filter(|path| is_stale(path, prefix))
        .for_each(|path| drop(fs::remove_dir_all(path)));
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

fn is_stale(path: &Path, prefix: &str) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let process = name.strip_prefix(prefix).and_then(|rest| rest.split('-').next());
    let process = process.filter(|id| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()));
    process.is_some_and(|id| !Path::new("/proc").join(id).exists())
}
