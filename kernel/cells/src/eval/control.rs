//! Blocks, branches and loops.

use aerostat_error::Error;

use super::{Evaluated, Evaluator, Flow};
use crate::iter::Iter;
use crate::node::{Arm, Exit, Kind, Node, Pattern};
use crate::ops::panic;
use crate::value::{Value, mismatch};

impl Evaluator<'_> {
    /// Nodes that do something rather than compute.
    pub(super) fn eval_action(&mut self, node: &Node) -> Evaluated {
        match &node.kind {
            Kind::Let { pattern, value, otherwise } => self.bind(pattern, value.as_deref(), otherwise.as_deref()),
            Kind::Assign { target, op, value } => self.assign(target, *op, value),
            Kind::If { condition, then, otherwise } => match self.eval(condition)?.bool()? {
                true => self.eval(then),
                false => otherwise.as_ref().map_or(Ok(Value::Unit), |otherwise| self.eval(otherwise)),
            },
            Kind::Matches { value, pattern } => {
                let value = self.eval(value)?;
                Ok(Value::Bool(self.matches(pattern, value)))
            }
            Kind::Match { value, arms } => self.choose(value, arms),
            Kind::Labelled { exit, body } => match self.eval(body) {
                Err(Flow::Break(to, value)) if to == *exit => Ok(value),
                other => other,
            },
            Kind::While { exit, condition, body } => {
                while self.eval(condition)?.bool()? {
                    if self.turn(*exit, body)?.is_some() {
                        break;
                    }
                }
                Ok(Value::Unit)
            }
            Kind::Loop { exit, body } => loop {
                if let Some(value) = self.turn(*exit, body)? {
                    return Ok(value);
                }
            },
            Kind::For { exit, pattern, iterated, body } => {
                let mut iter = Iter::over(self.eval(iterated)?)?;
                while let Some(item) = iter.next(self)? {
                    if !self.matches(pattern, item) {
                        return Err(mismatch("pattern").into());
                    }
                    if self.turn(*exit, body)?.is_some() {
                        break;
                    }
                }
                Ok(Value::Unit)
            }
            Kind::Break(exit, value) => {
                let value = self.optional(value.as_deref())?;
                Err(Flow::Break(*exit, value))
            }
            Kind::Continue(exit) => Err(Flow::Continue(*exit)),
            Kind::Return(value) => {
                let value = self.optional(value.as_deref())?;
                Err(Flow::Return(value))
            }
            _ => self.eval_call(node),
        }
    }

    fn optional(&mut self, node: Option<&Node>) -> Evaluated {
        node.map_or(Ok(Value::Unit), |node| self.eval(node))
    }

    pub(super) fn block(&mut self, statements: &[Node], tail: bool) -> Evaluated {
        let Some((last, before)) = statements.split_last() else { return Ok(Value::Unit) };
        for statement in before {
            self.eval(statement)?;
        }
        let value = self.eval(last)?;
        Ok(if tail { value } else { Value::Unit })
    }

    fn bind(&mut self, pattern: &Pattern, value: Option<&Node>, otherwise: Option<&Node>) -> Evaluated {
        let Some(node) = value else { return Ok(Value::Unit) };
        let value = self.eval(node)?;
        match (self.matches(pattern, value), otherwise) {
            (true, _) => Ok(Value::Unit),
            (false, Some(otherwise)) => self.eval(otherwise),
            (false, None) => Err(panic("the value does not match the pattern of `let`").into()),
        }
    }

    fn choose(&mut self, value: &Node, arms: &[Arm]) -> Evaluated {
        let value = self.eval(value)?;
        for arm in arms {
            if !self.matches(&arm.pattern, value.clone()) {
                continue;
            }
            let guarded = match &arm.guard {
                Some(guard) => self.eval(guard)?.bool()?,
                None => true,
            };
            if guarded {
                return self.eval(&arm.body);
            }
        }
        Err(Error::internal("a match without a matching arm passed the static check").into())
    }

    /// Runs the body of a loop once; the value if it ended the loop.
    fn turn(&mut self, exit: Exit, body: &Node) -> Evaluated<Option<Value>> {
        self.tick()?;
        match self.eval(body) {
            Ok(_) => Ok(None),
            Err(Flow::Continue(to)) if to == exit => Ok(None),
            Err(Flow::Break(to, value)) if to == exit => Ok(Some(value)),
            Err(other) => Err(other),
        }
    }
}
