//! Dropped tables: where they are, and how they come back.

use std::path::{Path, PathBuf};

use aerostat_error::{Error, Object, Result};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::create::taken;
use crate::database::{failed, table_named};
use crate::folder;
use crate::metastore::Metastore;
use crate::name::{TableName, key};
use crate::types::TableKind;

/// Tables that have been dropped, of schemas that have not; more conditions may be added with `AND`.
const DROPPED: &str = "SELECT t.id, s.name AS schema, t.name, t.kind, t.location, t.comment, t.owner, t.created_at, \
    t.dropped_at FROM tables t JOIN schemas s ON s.id = t.schema_id \
    WHERE t.dropped_at NOTNULL AND s.dropped_at IS NULL AND t.kind <> 'VIEW'";

/// A table that has been dropped and can be brought back.
#[derive(Clone, Debug)]
pub struct DroppedTable {
    /// Its number, which tells it from others that had its name.
    pub id: i64,
    /// The name that it had.
    pub name: TableName,
    /// Managed or external.
    pub kind: TableKind,
    /// Where its files were.
    pub location: PathBuf,
    /// What it was for.
    pub comment: Option<String>,
    /// The user who created it.
    pub owner: String,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was dropped.
    pub dropped_at: DateTime<Utc>,
}

impl Metastore {
    /// The dropped tables of a schema, the last one first.
    pub fn dropped_tables(&self, schema: &str) -> Result<Vec<DroppedTable>> {
        let schema = self.schema(schema)?;
        self.database().read(|connection| {
            connection
                .prepare_cached(&format!("{DROPPED} AND s.key = ?1 ORDER BY t.dropped_at DESC, t.id DESC"))?
                .query_map([key(&schema.name)], |row| dropped(self.root(), row))?
                .collect()
        })
    }

    /// Brings back the table of this name that was dropped last.
    pub fn undrop_table(&self, name: &TableName) -> Result<()> {
        self.schema(&name.schema)?;
        let condition = "AND s.key = ?1 AND t.key = ?2 ORDER BY t.dropped_at DESC, t.id DESC LIMIT 1";
        let find = |connection: &Connection| {
            connection
                .prepare_cached(&format!("{DROPPED} {condition}"))?
                .query_row([key(&name.schema), key(&name.table)], |row| dropped(self.root(), row))
                .optional()
        };
        if self.bring_back(&find)? {
            return Ok(());
        }
        let there = self.dropped_tables(&name.schema)?;
        let names = there.iter().map(|table| table.name.table.as_str());
        let near = aerostat_error::did_you_mean(&name.table, names);
        Err(Error::new(aerostat_error::Kind::NotFound(Object::Table), format!("no dropped table is called `{name}`"))
            .with_hint_opt(near.or_else(|| Some("`SHOW TABLES DROPPED` lists those that can be brought back".into()))))
    }

    /// Brings back the dropped table number `id`.
    pub fn undrop_table_number(&self, id: i64) -> Result<()> {
        let find = |connection: &Connection| {
            connection
                .prepare_cached(&format!("{DROPPED} AND t.id = ?1"))?
                .query_row([id], |row| dropped(self.root(), row))
                .optional()
        };
        match self.bring_back(&find)? {
            true => Ok(()),
            false => Err(Error::new(
                aerostat_error::Kind::NotFound(Object::Table),
                format!("no dropped table has the ID `{id}`"),
            )
            .with_hint("`SHOW TABLES DROPPED` lists those that can be brought back")),
        }
    }

    /// The files first, then the name: a crash in between leaves a dropped table whose files are in their place.
    fn bring_back(&self, find: &dyn Fn(&Connection) -> rusqlite::Result<Option<DroppedTable>>) -> Result<bool> {
        self.database().write(|transaction| {
            let Some(table) = find(transaction).map_err(failed)? else { return Ok(false) };
            if let Some(there) = table_named(self.root(), transaction, &table.name).map_err(failed)? {
                return Err(taken(&there.info).with_hint("rename or drop what has the name now"));
            }
            if table.kind == TableKind::Managed {
                self.move_back(&table)?;
            }
            transaction
                .execute("UPDATE tables SET dropped_at = NULL WHERE id = ?1", params![table.id])
                .map_err(failed)?;
            Ok(true)
        })
    }

    fn move_back(&self, table: &DroppedTable) -> Result<()> {
        let trash = folder::in_trash(self.root(), table.id);
        let failed = |e| Error::io(format!("bringing back `{}`", table.location.display()), &e);
        if trash.is_dir() {
            if let Some(parent) = table.location.parent() {
                folder::create_all(parent).map_err(failed)?;
            }
            std::fs::rename(&trash, &table.location).map_err(failed)?;
            return table.location.parent().map_or(Ok(()), folder::sync).map_err(failed);
        }
        if table.location.is_dir() {
            return Ok(());
        }
        Err(Error::new(
            aerostat_error::Kind::NotFound(Object::File),
            format!("the files of the dropped table `{}` are gone", table.name),
        ))
    }

    /// Moves the folder of a dropped table to the trash, unless somebody has brought the table back by now.
    pub(crate) fn throw_away(&self, id: i64, location: &Path) {
        let moved = self.database().write(|transaction| {
            let is_dropped = "SELECT 1 FROM tables WHERE id = ?1 AND dropped_at NOTNULL";
            let dropped = transaction.prepare_cached(is_dropped).and_then(|mut query| query.exists([id]));
            if dropped.map_err(failed)? {
                folder::throw_away(self.root(), id, location);
            }
            Ok(())
        });
        if let Err(error) = moved {
            tracing::warn!(location = %location.display(), %error, "the folder of a dropped table stays where it is");
        }
    }
}

fn dropped(root: &Path, row: &Row) -> rusqlite::Result<DroppedTable> {
    let time = |column: &str| {
        let micros = row.get(column)?;
        DateTime::from_timestamp_micros(micros).ok_or(rusqlite::Error::IntegralValueOutOfRange(0, micros))
    };
    Ok(DroppedTable {
        id: row.get("id")?,
        name: TableName::new(row.get::<_, String>("schema")?, row.get::<_, String>("name")?),
        kind: row.get("kind")?,
        location: root.join(row.get::<_, Option<String>>("location")?.unwrap_or_default()),
        comment: row.get("comment")?,
        owner: row.get("owner")?,
        created_at: time("created_at")?,
        dropped_at: time("dropped_at")?,
    })
}
