//! Errors that cross.

use std::fmt;

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

    /// The error of a broken connection.
    pub fn lost(error: &std::io::Error) -> Self {
        Self::new("INTERNAL_ERROR", format!("the connection between kernel and compiled cells failed: {error}"))
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
