//! SQL for a session: Spark's statements as commands on the session, Spark's queries on DataFusion.

use aerostat_error::{Error, Result};
use aerostat_session::{Outcome, Session, SqlEngine};

/// The SQL engine. One serves any number of sessions.
#[derive(Debug)]
pub struct Engine;

impl Engine {
    /// Sets up the functions and the threads.
    pub fn new() -> Result<Engine> {
        Ok(Engine)
    }
}

impl SqlEngine for Engine {
    fn execute(&self, _session: &Session, _text: &str) -> Result<Vec<Outcome>> {
        Err(Error::internal("not written yet"))
    }
}
