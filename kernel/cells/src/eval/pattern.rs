//! Matching values against patterns.

use super::Evaluator;
use crate::node::Pattern;
use crate::ops::{self, Comparison};
use crate::table::natives::OwnedValue;
use crate::value::Value;

impl Evaluator<'_> {
    /// Whether the value matches; if so, the pattern's variables have their values.
    pub(super) fn matches(&mut self, pattern: &Pattern, value: Value) -> bool {
        match (pattern, value) {
            (Pattern::Ignore, _) | (Pattern::None, Value::Option(None)) => true,
            (Pattern::Bind { slot, inner: None }, value) => {
                self.write(*slot, value);
                true
            }
            (Pattern::Bind { slot, inner: Some(inner) }, value) => {
                let matches = self.matches(inner, value.clone());
                if matches {
                    self.write(*slot, value);
                }
                matches
            }
            (Pattern::Tuple(patterns), Value::Tuple(items)) => {
                patterns.iter().zip(items).all(|(pattern, item)| self.matches(pattern, item))
            }
            (Pattern::Slice { before, rest, after }, Value::Vec(items)) => {
                self.slice_matches(before, rest.as_deref(), after, &items)
            }
            (Pattern::Some(inner), Value::Option(Some(value))) | (Pattern::Ok(inner), Value::Result(Ok(value))) => {
                self.matches(inner, *value)
            }
            (Pattern::Scalar(kind, inner), value) => {
                let inside = value.downcast_ref::<OwnedValue>().and_then(kind.inside);
                inside.is_some_and(|inside| self.matches(inner, inside))
            }
            (Pattern::Err(inner), Value::Result(Err(error))) => self.matches(inner, Value::str(error.message())),
            // Numbers in patterns are of the widest type, whatever that of the value is.
            (Pattern::Literal(Value::F64(literal)), Value::F32(value)) => *literal as f32 == value,
            (Pattern::Range { .. }, Value::F32(value)) => self.matches(pattern, Value::F64(value.into())),
            (Pattern::Literal(literal), value) => ops::equal(literal, &value),
            (Pattern::Range { start, end, inclusive }, value) => {
                let above = start.as_ref().is_none_or(|start| ops::comparison(Comparison::Ge, &value, start));
                let op = if *inclusive { Comparison::Le } else { Comparison::Lt };
                above && end.as_ref().is_none_or(|end| ops::comparison(op, &value, end))
            }
            (Pattern::Any(alternatives), value) => {
                alternatives.iter().any(|alternative| self.matches(alternative, value.clone()))
            }
            _ => false,
        }
    }

    fn slice_matches(
        &mut self,
        before: &[Pattern],
        rest: Option<&Pattern>,
        after: &[Pattern],
        items: &[Value],
    ) -> bool {
        let fixed = before.len() + after.len();
        if items.len() < fixed || (rest.is_none() && items.len() != fixed) {
            return false;
        }
        let (head, others) = items.split_at(before.len());
        let (middle, tail) = others.split_at(others.len() - after.len());
        before.iter().zip(head).chain(after.iter().zip(tail)).all(|(pattern, item)| self.matches(pattern, item.clone()))
            && rest.is_none_or(|rest| self.matches(rest, Value::vec(middle.to_vec())))
    }
}
