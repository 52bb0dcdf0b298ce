//! The ZeroMQ sockets of a kernel: ROUTER for requests, PUB for what all clients hear, REP for the heartbeat.
//!
//! One task owns each socket and a queue leads to it, so that any thread may send without waiting and messages cannot
//! overtake one another. No error ends a task: a message to a client that has left is dropped, with a line in the log.
//! `zeromq` has no linger, so what was sent last is still in its buffers when [`Pending::drained`] sees the queue
//! empty; hence the pause there.
//!
//! One weakness of `zeromq` cannot be mended from outside: it reserves whatever length the header of a frame announces,
//! before any signature can be checked, so a peer that announces more than the address space holds ends the process.

mod listener;
mod publisher;
mod rep;
mod router;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;

pub use listener::Listener;
pub(crate) use publisher::Publisher;
pub(crate) use rep::echo;
pub(crate) use router::{Delivery, Router};

/// The frames of one message.
pub type Frames = Vec<Bytes>;

/// How often the end of the sending is looked for.
const DRAIN_STEP: Duration = Duration::from_millis(1);

/// How long the operating system gets to take what `zeromq` has buffered.
const LINGER: Duration = Duration::from_millis(100);

/// How long to wait before a socket that failed is asked again, so that a lasting failure does not take a whole core.
const RETRY_PAUSE: Duration = Duration::from_millis(10);

/// Where a socket is bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// An address, where `*` stands for all, and a port.
    Tcp(String, u16),
    /// The path of a Unix socket.
    Ipc(PathBuf),
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(host, port) => write!(f, "tcp://{}:{port}", if host == "*" { "0.0.0.0" } else { host }),
            Self::Ipc(path) => write!(f, "ipc://{}", path.display()),
        }
    }
}

/// How many messages wait to be handed to a socket.
#[derive(Clone, Default)]
struct Pending(Arc<AtomicUsize>);

impl Pending {
    fn add(&self) {
        self.0.fetch_add(1, Ordering::AcqRel);
    }

    fn done(&self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }

    /// Waits until nothing waits any more and the operating system has had time to take it.
    async fn drained(&self) {
        while self.0.load(Ordering::Acquire) > 0 {
            tokio::time::sleep(DRAIN_STEP).await;
        }
        tokio::time::sleep(LINGER).await;
    }
}
