//! What is done with a value depends on what its type can do, which only the compiler knows.
//!
//! The generated code calls a method on a [`Holder`] behind several references. The method exists in several traits, each
//! implemented for a holder behind fewer references than the one before; the compiler takes the first that applies.
//! So a variable goes to the kernel if it can, is copied if it can, and is moved otherwise.

use std::cell::RefCell;
use std::fmt::{Debug, Display};

use aerostat_bridge::{CellText, Value};

use super::{Cell, Failed};
use crate::{Crossing, Shown, kernel};

/// A value about which something is to be decided.
pub struct Holder<T>(RefCell<Option<T>>);

impl<T> Holder<T> {
    /// Holds a value.
    pub fn new(value: T) -> Self {
        Self(RefCell::new(Some(value)))
    }

    fn with(&self, work: impl FnOnce(T)) {
        let value = self.0.borrow_mut().take();
        if let Some(value) = value {
            work(value);
        }
    }

    fn and_then(&self, work: impl FnOnce(T) -> Result<(), Failed>) -> Result<(), Failed> {
        let value = self.0.borrow_mut().take();
        value.map_or(Ok(()), work)
    }
}

/// Keeps a variable at the end of a cell: one that the kernel can hold goes there.
pub trait KeepCrossing {
    /// Keeps it.
    fn keep(&self, cell: &Cell, name: &str, mutable: bool);
}

impl<T: Crossing> KeepCrossing for &&&Holder<T> {
    fn keep(&self, cell: &Cell, name: &str, mutable: bool) {
        self.with(|value| cell.cross(name, T::ty(), mutable, value.to_value()));
    }
}

/// Keeps a variable: of a reference, a copy of what it refers to.
pub trait KeepReferenced {
    /// Keeps it.
    fn keep(&self, cell: &Cell, name: &str, mutable: bool);
}

impl<T: Clone + 'static> KeepReferenced for &&Holder<&T> {
    fn keep(&self, cell: &Cell, name: &str, mutable: bool) {
        self.with(|value| cell.live(name, mutable, true, value.clone()));
    }
}

/// Keeps a variable that later cells may copy.
pub trait KeepCopy {
    /// Keeps it.
    fn keep(&self, cell: &Cell, name: &str, mutable: bool);
}

impl<T: Clone + 'static> KeepCopy for &Holder<T> {
    fn keep(&self, cell: &Cell, name: &str, mutable: bool) {
        self.with(|value| cell.live(name, mutable, true, value));
    }
}

/// Keeps any other variable.
pub trait Keep {
    /// Keeps it.
    fn keep(&self, cell: &Cell, name: &str, mutable: bool);
}

impl<T: 'static> Keep for Holder<T> {
    fn keep(&self, cell: &Cell, name: &str, mutable: bool) {
        self.with(|value| cell.live(name, mutable, false, value));
    }
}

/// Keeps the value that a variable has now, because the cell may move it away later.
pub trait SnapshotCrossing {
    /// Keeps it.
    fn snapshot(&self, cell: &Cell, name: &str, mutable: bool);
}

impl<T: Crossing + ?Sized> SnapshotCrossing for &&Holder<&T> {
    fn snapshot(&self, cell: &Cell, name: &str, mutable: bool) {
        self.with(|value| cell.cross(name, T::ty(), mutable, value.to_value()));
    }
}

/// Keeps a copy of a variable that lives here.
pub trait SnapshotCopy {
    /// Keeps it.
    fn snapshot(&self, cell: &Cell, name: &str, mutable: bool);
}

impl<T: Clone + 'static> SnapshotCopy for &Holder<&T> {
    fn snapshot(&self, cell: &Cell, name: &str, mutable: bool) {
        self.with(|value| cell.live(name, mutable, true, value.clone()));
    }
}

/// A variable that cannot be copied is not kept if it may be moved away.
pub trait Snapshot {
    /// Does nothing.
    fn snapshot(&self, cell: &Cell, name: &str, mutable: bool);
}

impl<T: ?Sized> Snapshot for Holder<&T> {
    fn snapshot(&self, _cell: &Cell, _name: &str, _mutable: bool) {}
}

/// Shows the last expression of a cell: a result that is an error ends the cell with it.
pub trait ShowResult {
    /// Shows it.
    fn show(&self) -> Result<(), Failed>;
}

impl<T: Shown, E: Display + 'static> ShowResult for &&&&Holder<&Result<T, E>> {
    #[track_caller]
    fn show(&self) -> Result<(), Failed> {
        self.and_then(|value| match value {
            Ok(value) => show(value),
            Err(error) => Err(Failed::of(error)),
        })
    }
}

/// Shows a value that the kernel knows how to show.
pub trait ShowCrossing {
    /// Shows it.
    fn show(&self) -> Result<(), Failed>;
}

impl<T: Shown> ShowCrossing for &&&Holder<&T> {
    fn show(&self) -> Result<(), Failed> {
        self.and_then(show)
    }
}

/// Shows a value that interpreted cells show otherwise than `{:?}` does.
pub trait ShowCellText {
    /// Shows it.
    fn show(&self) -> Result<(), Failed>;
}

impl<T: CellText + ?Sized> ShowCellText for &&Holder<&T> {
    fn show(&self) -> Result<(), Failed> {
        self.and_then(|value| show_text(value.cell_text()))
    }
}

/// Shows any other value as `{:?}`.
pub trait ShowDebug {
    /// Shows it.
    fn show(&self) -> Result<(), Failed>;
}

impl<T: Debug + ?Sized> ShowDebug for &Holder<&T> {
    fn show(&self) -> Result<(), Failed> {
        self.and_then(|value| show_text(format!("{value:?}")))
    }
}

/// Says of what type a value is that cannot be shown.
pub trait Show {
    /// Shows it.
    fn show(&self) -> Result<(), Failed>;
}

impl<T: ?Sized> Show for Holder<&T> {
    fn show(&self) -> Result<(), Failed> {
        self.and_then(|_| show_text(format!("{} (without `Debug`)", std::any::type_name::<T>())))
    }
}

fn show(value: &impl Shown) -> Result<(), Failed> {
    match value.shown() {
        (_, Value::Unit) => Ok(()),
        (ty, value) => kernel::call("result", vec![value, Value::Str(ty)]).map(drop).map_err(Failed::from),
    }
}

fn show_text(text: String) -> Result<(), Failed> {
    kernel::call("result_text", vec![Value::Str(text)]).map(drop).map_err(Failed::from)
}

/// Ends the cell if a statement comes to an error that nobody looks at.
pub trait FinishResult {
    /// The error, if it is one.
    fn finish(&self) -> Result<(), Failed>;
}

impl<T, E: Display + 'static> FinishResult for &Holder<Result<T, E>> {
    #[track_caller]
    fn finish(&self) -> Result<(), Failed> {
        self.and_then(|value| value.map(drop).map_err(|error| Failed::of(&error)))
    }
}

/// Any other statement.
pub trait Finish {
    /// Drops its value.
    fn finish(&self) -> Result<(), Failed>;
}

impl<T> Finish for Holder<T> {
    fn finish(&self) -> Result<(), Failed> {
        self.with(drop);
        Ok(())
    }
}
