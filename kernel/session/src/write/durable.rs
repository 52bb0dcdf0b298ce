//! What survives a crash: files with what is in them, and folders with the names of theirs.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use aerostat_error::{Error, Result};

/// So many are made durable at once: a disk takes for many of them about as long as for one.
const AT_ONCE: usize = 16;

/// Makes a file or a folder durable.
pub(crate) fn sync(path: &Path) -> Result<()> {
    let synced = File::open(path).and_then(|file| file.sync_all());
    synced.map_err(|source| Error::io(format!("writing `{}`", path.display()), &source))
}

/// Makes all of these files and folders durable, in any order.
pub(crate) fn sync_all(paths: &[PathBuf]) -> Result<()> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut left = std::iter::from_fn(|| paths.get(next.fetch_add(1, Ordering::Relaxed)));
        left.try_for_each(|path| sync(path))
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (1..paths.len().min(AT_ONCE)).map(|_| scope.spawn(work)).collect();
        let synced = work();
        let others = threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|_| Err(Error::internal("a thread that wrote files panicked"))));
        others.fold(synced, Result::and)
    })
}
