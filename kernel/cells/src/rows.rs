//! What the table holds and what a cell uses of it, for tests that compare them with polars.

use crate::node::{Kind, Node};
use crate::table::{Callable, Effect, TABLE};
use crate::ty::Ty;

/// A function or method of the cell language.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Row {
    /// The type it belongs to, if any.
    pub owner: Option<&'static str>,
    /// Its name.
    pub name: &'static str,
    /// Whether it is of polars or the session, not of Rust's own types.
    pub engine: bool,
    /// Whether it has no effect, so that the check of a cell may call it.
    pub pure: bool,
}

impl From<&Callable> for Row {
    fn from(callable: &Callable) -> Self {
        let owner = callable.receiver.as_ref().map(Ty::head).or(callable.owner);
        // The typed views of columns are many types with the same rows, and no types that a cell names.
        let named = owner.is_none_or(|owner| TABLE.type_row(owner).is_some());
        Self {
            owner,
            name: callable.name,
            engine: callable.is_engine() && named,
            pure: callable.effect == Effect::Pure,
        }
    }
}

/// Every row of the table.
pub fn rows() -> Vec<Row> {
    TABLE.callables().map(Row::from).collect()
}

/// The rows that these nodes call.
pub(crate) fn called<'a>(nodes: impl IntoIterator<Item = &'a Node>) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut open: Vec<&Node> = nodes.into_iter().collect();
    while let Some(node) = open.pop() {
        if let Kind::Call { callable, .. } | Kind::Mutate { callable, .. } = &node.kind {
            rows.push(Row::from(*callable));
        }
        open.extend(node.children());
    }
    rows
}
