//! Rust that is compiled.

use std::sync::{Arc, PoisonError};

use aerostat_bridge::Variable;
use aerostat_cells::{Completion, Interpreter};
use aerostat_compiled::Compiled;
use aerostat_error::{Error, Kind, Object, Result};
use aerostat_session::{MimeBundle, Session};

use super::Notebook;
use crate::kernel::CellOutput;

/// How Rust is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Directly on polars.
    Interpreted,
    /// By the compiler.
    Compiled,
}

impl Way {
    /// The way in a word.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Interpreted => "interpreted",
            Self::Compiled => "compiled",
        }
    }
}

/// A variable, function or type that only compiled cells can use.
#[derive(Clone, Debug)]
pub(super) struct CompiledName {
    pub(super) name: String,
    /// The type of a variable.
    pub(super) ty: Option<String>,
}

/// The compiled cells of a notebook. Nothing is started before the first of them.
pub(super) fn cells(session: &Session, interpreter: &Interpreter, output: &Arc<CellOutput>) -> Compiled {
    Compiled::new(session.clone(), output.clone(), interpreter.shower())
}

/// Whether there is nothing to compile with.
pub(super) fn lacks_compiler(error: &Error) -> bool {
    error.kind() == Kind::NotFound(Object::Toolchain)
}

impl Notebook {
    /// Compiles Rust and runs it.
    pub(super) fn compile(&mut self, code: &str) -> Result<Option<MimeBundle>> {
        self.compiled()?;
        self.way = Some(Way::Compiled);
        let result = self.compiled.run(code, &mut Variables(&mut self.interpreter));
        self.show_compiled_names();
        result
    }

    /// Notices that the process of compiled cells has ended outside of one.
    pub(super) fn notice_end_of_compiled_cells(&mut self) {
        if self.compiled.notice_end() {
            self.show_compiled_names();
        }
    }

    /// The compiled cells, which only the main shell has: they print to its cells.
    pub(super) fn compiled(&mut self) -> Result<&mut Compiled> {
        match self.is_main {
            true => Ok(&mut self.compiled),
            false => Err(Error::not_supported("a compiled cell in a subshell")
                .with_hint("the process of compiled cells belongs to the main shell: run the cell there")),
        }
    }

    /// Lets the view have what only compiled cells can use now. A subshell has none, and those of the main shell stay.
    pub(super) fn show_compiled_names(&self) {
        if self.is_main {
            self.view.write().unwrap_or_else(PoisonError::into_inner).compiled = self.compiled_names();
        }
    }

    fn compiled_names(&self) -> Vec<CompiledName> {
        let variables = self.compiled.variables().iter();
        let variables = variables.map(|(name, known)| CompiledName { name: name.clone(), ty: Some(known.ty.clone()) });
        let items = self.compiled.item_names().map(|name| CompiledName { name: name.to_owned(), ty: None });
        variables.chain(items).collect()
    }
}

impl CompiledName {
    /// The name as a completion.
    pub(super) fn completion(&self) -> Completion {
        Completion { text: self.name.clone(), kind: if self.ty.is_some() { "instance" } else { "function" } }
    }

    /// What is known of it.
    pub(super) fn explain(&self) -> MimeBundle {
        MimeBundle::text(match &self.ty {
            Some(ty) => format!("{}: {ty}\n\nA variable of compiled cells.", self.name),
            None => format!("{}\n\nDefined in a compiled cell.", self.name),
        })
    }
}

/// The interpreter's variables, as compiled cells see them.
struct Variables<'a>(&'a mut Interpreter);

impl aerostat_compiled::Notebook for Variables<'_> {
    fn variable(&self, name: &str) -> Option<Result<Variable>> {
        self.0.variable(name)
    }

    fn keep(&mut self, variable: Variable) -> Result<()> {
        self.0.keep(variable)
    }

    fn forget(&mut self, name: &str) {
        self.0.forget(name);
    }
}
