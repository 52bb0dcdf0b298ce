//! Rows of the SQLite file as the values that the crate hands out.

use std::path::Path;

use aerostat_error::Result;
use chrono::{DateTime, Utc};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, Type, ValueRef};
use rusqlite::{Connection, OptionalExtension as _, Row};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::delta;
use crate::name::{TableName, key};
use crate::types::{Format, SchemaInfo, TableInfo, TableKind, TableSchema};

/// All schemas; more conditions may be added with `AND`.
pub(crate) const SCHEMAS: &str = "SELECT id, name, comment, location, properties, owner, created_at \
    FROM schemas WHERE dropped_at IS NULL";

/// All tables and views; more conditions may be added with `AND`, on `t` and on `s`, its schema.
pub(crate) const TABLES: &str = "SELECT t.id, s.name AS schema, t.name, t.kind, t.format, t.location, t.columns, \
    t.partition_columns, t.view, t.comment, t.properties, t.options, t.owner, t.created_at, t.statistics \
    FROM tables t JOIN schemas s ON s.id = t.schema_id WHERE t.dropped_at IS NULL AND s.dropped_at IS NULL";

/// A value with the number of its row, by which it is changed.
#[derive(Debug)]
pub(crate) struct Stored<T> {
    pub(crate) id: i64,
    pub(crate) info: T,
}

/// The schema of this name.
pub(crate) fn schema_named(
    root: &Path,
    connection: &Connection,
    name: &str,
) -> rusqlite::Result<Option<Stored<SchemaInfo>>> {
    connection
        .prepare_cached(&format!("{SCHEMAS} AND key = ?1"))?
        .query_row([key(name)], |row| schema(root, row))
        .optional()
}

/// The table or view of this name.
pub(crate) fn table_named(
    root: &Path,
    connection: &Connection,
    name: &TableName,
) -> rusqlite::Result<Option<Stored<TableInfo>>> {
    connection
        .prepare_cached(&format!("{TABLES} AND s.key = ?1 AND t.key = ?2"))?
        .query_row([key(&name.schema), key(&name.table)], |row| table(root, row))
        .optional()
}

/// A row of [`SCHEMAS`].
pub(crate) fn schema(root: &Path, row: &Row) -> rusqlite::Result<Stored<SchemaInfo>> {
    let info = SchemaInfo {
        name: row.get("name")?,
        comment: row.get("comment")?,
        location: root.join(row.get::<_, String>("location")?),
        properties: row.get::<_, Json<_>>("properties")?.0,
        owner: row.get("owner")?,
        created_at: time(row)?,
    };
    Ok(Stored { id: row.get("id")?, info })
}

/// A row of [`TABLES`].
pub(crate) fn table(root: &Path, row: &Row) -> rusqlite::Result<Stored<TableInfo>> {
    let info = TableInfo {
        name: TableName::new(row.get::<_, String>("schema")?, row.get::<_, String>("name")?),
        kind: row.get("kind")?,
        format: row.get("format")?,
        location: row.get::<_, Option<String>>("location")?.map(|location| root.join(location)),
        columns: columns(row)?,
        view: row.get::<_, Option<Json<_>>>("view")?.map(|view| view.0),
        comment: row.get("comment")?,
        properties: row.get::<_, Json<_>>("properties")?.0,
        options: row.get::<_, Json<_>>("options")?.0,
        owner: row.get("owner")?,
        created_at: time(row)?,
        statistics: row.get::<_, Option<Json<_>>>("statistics")?.map(|statistics| statistics.0),
    };
    Ok(Stored { id: row.get("id")?, info })
}

/// The declared columns of an external table.
fn columns(row: &Row) -> rusqlite::Result<Option<TableSchema>> {
    let Some(json) = row.get::<_, Option<String>>("columns")? else { return Ok(None) };
    let schema = delta::schema_from_json(&json).map_err(|error| unreadable(error.into()))?;
    Ok(Some(TableSchema { schema, partition_columns: row.get::<_, Json<_>>("partition_columns")?.0 }))
}

fn time(row: &Row) -> rusqlite::Result<DateTime<Utc>> {
    let micros = row.get("created_at")?;
    DateTime::from_timestamp_micros(micros).ok_or(rusqlite::Error::IntegralValueOutOfRange(0, micros))
}

fn unreadable(error: Box<dyn std::error::Error + Send + Sync>) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, Type::Text, error)
}

/// The time as it is stored.
pub(crate) fn now() -> i64 {
    Utc::now().timestamp_micros()
}

/// A folder as it is stored: relative to the root if it is below, so that the root can be moved.
pub(crate) fn stored_path(root: &Path, path: &Path) -> Result<String> {
    let stored = path.strip_prefix(root).unwrap_or(path);
    let text = stored.to_str().map(str::to_owned);
    text.ok_or_else(|| aerostat_error::Error::invalid_argument(format!("the path `{}` is not Unicode", path.display())))
}

/// A value kept as JSON.
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned> FromSql for Json<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?).map(Json).map_err(|error| FromSqlError::Other(error.into()))
    }
}

impl<T: Serialize> ToSql for Json<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let text = serde_json::to_string(&self.0).map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))?;
        Ok(text.into())
    }
}

/// Kept by name: a database that is opened with other tools explains itself.
macro_rules! kept_by_name {
    ($type:ty) => {
        impl FromSql for $type {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                let name = value.as_str()?;
                <$type>::ALL.into_iter().find(|it| it.name() == name).ok_or(FromSqlError::InvalidType)
            }
        }

        impl ToSql for $type {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(self.name().into())
            }
        }
    };
}

kept_by_name!(TableKind);
kept_by_name!(Format);
