//! The connection to the kernel's process.

use std::os::fd::FromRawFd;
use std::os::unix::net::UnixStream;
use std::sync::{LazyLock, Mutex, PoisonError};

use aerostat_bridge::{CONNECTED, Channel, Failure, Message, Value};

use crate::udf;

/// The sockets that this process was started with: one for calls of the kernel, one for calls from it.
struct Sockets {
    calls: Option<Mutex<Channel>>,
    serving: Mutex<Option<Channel>>,
}

static SOCKETS: LazyLock<Sockets> = LazyLock::new(|| {
    let numbers = std::env::var(CONNECTED).unwrap_or_default();
    let mut numbers = numbers.split(',').filter_map(|number| number.parse().ok());
    // SAFETY: the process opened these sockets for this library, named them in its environment and does not use them.
    let mut next = || numbers.next().map(|fd| Channel::new(unsafe { UnixStream::from_raw_fd(fd) }));
    Sockets { calls: next().map(Mutex::new), serving: Mutex::new(next()) }
});

/// Calls the kernel. Threads of a cell take turns.
pub(crate) fn call(method: &str, args: Vec<Value>) -> Result<Value, Failure> {
    // The turn may be that of the query that waits for this thread.
    if udf::is_serving() {
        return Err(Failure::new("NOT_SUPPORTED", "a function cannot use the session while a query calls it")
            .with_hint("give it what it needs as arguments, or fetch it before; `println!` shows values"));
    }
    let call = Message::call(method, args)?;
    // What was printed before is seen before what the call shows.
    flush();
    match &SOCKETS.calls {
        Some(channel) => channel.lock().unwrap_or_else(PoisonError::into_inner).call(&call),
        None => Err(Failure::new("INTERNAL_ERROR", "this process was not started by a kernel")),
    }
}

/// The channel on which the kernel calls functions of cells; once.
pub(crate) fn serving() -> Option<Channel> {
    SOCKETS.serving.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// Hands over what waits in the standard streams.
pub(crate) fn flush() {
    use std::io::Write;
    let _ = std::io::stdout().flush();
    let _ = std::io::stderr().flush();
}
