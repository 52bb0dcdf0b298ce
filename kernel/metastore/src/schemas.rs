//! Schemas, which Hive calls databases.

use std::collections::BTreeMap;
use std::path::Path;

use aerostat_error::{Error, Object, Result};
use rusqlite::{Connection, ToSql, params};

use crate::database::{Json, SCHEMAS, Stored, failed, now, schema, schema_named, stored_path};
use crate::folder;
use crate::metastore::Metastore;
use crate::name::{DEFAULT_SCHEMA, key, valid};
use crate::types::{NewSchema, SchemaInfo};

impl Metastore {
    /// Creates a schema.
    pub fn create_schema(&self, new: NewSchema, if_not_exists: bool) -> Result<()> {
        valid(Object::Schema, &new.name)?;
        let location = match new.location {
            Some(path) => std::path::absolute(&path)
                .map_err(|e| Error::io(format!("resolving the path `{}`", path.display()), &e))?,
            None => folder::of_schema(self.root(), &new.name),
        };
        let location = stored_path(self.root(), &location)?;
        self.database().write(|transaction| {
            match self.stored_schema(transaction, &new.name)? {
                Some(_) if if_not_exists => return Ok(()),
                Some(there) => return Err(Error::already_exists(Object::Schema, there.info.name)),
                None => {}
            }
            transaction
                .execute(
                    "INSERT INTO schemas (name, key, comment, location, properties, owner, created_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                    params![new.name, key(&new.name), new.comment, location, Json(&new.properties), user(), now()],
                )
                .map_err(failed)?;
            Ok(())
        })
    }

    /// Drops a schema; with `cascade` also what is in it.
    pub fn drop_schema(&self, name: &str, if_exists: bool, cascade: bool) -> Result<()> {
        if key(name) == DEFAULT_SCHEMA {
            return Err(Error::invalid_argument(format!("the schema `{DEFAULT_SCHEMA}` cannot be dropped")));
        }
        let Some(there) = self.database().read(|connection| schema_named(self.root(), connection, name))? else {
            return if if_exists { Ok(()) } else { Err(self.schema_not_found(name)) };
        };
        let folders = self.database().write(|transaction| drop_with_tables(transaction, &there, cascade))?;
        for (id, location) in folders {
            self.throw_away(id, &self.root().join(location));
        }
        // Only if nothing is left in it: somebody else's files are none of our business.
        let _ = std::fs::remove_dir(&there.info.location);
        Ok(())
    }

    /// The schema of this name.
    pub fn schema(&self, name: &str) -> Result<SchemaInfo> {
        let found = self.database().read(|connection| schema_named(self.root(), connection, name))?;
        found.map(|stored| stored.info).ok_or_else(|| self.schema_not_found(name))
    }

    /// All schemas, by name.
    pub fn schemas(&self) -> Result<Vec<SchemaInfo>> {
        self.database().read(|connection| {
            connection
                .prepare_cached(&format!("{SCHEMAS} ORDER BY key"))?
                .query_map([], |row| Ok(schema(self.root(), row)?.info))?
                .collect()
        })
    }

    /// Sets properties of a schema, or with `None` removes them.
    pub fn set_schema_properties(&self, name: &str, changes: &BTreeMap<String, Option<String>>) -> Result<()> {
        let changed = self.database().write(|transaction| {
            let Some(Stored { id, info }) = self.stored_schema(transaction, name)? else { return Ok(false) };
            let properties = changed(info.properties, changes);
            transaction
                .execute("UPDATE schemas SET properties = ?2 WHERE id = ?1", params![id, Json(&properties)])
                .map_err(failed)?;
            Ok(true)
        })?;
        if changed { Ok(()) } else { Err(self.schema_not_found(name)) }
    }

    /// Sets or removes the comment of a schema.
    pub fn set_schema_comment(&self, name: &str, comment: Option<&str>) -> Result<()> {
        self.update_schema(name, "comment", &comment)
    }

    /// Says whose the schema is.
    pub fn set_schema_owner(&self, name: &str, owner: &str) -> Result<()> {
        self.update_schema(name, "owner", &owner)
    }

    /// Says where tables that are created from now on are kept.
    pub fn set_schema_location(&self, name: &str, location: &Path) -> Result<()> {
        self.update_schema(name, "location", &stored_path(self.root(), location)?)
    }

    fn update_schema(&self, name: &str, column: &'static str, value: &dyn ToSql) -> Result<()> {
        let sql = format!("UPDATE schemas SET {column} = ?2 WHERE key = ?1 AND dropped_at IS NULL");
        let changed = self
            .database()
            .write(|transaction| transaction.execute(&sql, params![key(name), value]).map_err(failed))?;
        if changed > 0 { Ok(()) } else { Err(self.schema_not_found(name)) }
    }

    pub(crate) fn stored_schema(&self, connection: &Connection, name: &str) -> Result<Option<Stored<SchemaInfo>>> {
        schema_named(self.root(), connection, name).map_err(failed)
    }

    /// The error for a schema that is not there, with the ones that look like it.
    pub(crate) fn schema_not_found(&self, name: &str) -> Error {
        let names: Vec<String> = self.schemas().unwrap_or_default().into_iter().map(|schema| schema.name).collect();
        Error::not_found_among(Object::Schema, name, names)
    }
}

/// Marks the schema and all that is in it as dropped; returns number and folder of the managed tables.
fn drop_with_tables(connection: &Connection, schema: &Stored<SchemaInfo>, cascade: bool) -> Result<Vec<(i64, String)>> {
    let run = |sql: &str| connection.execute(sql, params![schema.id, now()]).map_err(failed);
    let folders: rusqlite::Result<Vec<(i64, String)>> = connection
        .prepare("SELECT id, location FROM tables WHERE schema_id = ?1 AND dropped_at IS NULL AND kind = 'MANAGED'")
        .and_then(|mut query| query.query_map([schema.id], |row| Ok((row.get(0)?, row.get(1)?)))?.collect());
    let dropped = run("UPDATE tables SET dropped_at = ?2 WHERE schema_id = ?1 AND dropped_at IS NULL")?;
    if dropped > 0 && !cascade {
        let message = format!("the schema `{}` is not empty", schema.info.name);
        return Err(Error::invalid_argument(message).with_hint("drop what is in it first, or add `CASCADE`"));
    }
    run("UPDATE schemas SET dropped_at = ?2 WHERE id = ?1")?;
    folders.map_err(failed)
}

/// The properties after some were set and, with `None`, removed.
pub(crate) fn changed(
    mut properties: BTreeMap<String, String>,
    changes: &BTreeMap<String, Option<String>>,
) -> BTreeMap<String, String> {
    for (name, value) in changes {
        match value {
            Some(value) => properties.insert(name.clone(), value.clone()),
            None => properties.remove(name),
        };
    }
    properties
}

/// Who owns what this process creates.
pub(crate) fn user() -> String {
    ["USER", "LOGNAME", "USERNAME"].iter().find_map(|name| std::env::var(name).ok()).unwrap_or_default()
}
