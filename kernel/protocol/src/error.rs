//! What can go wrong between a client's bytes and a request.

use std::path::PathBuf;

/// The result type of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failure of the wire. None of them ends a kernel that is running: the message is dropped and the reason logged.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The connection file is missing or is not one.
    #[error("cannot read the connection file `{}`: {reason}", path.display())]
    ConnectionFile {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The connection file asks for a scheme of signatures other than HMAC-SHA256.
    #[error("signature scheme `{0}` is not supported, only `hmac-sha256` is")]
    SignatureScheme(String),
    /// A socket cannot be bound.
    #[error("cannot bind {endpoint}: {source}")]
    Bind {
        /// The address.
        endpoint: String,
        /// Why.
        source: std::io::Error,
    },
    /// A message without delimiter, or with too few frames after it.
    #[error("a message has {0}")]
    Framing(&'static str),
    /// A message that nobody who knows the key has signed.
    #[error("a message has a wrong signature")]
    Signature,
    /// A frame that is not the JSON it should be.
    #[error("the {part} of a message is not valid: {source}")]
    Json {
        /// Which frame.
        part: &'static str,
        /// Why.
        source: serde_json::Error,
    },
}
