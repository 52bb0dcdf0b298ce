//! Running a compiled cell, from its text to its value.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, Weak};

use aerostat_bridge::{Value, Variable};
use aerostat_error::{Error, Kind, Result};
use aerostat_session::{MimeBundle, Output, Session};
use evcxr::CompilationError;

use crate::calls::{Calls, Shower};
use crate::compiler::{Compiler, Outcome};
use crate::convert::to_error;
use crate::diagnostics::{self, Places};
use crate::generate::{Found, Generated, Held, generate, statement, variable_of};
use crate::link::{Connection, Ended, Link};
use crate::process::stoppable;
use crate::source::{Keep, Source, mentioned};
use crate::state::{LivingVariable, State};
use crate::toolchain::Toolchain;
use crate::types;
use crate::udf::Functions;

/// How often a cell is compiled at most, as guesses about its variables turn out wrong.
const MAX_ATTEMPTS: usize = 5;

/// What is not lost with the process.
const KEPT: &str = "tables, frames and all other variables are still there";

/// The variables of the kernel.
pub trait Notebook {
    /// A variable, or why it cannot be handed over; `None` if there is none of that name.
    fn variable(&self, name: &str) -> Option<Result<Variable>>;

    /// Takes a variable that a compiled cell has bound.
    fn keep(&mut self, variable: Variable) -> Result<()>;

    /// Drops a variable, whose name now stands for one of a compiled cell.
    fn forget(&mut self, name: &str);
}

/// The compiled cells of one notebook.
pub struct Compiled {
    calls: Calls,
    compiler: Option<Compiler>,
    state: State,
    /// The process in which the last cell ran: it has what `state` and the session know of.
    home: Weak<Connection>,
}

/// What became of a cell that was compiled.
enum Fate {
    /// It ran, and came to this.
    Ran(Option<MimeBundle>),
    /// It did not: the process had ended before, in this way. There is another one now.
    NotBegun(String),
}

/// What a cell finds when it begins.
#[derive(Default)]
struct Given {
    found: Vec<Found>,
    staged: Vec<Variable>,
    /// Variables that the cell may mean, but that cannot be handed over.
    refused: BTreeMap<String, Error>,
}

impl Compiled {
    /// Compiled cells of a notebook. Nothing is started yet. `shower` shows values as interpreted cells do.
    pub fn new(
        session: Session,
        output: Arc<dyn Output>,
        shower: impl Fn(&str, Value, bool) -> Result<MimeBundle> + Send + Sync + 'static,
    ) -> Self {
        let functions = Functions {
            link: Arc::new(Link::default()),
            interrupt: session.interrupt().clone(),
            process: Arc::default(),
        };
        let shower: Shower = Arc::new(shower);
        let calls = Calls { session, output, shower, functions };
        Self { calls, compiler: None, state: State::default(), home: Weak::new() }
    }

    /// Whether a cell names something that only compiled cells can use.
    pub fn is_named_in(&self, code: &str) -> bool {
        let nothing = self.state.is_empty();
        !nothing && code.parse().is_ok_and(|tokens| self.state.knows(&mentioned(&tokens)))
    }

    /// The variables that live in the process of compiled cells.
    pub fn variables(&self) -> &BTreeMap<String, LivingVariable> {
        &self.state.living
    }

    /// The names of functions, types and other items.
    pub fn item_names(&self) -> impl Iterator<Item = &str> {
        self.state.item_names()
    }

    /// Forgets a variable, whose name now stands for something else.
    pub fn forget(&mut self, name: &str) {
        self.state.forget(name);
    }

    /// Says what was lost if the process has ended outside of a compiled cell: by a function that a query called, or
    /// because the system wanted its memory. To be called between cells of any kind; whether something was lost.
    pub fn notice_end(&mut self) -> bool {
        self.wait_for_stopped_function();
        if self.there().ptr_eq(&self.home) {
            return false;
        }
        let Some(lost) = self.lose() else { return false };
        let how = self.compiler.as_ref().and_then(Compiler::ending);
        let how = how.map(|how| format!(" ({how})")).unwrap_or_default();
        self.calls.output.stderr(&format!("the process of compiled cells has ended{how}: {lost}; {KEPT}\n"));
        true
    }

    /// The process that is there now.
    fn there(&self) -> Weak<Connection> {
        self.link().connection().as_ref().map(Arc::downgrade).unwrap_or_default()
    }

    /// A query that is interrupted does not wait for the function that it calls, with which the process may end.
    fn wait_for_stopped_function(&self) {
        if self.calls.session.interrupt().is_raised()
            && let Some(connection) = self.link().connection()
        {
            drop(connection.functions.lock().unwrap_or_else(PoisonError::into_inner));
        }
    }

    /// Compiles and runs a cell; its value, if it has one.
    pub fn run(&mut self, code: &str, notebook: &mut dyn Notebook) -> Result<Option<MimeBundle>> {
        if let Fate::Ran(shown) = self.try_run(code, notebook)? {
            return Ok(shown);
        }
        self.notice_end();
        match self.try_run(code, notebook)? {
            Fate::Ran(shown) => Ok(shown),
            Fate::NotBegun(how) => Err(self.process_ended(&how)),
        }
    }

    fn try_run(&mut self, code: &str, notebook: &mut dyn Notebook) -> Result<Fate> {
        let mut source = Source::parse(code)?;
        self.calls.session.interrupt().check()?;
        self.start()?;
        let mut state = self.state.clone();
        let outdated = state.outdated_by(&source);
        outdated.iter().for_each(|name| state.forget(name));
        let mut given = given(&source, &state, notebook);
        for _ in 0..MAX_ATTEMPTS {
            let generated = generate(&source, &state, &given.found);
            self.link().stage(given.staged.clone(), state.forgotten.iter().cloned().collect());
            match self.compile_and_run(&generated)? {
                Outcome::Refused(errors, compiled) => {
                    if !adjust(&errors, &compiled, &mut source, &mut given)? {
                        return Err(refused(&errors, &compiled, &generated, code, &given));
                    }
                }
                Outcome::ProcessEnded(how) if self.link().has_begun() => return Err(self.process_ended(&how)),
                Outcome::ProcessEnded(how) => return Ok(Fate::NotBegun(how)),
                Outcome::Ran => {
                    state.keep_items(&source);
                    state.forgotten.clear();
                    self.state = state;
                    self.note_lost(&outdated);
                    self.home = self.there();
                    return self.finish(&source, &given, &generated, notebook).map(Fate::Ran);
                }
            }
        }
        Err(Error::internal("the variables of this cell could not be sorted out").with_hint("split the cell"))
    }

    /// Adds a crate: `name = "version"`, as in `Cargo.toml`.
    pub fn add_dependency(&mut self, spec: &str) -> Result<()> {
        let (name, config) = spec.split_once('=').unwrap_or((spec, "\"*\""));
        let (name, config) = (name.trim(), config.trim());
        if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-')) {
            return Err(Error::invalid_argument(format!("`{spec}` does not name a crate"))
                .with_hint("write `:dep NAME = \"VERSION\"`"));
        }
        if name.starts_with("polars") {
            return Err(Error::invalid_argument(format!("`{name}` is there already, and cells share the kernel's"))
                .with_hint("`use polars::prelude::*;` needs no `:dep`"));
        }
        self.start()?;
        let added = self.stoppable(|compiler| compiler.add_dependency(name, config))?;
        self.calls.session.interrupt().check()?;
        added?;
        self.state.crates.insert(name.replace('-', "_"));
        Ok(())
    }

    /// Changes how much the compiler optimises: `0` to `3`.
    pub fn set_opt_level(&mut self, level: &str) -> Result<()> {
        if !["0", "1", "2", "3", "s", "z"].contains(&level) {
            return Err(Error::invalid_argument(format!("`{level}` is not a level of optimisation"))
                .with_hint("levels are 0 to 3"));
        }
        self.start()?;
        self.stoppable(|compiler| compiler.set_opt_level(level))?
    }

    fn link(&self) -> &Arc<Link> {
        self.calls.link()
    }

    /// Starts the compiler and the process, with the first cell.
    fn start(&mut self) -> Result<()> {
        if self.compiler.is_none() {
            let toolchain = Toolchain::find()?;
            let interrupt = self.calls.session.interrupt();
            let started = stoppable(interrupt, self.link(), None, || Compiler::start(&toolchain, self.calls.clone()));
            interrupt.check()?;
            let compiler = started?;
            let _ = self.calls.functions.process.set(compiler.process());
            self.compiler = Some(compiler);
        }
        Ok(())
    }

    /// Does something that takes long with the compiler; an interrupt stops it.
    fn stoppable<T>(&mut self, work: impl FnOnce(&mut Compiler) -> T) -> Result<T> {
        let (calls, compiler) = (&self.calls, self.compiler.as_mut());
        let compiler = compiler.ok_or_else(|| Error::internal("the compiler was not started"))?;
        let process = compiler.process();
        Ok(stoppable(calls.session.interrupt(), calls.link(), Some(&process), || work(compiler)))
    }

    fn compile_and_run(&mut self, generated: &Generated) -> Result<Outcome> {
        let text = format!("{}{}", generated.module, statement());
        let outcome = self.stoppable(|compiler| compiler.run(&text))?;
        // A compiler that was stopped has failed in words of its own; a process that was stopped has lost something.
        match outcome {
            Ok(Outcome::ProcessEnded(how)) => {
                // No sooner than the interrupt has nobody to stop any more: there is another process already.
                self.link().wait_for_rest();
                Ok(Outcome::ProcessEnded(how))
            }
            Ok(Outcome::Ran) => Ok(Outcome::Ran),
            other => self.calls.session.interrupt().check().and(other),
        }
    }

    /// Takes over what a cell has left behind.
    fn finish(
        &mut self,
        source: &Source<'_>,
        given: &Given,
        generated: &Generated,
        notebook: &mut dyn Notebook,
    ) -> Result<Option<MimeBundle>> {
        let (ended, result) = self.link().take_outcome();
        let Ended { failed, crossing, living } =
            ended.ok_or_else(|| Error::internal("a compiled cell ended without saying how"))?;
        // What was given away and not kept has been moved.
        for found in given.found.iter().filter(|found| found.held == Held::Taken) {
            self.state.living.remove(&found.name);
        }
        for variable in crossing {
            self.state.forget(&variable.name);
            notebook.keep(variable)?;
        }
        for (name, ty, mutable, copies) in living {
            notebook.forget(&name);
            self.live(source, name, &ty, mutable, copies);
        }
        match failed {
            None => Ok(result),
            Some((failure, line, column)) => {
                let compiled = self.compiler.as_ref().map(Compiler::compiled).unwrap_or_default();
                let places = Places::new(source.code, &generated.lines, &generated.module, &compiled);
                let error = to_error(failure);
                Err(places.span(line, column).into_iter().fold(error, Error::with_span))
            }
        }
    }

    /// Notes a variable that lives in the process, under a type that a cell can write.
    fn live(&mut self, source: &Source<'_>, name: String, ty: &str, mutable: bool, copies: bool) {
        let annotated =
            source.bound.get(&name).and_then(|bound| bound.ty.clone()).filter(|ty| !ty.contains(['_', '&', '\'']));
        let known = self.state.living.get(&name).map(|before| before.ty.clone());
        let used = |last: &str| self.state.item_names().any(|name| name == last) || self.state.uses(last);
        let ty = annotated.or_else(|| types::written(ty, &used)).or(known);
        match ty {
            Some(ty) => drop(self.state.living.insert(name, LivingVariable { ty, mutable, copies })),
            // Nobody can name its type, so nobody can ask for it.
            None => drop(self.state.forgotten.insert(name)),
        }
    }

    /// Says which variables went with the meaning of their types.
    fn note_lost(&self, names: &std::collections::BTreeSet<String>) {
        if !names.is_empty() {
            self.calls
                .output
                .stderr(&format!("{} gone: defined anew, the type is another one\n", list(names, "is", "are")));
        }
    }

    /// The error of a cell whose process has ended.
    fn process_ended(&mut self, how: &str) -> Error {
        let _ = self.link().take_outcome();
        let interrupted = self.calls.session.interrupt().is_raised();
        let lost = match self.lose() {
            None => format!("nothing is lost: {KEPT}"),
            Some(lost) => format!("{lost}; {KEPT}"),
        };
        match interrupted {
            true => Error::interrupted().with_hint(format!("the cell did not stop, so its process was ended; {lost}")),
            false => Error::new(Kind::Crash, format!("the cell ended its process: {}", ending(how))).with_hint(lost),
        }
    }

    /// Forgets what a process had that has ended: `` `x` and `f()` are lost with it ``, if there was something.
    fn lose(&mut self) -> Option<String> {
        let variables = self.state.lose_variables().into_iter();
        let functions = self.calls.session.drop_udfs().into_iter().map(|name| format!("{name}()"));
        let lost: Vec<String> = variables.chain(functions).collect();
        (!lost.is_empty()).then(|| format!("{} lost with it", list(&lost, "is", "are")))
    }
}

/// The variables that a cell names.
fn given(source: &Source<'_>, state: &State, notebook: &dyn Notebook) -> Given {
    let mut given = Given::default();
    for name in source.mentioned.iter().filter(|name| *name != "session") {
        if let Some(LivingVariable { ty, mutable, copies }) = state.living.get(name) {
            let held = if *copies { Held::Copy } else { Held::Taken };
            let (name, ty, mutable) = (name.clone(), ty.clone(), *mutable);
            given.found.push(Found { name, ty, mutable, held, kept: mutable || !copies });
            continue;
        }
        match notebook.variable(name) {
            Some(Ok(variable)) => {
                given.found.push(Found::in_kernel(&variable));
                given.staged.push(variable);
            }
            Some(Err(error)) => drop(given.refused.insert(name.clone(), error)),
            None => {}
        }
    }
    // A name that the cell binds anew is kept with its new value only.
    let rebound = |name: &str| source.bound.get(name).is_some_and(|bound| bound.keep != Keep::Never);
    given.found.iter_mut().filter(|found| rebound(&found.name)).for_each(|found| found.kept = false);
    given
}

/// Changes how those variables are kept for which the compiler refused it; whether there were any.
fn adjust(errors: &[CompilationError], compiled: &str, source: &mut Source<'_>, given: &mut Given) -> Result<bool> {
    let lines: Vec<&str> = compiled.lines().collect();
    let mut changed = false;
    for error in errors.iter().filter(|error| diagnostics::is_error(error)) {
        let moved = matches!(error.code(), Some("E0382" | "E0505" | "E0507"));
        for (line, is_primary) in diagnostics::lines_of(error) {
            let line = lines.get(line.saturating_sub(1)).copied().unwrap_or_default();
            let Some(name) = variable_of(line) else { continue };
            if line.starts_with("let ") {
                match (is_primary, error.code()) {
                    (true, _) => return Err(unnameable(name, given, error)),
                    // The cell does not mean the variable, but a function of the same name.
                    (false, Some("E0618")) => {
                        given.found.retain(|found| found.name != name);
                        changed = true;
                    }
                    // It was declared there, and is lent to something that is kept.
                    (false, _) => {}
                }
                continue;
            }
            let bound = source.bound.get_mut(name).filter(|bound| bound.keep != Keep::Never);
            if let Some(found) = given.found.iter_mut().find(|found| found.name == name && found.kept) {
                (found.kept, changed) = (false, true);
            } else if let Some(bound) = bound {
                bound.keep = if bound.keep == Keep::AtEnd && moved { Keep::AtOnce } else { Keep::Never };
                changed = true;
            }
        }
    }
    Ok(changed)
}

fn unnameable(name: &str, given: &Given, error: &CompilationError) -> Error {
    let ty = given.found.iter().find(|found| found.name == name).map(|found| found.ty.as_str()).unwrap_or_default();
    Error::new(Kind::Compile, format!("variable `{name}` cannot be used: {}", error.message()))
        .with_hint(format!("its type is taken to be `{ty}`; bind it with its type: `let {name}: TYPE = ..`"))
}

/// The compiler's errors about a cell.
fn refused(errors: &[CompilationError], compiled: &str, generated: &Generated, code: &str, given: &Given) -> Error {
    let places = Places::new(code, &generated.lines, &generated.module, compiled);
    let error = diagnostics::error(errors, &places);
    let names = |name: &&String| errors.iter().any(|error| error.message().contains(&format!("`{name}`")));
    match given.refused.keys().find(names).and_then(|name| given.refused.get(name)) {
        Some(reason) => error.with_hint(reason.message().to_owned()),
        None => error,
    }
}

/// `` `a` and `b` are `` or `` `a` is ``.
fn list(names: impl IntoIterator<Item = impl AsRef<str>>, one: &str, several: &str) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{}`", name.as_ref())).collect();
    let verb = if names.len() == 1 { one } else { several };
    format!("{} {verb}", names.join(", "))
}

/// How a process ended, from evcxr's words for it.
fn ending(how: &str) -> &str {
    how.rsplit_once("terminated with status: ").map_or(how, |(_, status)| status).trim()
}
