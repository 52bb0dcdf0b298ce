//! `CREATE [GLOBAL] TEMPORARY VIEW`: a query that is run when the view is read, or the rows of files.

use std::sync::Arc;

use aerostat_error::{Error, Object, Result, Span};
use aerostat_metastore::{Format, View};
use aerostat_session::{GLOBAL_TEMP, Origin, Shown, ViewQuery, join_name};

use super::cursor::Cursor;
use super::properties::pairs;
use super::view::{check_count, columns};
use super::{Context, Rows};
use crate::query::{self, Catalog};

/// `CREATE TEMPORARY VIEW name ..`.
pub(super) fn create(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    made(cursor, context, Origin::TempView, false)
}

/// `CREATE OR REPLACE TEMPORARY VIEW name ..`.
pub(super) fn replace(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    made(cursor, context, Origin::TempView, true)
}

/// `CREATE GLOBAL TEMPORARY VIEW [global_temp.]name ..`.
pub(super) fn create_global(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    made(cursor, context, Origin::GlobalTempView, false)
}

/// `CREATE OR REPLACE GLOBAL TEMPORARY VIEW [global_temp.]name ..`.
pub(super) fn replace_global(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    made(cursor, context, Origin::GlobalTempView, true)
}

/// `[IF NOT EXISTS] name [(columns)] [COMMENT ..] AS query`, or `.. USING format OPTIONS (path ..)`.
fn made(cursor: &mut Cursor<'_>, context: &Context<'_>, origin: Origin, replaces: bool) -> Rows {
    let if_not_exists = !replaces && cursor.take("IF NOT EXISTS");
    let span = cursor.span();
    let name = name(cursor, origin, span)?;
    let shown = shown(cursor, context)?;
    if !replaces && is_taken(context, origin, &name) {
        let (shown, words) = match origin {
            Origin::GlobalTempView => (format!("{GLOBAL_TEMP}.{name}"), "GLOBAL TEMPORARY VIEW"),
            _ => (name, "TEMPORARY VIEW"),
        };
        return match if_not_exists {
            true => Ok(None),
            false => Err(Error::already_exists(Object::View, shown)
                .with_span(span)
                .with_hint(format!("say CREATE OR REPLACE {words}"))),
        };
    }
    let before = context.session.show_as(origin, &name, shown);
    check(context, origin, &name).map(|()| None).inspect_err(|_| {
        match before {
            Some(before) => drop(context.session.show_as(origin, &name, before)),
            None => forget(context, origin, &name),
        };
    })
}

fn name(cursor: &mut Cursor<'_>, origin: Origin, span: Span) -> Result<String> {
    match (cursor.name("a view")?.as_slice(), origin) {
        ([name], _) => Ok(name.clone()),
        ([schema, name], Origin::GlobalTempView) if schema.eq_ignore_ascii_case(GLOBAL_TEMP) => Ok(name.clone()),
        (_, Origin::GlobalTempView) => {
            Err(Error::invalid_argument(format!("a global temporary view is in `{GLOBAL_TEMP}`")).with_span(span))
        }
        _ => Err(Error::invalid_argument("a temporary view is in no database").with_span(span)),
    }
}

fn is_taken(context: &Context<'_>, origin: Origin, name: &str) -> bool {
    match origin {
        Origin::GlobalTempView => {
            context.session.global_temp_views().iter().any(|other| other.eq_ignore_ascii_case(name))
        }
        _ => context.session.has_temp_view(name),
    }
}

fn forget(context: &Context<'_>, origin: Origin, name: &str) {
    match origin {
        Origin::GlobalTempView => context.session.drop_global_temp_view(name),
        _ => context.session.drop_temp_view(&join_name(&[name])).unwrap_or_default(),
    };
}

/// What the view is to show.
fn shown(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Shown> {
    let columns = columns(cursor)?;
    if cursor.take("COMMENT") {
        cursor.string("a comment")?;
    }
    if cursor.take("USING") {
        let format = Format::named(&cursor.identifier("a format")?)?;
        cursor.expect("OPTIONS")?;
        let mut options = pairs(cursor)?;
        cursor.end()?;
        let path = options.remove("path").ok_or_else(|| Error::invalid_argument("the option `path` is missing"))?;
        let reader = options.iter().fold(context.session.read(), |reader, (key, value)| reader.option(key, value));
        return reader.load_as(format, &path).map(Shown::Frame);
    }
    cursor.expect("AS")?;
    let statement = cursor.rest("a query")?;
    let catalog = Catalog::new(context.core, context.session);
    let planned = query::plan(&catalog, &statement)?;
    let view = View { text: statement.text().to_owned(), current_schema: context.session.current_schema(), columns };
    check_count(&view, &planned.names)?;
    Ok(Shown::Query(Arc::new(ViewQuery { view, frames: catalog.variables() })))
}

/// Whether the view can be read: not if it leads back to itself.
fn check(context: &Context<'_>, origin: Origin, name: &str) -> Result<()> {
    let parts = match origin {
        Origin::GlobalTempView => vec![GLOBAL_TEMP.to_owned(), name.to_owned()],
        _ => vec![name.to_owned()],
    };
    super::columns_of(context, &parts).map(drop)
}
