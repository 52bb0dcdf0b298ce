//! Panics: kept off the terminal, and made into errors of the cell that they end.

use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook};

use aerostat_error::{Error, Result};

/// Sends the message of every panic to the log, at a level that is silent unless asked for.
pub(super) fn install_hook() {
    set_hook(Box::new(|info: &PanicHookInfo<'_>| tracing::debug!("{info}")));
}

/// Runs `work`; a panic becomes an error, and whoever called goes on.
pub(crate) fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|payload| {
        let message = payload
            .downcast_ref::<&str>()
            .map(|message| (*message).to_owned())
            .or_else(|| payload.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "no message".to_owned());
        Err(Error::internal(format!("a panic inside the kernel: {message}"))
            .with_hint("the session goes on; `AEROSTAT_LOG=debug` tells where it happened"))
    })
}
