//! Parts of values: looked at, cut out, and changed in place.

use std::collections::BTreeMap;
use std::sync::Arc;

use aerostat_error::Result;
use aerostat_session::errors::unknown_column;
use polars::prelude::{Column, DataFrame};

use super::{Evaluated, Evaluator, position};
use crate::node::{Node, Step, Target};
use crate::ops::{self, Arithmetic, panic};
use crate::table::{Callable, Field, TypeRow};
use crate::value::{Key, Value, mismatch};

/// A step whose index or key is computed.
enum Way {
    Index(usize),
    Entry(Key, Value),
    TupleField(usize),
    Field(&'static TypeRow, usize),
}

/// The element at an index or of a key, or the column of a frame.
pub(super) fn indexed(value: &Value, index: &Value) -> Result<Value> {
    match value.downcast_ref::<DataFrame>() {
        Some(frame) => Ok(Value::native(column(frame, index)?.clone())),
        None => element(value, index).cloned(),
    }
}

fn column<'f>(frame: &'f DataFrame, index: &Value) -> Result<&'f Column> {
    if let Value::Str(name) = index {
        return frame.column(name).map_err(|_| {
            let unknown = unknown_column(name, &frame.get_column_names());
            panic(unknown.message()).with_hint_opt(unknown.hint().map(str::to_owned))
        });
    }
    frame.columns().get(position(index)?).ok_or_else(|| out_of_bounds(frame.width(), index))
}

/// The element at an index, or of a key.
fn element<'v>(value: &'v Value, index: &Value) -> Result<&'v Value> {
    let at = || position(index);
    match value {
        Value::Vec(items) => items.get(at()?).ok_or_else(|| out_of_bounds(items.len(), index)),
        Value::Deque(items) => items.get(at()?).ok_or_else(|| out_of_bounds(items.len(), index)),
        Value::Map(entries) => {
            let found = entries.get(&Key(index.clone()));
            found.ok_or_else(|| panic(format!("the map has no key {}", index.debug(false))))
        }
        _ => Err(mismatch("Vec")),
    }
}

fn out_of_bounds(len: usize, index: &Value) -> aerostat_error::Error {
    panic(format!("index out of bounds: the len is {len} but the index is {}", index.display()))
}

/// The elements or bytes from `start` up to `end`.
pub(super) fn part(value: &Value, start: usize, end: Option<usize>) -> Result<Value> {
    let outside =
        |len: usize| panic(format!("range {start}..{} out of bounds for a length of {len}", end.unwrap_or(len)));
    match value {
        Value::Vec(items) => {
            let part = items.get(start..end.unwrap_or(items.len())).ok_or_else(|| outside(items.len()))?;
            Ok(Value::vec(part.to_vec()))
        }
        Value::Str(text) => {
            let part = text.get(start..end.unwrap_or(text.len()));
            part.map(Value::str).ok_or_else(|| match end.unwrap_or(text.len()) <= text.len() && start <= text.len() {
                true => panic(format!("byte {start} or {} is inside of a character", end.unwrap_or(text.len()))),
                false => outside(text.len()),
            })
        }
        _ => Err(mismatch("Vec")),
    }
}

impl Evaluator<'_> {
    /// `target = value`, or with an operator `target += value`.
    pub(super) fn assign(&mut self, target: &Target, op: Option<Arithmetic>, value: &Node) -> Evaluated {
        let new = self.eval(value)?;
        let ways = self.ways(&target.steps)?;
        let mut root = std::mem::replace(&mut self.locals[target.slot], Value::Unit);
        let changed = change(&mut root, &ways, &mut |place| {
            *place = match op {
                Some(op) => ops::arithmetic(op, std::mem::replace(place, Value::Unit), new.clone())?,
                None => new.clone(),
            };
            Ok(Value::Unit)
        });
        self.put_back(target, root, changed)
    }

    /// Calls a method that gives its receiver back changed.
    pub(super) fn mutate(&mut self, callable: &'static Callable, target: &Target, args: &[Node]) -> Evaluated {
        let args = self.eval_all(args)?;
        let ways = self.ways(&target.steps)?;
        let mut root = std::mem::replace(&mut self.locals[target.slot], Value::Unit);
        let changed = change(&mut root, &ways, &mut |place| {
            let mut values = vec![std::mem::replace(place, Value::Unit)];
            values.extend(args.iter().cloned());
            let Value::Tuple(parts) = self.invoke(callable, values)? else { return Err(mismatch("tuple")) };
            let mut parts = parts.into_iter();
            let (Some(receiver), Some(result)) = (parts.next(), parts.next()) else { return Err(mismatch("tuple")) };
            *place = receiver;
            Ok(result)
        });
        self.put_back(target, root, changed)
    }

    /// The value of an entry of a map, inserted if it is missing.
    pub(super) fn entry(&mut self, target: &Target) -> Evaluated {
        let ways = self.ways(&target.steps)?;
        let mut root = std::mem::replace(&mut self.locals[target.slot], Value::Unit);
        let found = change(&mut root, &ways, &mut |place| Ok(place.clone()));
        self.put_back(target, root, found)
    }

    fn put_back(&mut self, target: &Target, root: Value, changed: Result<Value>) -> Evaluated {
        self.locals[target.slot] = root;
        match changed {
            Ok(result) => {
                self.mark(target.slot);
                Ok(result)
            }
            Err(error) => {
                self.restore(target.slot);
                Err(error.into())
            }
        }
    }

    fn ways(&mut self, steps: &[Step]) -> Evaluated<Vec<Way>> {
        steps.iter().map(|step| self.way(step)).collect()
    }

    fn way(&mut self, step: &Step) -> Evaluated<Way> {
        Ok(match step {
            Step::Index(index) => Way::Index(self.index(index)?),
            Step::Entry { key, default } => {
                let key = self.eval(key)?;
                Way::Entry(Key(key), self.eval(default)?)
            }
            Step::TupleField(index) => Way::TupleField(*index),
            Step::Field(row, field) => Way::Field(row, *field),
        })
    }
}

/// Follows the ways into a value and changes what is there.
fn change(value: &mut Value, ways: &[Way], apply: &mut dyn FnMut(&mut Value) -> Result<Value>) -> Result<Value> {
    let Some((way, rest)) = ways.split_first() else { return apply(value) };
    match (way, value) {
        (Way::Index(at), Value::Vec(items)) => {
            let len = items.len();
            match Arc::make_mut(items).get_mut(*at) {
                Some(item) => change(item, rest, apply),
                None => Err(out_of_bounds(len, &super::count(*at))),
            }
        }
        (Way::Index(at), Value::Deque(items)) => {
            let len = items.len();
            match Arc::make_mut(items).get_mut(*at) {
                Some(item) => change(item, rest, apply),
                None => Err(out_of_bounds(len, &super::count(*at))),
            }
        }
        (Way::Entry(key, default), Value::Map(entries)) => {
            let entries: &mut BTreeMap<Key, Value> = Arc::make_mut(entries);
            change(entries.entry(key.clone()).or_insert_with(|| default.clone()), rest, apply)
        }
        (Way::TupleField(index), Value::Tuple(items)) => {
            change(items.get_mut(*index).ok_or_else(|| mismatch("tuple"))?, rest, apply)
        }
        (Way::Field(row, index), value) => {
            let field: &Field = row.fields.get(*index).ok_or_else(|| mismatch("field"))?;
            let mut inside = (field.get)(value)?;
            let result = change(&mut inside, rest, apply)?;
            (field.set)(value, inside)?;
            Ok(result)
        }
        _ => Err(mismatch("place")),
    }
}
