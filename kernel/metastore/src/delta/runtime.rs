//! Waiting for asynchronous work from synchronous code.

use std::future::Future;
use std::sync::{OnceLock, mpsc};

use aerostat_error::{Error, Result};
use tokio::runtime::{Builder, Runtime};

/// Runs `work` to its end and returns what it returns.
///
/// It runs on threads of its own, so that the caller may be a thread of another runtime. They are started once a
/// process. A panic in `work` is an error here.
pub(super) fn wait<T: Send + 'static>(work: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    let (sender, receiver) = mpsc::sync_channel(1);
    runtime()?.spawn(async move {
        // The receiver waits below, so that sending cannot fail.
        let _ = sender.send(work.await);
    });
    receiver.recv().unwrap_or_else(|_| Err(Error::internal("reading or writing the log of a table panicked")))
}

fn runtime() -> Result<&'static Runtime> {
    static RUNTIME: OnceLock<std::io::Result<Runtime>> = OnceLock::new();
    let start = || Builder::new_multi_thread().worker_threads(2).thread_name("aerostat-delta").enable_time().build();
    RUNTIME.get_or_init(start).as_ref().map_err(|e| Error::io("starting threads", e))
}
