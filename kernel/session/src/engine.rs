//! The socket for a SQL engine.

use aerostat_error::Result;
use polars::prelude::DataFrame;

use crate::Session;

/// What one statement of a text came to.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The text of the statement, without its semicolon.
    pub statement: String,
    /// The rows, where the statement has any.
    pub frame: Option<DataFrame>,
}

/// Runs SQL for a session. The engine keeps no state of its own about the notebook: everything is in the session.
pub trait SqlEngine: Send + Sync {
    /// Runs every statement of `text` in order and stops at the first error; spans in errors point into `text`.
    fn execute(&self, session: &Session, text: &str) -> Result<Vec<Outcome>>;
}
