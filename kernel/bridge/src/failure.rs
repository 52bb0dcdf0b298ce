//! Errors that cross.

use std::fmt;
use std::io;

use polars::prelude::PolarsError;

use crate::Value;

/// An error as a user sees it: the stable name, a sentence, and advice.
#[derive(Clone, PartialEq, Eq)]
pub struct Failure {
    /// The stable name, e.g. `TABLE_NOT_FOUND`.
    pub ename: String,
    /// What went wrong.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Failure {
    /// An error without advice.
    pub fn new(ename: impl Into<String>, message: impl Into<String>) -> Self {
        Self { ename: ename.into(), message: message.into(), hint: None }
    }

    /// The same error with advice.
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The error of a broken connection.
    pub fn lost(error: &io::Error) -> Self {
        Self::new("INTERNAL_ERROR", format!("the connection between kernel and compiled cells failed: {error}"))
    }

    /// The error for a value that cannot cross.
    pub(crate) fn cannot_cross(error: io::Error) -> Self {
        Self::new("NOT_SUPPORTED", format!("a value cannot cross between kernel and compiled cells: {error}"))
    }

    /// An error of polars. The variant in front lets the kernel give it the name and the words that it has in
    /// interpreted cells.
    pub fn of_polars(error: &PolarsError) -> Self {
        let (variant, text) = match error {
            PolarsError::Context { error, .. } | PolarsError::ExprContext { error, .. } => {
                return Self::of_polars(error);
            }
            PolarsError::ColumnNotFound(text) => ("ColumnNotFound", text.to_string()),
            PolarsError::SchemaFieldNotFound(text) => ("SchemaFieldNotFound", text.to_string()),
            PolarsError::StructFieldNotFound(text) => ("StructFieldNotFound", text.to_string()),
            PolarsError::IO { error, .. } if error.kind() == io::ErrorKind::NotFound => ("NoFile", error.to_string()),
            PolarsError::IO { error, .. } => ("IO", error.to_string()),
            other => ("Compute", other.to_string()),
        };
        Self::new(format!("polars:{variant}"), text)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}] {}", self.ename, self.message)
    }
}

impl std::error::Error for Failure {}

impl From<Failure> for Value {
    fn from(Failure { ename, message, hint }: Failure) -> Self {
        Self::List(vec![Self::Str(ename), Self::Str(message), Self::option(hint.map(Self::Str))])
    }
}

impl TryFrom<Value> for Failure {
    type Error = ();

    fn try_from(value: Value) -> Result<Self, ()> {
        let parts: [Value; 3] = value.list().and_then(|parts| parts.try_into().ok()).ok_or(())?;
        let [ename, message, Value::Option(hint)] = parts else { return Err(()) };
        let hint = hint.and_then(|hint| hint.text());
        Ok(Self { ename: ename.text().ok_or(())?, message: message.text().ok_or(())?, hint })
    }
}
