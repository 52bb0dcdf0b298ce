//! The partitions of tables without a log, which are those that were added, as in Hive.

use std::collections::BTreeMap;
use std::path::PathBuf;

use aerostat_error::{Error, Kind, Object, Result};
use rusqlite::{Row, Transaction, params};

use crate::change::logless;
use crate::database::{Json, failed, now, stored_path, table_named};
use crate::metastore::Metastore;
use crate::name::TableName;
use crate::types::Partition;

/// A value of each partition column; `None` is null.
type Values = BTreeMap<String, Option<String>>;

impl Metastore {
    /// The partitions of a table, in the order in which they were added.
    pub fn partitions(&self, table: &TableName) -> Result<Vec<Partition>> {
        let found = self.database().read(|connection| {
            let Some(table) = table_named(self.root(), connection, table)? else { return Ok(None) };
            connection
                .prepare_cached(
                    "SELECT partition_values, location FROM partitions WHERE table_id = ?1 ORDER BY created_at, id",
                )?
                .query_map([table.id], |row| self.partition(row))?
                .collect::<rusqlite::Result<Vec<_>>>()
                .map(Some)
        })?;
        found.ok_or_else(|| self.table_not_found(table))
    }

    fn partition(&self, row: &Row) -> rusqlite::Result<Partition> {
        let location: String = row.get("location")?;
        Ok(Partition { values: row.get::<_, Json<_>>("partition_values")?.0, location: self.root().join(location) })
    }

    /// Adds partitions, all or none. One that is there is an error, or with `if_not_exists` stays as it is.
    pub fn add_partitions(&self, table: &TableName, partitions: &[Partition], if_not_exists: bool) -> Result<()> {
        let stored = partitions.iter().map(|new| Ok((&new.values, stored_path(self.root(), &new.location)?)));
        let stored = stored.collect::<Result<Vec<(&Values, String)>>>()?;
        self.change(table, |transaction, table| {
            logless(&table.info)?;
            for (values, location) in &stored {
                let added = transaction
                    .execute(
                        "INSERT INTO partitions (table_id, partition_values, location, created_at)
                         VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
                        params![table.id, Json(values), location, now()],
                    )
                    .map_err(failed)?;
                if added == 0 && !if_not_exists {
                    return Err(Error::already_exists(Object::Partition, shown(values)));
                }
            }
            Ok(stored.len())
        })
        .map(drop)
    }

    /// Forgets partitions, all or none; returns where their files are. One that is not there is an error, or with
    /// `if_exists` none of our business.
    pub fn drop_partitions(&self, table: &TableName, partitions: &[Values], if_exists: bool) -> Result<Vec<PathBuf>> {
        let mut locations = Vec::new();
        self.change(table, |transaction, table| {
            for values in partitions {
                match take(transaction, table.id, values)? {
                    Some(location) => locations.push(self.root().join(location)),
                    None if if_exists => {}
                    None => return Err(Error::not_found(Object::Partition, shown(values))),
                }
            }
            Ok(partitions.len())
        })?;
        Ok(locations)
    }

    /// Gives a partition other values and another folder.
    pub fn rename_partition(&self, table: &TableName, from: &Values, to: &Partition) -> Result<()> {
        let location = stored_path(self.root(), &to.location)?;
        self.change(table, |transaction, table| {
            let changed = transaction
                .execute(
                    "UPDATE partitions SET partition_values = ?3, location = ?4
                     WHERE table_id = ?1 AND partition_values = ?2",
                    params![table.id, Json(from), Json(&to.values), location],
                )
                .map_err(|error| match failed(error) {
                    error if error.kind() == Kind::Internal => {
                        Error::already_exists(Object::Partition, shown(&to.values))
                    }
                    error => error,
                })?;
            if changed == 0 { Err(Error::not_found(Object::Partition, shown(from))) } else { Ok(changed) }
        })
        .map(drop)
    }
}

/// Removes a partition; where it was, if it was there.
fn take(transaction: &Transaction, table: i64, values: &Values) -> Result<Option<String>> {
    let mut statement = transaction
        .prepare_cached("DELETE FROM partitions WHERE table_id = ?1 AND partition_values = ?2 RETURNING location")
        .map_err(failed)?;
    let mut rows = statement.query(params![table, Json(values)]).map_err(failed)?;
    match rows.next().map_err(failed)? {
        Some(row) => row.get(0).map(Some).map_err(failed),
        None => Ok(None),
    }
}

fn shown(values: &Values) -> String {
    let pairs = values.iter().map(|(column, value)| format!("{column}={}", value.as_deref().unwrap_or("null")));
    pairs.collect::<Vec<_>>().join("/")
}
