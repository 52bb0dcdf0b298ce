//! Functions that users define in SQL: their text, which the SQL engine puts in the place of calls.

use aerostat_error::{Error, Object, Result};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::{Deserialize, Serialize};

use crate::database::{Json, failed, now};
use crate::metastore::Metastore;
use crate::name::{TableName, key, valid};
use crate::schemas::user;
use crate::types::OnExists;

/// A function of SQL.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Function {
    /// What it takes, in order.
    pub parameters: Vec<Parameter>,
    /// What a call of it is.
    pub returns: Returns,
    /// The expression, or of a table function the query, over the parameters.
    pub body: String,
    /// The schema in which unqualified names of the body are looked up.
    pub current_schema: String,
    /// What it is for.
    pub comment: Option<String>,
}

/// A parameter of a function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its type, in Spark's words.
    pub dtype: String,
    /// The expression that counts where a call gives none.
    pub default: Option<String>,
}

/// What a call of a function is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Returns {
    /// A value of a type in Spark's words; without one, of that of the body.
    Value(Option<String>),
    /// Rows with these columns and types; without any, with those of the body.
    Table(Vec<(String, String)>),
}

impl Metastore {
    /// Creates a function; whether it did, for one that is there may stay.
    pub fn create_function(&self, name: &TableName, function: &Function, on_exists: OnExists) -> Result<()> {
        valid(Object::Function, &name.table)?;
        let found = self.database().write(|transaction| {
            let Some(schema) = self.stored_schema(transaction, &name.schema)? else { return Ok(false) };
            if find(transaction, name).map_err(failed)?.is_some() {
                match on_exists {
                    OnExists::Ignore => return Ok(true),
                    OnExists::Replace => remove(transaction, name)?,
                    OnExists::Error => return Err(Error::already_exists(Object::Function, name)),
                };
            }
            transaction
                .execute(
                    "INSERT INTO functions (schema_id, name, key, definition, owner, created_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                    params![schema.id, name.table, key(&name.table), Json(function), user(), now()],
                )
                .map_err(failed)?;
            Ok(true)
        })?;
        if found { Ok(()) } else { Err(self.schema_not_found(&name.schema)) }
    }

    /// Drops a function; whether there was one.
    pub fn drop_function(&self, name: &TableName) -> Result<bool> {
        self.database().write(|transaction| remove(transaction, name)).map(|removed| removed > 0)
    }

    /// The function of this name, as it was created.
    pub fn find_function(&self, name: &TableName) -> Result<Option<(TableName, Function)>> {
        self.database().read(|connection| find(connection, name))
    }

    /// The functions of a schema, by name.
    pub fn functions(&self, schema: &str) -> Result<Vec<(TableName, Function)>> {
        self.database().read(|connection| {
            connection
                .prepare_cached(&format!("{FUNCTIONS} AND s.key = ?1 ORDER BY f.key"))?
                .query_map([key(schema)], function)?
                .collect()
        })
    }
}

/// All functions; more conditions may be added with `AND`, on `f` and on `s`, its schema.
const FUNCTIONS: &str = "SELECT s.name AS schema, f.name, f.definition \
    FROM functions f JOIN schemas s ON s.id = f.schema_id WHERE s.dropped_at IS NULL";

fn find(connection: &Connection, name: &TableName) -> rusqlite::Result<Option<(TableName, Function)>> {
    connection
        .prepare_cached(&format!("{FUNCTIONS} AND s.key = ?1 AND f.key = ?2"))?
        .query_row([key(&name.schema), key(&name.table)], function)
        .optional()
}

fn function(row: &Row) -> rusqlite::Result<(TableName, Function)> {
    let name = TableName::new(row.get::<_, String>("schema")?, row.get::<_, String>("name")?);
    Ok((name, row.get::<_, Json<_>>("definition")?.0))
}

fn remove(connection: &Connection, name: &TableName) -> Result<usize> {
    connection
        .execute(
            "DELETE FROM functions WHERE key = ?2 AND schema_id IN
                 (SELECT id FROM schemas WHERE key = ?1 AND dropped_at IS NULL)",
            params![key(&name.schema), key(&name.table)],
        )
        .map_err(failed)
}
