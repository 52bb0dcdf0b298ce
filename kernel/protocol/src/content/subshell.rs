//! Subshells: shells beside the main one, made, ended and listed on the control channel.

use serde::{Deserialize, Serialize};

use super::{Content, Object};

/// There is a new subshell.
#[derive(Clone, Debug, Serialize)]
pub struct CreateSubshellReply {
    /// What the headers of requests to it say.
    pub subshell_id: String,
}

/// Asks to end a subshell.
#[derive(Clone, Debug, Deserialize)]
pub struct DeleteSubshellRequest {
    /// Which.
    pub subshell_id: String,
}

/// A subshell takes no more requests.
#[derive(Clone, Debug, Default, Serialize)]
pub struct DeleteSubshellReply(pub Object);

/// The subshells that there are.
#[derive(Clone, Debug, Serialize)]
pub struct ListSubshellReply {
    /// Their names.
    pub subshell_id: Vec<String>,
}

impl Content for CreateSubshellReply {
    const TYPE: &'static str = "create_subshell_reply";
}

impl Content for DeleteSubshellReply {
    const TYPE: &'static str = "delete_subshell_reply";
}

impl Content for ListSubshellReply {
    const TYPE: &'static str = "list_subshell_reply";
}
