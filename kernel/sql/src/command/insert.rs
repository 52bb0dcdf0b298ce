//! `INSERT INTO` and `INSERT OVERWRITE`.

use std::sync::Arc;

use aerostat_error::{Error, Object, Result};
use aerostat_metastore::{Format, TableInfo, TableName};
use aerostat_session::logless::{self, Replaced};
use aerostat_session::{Fragment, arrow as bridge, join_name, partition_value};
use datafusion::arrow::datatypes::Schema as ArrowSchema;
use polars::prelude::{Expr, Schema, col};
use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::cursor::{Cursor, top_level};
use super::declared::same;
use super::{Context, Rows, default, partition};
use crate::query::Incoming;
use crate::script::Statement;

/// An `INSERT` without its first words.
struct Insert<'s> {
    table: TableName,
    /// What `PARTITION` says: columns that have one value in all rows, and those without, of which the rows say it.
    partition: Option<Vec<(String, Option<Option<String>>)>>,
    /// The rows that the new ones take the place of.
    replacing: Option<Fragment>,
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
    Insert::read(cursor, context)?.run(context, "overwrite")
}

/// `WITH name AS (..) INSERT ..`, if the statement is one.
pub(super) fn behind_with(statement: &Statement<'_>, words: &[String], context: &Context<'_>) -> Option<Rows> {
    words.first().filter(|first| *first == "WITH")?;
    let at = top_level(&statement.tokens, &["INSERT"]);
    let insert = statement.part(at..)?;
    let mut cursor = Cursor::new(&insert);
    let mode = match cursor.take_any(&["INSERT INTO", "INSERT OVERWRITE"])? {
        "INSERT INTO" => "append",
        _ => "overwrite",
    };
    Some(Insert::read(&mut cursor, context).and_then(|mut insert| {
        insert.query.tokens = [&statement.tokens[..at], &insert.query.tokens].concat();
        insert.run(context, mode)
    }))
}

/// `FROM relation INSERT .. SELECT .. INSERT .. SELECT ..`, or `FROM relation SELECT ..`.
pub(super) fn several(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let from = cursor.whole_until(&["INSERT", "SELECT"]);
    if cursor.comes("SELECT") {
        let query = cursor.rest("SELECT")?;
        return context.query(&behind_select(&query, &from)).map(Some);
    }
    let mut parts = Vec::new();
    while !cursor.is_at_end() {
        cursor.expect("INSERT")?;
        let mode = if cursor.take("OVERWRITE") { "overwrite" } else { "append" };
        if mode == "append" {
            cursor.expect("INTO")?;
        }
        parts.push((mode, cursor.until(&["INSERT"])));
    }
    if parts.is_empty() {
        return Err(cursor.expected("SELECT or INSERT"));
    }
    let parts: Vec<_> = parts.into_iter().map(|(mode, tokens)| (mode, cursor.statement(tokens))).collect();
    let mut inserts = Vec::new();
    for (mode, statement) in &parts {
        let mut insert = Insert::read(&mut Cursor::new(statement), context)?;
        insert.query = behind_select(&insert.query, &from);
        context.session.metastore().table(&insert.table)?;
        // All are of the same moment: none sees what another has inserted.
        let rows = Incoming::Gathered(context.gather(&insert.query)?);
        inserts.push((insert, rows, *mode));
    }
    inserts.into_iter().try_for_each(|(insert, mut rows, mode)| insert.write(context, &mut rows, mode))?;
    Ok(None)
}

/// The query with its `FROM`, which stands before it, where it usually stands.
fn behind_select<'s>(query: &Statement<'s>, from: &[TokenWithSpan]) -> Statement<'s> {
    let columns = top_level(&query.tokens, AFTER_FROM);
    let (columns, rest) = query.tokens.split_at(columns);
    Statement { script: query.script, tokens: [columns, from, rest].concat(), span: query.span }
}

/// What may follow `FROM`.
const AFTER_FROM: &[&str] = &[
    "WHERE",
    "GROUP",
    "HAVING",
    "ORDER",
    "SORT",
    "CLUSTER",
    "DISTRIBUTE",
    "LIMIT",
    "LATERAL",
    "WINDOW",
    "UNION",
    "EXCEPT",
    "INTERSECT",
    "MINUS",
    "QUALIFY",
];

impl<'s> Insert<'s> {
    /// `[TABLE] name [PARTITION (..)] [BY NAME | (columns)] query`.
    fn read(cursor: &mut Cursor<'s>, context: &Context<'_>) -> Result<Self> {
        cursor.take("TABLE");
        let table = context.qualify(&cursor.name("a table")?)?;
        let replacing = match cursor.take("REPLACE WHERE") {
            true => Some(cursor.fragment("a condition", QUERIES)?),
            false => None,
        };
        let partition = if cursor.take("PARTITION") { Some(cursor.list(partition::item)?) } else { None };
        let span = cursor.span();
        if cursor.take("IF NOT EXISTS") {
            return Err(Error::not_supported("INSERT .. IF NOT EXISTS is not supported").with_span(span));
        }
        let by_name = cursor.take("BY NAME");
        let columns =
            if is_column_list(cursor) { Some(cursor.list(|cursor| cursor.identifier("a column"))?) } else { None };
        let query = cursor.rest("VALUES or a query")?;
        Ok(Self { table, partition, replacing, columns, by_name, query })
    }

    fn run(mut self, context: &Context<'_>, mode: &str) -> Rows {
        self.fill_in_defaults(context)?;
        let is_delta = context.session.metastore().table(&self.table)?.format == Format::Delta;
        let mut rows = match is_delta {
            true => context.incoming(&self.query)?,
            false => Incoming::Gathered(context.gather(&self.query)?),
        };
        self.write(context, &mut rows, mode).map(|()| None)
    }

    /// Puts in the place of `DEFAULT` in `VALUES` what it stands for.
    fn fill_in_defaults(&mut self, context: &Context<'_>) -> Result<()> {
        let info = context.session.metastore().table(&self.table)?;
        let Some(files) = context.session.files(&info)? else { return Ok(()) };
        let names = files.schema.fields().iter().map(|field| field.name().as_str());
        let columns: Vec<&str> = match &self.columns {
            Some(columns) => columns.iter().map(String::as_str).collect(),
            None => names.filter(|name| !self.fixed().any(|(column, _)| same(column, name))).collect(),
        };
        self.query.tokens = default::spelled_out(&self.query.tokens, &columns, &files.schema)?;
        Ok(())
    }

    /// Inserts these rows, which are those of its query.
    fn write(self, context: &Context<'_>, rows: &mut Incoming, mode: &str) -> Result<()> {
        let info = context.session.metastore().table(&self.table)?;
        let files = context.session.files(&info)?.ok_or_else(|| not_a_table(&self.table))?;
        let frame = match (&self.columns, self.by_name, &self.partition) {
            (None, false, None) => rows.frame()?,
            _ => {
                let arranged = self.arranged(context, rows.schema(), &files.schema)?;
                rows.frame()?.select(arranged)
            }
        };
        if info.format != Format::Delta {
            if self.replacing.is_some() {
                return Err(Error::not_supported("REPLACE WHERE is for Delta tables only"));
            }
            let replaced = self.replaced(&info, mode)?;
            return logless::insert(context.session, &info, frame, &replaced);
        }
        let name = join_name(&[&self.table.schema, &self.table.table]);
        let mut writer = context.session.write(frame);
        let fixed: Vec<_> = self.fixed().map(|(column, value)| (column.clone(), value.clone())).collect();
        if mode == "overwrite" && !fixed.is_empty() {
            writer = writer.overwrite_partition(fixed);
        }
        match self.replacing {
            Some(condition) => writer.replace_where(condition).mode("overwrite").insert_into(&name),
            None => writer.mode(mode).insert_into(&name),
        }
    }

    /// Of a table without a log, `PARTITION` overwrites the partitions that get rows, as in Hive.
    fn replaced(&self, info: &TableInfo, mode: &str) -> Result<Replaced> {
        match &self.partition {
            _ if mode != "overwrite" => Ok(Replaced::Nothing),
            None => Ok(Replaced::Everything),
            Some(_) => {
                let given: Vec<_> = self.fixed().map(|(column, value)| (column.clone(), value.clone())).collect();
                logless::partition_values(info, &given, false).map(Replaced::Partitions)
            }
        }
    }

    /// The columns that have one value in all rows.
    fn fixed(&self) -> impl Iterator<Item = (&String, &Option<String>)> {
        self.partition.iter().flatten().filter_map(|(column, value)| value.as_ref().map(|value| (column, value)))
    }

    /// The query's columns in the order of the table's, with their defaults for those that are not given.
    fn arranged(&self, context: &Context<'_>, given: &Schema, fields: &ArrowSchema) -> Result<Vec<Expr>> {
        let table = bridge::from_schema(&Arc::new(fields.clone()))?;
        let made: Vec<String> = given.iter_names().map(|name| name.to_string()).collect();
        let is_fixed = |name: &str| self.fixed().any(|(column, _)| same(column, name));
        let given: Vec<String> = match (&self.columns, self.by_name) {
            (Some(columns), _) => columns.clone(),
            (None, true) => made.clone(),
            (None, false) => table.iter_names().filter(|name| !is_fixed(name)).map(|name| name.to_string()).collect(),
        };
        for name in given.iter().chain(self.partition.iter().flatten().map(|(name, _)| name)) {
            if !table.iter_names().any(|column| same(column, name)) {
                return Err(Error::not_found_among(Object::Column, name, table.iter_names()));
            }
        }
        if given.len() != made.len() {
            let message = format!("{} columns are to be filled, but the query has {}", given.len(), made.len());
            return Err(Error::invalid_argument(message).with_span(self.query.span));
        }
        table
            .iter()
            .zip(fields.fields())
            .map(|((column, dtype), field)| {
                let fixed = self.fixed().find(|(name, _)| same(name, column)).map(|(_, value)| value);
                let source = given.iter().position(|name| same(name, column)).and_then(|at| made.get(at));
                let value = match (fixed, source) {
                    (Some(value), _) => default::constant(&partition_value(column, dtype, value.as_deref())?)?,
                    (None, Some(source)) => col(source.as_str()),
                    (None, None) => default::value(context, field)?,
                };
                Ok(value.alias(column.clone()))
            })
            .collect()
    }
}

fn not_a_table(name: &TableName) -> Error {
    Error::invalid_argument(format!("`{name}` is a view: nothing can be inserted into it"))
}

/// How a query begins.
const QUERIES: &[&str] = &["SELECT", "WITH", "VALUES", "TABLE"];

/// Whether what comes in parentheses are columns, and not a query.
fn is_column_list(cursor: &Cursor<'_>) -> bool {
    let first = cursor.peek().map(|token| &token.token);
    let second = cursor.peek_second().map(|token| &token.token);
    let is_query = |word: &str| QUERIES.iter().any(|begin| word.eq_ignore_ascii_case(begin));
    match (first, second) {
        (Some(Token::LParen), Some(Token::Word(word))) => word.quote_style.is_some() || !is_query(&word.value),
        _ => false,
    }
}
