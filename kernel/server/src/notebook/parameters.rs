//! Parameters in SQL cells: `:name` stands for a value, `${name}` for text.
//!
//! `:name` becomes a literal of SQL, as in Spark and Databricks, and must be known. `${name}` is replaced as it stands,
//! as in Hive and Zeppelin; inside quotes it cannot end them. An unknown one is left alone.

use aerostat_error::{Error, Object, Result, Span};
use aerostat_session::Parameter;

/// SQL with its parameters filled in.
#[derive(Debug)]
pub(super) struct Filled {
    /// The SQL to run.
    pub(super) text: String,
    /// What was replaced: where it stands in the text, and where it stood.
    replaced: Vec<(Span, Span)>,
}

/// Fills in the parameters of `sql`, whose values `value` knows.
pub(super) fn fill(sql: &str, value: impl Fn(&str) -> Option<Parameter>) -> Result<Filled> {
    let mut filled = Filled { text: String::with_capacity(sql.len()), replaced: Vec::new() };
    let (mut at, mut inside) = (0, Inside::Code);
    while at < sql.len() {
        if let Some((name, value)) = text_parameter(&sql[at..]).and_then(|name| Some((name, value(name)?))) {
            at = filled.replace(Span::new(at, at + name.len() + 3), &inside.protect(value.to_string()));
        } else if inside == Inside::Code
            && let Some(name) = value_parameter(sql, at)
        {
            let span = Span::new(at, at + name.len() + 1);
            let value = value(name).ok_or_else(|| unknown(name).with_span(span))?;
            at = filled.replace(span, &literal(&value));
        } else {
            let (next, length) = inside.step(&sql[at..]);
            filled.text.push_str(&sql[at..at + length]);
            (inside, at) = (next, at + length);
        }
    }
    Ok(filled)
}

impl Filled {
    /// The error with its place in the SQL as the user wrote it.
    pub(super) fn explain(&self, error: Error) -> Error {
        match error.span() {
            Some(Span { start, end }) => {
                let start = self.original(start, |old| old.start);
                let end = self.original(end.saturating_sub(1), |old| old.end - 1) + 1;
                error.without_span().with_span(Span::new(start, end.max(start)))
            }
            None => error,
        }
    }

    /// Where byte `at` of the text was; `edge` chooses for what was replaced.
    fn original(&self, at: usize, edge: impl Fn(Span) -> usize) -> usize {
        match self.replaced.iter().rev().find(|(new, _)| new.start <= at) {
            Some((new, old)) if at < new.end => edge(*old),
            Some((new, old)) => old.end + (at - new.end),
            None => at,
        }
    }

    /// Puts `text` where `old` was in the original; where that ends.
    fn replace(&mut self, old: Span, text: &str) -> usize {
        let start = self.text.len();
        self.text.push_str(text);
        self.replaced.push((Span::new(start, self.text.len()), old));
        old.end
    }
}

/// What a place in SQL is inside of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Code,
    Quotes(char),
    Line,
    Block,
}

impl Inside {
    /// `text` so that it does not end what it is put into.
    fn protect(self, text: String) -> String {
        match self {
            Self::Quotes('`') => text.replace('`', "``"),
            Self::Quotes(quote) => text.replace('\\', "\\\\").replace(quote, &format!("\\{quote}")),
            Self::Code | Self::Line | Self::Block => text,
        }
    }

    /// What follows is inside of, and how many bytes further.
    fn step(self, rest: &str) -> (Self, usize) {
        let first = rest.chars().next().unwrap_or('\0');
        let one = first.len_utf8();
        match (self, first) {
            (Self::Code, '-') if rest.starts_with("--") => (Self::Line, 2),
            (Self::Code, '/') if rest.starts_with("/*") => (Self::Block, 2),
            (Self::Code, quote @ ('\'' | '"' | '`')) => (Self::Quotes(quote), one),
            // What a backslash protects does not end a string.
            (Self::Quotes('\'' | '"'), '\\') => (self, one + rest[one..].chars().next().map_or(0, char::len_utf8)),
            (Self::Quotes(quote), _) if first == quote => (Self::Code, one),
            (Self::Line, '\n') => (Self::Code, one),
            (Self::Block, '*') if rest.starts_with("*/") => (Self::Code, 2),
            _ => (self, one),
        }
    }
}

/// The name in `${name}`, if `rest` begins with one.
fn text_parameter(rest: &str) -> Option<&str> {
    let name = rest.strip_prefix("${")?;
    let name = &name[..name.find('}')?];
    is_name(name).then_some(name)
}

/// The name in `:name`, if one is at byte `at`. `x:name` and `x::name` are something else.
fn value_parameter(sql: &str, at: usize) -> Option<&str> {
    let name = sql[at..].strip_prefix(':')?;
    let name = &name[..name.find(|c: char| !is_part(c)).unwrap_or(name.len())];
    let before = sql[..at].chars().next_back();
    let stands_alone = !before.is_some_and(|c| is_part(c) || matches!(c, ':' | ')' | ']' | '`' | '"'));
    (is_name(name) && stands_alone).then_some(name)
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_alphabetic() || c == '_') && name.chars().all(is_part)
}

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The value as SQL writes it.
fn literal(value: &Parameter) -> String {
    match value {
        Parameter::Text(text) => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
        // With an exponent it is a double, and not a decimal.
        Parameter::Float(value) if value.is_finite() => format!("{value:e}"),
        Parameter::Float(value) => format!("double('{value}')"),
        Parameter::Date(day) => format!("DATE'{day}'"),
        Parameter::Timestamp(at) => format!("TIMESTAMP_NTZ'{at}'"),
        Parameter::Integer(_) | Parameter::Boolean(_) => value.to_string(),
    }
}

fn unknown(name: &str) -> Error {
    Error::not_found(Object::Parameter, format!(":{name}"))
        .with_hint(format!("`session.widget_text(\"{name}\", \"default\")?` or `let {name} = ..;` makes one"))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn value(name: &str) -> Option<Parameter> {
        match name {
            "country" => Some(Parameter::Text("Côte d'Ivoire".into())),
            "year" => Some(Parameter::Integer(2015)),
            "rate" => Some(Parameter::Float(0.5)),
            _ => None,
        }
    }

    fn filled(sql: &str) -> String {
        fill(sql, value).unwrap().text
    }

    #[test]
    fn values_become_literals() {
        assert_eq!(
            filled("SELECT :year, :rate FROM t WHERE name = :country"),
            "SELECT 2015, 5e-1 FROM t WHERE name = 'Côte d\\'Ivoire'"
        );
        assert_eq!(filled("SELECT '${year}', ${year} -- ${year}"), "SELECT '2015', 2015 -- 2015");
        assert_eq!(filled("SELECT 'in ${country}', \"${country}\""), "SELECT 'in Côte d\\'Ivoire', \"Côte d'Ivoire\"");
    }

    #[test]
    fn what_only_looks_like_a_parameter_is_left_alone() {
        for sql in [
            "SELECT ':year', \":year\", `:year` -- :year\n, /* :year */ 'it\\'s :year', 'it''s :year'",
            "SELECT a::int, a:year, f(a):year, '12:30', map['x']:year",
            "SELECT ${unknown}, ${}, $year, a ? : b",
        ] {
            assert_eq!(filled(sql), sql);
        }
        assert_eq!(filled("/**/:year"), "/**/2015");
    }

    #[test]
    fn an_unknown_value_is_an_error_at_its_place() {
        let error = fill("SELECT :yaer", value).unwrap_err();
        assert_eq!((error.ename().as_str(), error.span()), ("PARAMETER_NOT_FOUND", Some(Span::new(7, 12))));
    }

    #[test]
    fn errors_keep_their_place() {
        let filled = fill("SELECT :country, x, :year + y", value).unwrap();
        let place = |needle: &str| {
            let start = filled.text.find(needle).unwrap();
            let error = Error::internal("here").with_span(Span::new(start, start + needle.len()));
            filled.explain(error).span().unwrap()
        };
        assert_eq!(place("x"), Span::new(17, 18));
        assert_eq!(place("y"), Span::new(28, 29));
        assert_eq!(place("2015"), Span::new(20, 25));
        assert_eq!(place("2015 + y"), Span::new(20, 29));
    }
}
