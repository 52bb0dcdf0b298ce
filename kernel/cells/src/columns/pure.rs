//! What can be computed while a cell is checked: expressions, options, constants.

use super::Known;
use crate::node::{Kind, Node};
use crate::table::Callable;
use crate::ty::Ty;
use crate::value::Value;

/// The owners of rows that read, write, run or show something, or work on data rather than on plans.
const EFFECTS: [&str; 16] = [
    "Captured",
    "DisplayHandle",
    "Plot",
    "Session",
    "Reader",
    "Writer",
    "DataFrame",
    "LazyFrame",
    "LazyGroupBy",
    "GroupBy",
    "LazyCsvReader",
    "Series",
    "Column",
    "std_env",
    "iter",
    "File",
];

/// Free functions that show something, or make frames.
const SHOWING: [&str; 3] = ["display", "display_handle", "clear_output"];

/// Whether a row only builds a description of something.
fn describes(callable: &Callable) -> bool {
    let owner = callable.owner.unwrap_or_default();
    !callable.mutates
        && callable.ret != Ty::Unit
        && !EFFECTS.contains(&owner)
        && !owner.ends_with("Chunked")
        && !owner.ends_with("Reader")
        && !owner.ends_with("Writer")
        && !(callable.owner.is_none() && SHOWING.contains(&callable.name))
}

impl Known<'_> {
    /// The value of a node that can be computed without any effect.
    pub(super) fn pure(&mut self, node: &Node) -> Option<Value> {
        self.is_pure(node).then(|| self.evaluator.attempt_value(node)).flatten()
    }

    pub(super) fn is_pure(&self, node: &Node) -> bool {
        let itself = match &node.kind {
            Kind::Const(_)
            | Kind::Deferred(_)
            | Kind::Negate(_)
            | Kind::Not(_)
            | Kind::Arithmetic(..)
            | Kind::Comparison(..)
            | Kind::And(..)
            | Kind::Or(..)
            | Kind::Cast(_)
            | Kind::Try(_)
            | Kind::Some(_)
            | Kind::Ok(_)
            | Kind::Tuple(_)
            | Kind::List(_)
            | Kind::Range { .. }
            | Kind::Struct { .. }
            | Kind::Field { .. }
            | Kind::TupleField(..)
            | Kind::Index { .. }
            | Kind::Format(_) => true,
            Kind::Variable(slot) => self.values.contains(slot),
            Kind::Call { callable, .. } => describes(callable),
            _ => false,
        };
        itself && node.children().into_iter().all(|child| self.is_pure(child))
    }

    /// Whether a node calls something that may change tables.
    pub(super) fn may_change_tables(&self, node: &Node) -> bool {
        let itself = match &node.kind {
            Kind::Call { callable, .. } | Kind::Mutate { callable, .. } => {
                let owner = callable.owner.unwrap_or_default();
                owner.ends_with("Writer") || owner == "Session" && callable.name != "table"
            }
            _ => false,
        };
        itself || super::children(node, self.cell).into_iter().any(|child| self.may_change_tables(child))
    }
}
