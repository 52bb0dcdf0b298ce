//! `CREATE VIEW`, `DROP VIEW`. Temporary views are in [`super::temporary`].

use std::collections::BTreeMap;

use aerostat_error::{Error, Object, Result};
use aerostat_metastore::{NewView, OnExists, TableName, View, ViewColumn};
use aerostat_session::GLOBAL_TEMP;

use super::cursor::Cursor;
use super::properties::pairs;
use super::{Context, Rows, is_missing};
use crate::query::{self, Catalog, Outer};
use crate::script::Statement;

/// `CREATE VIEW [IF NOT EXISTS] name ..`.
pub(super) fn create(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let on_exists = if cursor.take("IF NOT EXISTS") { OnExists::Ignore } else { OnExists::Error };
    stored(cursor, context, on_exists)
}

/// `CREATE OR REPLACE VIEW name ..`.
pub(super) fn replace(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    stored(cursor, context, OnExists::Replace)
}

/// `[(column [COMMENT ..], ..)] [COMMENT ..] [TBLPROPERTIES (..)] AS query`.
fn stored(cursor: &mut Cursor<'_>, context: &Context<'_>, on_exists: OnExists) -> Rows {
    let name = context.qualify(&cursor.name("a view")?)?;
    let columns = columns(cursor)?;
    let mut comment = None;
    let mut properties = BTreeMap::new();
    loop {
        if cursor.take("COMMENT") {
            comment = Some(cursor.string("a comment")?);
        } else if cursor.take("TBLPROPERTIES") {
            properties = pairs(cursor)?;
        } else {
            break;
        }
    }
    cursor.expect("AS")?;
    let statement = cursor.rest("a query")?;
    let view = checked(context, &name, &statement, columns)?;
    context.session.metastore().create_view(NewView { name, view, comment, properties }, on_exists)?;
    Ok(None)
}

/// `ALTER VIEW name AS query`, after `AS`.
pub(super) fn replace_text(cursor: &mut Cursor<'_>, context: &Context<'_>, name: TableName) -> Rows {
    let statement = cursor.rest("a query")?;
    let info = context.session.metastore().table(&name)?;
    let view = checked(context, &name, &statement, Vec::new())?;
    let new = NewView { name, view, comment: info.comment, properties: info.properties };
    context.session.metastore().create_view(new, OnExists::Replace)?;
    Ok(None)
}

/// `(column [COMMENT ..], ..)`, if it comes.
pub(super) fn columns(cursor: &mut Cursor<'_>) -> Result<Vec<ViewColumn>> {
    if cursor.peek().is_none_or(|token| token.token != sqlparser::tokenizer::Token::LParen) {
        return Ok(Vec::new());
    }
    cursor.list(|cursor| {
        let name = cursor.identifier("a column")?;
        let comment = if cursor.take("COMMENT") { Some(cursor.string("a comment")?) } else { None };
        Ok(ViewColumn { name, comment })
    })
}

/// The view, once its query has been planned as it will be when the view is read.
fn checked(
    context: &Context<'_>,
    name: &TableName,
    statement: &Statement<'_>,
    columns: Vec<ViewColumn>,
) -> Result<View> {
    let view = View { text: statement.text().to_owned(), current_schema: context.session.current_schema(), columns };
    let catalog = Catalog::new(context.core, context.session).inside(name.to_string(), &Outer::stored(&view))?;
    let planned = query::plan(&catalog, statement).map_err(|error| temporary_hint(context, error))?;
    check_count(&view, &planned.names)?;
    Ok(view)
}

/// Whether a view names as many columns as its query has, if it names any.
pub(super) fn check_count(view: &View, made: &[String]) -> Result<()> {
    let (given, made) = (view.columns.len(), made.len());
    if given > 0 && given != made {
        return Err(Error::invalid_argument(format!("the view names {given} columns, but its query has {made}")));
    }
    Ok(())
}

/// A view outlives the session, so it cannot see what only the session has.
fn temporary_hint(context: &Context<'_>, error: Error) -> Error {
    let name = error.message().split('`').nth(1).map(|name| name.rsplit('.').next().unwrap_or(name).to_owned());
    let ours = name.is_some_and(|name| context.session.resolve(&[name]).is_ok());
    match is_missing(&error, Object::Table) && ours {
        true => error.with_hint("a view sees neither temporary views nor variables: save it as a table first"),
        false => error,
    }
}

/// `DROP VIEW [IF EXISTS] name`.
pub(super) fn drop(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let if_exists = cursor.take("IF EXISTS");
    let parts = cursor.name("a view")?;
    cursor.end()?;
    if let [name] = parts.as_slice()
        && context.session.drop_temp_view(name)?
    {
        return Ok(None);
    }
    let name = context.qualify(&parts)?;
    if name.schema.eq_ignore_ascii_case(GLOBAL_TEMP) {
        return match context.session.drop_global_temp_view(&name.table) || if_exists {
            true => Ok(None),
            false => Err(Error::not_found_among(Object::View, &name.table, context.session.global_temp_views())),
        };
    }
    match context.session.metastore().drop_view(&name) {
        Err(error) if if_exists && matches!(error.kind(), aerostat_error::Kind::NotFound(_)) => Ok(None),
        dropped => dropped.map(|()| None),
    }
}
