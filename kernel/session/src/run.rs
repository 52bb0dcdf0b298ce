//! Running polars: an interrupt stops it, and a panic inside it is an error like any other.
//!
//! The work runs on another thread while the caller waits for its answer or for an interrupt. Polars polls a
//! process-wide abort flag between its tasks and unwinds when it is set. Two things about that flag are traps. It is
//! cleared when the last *catcher* leaves, so the caller is the catcher, and not the worker, which may be busy for a
//! while in a step that does not poll. And the only ways to set it are a handler of SIGINT and the function that
//! polars calls when a disk is full; the kernel has plans of its own for SIGINT, so [`set_abort_flag`] takes the other.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel, sync_channel};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use aerostat_error::{Error, Kind, Result};
use polars_error::abort::{catch_polars_abort, polars_abort_ooc_out_of_disk};

use crate::{Interrupt, memory};

/// How often a waiting caller looks at the interrupt and at the memory.
const POLL: Duration = Duration::from_millis(10);

/// How long an interrupted worker may take before its caller goes on without it.
const GRACE: Duration = Duration::from_millis(250);

/// How long work that has taken too much memory may take to stop. To go on without it would not free the memory.
const MEMORY_GRACE: Duration = Duration::from_secs(10);

/// Plans are walked recursively. Only what is used of it takes memory.
const STACK_BYTES: usize = 64 << 20;

/// The payload of a panic by which polars unwinds after the flag was set contains this.
const ABORT_MARK: &str = "__POLARS_ABORT_";

/// Does `work` of polars where it is; a panic inside polars is an error.
pub fn caught<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    silence_panics();
    BUSY.with(|busy| busy.set(busy.get() + 1));
    let result = catch_unwind(AssertUnwindSafe(work));
    BUSY.with(|busy| busy.set(busy.get() - 1));
    match result {
        Ok(result) => result,
        Err(payload) if is_abort(&*payload) => Err(Error::interrupted()),
        Err(payload) => Err(panicked(text(&*payload))),
    }
}

thread_local! {
    /// How many calls of [`caught`] this thread is in.
    static BUSY: Cell<usize> = const { Cell::new(0) };
}

type Caught<T> = thread::Result<Result<T>>;

/// Runs `work` and waits for it. Returns within [`GRACE`] of an interrupt, also if `work` cannot be stopped: then it
/// goes on in the background and its result is dropped.
pub(crate) fn run<T: Send + 'static>(
    interrupt: &Interrupt,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    interrupt.check()?;
    silence_panics();
    RUNNING.fetch_add(1, Ordering::Relaxed);
    let waited = catch_polars_abort(AssertUnwindSafe(|| wait(interrupt, &start(work)?)));
    RUNNING.fetch_sub(1, Ordering::Relaxed);
    waited.unwrap_or_else(|_| Err(Error::interrupted()))
}

fn start<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<Receiver<Caught<T>>> {
    let (sender, receiver) = sync_channel(1);
    let worker = worker()?;
    let again = worker.clone();
    let job = move || {
        let caught = catch_unwind(AssertUnwindSafe(work));
        // Idle before the caller is told, so that its next work finds this worker.
        idle().push(again);
        // Nobody listens any more if the caller went on without us.
        let _ = sender.send(caught);
    };
    worker.send(Box::new(job)).map_err(|_| Error::internal("a worker is gone"))?;
    Ok(receiver)
}

type Job = Box<dyn FnOnce() + Send>;

/// The way to a thread that waits for work: a new one takes longer than many a query.
type Worker = Sender<Job>;

fn idle() -> MutexGuard<'static, Vec<Worker>> {
    static IDLE: Mutex<Vec<Worker>> = Mutex::new(Vec::new());
    IDLE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn worker() -> Result<Worker> {
    if let Some(worker) = idle().pop() {
        return Ok(worker);
    }
    let (worker, jobs) = channel::<Job>();
    let thread = thread::Builder::new().name("polars-query".into()).stack_size(STACK_BYTES);
    let spawned = thread.spawn(move || jobs.into_iter().for_each(|job| job()));
    spawned.map(|_| worker).map_err(|source| Error::io("starting a thread", &source))
}

fn wait<T>(interrupt: &Interrupt, answer: &Receiver<Caught<T>>) -> Result<T> {
    let mut stopped: Option<(Error, Instant)> = None;
    loop {
        match answer.recv_timeout(POLL) {
            Ok(caught) => return outcome(stopped.map(|(reason, _)| reason), interrupt, caught),
            Err(RecvTimeoutError::Disconnected) => return Err(Error::internal("a query ended without an answer")),
            Err(RecvTimeoutError::Timeout) => {}
        }
        if interrupt.is_raised() && !stopped.as_ref().is_some_and(|(reason, _)| reason.kind() == Kind::Interrupted) {
            stopped = Some((Error::interrupted(), Instant::now() + GRACE));
        }
        if let (None, Err(reason)) = (&stopped, memory::check()) {
            stopped = Some((reason, Instant::now() + MEMORY_GRACE));
        }
        if let Some((reason, deadline)) = &stopped {
            set_abort_flag();
            if Instant::now() > *deadline {
                return Err(reason.clone());
            }
        }
    }
}

fn outcome<T>(stopped: Option<Error>, interrupt: &Interrupt, caught: Caught<T>) -> Result<T> {
    match caught {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(_)) | Err(_) if interrupt.is_raised() => Err(Error::interrupted()),
        Ok(Err(error)) => Err(stopped.unwrap_or(error)),
        Err(_) if stopped.is_some() => Err(stopped.unwrap_or_else(Error::interrupted)),
        Err(payload) if is_abort(&*payload) => Err(Error::new(Kind::Io, "the disk that the query spills to is full")),
        Err(payload) => Err(panicked(text(&*payload))),
    }
}

/// What code that is yet to be written panics with.
const UNIMPLEMENTED: &str = "not yet implemented";

/// Whether polars has not implemented on one of its engines what a query needs.
pub(crate) fn is_unimplemented(error: &Error) -> bool {
    error.message().starts_with(&format!("{PANICKED}{UNIMPLEMENTED}"))
}

const PANICKED: &str = "polars panicked: ";

fn panicked(text: &str) -> Error {
    // The panic of a task is in the panic of whoever waits for it: `JoinError::Panic(Id(3), "message", ...)`.
    let task =
        text.split_once("JoinError::Panic(").and_then(|(_, task)| task.split_once(", \"")?.1.rsplit_once("\", "));
    Error::new(Kind::Compute, format!("{PANICKED}{}", task.map_or(text, |(message, _)| message)))
}

/// Sets polars' abort flag; it is cleared when the last caller of [`run`] leaves.
fn set_abort_flag() {
    let flagged = catch_unwind(|| -> () { polars_abort_ooc_out_of_disk() });
    debug_assert!(flagged.is_err(), "it unwinds after it has set the flag");
}

fn text(payload: &(dyn Any + Send)) -> &str {
    let owned = payload.downcast_ref::<String>().map(String::as_str);
    owned.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("no message")
}

fn is_abort(payload: &(dyn Any + Send)) -> bool {
    text(payload).contains(ABORT_MARK)
}

/// How many callers wait in [`run`].
static RUNNING: AtomicUsize = AtomicUsize::new(0);

/// Keeps panics that become errors off standard error; all others go to the hook that was there before.
fn silence_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !becomes_error(info) {
                before(info);
            }
        }));
    });
}

/// Polars runs our work on threads of its own as well, and carries their panics over to the one that waits.
fn becomes_error(info: &PanicHookInfo<'_>) -> bool {
    let aborts = info.payload_as_str().is_some_and(|text| text.contains(ABORT_MARK));
    let thread = thread::current();
    let name = thread.name().unwrap_or_default();
    let polars = ["polars-", "async-executor-"].iter().any(|prefix| name.starts_with(prefix));
    // Polars leaves the threads of its asynchronous runtime without a name of their own.
    aborts || polars || BUSY.with(Cell::get) > 0 || name == "tokio-rt-worker" && RUNNING.load(Ordering::Relaxed) > 0
}
