//! Inserting into a table without a log.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use aerostat_error::{Error, Result};
use aerostat_metastore::{Partition, TableInfo};
use polars::prelude::{LazyFrame, Schema};
use uuid::Uuid;

use super::{columns, folder, location};
use crate::arrow::from_schema;
use crate::hive::Serde;
use crate::write::{self, Part, Staged};
use crate::{Session, files, types};

/// What an insert takes the place of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replaced {
    /// Nothing.
    Nothing,
    /// All that is in the table.
    Everything,
    /// The partitions that the new rows are in, and if every partition column has a value here, that partition even
    /// if there are no rows.
    Partitions(BTreeMap<String, Option<String>>),
}

/// Inserts rows whose columns are those of the table, in its order.
pub fn insert(session: &Session, info: &TableInfo, frame: LazyFrame, replaced: &Replaced) -> Result<()> {
    let columns = columns(info)?;
    let schema = from_schema(&columns.schema)?;
    check(info, &schema, &columns.partition_columns)?;
    let mut planned = frame.clone();
    let given = session.run(move || planned.collect_schema())?;
    let frame = frame.select(write::by_position(session, &given, &schema)?);
    let staging = location(info)?.join(format!(".staging-{}", Uuid::new_v4()));
    let written = stage(session, info, frame, &staging, &columns.partition_columns)
        .and_then(|staged| Move { session, info, staging: &staging, replaced }.run(&staged.parts()));
    let _ = fs::remove_dir_all(&staging);
    written
}

/// Whether the format can hold the columns that are in the files.
fn check(info: &TableInfo, schema: &Schema, partition_columns: &[String]) -> Result<()> {
    if info.format != aerostat_metastore::Format::Text {
        return Ok(());
    }
    let serde = Serde::new(&info.options)?;
    let in_files = schema.iter().filter(|(name, _)| partition_columns.iter().all(|column| column != name.as_str()));
    match in_files.into_iter().find(|(_, dtype)| !serde.holds(dtype)) {
        Some((name, dtype)) => Err(Error::not_supported(format!(
            "column `{name}` of type `{}` cannot be written as text without a SerDe that knows types",
            types::name(dtype)
        ))),
        None => Ok(()),
    }
}

/// Writes the rows to a folder that readers pass over.
fn stage(
    session: &Session,
    info: &TableInfo,
    frame: LazyFrame,
    staging: &Path,
    partition_columns: &[String],
) -> Result<Staged> {
    let layout = write::table_layout(info, partition_columns)?;
    fs::create_dir_all(staging)
        .map_err(|error| Error::io(format!("creating folder `{}`", staging.display()), &error))?;
    write::write_parts(session, frame, staging, layout)
}

/// The step from written files to files of the table.
struct Move<'a> {
    session: &'a Session,
    info: &'a TableInfo,
    staging: &'a Path,
    replaced: &'a Replaced,
}

impl Move<'_> {
    fn run(&self, parts: &[Part]) -> Result<()> {
        let known = self.known()?;
        let mut added: BTreeMap<&BTreeMap<String, Option<String>>, PathBuf> = BTreeMap::new();
        for part in parts {
            let to = match known.get(&part.partition_values) {
                Some(location) => location.clone(),
                None => folder(self.info, &part.partition_values)?,
            };
            added.insert(&part.partition_values, to);
        }
        if let Replaced::Partitions(fixed) = self.replaced
            && fixed.len() == columns(self.info)?.partition_columns.len()
            && !added.contains_key(fixed)
        {
            added.insert(fixed, known.get(fixed).cloned().map_or_else(|| folder(self.info, fixed), Ok)?);
        }
        let old = self.old_files(&known, &added)?;
        for part in parts {
            if let Some(to) = added.get(&part.partition_values) {
                self.move_in(part, to)?;
            }
        }
        write::sync_all(&added.values().filter(|to| to.is_dir()).cloned().collect::<Vec<_>>())?;
        for file in old {
            fs::remove_file(&file).map_err(|error| Error::io(format!("removing `{}`", file.display()), &error))?;
        }
        let partitions = added.into_iter().filter(|(values, _)| !values.is_empty());
        let partitions: Vec<Partition> =
            partitions.map(|(values, location)| Partition { values: values.clone(), location }).collect();
        self.session.metastore().add_partitions(&self.info.name, &partitions, true)
    }

    /// The folders of the partitions that were added before.
    fn known(&self) -> Result<BTreeMap<BTreeMap<String, Option<String>>, PathBuf>> {
        let partitions = self.session.metastore().partitions(&self.info.name)?;
        Ok(partitions.into_iter().map(|partition| (partition.values, partition.location)).collect())
    }

    /// The files that the new ones take the place of.
    fn old_files(
        &self,
        known: &BTreeMap<BTreeMap<String, Option<String>>, PathBuf>,
        added: &BTreeMap<&BTreeMap<String, Option<String>>, PathBuf>,
    ) -> Result<BTreeSet<PathBuf>> {
        let mut old = BTreeSet::new();
        match self.replaced {
            Replaced::Nothing => {}
            Replaced::Everything if known.is_empty() => old.extend(files::below(&location(self.info)?)?),
            Replaced::Everything => {
                for folder in known.values() {
                    old.extend(files::below(folder)?);
                }
            }
            Replaced::Partitions(_) => {
                for folder in added.values() {
                    old.extend(files::below(folder)?);
                }
            }
        }
        Ok(old)
    }

    fn move_in(&self, part: &Part, to: &Path) -> Result<()> {
        let from = self.staging.join(&part.path);
        let name = from.file_name().unwrap_or_default();
        fs::create_dir_all(to)
            .and_then(|()| fs::rename(&from, to.join(name)))
            .map_err(|error| Error::io(format!("writing to `{}`", to.display()), &error))
    }
}
