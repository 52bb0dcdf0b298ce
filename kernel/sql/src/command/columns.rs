//! `ALTER TABLE .. ADD COLUMNS`, `ALTER COLUMN`, `CHANGE COLUMN`, `RENAME COLUMN`, `DROP COLUMN`.

use aerostat_error::{Error, Object, Result};
use aerostat_metastore::DEFAULT_VALUE;
use aerostat_session::Fragment;
use aerostat_session::write::{self, ColumnPlace, Target};
use datafusion::arrow::datatypes::Field;
use sqlparser::tokenizer::Token;

use super::cursor::Cursor;
use super::declared::{column, same, typed};
use super::{Context, Rows, default};

/// `(name type [COMMENT 'text'] [FIRST | AFTER name], ..)`, with or without the parentheses, after `ADD COLUMNS`.
pub(super) fn add(cursor: &mut Cursor<'_>, context: &Context<'_>, table: &[String]) -> Rows {
    let new = match cursor.peek().is_some_and(|token| token.token == Token::LParen) {
        true => cursor.list(placed)?,
        false => {
            let mut new = vec![placed(cursor)?];
            while cursor.symbol(&Token::Comma) {
                new.push(placed(cursor)?);
            }
            new
        }
    };
    cursor.end()?;
    write::add_columns(context.session, &Target::of(table), &new)?;
    Ok(None)
}

fn placed(cursor: &mut Cursor<'_>) -> Result<(Field, ColumnPlace)> {
    let field = column(cursor)?;
    Ok((field, place(cursor)?.unwrap_or(ColumnPlace::Last)))
}

/// `name TYPE type`, `name SET NOT NULL`, `name SET DEFAULT value`, `name FIRST` and so on, after `ALTER COLUMN`; Hive's `old new type`, after
/// `CHANGE COLUMN`.
pub(super) fn alter(cursor: &mut Cursor<'_>, context: &Context<'_>, table: &[String]) -> Rows {
    let name = cursor.identifier("a column")?;
    let target = Target::of(table);
    let span = cursor.span();
    if cursor.take("SET NOT NULL") {
        cursor.end()?;
        return write::require_column(context.session, &target, &name, true).map(|()| None);
    }
    if cursor.take("DROP NOT NULL") {
        cursor.end()?;
        return write::require_column(context.session, &target, &name, false).map(|()| None);
    }
    if cursor.take("COMMENT") {
        let comment = cursor.string("a comment")?;
        cursor.end()?;
        return write::comment_column(context.session, &target, &name, &comment).map(|()| None);
    }
    if let Some(place) = place(cursor)? {
        cursor.end()?;
        return write::move_column(context.session, &target, &name, &place).map(|()| None);
    }
    if cursor.take("DROP DEFAULT") {
        cursor.end()?;
        return write::default_column(context.session, &target, &name, None).map(|()| None);
    }
    if cursor.take("SET DEFAULT") {
        let value = cursor.fragment("a value", &[])?;
        cursor.end()?;
        return set_default(context, &target, &name, &value).map(|()| None);
    }
    let new = if cursor.take("TYPE") { name.clone() } else { cursor.identifier("a column")? };
    let field = typed(cursor, new.clone())?;
    let place = place(cursor)?;
    cursor.end()?;
    if let Some(value) = default::of(&field) {
        return Err(Error::not_supported(format!("DEFAULT {value} is not supported here"))
            .with_span(span)
            .with_hint(format!("say `ALTER COLUMN {name} SET DEFAULT {value}`")));
    }
    write::retype_column(context.session, &target, &name, &field)?;
    if !same(&new, &name) {
        write::rename_column(context.session, &target, &name, &new)?;
    }
    if let Some(place) = place {
        write::move_column(context.session, &target, &new, &place)?;
    }
    Ok(None)
}

fn set_default(context: &Context<'_>, target: &Target, name: &str, value: &Fragment) -> Result<()> {
    let schema = target.snapshot(context.session)?.schema;
    let field = schema.fields().iter().find(|field| same(field.name(), name)).ok_or_else(|| {
        Error::not_found_among(Object::Column, name, schema.fields().iter().map(|field| field.name().as_str()))
    })?;
    let metadata = [(DEFAULT_VALUE.to_owned(), value.text.clone())].into();
    default::check(context, [&field.as_ref().clone().with_metadata(metadata)])?;
    write::default_column(context.session, target, name, Some(&value.text))
}

/// `old TO new`, after `RENAME COLUMN`.
pub(super) fn rename(cursor: &mut Cursor<'_>, context: &Context<'_>, table: &[String]) -> Rows {
    let old = top_level_name(cursor)?;
    cursor.expect("TO")?;
    let new = cursor.identifier("a column")?;
    cursor.end()?;
    write::rename_column(context.session, &Target::of(table), &old, &new).map(|()| None)
}

/// `[IF EXISTS] name`, `name, ..` or `(name, ..)`, after `DROP COLUMN`.
pub(super) fn drop(cursor: &mut Cursor<'_>, context: &Context<'_>, table: &[String]) -> Rows {
    let if_exists = cursor.take("IF EXISTS");
    let gone = match cursor.peek().is_some_and(|token| token.token == Token::LParen) {
        true => cursor.list(top_level_name)?,
        false => {
            let mut gone = vec![top_level_name(cursor)?];
            while cursor.symbol(&Token::Comma) {
                gone.push(top_level_name(cursor)?);
            }
            gone
        }
    };
    cursor.end()?;
    write::drop_columns(context.session, &Target::of(table), &gone, if_exists).map(|()| None)
}

/// The name of a column, which is not that of a field in one.
fn top_level_name(cursor: &mut Cursor<'_>) -> Result<String> {
    let span = cursor.span();
    match <[String; 1]>::try_from(cursor.name("a column")?) {
        Ok([name]) => Ok(name),
        Err(parts) => {
            Err(Error::not_supported(format!("changing the field `{}` of a column is not supported", parts.join(".")))
                .with_span(span)
                .with_hint("write the table anew: `CREATE OR REPLACE TABLE t AS SELECT ..`"))
        }
    }
}

/// `FIRST` or `AFTER name`, if one of them comes.
fn place(cursor: &mut Cursor<'_>) -> Result<Option<ColumnPlace>> {
    if cursor.take("FIRST") {
        return Ok(Some(ColumnPlace::First));
    }
    match cursor.take("AFTER") {
        true => cursor.identifier("a column").map(|name| Some(ColumnPlace::After(name))),
        false => Ok(None),
    }
}
