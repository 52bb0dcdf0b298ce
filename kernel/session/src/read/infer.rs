//! Finding the types of CSV columns.
//!
//! As in Spark, this reads the files once more: the first lines suggest types, and then every value must fit. Polars
//! alone would either fail when a later value does not, or silently read it as null.

use std::sync::Arc;

use aerostat_error::{Error, Kind, Result};
use polars::prelude::{
    DataFrame, DataType, Engine, Expr, LazyFrame, NULL, PlSmallStr, Schema, SchemaRef, all, col, lit, when,
};

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

/// Patterns of texts, each with the type of a column whose texts all match it.
const PATTERNS: &[(&str, DataType)] = &[
    (r"^[+-]?\d{1,18}$", DataType::Int64),
    (r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$", DataType::Float64),
    // `1/2/2024` is the first of February in one country and the second of January in another.
    (r"^\d{4}-", DataType::Date),
];

/// Without the types that Spark does not find, and with dates only where the year comes first. Polars takes empty
/// texts in quotes for texts; as in Spark, they are nothing where all others are numbers.
fn plain(session: &Session, csv: &Csv, suggested: &SchemaRef) -> Result<SchemaRef> {
    let texts = csv.exactly(&strings(suggested), false)?.limit(SAMPLE as u32);
    let tests =
        suggested.iter_names().flat_map(|name| PATTERNS.iter().map(|(pattern, dtype)| test(name, pattern, dtype)));
    let tests: Vec<Expr> = tests.collect();
    let tests = session.collect(texts.select(tests))?;
    let fits = |name: &str, dtype: &DataType| {
        let test = tests.column(&test_name(name, dtype)).and_then(|test| test.bool().cloned());
        test.is_ok_and(|test| test.get(0) == Some(true))
    };
    let kept = suggested.iter().map(|(name, dtype)| {
        let kept = match dtype {
            DataType::Boolean | DataType::Int64 | DataType::Float64 => dtype.clone(),
            DataType::Date | DataType::Datetime(_, None) if fits(name, &DataType::Date) => dtype.clone(),
            DataType::String if fits(name, &DataType::Int64) => DataType::Int64,
            DataType::String if fits(name, &DataType::Float64) => DataType::Float64,
            _ => DataType::String,
        };
        (name.clone(), kept)
    });
    Ok(Arc::new(kept.collect()))
}

/// Whether there are texts, and all of them match.
fn test(name: &PlSmallStr, pattern: &str, dtype: &DataType) -> Expr {
    let texts = col(name.clone()).filter(col(name.clone()).neq(lit("")));
    let matches = texts.clone().str().contains(lit(pattern), true).all(true);
    matches.and(texts.len().gt(lit(0))).alias(test_name(name, dtype))
}

fn test_name(name: &str, dtype: &DataType) -> String {
    format!("{name} as {dtype}")
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
    let typed = schema.iter().filter(|(_, dtype)| **dtype != DataType::String);
    let empty: Vec<Expr> = typed
        .map(|(name, _)| {
            when(col(name.clone()).neq(lit(""))).then(col(name.clone())).otherwise(lit(NULL)).alias(name.clone())
        })
        .collect();
    let missing = null_counts(session, csv.exactly(&strings(schema), true)?.with_columns(empty))?;
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
