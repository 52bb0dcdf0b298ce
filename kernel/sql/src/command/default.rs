//! What a column is where nothing is given: `DEFAULT`.

use aerostat_error::{Error, Result};
use aerostat_metastore::DEFAULT_VALUE;
use aerostat_session::errors::from_polars;
use aerostat_session::join_name;
use datafusion::arrow::datatypes::{Field, Schema};
use polars::prelude::{Column, Expr, LiteralValue, Scalar};
use sqlparser::tokenizer::{Span as Place, Token, TokenWithSpan, Tokenizer};

use super::Context;
use super::declared::same;
use crate::dialect::Spark;
use crate::query::{self, schema::type_name};

/// The default of a column, in SQL.
pub(super) fn of(field: &Field) -> Option<&str> {
    field.metadata().get(DEFAULT_VALUE).map(String::as_str)
}

/// Whether the defaults of new columns are values of their types.
pub(super) fn check<'f>(context: &Context<'_>, fields: impl IntoIterator<Item = &'f Field>) -> Result<()> {
    for field in fields.into_iter().filter(|field| of(field).is_some()) {
        value(context, field).map(drop).map_err(|error| {
            let message = format!("the default of column `{}`: {}", field.name(), error.message());
            Error::new(error.kind(), message)
                .with_hint("a default is a value, or made of such: `0`, `current_date()`; of no column and no query")
        })?;
    }
    Ok(())
}

/// The value of a column where nothing is given: its default as it is now, or null.
pub(super) fn value(context: &Context<'_>, field: &Field) -> Result<Expr> {
    let text = of(field).unwrap_or("NULL");
    let text = format!("SELECT CAST(({text}) AS {}) AS {}", type_name(field.data_type())?, join_name(&[field.name()]));
    let row = query::run_text(context.core, context.session, &text, &[]).map_err(Error::without_span)?;
    let Some(column) = row.columns().first() else { return Err(Error::internal("a query without columns")) };
    constant(column)
}

/// The value in the one row of a column.
pub(super) fn constant(column: &Column) -> Result<Expr> {
    let value = column.get(0).map_err(from_polars)?.into_static();
    Ok(Expr::Literal(LiteralValue::Scalar(Scalar::new(column.dtype().clone(), value))))
}

/// The tokens of `VALUES` with what `DEFAULT` stands for in its place; `columns` are filled by the values of a row.
pub(super) fn spelled_out(tokens: &[TokenWithSpan], columns: &[&str], table: &Schema) -> Result<Vec<TokenWithSpan>> {
    let is_values = tokens
        .first()
        .is_some_and(|token| matches!(&token.token, Token::Word(word) if word.value.eq_ignore_ascii_case("VALUES")));
    if !is_values {
        return Ok(tokens.to_vec());
    }
    let (mut depth, mut place) = (0_usize, 0_usize);
    let mut spelled = Vec::with_capacity(tokens.len());
    for (at, token) in tokens.iter().enumerate() {
        match &token.token {
            Token::LParen => {
                depth += 1;
                place = if depth == 1 { 0 } else { place };
            }
            Token::RParen => depth = depth.saturating_sub(1),
            Token::Comma if depth == 1 => place += 1,
            _ => {}
        }
        if depth == 1 && is_default(tokens, at) {
            let field =
                columns.get(place).and_then(|name| table.fields().iter().find(|field| same(field.name(), name)));
            spelled.extend(tokens_of(field.and_then(|field| of(field)).unwrap_or("NULL"), token.span)?);
        } else {
            spelled.push(token.clone());
        }
    }
    Ok(spelled)
}

/// Whether a token is all there is between two commas or parentheses, and the word is `DEFAULT`.
fn is_default(tokens: &[TokenWithSpan], at: usize) -> bool {
    let is = |at: usize, ends: [Token; 2]| tokens.get(at).is_some_and(|token| ends.contains(&token.token));
    let word = matches!(&tokens[at].token, Token::Word(word) if word.quote_style.is_none() && word.value.eq_ignore_ascii_case("DEFAULT"));
    word && at > 0 && is(at - 1, [Token::LParen, Token::Comma]) && is(at + 1, [Token::RParen, Token::Comma])
}

/// The tokens of a text, in parentheses, as if they all stood in one place.
fn tokens_of(text: &str, span: Place) -> Result<Vec<TokenWithSpan>> {
    let tokens = Tokenizer::new(&Spark, text).tokenize();
    let tokens = tokens.map_err(|error| Error::syntax(format!("the default `{text}`: {}", error.message)))?;
    let tokens = tokens.into_iter().filter(|token| !matches!(token, Token::Whitespace(_) | Token::EOF));
    let all = std::iter::once(Token::LParen).chain(tokens).chain([Token::RParen]);
    Ok(all.map(|token| TokenWithSpan { token, span }).collect())
}
