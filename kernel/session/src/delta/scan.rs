//! A Delta table as a lazy frame.

use std::collections::BTreeMap;
use std::sync::Arc;

use aerostat_error::Result;
use aerostat_metastore::{DataFile, Snapshot};
use polars::io::HiveOptions;
use polars::prelude::{
    Column, DataFrame, Expr, IntoLazy, LazyFrame, LiteralValue, PlRefPath, Scalar, Schema, SchemaRef, col,
};
use polars_plan::dsl::{TableStatistics, UnifiedScanArgs};

use super::values::is_null;
use super::{partitions, pruning};
use crate::arrow::from_schema;
use crate::errors::from_polars;
use crate::scan::stacked;
use crate::{files, parquet};

/// The rows of the table at this version. Nothing is opened before the frame is collected.
///
/// Files of which a partition value is null are kept apart: polars 0.55 filters the values of partitions without
/// looking at their validity, so that `year < 2000` would let a null through.
pub(crate) fn scan(snapshot: &Snapshot) -> Result<LazyFrame> {
    let schema = Arc::new(from_schema(&snapshot.schema)?);
    let (whole, holed): (Vec<&DataFile>, Vec<&DataFile>) =
        snapshot.files.iter().partition(|file| file.partition_values.values().all(|value| !is_null(value.as_deref())));
    let mut frames = if whole.is_empty() { Vec::new() } else { in_folders(snapshot, &whole, &schema)? };
    frames.extend(by_partition(&holed, &schema, &snapshot.partition_columns)?);
    Ok(stacked(frames)?.unwrap_or_else(|| DataFrame::empty_with_schema(&schema).lazy()))
}

/// One scan, in which polars reads the values of partitions out of the names of the folders; if they are not there,
/// more than one.
fn in_folders(snapshot: &Snapshot, files: &[&DataFile], schema: &SchemaRef) -> Result<Vec<LazyFrame>> {
    let paths = paths(files)?;
    let values = partitions::of(files, schema, &snapshot.partition_columns)?;
    let start = snapshot.location.as_os_str().len();
    let hive_options =
        HiveOptions { hive_start_idx: start, schema: Some(values.schema().clone()), ..HiveOptions::new_enabled() };
    match values.width() {
        0 => Ok(vec![parquet::scan(paths, Some(schema.clone()), arguments(files, schema, &values)?)?]),
        _ if partitions::are_in(&paths, start, &values, schema) => {
            let args = UnifiedScanArgs { hive_options, ..arguments(files, schema, &values)? };
            Ok(vec![parquet::scan(paths, Some(schema.clone()), args)?])
        }
        _ => by_partition(files, schema, &snapshot.partition_columns),
    }
}

/// One scan for each combination of partition values, with the values as literals. A column whose value is null is
/// one that the files lack, which polars fills and filters itself.
fn by_partition(files: &[&DataFile], schema: &SchemaRef, partition_columns: &[String]) -> Result<Vec<LazyFrame>> {
    let mut groups: BTreeMap<_, Vec<&DataFile>> = BTreeMap::new();
    for file in files {
        groups.entry(&file.partition_values).or_default().push(file);
    }
    groups.into_values().map(|files| with_literals(&files, schema, partition_columns)).collect()
}

/// The files, all of the same partition values.
fn with_literals(files: &[&DataFile], schema: &SchemaRef, partition_columns: &[String]) -> Result<LazyFrame> {
    let values = partitions::of(files, schema, partition_columns)?;
    let (missing, known): (Vec<Column>, Vec<Column>) =
        values.columns().iter().cloned().partition(|column| column.null_count() > 0);
    let scanned = schema.iter().filter(|(name, _)| known.iter().all(|column| column.name() != *name));
    let scanned: Schema = scanned.map(|(name, dtype)| (name.clone(), dtype.clone())).collect();
    let missing = DataFrame::new(files.len(), missing).map_err(from_polars)?;
    let scan = parquet::scan(paths(files)?, Some(scanned.clone().into()), arguments(files, &scanned, &missing)?)?;
    if known.is_empty() {
        return Ok(scan);
    }
    let literals = known.iter().map(literal).collect::<Result<Vec<Expr>>>()?;
    let all: Vec<Expr> = schema.iter_names().map(|name| col(name.clone())).collect();
    Ok(scan.with_columns(literals).select(all))
}

fn paths(files: &[&DataFile]) -> Result<Vec<PlRefPath>> {
    files.iter().map(|file| files::reference(&file.path)).collect()
}

fn arguments(files: &[&DataFile], schema: &Schema, values: &DataFrame) -> Result<UnifiedScanArgs> {
    let statistics = pruning::statistics(files, schema, values)?;
    let rows = files.iter().map(|file| file.num_records).sum::<Option<u64>>();
    Ok(UnifiedScanArgs {
        table_statistics: Some(TableStatistics(Arc::new(statistics))),
        row_count: rows.map(|rows| (rows, 0)),
        ..parquet::lenient()
    })
}

/// The value that is in all rows of `column`, under the column's name.
fn literal(column: &Column) -> Result<Expr> {
    let value = column.get(0).map_err(from_polars)?.into_static();
    let value = Scalar::new(column.dtype().clone(), value);
    Ok(Expr::Literal(LiteralValue::Scalar(value)).alias(column.name().clone()))
}
