//! Errors and parameters on their way to a compiled cell and back.

use aerostat_bridge::{Failure, Value};
use aerostat_error::{Error, Kind};
use aerostat_session::Parameter;
use aerostat_session::errors::from_polars;
use polars::prelude::PolarsError;

/// The error as a compiled cell gets it.
pub(crate) fn to_failure(error: &Error) -> Failure {
    Failure { ename: error.ename(), message: error.message().to_owned(), hint: error.hint().map(str::to_owned) }
}

/// An error of a compiled cell. One that came from here is the same again.
pub(crate) fn to_error(failure: Failure) -> Error {
    let Failure { ename, message, hint } = failure;
    if let Some(variant) = ename.strip_prefix("polars:") {
        return from_polars(polars_error(variant, message));
    }
    let error = match ename.as_str() {
        "KeyboardInterrupt" => Error::interrupted(),
        "PANIC" => Error::new(Kind::Panic, message),
        _ => Error::uncaught(ename, message),
    };
    error.with_hint_opt(hint)
}

/// The value as a parameter: several in one text, as choices of a widget are.
pub(crate) fn to_parameter(value: Value) -> Option<Parameter> {
    Some(match value {
        Value::Bool(value) => Parameter::Boolean(value),
        Value::Int(value) => Parameter::Integer(value),
        Value::Float(value) => Parameter::Float(value),
        Value::Char(value) => Parameter::Text(value.to_string()),
        Value::Str(text) => Parameter::Text(text),
        Value::Option(Some(value)) => to_parameter(*value)?,
        Value::List(values) => {
            let texts = values.into_iter().map(to_parameter).collect::<Option<Vec<_>>>()?;
            Parameter::Text(texts.iter().map(Parameter::to_string).collect::<Vec<_>>().join(","))
        }
        _ => return None,
    })
}

fn polars_error(variant: &str, text: String) -> PolarsError {
    match variant {
        "ColumnNotFound" => PolarsError::ColumnNotFound(text.into()),
        "SchemaFieldNotFound" => PolarsError::SchemaFieldNotFound(text.into()),
        "StructFieldNotFound" => PolarsError::StructFieldNotFound(text.into()),
        "NoFile" => PolarsError::from(std::io::Error::new(std::io::ErrorKind::NotFound, text)),
        "IO" => PolarsError::from(std::io::Error::other(text)),
        _ => PolarsError::ComputeError(text.into()),
    }
}
