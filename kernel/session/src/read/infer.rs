//! Finding the types of CSV columns.
//!
//! As in Spark, this reads the files once more: the first lines suggest types, and then every value must fit. Polars
//! alone would either fail when a later value does not, or silently read it as null.

use std::sync::Arc;

use aerostat_error::{Error, Kind, Result};
use polars::prelude::{DataFrame, DataType, Engine, Expr, LazyFrame, PlSmallStr, Schema, SchemaRef, all, col, lit};

use super::csv::Csv;
use crate::Session;

/// How many lines suggest the types.
const SAMPLE: usize = 4096;

/// The files with the narrowest types that all of their values fit.
pub(super) fn read(session: &Session, csv: &Csv) -> Result<LazyFrame> {
    let suggested = csv.suggested(session, SAMPLE)?;
    let mut schema = plain(session, csv, &suggested)?;
    while let Some(wider) = widened(session, csv, &schema)? {
        schema = wider;
    }
    csv.exactly(&schema, false)
}

/// Without the types that Spark does not find, and with dates only where the year comes first: `1/2/2024` is the
/// first of February in one country and the second of January in another.
fn plain(session: &Session, csv: &Csv, suggested: &SchemaRef) -> Result<SchemaRef> {
    let texts = csv.exactly(&strings(suggested), false)?.limit(SAMPLE as u32);
    let temporal = suggested.iter().filter(|(_, dtype)| matches!(dtype, DataType::Date | DataType::Datetime(..)));
    let tests: Vec<Expr> =
        temporal.map(|(name, _)| col(name.clone()).str().contains(lit(r"^\d{4}-"), true).all(true)).collect();
    let tests = if tests.is_empty() { DataFrame::empty() } else { session.collect(texts.select(tests))? };
    let iso = |name: &str| tests.column(name).is_ok_and(|test| test.bool().is_ok_and(|test| test.get(0) == Some(true)));
    let kept = suggested.iter().map(|(name, dtype)| {
        let kept = match dtype {
            DataType::Boolean | DataType::Int64 | DataType::Float64 => true,
            DataType::Date | DataType::Datetime(_, None) => iso(name),
            _ => false,
        };
        (name.clone(), if kept { dtype.clone() } else { DataType::String })
    });
    Ok(Arc::new(kept.collect()))
}

fn strings(schema: &Schema) -> SchemaRef {
    Arc::new(schema.iter_names().map(|name| (name.clone(), DataType::String)).collect())
}

/// Nothing if every value fits; else the schema in which those columns are wider that have a value that does not.
fn widened(session: &Session, csv: &Csv, schema: &SchemaRef) -> Result<Option<SchemaRef>> {
    match null_counts(session, csv.exactly(schema, false)?) {
        Ok(_) => return Ok(None),
        Err(error) if error.kind() == Kind::Compute => {}
        Err(error) => return Err(error),
    }
    let nulls = null_counts(session, csv.exactly(schema, true)?)?;
    let missing = null_counts(session, csv.exactly(&strings(schema), true)?)?;
    let mut wider = (**schema).clone();
    for (name, dtype) in wider.iter_mut() {
        if !same(&nulls, &missing, name) {
            *dtype = if *dtype == DataType::Int64 { DataType::Float64 } else { DataType::String };
        }
    }
    if wider == **schema {
        return Err(Error::new(Kind::Compute, "the types of the columns could not be found")
            .with_hint("give them with `.schema(\"name TYPE, ..\")`"));
    }
    Ok(Some(Arc::new(wider)))
}

fn null_counts(session: &Session, frame: LazyFrame) -> Result<DataFrame> {
    let counts = frame.select([all().as_expr().null_count()]);
    session.run(move || counts.collect_with_engine(Engine::Streaming).map(|result| result.unwrap_single()))
}

fn same(one: &DataFrame, other: &DataFrame, column: &PlSmallStr) -> bool {
    matches!((one.column(column), other.column(column)), (Ok(one), Ok(other)) if one == other)
}
