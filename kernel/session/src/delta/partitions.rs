//! The values of partition columns, which are in the log and not in the files.

use std::path::Path;

use aerostat_error::Result;
use aerostat_metastore::DataFile;
use polars::io::HiveOptions;
use polars::prelude::{DataFrame, PlRefPath, Schema};
use polars_plan::plans::hive::hive_partitions_from_paths;

use super::values::column;
use crate::errors::from_polars;
use crate::files::reference;

/// One row for each file, one column for each partition column.
pub(crate) fn of(files: &[&DataFile], schema: &Schema, partition_columns: &[String]) -> Result<DataFrame> {
    let columns = schema.iter().filter(|(name, _)| partition_columns.iter().any(|other| other == name.as_str()));
    let columns = columns.map(|(name, dtype)| {
        let texts: Vec<Option<&str>> = files.iter().map(|file| text(file, name)).collect();
        column(name, dtype, &texts)
    });
    DataFrame::new(files.len(), columns.collect::<Result<_>>()?).map_err(from_polars)
}

fn text<'a>(file: &'a DataFile, column: &str) -> Option<&'a str> {
    file.partition_values.get(column)?.as_deref()
}

/// How polars finds the values of partitions in the names of the folders below `location`, so that it passes over the
/// files that a filter by them rules out. None if they are not there, or are not the same, or one of them is null.
pub(crate) fn in_folders(
    location: &Path,
    files: &[&DataFile],
    schema: &Schema,
    partition_columns: &[String],
) -> Result<Option<HiveOptions>> {
    let values = of(files, schema, partition_columns)?;
    let paths = files.iter().map(|file| reference(&file.path)).collect::<Result<Vec<PlRefPath>>>()?;
    let start = location.as_os_str().len();
    let null = values.columns().iter().any(|column| column.null_count() > 0);
    let found = values.width() > 0 && !null && are_in(&paths, start, &values, schema);
    Ok(found.then(|| HiveOptions {
        hive_start_idx: start,
        schema: Some(values.schema().clone()),
        ..HiveOptions::new_enabled()
    }))
}

/// Whether polars reads the same `values` out of the names of the folders. It can then prune files by them; writers
/// may name their folders otherwise, and some texts do not survive polars' way of parsing them.
pub(super) fn are_in(paths: &[PlRefPath], start: usize, values: &DataFrame, schema: &Schema) -> bool {
    if paths.iter().any(|path| path.as_str().get(start..).is_none()) {
        return false;
    }
    let names = Some(values.schema().clone());
    match hive_partitions_from_paths(paths, start, names, schema, true) {
        Ok(Some(parsed)) => parsed.df().equals_missing(values),
        Ok(None) | Err(_) => false,
    }
}
