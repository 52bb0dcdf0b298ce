//! DataFrame cells: text in, results, output and errors out.

mod closures;
mod columns;
mod effects;
mod errors;
mod everyday;
mod formatting;
mod frames;
mod fuzz;
mod help;
mod inference;
mod language;
mod reference;

use std::sync::{Arc, Mutex};

use aerostat_cells::Interpreter;
use aerostat_error::{Error, Result};
use aerostat_session::{MimeBundle, Output, Session};
use tempfile::TempDir;

/// A notebook with a metastore of its own.
pub struct Cells {
    interpreter: Interpreter,
    printed: Arc<Recorder>,
    pub session: Session,
    folder: TempDir,
}

/// Output, kept as text.
#[derive(Default)]
struct Recorder(Mutex<String>);

impl Output for Recorder {
    fn stdout(&self, text: &str) {
        self.0.lock().unwrap().push_str(text);
    }
    fn stderr(&self, text: &str) {
        self.stdout(&format!("stderr: {text}"));
    }
    fn display(&self, bundle: &MimeBundle) {
        self.stdout(&format!("display: {}\n", plain(bundle)));
    }
    fn clear_output(&self, _wait: bool) {}
    fn input(&self, _prompt: &str, _password: bool) -> Result<String> {
        Err(Error::not_supported("input in a test"))
    }
}

fn plain(bundle: &MimeBundle) -> String {
    bundle.0["text/plain"].as_str().unwrap().to_owned()
}

impl Cells {
    pub fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let session = Session::open(folder.path(), Arc::new(aerostat_sql::Engine::new().unwrap())).unwrap();
        let printed = Arc::new(Recorder::default());
        let interpreter = Interpreter::new(session.clone(), printed.clone());
        Self { interpreter, printed, session, folder }
    }

    /// Runs a cell; the text of its result, or an empty one.
    pub fn try_run(&mut self, code: &str) -> Result<String> {
        self.interpreter.run(code).map(|bundle| bundle.as_ref().map(plain).unwrap_or_default())
    }

    /// The rows of the table that a cell calls; an error if the cell does not check.
    pub fn rows_of(&self, code: &str) -> Result<Vec<aerostat_cells::Row>> {
        self.interpreter.rows_of(code)
    }

    /// Runs a cell that must succeed; the text of its result.
    pub fn run(&mut self, code: &str) -> String {
        match self.try_run(code) {
            Ok(text) => text,
            Err(error) => panic!("{code}\n{}", error.render(code)),
        }
    }

    /// Runs a cell that must fail; the error as the user sees it.
    fn fail(&mut self, code: &str) -> String {
        match self.interpreter.run(code) {
            Ok(bundle) => panic!("{code}\nran: {:?}", bundle.as_ref().map(plain)),
            Err(error) => error.render(code),
        }
    }

    /// Runs a cell; what it printed.
    fn printed(&mut self, code: &str) -> String {
        self.printed.0.lock().unwrap().clear();
        self.run(code);
        self.printed.0.lock().unwrap().clone()
    }
}

/// Runs cells of one expression each and compares the text of their results.
#[track_caller]
fn check(cases: &[(&str, &str)]) {
    let mut cells = Cells::new();
    for (code, expected) in cases {
        assert_eq!(cells.run(code), *expected, "{code}");
    }
}
