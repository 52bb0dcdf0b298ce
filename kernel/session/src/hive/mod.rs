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
use polars::prelude::{
    Column, DataType, Expr, Field, IntoColumn, LazyFrame, NewChunkedArray, PlRefPath, PlSmallStr, PolarsResult, Schema,
    StringChunked, col,
};
use polars_plan::dsl::{DslBuilder, ScanSources, UnifiedScanArgs};

use crate::errors::from_polars;
use crate::files::Files;
use crate::scan::stacked;

pub(crate) use serde::OPTIONS;
pub use serde::{LAZY_SIMPLE, LIBRARY, NULL_FORMAT, OPEN_CSV, SKIP_HEADER, Serde, class_name};

/// The name of the column of lines.
const LINE: &str = "line";

/// The rows of the files: the columns of `schema` by their position in each line.
pub(crate) fn scan(files: Files, schema: &Schema, serde: Serde, skipped: usize) -> Result<LazyFrame> {
    let serde = Arc::new(serde);
    let columns = schema.iter().enumerate().map(|(at, (name, dtype))| column(&serde, at, name, dtype));
    let of_folders =
        files.hive_options.schema.iter().flat_map(|schema| schema.iter_names()).map(|name| col(name.clone()));
    let columns: Vec<Expr> = columns.chain(of_folders).collect();
    Ok(lines(files, skipped)?.select(columns))
}

/// The lines of the files, without the first ones of each.
fn lines(files: Files, skipped: usize) -> Result<LazyFrame> {
    if skipped == 0 {
        return scan_lines(files);
    }
    let rest = |path: PlRefPath| {
        let file = Files { paths: vec![path], hive_options: files.hive_options.clone() };
        Ok(scan_lines(file)?.slice(skipped as i64, polars::prelude::IdxSize::MAX))
    };
    let rests = files.paths.iter().cloned().map(rest).collect::<Result<Vec<LazyFrame>>>()?;
    stacked(rests)?.map_or_else(|| scan_lines(files), Ok)
}

fn scan_lines(files: Files) -> Result<LazyFrame> {
    let args = UnifiedScanArgs { hive_options: files.hive_options, glob: false, ..UnifiedScanArgs::default() };
    let sources = ScanSources::Paths(files.paths.into_iter().collect());
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
