//! The static check: from syntax to a [`Node`] tree in which names are resolved and types are known.
//!
//! Types flow down as expectations (so that `Default::default()` and closures know what they are), up as results, and
//! sideways by [inference](infer). A cell is checked as a whole before any of it runs; errors point into the cell. An
//! error of the kind `NotSupported` says that the cell has to be compiled.

mod argument;
mod assign;
mod call;
mod closure;
mod collect;
mod exhaustive;
mod expr;
mod familiar;
mod finish;
mod flow;
mod format;
mod hints;
mod index;
mod infer;
mod literal;
mod macros;
mod operator;
mod paths;
mod pattern;
mod places;
mod statement;
mod types;

use std::collections::HashMap;

use aerostat_error::{Error, Kind, Object, Result, Span};

use self::finish::Pending;
use self::infer::Inference;
pub(crate) use self::macros::macro_names;
pub(crate) use self::paths::default_of;
pub(crate) use self::places::{expr_span, path_span, span_of, token_span};
pub(crate) use self::statement::in_scope;
use crate::node::{Closure, Exit, Node, Slot};
use crate::plan::beyond;
use crate::scope::SharedScope;
use crate::table::TABLE;
use crate::ty::Ty;

/// The name of the method or text that stands for the cursor when code is completed.
pub(crate) const CURSOR: &str = "__cursor__";

/// What the check knows of a variable.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) ty: Ty,
    pub(crate) mutable: bool,
    /// Whether it has a value yet: `let x;` has none.
    pub(crate) assigned: bool,
    pub(crate) slot: Slot,
}

/// A loop or labelled block that is open.
struct Open {
    exit: Exit,
    label: Option<String>,
    /// Whether it is a block, which only its label leaves.
    block: bool,
    /// The type of what `break` gives.
    ty: Ty,
}

/// The state of the check of one cell.
pub(crate) struct Checker<'cell> {
    /// The text of the cell, for assertions that quote it.
    source: &'cell str,
    /// The variables that were there before the cell.
    notebook: Option<&'cell SharedScope>,
    infer: Inference,
    /// The notebook's variables that the cell may use, updated as it defines more.
    globals: HashMap<String, usize>,
    /// Every variable of the notebook that the cell has seen, shadowed ones included.
    cells: Vec<Global>,
    /// How many of them were there before the cell.
    known_before: usize,
    /// The variables of the open blocks, innermost last.
    blocks: Vec<HashMap<String, Known>>,
    /// The number of slots that variables take so far.
    slots: usize,
    /// The loops that are open, innermost last.
    open: Vec<Open>,
    exits: Exit,
    /// How many closures are open.
    inside_closures: usize,
    closures: Vec<Closure>,
    /// The variables of the first alternative of a pattern, while its others are checked.
    alternative: Option<HashMap<String, Known>>,
    pending: Vec<Pending>,
    /// Whether code is completed: calls may lack arguments.
    probing: bool,
    /// The type of what stands before the cursor, if code is completed.
    probed: Option<Ty>,
    /// The names of the variables that the cursor sees, if code is completed.
    seen: Vec<String>,
}

/// What is found out at the cursor when code is completed.
pub(crate) struct Probe {
    /// The type of what stands before the method [`CURSOR`].
    pub(crate) receiver: Option<Ty>,
    /// The variables that the name [`CURSOR`] could be.
    pub(crate) variables: Vec<String>,
    /// The cell, if it is whole.
    pub(crate) checked: Option<Checked>,
}

/// A variable of the notebook in one cell.
pub(crate) struct Global {
    pub(crate) name: String,
    pub(crate) slot: Slot,
    pub(crate) ty: Ty,
    pub(crate) mutable: bool,
    /// Whether it was there before the cell, and the cell reads it.
    pub(crate) loaded: bool,
    assigned: bool,
}

/// A cell that has been checked.
pub(crate) struct Checked {
    /// The text of the cell.
    pub(crate) source: String,
    pub(crate) statements: Vec<Node>,
    /// Whether the last statement's value is the result of the cell.
    pub(crate) tail: bool,
    /// How many slots its variables take.
    pub(crate) slots: usize,
    pub(crate) globals: Vec<Global>,
    pub(crate) closures: Vec<Closure>,
    /// For each slot, which of the globals it is.
    at: Vec<Option<usize>>,
    /// What the types inside of the nodes have turned out to be.
    infer: Inference,
}

impl Checked {
    /// The variable of the notebook that has this slot.
    pub(crate) fn global_at(&self, slot: Slot) -> Option<usize> {
        self.at.get(slot).copied().flatten()
    }

    /// A type of a node, with everything filled in.
    pub(crate) fn named(&self, ty: &Ty) -> Ty {
        self.infer.named(ty)
    }
}

/// Checks the statements of a cell against the variables of the notebook.
pub(crate) fn check(source: &str, statements: &[syn::Stmt], notebook: &SharedScope) -> Result<Checked> {
    match beyond(statements) {
        Some(error) => Err(error),
        None => Checker::new(source, Some(notebook)).cell(statements),
    }
}

/// Checks a cell in which [`CURSOR`] stands for the cursor.
pub(crate) fn probe(source: &str, statements: &[syn::Stmt], notebook: &SharedScope) -> Probe {
    let mut checker = Checker::new(source, Some(notebook));
    checker.probing = true;
    let checked = checker.statements(statements, None);
    let (receiver, variables) = (checker.probed.take(), std::mem::take(&mut checker.seen));
    let checked = checked.and_then(|(statements, tail)| checker.finish(statements, tail)).ok();
    Probe { receiver, variables, checked }
}

/// The type that `text` names.
pub(crate) fn type_named(text: &str) -> Result<Ty> {
    let ty = syn::parse_str::<syn::Type>(text).map_err(|error| crate::parse::syntax_error(&error))?;
    let mut checker = Checker::new(text, None);
    let ty = checker.syntax_type(&ty)?;
    Ok(checker.infer.named(&ty))
}

/// An error for Rust that cells do not interpret.
pub(crate) fn unsupported(what: &str, span: Span) -> Error {
    Error::not_supported(format!("{what} in a DataFrame cell"))
        .with_span(span)
        .with_hint("a cell of a notebook that has this is compiled; here Rust is only interpreted")
}

impl<'cell> Checker<'cell> {
    fn new(source: &'cell str, notebook: Option<&'cell SharedScope>) -> Self {
        let variables = notebook.map(|notebook| notebook.named_in(source)).unwrap_or_default();
        let mut checker = Self {
            source,
            notebook,
            infer: Inference::default(),
            globals: HashMap::new(),
            cells: Vec::new(),
            known_before: variables.len(),
            blocks: Vec::new(),
            slots: 0,
            open: Vec::new(),
            exits: 0,
            inside_closures: 0,
            closures: Vec::new(),
            alternative: None,
            pending: Vec::new(),
            probing: false,
            probed: None,
            seen: Vec::new(),
        };
        for (name, ty, mutable) in variables {
            let ty = checker.infer.open(&ty);
            checker.global(name, ty, mutable);
        }
        checker
    }

    fn cell(mut self, statements: &[syn::Stmt]) -> Result<Checked> {
        let (statements, tail) = self.statements(statements, None)?;
        self.finish(statements, tail)
    }

    fn global(&mut self, name: &str, ty: Ty, mutable: bool) -> Slot {
        let slot = self.slots;
        self.slots += 1;
        self.globals.insert(name.to_owned(), self.cells.len());
        self.cells.push(Global { name: name.to_owned(), slot, ty, mutable, loaded: false, assigned: true });
        slot
    }

    /// What is known of a variable.
    fn lookup(&self, name: &str) -> Option<Known> {
        if let Some(known) = self.blocks.iter().rev().find_map(|block| block.get(name)) {
            return Some(known.clone());
        }
        let global = &self.cells[*self.globals.get(name)?];
        let Global { slot, mutable, assigned, .. } = *global;
        Some(Known { ty: global.ty.clone(), mutable, assigned, slot })
    }

    /// Notes that the cell uses a variable that was there before.
    fn mark_used(&mut self, name: &str) {
        if self.blocks.iter().any(|block| block.contains_key(name)) {
            return;
        }
        if let Some(index) = self.globals.get(name).copied().filter(|index| *index < self.known_before) {
            self.cells[index].loaded = true;
        }
    }

    /// Notes whether a variable has a value.
    fn set_assigned(&mut self, name: &str, assigned: bool) {
        if let Some(known) = self.blocks.iter_mut().rev().find_map(|block| block.get_mut(name)) {
            known.assigned = assigned;
        } else if let Some(index) = self.globals.get(name) {
            self.cells[*index].assigned = assigned;
        }
    }

    /// Makes a variable known from here on: in the notebook at the top of a cell, in the block inside of one.
    fn define(&mut self, name: &str, ty: Ty, mutable: bool) -> Slot {
        let slot = self.slots;
        match self.blocks.last_mut() {
            Some(block) => {
                block.insert(name.to_owned(), Known { ty, mutable, assigned: true, slot });
                self.slots += 1;
                slot
            }
            None => self.global(name, ty, mutable),
        }
    }

    /// Runs a part of the check inside a block of its own.
    fn scoped<T>(&mut self, part: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.blocks.push(HashMap::new());
        let result = part(self);
        self.blocks.pop();
        result
    }

    /// The names of all variables, those that the cell does not name as well.
    fn names(&self) -> Vec<String> {
        let before = self.notebook.map(SharedScope::names).unwrap_or_default();
        self.blocks.iter().flat_map(HashMap::keys).chain(self.globals.keys()).cloned().chain(before).collect()
    }

    fn unknown_variable(&self, name: &str, span: Span) -> Error {
        let error = Error::new(Kind::NotFound(Object::Variable), format!("cannot find `{name}` in this notebook"));
        let hint = match TABLE.type_row(name) {
            Some(row) => Some(format!("`{name}` is a type: {}", row.doc)),
            None => {
                let functions = TABLE.members(None).into_iter().map(str::to_owned);
                aerostat_error::did_you_mean(name, self.names().into_iter().chain(functions))
            }
        };
        error.with_span(span).with_hint_opt(hint)
    }

    /// The outermost constructor of a type, as far as it is decided.
    fn shallow(&self, ty: &Ty) -> Ty {
        self.infer.shallow(ty)
    }

    /// A type for an error or a look into the table.
    fn named(&self, ty: &Ty) -> Ty {
        self.infer.named(ty)
    }

    /// Checks that `node` fits where `wanted` is asked for.
    fn expect(&mut self, wanted: &Ty, node: Node) -> Result<Node> {
        match self.infer.fits(wanted, &node.ty) {
            true => Ok(node),
            false => Err(self.mismatched(wanted, &node.ty, node.span)),
        }
    }

    /// Checks an expression that has to be of a type.
    fn typed_expr(&mut self, expr: &syn::Expr, wanted: &Ty) -> Result<Node> {
        let node = self.expr(expr, Some(wanted))?;
        self.expect(wanted, node)
    }
}
