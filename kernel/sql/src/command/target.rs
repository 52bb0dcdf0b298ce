//! The table that a statement changes, and the pieces of SQL that it is changed by.

use aerostat_error::Result;
use aerostat_session::Fragment;
use aerostat_session::write::{Assignment, Target};
use sqlparser::tokenizer::Token;

use super::cursor::Cursor;

/// Words that follow the name of a table, and so are no aliases of it.
const FOLLOWING: &[&str] = &["ON", "SET", "USING", "WHEN", "WHERE"];

/// `name [[AS] alias]`.
pub(super) fn target(cursor: &mut Cursor<'_>) -> Result<Target> {
    Ok(Target { parts: cursor.name("a table")?, alias: alias(cursor)? })
}

/// `[[AS] alias]`.
pub(super) fn alias(cursor: &mut Cursor<'_>) -> Result<Option<String>> {
    if cursor.take("AS") {
        return cursor.identifier("an alias").map(Some);
    }
    let is_alias = match cursor.peek().map(|token| &token.token) {
        Some(Token::Word(word)) => {
            word.quote_style.is_some() || !FOLLOWING.iter().any(|other| word.value.eq_ignore_ascii_case(other))
        }
        _ => false,
    };
    if is_alias { cursor.identifier("an alias").map(Some) } else { Ok(None) }
}

/// `[WHERE condition]`, up to the end.
pub(super) fn condition(cursor: &mut Cursor<'_>, until: &[&'static str]) -> Result<Option<Fragment>> {
    match cursor.take("WHERE") {
        true => cursor.fragment("a condition", until).map(Some),
        false => Ok(None),
    }
}

/// `column = value, ..`, up to one of the words.
pub(super) fn assignments(cursor: &mut Cursor<'_>, until: &[&'static str]) -> Result<Vec<Assignment>> {
    let mut assignments = Vec::new();
    loop {
        let column = column(cursor)?;
        cursor.expect_symbol(&Token::Eq)?;
        assignments.push(Assignment { column, value: cursor.fragment("a value", until)? });
        if !cursor.symbol(&Token::Comma) {
            return Ok(assignments);
        }
    }
}

/// The name of a column, where it stands.
pub(super) fn column(cursor: &mut Cursor<'_>) -> Result<Fragment> {
    let start = cursor.span();
    cursor.name("a column")?;
    Ok(Fragment { text: cursor.text_from(start).to_owned(), at: start.start })
}
