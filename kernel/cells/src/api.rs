//! The interface of the crate.

use std::sync::Arc;

use aerostat_error::{Error, Result};
use aerostat_session::{MimeBundle, Output, Session};
use polars::prelude::DataFrame;

/// The interpreter of one notebook: its variables, and what runs its cells.
pub struct Interpreter {
    notebook: Notebook,
}

/// A shared view of a notebook, for completion and inspection while a cell runs.
#[derive(Clone)]
pub struct Notebook {
    _session: Session,
}

/// What may stand at a place in a cell.
pub struct Completions {
    /// Byte offset at which the replaced text begins.
    pub start: usize,
    /// Byte offset at which it ends.
    pub end: usize,
    /// What may replace it.
    pub matches: Vec<Completion>,
}

/// One way to complete.
pub struct Completion {
    /// The text.
    pub text: String,
    /// What it is: `method`, `function`, `variable`, `column`, `table`, ...
    pub kind: &'static str,
}

/// Whether a cell is ready to run.
pub enum Completeness {
    /// It is.
    Complete,
    /// More lines are needed; the next begins with `indent`.
    Incomplete {
        /// White space.
        indent: String,
    },
    /// No further line would make it valid.
    Invalid,
}

/// A variable, for `%whos`.
pub struct VariableInfo {
    /// Its name.
    pub name: String,
    /// Its type.
    pub type_name: String,
    /// Its value or shape in a few words.
    pub summary: String,
}

impl Interpreter {
    /// An interpreter without variables.
    pub fn new(session: Session, _output: Arc<dyn Output>) -> Self {
        Self { notebook: Notebook { _session: session } }
    }

    /// Runs a cell; the bundle of its last expression, if that has no `;`.
    pub fn run(&mut self, _code: &str) -> Result<Option<MimeBundle>> {
        Err(Error::internal("the interpreter is being written"))
    }

    /// Keeps a frame as a variable.
    pub fn bind(&mut self, _name: &str, _frame: DataFrame) -> Result<()> {
        Err(Error::internal("the interpreter is being written"))
    }

    /// A shared view of the notebook.
    pub fn notebook(&self) -> Notebook {
        self.notebook.clone()
    }
}

impl Notebook {
    /// What may stand at byte offset `cursor` of `code`.
    pub fn complete(&self, _code: &str, cursor: usize) -> Completions {
        Completions { start: cursor, end: cursor, matches: Vec::new() }
    }

    /// What is known of the name at byte offset `cursor`.
    pub fn inspect(&self, _code: &str, _cursor: usize, _detail: u8) -> Option<MimeBundle> {
        None
    }

    /// Whether `code` is ready to run.
    pub fn is_complete(&self, _code: &str) -> Completeness {
        Completeness::Complete
    }

    /// The variables of the notebook.
    pub fn variables(&self) -> Vec<VariableInfo> {
        Vec::new()
    }
}
