//! The variables of a cell while it runs, and when those of the notebook are stored.
//!
//! All variables are in slots. Those of the notebook are stored after each statement, so that a loop does not pay for it;
//! frames are stored at once, because SQL inside the statement can see them.

use std::time::Duration;

use aerostat_error::Result;

use super::Evaluator;
use crate::check::Checked;
use crate::context::Context;
use crate::node::{Node, Slot};
use crate::scope::SharedScope;
use crate::table::Callable;
use crate::value::Value;

impl<'cell> Evaluator<'cell> {
    pub(super) fn new(cx: &'cell Context, scope: &'cell SharedScope, cell: &'cell Checked) -> Self {
        let locals = vec![Value::Unit; cell.slots];
        Self { cx, scope, cell, locals, changed: Vec::new(), engine: Duration::ZERO, check: None }
    }

    /// An evaluator for the check of a cell: its variables have these values, and it calls pure rows only.
    pub(crate) fn for_check(
        cx: &'cell Context,
        scope: &'cell SharedScope,
        cell: &'cell Checked,
        values: impl Iterator<Item = (Slot, Value)>,
    ) -> Self {
        let mut evaluator = Self { check: Some(Vec::new()), ..Self::new(cx, scope, cell) };
        for (slot, value) in values {
            evaluator.locals[slot] = value;
        }
        evaluator
    }

    /// Gives the slots of the notebook's variables their values.
    pub(super) fn load(&mut self) -> Result<()> {
        let scope = self.scope.read();
        for global in self.cell.globals.iter().filter(|global| global.loaded) {
            self.locals[global.slot] = scope.value(&global.name)?;
        }
        Ok(())
    }

    /// Stores the notebook's variables that were changed.
    pub(super) fn store(&mut self) {
        for index in std::mem::take(&mut self.changed) {
            self.store_one(index);
        }
    }

    fn store_one(&self, index: usize) {
        let global = &self.cell.globals[index];
        match &self.locals[global.slot] {
            // An iterator belongs to the cell whose closures it calls.
            Value::Iter(_) => self.scope.remove(self.cx, &global.name),
            value => self.scope.set(self.cx, &global.name, value.clone(), &global.ty, global.mutable),
        }
    }

    /// Gives a variable a value.
    pub(super) fn write(&mut self, slot: Slot, value: Value) {
        self.locals[slot] = value;
        self.mark(slot);
    }

    /// Gives a variable of the notebook the value back that it had before this statement: a change of it failed halfway.
    pub(super) fn restore(&mut self, slot: Slot) {
        let Some(index) = self.cell.global_at(slot) else { return };
        self.changed.retain(|changed| *changed != index);
        if let Ok(value) = self.scope.read().value(&self.cell.globals[index].name) {
            self.locals[slot] = value;
        }
    }

    /// Remembers that a variable was changed.
    pub(super) fn mark(&mut self, slot: Slot) {
        let Some(index) = self.cell.global_at(slot) else { return };
        if matches!(self.locals[slot], Value::Native(_)) {
            self.store_one(index);
        } else if !self.changed.contains(&index) {
            self.changed.push(index);
        }
    }
}

/// For the check of columns, which computes parts of a cell before it runs.
impl Evaluator<'_> {
    pub(crate) fn set(&mut self, slot: Slot, value: Value) {
        self.locals[slot] = value;
    }

    pub(crate) fn get(&self, slot: Slot) -> &Value {
        &self.locals[slot]
    }

    /// The value of a node, unless that fails.
    pub(crate) fn attempt_value(&mut self, node: &Node) -> Option<Value> {
        self.eval(node).ok()
    }

    /// The result of a call, unless that fails.
    pub(crate) fn attempt_call(&mut self, callable: &'static Callable, args: Vec<Value>) -> Option<Value> {
        self.invoke(callable, args).ok()
    }

    /// The rows that a check has called.
    pub(crate) fn into_called(self) -> Vec<&'static Callable> {
        self.check.unwrap_or_default()
    }
}
