//! The values of partition columns, which are in the log and not in the files.

use aerostat_error::Result;
use aerostat_metastore::DataFile;
use polars::prelude::{DataFrame, PlRefPath, Schema};
use polars_plan::plans::hive::hive_partitions_from_paths;

use super::values::column;
use crate::errors::from_polars;

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
