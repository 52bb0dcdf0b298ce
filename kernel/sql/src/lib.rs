//! SQL for a session: Spark's statements as commands on the session, Spark's queries on DataFusion.
//!
//! A text is cut into statements ([`script`]). What begins with the words of a command goes to [`command`], which has
//! one file per construct; everything else is a query and goes to [`query`]. Tables, frames and views are looked up
//! through the session and read in place; results are frames of polars.

mod command;
mod core;
mod dialect;
mod functions;
mod portions;
mod query;
mod script;
mod table;

use aerostat_error::Result;
use aerostat_metastore::{DataFile, Snapshot};
use aerostat_session::{Given, Outcome, Session, SqlEngine};
use polars::prelude::DataFrame;

use crate::core::Core;
use crate::script::Script;

/// Commands and queries are planned on a stack of their own, as deeply nested ones need a large one.
const STACK_BYTES: usize = 256 << 20;

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

    fn run(&self, session: &Session, text: &str) -> Result<Vec<Outcome>> {
        let script = Script::new(text);
        let statements = script.statements()?;
        let mut outcomes = Vec::with_capacity(statements.len());
        for statement in &statements {
            session.interrupt().check()?;
            let frame = command::run(&self.core, session, statement)?;
            outcomes.push(Outcome { statement: statement.text().to_owned(), frame });
        }
        Ok(outcomes)
    }
}

/// Runs `work` on a thread with a large stack.
fn deep<T: Send>(work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("sql".to_owned()).stack_size(STACK_BYTES);
        let spawned = thread.spawn_scoped(scope, work);
        let spawned = spawned.map_err(|error| aerostat_error::Error::io("starting a thread", &error))?;
        spawned.join().unwrap_or_else(|panic| Err(core::panicked(panic.as_ref())))
    })
}

impl SqlEngine for Engine {
    fn execute(&self, session: &Session, text: &str) -> Result<Vec<Outcome>> {
        deep(|| self.run(session, text))
    }

    fn query(&self, session: &Session, text: &str, given: Given<'_>) -> Result<DataFrame> {
        deep(|| query::run_text(&self.core, session, text, given))
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
