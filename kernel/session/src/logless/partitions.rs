//! Partitions: their folders, their values, and those that are there without having been added.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use aerostat_error::{Error, Object, Result};
use aerostat_metastore::{Partition, TableInfo};
use percent_encoding::percent_decode_str;
use polars::prelude::DataType;

use super::{columns, location};
use crate::arrow::from_schema;
use crate::delta::{NULL_PARTITION, partition_text};
use crate::files;
use crate::write::hive_folder;

/// A value of each partition column, by name; `None` is null.
type Values = BTreeMap<String, Option<String>>;

/// The folder in which the files of a partition are unless another was given.
pub fn folder(info: &TableInfo, values: &Values) -> Result<PathBuf> {
    Ok(location(info)?.join(partition_name(info, values)?))
}

/// `year=2024/month=1`: the name of a partition, and that of its folder.
pub fn partition_name(info: &TableInfo, values: &Values) -> Result<String> {
    let partition_columns = columns(info)?.partition_columns;
    let value = |name: &str| values.get(name).and_then(Option::as_deref);
    let folder = hive_folder(partition_columns.iter().map(|name| (name.as_str(), value(name))));
    Ok(folder.trim_end_matches('/').to_owned())
}

/// The values that a statement gives for partition columns, by the names and in the notation of the table: `01` for
/// a column of whole numbers is `1`. `all` of the columns must be there.
pub fn partition_values(info: &TableInfo, given: &[(String, Option<String>)], all: bool) -> Result<Values> {
    let columns = columns(info)?;
    if columns.partition_columns.is_empty() {
        return Err(Error::invalid_argument(format!("`{}` is not partitioned", info.name)));
    }
    let schema = from_schema(&columns.schema)?;
    let mut values = Values::new();
    for (name, value) in given {
        let found = columns.partition_columns.iter().find(|column| column.to_lowercase() == name.to_lowercase());
        let Some(column) = found else {
            return Err(Error::not_found_among(Object::Partition, name, &columns.partition_columns));
        };
        let dtype = schema.get(column).unwrap_or(&DataType::String);
        let value = partition_text(column, dtype, value.as_deref())?;
        if values.insert(column.clone(), value).is_some() {
            return Err(Error::already_exists(Object::Partition, name));
        }
    }
    match columns.partition_columns.iter().find(|column| all && !values.contains_key(*column)) {
        Some(missing) => {
            Err(Error::invalid_argument(format!("a value for the partition column `{missing}` is missing"))
                .with_hint(format!("`{}` is partitioned by {}", info.name, columns.partition_columns.join(", "))))
        }
        None => Ok(values),
    }
}

/// The partitions that there are folders for, whether they were added or not.
pub fn recovered(info: &TableInfo) -> Result<Vec<Partition>> {
    let mut found = vec![(location(info)?, Vec::new())];
    let columns = columns(info)?;
    for column in &columns.partition_columns {
        let mut next = Vec::new();
        for (folder, values) in &found {
            for (path, value) in folders(folder, column)? {
                let mut values = values.clone();
                values.push((column.clone(), value));
                next.push((path, values));
            }
        }
        found = next;
    }
    let partition = |(location, values): (PathBuf, Vec<(String, Option<String>)>)| {
        Ok(Partition { values: partition_values(info, &values, true)?, location })
    };
    found.into_iter().map(partition).collect()
}

/// The columns that the folders below `folder` are named after: `year` and `month` of `year=2024/month=1`.
pub fn partition_columns(folder: &Path) -> Result<Vec<String>> {
    let mut columns = Vec::new();
    let mut folder = folder.to_owned();
    while folder.is_dir() {
        let failed = |error| Error::io(format!("reading folder `{}`", folder.display()), &error);
        let mut entries = folder.read_dir().map_err(failed)?.filter_map(std::result::Result::ok);
        let named = entries.find(|entry| entry.path().is_dir() && entry.file_name().to_string_lossy().contains('='));
        let Some(entry) = named else { break };
        let name = entry.file_name().to_string_lossy().into_owned();
        columns.push(decoded(name.split('=').next().unwrap_or_default())?);
        folder = entry.path();
    }
    Ok(columns)
}

/// The folders `column=value` in a folder.
fn folders(folder: &Path, column: &str) -> Result<Vec<(PathBuf, Option<String>)>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let failed = |error| Error::io(format!("reading folder `{}`", folder.display()), &error);
    let mut found = Vec::new();
    for entry in folder.read_dir().map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let Some((name, value)) = path.file_name().and_then(|name| name.to_str()?.split_once('=')) else { continue };
        if !path.is_dir() || files::is_hidden(&path) || decoded(name)?.to_lowercase() != column.to_lowercase() {
            continue;
        }
        let value = (value != NULL_PARTITION).then(|| decoded(value)).transpose()?;
        found.push((path, value));
    }
    found.sort();
    Ok(found)
}

fn decoded(text: &str) -> Result<String> {
    let decoded = percent_decode_str(text).decode_utf8();
    let invalid = |_| Error::invalid_argument(format!("the folder name `{text}` is not Unicode"));
    decoded.map(|text| text.into_owned()).map_err(invalid)
}
