//! What the planner and the engine complain of, in the shared vocabulary.

use aerostat_error::{Condition, Error, Kind, Object, Span, nearest};
use aerostat_session::memory;
use datafusion::common::{DataFusionError, SchemaError};
use sqlparser::parser::ParserError;

use crate::script::Statement;

/// The error with the place in the statement that it is about, as far as that can be told.
pub(crate) fn placed(error: &DataFusionError, statement: &Statement<'_>) -> Error {
    let plain = plain(error);
    let named = plain.message().split('`').nth(1).map(str::to_owned);
    let name = named.as_deref().map(|name| name.rsplit('.').next().unwrap_or(name));
    let place = match plain.kind() {
        Kind::Ambiguous(_) => name.and_then(|name| statement.find_unqualified(name)),
        Kind::NotFound(Object::Table | Object::View | Object::Schema) => {
            name.and_then(|name| statement.find_whole(name))
        }
        Kind::NotFound(_) | Kind::InvalidArgument | Kind::TypeMismatch => name.and_then(|name| statement.find(name)),
        _ => None,
    };
    match place {
        Some(span) => plain.with_span(span),
        None => plain,
    }
}

/// The error without the layers around it and without the engine's name.
pub(crate) fn plain(error: &DataFusionError) -> Error {
    match error {
        DataFusionError::External(inner) => match inner.downcast_ref::<Error>() {
            Some(ours) => ours.clone(),
            None => Error::new(Kind::Compute, inner.to_string()),
        },
        DataFusionError::Context(_, inner) | DataFusionError::Diagnostic(_, inner) => plain(inner),
        DataFusionError::Shared(inner) => plain(inner),
        DataFusionError::Collection(errors) => errors.first().map_or_else(|| Error::internal("no error"), plain),
        DataFusionError::SchemaError(schema, _) => of_schema(schema),
        DataFusionError::Plan(message) => of_plan(message),
        DataFusionError::NotImplemented(message) if message.contains("OuterReferenceColumn") => {
            Error::not_supported("a subquery uses columns of the query around it where they cannot be used").with_hint(
                "join the tables instead; `row_number() OVER (PARTITION BY ..)` numbers the rows that a LIMIT picks",
            )
        }
        DataFusionError::NotImplemented(message) => Error::not_supported(sentence(message)),
        DataFusionError::Internal(message) => Error::internal(sentence(message)),
        DataFusionError::IoError(_) | DataFusionError::ObjectStore(_) | DataFusionError::ParquetError(_) => {
            Error::new(Kind::Io, sentence(&error.strip_backtrace()))
        }
        DataFusionError::ResourcesExhausted(_) => out_of_memory(),
        DataFusionError::Execution(message) => Error::new(Kind::Compute, sentence(message)),
        other => Error::new(Kind::Compute, sentence(&other.strip_backtrace())),
    }
}

/// The pool is full, and what is in it cannot be spilled.
fn out_of_memory() -> Error {
    match memory::limit() {
        Ok(Some(limit)) => memory::exceeded(limit),
        _ => Error::out_of_memory("this needs more memory or disk than there is"),
    }
}

/// The column that an error says is not there, if it has no table's name before it.
pub(crate) fn missing_column(error: &DataFusionError) -> Option<&str> {
    match error {
        DataFusionError::Context(_, inner) | DataFusionError::Diagnostic(_, inner) => missing_column(inner),
        DataFusionError::Collection(errors) => errors.iter().find_map(missing_column),
        DataFusionError::SchemaError(schema, _) => match schema.as_ref() {
            SchemaError::FieldNotFound { field, .. } if field.relation.is_none() => Some(&field.name),
            _ => None,
        },
        _ => None,
    }
}

/// Whether an error says that a `SELECT` has the same column twice.
pub(crate) fn is_duplicate(error: &DataFusionError) -> bool {
    error.find_root().to_string().contains("unique expression names")
}

fn of_schema(error: &SchemaError) -> Error {
    match error {
        SchemaError::FieldNotFound { field, valid_fields } => {
            let names: Vec<&str> = valid_fields.iter().map(|column| column.name.as_str()).collect();
            let shown = match &field.relation {
                Some(relation) => format!("{relation}.{}", field.name),
                None => field.name.clone(),
            };
            let near = nearest(&field.name, names.iter().filter(|name| !name.starts_with("__")));
            let hint = match near.as_slice() {
                [] if names.is_empty() => None,
                [] => Some(format!("the columns are {}", listed(&names))),
                near => Some(format!(
                    "did you mean {}?",
                    near.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ")
                )),
            };
            Error::not_found(Object::Column, shown).with_hint_opt(hint)
        }
        SchemaError::AmbiguousReference { field } => {
            let message = format!("column `{}` could be that of several tables", field.name);
            Error::new(Kind::Ambiguous(Object::Column), message).with_hint("put the table's name before it")
        }
        other => Error::invalid_argument(sentence(&other.to_string())),
    }
}

/// The first columns of a table, for a hint.
fn listed(names: &[&str]) -> String {
    let mut shown: Vec<String> = names.iter().take(8).map(|name| format!("`{name}`")).collect();
    if names.len() > shown.len() {
        shown.push("..".to_owned());
    }
    shown.join(", ")
}

fn of_plan(message: &str) -> Error {
    if let Some((before, _)) = message.split_once("must appear in the GROUP BY clause")
        && let Some(column) = before.rsplit('"').nth(1)
    {
        let name = column.rsplit('.').next().unwrap_or(column);
        return Error::invalid_argument(format!(
            "column `{name}` is neither in GROUP BY nor inside an aggregate function"
        ))
        .with_hint(format!("add it to GROUP BY, or say `first({name})`"))
        .with_condition(Condition::MISSING_AGGREGATION);
    }
    if let Some(mismatch) = of_call(message) {
        return mismatch;
    }
    match message {
        m if m.contains("coerce") || m.contains("data type") || m.contains("type_coercion") => {
            Error::new(Kind::TypeMismatch, sentence(message)).with_condition(Condition::DATATYPE_MISMATCH)
        }
        m => Error::new(Kind::InvalidArgument, sentence(m)),
    }
}

/// A call with arguments that the function does not take, of which the engine lists all its candidates.
fn of_call(message: &str) -> Option<Error> {
    let (name, rest) = message
        .split_once("No function matches the given name and argument types '")
        .and_then(|(_, rest)| rest.split_once('('))
        .or_else(|| message.split_once("call to '").and_then(|(_, rest)| rest.split_once('\'')))?;
    let types = rest.split_once(')').map(|(types, _)| spark_types(types)).filter(|types| !types.contains('\''));
    let with = types.filter(|types| !types.is_empty()).map(|types| format!(" of ({types})")).unwrap_or_default();
    let name = name.trim_start_matches('_');
    let error = Error::new(Kind::TypeMismatch, format!("`{name}` does not take arguments{with}"));
    Some(error.with_condition(Condition::DATATYPE_MISMATCH).with_hint("cast them: `CAST(x AS ..)`"))
}

fn spark_types(text: &str) -> String {
    TYPES.iter().fold(text.to_owned(), |text, (engine, spark)| text.replace(engine, spark))
}

/// The engine's names of types, and Spark's.
const TYPES: &[(&str, &str)] = &[
    ("Utf8View", "string"),
    ("LargeUtf8", "string"),
    ("Utf8", "string"),
    ("Int64", "bigint"),
    ("Int32", "int"),
    ("Int16", "smallint"),
    ("Int8", "tinyint"),
    ("Float64", "double"),
    ("Float32", "float"),
    ("Decimal128", "decimal"),
    ("Date32", "date"),
    ("Boolean", "boolean"),
    ("Timestamp(Microsecond, None)", "timestamp"),
    ("Timestamp(µs)", "timestamp"),
];

/// A message as we write them: without prefixes that name the engine's parts, in lower case, without a period.
fn sentence(message: &str) -> String {
    const PREFIXES: &[&str] = &[
        "DataFusion error:",
        "Error during planning:",
        "Execution error:",
        "Arrow error:",
        "Parquet error:",
        "External error:",
        "type_coercion",
        "caused by",
        "Invalid argument error:",
        "SQL error:",
    ];
    let mut text = message.trim();
    while let Some(rest) = PREFIXES.iter().find_map(|prefix| text.strip_prefix(prefix)) {
        text = rest.trim_start();
    }
    let text = text.split("\n\nbacktrace").next().unwrap_or(text).trim_end_matches('.');
    let text = spark_types(text);
    let mut chars = text.chars();
    match (chars.next(), chars.clone().next()) {
        // An acronym keeps its capitals.
        (Some(first), Some(second)) if first.is_uppercase() && !second.is_uppercase() => {
            first.to_lowercase().chain(chars).collect()
        }
        _ => text,
    }
}

/// Words that a query is made of, for typing errors.
const WORDS: &[&str] = &[
    "SELECT",
    "FROM",
    "WHERE",
    "GROUP",
    "ORDER",
    "HAVING",
    "LIMIT",
    "JOIN",
    "LEFT",
    "RIGHT",
    "INNER",
    "OUTER",
    "CROSS",
    "UNION",
    "INTERSECT",
    "EXCEPT",
    "LATERAL",
    "VIEW",
    "BETWEEN",
    "DISTINCT",
    "QUALIFY",
    "WINDOW",
    "PARTITION",
];

/// What the parser complains of: the last token that it took note of, and the word that may have been meant.
pub(crate) fn unparsable(error: &ParserError, statement: &Statement<'_>) -> Error {
    let message = match error {
        ParserError::TokenizerError(message) | ParserError::ParserError(message) => message.as_str(),
        ParserError::RecursionLimitExceeded => {
            return Error::syntax("the statement is nested too deeply").with_span(statement.span);
        }
    };
    let (message, place) = match message.rsplit_once(" at Line: ") {
        Some((message, place)) => (message, offset(place, statement)),
        None => (message, None),
    };
    let span = place.and_then(|at| statement.token_at(at)).unwrap_or(Span::new(statement.span.end, statement.span.end));
    let word = statement.script.text(span);
    let upper = word.to_uppercase();
    let hint = match WORDS.contains(&upper.as_str()) {
        true => None,
        false => nearest(word, WORDS).first().map(|word| format!("did you mean `{word}`?")),
    };
    let wanted = message.split_once(", found: ").map_or(message, |(wanted, _)| wanted);
    let wanted = wanted.replace("Expected: ", "expected ").replace("EOF", "the end of the statement");
    let found = if word.is_empty() { "the end".to_owned() } else { format!("`{word}`") };
    let message = if wanted.starts_with("expected ") { format!("{wanted}, found {found}") } else { wanted };
    Error::syntax(sentence(&message)).with_span(span).with_hint_opt(hint)
}

/// The byte of a place that the parser wrote into its message.
fn offset(place: &str, statement: &Statement<'_>) -> Option<usize> {
    let (line, column) = place.split_once(", Column: ")?;
    let digits: String = column.chars().take_while(char::is_ascii_digit).collect();
    let at = sqlparser::tokenizer::Location { line: line.trim().parse().ok()?, column: digits.parse().ok()? };
    Some(statement.script.offset(at))
}
