//! Spark's options of readers and writers: each is honoured or refused, none is ignored.

use std::fmt::Display;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aerostat_error::{Error, Object, Result};

/// Options by name, in any case; the last of two with one name counts.
///
/// Whoever honours an option takes it. What is left in the end is refused: as not supported if Spark has it,
/// as unknown if not. The names that were asked for are the candidates for what was meant.
#[derive(Default)]
pub(crate) struct Options {
    given: Vec<(String, String)>,
    asked: Mutex<Vec<&'static str>>,
}

impl Clone for Options {
    fn clone(&self) -> Self {
        Self { given: self.given.clone(), asked: Mutex::new(self.asked().clone()) }
    }
}

impl Options {
    /// Sets an option.
    pub(crate) fn set(&mut self, name: &str, value: impl Display) {
        self.given.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        self.given.push((name.to_owned(), value.to_string()));
    }

    /// The value of an option.
    pub(crate) fn get(&self, name: &'static str) -> Option<&str> {
        self.asked().push(name);
        self.given.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    fn asked(&self) -> MutexGuard<'_, Vec<&'static str>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A yes or no.
    pub(crate) fn flag(&self, name: &'static str) -> Result<Option<bool>> {
        self.get(name)
            .map(|value| match value.to_lowercase().as_str() {
                "true" => Ok(true),
                "false" => Ok(false),
                _ => Err(invalid(name, value, "`true` or `false`")),
            })
            .transpose()
    }

    /// A single character of ASCII.
    pub(crate) fn byte(&self, name: &'static str) -> Result<Option<u8>> {
        self.get(name)
            .map(|value| match value.as_bytes() {
                [byte] => Ok(*byte),
                b"\\t" => Ok(b'\t'),
                _ => Err(invalid(name, value, "one character")),
            })
            .transpose()
    }

    /// An option of which only one value is what happens anyway.
    pub(crate) fn only(&self, name: &'static str, value: &str) -> Result<()> {
        match self.get(name) {
            Some(given) if !given.eq_ignore_ascii_case(value) => {
                Err(Error::not_supported(format!("option `{name}` can only be `{value}`")))
            }
            _ => Ok(()),
        }
    }

    /// Refuses what nobody asked for; `spark` has the names that Spark knows.
    pub(crate) fn finish(&self, what: &str, spark: &[&str]) -> Result<()> {
        let asked = self.asked();
        let is = |name: &str, known: &[&str]| known.iter().any(|other| other.eq_ignore_ascii_case(name));
        match self.given.iter().find(|(name, _)| !is(name, &asked)) {
            None => Ok(()),
            Some((name, _)) if is(name, spark) => {
                Err(Error::not_supported(format!("option `{name}` of {what} is not supported")))
            }
            Some((name, _)) => Err(Error::not_found_among(Object::Option, name, asked.iter())),
        }
    }
}

/// The error of an option with a value that does not fit.
pub(crate) fn invalid(name: &str, value: &str, wanted: &str) -> Error {
    Error::invalid_argument(format!("option `{name}` is `{value}`, but must be {wanted}"))
}
