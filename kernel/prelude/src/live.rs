//! Printed text is seen at once, also without a newline at its end.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, Thread};
use std::time::Duration;

use crate::kernel;

/// How long text may wait for the rest of its line.
const PATIENCE: Duration = Duration::from_millis(50);

static RUNNING: AtomicBool = AtomicBool::new(false);
static FLUSHER: OnceLock<Option<Thread>> = OnceLock::new();

/// A cell begins to print.
pub(crate) fn begin() {
    RUNNING.store(true, Ordering::Release);
    // Without a thread, text is seen when its line ends.
    let start =
        || thread::Builder::new().name("flush".into()).spawn(flush).ok().map(|flusher| flusher.thread().clone());
    if let Some(flusher) = FLUSHER.get_or_init(start) {
        flusher.unpark();
    }
}

/// It has ended; what it printed is out.
pub(crate) fn end() {
    RUNNING.store(false, Ordering::Release);
    kernel::flush();
}

fn flush() {
    loop {
        match RUNNING.load(Ordering::Acquire) {
            true => thread::sleep(PATIENCE),
            false => thread::park(),
        }
        kernel::flush();
    }
}
