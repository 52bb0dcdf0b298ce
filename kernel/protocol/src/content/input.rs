//! Input from the user: the only request that a kernel makes.

use serde::{Deserialize, Serialize};

use super::Content;

/// Asks the user.
#[derive(Clone, Debug, Serialize)]
pub struct InputRequest {
    /// What for.
    pub prompt: String,
    /// Whether the answer is to be hidden.
    pub password: bool,
}

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
