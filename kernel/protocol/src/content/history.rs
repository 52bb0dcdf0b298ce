//! Earlier cells: `history_request` and its reply.

use serde::{Deserialize, Serialize};

use super::Content;

/// Which of the earlier cells.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Access {
    /// The last ones.
    #[default]
    Tail,
    /// Those of one session, from `start` up to `stop`.
    Range,
    /// Those that match `pattern`.
    Search,
}

/// Asks for earlier cells.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct HistoryRequest {
    /// Which.
    pub hist_access_type: Access,
    /// Whether their results are wanted as well.
    pub output: bool,
    /// For a range: the session, where 0 is this one and -1 the one before.
    pub session: i64,
    /// For a range: the first cell.
    pub start: Option<i64>,
    /// For a range: the cell after the last.
    pub stop: Option<i64>,
    /// For a tail or a search: how many at most.
    pub n: Option<u32>,
    /// For a search: a glob, with `*` and `?`.
    pub pattern: Option<String>,
    /// For a search: whether each text counts once.
    pub unique: bool,
}

/// The earlier cells.
#[derive(Clone, Debug, Serialize)]
pub struct HistoryReply {
    /// Session, number and text, or text and result, of each.
    pub history: Vec<serde_json::Value>,
}

impl Content for HistoryReply {
    const TYPE: &'static str = "history_reply";
}
