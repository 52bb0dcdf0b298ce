//! Errors of polars in the shared vocabulary.

use std::io::ErrorKind;
use std::sync::Arc;

use aerostat_error::{Error, Kind, Object, did_you_mean};
use polars::prelude::PolarsError;

/// How many columns a hint lists when none of them looks like the one that was meant.
const LISTED: usize = 12;

/// The error of a query of polars.
pub fn from_polars(error: PolarsError) -> Error {
    match error {
        PolarsError::ColumnNotFound(text) => column_not_found(&text),
        PolarsError::SchemaFieldNotFound(text) => not_found(Object::Column, &text),
        PolarsError::StructFieldNotFound(text) => not_found(Object::Field, &text),
        PolarsError::IO { error, msg } => io(&error, msg.as_deref()),
        PolarsError::Context { error, .. } | PolarsError::ExprContext { error, .. } => from_polars(*error),
        other => compute(&other.to_string()),
    }
}

/// An error of ours on its way through polars, out of which [`from_polars`] takes it again.
pub fn through_polars(error: Error) -> PolarsError {
    PolarsError::IO { error: Arc::new(std::io::Error::other(error)), msg: None }
}

/// The error for a column that a frame does not have.
pub fn unknown_column<S: AsRef<str>>(name: &str, columns: &[S]) -> Error {
    let hint = did_you_mean(name, columns).unwrap_or_else(|| list(columns));
    Error::not_found(Object::Column, name).with_hint(hint)
}

fn list<S: AsRef<str>>(columns: &[S]) -> String {
    let names: Vec<String> = columns.iter().take(LISTED).map(|name| format!("`{}`", name.as_ref())).collect();
    match columns.len().saturating_sub(LISTED) {
        _ if columns.is_empty() => "the frame has no columns".into(),
        0 => format!("the columns are {}", names.join(", ")),
        more => format!("the columns are {} and {more} more", names.join(", ")),
    }
}

/// Polars says `unable to find column "x"; valid columns: ["a", "b"]`, and in some places less.
fn column_not_found(text: &str) -> Error {
    let parsed = text.strip_prefix("unable to find column ").and_then(|rest| {
        let (name, columns) = first_paragraph(rest).split_once("; valid columns: ")?;
        let name: String = serde_json::from_str(name).ok()?;
        let columns: Vec<String> = serde_json::from_str(columns).ok()?;
        Some(unknown_column(&name, &columns))
    });
    parsed.unwrap_or_else(|| not_found(Object::Column, text))
}

/// The texts of the other two are a name in quotes, or a sentence.
fn not_found(object: Object, text: &str) -> Error {
    let text = first_paragraph(text);
    match text.strip_suffix(" not found").unwrap_or(text).trim_matches(['"', '\'', '`']) {
        name if name.contains(' ') => Error::new(Kind::NotFound(object), text),
        name => Error::not_found(object, name),
    }
}

fn io(error: &std::io::Error, message: Option<&str>) -> Error {
    if let Some(ours) = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
        return ours.clone();
    }
    let text = message.map_or_else(|| error.to_string(), |message| first_paragraph(message).to_owned());
    match error.kind() {
        ErrorKind::NotFound => Error::new(Kind::NotFound(Object::File), text),
        _ => Error::new(Kind::Io, text),
    }
}

fn compute(text: &str) -> Error {
    // What went wrong while a Parquet file was written comes as a text only.
    if let Some((_, cause)) = text.split_once("underlying IO error: ") {
        return Error::new(Kind::Io, format!("writing a Parquet file failed: {}", first_paragraph(cause)));
    }
    let error = Error::new(Kind::Compute, first_paragraph(text));
    // What polars advises after this sentence are options of its Python interface.
    if text.starts_with("could not parse `") {
        return error.with_hint("give the columns their types with `.schema(..)`, or read what does not fit as null with `.option(\"mode\", \"PERMISSIVE\")`");
    }
    error
}

/// After it follow query plans, and advice on options of the Python interface.
fn first_paragraph(text: &str) -> &str {
    text.split("\n\n").next().unwrap_or(text).trim_end()
}
