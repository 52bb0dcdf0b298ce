//! What the thread that runs cells and the threads that serve their process share.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aerostat_bridge::{Channel, Failure, Value, Variable};
use aerostat_session::MimeBundle;

use crate::streams::Streams;

/// How long an ended process is waited for at most: one that never came to connect has printed nothing.
const REST: Duration = Duration::from_secs(5);

/// What the thread that runs cells and the threads that serve their process share.
#[derive(Default)]
pub(crate) struct Link {
    shared: Mutex<Shared>,
    /// A process has ended, and all that it has printed is passed on.
    passed_on: Condvar,
}

#[derive(Default)]
struct Shared {
    /// What the next cell is given, until it begins: variables, and the names of those to drop.
    staged: Option<(Vec<Variable>, Vec<String>)>,
    running: bool,
    /// Whether any cell of the user has run; what is printed before is not the user's.
    begun: bool,
    result: Option<MimeBundle>,
    ended: Option<Ended>,
    /// The process that has connected last, unless it has ended.
    connection: Option<Arc<Connection>>,
    /// How many processes have ended, and of how many of them the kernel knows. The next process may have connected
    /// before the kernel has found out that the last one has ended.
    ended_processes: usize,
    known_to_have_ended: usize,
}

/// A process that has connected.
pub(crate) struct Connection {
    /// The channel for calls of functions of cells.
    pub(crate) functions: Mutex<Channel>,
    pub(crate) streams: Streams,
}

/// What a cell came to.
#[derive(Default)]
pub(crate) struct Ended {
    /// Why it failed, and at which line and column of the compiled text.
    pub(crate) failed: Option<(Failure, usize, usize)>,
    /// The variables that came to the kernel.
    pub(crate) crossing: Vec<Variable>,
    /// The variables that stayed in the process: name, type, whether mutable, whether they can be copied.
    pub(crate) living: Vec<(String, String, bool, bool)>,
}

impl Link {
    /// Prepares what the next cell is given.
    pub(crate) fn stage(&self, variables: Vec<Variable>, forgotten: Vec<String>) {
        let mut shared = self.lock();
        shared.staged = Some((variables, forgotten));
        (shared.result, shared.ended, shared.running) = (None, None, false);
    }

    /// Whether the cell for which something was staged has begun.
    pub(crate) fn has_begun(&self) -> bool {
        self.lock().staged.is_none()
    }

    /// What the cell came to, and its value; nothing if its process ended before it did.
    pub(crate) fn take_outcome(&self) -> (Option<Ended>, Option<MimeBundle>) {
        let mut shared = self.lock();
        shared.running = false;
        (shared.ended.take(), shared.result.take())
    }

    /// Whether a cell runs, rather than being compiled.
    pub(crate) fn is_running(&self) -> bool {
        self.lock().running
    }

    /// The process that has connected last, unless it has ended.
    pub(crate) fn connection(&self) -> Option<Arc<Connection>> {
        self.lock().connection.clone()
    }

    /// Waits until everything that a process that has ended has printed is passed on. To be called once for each.
    pub(crate) fn wait_for_rest(&self) {
        let mut shared = self.lock();
        shared.known_to_have_ended += 1;
        let waits = |shared: &mut Shared| shared.ended_processes < shared.known_to_have_ended;
        let waited = self.passed_on.wait_timeout_while(shared, REST, waits);
        let (mut shared, _) = waited.unwrap_or_else(PoisonError::into_inner);
        shared.known_to_have_ended = shared.known_to_have_ended.min(shared.ended_processes);
    }

    /// A process has connected.
    pub(crate) fn note_connection(&self, connection: Arc<Connection>) {
        self.lock().connection = Some(connection);
    }

    /// A connection has broken: its process has ended, or soon will have.
    pub(crate) fn note_lost(&self, connection: &Arc<Connection>) {
        let mut shared = self.lock();
        if shared.connection.take_if(|current| Arc::ptr_eq(current, connection)).is_some() {
            shared.running = false;
        }
    }

    /// A process has ended, and everything that it has printed is passed on.
    pub(crate) fn note_ended_process(&self) {
        self.lock().ended_processes += 1;
        self.passed_on.notify_all();
    }

    pub(crate) fn begin(&self) -> Value {
        let mut shared = self.lock();
        (shared.running, shared.begun) = (true, true);
        let (variables, forgotten) = shared.staged.take().unwrap_or_default();
        let variables = variables.into_iter().map(Value::from).collect();
        Value::List(vec![Value::List(variables), Value::List(forgotten.into_iter().map(Value::Str).collect())])
    }

    pub(crate) fn end(&self, ended: Ended) {
        let mut shared = self.lock();
        shared.running = false;
        shared.ended = Some(ended);
    }

    pub(crate) fn set_result(&self, result: MimeBundle) {
        self.lock().result = Some(result);
    }

    /// Whether any cell of the user has run.
    pub(crate) fn has_user_begun(&self) -> bool {
        self.lock().begun
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
