//! Statements that are not queries.

use aerostat_error::Result;
use aerostat_session::Session;
use polars::prelude::DataFrame;

use crate::core::Core;
use crate::query;
use crate::script::Statement;

/// Runs a statement; its rows, if it has any.
pub(crate) fn run(core: &Core, session: &Session, statement: &Statement<'_>) -> Result<Option<DataFrame>> {
    query::run(core, session, statement).map(Some)
}
