//! `ALTER DATABASE`, `ALTER TABLE`, `ALTER VIEW`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use aerostat_error::{Error, Result};
use aerostat_metastore::{Format, TableKind};
use aerostat_session::hive::{LIBRARY, Serde};
use aerostat_session::local_path;
use sqlparser::tokenizer::Token;

use super::cursor::Cursor;
use super::properties::{key, pairs};
use super::{Context, Rows, columns, constraint, partition, reshape, schema, view as views};

/// Changes that a table has to be written anew for.
const REFUSED: &[&str] = &["CLUSTER BY", "REPLACE COLUMNS", "SET FILEFORMAT"];

/// Changes of columns, of which those of tables without a log are in [`reshape`].
const COLUMN_CHANGES: &[&str] = &[
    "ADD COLUMNS",
    "ADD COLUMN",
    "ALTER COLUMN",
    "CHANGE COLUMN",
    "CHANGE",
    "RENAME COLUMN",
    "DROP COLUMNS",
    "DROP COLUMN",
];

/// `ALTER DATABASE name SET DBPROPERTIES (..)`.
pub(super) fn schema(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let name = schema::schema_name(cursor)?;
    if cursor.take("SET DBPROPERTIES") || cursor.take("SET PROPERTIES") {
        return schema::set_properties(cursor, context, &name);
    }
    let metastore = context.session.metastore();
    if cursor.take("UNSET DBPROPERTIES") || cursor.take("UNSET PROPERTIES") {
        cursor.take("IF EXISTS");
        let changes = cursor.list(key)?.into_iter().map(|key| (key, None)).collect();
        cursor.end()?;
        return metastore.set_schema_properties(&name, &changes).map(|()| None);
    }
    if let Some(owner) = owner(cursor)? {
        return metastore.set_schema_owner(&name, &owner).map(|()| None);
    }
    if cursor.take("SET LOCATION") {
        let location = location(cursor)?;
        return metastore.set_schema_location(&name, &location).map(|()| None);
    }
    Err(refused("ALTER DATABASE", cursor, &[]))
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
    if let Some(rows) = partition::alter(cursor, context, &parts)? {
        return rows;
    }
    if let Some(rows) = reshape::alter(cursor, context, &parts)? {
        return rows;
    }
    if let Some(rows) = contents(cursor, context, &parts) {
        return rows;
    }
    if let Some(owner) = owner(cursor)? {
        return context.session.metastore().set_owner(&context.qualify(&parts)?, &owner).map(|()| None);
    }
    if cursor.take("SET LOCATION") {
        let location = location(cursor)?;
        return context.session.metastore().set_location(&context.qualify(&parts)?, &location).map(|()| None);
    }
    if let Some(rows) = serde(cursor, context, &parts)? {
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

/// `SET OWNER TO name` or `OWNER TO name`, if it comes.
fn owner(cursor: &mut Cursor<'_>) -> Result<Option<String>> {
    if !cursor.take("SET OWNER TO") && !cursor.take("OWNER TO") && !cursor.take("SET OWNER") {
        return Ok(None);
    }
    cursor.take_any(&["USER", "ROLE", "GROUP"]);
    let owner = cursor.identifier("a user")?;
    cursor.end()?;
    Ok(Some(owner))
}

/// A path up to the end.
fn location(cursor: &mut Cursor<'_>) -> Result<PathBuf> {
    let path = local_path(&cursor.string("a path")?)?;
    cursor.end()?;
    std::path::absolute(&path).map_err(|error| Error::io(format!("resolving the path `{}`", path.display()), &error))
}

/// What changes the columns of a table, or the constraints on its rows.
fn contents(cursor: &mut Cursor<'_>, context: &Context<'_>, parts: &[String]) -> Option<Rows> {
    match cursor.take_any(COLUMN_CHANGES) {
        Some("ADD COLUMNS" | "ADD COLUMN") => return Some(columns::add(cursor, context, parts)),
        Some("RENAME COLUMN") => return Some(columns::rename(cursor, context, parts)),
        Some("DROP COLUMNS" | "DROP COLUMN") => return Some(columns::drop(cursor, context, parts)),
        Some(_) => return Some(columns::alter(cursor, context, parts)),
        None => {}
    }
    match cursor.take_any(&["ADD CONSTRAINT", "DROP CONSTRAINT"])? {
        "ADD CONSTRAINT" => Some(constraint::add(cursor, context, parts)),
        _ => Some(constraint::drop(cursor, context, parts)),
    }
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

/// `SET SERDE 'class' [WITH SERDEPROPERTIES (..)]` or `SET SERDEPROPERTIES (..)`, if one of them comes.
fn serde(cursor: &mut Cursor<'_>, context: &Context<'_>, parts: &[String]) -> Result<Option<Rows>> {
    let mut changes = BTreeMap::new();
    if cursor.take("SET SERDEPROPERTIES") {
        changes.extend(pairs(cursor)?);
    } else if cursor.take("SET SERDE") {
        changes.insert(LIBRARY.to_owned(), cursor.string("a class")?);
        if cursor.take("WITH SERDEPROPERTIES") {
            changes.extend(pairs(cursor)?);
        }
    } else {
        return Ok(None);
    }
    cursor.end()?;
    let name = context.qualify(parts)?;
    let info = context.session.metastore().table(&name)?;
    if info.format != Format::Text || info.kind == TableKind::View {
        return Err(Error::invalid_argument(format!("`{name}` is not a table of text and has no SerDe")));
    }
    let mut options = info.options;
    options.extend(changes.clone());
    Serde::new(&options)?;
    let changes = changes.into_iter().map(|(name, value)| (name, Some(value))).collect();
    Ok(Some(context.session.metastore().set_options(&name, &changes).map(|()| None)))
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
