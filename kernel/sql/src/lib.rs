//! SQL for a session: Spark's statements as commands on the session, Spark's queries on DataFusion.
//!
//! A text is cut into statements ([`script`]). What begins with the words of a command goes to [`command`], which has
//! one file per construct; everything else is a query and goes to [`query`]. Tables, frames and views are looked up
//! through the session and read in place; results are frames of polars.

mod command;
mod core;
mod dialect;
mod functions;
mod query;
mod script;
mod table;

use aerostat_error::Result;
use aerostat_session::{Outcome, Session, SqlEngine};

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

impl SqlEngine for Engine {
    fn execute(&self, session: &Session, text: &str) -> Result<Vec<Outcome>> {
        std::thread::scope(|scope| {
            let thread = std::thread::Builder::new().name("sql".to_owned()).stack_size(STACK_BYTES);
            let spawned = thread.spawn_scoped(scope, || self.run(session, text));
            let spawned = spawned.map_err(|error| aerostat_error::Error::io("starting a thread", &error))?;
            spawned.join().unwrap_or_else(|panic| Err(core::panicked(panic.as_ref())))
        })
    }
}
