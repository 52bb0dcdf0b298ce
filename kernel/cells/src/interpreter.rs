//! The interpreter of one notebook.

use std::sync::Arc;
use std::time::{Duration, Instant};

use aerostat_error::{Error, Result, Span};
use aerostat_session::{MimeBundle, Output, Session};

use crate::check::{self, Checked};
use crate::columns;
use crate::context::Context;
use crate::eval::Evaluator;
use crate::notebook::Notebook;
use crate::parse::parse;
use crate::plan::Plan;
use crate::rows::{Row, called};
use crate::scope::SharedScope;
use crate::stack::deep;
use crate::ty::Ty;
use crate::value::{Native, Value};

/// The interpreter of one notebook: its variables, and what runs its cells.
pub struct Interpreter {
    cx: Context,
    scope: SharedScope,
    spent: Spent,
}

/// Where the time of interpreted cells went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// How many cells were interpreted.
    pub cells: usize,
    /// Parsing, checking and evaluating: the kernel's own share.
    pub kernel: Duration,
    /// What polars and the session did.
    pub engine: Duration,
}

impl Interpreter {
    /// An interpreter whose only variable is `session`.
    pub fn new(session: Session, output: Arc<dyn Output>) -> Self {
        let cx = Context { session: session.clone(), output };
        let scope = SharedScope::default();
        scope.set(&cx, "session", Value::native(session), &Ty::Native(Session::NAME), false);
        Self { cx, scope, spent: Spent::default() }
    }

    /// An interpreter of the same notebook for another shell, whose cells put out elsewhere.
    pub fn join(notebook: &Notebook, output: Arc<dyn Output>) -> Self {
        let cx = Context { session: notebook.cx.session.clone(), output };
        Self { cx, scope: notebook.scope.clone(), spent: Spent::default() }
    }

    /// How a cell has to be run. An error is one of the user's that no compiler would mend.
    pub fn plan(&self, code: &str) -> Result<Plan> {
        deep(|| match self.checked(code) {
            Ok(_) => Ok(Plan::Interpret),
            Err(error) => Plan::of_error(error),
        })
    }

    /// The rows of the table that a cell calls.
    pub fn rows_of(&self, code: &str) -> Result<Vec<Row>> {
        deep(|| {
            let checked = self.checked(code)?;
            let closures = checked.closures.iter().map(|closure| &closure.body);
            Ok(called(checked.statements.iter().chain(closures)))
        })
    }

    /// The rows of the table that the check of a cell calls itself, and that the cell does not have to run for.
    pub fn rows_of_check(&self, code: &str) -> Result<Vec<Row>> {
        deep(|| {
            let checked = check::check(code, &parse(code)?, &self.scope)?;
            Ok(columns::called(&self.cx, &self.scope, &checked).into_iter().map(Row::from).collect())
        })
    }

    /// Runs a cell: parses it, checks all of it, then evaluates it.
    ///
    /// Gives the bundle of the last expression, if that has no `;` and is not `()`. Variables that were bound before an
    /// error keep their values.
    pub fn run(&mut self, code: &str) -> Result<Option<MimeBundle>> {
        deep(|| {
            let begun = Instant::now();
            let checked = self.checked(code)?;
            self.evaluate(begun, checked)
        })
    }

    /// Runs a cell if the plan for it is to interpret it; its value, or what asks for the compiler.
    pub fn run_as_planned(&mut self, code: &str) -> Result<(Plan, Option<MimeBundle>)> {
        deep(|| {
            let begun = Instant::now();
            match self.checked(code) {
                Ok(checked) => Ok((Plan::Interpret, self.evaluate(begun, checked)?)),
                Err(error) => Ok((Plan::of_error(error)?, None)),
            }
        })
    }

    fn evaluate(&mut self, begun: Instant, checked: Checked) -> Result<Option<MimeBundle>> {
        let (result, mut engine) = Evaluator::run(&self.cx, &self.scope, &checked);
        let result = result.map_err(|error| columns::at_its_name(error, &checked));
        let shown = result.and_then(|value| {
            let showing = Instant::now();
            let shown = value.map(|value| value.bundle(&self.cx)).transpose();
            engine += showing.elapsed();
            shown.map_err(|error| match checked.statements.last() {
                Some(last) => error.with_span(last.span),
                None => error,
            })
        });
        self.spent.cells += 1;
        self.spent.engine += engine;
        self.spent.kernel += begun.elapsed().saturating_sub(engine);
        shown
    }

    fn checked(&self, code: &str) -> Result<Checked> {
        let statements = parse(code)?;
        let checked = check::check(code, &statements, &self.scope)?;
        columns::verify(&self.cx, &self.scope, &checked)?;
        Ok(checked)
    }

    /// Where the time went since this was asked before.
    pub fn take_spent(&mut self) -> Spent {
        std::mem::take(&mut self.spent)
    }

    /// Keeps a value as a variable, as `let name = value;` would.
    pub fn bind<T: Native>(&mut self, name: &str, value: T) -> Result<()> {
        self.check_name(name)?;
        self.scope.set(&self.cx, name, Value::native(value), &Ty::Native(T::NAME), false);
        Ok(())
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

    pub(crate) fn context(&self) -> &Context {
        &self.cx
    }

    pub(crate) fn scope(&self) -> &SharedScope {
        &self.scope
    }

    /// A shared view of the notebook.
    pub fn notebook(&self) -> Notebook {
        Notebook::new(self.cx.clone(), self.scope.clone())
    }
}
