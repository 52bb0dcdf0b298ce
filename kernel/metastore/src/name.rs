//! Names of tables: three levels, case-insensitive, case-preserving.

use std::fmt;

use aerostat_error::{Error, Object, Result};

/// The one catalog, under the name that Spark gives to the session's.
pub const CATALOG: &str = "spark_catalog";

/// The schema that always exists.
pub const DEFAULT_SCHEMA: &str = "default";

/// The full name of a table or view. Shows as `schema.table`, as long as there is only one catalog.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TableName {
    /// The catalog, always [`CATALOG`].
    pub catalog: String,
    /// The schema, as typed or as stored.
    pub schema: String,
    /// The table or view, as typed or as stored.
    pub table: String,
}

impl TableName {
    /// The name `schema.table` in the one catalog.
    pub fn new(schema: impl Into<String>, table: impl Into<String>) -> Self {
        Self { catalog: CATALOG.into(), schema: schema.into(), table: table.into() }
    }

    /// The name that one to three `parts` mean while `current_schema` is in use.
    pub(crate) fn qualify(parts: &[String], current_schema: &str) -> Result<Self> {
        match parts {
            [table] => Ok(Self::new(current_schema, table)),
            [schema, table] => Ok(Self::new(schema, table)),
            [catalog, schema, table] if catalog.eq_ignore_ascii_case(CATALOG) => Ok(Self::new(schema, table)),
            [catalog, _, _] => Err(Error::not_found_among(Object::Catalog, catalog, [CATALOG])
                .with_hint(format!("the only catalog is `{CATALOG}`"))),
            _ => Err(Error::invalid_argument(format!("`{}` is not the name of a table", parts.join(".")))
                .with_hint("a table is named `table`, `schema.table` or `catalog.schema.table`")),
        }
    }
}

impl fmt::Display for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.schema, self.table)
    }
}

/// What two spellings of a name have in common. SQLite folds the case of ASCII only, so it stores this beside the name.
pub(crate) fn key(name: &str) -> String {
    name.to_lowercase()
}

/// Whether something may be called so: anything visible may.
pub(crate) fn valid(object: Object, name: &str) -> Result<()> {
    if name.trim().is_empty() || name.chars().any(char::is_control) {
        return Err(Error::invalid_argument(format!("`{}` is not a name for a {object}", name.escape_debug())));
    }
    Ok(())
}
