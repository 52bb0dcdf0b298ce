//! Query plans and expressions as bytes.

use std::io;

use polars::prelude::{DataFrame, Expr, IntoLazy, LazyFrame};
use polars_plan::dsl::DslPlan;

/// The plan as bytes. Not every plan has a form in bytes: one with a closure in it has none.
pub(crate) fn to_bytes(plan: &LazyFrame) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    plan.logical_plan.serialize_versioned(&mut bytes, Default::default()).map_err(io::Error::other)?;
    Ok(bytes)
}

/// The plan that [`to_bytes`] wrote.
pub(crate) fn from_bytes(bytes: &[u8]) -> io::Result<LazyFrame> {
    DslPlan::deserialize_versioned(bytes).map(LazyFrame::from).map_err(io::Error::other)
}

/// An expression as bytes: of a plan that selects it.
pub(crate) fn expr_to_bytes(expr: &Expr) -> io::Result<Vec<u8>> {
    to_bytes(&DataFrame::empty().lazy().select([expr.clone()]))
}

/// The expression that [`expr_to_bytes`] wrote.
pub(crate) fn expr_from_bytes(bytes: &[u8]) -> io::Result<Expr> {
    match from_bytes(bytes)?.logical_plan {
        DslPlan::Select { expr, .. } => expr.into_iter().next(),
        _ => None,
    }
    .ok_or_else(|| io::Error::other("an expression came without its plan"))
}
