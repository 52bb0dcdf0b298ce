//! Spark's functions: which of the engine's they are ([`rules`]), and those that the engine lacks.

pub(crate) mod cast;
mod instant;
mod json;
mod mode;
mod moments;
mod number;
mod pattern;
mod reduce;
pub(crate) mod rules;
mod text;
mod time;
mod udf;

use std::sync::{Arc, LazyLock};

use aerostat_error::Error;
use datafusion::common::DataFusionError;
use datafusion::logical_expr::{AggregateUDF, Expr, HigherOrderUDF, ScalarUDF, lit};

static CAST: LazyLock<Arc<ScalarUDF>> = LazyLock::new(|| Arc::new(ScalarUDF::new_from_impl(cast::Cast::new())));

/// The functions that the engine lacks or does otherwise than Spark.
pub(crate) fn all() -> Vec<Arc<ScalarUDF>> {
    let lacking = text::functions().into_iter().chain(time::functions()).chain(json::functions());
    lacking.map(Arc::new).chain([Arc::clone(&CAST)]).collect()
}

/// The aggregates that the engine lacks.
pub(crate) fn aggregates() -> Vec<Arc<AggregateUDF>> {
    moments::functions().into_iter().chain([mode::function()]).map(Arc::new).collect()
}

/// The functions of lambdas that the engine lacks.
pub(crate) fn higher_order() -> Vec<Arc<HigherOrderUDF>> {
    vec![Arc::new(reduce::function())]
}

/// Spark's cast of a planned expression to the type that it calls `name`.
pub(crate) fn cast_to(expr: Expr, name: &str) -> Expr {
    CAST.call(vec![expr, lit(name)])
}

/// An error of ours on its way through the engine.
pub(crate) fn external(error: Error) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}
