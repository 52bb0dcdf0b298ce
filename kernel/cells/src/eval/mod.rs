//! Evaluation of a checked cell.

mod call;
mod closure;
mod control;
mod pattern;
mod place;
mod slots;

use std::ops::Deref;
use std::time::Duration;

use aerostat_error::{Error, Result};

use crate::check::Checked;
use crate::context::Context;
use crate::iter::Iter;
use crate::node::{Exit, Kind, Node};
use crate::ops::{self, panic};
use crate::scope::SharedScope;
use crate::table::Callable;
use crate::ty::{IntTy, Ty};
use crate::value::{Value, limit, mismatch};

/// Why evaluation leaves its place.
pub(crate) enum Flow {
    /// The cell failed.
    Error(Error),
    /// `break`
    Break(Exit, Value),
    /// `continue`
    Continue(Exit),
    /// `return`
    Return(Value),
}

impl From<Error> for Flow {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

pub(crate) type Evaluated<T = Value> = std::result::Result<T, Flow>;

/// What evaluates the nodes of one cell.
pub struct Evaluator<'cell> {
    cx: &'cell Context,
    scope: &'cell SharedScope,
    cell: &'cell Checked,
    /// The values of all variables, of the notebook and of blocks alike.
    locals: Vec<Value>,
    /// The notebook's variables that were changed since they were last stored.
    changed: Vec<usize>,
    /// How long polars and the session have worked for this cell.
    engine: Duration,
    /// In a check, where only pure rows may be called: those that were.
    check: Option<Vec<&'static Callable>>,
}

impl Deref for Evaluator<'_> {
    type Target = Context;
    fn deref(&self) -> &Context {
        self.cx
    }
}

impl<'cell> Evaluator<'cell> {
    /// Evaluates the statements of a cell; the value of the last one, if that is the result. The time is that for which
    /// polars and the session have worked.
    pub(crate) fn run(
        cx: &'cell Context,
        scope: &'cell SharedScope,
        cell: &'cell Checked,
    ) -> (Result<Option<Value>>, Duration) {
        let mut evaluator = Self::new(cx, scope, cell);
        let result = evaluator.statements();
        (result, evaluator.engine)
    }

    fn statements(&mut self) -> Result<Option<Value>> {
        self.load()?;
        let mut result = None;
        for (index, statement) in self.cell.statements.iter().enumerate() {
            let evaluated = self.eval(statement);
            self.store();
            match evaluated {
                Ok(value) => result = Some(value).filter(|_| self.cell.tail && index + 1 == self.cell.statements.len()),
                Err(Flow::Error(error)) => return Err(error),
                Err(Flow::Return(value)) => {
                    result = Some(value);
                    break;
                }
                Err(Flow::Break(..) | Flow::Continue(_)) => {
                    return Err(Error::internal("a loop exit outside of a loop"));
                }
            }
        }
        Ok(result.filter(|value| !matches!(value, Value::Unit)))
    }

    /// The value of a node; an error without a place gets the node's.
    pub(crate) fn eval(&mut self, node: &Node) -> Evaluated {
        self.eval_kind(node).map_err(|flow| match flow {
            Flow::Error(error) => Flow::Error(error.with_span(node.span)),
            other => other,
        })
    }

    /// Lets an interrupt end a loop.
    pub(crate) fn tick(&self) -> Result<()> {
        self.cx.session.interrupt().check()
    }

    fn eval_kind(&mut self, node: &Node) -> Evaluated {
        match &node.kind {
            Kind::Const(value) => Ok(value.clone()),
            Kind::Variable(slot) => Ok(self.locals[*slot].clone()),
            Kind::Arithmetic(op, left, right) => {
                let left = self.eval(left)?;
                Ok(ops::arithmetic(*op, left, self.eval(right)?)?)
            }
            Kind::Comparison(op, left, right) => {
                let left = self.eval(left)?;
                Ok(Value::Bool(ops::comparison(*op, &left, &self.eval(right)?)))
            }
            Kind::Deferred(value) => Ok(value.get().cloned().ok_or_else(|| mismatch("constant"))?),
            Kind::Closure(index) => Ok(Value::Closure(*index)),
            Kind::Block { statements, tail } => self.block(statements, *tail),
            Kind::Discard(inner) => match self.eval(inner)? {
                // Rust only warns of a `Result` that nobody looked at; a notebook must not go on after a lost error.
                Value::Result(Err(error)) => Err(error.with_span(inner.span).into()),
                _ => Ok(Value::Unit),
            },
            Kind::Negate(inner) => Ok(ops::negate(self.eval(inner)?)?),
            Kind::Not(inner) => Ok(ops::not(self.eval(inner)?)?),
            Kind::And(left, right) => Ok(Value::Bool(self.truth(left)? && self.truth(right)?)),
            Kind::Or(left, right) => Ok(Value::Bool(self.truth(left)? || self.truth(right)?)),
            Kind::Cast(inner) => Ok(ops::cast(&self.eval(inner)?, &node.ty)?),
            Kind::Try(inner) => self.attempt(inner),
            Kind::Some(inner) => Ok(Value::some(self.eval(inner)?)),
            Kind::Ok(inner) => Ok(Value::Result(Ok(Box::new(self.eval(inner)?)))),
            Kind::Err(inner) => {
                let message = self.eval(inner)?.display();
                Ok(Value::Result(Err(Error::new(aerostat_error::Kind::Compute, message))))
            }
            Kind::Tuple(items) => Ok(Value::Tuple(self.eval_all(items)?)),
            Kind::List(items) => Ok(Value::vec(self.eval_all(items)?)),
            Kind::Repeat { value, times } => {
                let value = self.eval(value)?;
                let times = self.index(times)?;
                limit(times)?;
                Ok(Value::vec(vec![value; times]))
            }
            Kind::Range { start, end, inclusive } => self.range(start, end.as_deref(), *inclusive),
            Kind::LaidOut(inner) => {
                let mut iter = Iter::over(self.eval(inner)?)?;
                Ok(Value::vec(iter.collect(self)?))
            }
            Kind::Index { value, index } => self.indexed(value, index),
            Kind::Slice { value, start, end, inclusive } => {
                self.slice(value, start.as_deref(), end.as_deref(), *inclusive)
            }
            Kind::TupleField(value, index) => match self.eval(value)? {
                Value::Tuple(items) => items.into_iter().nth(*index).ok_or_else(|| mismatch("tuple").into()),
                _ => Err(mismatch("tuple").into()),
            },
            Kind::Field { value, row, field } => {
                let value = self.eval(value)?;
                let field = row.fields.get(*field).ok_or_else(|| mismatch("field"))?;
                Ok((field.get)(&value)?)
            }
            _ => self.eval_action(node),
        }
    }

    fn truth(&mut self, node: &Node) -> Evaluated<bool> {
        Ok(self.eval(node)?.bool()?)
    }

    fn eval_all(&mut self, nodes: &[Node]) -> Evaluated<Vec<Value>> {
        nodes.iter().map(|node| self.eval(node)).collect()
    }

    fn attempt(&mut self, inner: &Node) -> Evaluated {
        match self.eval(inner)? {
            Value::Result(Ok(value)) => Ok(*value),
            Value::Result(Err(error)) => Err(error.with_span(inner.span).into()),
            Value::Option(Some(value)) => Ok(*value),
            Value::Option(None) => Err(panic("`?` on a `None` value").into()),
            other => Ok(other),
        }
    }

    fn index(&mut self, node: &Node) -> Evaluated<usize> {
        Ok(position(&self.eval(node)?)?)
    }

    fn range(&mut self, start: &Node, end: Option<&Node>, inclusive: bool) -> Evaluated {
        let start = self.eval(start)?;
        let end = end.map(|end| self.eval(end)).transpose()?;
        match (start, end) {
            (Value::Int(first, ty), Some(Value::Int(last, _))) => {
                Ok(Value::Range(first, last.saturating_add(inclusive.into()), ty))
            }
            (Value::Int(first, ty), None) => Ok(Value::Range(first, ty.range().1.saturating_add(1), ty)),
            (Value::Char(first), Some(Value::Char(last))) => {
                let last =
                    if inclusive { last } else { char::from_u32(u32::from(last).saturating_sub(1)).unwrap_or('\0') };
                Ok(Value::vec((first..=last).map(Value::Char).collect()))
            }
            _ => Err(mismatch("integer").into()),
        }
    }

    fn indexed(&mut self, value: &Node, index: &Node) -> Evaluated {
        let index = self.eval(index)?;
        // The element is looked up where it is: a variable is not copied for it.
        if let Kind::Variable(slot) = &value.kind {
            return Ok(place::indexed(&self.locals[*slot], &index)?);
        }
        let value = self.eval(value)?;
        Ok(place::indexed(&value, &index)?)
    }

    fn slice(&mut self, value: &Node, start: Option<&Node>, end: Option<&Node>, inclusive: bool) -> Evaluated {
        let value = self.eval(value)?;
        let start = start.map(|start| self.index(start)).transpose()?.unwrap_or(0);
        let end = end.map(|end| self.index(end)).transpose()?.map(|end| end.saturating_add(inclusive.into()));
        Ok(place::part(&value, start, end)?)
    }
}

/// An index.
pub(crate) fn position(value: &Value) -> Result<usize> {
    let index = value.int()?;
    usize::try_from(index).map_err(|_| panic(format!("{index} does not fit into `usize`")))
}

/// The type that a turbofish names, as a value.
#[derive(Clone)]
pub(crate) struct TypeValue(pub(crate) Ty);

impl crate::value::Native for TypeValue {
    const NAME: &'static str = "type";
    fn text(&self) -> String {
        self.0.to_string()
    }
}

/// A number of `usize`.
pub(crate) fn count(n: usize) -> Value {
    Value::Int(n as i128, IntTy::Usize)
}
