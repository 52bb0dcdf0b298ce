//! The kernel's life: status, interrupts, shutdown, and the welcome to subscribers.

pub use jupyter_protocol::{ExecutionState, IoPubWelcome, Status};
use serde::{Deserialize, Serialize};

use super::{Content, Object};

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

impl Content for Status {
    const TYPE: &'static str = "status";
}

impl Content for ShutdownReply {
    const TYPE: &'static str = "shutdown_reply";
}

impl Content for InterruptReply {
    const TYPE: &'static str = "interrupt_reply";
}

impl Content for IoPubWelcome {
    const TYPE: &'static str = "iopub_welcome";
}
