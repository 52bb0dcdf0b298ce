//! The variables of a notebook, shared between the cell that runs and whoever completes or inspects.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aerostat_error::{Error, Object, Result};
use aerostat_session::{Origin, Session, Shown};
use polars::prelude::*;

use crate::context::Context;
use crate::ty::Ty;
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

    /// Gives a variable a value; frames become visible to SQL.
    pub fn set(&self, cx: &Context, name: &str, value: Value, ty: &Ty, mutable: bool) {
        match as_plan(&value) {
            Some(plan) => cx.session.bind_frame(name, plan),
            None => drop(cx.session.unbind_frame(name)),
        }
        let variable = Variable { ty: ty.clone(), mutable, value };
        self.read().variables.insert(name.to_owned(), variable);
    }

    /// The variables whose names occur in `text`, with their types and whether they may be changed. A cell of a long
    /// notebook names few of them.
    pub(crate) fn named_in<'t>(&self, text: &'t str) -> Vec<(&'t str, Ty, bool)> {
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
        let scope = self.read();
        let variable = |name| scope.get(name).map(|variable| (name, variable));
        let named: BTreeMap<&str, &Variable> = words.filter_map(variable).collect();
        named.into_iter().map(|(name, variable)| (name, variable.ty.clone(), variable.mutable)).collect()
    }

    /// The names of all variables.
    pub(crate) fn names(&self) -> Vec<String> {
        self.read().variables.keys().cloned().collect()
    }

    /// Forgets a variable.
    pub fn remove(&self, cx: &Context, name: &str) {
        cx.session.unbind_frame(name);
        self.read().variables.remove(name);
    }
}

/// Has SQL see a variable of a block, or nothing if it is no frame, where it saw one of the notebook; what it saw.
pub(crate) fn show_local(session: &Session, name: &str, value: &Value) -> Option<Shown> {
    show_again(session, name, as_plan(value).map(Shown::Frame))
}

/// Has SQL see this, or nothing, under the name of a variable; what it saw before.
pub(crate) fn show_again(session: &Session, name: &str, shown: Option<Shown>) -> Option<Shown> {
    match shown {
        Some(shown) => session.show_as(Origin::Variable, name, shown),
        None => session.unbind_frame(name),
    }
}

fn as_plan(value: &Value) -> Option<LazyFrame> {
    match value.downcast_ref::<DataFrame>() {
        Some(frame) => Some(frame.clone().lazy()),
        None => value.downcast_ref::<LazyFrame>().cloned(),
    }
}
