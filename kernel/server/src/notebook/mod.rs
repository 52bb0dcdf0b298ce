//! The notebook behind the kernel: the session, the interpreter of Rust cells, and the magics around them.

mod compiled;
mod help;
mod magic;
mod parameters;
mod segment;
mod sql_help;

use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use aerostat_cells::{Interpreter, Native, Plan};
use aerostat_compiled::Compiled;
use aerostat_error::{Error, Object, Result, Span};
use aerostat_session::{Interrupt, MimeBundle, Output, Parameter, Session};
use aerostat_sql::Engine;

pub(crate) use self::compiled::Way;
pub(crate) use self::help::Help;
use self::help::View;
use self::magic::{Call, Place};
use self::segment::{Part, Segment};
use crate::kernel::CellOutput;

/// A notebook with its session. One thread runs its cells; [`Notebook::help`] serves others meanwhile.
pub(crate) struct Notebook {
    session: Session,
    interpreter: Interpreter,
    compiled: Compiled,
    output: Arc<CellOutput>,
    view: Arc<RwLock<View>>,
    /// Whether it is the main shell's, which may change the metastore.
    is_main: bool,
    /// How the last Rust was run.
    way: Option<Way>,
}

/// What a cell comes to, beside what it has put out while it ran.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    /// Its value.
    pub(crate) result: Option<MimeBundle>,
    /// Explanations that were asked for.
    pub(crate) pages: Vec<MimeBundle>,
}

impl Notebook {
    /// Opens a notebook on the metastore at `root`.
    pub(crate) fn open(root: &Path, output: Arc<CellOutput>) -> Result<Self> {
        let session = Session::open(root, Arc::new(Engine::new()?))?;
        let interpreter = Interpreter::new(session.clone(), output.clone());
        let compiled = compiled::cells(&session, &interpreter, &output);
        let view = Arc::new(RwLock::new(View::new(&session, &interpreter)));
        Ok(Self { session, interpreter, compiled, output, view, is_main: true, way: None })
    }

    /// The notebook that `help` is about, for another shell: the same session and variables.
    pub(crate) fn join(help: &Help, output: Arc<CellOutput>) -> Self {
        help.view(|view| {
            let interpreter = Interpreter::join(&view.cells, output.clone());
            Self {
                session: view.session.clone(),
                compiled: compiled::cells(&view.session, &interpreter, &output),
                interpreter,
                output: output.clone(),
                view: help.shared(),
                is_main: false,
                way: None,
            }
        })
    }

    /// Changes the metastore; variables and temporary views stay behind.
    fn reopen(&mut self, root: &Path) -> Result<()> {
        if !self.is_main {
            return Err(Error::not_supported("a subshell cannot change the metastore"));
        }
        self.session = self.session.reopen(root)?;
        self.interpreter = Interpreter::new(self.session.clone(), self.output.clone());
        self.compiled = compiled::cells(&self.session, &self.interpreter, &self.output);
        *self.view.write().unwrap_or_else(PoisonError::into_inner) = View::new(&self.session, &self.interpreter);
        Ok(())
    }

    /// The flag that stops a running cell, also one that changes the metastore.
    pub(crate) fn interrupt(&self) -> &Interrupt {
        self.session.interrupt()
    }

    /// Completion, inspection and the like, for other threads.
    pub(crate) fn help(&self) -> Help {
        Help::new(self.view.clone())
    }

    /// Runs a cell. Places in errors are places in `code`.
    pub(crate) fn run(&mut self, code: &str) -> Result<Shown> {
        self.notice_end_of_compiled_cells();
        let shown = self.run_part(Part::whole(code));
        self.notice_end_of_compiled_cells();
        shown
    }

    /// The value of a Rust expression.
    pub(crate) fn evaluate(&mut self, expression: &str) -> Result<MimeBundle> {
        Ok(self.interpreter.run(expression)?.unwrap_or_default())
    }

    /// Keeps a value as a variable of the interpreter, and nowhere else.
    fn bind(&mut self, name: &str, value: impl Native) -> Result<()> {
        self.interpreter.bind(name, value)?;
        self.compiled.forget(name);
        self.show_compiled_names();
        Ok(())
    }

    /// The value that `name` has in SQL: of a widget or parameter, else of a variable that holds a single value.
    fn parameter(&self, name: &str) -> Option<Parameter> {
        self.session.parameter(name).or_else(|| self.interpreter.notebook().parameter(name))
    }

    /// Runs a part of a cell that is like a cell. Of its segments all but the last display what they come to.
    fn run_part(&mut self, part: Part<'_>) -> Result<Shown> {
        let help = self.help();
        let mut shown = Shown::default();
        for segment in segment::split(part, |code| help.is_open(code)) {
            if let Some(earlier) = shown.result.take() {
                self.output.display(&earlier);
            }
            match segment {
                Segment::Rust(code) => shown.result = self.run_rust(code)?,
                Segment::Shell(command) => drop(magic::shell::run(self, command)?),
                Segment::Inspect { name, detail } => shown.pages.push(self.explain(name, detail)?),
                Segment::Magic { place, name, args, body } => {
                    let mut inner = self.call(place, name, args, body)?;
                    shown.result = inner.result.take();
                    shown.pages.append(&mut inner.pages);
                }
            }
        }
        Ok(shown)
    }

    /// Runs Rust: interpreted if the cell language covers it, compiled otherwise.
    fn run_rust(&mut self, code: Part<'_>) -> Result<Option<MimeBundle>> {
        let located = |error: Error| error.shifted(code.at);
        if self.compiled.is_named_in(code.text) {
            return self.compile(code.text).map_err(located);
        }
        self.way = Some(Way::Interpreted);
        match self.interpreter.run_as_planned(code.text).map_err(located)? {
            (Plan::Interpret, shown) => Ok(shown),
            // Without a compiler, what needs it is the place of the error.
            (Plan::Compile { span, .. }, _) => {
                let failed =
                    |error: Error| if compiled::lacks_compiler(&error) { error.with_span(span) } else { error };
                self.compile(code.text).map_err(|error| located(failed(error)))
            }
        }
    }

    fn call(&mut self, place: Place, name: Part<'_>, args: Part<'_>, body: Part<'_>) -> Result<Shown> {
        let magic = magic::find(place, name.text).map_err(|error| error.with_span(name.span()))?;
        (magic.run)(self, &Call { place, name, args, body })
    }

    fn explain(&self, name: Part<'_>, detail: u8) -> Result<MimeBundle> {
        let help = self.help();
        help.explain(name.text, detail)
            .ok_or_else(|| Error::not_found_among(Object::Variable, name.text, help.names()).with_span(name.span()))
    }
}

impl Part<'_> {
    fn span(&self) -> Span {
        Span::new(self.at, self.at + self.text.len())
    }
}
