//! Input from the user: the only request that a kernel makes.

pub use jupyter_protocol::InputRequest;
use serde::Deserialize;

use super::Content;

/// What the user answered.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct InputReply {
    /// The answer.
    pub value: String,
}

impl Content for InputRequest {
    const TYPE: &'static str = "input_request";
}
