//! The snippets of `tests/corpus`, compiled: the measure for the interpreter, which must agree with them.
//!
//! Every snippet is ordinary Rust with polars' prelude. The build script makes a function of each, so this crate also
//! proves that the signatures of the interpreter's table are those of polars. Only tests use it.

use aerostat_error::Error;
use aerostat_session::{Session, errors};
use polars::prelude::*;

/// A snippet of the corpus.
pub struct Snippet {
    /// The file it stands in.
    pub file: &'static str,
    /// What it is about.
    pub title: &'static str,
    /// Its text, for the interpreter.
    pub code: &'static str,
    compiled: fn(Cell<'_>) -> Result<String, Failure>,
}

/// What the code of a snippet can name.
struct Cell<'a> {
    session: &'a Session,
    dir: String,
    tables: Tables,
}

/// What `?` makes of an error.
struct Failure(Error);

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl From<PolarsError> for Failure {
    fn from(error: PolarsError) -> Self {
        Self(errors::from_polars(error))
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self(Error::io("a file", &error))
    }
}

impl Snippet {
    /// Runs the compiled snippet: the text of its result. `dir` is an empty folder.
    pub fn run(&self, session: &Session, dir: &str) -> Result<String, Error> {
        let tables = tables().map_err(|failure| failure.0)?;
        (self.compiled)(Cell { session, dir: dir.to_owned(), tables }).map_err(|failure| failure.0)
    }
}

/// What snippets are written with.
mod prelude {
    pub(super) use aerostat_bridge::CellText as _;
    pub(super) use aerostat_bridge::names::*;

    pub(super) use super::snippets::Tables;
    pub(super) use super::{Cell, Failure};
}

#[allow(
    unused_imports,
    unused_variables,
    clippy::all,
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    reason = "snippets are written as in a notebook"
)]
mod snippets {
    use super::prelude::*;
    use super::{Snippet, prelude};

    include!(concat!(env!("OUT_DIR"), "/corpus.rs"));
}

pub use snippets::{SETUP, SNIPPETS};
use snippets::{Tables, tables};
