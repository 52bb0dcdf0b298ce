//! `ALTER DATABASE`, `ALTER TABLE`, `ALTER VIEW`.

use std::collections::BTreeMap;

use aerostat_error::{Error, Result};
use aerostat_metastore::TableKind;
use sqlparser::tokenizer::Token;

use super::cursor::Cursor;
use super::properties::{key, pairs};
use super::{Context, Rows, schema, view as views};

/// Changes that a table has to be written anew for.
const REFUSED: &[&str] = &[
    "ADD COLUMNS",
    "ADD COLUMN",
    "ADD CONSTRAINT",
    "ADD IF NOT EXISTS PARTITION",
    "ADD PARTITION",
    "ALTER COLUMN",
    "CHANGE COLUMN",
    "CHANGE",
    "CLUSTER BY",
    "DROP COLUMNS",
    "DROP COLUMN",
    "DROP CONSTRAINT",
    "DROP IF EXISTS PARTITION",
    "DROP PARTITION",
    "PARTITION",
    "RECOVER PARTITIONS",
    "RENAME COLUMN",
    "REPLACE COLUMNS",
    "SET FILEFORMAT",
    "SET LOCATION",
    "SET OWNER",
    "SET SERDEPROPERTIES",
    "SET SERDE",
];

/// `ALTER DATABASE name SET DBPROPERTIES (..)`.
pub(super) fn schema(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let name = schema::schema_name(cursor)?;
    if cursor.take("SET DBPROPERTIES") || cursor.take("SET PROPERTIES") {
        return schema::set_properties(cursor, context, &name);
    }
    Err(refused("ALTER DATABASE", cursor, &["SET LOCATION", "SET OWNER", "UNSET DBPROPERTIES"]))
}

/// `ALTER TABLE name RENAME TO ..`, `SET TBLPROPERTIES`, `UNSET TBLPROPERTIES`.
pub(super) fn table(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let parts = cursor.name("a table")?;
    if cursor.take("RENAME TO") {
        return rename(cursor, context, &parts);
    }
    if let Some(rows) = properties(cursor, context, &parts)? {
        return rows;
    }
    Err(refused("ALTER TABLE", cursor, REFUSED))
}

/// `ALTER VIEW name AS ..`, `RENAME TO ..`, `SET TBLPROPERTIES`, `UNSET TBLPROPERTIES`.
pub(super) fn view(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let parts = cursor.name("a view")?;
    if cursor.take("RENAME TO") {
        return rename(cursor, context, &parts);
    }
    if cursor.take("AS") {
        let name = context.qualify(&parts)?;
        if context.session.metastore().table(&name)?.kind != TableKind::View {
            return Err(Error::invalid_argument(format!("`{name}` is a table, not a view")));
        }
        return views::replace_text(cursor, context, name);
    }
    if let Some(rows) = properties(cursor, context, &parts)? {
        return rows;
    }
    Err(refused("ALTER VIEW", cursor, &[]))
}

fn rename(cursor: &mut Cursor<'_>, context: &Context<'_>, from: &[String]) -> Rows {
    let to = cursor.name("a table")?;
    cursor.end()?;
    let from = context.qualify(from)?;
    // An unqualified new name stays in the schema of the old.
    let to = context.session.metastore().qualify(&to, &from.schema)?;
    context.session.metastore().rename_table(&from, &to)?;
    Ok(None)
}

/// `SET TBLPROPERTIES (..)` or `UNSET TBLPROPERTIES [IF EXISTS] (..)`, if one of them comes.
fn properties(cursor: &mut Cursor<'_>, context: &Context<'_>, parts: &[String]) -> Result<Option<Rows>> {
    let changes: BTreeMap<String, Option<String>> = if cursor.take("SET TBLPROPERTIES") {
        pairs(cursor)?.into_iter().map(|(key, value)| (key, Some(value))).collect()
    } else if cursor.take("UNSET TBLPROPERTIES") {
        cursor.take("IF EXISTS");
        cursor.list(key)?.into_iter().map(|key| (key, None)).collect()
    } else {
        return Ok(None);
    };
    cursor.end()?;
    let name = context.qualify(parts)?;
    Ok(Some(context.session.metastore().set_properties(&name, &changes).map(|()| None)))
}

/// What is known but not done, by its words; anything else is an error of syntax.
fn refused(command: &str, cursor: &mut Cursor<'_>, known: &[&'static str]) -> Error {
    let span = cursor.span();
    match cursor.take_any(known) {
        Some(change) => Error::not_supported(format!("{command} .. {change} is not supported"))
            .with_span(span)
            .with_hint("write the table anew: `CREATE OR REPLACE TABLE t AS SELECT ..`"),
        None if cursor.symbol(&Token::LParen) || cursor.is_at_end() => cursor.expected("what to change"),
        None => cursor.expected("RENAME TO, SET TBLPROPERTIES or UNSET TBLPROPERTIES"),
    }
}
