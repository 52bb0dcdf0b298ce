//! What goes through a channel.

use std::os::fd::OwnedFd;

use polars::prelude::{DataFrame, LazyFrame};

use crate::{Failure, Value, codec};

/// A value on its way: bytes, and the shared memory that belongs to them.
#[derive(Debug, Default)]
pub struct Message {
    pub(crate) bytes: Vec<u8>,
    pub(crate) shared: Vec<OwnedFd>,
}

/// A call of something on the other side.
pub struct Call {
    /// What is called.
    pub method: String,
    /// With what.
    pub args: Vec<Value>,
}

/// Runs a plan that has no form in bytes.
pub type RunPlan<'a> = &'a dyn Fn(LazyFrame) -> Result<DataFrame, Failure>;

/// Runs a plan by polars alone.
pub fn run_plan(plan: LazyFrame) -> Result<DataFrame, Failure> {
    plan.collect().map_err(|error| Failure::of_polars(&error))
}

impl Message {
    /// A call.
    pub fn call(method: &str, args: Vec<Value>) -> Result<Self, Failure> {
        codec::encode(&Value::List([Value::str(method)].into_iter().chain(args).collect()), &run_plan)
    }

    /// The answer of a call that came to a value.
    pub fn answer(value: Value, run: RunPlan<'_>) -> Result<Self, Failure> {
        codec::encode(&Value::option(Some(value)), run)
    }

    /// The call that this is.
    pub fn into_call(self) -> Result<Call, Failure> {
        let mut parts = self.into_value()?.list().unwrap_or_default().into_iter();
        match parts.next() {
            Some(Value::Str(method)) => Ok(Call { method, args: parts.collect() }),
            _ => Err(Failure::new("INTERNAL_ERROR", "a call has no name")),
        }
    }

    /// What the call that this answers came to.
    pub fn into_answer(self) -> Result<Value, Failure> {
        match self.into_value()? {
            Value::Option(Some(value)) => Ok(*value),
            other => Err(Failure::try_from(other)
                .unwrap_or_else(|()| Failure::new("INTERNAL_ERROR", "an answer was not understood"))),
        }
    }

    fn into_value(self) -> Result<Value, Failure> {
        codec::decode(self).map_err(Failure::cannot_cross)
    }
}

/// The answer of a call that failed.
impl From<Failure> for Message {
    fn from(failure: Failure) -> Self {
        codec::encode(&failure.into(), &run_plan).unwrap_or_default()
    }
}
