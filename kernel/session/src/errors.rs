//! Errors of polars in the shared vocabulary.

use aerostat_error::Error;
use polars::prelude::PolarsError;

/// The error of a query of polars.
pub fn from_polars(error: PolarsError) -> Error {
    Error::internal(error.to_string())
}
