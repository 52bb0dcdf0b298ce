//! What an interrupt acts on: the cells that run, in whichever shell.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aerostat_session::Interrupt;

/// The interrupt flag of the session while cells run, and nothing in between: an idle interrupt has no effect.
///
/// All shells have the same flag, whichever session they are on: an interrupt stops what runs in all of them, and is over
/// when they have stopped.
#[derive(Clone, Default)]
pub(crate) struct Running(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    cells: usize,
    interrupt: Option<Interrupt>,
}

impl Running {
    /// A cell begins; if it is the only one, interrupts from before are forgotten.
    pub(crate) fn begin(&self, interrupt: &Interrupt) {
        let mut state = self.lock();
        if state.cells == 0 {
            interrupt.clear();
        }
        state.cells += 1;
        state.interrupt = Some(interrupt.clone());
    }

    /// It has ended.
    pub(crate) fn end(&self) {
        let mut state = self.lock();
        state.cells = state.cells.saturating_sub(1);
        if state.cells == 0
            && let Some(interrupt) = state.interrupt.take()
        {
            interrupt.clear();
        }
    }

    /// Stops the cells that run.
    pub(crate) fn interrupt(&self) {
        if let Some(interrupt) = &self.lock().interrupt {
            interrupt.raise();
        }
    }

    /// Whether the cells that run have been told to stop.
    pub(crate) fn is_interrupted(&self) -> bool {
        self.lock().interrupt.as_ref().is_some_and(Interrupt::is_raised)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
