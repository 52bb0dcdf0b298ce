//! What can be computed while a cell is checked: expressions, options, constants, plans.
//!
//! Both lists here say what is allowed: the nodes below, and of the table the rows whose [effect](Effect) is none. The
//! evaluator of a check calls no other row, whatever it is asked for.

use super::Known;
use crate::node::{Kind, Node};
use crate::table::Effect;
use crate::value::Value;

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
            Kind::Call { callable, .. } => callable.effect == Effect::Pure,
            _ => false,
        };
        itself && node.children().into_iter().all(|child| self.is_pure(child))
    }

    /// Whether a node calls something that may change tables.
    pub(super) fn may_change_tables(&self, node: &Node) -> bool {
        let itself = match &node.kind {
            Kind::Call { callable, .. } | Kind::Mutate { callable, .. } => callable.effect == Effect::Writes,
            _ => false,
        };
        itself || super::children(node, self.cell).into_iter().any(|child| self.may_change_tables(child))
    }
}
