//! The one vocabulary of errors that every Aerostat crate speaks.
//!
//! An [`Error`] says *what* went wrong ([`Kind`], from which the stable `ename` of Jupyter follows), in a sentence,
//! *where* in the text of the cell or statement it went wrong ([`Span`]), and *what to do* about it (the hint).
//! [`Error::render`] lays those out the way a terminal or a notebook shows them:
//!
//! ```text
//! [TABLE_NOT_FOUND] table `retail.ordres` does not exist
//!   2 | FROM retail.ordres
//!            ^^^^^^^^^^^^^
//! hint: did you mean `retail.orders`?
//! ```

mod condition;
mod counted;
mod kind;
mod nearest;
mod render;

use std::fmt;

pub use condition::Condition;
pub use counted::{counted, grouped};
pub use kind::{Kind, Object};
pub use nearest::{did_you_mean, nearest};

/// The result type of every fallible operation in the workspace's libraries.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A half-open range of byte offsets into the source text of a cell or statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset just past the last byte.
    pub end: usize,
}

impl Span {
    /// The span from `start` up to, but not including, `end`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The same span in a text in which `offset` bytes stand before this one's text.
    pub fn shifted(self, offset: usize) -> Self {
        Self::new(self.start + offset, self.end + offset)
    }
}

/// What went wrong, where, and what to do about it. See the crate's documentation.
///
/// Small on the stack (one pointer), because it travels through every `Result`.
#[derive(Debug, Clone)]
pub struct Error(Box<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    kind: Kind,
    message: String,
    span: Option<Span>,
    hint: Option<String>,
    condition: Option<Condition>,
    name: Option<String>,
    report: Option<String>,
}

impl Error {
    /// An error of `kind`; `message` states the condition in lower case and without a final period.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            span: None,
            hint: None,
            condition: None,
            name: None,
            report: None,
        }))
    }

    /// `table `x` does not exist`, for any kind of object.
    pub fn not_found(object: Object, name: impl fmt::Display) -> Self {
        Self::new(Kind::NotFound(object), format!("{object} `{name}` does not exist"))
    }

    /// [`Error::not_found`], with the nearest of `candidates` as the hint.
    pub fn not_found_among<S: AsRef<str>>(object: Object, name: &str, candidates: impl IntoIterator<Item = S>) -> Self {
        Self::not_found(object, name).with_hint_opt(did_you_mean(name, candidates))
    }

    /// `table `x` already exists`, for any kind of object.
    pub fn already_exists(object: Object, name: impl fmt::Display) -> Self {
        Self::new(Kind::AlreadyExists(object), format!("{object} `{name}` already exists"))
    }

    /// An argument, option or value that does not fit.
    pub fn invalid_argument(message: impl Into<String>) -> Self {
        Self::new(Kind::InvalidArgument, message)
    }

    /// Text that does not parse.
    pub fn syntax(message: impl Into<String>) -> Self {
        Self::new(Kind::Syntax, message)
    }

    /// Something that is valid but that this version does not do; the message names it.
    pub fn not_supported(message: impl Into<String>) -> Self {
        Self::new(Kind::NotSupported, message)
    }

    /// A broken promise of our own code, never the user's fault.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(Kind::Internal, message)
    }

    /// An error of compiled code, by the name that it has there: of a type, or one that Aerostat gave it before.
    pub fn uncaught(name: impl Into<String>, message: impl Into<String>) -> Self {
        let mut error = Self::new(Kind::Uncaught, message);
        error.0.name = Some(name.into());
        error
    }

    /// What was to be done needs more memory than it may take.
    pub fn out_of_memory(message: impl Into<String>) -> Self {
        Self::new(Kind::OutOfMemory, message)
    }

    /// The user interrupted the cell.
    pub fn interrupted() -> Self {
        Self::new(Kind::Interrupted, "the cell was interrupted")
    }

    /// A failed operation on the file system; `doing` says what was tried, e.g. ``reading `/data/x.csv` ``.
    pub fn io(doing: impl fmt::Display, source: &std::io::Error) -> Self {
        Self::new(Kind::Io, format!("{doing} failed: {source}"))
    }

    /// The same error at a place in the source text. A place that is already known is kept: the innermost is exact.
    pub fn with_span(mut self, span: Span) -> Self {
        self.0.span.get_or_insert(span);
        self
    }

    /// The same error without a place, for when the text it points into is not what the user sees.
    pub fn without_span(mut self) -> Self {
        self.0.span = None;
        self
    }

    /// The same error, its place moved by `offset` bytes: for a part of a larger text.
    pub fn shifted(mut self, offset: usize) -> Self {
        self.0.span = self.0.span.map(|span| span.shifted(offset));
        self
    }

    /// The same error with advice, e.g. ``did you mean `orders`?``.
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// [`Error::with_hint`] where there may be none to give.
    pub fn with_hint_opt(self, hint: Option<String>) -> Self {
        match hint {
            Some(hint) => self.with_hint(hint),
            None => self,
        }
    }

    /// The same error under the name that the SQL world knows it by.
    pub fn with_condition(mut self, condition: Condition) -> Self {
        self.0.condition = Some(condition);
        self
    }

    /// The same error with lines that show the place better than [`Error::span`] does, such as the compiler's.
    pub fn with_report(mut self, report: impl Into<String>) -> Self {
        self.0.report = Some(report.into());
        self
    }

    /// The same condition as that of another error, if that has one.
    pub fn with_condition_of(mut self, other: &Error) -> Self {
        self.0.condition = other.0.condition.or(self.0.condition);
        self
    }

    /// The class of the error.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// The stable name that Jupyter clients and CI tools match on, e.g. `TABLE_NOT_FOUND`; of an error that has a
    /// condition, the condition's.
    pub fn ename(&self) -> String {
        match (&self.0.name, self.0.condition) {
            (Some(name), _) => name.clone(),
            (None, Some(condition)) => condition.name.to_owned(),
            (None, None) => self.0.kind.ename(),
        }
    }

    /// The condition of SQL that it is, if it is one.
    pub fn condition(&self) -> Option<Condition> {
        self.0.condition
    }

    /// The sentence, without place and hint.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Where in the source text, if known.
    pub fn span(&self) -> Option<Span> {
        self.0.span
    }

    /// What to do about it, if known.
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// Lines that show the place, if there are any.
    pub fn report(&self) -> Option<&str> {
        self.0.report.as_deref()
    }

    /// The whole error as lines of text, with the place marked in `source`, the text that the user typed.
    pub fn render(&self, source: &str) -> String {
        render::render(self, source)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        match &self.0.hint {
            Some(hint) => write!(f, " (hint: {hint})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}
