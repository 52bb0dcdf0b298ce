//! The opening of the notebook, which the main shell's thread does while the others wait for what comes of it.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

use aerostat_error::{Error, Result};

use crate::notebook::Help;

/// What came of opening the notebook. Cheap to clone; the clones are the same.
#[derive(Clone, Default)]
pub(super) struct Opening(Arc<Inner>);

#[derive(Default)]
struct Inner {
    state: Mutex<State>,
    tried: Condvar,
}

#[derive(Clone, Default)]
enum State {
    #[default]
    Untried,
    Failed,
    Open(Help),
}

impl Opening {
    /// The notebook is open.
    pub(super) fn succeeded(&self, help: Help) {
        self.set(State::Open(help));
    }

    /// It could not be opened; a later cell will try again.
    pub(super) fn failed(&self) {
        self.set(State::Failed);
    }

    /// The way to the open notebook; waits for the first attempt to open it.
    pub(super) fn help(&self) -> Result<Help> {
        let state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.0.tried.wait_while(state, |state| matches!(state, State::Untried));
        match &*waited.unwrap_or_else(PoisonError::into_inner) {
            State::Open(help) => Ok(help.clone()),
            State::Untried | State::Failed => Err(Error::internal("the notebook is not open")),
        }
    }

    fn set(&self, state: State) {
        *self.0.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
        self.0.tried.notify_all();
    }
}
