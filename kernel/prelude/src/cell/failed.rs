//! How a cell fails: by an error that `?` returns, by a panic, by an interrupt.

use std::any::Any;
use std::error::Error as StdError;
use std::fmt::Display;
use std::panic::Location;
use std::sync::{Mutex, Once, PoisonError};
use std::thread::{self, ThreadId};

use aerostat_bridge::{Failure, Value};
use polars::prelude::PolarsError;

/// Why a cell ended early, and where.
///
/// It is not `Display`, which is what lets `?` make it of everything that is.
pub struct Failed {
    failure: Failure,
    line: u32,
    column: u32,
}

impl<E: Display + 'static> From<E> for Failed {
    #[track_caller]
    fn from(error: E) -> Self {
        Self::of(&error)
    }
}

impl Failed {
    /// The error of a value that is `Err`.
    #[track_caller]
    pub(crate) fn of<E: Display + 'static>(error: &E) -> Self {
        Self::at(describe(error), Location::caller())
    }

    pub(crate) fn panicked(payload: &(dyn Any + Send)) -> Self {
        let caught = last_panic().take();
        let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
        let message = text.unwrap_or_else(|| "a panic without a message".to_owned());
        let (line, column) = caught.unwrap_or_default();
        Self { failure: Failure::new("PANIC", message), line, column }
    }

    pub(crate) fn interrupted() -> Self {
        Self { failure: Failure::new("KeyboardInterrupt", "the cell was interrupted"), line: 0, column: 0 }
    }

    pub(crate) fn lost(name: &str) -> Self {
        let failure = Failure::new("VARIABLE_NOT_FOUND", format!("variable `{name}` is not there any more"));
        Self { failure, line: 0, column: 0 }
    }

    fn at(failure: Failure, place: &Location<'_>) -> Self {
        let (line, column) = if in_cell(place) { (place.line(), place.column()) } else { (0, 0) };
        Self { failure, line, column }
    }
}

impl From<Failed> for Value {
    fn from(failed: Failed) -> Self {
        Self::List(vec![failed.failure.into(), Self::Int(failed.line.into()), Self::Int(failed.column.into())])
    }
}

/// Whether a place is in the file that the cell was compiled from.
fn in_cell(place: &Location<'_>) -> bool {
    place.file() == "src/lib.rs"
}

/// The name and the words of an error of any type.
fn describe<E: Display + 'static>(error: &E) -> Failure {
    let any = error as &dyn Any;
    let boxed = any.downcast_ref::<Box<dyn StdError>>().map(|error| &**error);
    let shared =
        any.downcast_ref::<Box<dyn StdError + Send + Sync>>().map(|error| &**error as &(dyn StdError + 'static));
    if let Some(failure) = any.downcast_ref::<Failure>() {
        failure.clone()
    } else if let Some(error) = any.downcast_ref::<std::io::Error>() {
        named("IO_ERROR", error)
    } else if let Some(error) = any.downcast_ref::<PolarsError>() {
        Failure::of_polars(error)
    } else if let Some(error) = boxed.or(shared) {
        let known = error.downcast_ref::<Failure>().cloned();
        known
            .or_else(|| error.downcast_ref::<PolarsError>().map(Failure::of_polars))
            .unwrap_or_else(|| named("Error", error))
    } else {
        named(short_name(std::any::type_name::<E>()), error)
    }
}

fn named(name: &str, error: &(impl Display + ?Sized)) -> Failure {
    Failure::new(name, error.to_string())
}

/// `ParseIntError` of `core::num::error::ParseIntError`.
fn short_name(path: &str) -> &str {
    let path = path.split('<').next().unwrap_or(path);
    match path.rsplit("::").next().unwrap_or(path) {
        "String" | "&str" | "str" => "Error",
        name => name,
    }
}

/// Where the cell's thread panicked last.
fn last_panic() -> std::sync::MutexGuard<'static, Option<(u32, u32)>> {
    static LAST: Mutex<Option<(u32, u32)>> = Mutex::new(None);
    LAST.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Keeps the place of a panic of the cell's thread, which becomes an error, off standard error, and lets polars be
/// interrupted. Panics of threads that the cell starts are printed as in any program.
pub(super) fn install_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        polars_error::abort::register_polars_abort_mechanism();
        let before = std::panic::take_hook();
        let cells: ThreadId = thread::current().id();
        std::panic::set_hook(Box::new(move |info| {
            let quiet = crate::udf::is_serving() || thread::current().id() == cells;
            if quiet {
                *last_panic() =
                    info.location().filter(|place| in_cell(place)).map(|place| (place.line(), place.column()));
            } else {
                before(info);
            }
        }));
    });
}
