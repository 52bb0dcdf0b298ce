//! `ALTER TABLE .. ADD COLUMNS`, `ALTER COLUMN`, `CHANGE COLUMN`.

use aerostat_error::{Error, Result};
use aerostat_session::write::{self, ColumnPlace, Target};
use datafusion::arrow::datatypes::Field;
use sqlparser::tokenizer::Token;

use super::cursor::Cursor;
use super::declared::{column, typed};
use super::{Context, Rows};

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
    let place = if cursor.take("FIRST") {
        ColumnPlace::First
    } else if cursor.take("AFTER") {
        ColumnPlace::After(cursor.identifier("a column")?)
    } else {
        ColumnPlace::Last
    };
    Ok((field, place))
}

/// `name TYPE type`, `name SET NOT NULL`, `name DROP NOT NULL`, after `ALTER COLUMN`; Hive's `old new type`, after
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
    if let Some(change) = cursor.take_any(&["SET DEFAULT", "DROP DEFAULT", "FIRST", "AFTER"]) {
        return Err(Error::not_supported(format!("ALTER COLUMN .. {change} is not supported"))
            .with_span(span)
            .with_hint("types, comments and NOT NULL can be changed"));
    }
    if !cursor.take("TYPE") && cursor.identifier("a column")?.to_lowercase() != name.to_lowercase() {
        return Err(Error::not_supported("renaming a column is not supported")
            .with_span(span)
            .with_hint("write the table anew: `CREATE OR REPLACE TABLE t AS SELECT ..`"));
    }
    let field = typed(cursor, name.clone())?;
    cursor.end()?;
    write::retype_column(context.session, &target, &name, &field)?;
    Ok(None)
}
