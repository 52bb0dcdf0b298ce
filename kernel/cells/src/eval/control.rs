//! Blocks, branches, loops and assignments.

use aerostat_error::{Error, Kind as ErrorKind};

use super::{Evaluated, Evaluator, Flow, typed};
use crate::node::{Arm, Kind, Node, Pattern, Place};
use crate::ops::{self, Arithmetic};
use crate::value::{Value, mismatch};

impl Evaluator<'_> {
    /// Nodes that do something rather than compute.
    pub(super) fn eval_action(&mut self, node: &Node) -> Evaluated {
        match &node.kind {
            Kind::Let { pattern, value, otherwise } => self.bind(pattern, value.as_deref(), otherwise.as_deref()),
            Kind::Assign { place, index, op, value } => self.assign(place, index.as_deref(), *op, value),
            Kind::If { condition, then, otherwise } => match self.eval(condition)?.bool()? {
                true => self.eval(then),
                false => otherwise.as_ref().map_or(Ok(Value::Unit), |otherwise| self.eval(otherwise)),
            },
            Kind::Matches { value, pattern } => {
                let value = self.eval(value)?;
                Ok(Value::Bool(self.matches(pattern, value)?))
            }
            Kind::Match { value, arms } => self.choose(value, arms),
            Kind::While { condition, body } => self.while_loop(condition, body),
            Kind::Loop { body } => self.endless_loop(body),
            Kind::For { pattern, iterated, body } => self.for_loop(pattern, iterated, body),
            Kind::Break(value) => {
                let value = value.as_ref().map_or(Ok(Value::Unit), |value| self.eval(value))?;
                Err(Flow::Break(value))
            }
            Kind::Continue => Err(Flow::Continue),
            Kind::Return(value) => {
                let value = value.as_ref().map_or(Ok(Value::Unit), |value| self.eval(value))?;
                Err(Flow::Return(value))
            }
            _ => self.eval_call(node),
        }
    }

    pub(super) fn block(&mut self, statements: &[Node], tail: bool) -> Evaluated {
        let mut last = Value::Unit;
        for statement in statements {
            last = self.eval(statement)?;
        }
        Ok(if tail { last } else { Value::Unit })
    }

    fn bind(&mut self, pattern: &Pattern, value: Option<&Node>, otherwise: Option<&Node>) -> Evaluated {
        let Some(node) = value else { return Ok(Value::Unit) };
        let value = typed(self.eval(node)?, &node.ty);
        match (self.matches(pattern, value)?, otherwise) {
            (true, _) => Ok(Value::Unit),
            (false, Some(otherwise)) => self.eval(otherwise),
            (false, None) => Err(Error::new(ErrorKind::Panic, "the value does not match the pattern of `let`").into()),
        }
    }

    fn assign(&mut self, place: &Place, index: Option<&Node>, op: Option<Arithmetic>, value: &Node) -> Evaluated {
        let new = self.eval(value)?;
        let new = typed(new, &value.ty);
        let Some(index) = index else {
            let new = match op {
                Some(op) => ops::arithmetic(op, self.take(place)?, new)?,
                None => new,
            };
            self.write(place, new, None)?;
            return Ok(Value::Unit);
        };
        let at = self.index(index)?;
        let Value::Vec(mut items) = self.take(place)? else { return Err(mismatch("Vec").into()) };
        let len = items.len();
        let result = match items.get_mut(at) {
            Some(slot) => match op {
                Some(op) => ops::arithmetic(op, slot.clone(), new).map(|new| *slot = new),
                None => {
                    *slot = new;
                    Ok(())
                }
            },
            None => Err(Error::new(
                ErrorKind::Panic,
                format!("index out of bounds: the len is {len} but the index is {at}"),
            )),
        };
        self.write(place, Value::Vec(items), None)?;
        result?;
        Ok(Value::Unit)
    }

    /// The value of a variable that is about to be changed.
    pub(super) fn take(&mut self, place: &Place) -> Evaluated {
        match place {
            Place::Local(slot) => {
                let local = self.locals.get_mut(*slot).ok_or_else(|| mismatch("local"))?;
                Ok(local.clone())
            }
            Place::Global(name) => Ok(self.scope.read().value(name)?),
        }
    }

    fn choose(&mut self, value: &Node, arms: &[Arm]) -> Evaluated {
        let value = self.eval(value)?;
        for arm in arms {
            if !self.matches(&arm.pattern, value.clone())? {
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
    fn turn(&mut self, body: &Node) -> Evaluated<Option<Value>> {
        self.cx.session.interrupt().check()?;
        match self.eval(body) {
            Ok(_) | Err(Flow::Continue) => Ok(None),
            Err(Flow::Break(value)) => Ok(Some(value)),
            Err(other) => Err(other),
        }
    }

    fn while_loop(&mut self, condition: &Node, body: &Node) -> Evaluated {
        while self.eval(condition)?.bool()? {
            if self.turn(body)?.is_some() {
                break;
            }
        }
        Ok(Value::Unit)
    }

    fn endless_loop(&mut self, body: &Node) -> Evaluated {
        loop {
            if let Some(value) = self.turn(body)? {
                return Ok(value);
            }
        }
    }

    fn for_loop(&mut self, pattern: &Pattern, iterated: &Node, body: &Node) -> Evaluated {
        // A range is counted through, never laid out: `for i in 0..1_000_000_000` must not fill the memory.
        let items: Box<dyn Iterator<Item = Value>> = match self.eval(iterated)? {
            Value::Range(start, end, ty) => Box::new((start..end).map(move |i| Value::Int(i, ty))),
            other => Box::new(other.into_elements()?.into_iter()),
        };
        for item in items {
            self.matches(pattern, item)?;
            if self.turn(body)?.is_some() {
                break;
            }
        }
        Ok(Value::Unit)
    }
}
