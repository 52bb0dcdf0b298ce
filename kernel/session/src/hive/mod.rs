//! Tables of text as Hive reads and writes them: a line is a row, and a SerDe finds the values in it.
//!
//! [`serde`] has which SerDe a table has and with which characters, from the properties that Hive keeps them in;
//! [`lazy`] and [`opencsv`] are the two that there are; [`value`] makes values of texts, as `LazySimpleSerDe` does.
//! Each column is an expression over the line, so that a query pays for the columns that it uses.

mod lazy;
mod opencsv;
mod serde;
mod value;
mod write;

use std::sync::Arc;

use aerostat_error::Result;
use polars::io::HiveOptions;
use polars::prelude::{
    Column, DataType, Expr, Field, IntoColumn, LazyFrame, NewChunkedArray, PlRefPath, PlSmallStr, PolarsResult, Schema,
    StringChunked, UnionArgs, col, concat,
};
use polars_plan::dsl::{DslBuilder, ScanSources, UnifiedScanArgs};

use crate::errors::from_polars;
use crate::files::Files;

pub(crate) use serde::OPTIONS;
pub use serde::{LAZY_SIMPLE, LIBRARY, NULL_FORMAT, OPEN_CSV, SKIP_HEADER, Serde, class_name};

/// The name of the column of lines.
const LINE: &str = "line";

/// The rows of the files: the columns of `schema` by their position in each line.
pub(crate) fn scan(files: Files, schema: &Schema, serde: Serde, skipped: usize) -> Result<LazyFrame> {
    let serde = Arc::new(serde);
    let columns = schema.iter().enumerate().map(|(at, (name, dtype))| column(&serde, at, name, dtype));
    let columns: Vec<Expr> = columns.collect();
    Ok(lines(files.paths, skipped)?.select(columns))
}

/// The lines of the files, without the first ones of each.
fn lines(paths: Vec<PlRefPath>, skipped: usize) -> Result<LazyFrame> {
    if skipped == 0 {
        return scan_lines(paths);
    }
    let rest = |path: PlRefPath| Ok(scan_lines(vec![path])?.slice(skipped as i64, polars::prelude::IdxSize::MAX));
    let files = paths.into_iter().map(rest).collect::<Result<Vec<LazyFrame>>>()?;
    concat(files, UnionArgs::default()).map_err(from_polars)
}

fn scan_lines(paths: Vec<PlRefPath>) -> Result<LazyFrame> {
    let args = UnifiedScanArgs { hive_options: HiveOptions::new_disabled(), glob: false, ..UnifiedScanArgs::default() };
    let sources = ScanSources::Paths(paths.into_iter().collect());
    Ok(DslBuilder::scan_lines(sources, args, LINE.into()).map_err(from_polars)?.build().into())
}

/// The column at a place of the line.
fn column(serde: &Arc<Serde>, at: usize, name: &PlSmallStr, dtype: &DataType) -> Expr {
    let field = Field::new(name.clone(), dtype.clone());
    let (serde, read) = (Arc::clone(serde), field.clone());
    let values = move |lines: Column| values(lines.str()?, &serde, at, &read);
    col(LINE).map(values, move |_, _| Ok(field.clone())).alias(name.clone())
}

fn values(lines: &StringChunked, serde: &Serde, at: usize, field: &Field) -> PolarsResult<Column> {
    let name = field.name().clone();
    let column = match serde {
        Serde::Lines => lines.clone().with_name(name).into_column(),
        Serde::Lazy(lazy) => {
            let texts = lines.iter().map(|line| line.and_then(|line| lazy.field(line, at)));
            value::column(name, field.dtype(), texts, lazy)?
        }
        Serde::OpenCsv(csv) => {
            let texts = lines.iter().map(|line| line.and_then(|line| csv.field(line, at)));
            StringChunked::from_iter_options(name, texts).into_column()
        }
    };
    Ok(column)
}
