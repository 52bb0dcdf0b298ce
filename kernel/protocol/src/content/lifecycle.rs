//! The kernel's life: status, interrupts, shutdown, and the welcome to subscribers.

use serde::{Deserialize, Serialize};

use super::{Content, Object};

/// What the kernel is doing.
#[derive(Clone, Copy, Debug, Serialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum ExecutionState {
    /// Coming up.
    Starting,
    /// Working on the parent of the message.
    Busy,
    /// Done with it.
    Idle,
}

/// Tells all clients what the kernel is doing.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Status {
    /// What.
    pub execution_state: ExecutionState,
}

/// Asks the kernel to end.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ShutdownRequest {
    /// Whether another one is started in its place.
    pub restart: bool,
}

/// The kernel ends.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ShutdownReply {
    /// Whether another one is started in its place.
    pub restart: bool,
}

/// The running cell has been told to stop.
#[derive(Clone, Debug, Default, Serialize)]
pub struct InterruptReply(pub Object);

/// The first message to a subscriber: from here on it misses nothing.
#[derive(Clone, Debug, Serialize)]
pub struct IopubWelcome {
    /// What it subscribed to.
    pub subscription: String,
}

impl Content for Status {
    const TYPE: &'static str = "status";
}

impl Content for ShutdownReply {
    const TYPE: &'static str = "shutdown_reply";
}

impl Content for InterruptReply {
    const TYPE: &'static str = "interrupt_reply";
}

impl Content for IopubWelcome {
    const TYPE: &'static str = "iopub_welcome";
}
