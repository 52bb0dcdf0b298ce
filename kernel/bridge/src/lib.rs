//! What crosses between the kernel's process and the process of compiled cells.
//!
//! Both speak through Unix sockets ([`Channel`]): calls and their answers ([`Message`]), made of [`Value`]s. Frames go as
//! Arrow IPC in shared memory, which the receiver maps without copying; query plans are serialised. Both sides are always
//! built together, so there is one version of all this and no negotiation.
//!
//! [`names`] is what cells have in scope, [`CellText`] how their values are shown: compiled cells and the corpus agree on both.

mod cell_text;
mod channel;
mod codec;
mod failure;
mod frame;
mod message;
pub mod names;
mod plan;
mod value;

pub use cell_text::CellText;
pub use channel::Channel;
pub use failure::Failure;
pub use message::{Call, Message, RunPlan, run_plan};
pub use value::{Value, Variable};

/// The environment variable through which the process of compiled cells learns the path of the kernel's socket.
pub const SOCKET: &str = "AEROSTAT_CELLS_SOCKET";

/// The environment variable that holds the numbers of the open sockets, once the process has connected them.
pub const CONNECTED: &str = "AEROSTAT_CELLS_CONNECTED";
