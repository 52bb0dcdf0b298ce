//! Pieces of a user's SQL inside queries that are put together here.

use aerostat_error::Error;

/// Where a piece begins that is in no text of the user's.
pub(super) const NOWHERE: usize = usize::MAX / 2;

/// A piece of SQL, and where in the user's text it begins: errors in it are shown there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragment {
    /// The piece.
    pub text: String,
    /// Where it begins.
    pub at: usize,
}

impl Fragment {
    /// A text of its own.
    pub fn of(text: &str) -> Self {
        Self { text: text.to_owned(), at: 0 }
    }
}

/// A query made of pieces, some of them the user's.
#[derive(Default)]
pub(super) struct Text {
    pub(super) sql: String,
    /// Of each of the user's pieces: where it begins here and there, and how long it is.
    pieces: Vec<(usize, usize, usize)>,
}

impl Text {
    /// Appends SQL of our own.
    pub(super) fn add(&mut self, sql: &str) -> &mut Self {
        self.sql.push_str(sql);
        self
    }

    /// Appends the user's SQL, in parentheses.
    pub(super) fn add_user(&mut self, fragment: &Fragment) -> &mut Self {
        self.sql.push('(');
        self.pieces.push((self.sql.len(), fragment.at, fragment.text.len()));
        self.sql.push_str(&fragment.text);
        self.sql.push(')');
        self
    }

    /// The error with its place in the user's text, if it is in a piece of that.
    pub(super) fn placed(&self, error: Error) -> Error {
        let Some(span) = error.span() else { return error };
        let within = self.pieces.iter().find(|(here, _, length)| span.start >= *here && span.end <= here + length);
        let error = error.without_span();
        match within {
            None => error,
            Some((here, there, _)) => {
                let place = |offset: usize| offset - here + there;
                error.with_span(aerostat_error::Span::new(place(span.start), place(span.end)))
            }
        }
    }
}

/// The name in back-quotes.
pub(super) fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}
