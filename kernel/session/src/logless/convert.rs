//! Files of Parquet as a Delta log tells of them: `CONVERT TO DELTA`.

use std::fs::File;
use std::path::{Path, PathBuf};

use aerostat_error::{Error, Result};
use aerostat_metastore::{DataFile, NewFile, Snapshot};
use deltalake_core::parquet::file::metadata::ParquetMetaDataReader;
use polars::prelude::Schema;

use crate::arrow::from_schema;
use crate::{Session, delta};

/// The files of `snapshot` below the folder of the table, each with what its footer says of it, if `statistics` are wanted.
pub fn described(session: &Session, snapshot: &Snapshot, statistics: bool) -> Result<Vec<NewFile>> {
    let schema = from_schema(&snapshot.schema)?;
    let in_files: Schema = schema
        .iter()
        .filter(|(name, _)| !snapshot.partition_columns.iter().any(|column| column == name.as_str()))
        .map(|(name, dtype)| (name.clone(), dtype.clone()))
        .collect();
    let files = snapshot.files.iter().map(|file| {
        session.interrupt().check()?;
        let stats = if statistics { Some(footer(&file.path, &in_files)?) } else { None };
        Ok(NewFile {
            path: below(&snapshot.location, file)?,
            size: file.size,
            partition_values: file.partition_values.clone(),
            stats,
        })
    });
    files.collect()
}

fn below(location: &Path, file: &DataFile) -> Result<String> {
    let outside = || {
        Error::not_supported(format!(
            "CONVERT of files outside of the table's folder is not supported: `{}`",
            file.path.display()
        ))
        .with_hint("make a table of the rows: `CREATE TABLE t AS SELECT ..`")
    };
    let path: PathBuf = file.path.strip_prefix(location).map_err(|_| outside())?.to_owned();
    path.to_str().map(str::to_owned).ok_or_else(outside)
}

/// Whether a column of floats has a NaN is in no footer, so floats have no bounds.
fn footer(path: &Path, schema: &Schema) -> Result<serde_json::Value> {
    let failed = |error: &dyn std::fmt::Display| {
        Error::invalid_argument(format!("`{}` is no file of Parquet: {error}", path.display()))
    };
    let file = File::open(path).map_err(|source| Error::io(format!("reading `{}`", path.display()), &source))?;
    let footer = ParquetMetaDataReader::new().parse_and_finish(&file).map_err(|error| failed(&error))?;
    let is_float = |name: &str| schema.get(name).is_some_and(|dtype| dtype.is_float());
    Ok(delta::statistics(&footer, schema, &is_float))
}
