//! What an interrupt acts on: the cell that runs, if one does.

use std::sync::{Arc, Mutex, PoisonError};

use aerostat_session::Interrupt;

/// The interrupt flag of the session while a cell runs, and nothing in between: an idle interrupt has no effect.
#[derive(Clone, Default)]
pub(crate) struct Running(Arc<Mutex<Option<Interrupt>>>);

impl Running {
    /// A cell begins; interrupts from before are forgotten.
    pub(crate) fn begin(&self, interrupt: &Interrupt) {
        self.set(Some(interrupt.clone()));
    }

    /// It has ended.
    pub(crate) fn end(&self) {
        self.set(None);
    }

    /// Stops the running cell.
    pub(crate) fn interrupt(&self) {
        if let Some(interrupt) = &*self.lock() {
            interrupt.raise();
        }
    }

    /// Whether the running cell has been told to stop.
    pub(crate) fn is_interrupted(&self) -> bool {
        self.lock().as_ref().is_some_and(Interrupt::is_raised)
    }

    fn set(&self, interrupt: Option<Interrupt>) {
        let mut running = self.lock();
        if let Some(interrupt) = interrupt.as_ref().or(running.as_ref()) {
            interrupt.clear();
        }
        *running = interrupt;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Interrupt>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
