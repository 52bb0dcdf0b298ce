//! Dropping, renaming and describing tables and views that are there.

use std::collections::BTreeMap;

use aerostat_error::{Error, Object, Result};
use rusqlite::{ToSql, Transaction, params};

use crate::create::taken;
use crate::database::{Json, Stored, failed, now, table_named};
use crate::folder;
use crate::metastore::Metastore;
use crate::name::{TableName, key, valid};
use crate::schemas::changed;
use crate::types::{TableInfo, TableKind};

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
            folder::throw_away(self.root(), dropped.id, location);
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

    /// Looks the table up and changes it in one transaction; returns what it was before.
    fn change(
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

fn mark_dropped(transaction: &Transaction, table: &Stored<TableInfo>) -> Result<usize> {
    update(transaction, table.id, "dropped_at", &now())
}

fn update(transaction: &Transaction, id: i64, column: &'static str, value: &dyn ToSql) -> Result<usize> {
    transaction.execute(&format!("UPDATE tables SET {column} = ?2 WHERE id = ?1"), params![id, value]).map_err(failed)
}
