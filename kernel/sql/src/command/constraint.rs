//! `ALTER TABLE .. ADD CONSTRAINT` and `DROP CONSTRAINT`.

use aerostat_error::Error;
use aerostat_session::write::{self, Target};
use sqlparser::tokenizer::Token;

use super::cursor::Cursor;
use super::{Context, Rows};

/// `name CHECK (condition)`, after `ADD CONSTRAINT`.
pub(super) fn add(cursor: &mut Cursor<'_>, context: &Context<'_>, table: &[String]) -> Rows {
    let name = cursor.identifier("a constraint")?;
    let span = cursor.span();
    if let Some(kind) = cursor.take_any(&["PRIMARY KEY", "FOREIGN KEY", "UNIQUE"]) {
        return Err(Error::not_supported(format!("a {kind} constraint is not supported"))
            .with_span(span)
            .with_hint("nothing would make sure of it: CHECK and NOT NULL are what tables have"));
    }
    cursor.expect("CHECK")?;
    cursor.expect_symbol(&Token::LParen)?;
    let condition = cursor.within("a condition")?;
    cursor.expect_symbol(&Token::RParen)?;
    cursor.end()?;
    write::add_constraint(context.session, &Target::of(table), &name, &condition.text)?;
    Ok(None)
}

/// `[IF EXISTS] name`, after `DROP CONSTRAINT`.
pub(super) fn drop(cursor: &mut Cursor<'_>, context: &Context<'_>, table: &[String]) -> Rows {
    let if_exists = cursor.take("IF EXISTS");
    let name = cursor.identifier("a constraint")?;
    cursor.end()?;
    write::drop_constraint(context.session, &Target::of(table), &name, if_exists)?;
    Ok(None)
}
