//! `CREATE VIEW`, `DROP VIEW`.

use std::collections::BTreeMap;

use aerostat_error::{Error, Object, Result, Span};
use aerostat_metastore::{Format, NewView, OnExists, TableName, View, ViewColumn};
use aerostat_session::{GLOBAL_TEMP, join_name};
use polars::prelude::{IntoLazy, LazyFrame};

use super::cursor::Cursor;
use super::properties::pairs;
use super::{Context, Rows, is_missing};
use crate::query::{self, Catalog};
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

fn columns(cursor: &mut Cursor<'_>) -> Result<Vec<ViewColumn>> {
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
    let catalog = Catalog::new(context.core, context.session).inside(name.to_string(), view.clone())?;
    let planned = query::plan(&catalog, statement).map_err(|error| temporary_hint(context, error))?;
    let (given, made) = (view.columns.len(), planned.names.len());
    if given > 0 && given != made {
        return Err(Error::invalid_argument(format!("the view names {given} columns, but its query has {made}")));
    }
    Ok(view)
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

/// `CREATE TEMPORARY VIEW name ..`.
pub(super) fn create_temporary(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let if_not_exists = cursor.take("IF NOT EXISTS");
    let span = cursor.span();
    temporary(cursor, context, |name| {
        let taken = context.session.temp_views().iter().any(|(other, _)| other.eq_ignore_ascii_case(name));
        match taken {
            true if if_not_exists => Ok(false),
            true => Err(Error::already_exists(Object::View, name)
                .with_span(span)
                .with_hint("say CREATE OR REPLACE TEMPORARY VIEW")),
            false => Ok(true),
        }
    })
}

/// `CREATE OR REPLACE TEMPORARY VIEW name ..`.
pub(super) fn replace_temporary(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    temporary(cursor, context, |_| Ok(true))
}

/// `[(columns)] AS query`, or `USING format OPTIONS (path ..)`.
fn temporary(cursor: &mut Cursor<'_>, context: &Context<'_>, wanted: impl Fn(&str) -> Result<bool>) -> Rows {
    let span = cursor.span();
    let name = temporary_name(cursor, span)?;
    if let Some(frame) = rows_of(cursor, context, || wanted(&name))? {
        context.session.create_or_replace_temp_view(&join_name(&[name]), frame)?;
    }
    Ok(None)
}

/// `CREATE GLOBAL TEMPORARY VIEW [global_temp.]name ..`.
pub(super) fn create_global(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    global(cursor, context, false)
}

/// `CREATE OR REPLACE GLOBAL TEMPORARY VIEW [global_temp.]name ..`.
pub(super) fn replace_global(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    global(cursor, context, true)
}

fn global(cursor: &mut Cursor<'_>, context: &Context<'_>, replaces: bool) -> Rows {
    let if_not_exists = cursor.take("IF NOT EXISTS");
    let span = cursor.span();
    let name = match cursor.name("a view")?.as_slice() {
        [name] => name.clone(),
        [schema, name] if schema.eq_ignore_ascii_case(GLOBAL_TEMP) => name.clone(),
        _ => {
            return Err(
                Error::invalid_argument(format!("a global temporary view is in `{GLOBAL_TEMP}`")).with_span(span)
            );
        }
    };
    let taken = context.session.global_temp_views().iter().any(|other| other.eq_ignore_ascii_case(&name));
    let wanted = || match taken && !replaces {
        true if if_not_exists => Ok(false),
        true => Err(Error::already_exists(Object::View, format!("{GLOBAL_TEMP}.{name}"))
            .with_span(span)
            .with_hint("say CREATE OR REPLACE GLOBAL TEMPORARY VIEW")),
        false => Ok(true),
    };
    if let Some(frame) = rows_of(cursor, context, wanted)? {
        context.session.create_or_replace_global_temp_view(&name, frame);
    }
    Ok(None)
}

/// The rows of a temporary view, if they are `wanted` once all has been read.
fn rows_of(
    cursor: &mut Cursor<'_>,
    context: &Context<'_>,
    wanted: impl Fn() -> Result<bool>,
) -> Result<Option<LazyFrame>> {
    let columns = columns(cursor)?;
    if cursor.take("COMMENT") {
        cursor.string("a comment")?;
    }
    let frame = if cursor.take("USING") {
        let format = Format::named(&cursor.identifier("a format")?)?;
        cursor.expect("OPTIONS")?;
        let mut options = pairs(cursor)?;
        cursor.end()?;
        let path = options.remove("path").ok_or_else(|| Error::invalid_argument("the option `path` is missing"))?;
        if !wanted()? {
            return Ok(None);
        }
        let reader = options.iter().fold(context.session.read(), |reader, (key, value)| reader.option(key, value));
        reader.load(format, &path)?
    } else {
        cursor.expect("AS")?;
        let statement = cursor.rest("a query")?;
        if !wanted()? {
            return Ok(None);
        }
        context.query(&statement)?.lazy()
    };
    renamed(frame, &columns).map(Some)
}

fn temporary_name(cursor: &mut Cursor<'_>, span: Span) -> Result<String> {
    match <[String; 1]>::try_from(cursor.name("a view")?) {
        Ok([name]) => Ok(name),
        Err(_) => Err(Error::invalid_argument("a temporary view is in no database").with_span(span)),
    }
}

fn renamed(mut frame: LazyFrame, columns: &[ViewColumn]) -> Result<LazyFrame> {
    if columns.is_empty() {
        return Ok(frame);
    }
    let schema = frame.collect_schema().map_err(aerostat_session::errors::from_polars)?;
    if schema.len() != columns.len() {
        let message = format!("the view names {} columns, but its query has {}", columns.len(), schema.len());
        return Err(Error::invalid_argument(message));
    }
    let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
    Ok(frame.rename(schema.iter_names().map(|name| name.to_string()).collect::<Vec<_>>(), names, true))
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
