//! Help while typing: completion, inspection, and whether the code is complete. Cursors count Unicode code points.

use serde::{Deserialize, Serialize};

use super::{Content, Object};

/// Asks what could stand at the cursor.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct CompleteRequest {
    /// The text of the cell.
    pub code: String,
    /// The cursor; the end of the code if it is missing.
    pub cursor_pos: Option<usize>,
}

/// What could.
#[derive(Clone, Debug, Serialize)]
pub struct CompleteReply {
    /// The texts to choose from.
    pub matches: Vec<String>,
    /// Where the text to be replaced begins.
    pub cursor_start: usize,
    /// Where it ends.
    pub cursor_end: usize,
    /// More about the matches, such as their types.
    pub metadata: Object,
}

/// Asks what stands at the cursor.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct InspectRequest {
    /// The text of the cell.
    pub code: String,
    /// The cursor; the end of the code if it is missing.
    pub cursor_pos: Option<usize>,
    /// 0 for the essentials, 1 for all.
    pub detail_level: u8,
}

/// What does.
#[derive(Clone, Debug, Default, Serialize)]
pub struct InspectReply {
    /// Whether anything is known.
    pub found: bool,
    /// The description, by MIME type.
    pub data: Object,
    /// About the description.
    pub metadata: Object,
}

/// Asks whether the code could be run as it is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct IsCompleteRequest {
    /// The text.
    pub code: String,
}

/// Whether it could.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
#[serde(tag = "status", rename_all = "lowercase")]
pub enum IsCompleteReply {
    /// It could.
    Complete,
    /// Something is missing.
    Incomplete {
        /// What the next line begins with.
        indent: String,
    },
    /// Nothing that follows could mend it.
    Invalid,
}

impl Content for CompleteReply {
    const TYPE: &'static str = "complete_reply";
}

impl Content for InspectReply {
    const TYPE: &'static str = "inspect_reply";
}

impl Content for IsCompleteReply {
    const TYPE: &'static str = "is_complete_reply";
}
