//! Stopping what runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aerostat_error::{Error, Result};
use tokio::sync::Notify;

/// The one flag that says "stop": raised by the frontend, seen by loops of cells, by SQL and by polars.
///
/// Clones share the flag. It stays raised until [`Interrupt::clear`], which whoever starts a cell calls first.
#[derive(Clone, Default)]
pub struct Interrupt(Arc<Inner>);

#[derive(Default)]
struct Inner {
    raised: AtomicBool,
    notify: Notify,
}

impl Interrupt {
    /// Asks everything that runs to stop.
    pub fn raise(&self) {
        self.0.raised.store(true, Ordering::SeqCst);
        self.0.notify.notify_waiters();
    }

    /// Forgets an earlier [`Interrupt::raise`].
    pub fn clear(&self) {
        self.0.raised.store(false, Ordering::SeqCst);
    }

    /// Whether a stop was asked for.
    pub fn is_raised(&self) -> bool {
        self.0.raised.load(Ordering::SeqCst)
    }

    /// [`Error::interrupted`] if a stop was asked for.
    pub fn check(&self) -> Result<()> {
        if self.is_raised() { Err(Error::interrupted()) } else { Ok(()) }
    }

    /// Waits until a stop is asked for; for use beside a future that may have to be dropped.
    pub async fn raised(&self) {
        let notified = self.0.notify.notified();
        tokio::pin!(notified);
        // Registered before the flag is read, so that a raise between the two is not missed.
        notified.as_mut().enable();
        if !self.is_raised() {
            notified.await;
        }
    }
}
