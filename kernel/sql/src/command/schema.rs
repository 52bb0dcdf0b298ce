//! `CREATE DATABASE`, `DROP DATABASE`, `USE`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use aerostat_error::{Error, Object, Result};
use aerostat_metastore::{CATALOG, NewSchema};

use sqlparser::tokenizer::Token;

use super::cursor::Cursor;
use super::properties::pairs;
use super::{Context, Rows};

/// The name of a schema, perhaps with its catalog.
pub(super) fn schema_name(cursor: &mut Cursor<'_>) -> Result<String> {
    let span = cursor.span();
    match cursor.name("a database")?.as_slice() {
        [name] => Ok(name.clone()),
        [catalog, name] if catalog.eq_ignore_ascii_case(CATALOG) => Ok(name.clone()),
        _ => Err(Error::invalid_argument("a database has a name of one part").with_span(span)),
    }
}

/// `CREATE DATABASE [IF NOT EXISTS] name [COMMENT ..] [LOCATION ..] [WITH DBPROPERTIES (..)]`.
pub(super) fn create(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let if_not_exists = cursor.take("IF NOT EXISTS");
    let mut new = NewSchema { name: schema_name(cursor)?, ..NewSchema::default() };
    loop {
        if cursor.take("COMMENT") {
            new.comment = Some(cursor.string("a comment")?);
        } else if cursor.take("LOCATION") {
            new.location = Some(PathBuf::from(cursor.string("a path")?));
        } else if cursor.take("WITH DBPROPERTIES") || cursor.take("WITH PROPERTIES") {
            new.properties = pairs(cursor)?;
        } else {
            break;
        }
    }
    cursor.end()?;
    context.session.metastore().create_schema(new, if_not_exists)?;
    Ok(None)
}

/// `DROP DATABASE [IF EXISTS] name [RESTRICT | CASCADE]`.
pub(super) fn drop(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let if_exists = cursor.take("IF EXISTS");
    let name = schema_name(cursor)?;
    let cascade = cursor.take_any(&["CASCADE", "RESTRICT"]) == Some("CASCADE");
    cursor.end()?;
    context.session.metastore().drop_schema(&name, if_exists, cascade)?;
    Ok(None)
}

/// `USE CATALOG name`, `SET CATALOG name`: of the one catalog.
pub(super) fn catalog(cursor: &mut Cursor<'_>, _context: &Context<'_>) -> Rows {
    let span = cursor.span();
    let name = match cursor.peek().map(|token| &token.token) {
        Some(Token::SingleQuotedString(_) | Token::DoubleQuotedString(_)) => cursor.string("a catalog")?,
        _ => cursor.identifier("a catalog")?,
    };
    cursor.end()?;
    match name.eq_ignore_ascii_case(CATALOG) {
        true => Ok(None),
        false => Err(Error::not_found(Object::Catalog, name)
            .with_span(span)
            .with_hint(format!("the only catalog is `{CATALOG}`"))),
    }
}

/// `USE [DATABASE] name`.
pub(super) fn switch(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let name = schema_name(cursor)?;
    cursor.end()?;
    context.session.use_schema(&name)?;
    Ok(None)
}

/// `SET DBPROPERTIES (..)`, after the name.
pub(super) fn set_properties(cursor: &mut Cursor<'_>, context: &Context<'_>, name: &str) -> Rows {
    let changes: BTreeMap<String, Option<String>> =
        pairs(cursor)?.into_iter().map(|(key, value)| (key, Some(value))).collect();
    cursor.end()?;
    context.session.metastore().set_schema_properties(name, &changes)?;
    Ok(None)
}
