//! A shared view of a notebook: what completion, inspection and `%whos` ask, also while a cell runs.

use aerostat_error::counted;
use aerostat_session::{MimeBundle, Parameter};
use polars::prelude::{DataFrame, LazyFrame};

use crate::complete::{self, Completions};
use crate::context::Context;
use crate::inspect;
use crate::parse;
use crate::scope::{SharedScope, Variable};
use crate::stack::deep;

/// A shared view of a notebook. Cloning is cheap.
#[derive(Clone)]
pub struct Notebook {
    pub(crate) cx: Context,
    pub(crate) scope: SharedScope,
}

/// Whether a cell is ready to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// It is.
    Complete,
    /// More lines are needed; the next one begins with `indent`.
    Incomplete {
        /// White space.
        indent: String,
    },
    /// No further line would make it valid.
    Invalid,
}

/// A variable, for `%whos`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariableInfo {
    /// Its name.
    pub name: String,
    /// Its type.
    pub type_name: String,
    /// Its value or shape in a few words.
    pub summary: String,
}

impl Notebook {
    pub(crate) fn new(cx: Context, scope: SharedScope) -> Self {
        Self { cx, scope }
    }

    /// What may stand at byte offset `cursor` of `code`.
    pub fn complete(&self, code: &str, cursor: usize) -> Completions {
        deep(|| complete::complete(self, code, cursor))
    }

    /// What is known of the name at byte offset `cursor`; with `detail` 1 also a variable's contents.
    pub fn inspect(&self, code: &str, cursor: usize, detail: u8) -> Option<MimeBundle> {
        deep(|| inspect::inspect(self, code, cursor, detail))
    }

    /// Whether `code` is ready to run.
    pub fn is_complete(&self, code: &str) -> Completeness {
        if let Some(open) = parse::unclosed(code) {
            let line = code[..open].lines().last().unwrap_or_default();
            let before: String = line.chars().take_while(|c| c.is_whitespace()).collect();
            return Completeness::Incomplete { indent: before + "    " };
        }
        match deep(|| parse::parse(code).map(drop)) {
            Ok(_) => Completeness::Complete,
            // A chain or operator that goes on: the parser wants more at the very end.
            Err(error) if error.span().is_some_and(|span| span.start >= code.trim_end().len()) => {
                Completeness::Incomplete { indent: String::new() }
            }
            Err(_) => Completeness::Invalid,
        }
    }

    /// The value of a variable that holds a single string, number, boolean, date or time.
    pub fn parameter(&self, name: &str) -> Option<Parameter> {
        let scope = self.scope.read();
        scope.get(name)?.value.as_parameter()
    }

    /// The variables that the user made.
    pub fn variables(&self) -> Vec<VariableInfo> {
        let scope = self.scope.read();
        let variables = scope.iter().filter(|(name, _)| *name != "session").map(|(name, variable)| VariableInfo {
            name: name.clone(),
            type_name: variable.ty.to_string(),
            summary: summary(variable),
        });
        variables.collect()
    }
}

/// The value in at most some sixty characters.
pub(crate) fn summary(variable: &Variable) -> String {
    if let Some(frame) = variable.value.downcast_ref::<DataFrame>() {
        return format!("{}, {}", counted(frame.height(), "row"), counted(frame.width(), "column"));
    }
    if let Some(plan) = variable.value.downcast_ref::<LazyFrame>() {
        let columns = plan.clone().collect_schema().map(|schema| schema.len());
        return columns.map_or_else(|_| "a plan".into(), |columns| format!("a plan of {}", counted(columns, "column")));
    }
    let text = variable.value.debug_up_to(200);
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}
