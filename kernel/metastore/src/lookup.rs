//! Finding tables and views.

use aerostat_error::{Error, Object, Result, nearest};

use crate::database::{TABLES, table, table_named};
use crate::metastore::Metastore;
use crate::name::{TableName, key};
use crate::types::TableInfo;

impl Metastore {
    /// The table or view of this name.
    pub fn table(&self, name: &TableName) -> Result<TableInfo> {
        self.find_table(name)?.ok_or_else(|| self.table_not_found(name))
    }

    /// The table or view of this name, if there is one. Also `None` if there is no such schema.
    pub fn find_table(&self, name: &TableName) -> Result<Option<TableInfo>> {
        let found = self.database().read(|connection| table_named(self.root(), connection, name))?;
        Ok(found.map(|stored| stored.info))
    }

    /// The tables and views of a schema, by name.
    pub fn tables(&self, schema: &str) -> Result<Vec<TableInfo>> {
        let schema = self.schema(schema)?;
        self.database().read(|connection| {
            connection
                .prepare_cached(&format!("{TABLES} AND s.key = ?1 ORDER BY t.key"))?
                .query_map([key(&schema.name)], |row| Ok(table(self.root(), row)?.info))?
                .collect()
        })
    }

    /// The error for a table that is not there: its schema is not, or here is what it may have meant.
    pub(crate) fn table_not_found(&self, name: &TableName) -> Error {
        let Ok(tables) = self.tables(&name.schema) else { return self.schema_not_found(&name.schema) };
        let mut candidates = nearest(&name.table, tables.iter().map(|table| &table.name.table));
        candidates.iter_mut().for_each(|table| *table = format!("`{}.{table}`", name.schema));
        if candidates.is_empty() {
            candidates = self.namesakes(name).unwrap_or_default();
        }
        let hint = (!candidates.is_empty()).then(|| format!("did you mean {}?", candidates.join(" or ")));
        Error::not_found(Object::Table, name).with_hint_opt(hint)
    }

    /// Tables of that name in other schemas.
    fn namesakes(&self, name: &TableName) -> Result<Vec<String>> {
        self.database().read(|connection| {
            connection
                .prepare_cached(&format!("{TABLES} AND t.key = ?1 ORDER BY s.key LIMIT 3"))?
                .query_map([key(&name.table)], |row| Ok(format!("`{}`", table(self.root(), row)?.info.name)))?
                .collect()
        })
    }
}
