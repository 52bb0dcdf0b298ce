//! The socket for a SQL engine.

use aerostat_error::{Error, Result};
use aerostat_metastore::{DataFile, Snapshot};
use polars::prelude::{Column, DataFrame, DataType, LazyFrame};

use crate::Session;
use crate::errors::from_polars;

/// What one statement of a text came to.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The text of the statement, without its semicolon.
    pub statement: String,
    /// The rows, where the statement has any.
    pub frame: Option<DataFrame>,
    /// Whether no statement follows.
    pub is_last: bool,
}

/// Frames that a query sees under names that mean something else elsewhere, or nothing.
pub type Given<'a> = &'a [(&'a str, LazyFrame)];

/// Runs SQL for a session. The engine keeps no state of its own about the notebook: everything is in the session.
pub trait SqlEngine: Send + Sync {
    /// Runs every statement of `text` in order and hands what it came to to `each` before the next begins. Stops at the
    /// first error, also of `each`; spans in errors point into `text`.
    fn execute(&self, session: &Session, text: &str, each: &mut dyn FnMut(Outcome) -> Result<()>) -> Result<()>;

    /// Runs one query that may use the `given` frames by name.
    fn query(&self, session: &Session, text: &str, given: Given<'_>) -> Result<DataFrame> {
        let _ = (session, given);
        Err(Error::not_supported(format!("this session has no SQL engine for `{text}`")))
    }

    /// The values as those of a column of type `to`, as SQL assigns them: what the column cannot hold is an error.
    fn assign(&self, session: &Session, values: &Column, to: &DataType) -> Result<Column> {
        let _ = session;
        values.strict_cast(to).map_err(from_polars)
    }

    /// The files of `table` that a query may need, in which the table is called `name`: the others have no rows that it
    /// would look at, by the values of their partition columns and by their statistics.
    fn candidates(
        &self,
        session: &Session,
        text: &str,
        (name, table): (&str, &Snapshot),
        given: Given<'_>,
    ) -> Result<Vec<DataFile>> {
        let _ = (session, text, name, given);
        Ok(table.files.to_vec())
    }
}
