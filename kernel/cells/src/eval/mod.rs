//! Evaluation of a checked cell.

mod call;
mod control;
mod pattern;

use aerostat_error::{Error, Kind as ErrorKind, Result};

use crate::context::Context;
use crate::frames;
use crate::node::{Kind, Node, Place};
use crate::ops;
use crate::scope::SharedScope;
use crate::ty::{IntTy, Ty};
use crate::value::{Value, mismatch};

/// Why evaluation leaves its place.
pub(crate) enum Flow {
    /// The cell failed.
    Error(Error),
    /// `break`
    Break(Value),
    /// `continue`
    Continue,
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
pub(crate) struct Evaluator<'cell> {
    pub(crate) cx: &'cell Context,
    pub(crate) scope: &'cell SharedScope,
    pub(crate) locals: Vec<Value>,
}

/// Evaluates the statements of a cell; the value of the last one if `tail`.
pub(crate) fn run(
    cx: &Context,
    scope: &SharedScope,
    statements: &[Node],
    slots: usize,
    tail: bool,
) -> Result<Option<Value>> {
    let mut evaluator = Evaluator { cx, scope, locals: vec![Value::Unit; slots] };
    let mut result = None;
    for (index, statement) in statements.iter().enumerate() {
        match evaluator.eval(statement) {
            Ok(value) => result = Some(value).filter(|_| tail && index + 1 == statements.len()),
            Err(Flow::Error(error)) => return Err(error),
            Err(Flow::Return(value)) => return Ok(Some(value)),
            Err(Flow::Break(_) | Flow::Continue) => return Err(Error::internal("a loop exit outside of a loop")),
        }
    }
    Ok(result.filter(|value| !matches!(value, Value::Unit)))
}

impl Evaluator<'_> {
    /// The value of a node; an error without a place gets the node's.
    pub(crate) fn eval(&mut self, node: &Node) -> Evaluated {
        self.eval_kind(node).map_err(|flow| match flow {
            Flow::Error(error) => Flow::Error(error.with_span(node.span)),
            other => other,
        })
    }

    fn eval_kind(&mut self, node: &Node) -> Evaluated {
        match &node.kind {
            Kind::Const(value) => Ok(value.clone()),
            Kind::Variable(place) => self.read(place),
            Kind::Block { statements, tail } => self.block(statements, *tail),
            Kind::Discard(inner) => match self.eval(inner)? {
                // Rust only warns of a `Result` that nobody looked at; a notebook must not go on after a lost error.
                Value::Result(Err(error)) => Err(error.with_span(inner.span).into()),
                _ => Ok(Value::Unit),
            },
            Kind::Negate(inner) => Ok(ops::negate(self.eval(inner)?)?),
            Kind::Not(inner) => Ok(ops::not(self.eval(inner)?)?),
            Kind::Arithmetic(op, left, right) => {
                let left = self.eval(left)?;
                Ok(ops::arithmetic(*op, left, self.eval(right)?)?)
            }
            Kind::Comparison(op, left, right) => {
                let left = self.eval(left)?;
                Ok(Value::Bool(ops::comparison(*op, &left, &self.eval(right)?)))
            }
            Kind::And(left, right) => Ok(Value::Bool(self.eval(left)?.bool()? && self.eval(right)?.bool()?)),
            Kind::Or(left, right) => Ok(Value::Bool(self.eval(left)?.bool()? || self.eval(right)?.bool()?)),
            Kind::Cast(inner) => Ok(ops::cast(&self.eval(inner)?, &node.ty)?),
            Kind::Try(inner) => self.attempt(inner),
            Kind::Some(inner) => Ok(Value::some(self.eval(inner)?)),
            Kind::Ok(inner) => Ok(Value::Result(Ok(Box::new(self.eval(inner)?)))),
            Kind::Tuple(items) => Ok(Value::Tuple(self.eval_all(items)?)),
            Kind::List(items) => Ok(typed(Value::Vec(self.eval_all(items)?), &node.ty)),
            Kind::Repeat { value, times } => {
                let value = self.eval(value)?;
                let times = self.index(times)?;
                Ok(Value::Vec(vec![value; times]))
            }
            Kind::Range { start, end, inclusive } => self.range(start, end, *inclusive),
            Kind::Index { value, index } => {
                let value = self.eval(value)?;
                Ok(frames::index(&value, self.eval(index)?.int()?)?)
            }
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

    fn eval_all(&mut self, nodes: &[Node]) -> Evaluated<Vec<Value>> {
        nodes.iter().map(|node| self.eval(node)).collect()
    }

    fn attempt(&mut self, inner: &Node) -> Evaluated {
        match self.eval(inner)? {
            Value::Result(Ok(value)) => Ok(*value),
            Value::Result(Err(error)) => Err(error.with_span(inner.span).into()),
            Value::Option(Some(value)) => Ok(*value),
            Value::Option(None) => Err(Error::new(ErrorKind::Panic, "`?` on a `None` value").into()),
            other => Ok(other),
        }
    }

    pub(crate) fn index(&mut self, node: &Node) -> Evaluated<usize> {
        let value = self.eval(node)?.int()?;
        usize::try_from(value)
            .map_err(|_| Error::new(ErrorKind::Panic, format!("{value} does not fit into `usize`")).into())
    }

    fn range(&mut self, start: &Node, end: &Node, inclusive: bool) -> Evaluated {
        let (start, end) = (self.eval(start)?, self.eval(end)?);
        let (Value::Int(first, a), Value::Int(last, b)) = (start, end) else { return Err(mismatch("integer").into()) };
        let ty = if a == IntTy::I32 { b } else { a };
        Ok(Value::Range(first, last + i128::from(inclusive), ty))
    }

    fn slice(&mut self, value: &Node, start: Option<&Node>, end: Option<&Node>, inclusive: bool) -> Evaluated {
        let Value::Vec(items) = self.eval(value)? else { return Err(mismatch("Vec").into()) };
        let start = start.map(|start| self.index(start)).transpose()?.unwrap_or(0);
        let end = end.map(|end| self.index(end)).transpose()?.map(|end| end + usize::from(inclusive));
        let end = end.unwrap_or(items.len());
        let len = items.len();
        let part = items.get(start..end).map(<[Value]>::to_vec);
        part.map(Value::Vec).ok_or_else(|| {
            Error::new(ErrorKind::Panic, format!("range {start}..{end} out of bounds for a length of {len}")).into()
        })
    }

    fn read(&self, place: &Place) -> Evaluated {
        match place {
            Place::Local(slot) => Ok(self.locals.get(*slot).cloned().unwrap_or(Value::Unit)),
            Place::Global(name) => Ok(self.scope.read().value(name)?),
        }
    }

    /// Gives a variable a value; in the notebook also its type.
    pub(crate) fn write(&mut self, place: &Place, value: Value, ty: Option<(&Ty, bool)>) -> Evaluated<()> {
        match place {
            Place::Local(slot) => {
                if let Some(local) = self.locals.get_mut(*slot) {
                    *local = value;
                }
            }
            Place::Global(name) => self.scope.set(self.cx, name, value, ty),
        }
        Ok(())
    }
}

/// A value whose literals take the type that the check found.
pub(crate) fn typed(value: Value, ty: &Ty) -> Value {
    match (value, ty) {
        (Value::Int(i, IntTy::I32), Ty::Int(int)) if int.holds(i) => Value::Int(i, *int),
        (Value::F64(f), Ty::F32) => Value::F32(f as f32),
        (Value::Vec(items), Ty::Vec(inner)) if matches!(**inner, Ty::Int(_) | Ty::F32 | Ty::Vec(_) | Ty::Option(_)) => {
            Value::Vec(items.into_iter().map(|item| typed(item, inner)).collect())
        }
        (Value::Option(Some(inner)), Ty::Option(ty)) => Value::some(typed(*inner, ty)),
        (value, _) => value,
    }
}
