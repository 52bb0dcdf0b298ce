//! A Delta table as a lazy frame.

use std::collections::BTreeMap;
use std::sync::Arc;

use aerostat_error::Result;
use aerostat_metastore::Snapshot;
use polars::io::HiveOptions;
use polars::prelude::{
    Column, DataFrame, Expr, IntoLazy, LazyFrame, LiteralValue, PlRefPath, Scalar, Schema, SchemaRef, UnionArgs, col,
    concat,
};
use polars_plan::dsl::{TableStatistics, UnifiedScanArgs};

use super::{partitions, pruning};
use crate::arrow::from_schema;
use crate::errors::from_polars;
use crate::{files, parquet};

/// The rows of the table at this version. Nothing is opened before the frame is collected.
pub(crate) fn scan(snapshot: &Snapshot) -> Result<LazyFrame> {
    let schema = Arc::new(from_schema(&snapshot.schema)?);
    if snapshot.files.is_empty() {
        return Ok(DataFrame::empty_with_schema(&schema).lazy());
    }
    let values = partitions::of(snapshot, &schema)?;
    let paths = snapshot.files.iter().map(|file| files::reference(&file.path)).collect::<Result<Vec<PlRefPath>>>()?;
    let start = snapshot.location.as_os_str().len();
    let args = arguments(snapshot, &schema, &values)?;
    if values.width() == 0 {
        return parquet::scan(paths, Some(schema), args);
    }
    if partitions::are_in(&paths, start, &values, &schema) {
        let hive_options = HiveOptions {
            enabled: Some(true),
            hive_start_idx: start,
            schema: Some(values.schema().clone()),
            try_parse_dates: true,
        };
        return parquet::scan(paths, Some(schema), UnifiedScanArgs { hive_options, ..args });
    }
    by_partition(&paths, &schema, &values)
}

fn arguments(snapshot: &Snapshot, schema: &Schema, values: &DataFrame) -> Result<UnifiedScanArgs> {
    let statistics = pruning::statistics(snapshot, schema, values)?;
    let rows = snapshot.files.iter().map(|file| file.num_records).sum::<Option<u64>>();
    Ok(UnifiedScanArgs {
        table_statistics: Some(TableStatistics(Arc::new(statistics))),
        row_count: rows.map(|rows| (rows, 0)),
        ..parquet::lenient()
    })
}

/// One scan for each combination of partition values, with the values as literals.
fn by_partition(paths: &[PlRefPath], schema: &SchemaRef, values: &DataFrame) -> Result<LazyFrame> {
    let mut groups: BTreeMap<Vec<String>, (usize, Vec<PlRefPath>)> = BTreeMap::new();
    for (row, path) in paths.iter().enumerate() {
        let key = values.columns().iter().map(|column| column.get(row).map(|value| format!("{value:?}")));
        let key = key.collect::<Result<_, _>>().map_err(from_polars)?;
        groups.entry(key).or_insert_with(|| (row, Vec::new())).1.push(path.clone());
    }
    let in_files = schema.iter().filter(|(name, _)| values.column(name).is_err());
    let in_files: Schema = in_files.map(|(name, dtype)| (name.clone(), dtype.clone())).collect();
    let in_files = Arc::new(in_files);
    let all: Vec<Expr> = schema.iter_names().map(|name| col(name.clone())).collect();
    let scans = groups.into_values().map(|(row, paths)| {
        let literals = values.columns().iter().map(|column| literal(column, row));
        let literals = literals.collect::<Result<Vec<Expr>>>()?;
        Ok(parquet::scan(paths, Some(in_files.clone()), parquet::lenient())?.with_columns(literals).select(&all))
    });
    let scans = scans.collect::<Result<Vec<LazyFrame>>>()?;
    concat(scans, UnionArgs::default()).map_err(from_polars)
}

/// The value of `column` in `row`, under the column's name.
fn literal(column: &Column, row: usize) -> Result<Expr> {
    let value = column.get(row).map_err(from_polars)?.into_static();
    let value = Scalar::new(column.dtype().clone(), value);
    Ok(Expr::Literal(LiteralValue::Scalar(value)).alias(column.name().clone()))
}
