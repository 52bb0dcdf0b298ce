//! ZeroMQ's wire protocol, ZMTP 3.0: as much of it as a kernel needs.
//!
//! A kernel binds five sockets of three kinds, answers whoever connects, and never connects itself. That is a small
//! part of ZeroMQ, and doing it here gives what the protocol asks of a kernel and a general socket does not:
//!
//! - the `iopub_welcome` that a subscriber is owed goes out when its subscription arrives, to it alone;
//! - nothing that a stranger sends before the signature is checked can take the process down: a length is believed
//!   only as the bytes come in, and a message has a greatest size;
//! - a peer that stops reading costs a bounded amount of memory and nobody else's time;
//! - sending never waits, so any thread may do it, and [`Router::drained`] knows when everything is out.
//!
//! Every connection has a task that reads and a task that writes; nothing is shared but the queue between a sender
//! and the writer. Security mechanisms other than `NULL` are not spoken.

mod frame;
mod handshake;
mod listener;
mod outbox;
mod publisher;
mod router;

pub use listener::Endpoint;
pub use publisher::Publisher;
pub use router::{Delivery, Router};

use bytes::Bytes;

/// The frames of one message, without their lengths and flags.
pub type Frames = Vec<Bytes>;
