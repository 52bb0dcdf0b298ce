//! Matching values against patterns.

use super::{Evaluated, Evaluator};
use crate::node::Pattern;
use crate::ops::{self, Comparison};
use crate::value::Value;

impl Evaluator<'_> {
    /// Whether the value matches; if so, the pattern's variables have their values.
    pub(super) fn matches(&mut self, pattern: &Pattern, value: Value) -> Evaluated<bool> {
        Ok(match (pattern, value) {
            (Pattern::Ignore, _) | (Pattern::None, Value::Option(None)) => true,
            (Pattern::Bind { place, ty, mutable, inner }, value) => {
                if let Some(inner) = inner
                    && !self.matches(inner, value.clone())?
                {
                    return Ok(false);
                }
                self.write(place, value, Some((ty, *mutable)))?;
                true
            }
            (Pattern::Tuple(patterns), Value::Tuple(items)) => {
                for (pattern, item) in patterns.iter().zip(items) {
                    if !self.matches(pattern, item)? {
                        return Ok(false);
                    }
                }
                true
            }
            (Pattern::Some(inner), Value::Option(Some(value))) | (Pattern::Ok(inner), Value::Result(Ok(value))) => {
                self.matches(inner, *value)?
            }
            (Pattern::Err(inner), Value::Result(Err(error))) => self.matches(inner, Value::str(error.message()))?,
            (Pattern::Literal(literal), value) => ops::equal(literal, &value),
            (Pattern::Range { start, end, inclusive }, value) => {
                let above = start.as_ref().is_none_or(|start| ops::comparison(Comparison::Ge, &value, start));
                let op = if *inclusive { Comparison::Le } else { Comparison::Lt };
                above && end.as_ref().is_none_or(|end| ops::comparison(op, &value, end))
            }
            (Pattern::Any(alternatives), value) => {
                for alternative in alternatives {
                    if self.matches(alternative, value.clone())? {
                        return Ok(true);
                    }
                }
                false
            }
            _ => false,
        })
    }
}
