//! The static check: from syntax to a [`Node`] tree in which names are resolved and types are known.
//!
//! Types flow down as expectations (so that `Default::default()` and `None` know what they are) and up as results. A
//! cell is checked as a whole before any of it runs; errors point into the cell.

mod call;
mod expr;
mod flow;
mod format;
mod macros;
mod pattern;
mod statement;
mod types;

use std::collections::HashMap;
use std::sync::Arc;

use aerostat_error::{Error, Kind, Object, Result, Span};
use proc_macro2::Span as TokenSpan;
use syn::spanned::Spanned;

pub(crate) use self::macros::MACROS;
pub(crate) use self::statement::in_scope;
use crate::node::{Node, Place};
use crate::plan::beyond;
use crate::table::TABLE;
use crate::ty::{Bindings, Ty};

/// What the check knows of a variable.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) ty: Ty,
    pub(crate) mutable: bool,
    /// Whether it has a value yet: `let x;` has none.
    pub(crate) assigned: bool,
    pub(crate) place: Place,
}

/// The state of the check of one cell.
pub(crate) struct Checker<'cell> {
    /// The text of the cell, for assertions that quote it.
    source: &'cell str,
    /// The notebook's variables, updated as the cell defines more.
    globals: HashMap<String, Known>,
    /// The variables of the open blocks, innermost last.
    blocks: Vec<HashMap<String, Known>>,
    /// The number of slots that locals take so far.
    slots: usize,
    /// The number of loops that are open.
    loops: usize,
}

/// A cell that has been checked.
pub(crate) struct Checked {
    pub(crate) statements: Vec<Node>,
    /// Whether the last statement's value is the result of the cell.
    pub(crate) tail: bool,
    /// How many slots its locals take.
    pub(crate) slots: usize,
    /// What is known of the notebook's variables once the cell has run.
    pub(crate) globals: HashMap<String, Known>,
}

/// Checks the statements of a cell against the variables of the notebook.
pub(crate) fn check(source: &str, statements: &[syn::Stmt], globals: HashMap<String, Known>) -> Result<Checked> {
    if let Some(error) = beyond(statements) {
        return Err(error);
    }
    let mut checker = Checker { source, globals, blocks: Vec::new(), slots: 0, loops: 0 };
    let (statements, tail) = checker.statements(statements, None)?;
    Ok(Checked { statements, tail, slots: checker.slots, globals: checker.globals })
}

/// The place of a piece of syntax in the cell.
pub(crate) fn span_of(syntax: &impl Spanned) -> Span {
    token_span(syntax.span())
}

pub(crate) fn token_span(span: TokenSpan) -> Span {
    let range = span.byte_range();
    Span::new(range.start, range.end)
}

/// An error for Rust that cells do not interpret.
pub(crate) fn unsupported(what: &str, span: Span) -> Error {
    Error::not_supported(format!("{what} in a DataFrame cell"))
        .with_span(span)
        .with_hint("DataFrame cells are interpreted; Rust that must be compiled is not available in this version")
}

impl Checker<'_> {
    fn lookup(&self, name: &str) -> Option<&Known> {
        self.blocks.iter().rev().find_map(|block| block.get(name)).or_else(|| self.globals.get(name))
    }

    fn lookup_mut(&mut self, name: &str) -> Option<&mut Known> {
        match self.blocks.iter_mut().rev().find(|block| block.contains_key(name)) {
            Some(block) => block.get_mut(name),
            None => self.globals.get_mut(name),
        }
    }

    /// Makes a variable known from here on: in the notebook at the top of a cell, in the block inside of one.
    fn define(&mut self, name: &str, ty: Ty, mutable: bool) -> Place {
        let place = match self.blocks.is_empty() {
            true => Place::Global(Arc::from(name)),
            false => Place::Local(self.slots),
        };
        let known = Known { ty, mutable, assigned: true, place: place.clone() };
        match self.blocks.last_mut() {
            Some(block) => {
                self.slots += 1;
                block.insert(name.to_owned(), known);
            }
            None => {
                self.globals.insert(name.to_owned(), known);
            }
        }
        place
    }

    /// Runs a part of the check inside a block of its own.
    fn scoped<T>(&mut self, part: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.blocks.push(HashMap::new());
        let result = part(self);
        self.blocks.pop();
        result
    }

    fn names(&self) -> Vec<String> {
        self.blocks.iter().chain([&self.globals]).flat_map(HashMap::keys).cloned().collect()
    }

    fn unknown_variable(&self, name: &str, span: Span) -> Error {
        let mut candidates = self.names();
        candidates.extend(TABLE.members(None).into_iter().map(str::to_owned));
        Error::new(Kind::NotFound(Object::Variable), format!("cannot find `{name}` in this notebook"))
            .with_span(span)
            .with_hint_opt(aerostat_error::did_you_mean(name, candidates))
    }

    /// Checks that `node` fits where `wanted` is asked for.
    fn expect(&self, wanted: &Ty, node: Node) -> Result<Node> {
        match Bindings::default().fits(wanted, &node.ty) {
            true => Ok(node),
            false => Err(mismatched(wanted, &node.ty, node.span)),
        }
    }
}

/// `expected .., found ..`, with the advice that the two types suggest.
pub(crate) fn mismatched(wanted: &Ty, found: &Ty, span: Span) -> Error {
    let error = Error::new(Kind::TypeMismatch, format!("mismatched types: expected `{wanted}`, found `{found}`"))
        .with_span(span);
    error.with_hint_opt(advice(wanted, found).map(str::to_owned))
}

fn advice(wanted: &Ty, found: &Ty) -> Option<&'static str> {
    let native = |name| Ty::Native(name);
    match (wanted, found) {
        (_, Ty::Result(inner)) if Bindings::default().fits(wanted, inner) => {
            Some("add `?` to take the value out of the `Result`")
        }
        (_, Ty::Option(inner)) if Bindings::default().fits(wanted, inner) => {
            Some("add `.unwrap()` to take the value out of the `Option`")
        }
        (Ty::Option(inner), _) if Bindings::default().fits(inner, found) => Some("wrap it as `Some(..)`"),
        (Ty::Vec(inner), _) if Bindings::default().fits(inner, found) => Some("put it into an array: `[..]`"),
        (Ty::Native("Expr"), Ty::Str) => Some("`col(\"..\")` is a column, `lit(\"..\")` a constant"),
        (Ty::Native("Expr"), ty) if ty.is_int() || ty.is_float() || *ty == Ty::Bool => {
            Some("make it a constant: `lit(..)`")
        }
        (Ty::Native("LazyFrame"), ty) if *ty == native("DataFrame") => Some("`.lazy()` makes a LazyFrame of it"),
        (Ty::Native("DataFrame"), ty) if *ty == native("LazyFrame") => Some("`.collect()?` makes a DataFrame of it"),
        (Ty::Native("Selector"), Ty::Str | Ty::Vec(_)) => Some("choose columns with `cols([..])`"),
        (Ty::Int(_), Ty::Int(_)) | (Ty::F64 | Ty::F32, Ty::Int(_) | Ty::Integer) => Some("convert it with `as`"),
        (Ty::F64 | Ty::F32, _) | (_, Ty::F64 | Ty::F32) => None,
        _ => None,
    }
}
