//! The Jupyter messaging protocol 5.5, as a kernel speaks it: sockets, signatures, messages.
//!
//! The crate is about the wire and nothing else. It knows no session, no DataFrame and no cell; what a request means
//! is the server's business. From the bottom up:
//!
//! - `sockets`: the ZeroMQ sockets of a kernel, each owned by one task. They are listened on before anything else.
//! - [`wire`]: the frames of a Jupyter message, signed, to a [`Request`] and from a [`Message`].
//! - [`content`]: what the messages carry, one file per family of messages.
//! - [`channel`]: the five channels of a kernel, bound to the ports of a [`ConnectionFile`].
//!
//! Two rules keep the kernel compatible with clients that it has never seen. The header of a request travels back as
//! the very bytes that came, so nothing a client put there is lost. And every field of a request that has a sensible
//! default has it, because clients leave out what they do not use.

pub mod channel;
mod connection;
pub mod content;
mod error;
mod signature;
mod sockets;
pub mod wire;

pub use connection::{ConnectionFile, Transport};
pub use error::{Error, Result};
pub use signature::Signer;
pub use sockets::{Endpoint, Frames, Listener};
pub use wire::{Header, Message, Parent, Request, Wire};

/// The version of the messaging protocol that the kernel speaks.
pub const PROTOCOL_VERSION: &str = "5.5";
