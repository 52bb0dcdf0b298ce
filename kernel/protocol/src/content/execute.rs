//! Execution of code: `execute_request` and its reply, `execute_input`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Content, Failure, Object};

/// Asks to run a cell.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub struct ExecuteRequest {
    /// The text of the cell.
    pub code: String,
    /// Whether nothing but the status is to be published.
    pub silent: bool,
    /// Whether the cell is numbered and kept in the history.
    pub store_history: bool,
    /// Expressions to evaluate after the cell.
    pub user_expressions: Option<BTreeMap<String, String>>,
    /// Whether the client can ask its user for input.
    pub allow_stdin: bool,
    /// Whether an error aborts the cells that wait.
    pub stop_on_error: bool,
}

impl Default for ExecuteRequest {
    fn default() -> Self {
        Self {
            code: String::new(),
            silent: false,
            store_history: true,
            user_expressions: None,
            allow_stdin: false,
            stop_on_error: true,
        }
    }
}

impl ExecuteRequest {
    /// Whether the cell gets a number and a place in the history. One that is silent or empty does not.
    pub fn is_stored(&self) -> bool {
        self.store_history && !self.silent && !self.code.trim().is_empty()
    }
}

/// The cell has run.
#[derive(Clone, Debug, Serialize)]
pub struct ExecuteReply {
    /// The number of the cell.
    pub execution_count: u32,
    /// What the client should do beside showing outputs.
    pub payload: Vec<Payload>,
    /// The values, or errors, of the expressions that were asked for.
    pub user_expressions: Object,
}

/// The cell has failed.
#[derive(Clone, Debug, Serialize)]
pub struct ExecuteFailure {
    /// The number of the cell.
    pub execution_count: u32,
    /// Nothing, but clients look.
    pub payload: Vec<Payload>,
    /// Nothing, but clients look.
    pub user_expressions: Object,
    /// Why.
    #[serde(flatten)]
    pub failure: Failure,
}

/// Something to do for the client of an `execute_reply`.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "source", rename_all = "snake_case")]
pub enum Payload {
    /// Show a text beside the notebook, or under the cell.
    Page {
        /// The text, by MIME type.
        data: Object,
        /// The line to begin with.
        start: usize,
    },
}

/// Tells all clients which code runs now.
#[derive(Clone, Debug, Serialize)]
pub struct ExecuteInput {
    /// The text of the cell.
    pub code: String,
    /// Its number.
    pub execution_count: u32,
}

impl Content for ExecuteReply {
    const TYPE: &'static str = "execute_reply";
}

impl Content for ExecuteInput {
    const TYPE: &'static str = "execute_input";
}
