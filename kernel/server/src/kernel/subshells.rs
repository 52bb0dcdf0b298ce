//! Subshells: threads that run cells beside the main shell's, on the same session and variables (JEP 91).

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aerostat_error::{Error, Object, Result};
use aerostat_protocol::Request;

use super::execute::{Cells, Workplace};

/// The subshells by name, and what new ones work with.
pub(super) struct Subshells {
    workplace: Workplace,
    shells: Mutex<BTreeMap<String, Cells>>,
}

impl Subshells {
    /// None yet. New ones are like `workplace`.
    pub(super) fn new(workplace: Workplace) -> Self {
        Self { workplace, shells: Mutex::default() }
    }

    /// Starts one; its name.
    pub(super) fn create(&self) -> Result<String> {
        let cells = Cells::start(self.workplace.subshell()).map_err(|error| Error::io("starting a thread", &error))?;
        let id = uuid::Uuid::new_v4().to_string();
        self.lock().insert(id.clone(), cells);
        Ok(id)
    }

    /// Ends one. The cells that it has taken on are still run.
    pub(super) fn delete(&self, id: &str) -> Result<()> {
        self.lock().remove(id).map(drop).ok_or_else(|| unknown(id))
    }

    /// Their names.
    pub(super) fn list(&self) -> Vec<String> {
        self.lock().keys().cloned().collect()
    }

    /// An error unless there is one of this name.
    pub(super) fn check(&self, id: &str) -> Result<()> {
        if self.lock().contains_key(id) { Ok(()) } else { Err(unknown(id)) }
    }

    /// Queues an `execute_request` for one, if it is still there.
    pub(super) fn queue(&self, id: &str, request: Request) {
        if let Some(cells) = self.lock().get(id) {
            cells.queue(request);
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Cells>> {
        self.shells.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unknown(id: &str) -> Error {
    Error::not_found(Object::Subshell, id).with_hint("`create_subshell_request` on the control channel makes one")
}
