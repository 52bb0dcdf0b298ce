//! Spark's functions: which of the engine's they are ([`rules`]), and those that the engine lacks.

pub(crate) mod assign;
pub(crate) mod calendar;
pub(crate) mod cast;
mod checked;
mod collections;
pub(crate) mod common;
pub(crate) mod convert;
mod decimal_format;
pub(crate) mod decimals;
mod digits;
mod display;
mod distinct;
mod hash;
mod histogram;
mod instant;
mod json;
mod lambda;
mod limit;
mod member;
mod mode;
mod moments;
mod number;
pub(crate) mod numeric;
mod pattern;
mod percentile;
mod random;
mod reduce;
mod regex;
mod round;
pub(crate) mod rules;
mod sequence;
mod sum;
mod text;
mod time;
mod udf;
pub(crate) mod user;
mod windows;
mod words;
mod zip;

pub(crate) use instant::DAY_MICROS;

use std::sync::{Arc, LazyLock};

use aerostat_error::Error;
use datafusion::common::{DataFusionError, Result as DataFusionResult};
use datafusion::logical_expr::{AggregateUDF, Expr, HigherOrderUDF, ScalarUDF, lit};

static CAST: LazyLock<Arc<ScalarUDF>> = LazyLock::new(|| Arc::new(ScalarUDF::new_from_impl(cast::Cast::new(false))));

static ALL: LazyLock<Vec<Arc<ScalarUDF>>> = LazyLock::new(|| {
    let ours = [
        text::functions(),
        regex::functions(),
        words::functions(),
        time::functions(),
        calendar::functions(),
        json::functions(),
        collections::functions(),
        limit::functions(),
        checked::functions(),
        percentile::functions(),
        numeric::functions(),
        windows::functions(),
        vec![
            decimal_format::function(),
            hash::function(),
            histogram::function(),
            member::function(),
            random::function(),
            round::function(),
            sequence::function(),
            zip::function(),
            ScalarUDF::new_from_impl(cast::Cast::new(true)),
        ],
    ];
    ours.into_iter().flatten().map(Arc::new).chain([Arc::clone(&CAST)]).collect()
});

/// The functions that the engine lacks or does otherwise than Spark, in ANSI mode or not.
pub(crate) fn all(ansi: bool) -> Vec<Arc<ScalarUDF>> {
    ALL.iter().cloned().chain(common::functions(ansi).into_iter().map(Arc::new)).collect()
}

/// The aggregates that the engine lacks or does otherwise than Spark, in ANSI mode or not.
pub(crate) fn aggregates(ansi: bool) -> Vec<Arc<AggregateUDF>> {
    let checked = ansi.then(sum::function);
    moments::functions()
        .into_iter()
        .chain([mode::function(), distinct::function()])
        .chain(checked)
        .map(Arc::new)
        .collect()
}

/// The functions of lambdas that the engine lacks.
pub(crate) fn higher_order() -> Vec<Arc<HigherOrderUDF>> {
    lambda::functions().into_iter().chain([reduce::function()]).map(Arc::new).collect()
}

/// Spark's cast of a planned expression to the type that it calls `name`.
pub(crate) fn cast_to(expr: Expr, name: &str) -> Expr {
    CAST.call(vec![expr, lit(name)])
}

/// A planned call of one of our functions.
pub(crate) fn call(name: &str, args: Vec<Expr>) -> DataFusionResult<Expr> {
    match ALL.iter().find(|function| function.name() == name) {
        Some(function) => Ok(function.call(args)),
        None => datafusion::common::internal_err!("no function `{name}`"),
    }
}

/// An error of ours on its way through the engine.
pub(crate) fn external(error: Error) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}
