//! Dropping, renaming and describing tables and views that are there.

use std::collections::BTreeMap;
use std::path::Path;

use aerostat_error::{Error, Object, Result};
use rusqlite::{ToSql, Transaction, params};

use crate::contents::NewFile;
use crate::create::taken;
use crate::database::{Json, Stored, failed, now, stored_path, table_named};
use crate::delta;
use crate::metastore::Metastore;
use crate::name::{TableName, key, valid};
use crate::schemas::changed;
use crate::types::{Format, Statistics, TableInfo, TableKind, TableSchema};

impl Metastore {
    /// Drops a table. A managed one goes to the trash with its files.
    pub fn drop_table(&self, name: &TableName) -> Result<()> {
        let dropped = self.change(name, |transaction, table| {
            if table.info.kind == TableKind::View {
                return Err(Error::invalid_argument(format!("`{}` is a view, not a table", table.info.name))
                    .with_hint("use `DROP VIEW`"));
            }
            mark_dropped(transaction, table)
        })?;
        if let (TableKind::Managed, Some(location)) = (dropped.info.kind, &dropped.info.location) {
            self.throw_away(dropped.id, location);
        }
        Ok(())
    }

    /// Drops a view.
    pub fn drop_view(&self, name: &TableName) -> Result<()> {
        let dropped = self.change(name, |transaction, table| {
            if table.info.kind != TableKind::View {
                return Err(Error::invalid_argument(format!("`{}` is a table, not a view", table.info.name))
                    .with_hint("use `DROP TABLE`"));
            }
            mark_dropped(transaction, table)
        });
        dropped.map(drop)
    }

    /// Renames a table or view, within its schema or into another one. Its files stay where they are.
    pub fn rename_table(&self, from: &TableName, to: &TableName) -> Result<()> {
        valid(Object::Table, &to.table)?;
        self.schema(&to.schema)?;
        let renamed = self.change(from, |transaction, table| {
            let target = table_named(self.root(), transaction, to).map_err(failed)?;
            if let Some(other) = target.filter(|other| other.id != table.id) {
                return Err(taken(&other.info));
            }
            let Some(schema) = self.stored_schema(transaction, &to.schema)? else {
                return Err(Error::not_found(Object::Schema, &to.schema));
            };
            transaction
                .execute(
                    "UPDATE tables SET schema_id = ?2, name = ?3, key = ?4 WHERE id = ?1",
                    params![table.id, schema.id, to.table, key(&to.table)],
                )
                .map_err(failed)
        });
        renamed.map(drop)
    }

    /// Sets properties of a table or view, or with `None` removes them.
    pub fn set_properties(&self, name: &TableName, changes: &BTreeMap<String, Option<String>>) -> Result<()> {
        let set = self.change(name, |transaction, table| {
            let properties = changed(table.info.properties.clone(), changes);
            update(transaction, table.id, "properties", &Json(&properties))
        });
        set.map(drop)
    }

    /// Sets or removes the comment of a table or view.
    pub fn set_comment(&self, name: &TableName, comment: Option<&str>) -> Result<()> {
        self.change(name, |transaction, table| update(transaction, table.id, "comment", &comment)).map(drop)
    }

    /// Gives files of Parquet that are at `location` a log, and if they are those of a table, makes that a Delta table.
    pub fn convert(
        &self,
        location: &Path,
        columns: TableSchema,
        files: Vec<NewFile>,
        table: Option<&TableName>,
    ) -> Result<()> {
        delta::convert(location, &columns, files)?;
        let Some(name) = table else { return Ok(()) };
        self.change(name, |transaction, table| {
            logless(&table.info)?;
            // From now on the log says what these did.
            transaction.execute("DELETE FROM partitions WHERE table_id = ?1", [table.id]).map_err(failed)?;
            update(transaction, table.id, "columns", &None::<String>)?;
            update(transaction, table.id, "partition_columns", &Json(&Vec::<String>::new()))?;
            update(transaction, table.id, "options", &Json(&BTreeMap::<String, String>::new()))?;
            update(transaction, table.id, "format", &Format::Delta)
        })
        .map(drop)
    }

    /// Changes the columns of a table without a log.
    pub fn set_columns(&self, name: &TableName, columns: &TableSchema) -> Result<()> {
        delta::check_columns(columns)?;
        let json = delta::schema_to_json(&columns.schema)?;
        self.change(name, |transaction, table| {
            logless(&table.info)?;
            update(transaction, table.id, "columns", &json)
        })
        .map(drop)
    }

    /// Changes options of a table without a log, or with `None` removes them.
    pub fn set_options(&self, name: &TableName, changes: &BTreeMap<String, Option<String>>) -> Result<()> {
        let set = self.change(name, |transaction, table| {
            logless(&table.info)?;
            let options = changed(table.info.options.clone(), changes);
            update(transaction, table.id, "options", &Json(&options))
        });
        set.map(drop)
    }

    /// Says that the files of an external table are elsewhere. They are not moved.
    pub fn set_location(&self, name: &TableName, location: &Path) -> Result<()> {
        let stored = stored_path(self.root(), location)?;
        let set = self.change(name, |transaction, table| match table.info.kind {
            TableKind::External => update(transaction, table.id, "location", &stored),
            _ => Err(Error::invalid_argument(format!("`{}` is not an external table", table.info.name))
                .with_hint("the metastore itself decides where the files of its tables are")),
        });
        set.map(drop)
    }

    /// Notes what was counted in a table.
    pub fn set_statistics(&self, name: &TableName, statistics: &Statistics) -> Result<()> {
        self.change(name, |transaction, table| update(transaction, table.id, "statistics", &Json(statistics))).map(drop)
    }

    /// Says whose the table or view is.
    pub fn set_owner(&self, name: &TableName, owner: &str) -> Result<()> {
        self.change(name, |transaction, table| update(transaction, table.id, "owner", &owner)).map(drop)
    }

    /// Looks the table up and changes it in one transaction; returns what it was before.
    pub(crate) fn change(
        &self,
        name: &TableName,
        work: impl FnOnce(&Transaction, &Stored<TableInfo>) -> Result<usize>,
    ) -> Result<Stored<TableInfo>> {
        let found = self.database().write(|transaction| {
            let found = table_named(self.root(), transaction, name).map_err(failed)?;
            if let Some(table) = &found {
                work(transaction, table)?;
            }
            Ok(found)
        })?;
        found.ok_or_else(|| self.table_not_found(name))
    }
}

/// The columns and options of a Delta table are in its log.
pub(crate) fn logless(table: &TableInfo) -> Result<()> {
    match (table.format, table.kind) {
        (Format::Delta, _) | (_, TableKind::View) => {
            Err(Error::internal(format!("`{}` has no columns in the metastore", table.name)))
        }
        _ => Ok(()),
    }
}

fn mark_dropped(transaction: &Transaction, table: &Stored<TableInfo>) -> Result<usize> {
    update(transaction, table.id, "dropped_at", &now())
}

fn update(transaction: &Transaction, id: i64, column: &'static str, value: &dyn ToSql) -> Result<usize> {
    transaction.execute(&format!("UPDATE tables SET {column} = ?2 WHERE id = ?1"), params![id, value]).map_err(failed)
}
