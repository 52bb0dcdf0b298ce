//! The interpreter of one notebook.

use std::collections::HashMap;
use std::sync::Arc;

use aerostat_error::{Error, Result, Span};
use aerostat_session::{Captured, MimeBundle, Output, Session};
use polars::prelude::DataFrame;

use crate::check::{self, Known};
use crate::context::Context;
use crate::eval;
use crate::node::Place;
use crate::notebook::Notebook;
use crate::parse::parse;
use crate::plan::Plan;
use crate::scope::SharedScope;
use crate::ty::Ty;
use crate::value::{Native, Value};

/// The interpreter of one notebook: its variables, and what runs its cells.
pub struct Interpreter {
    cx: Context,
    scope: SharedScope,
}

impl Interpreter {
    /// An interpreter whose only variable is `session`.
    pub fn new(session: Session, output: Arc<dyn Output>) -> Self {
        let cx = Context { session: session.clone(), output };
        let scope = SharedScope::default();
        scope.set(&cx, "session", Value::native(session), Some((&Ty::Native(Session::NAME), false)));
        Self { cx, scope }
    }

    /// An interpreter of the same notebook for another shell, whose cells put out elsewhere.
    pub fn join(notebook: &Notebook, output: Arc<dyn Output>) -> Self {
        Self { cx: Context { session: notebook.session.clone(), output }, scope: notebook.scope.clone() }
    }

    /// How a cell has to be run. An error is one of the user's that no compiler would mend.
    pub fn plan(&self, code: &str) -> Result<Plan> {
        let statements = parse(code)?;
        match check::check(code, &statements, self.known()) {
            Ok(_) => Ok(Plan::Interpret),
            Err(error) => Plan::of_error(error),
        }
    }

    /// Runs a cell: parses it, checks all of it, then evaluates it.
    ///
    /// Gives the bundle of the last expression, if that has no `;` and is not `()`. Variables that were bound before an
    /// error keep their values.
    pub fn run(&mut self, code: &str) -> Result<Option<MimeBundle>> {
        let statements = parse(code)?;
        let globals = self.known();
        let checked = check::check(code, &statements, globals)?;
        // Syntax trees keep the locations of their tokens; they are not needed while the cell runs.
        drop(statements);
        let value = eval::run(&self.cx, &self.scope, &checked.statements, checked.slots, checked.tail)?;
        self.scope.refine(checked.globals.iter().map(|(name, known)| (name, &known.ty)));
        let shown = value.map(|value| value.bundle(&self.cx)).transpose();
        shown.map_err(|error| match checked.statements.last() {
            Some(last) => error.with_span(last.span),
            None => error,
        })
    }

    /// Keeps a frame as a variable, as `let name = frame;` would.
    pub fn bind(&mut self, name: &str, frame: DataFrame) -> Result<()> {
        self.bind_native(name, frame)
    }

    /// Keeps captured outputs as a variable.
    pub fn bind_captured(&mut self, name: &str, captured: Captured) -> Result<()> {
        self.bind_native(name, captured)
    }

    /// An error unless `name` can be given to a variable.
    pub fn check_name(&self, name: &str) -> Result<()> {
        if syn::parse_str::<syn::Ident>(name).is_err() || name == "session" {
            return Err(Error::invalid_argument(format!("`{name}` is not a name for a variable"))
                .with_span(Span::new(0, name.len()))
                .with_hint("use letters, digits and `_`"));
        }
        Ok(())
    }

    fn bind_native<T: Native>(&mut self, name: &str, value: T) -> Result<()> {
        self.check_name(name)?;
        self.scope.set(&self.cx, name, Value::native(value), Some((&Ty::Native(T::NAME), false)));
        Ok(())
    }

    /// A shared view of the notebook.
    pub fn notebook(&self) -> Notebook {
        Notebook::new(self.cx.session.clone(), self.scope.clone())
    }

    fn known(&self) -> HashMap<String, Known> {
        let scope = self.scope.read();
        let known = scope.iter().map(|(name, variable)| {
            let place = Place::Global(Arc::from(name.as_str()));
            (name.clone(), Known { ty: variable.ty.clone(), mutable: variable.mutable, assigned: true, place })
        });
        known.collect()
    }
}
