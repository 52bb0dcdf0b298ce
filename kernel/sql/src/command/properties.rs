//! Pairs of keys and values: `TBLPROPERTIES ('a' = 'b')`, `OPTIONS (header true)`.

use std::collections::BTreeMap;

use aerostat_error::Result;
use sqlparser::tokenizer::Token;

use super::cursor::Cursor;

/// A key: a text, or words with dots between them.
pub(super) fn key(cursor: &mut Cursor<'_>) -> Result<String> {
    match cursor.peek().map(|token| &token.token) {
        Some(Token::SingleQuotedString(_) | Token::DoubleQuotedString(_)) => cursor.string("a key"),
        _ => Ok(cursor.name("a key")?.join(".")),
    }
}

/// `('a' = 'b', c.d 'e')`.
pub(super) fn pairs(cursor: &mut Cursor<'_>) -> Result<BTreeMap<String, String>> {
    let pairs = cursor.list(|cursor| {
        let key = key(cursor)?;
        cursor.symbol(&Token::Eq);
        Ok((key, value(cursor)?))
    })?;
    Ok(pairs.into_iter().collect())
}

/// A text, a number or a word.
fn value(cursor: &mut Cursor<'_>) -> Result<String> {
    match cursor.peek().map(|token| token.token.clone()) {
        Some(Token::Number(number, _)) => {
            cursor.next();
            Ok(number)
        }
        Some(Token::Word(word)) => {
            cursor.next();
            Ok(word.value)
        }
        _ => cursor.string("a value"),
    }
}
