//! `INSERT INTO` and `INSERT OVERWRITE`.

use aerostat_error::{Error, Object, Result};
use aerostat_metastore::TableName;
use aerostat_session::{arrow as bridge, join_name};
use polars::prelude::{DataFrame, Expr, IntoLazy, NULL, Schema, col, lit};
use sqlparser::tokenizer::Token;

use super::cursor::Cursor;
use super::{Context, Rows};
use crate::script::Statement;

/// An `INSERT` without its first words.
struct Insert<'s> {
    table: TableName,
    /// Columns that have one value in all rows.
    partition: Vec<(String, String)>,
    columns: Option<Vec<String>>,
    by_name: bool,
    query: Statement<'s>,
}

/// `INSERT INTO [TABLE] name ..`.
pub(super) fn into(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    Insert::read(cursor, context)?.run(context, "append")
}

/// `INSERT OVERWRITE [TABLE] name ..`.
pub(super) fn overwrite(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let span = cursor.span();
    let insert = Insert::read(cursor, context)?;
    if !insert.partition.is_empty() {
        return Err(Error::not_supported("INSERT OVERWRITE .. PARTITION is not supported")
            .with_span(span)
            .with_hint("overwrite the table with the rows that are to stay and the new ones"));
    }
    insert.run(context, "overwrite")
}

impl<'s> Insert<'s> {
    /// `[TABLE] name [PARTITION (..)] [BY NAME | (columns)] query`.
    fn read(cursor: &mut Cursor<'s>, context: &Context<'_>) -> Result<Self> {
        cursor.take("TABLE");
        let table = context.qualify(&cursor.name("a table")?)?;
        let span = cursor.span();
        if cursor.take("REPLACE WHERE") {
            return Err(Error::not_supported("INSERT INTO .. REPLACE WHERE is not supported").with_span(span));
        }
        let partition = if cursor.take("PARTITION") { cursor.list(partition)? } else { Vec::new() };
        if cursor.take("IF NOT EXISTS") {
            return Err(Error::not_supported("INSERT .. IF NOT EXISTS is not supported").with_span(span));
        }
        let by_name = cursor.take("BY NAME");
        let columns =
            if is_column_list(cursor) { Some(cursor.list(|cursor| cursor.identifier("a column"))?) } else { None };
        let query = cursor.rest("VALUES or a query")?;
        Ok(Self { table, partition, columns, by_name, query })
    }

    fn run(self, context: &Context<'_>, mode: &str) -> Rows {
        let info = context.session.metastore().table(&self.table)?;
        let frame = context.query(&self.query)?;
        let frame = match (&self.columns, self.by_name, self.partition.is_empty()) {
            (None, false, true) => frame.lazy(),
            _ => {
                let location = info.location.as_deref().ok_or_else(|| not_a_table(&self.table))?;
                let schema = context.session.metastore().snapshot(location, None)?.schema;
                let arranged = self.arranged(&frame, &bridge::from_schema(&schema)?)?;
                frame.lazy().select(arranged)
            }
        };
        let name = join_name(&[&self.table.schema, &self.table.table]);
        context.session.write(frame).mode(mode).insert_into(&name)?;
        Ok(None)
    }

    /// The query's columns in the order of the table's, with null for those that are not given.
    fn arranged(&self, frame: &DataFrame, table: &Schema) -> Result<Vec<Expr>> {
        let same = |a: &str, b: &str| a.to_lowercase() == b.to_lowercase();
        let made: Vec<String> = frame.get_column_names().iter().map(|name| name.to_string()).collect();
        let is_fixed = |name: &str| self.partition.iter().any(|(column, _)| same(column, name));
        let given: Vec<String> = match (&self.columns, self.by_name) {
            (Some(columns), _) => columns.clone(),
            (None, true) => made.clone(),
            (None, false) => table.iter_names().filter(|name| !is_fixed(name)).map(|name| name.to_string()).collect(),
        };
        for name in given.iter().chain(self.partition.iter().map(|(name, _)| name)) {
            if !table.iter_names().any(|column| same(column, name)) {
                return Err(Error::not_found_among(Object::Column, name, table.iter_names()));
            }
        }
        if given.len() != made.len() {
            let message = format!("{} columns are to be filled, but the query has {}", given.len(), made.len());
            return Err(Error::invalid_argument(message).with_span(self.query.span));
        }
        Ok(table
            .iter()
            .map(|(column, dtype)| {
                let fixed = self.partition.iter().find(|(name, _)| same(name, column)).map(|(_, value)| value);
                let source = given.iter().position(|name| same(name, column)).and_then(|at| made.get(at));
                let value = match (fixed, source) {
                    (Some(value), _) => lit(value.as_str()).strict_cast(dtype.clone()),
                    (None, Some(source)) => col(source.as_str()),
                    (None, None) => lit(NULL).cast(dtype.clone()),
                };
                value.alias(column.clone())
            })
            .collect())
    }
}

fn not_a_table(name: &TableName) -> Error {
    Error::invalid_argument(format!("`{name}` is a view: nothing can be inserted into it"))
}

/// `column = value`.
fn partition(cursor: &mut Cursor<'_>) -> Result<(String, String)> {
    let column = cursor.identifier("a column")?;
    let span = cursor.span();
    if !cursor.symbol(&Token::Eq) {
        return Err(Error::not_supported("a PARTITION without a value is not supported")
            .with_span(span)
            .with_hint("leave out PARTITION: the rows go to their partitions by their values"));
    }
    match cursor.next().map(|token| &token.token) {
        Some(Token::SingleQuotedString(text) | Token::DoubleQuotedString(text)) => Ok((column, text.clone())),
        Some(Token::Number(number, _)) => Ok((column, number.clone())),
        _ => Err(cursor.expected("a value").with_span(span)),
    }
}

/// Whether what comes in parentheses are columns, and not a query.
fn is_column_list(cursor: &Cursor<'_>) -> bool {
    let first = cursor.peek().map(|token| &token.token);
    let second = cursor.peek_second().map(|token| &token.token);
    let is_query =
        |word: &str| ["SELECT", "WITH", "VALUES", "TABLE"].iter().any(|begin| word.eq_ignore_ascii_case(begin));
    match (first, second) {
        (Some(Token::LParen), Some(Token::Word(word))) => word.quote_style.is_some() || !is_query(&word.value),
        _ => false,
    }
}
