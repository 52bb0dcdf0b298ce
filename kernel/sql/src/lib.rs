//! SQL for a session: Spark's statements as commands on the session, Spark's queries on DataFusion.
//!
//! A text is cut into statements ([`script`]). What begins with the words of a command goes to [`command`], which has
//! one file per construct; everything else is a query and goes to [`query`]. Tables, frames and views are looked up
//! through the session and read in place; results are frames of polars.

mod brief;
mod command;
mod core;
mod dialect;
mod functions;
mod portions;
mod query;
mod runs;
mod script;
mod table;

use std::panic::{AssertUnwindSafe, catch_unwind};

use aerostat_error::Result;
use aerostat_metastore::{DataFile, Snapshot};
use aerostat_session::{Given, Outcome, Session, SqlEngine};
use polars::prelude::{Column, DataFrame, DataType};

use crate::core::Core;
use crate::script::Script;

/// The stack of a thread that runs many statements: deeply nested ones need it to be planned. Memory is taken only as far as
/// the stack is used.
pub const STACK_BYTES: usize = 256 << 20;

/// The SQL engine. One serves any number of sessions.
#[derive(Debug)]
pub struct Engine {
    core: Core,
}

impl Engine {
    /// Sets up the functions and the threads.
    pub fn new() -> Result<Engine> {
        Ok(Engine { core: Core::new()? })
    }

    fn run(&self, session: &Session, text: &str, each: &mut dyn FnMut(Outcome) -> Result<()>) -> Result<()> {
        let script = Script::new(text);
        let statements = script.statements()?;
        for (index, statement) in statements.iter().enumerate() {
            session.interrupt().check()?;
            let frame = command::run(&self.core, session, statement)?;
            let (statement, is_last) = (statement.text().to_owned(), index + 1 == statements.len());
            each(Outcome { statement, frame, is_last })?;
        }
        Ok(())
    }
}

/// Runs `work` on a large stack: that of the thread if it has one, as the threads of the kernel do. To hand the work to
/// another thread would take longer than a small query.
fn deep<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    let caught = || catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(core::panicked(panic.as_ref())));
    stacker::maybe_grow(STACK_BYTES / 2, STACK_BYTES, caught)
}

impl SqlEngine for Engine {
    fn execute(&self, session: &Session, text: &str, each: &mut dyn FnMut(Outcome) -> Result<()>) -> Result<()> {
        deep(|| self.run(session, text, each))
    }

    fn query(&self, session: &Session, text: &str, given: Given<'_>) -> Result<DataFrame> {
        deep(|| query::run_text(&self.core, session, text, given))
    }

    fn assign(&self, session: &Session, values: &Column, to: &DataType) -> Result<Column> {
        functions::assign::assign(values, to, &session.settings().time_zone)
    }

    fn candidates(
        &self,
        session: &Session,
        text: &str,
        table: (&str, &Snapshot),
        given: Given<'_>,
    ) -> Result<Vec<DataFile>> {
        deep(|| query::candidates(&self.core, session, text, table, given))
    }
}
