//! The variables that live in this process, because the kernel cannot hold their types.

use std::any::Any;
use std::cell::RefCell;
use std::collections::HashMap;

thread_local! {
    /// All cells run on one thread, so types that must not leave it are welcome.
    static VARIABLES: RefCell<HashMap<String, Box<dyn Any>>> = RefCell::default();
}

/// Keeps a variable.
pub(crate) fn put<T: 'static>(name: &str, value: T) {
    // What was there before is dropped after the store is free again: its destructor may be the user's.
    let _before = VARIABLES.with(|variables| variables.borrow_mut().insert(name.to_owned(), Box::new(value)));
}

/// Takes a variable out, if it is of type `T`.
pub(crate) fn take<T: 'static>(name: &str) -> Option<T> {
    let value = VARIABLES.with(|variables| variables.borrow_mut().remove(name))?;
    match value.downcast() {
        Ok(value) => Some(*value),
        Err(other) => {
            VARIABLES.with(|variables| variables.borrow_mut().insert(name.to_owned(), other));
            None
        }
    }
}

/// A copy of a variable, if it is of type `T`.
pub(crate) fn copy<T: Clone + 'static>(name: &str) -> Option<T> {
    VARIABLES.with(|variables| variables.borrow().get(name)?.downcast_ref::<T>().cloned())
}

/// Forgets variables.
pub(crate) fn forget(names: impl Iterator<Item = String>) {
    names.for_each(|name| drop(VARIABLES.with(|variables| variables.borrow_mut().remove(&name))));
}
