//! Outputs of a cell: streams, displays, the result, the error.

pub use jupyter_protocol::ClearOutput;
use serde::Serialize;

use super::{Content, Failure, Object};

/// Which of the two streams.
#[derive(Clone, Copy, Debug, Serialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum StreamName {
    /// What a cell prints.
    Stdout,
    /// What a cell warns of.
    Stderr,
}

/// Text that a cell prints.
#[derive(Clone, Debug, Serialize)]
pub struct Stream {
    /// Where it goes.
    pub name: StreamName,
    /// The text, with the line ends that it has.
    pub text: String,
}

/// What a display may be found by later.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Transient {
    /// The name under which it can be updated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_id: Option<String>,
}

/// Something to show.
#[derive(Clone, Debug, Default, Serialize)]
pub struct DisplayData {
    /// The thing, by MIME type.
    pub data: Object,
    /// About the data, by MIME type.
    pub metadata: Object,
    /// What is not saved with the notebook.
    pub transient: Transient,
}

/// Something to show in the place of an earlier display.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct UpdateDisplayData(pub DisplayData);

/// The value of a cell.
#[derive(Clone, Debug, Serialize)]
pub struct ExecuteResult {
    /// The number of the cell.
    pub execution_count: u32,
    /// The value.
    #[serde(flatten)]
    pub display: DisplayData,
}

/// The error that ended a cell.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct ErrorOutput(pub Failure);

impl Content for Stream {
    const TYPE: &'static str = "stream";
}

impl Content for DisplayData {
    const TYPE: &'static str = "display_data";
}

impl Content for UpdateDisplayData {
    const TYPE: &'static str = "update_display_data";
}

impl Content for ExecuteResult {
    const TYPE: &'static str = "execute_result";
}

impl Content for ClearOutput {
    const TYPE: &'static str = "clear_output";
}

impl Content for ErrorOutput {
    const TYPE: &'static str = "error";
}
