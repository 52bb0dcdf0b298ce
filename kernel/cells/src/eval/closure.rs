//! Calls of closures, and of functions by value.

use aerostat_error::{Error, Result};

use super::{Evaluator, Flow};
use crate::iter::Func;
use crate::value::{Value, mismatch};

impl Evaluator<'_> {
    /// Calls a closure of the cell.
    pub(crate) fn call<const N: usize>(&mut self, closure: Func, args: [Value; N]) -> Result<Value> {
        let closure = self.cell.closures.get(closure).ok_or_else(|| mismatch("closure"))?;
        for (pattern, arg) in closure.params.iter().zip(args) {
            self.matches(pattern, arg);
        }
        match self.eval(&closure.body) {
            Ok(value) => Ok(value),
            Err(Flow::Error(error)) => Err(error),
            // The check lets neither `return` nor an exit of an outer loop into a closure.
            Err(_) => Err(Error::internal("an exit out of a closure")),
        }
    }
}
