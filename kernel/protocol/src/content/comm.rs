//! Comms, the channels of widgets. The kernel has no targets, and says so.

pub use jupyter_protocol::{CommClose, CommId};
use serde::{Deserialize, Serialize};

use super::{Content, Object};

/// Asks to open a comm.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct CommOpen {
    /// Its name.
    pub comm_id: String,
    /// Who should serve it.
    pub target_name: String,
}

/// The comms that are open.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CommInfoReply {
    /// Their targets, by name.
    pub comms: Object,
}

impl Content for CommClose {
    const TYPE: &'static str = "comm_close";
}

impl Content for CommInfoReply {
    const TYPE: &'static str = "comm_info_reply";
}
