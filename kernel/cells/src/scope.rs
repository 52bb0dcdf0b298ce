//! The variables of a notebook, shared between the cell that runs and whoever completes or inspects.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aerostat_error::{Error, Object, Result};
use polars::prelude::*;

use crate::context::Context;
use crate::ty::{Ty, unify};
use crate::value::Value;

/// A variable of the notebook.
#[derive(Clone)]
pub struct Variable {
    /// Its type.
    pub ty: Ty,
    /// Whether it was declared with `mut`.
    pub mutable: bool,
    /// Its value.
    pub value: Value,
}

/// The variables by name.
#[derive(Default)]
pub struct Scope {
    variables: BTreeMap<String, Variable>,
}

/// A [`Scope`] that several threads may look at; locks are held for an instant, never while anything is computed.
#[derive(Clone, Default)]
pub struct SharedScope(Arc<Mutex<Scope>>);

impl Scope {
    /// The value of a variable.
    pub fn value(&self, name: &str) -> Result<Value> {
        match self.variables.get(name) {
            Some(variable) => Ok(variable.value.clone()),
            None => Err(Error::not_found(Object::Variable, name)),
        }
    }

    /// A variable.
    pub fn get(&self, name: &str) -> Option<&Variable> {
        self.variables.get(name)
    }

    /// All variables, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &Variable)> {
        self.variables.iter()
    }
}

impl SharedScope {
    /// A look at the variables.
    pub fn read(&self) -> MutexGuard<'_, Scope> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives a variable a value, and its type if it is declared anew; frames become visible to SQL.
    pub fn set(&self, cx: &Context, name: &str, value: Value, declared: Option<(&Ty, bool)>) {
        match as_plan(&value) {
            Some(plan) => cx.session.bind_frame(name, plan),
            None => cx.session.unbind_frame(name),
        }
        let mut scope = self.read();
        match (declared, scope.variables.get_mut(name)) {
            (None, Some(variable)) => variable.value = value,
            (declared, _) => {
                let (ty, mutable) = declared.map_or((Ty::Any, true), |(ty, mutable)| (ty.clone(), mutable));
                scope.variables.insert(name.to_owned(), Variable { ty, mutable, value });
            }
        }
    }

    /// Makes the types of variables as precise as a later use has shown them to be.
    pub fn refine<'n>(&self, types: impl Iterator<Item = (&'n String, &'n Ty)>) {
        let mut scope = self.read();
        for (name, ty) in types {
            if let Some(variable) = scope.variables.get_mut(name)
                && unify(&variable.ty, ty).as_ref() == Some(ty)
            {
                variable.ty = ty.clone();
            }
        }
    }
}

fn as_plan(value: &Value) -> Option<LazyFrame> {
    match value.downcast_ref::<DataFrame>() {
        Some(frame) => Some(frame.clone().lazy()),
        None => value.downcast_ref::<LazyFrame>().cloned(),
    }
}
