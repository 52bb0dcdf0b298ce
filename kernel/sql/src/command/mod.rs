//! Statements that are not queries: one file per construct, each with the reading of its words and what they do.
//!
//! A command is read to its end before anything is done, so that none is done by half. [`COMMANDS`] has every
//! statement that Spark, Hive or Databricks know, also those that are refused, with the reason.

mod alter;
mod analyze;
mod columns;
mod comment;
mod constraint;
mod convert;
mod copy;
mod create;
mod cursor;
mod declared;
mod default;
mod delete;
mod describe;
mod directory;
mod explain;
mod function;
mod history;
mod insert;
mod merge;
mod optimize;
mod partition;
mod properties;
mod reshape;
mod restore;
mod rows;
mod schema;
mod session;
mod show;
mod storage;
mod table;
mod target;
mod temporary;
mod undrop;
mod update;
mod vacuum;
mod view;

use aerostat_error::{Error, Object, Result, did_you_mean};
use aerostat_metastore::TableName;
use aerostat_session::{Gathered, Session};
use polars::prelude::DataFrame;
use sqlparser::tokenizer::Token;

use crate::core::Core;
use crate::query::{self, Incoming};
use crate::script::Statement;
use cursor::Cursor;

/// What a command needs to run.
pub(crate) struct Context<'a> {
    pub(crate) core: &'a Core,
    pub(crate) session: &'a Session,
}

impl Context<'_> {
    /// The full name of a table or view.
    fn qualify(&self, parts: &[String]) -> Result<TableName> {
        self.session.metastore().qualify(parts, &self.session.current_schema())
    }

    /// The rows of a query that go into a table.
    fn gather(&self, statement: &Statement<'_>) -> Result<Gathered> {
        query::gather(self.core, self.session, statement)
    }

    /// The same for a Delta table, whose files the SQL engine reads itself: what polars reads is never what is written.
    fn incoming(&self, statement: &Statement<'_>) -> Result<Incoming> {
        query::incoming(self.core, self.session, statement)
    }

    /// The rows of a query that is part of the command.
    fn query(&self, statement: &Statement<'_>) -> Result<DataFrame> {
        query::run(self.core, self.session, statement)
    }
}

/// The rows of a command, if it has any.
type Rows = Result<Option<DataFrame>>;

/// What is done with a statement.
#[derive(Clone, Copy)]
enum Action {
    /// It is read from behind its first words, and done.
    Run(fn(&mut Cursor<'_>, &Context<'_>) -> Rows),
    /// It is refused; why, or what to do instead.
    Refuse(&'static str),
}

use Action::{Refuse, Run};

/// Every statement by its first words. Where several fit, the longest counts.
const COMMANDS: &[(&str, Action)] = &[
    ("ADD FILE", Refuse("files are read where they are: query them by path")),
    ("ADD JAR", Refuse("there is no Java here to run code of JAR files")),
    ("ALTER DATABASE", Run(alter::schema)),
    ("ALTER NAMESPACE", Run(alter::schema)),
    ("ALTER SCHEMA", Run(alter::schema)),
    ("ALTER TABLE", Run(alter::table)),
    ("ALTER VIEW", Run(alter::view)),
    ("ANALYZE TABLE", Run(analyze::table)),
    ("ANALYZE TABLES", Run(analyze::tables)),
    ("CACHE LAZY TABLE", Run(session::cache)),
    ("CACHE TABLE", Run(session::cache)),
    ("CLEAR CACHE", Run(session::uncache_all)),
    ("COMMENT ON", Run(comment::run)),
    ("CONVERT TO DELTA", Run(convert::run)),
    ("COPY INTO", Run(copy::into)),
    ("CREATE DATABASE", Run(schema::create)),
    ("CREATE EXTERNAL TABLE", Run(create::external)),
    ("CREATE FUNCTION", Run(function::create)),
    ("CREATE GLOBAL TEMP VIEW", Run(temporary::create_global)),
    ("CREATE GLOBAL TEMPORARY VIEW", Run(temporary::create_global)),
    ("CREATE NAMESPACE", Run(schema::create)),
    ("CREATE OR REPLACE FUNCTION", Run(function::replace)),
    ("CREATE OR REPLACE GLOBAL TEMP VIEW", Run(temporary::replace_global)),
    ("CREATE OR REPLACE GLOBAL TEMPORARY VIEW", Run(temporary::replace_global)),
    ("CREATE OR REPLACE TABLE", Run(create::or_replace)),
    ("CREATE OR REPLACE TEMP VIEW", Run(temporary::replace)),
    ("CREATE OR REPLACE TEMPORARY FUNCTION", Run(function::replace_temporary)),
    ("CREATE OR REPLACE TEMPORARY VIEW", Run(temporary::replace)),
    ("CREATE OR REPLACE VIEW", Run(view::replace)),
    ("CREATE ROLE", Refuse(NO_RIGHTS)),
    ("CREATE SCHEMA", Run(schema::create)),
    ("CREATE TABLE", Run(create::table)),
    ("CREATE TEMP VIEW", Run(temporary::create)),
    ("CREATE TEMPORARY FUNCTION", Run(function::create_temporary)),
    ("CREATE TEMPORARY VIEW", Run(temporary::create)),
    ("CREATE VIEW", Run(view::create)),
    ("DELETE FROM", Run(delete::run)),
    ("DENY", Refuse(NO_RIGHTS)),
    ("DESC", Run(describe::table)),
    ("DESC DATABASE", Run(describe::schema)),
    ("DESC DETAIL", Run(history::detail)),
    ("DESC FUNCTION", Run(function::describe)),
    ("DESC HISTORY", Run(history::history)),
    ("DESC QUERY", Run(describe::query)),
    ("DESC SCHEMA", Run(describe::schema)),
    ("DESCRIBE", Run(describe::table)),
    ("DESCRIBE DATABASE", Run(describe::schema)),
    ("DESCRIBE DETAIL", Run(history::detail)),
    ("DESCRIBE FUNCTION", Run(function::describe)),
    ("DESCRIBE HISTORY", Run(history::history)),
    ("DESCRIBE NAMESPACE", Run(describe::schema)),
    ("DESCRIBE QUERY", Run(describe::query)),
    ("DESCRIBE SCHEMA", Run(describe::schema)),
    ("DROP DATABASE", Run(schema::drop)),
    ("DROP FUNCTION", Run(function::drop_stored)),
    ("DROP NAMESPACE", Run(schema::drop)),
    ("DROP ROLE", Refuse(NO_RIGHTS)),
    ("DROP SCHEMA", Run(schema::drop)),
    ("DROP TABLE", Run(table::drop)),
    ("DROP TEMPORARY FUNCTION", Run(function::drop_temporary)),
    ("DROP VIEW", Run(view::drop)),
    ("EXPLAIN", Run(explain::run)),
    ("FROM", Run(insert::several)),
    ("GRANT", Refuse(NO_RIGHTS)),
    ("INSERT INTO", Run(insert::into)),
    ("INSERT OVERWRITE", Run(insert::overwrite)),
    ("INSERT OVERWRITE DIRECTORY", Run(directory::insert)),
    ("INSERT OVERWRITE LOCAL DIRECTORY", Run(directory::insert)),
    ("LIST FILE", Refuse("files are read where they are: query them by path")),
    ("LIST JAR", Refuse("there is no Java here to run code of JAR files")),
    ("LOAD DATA", Run(directory::load)),
    ("MERGE INTO", Run(merge::run)),
    ("MERGE WITH SCHEMA EVOLUTION INTO", Run(merge::evolve)),
    ("MSCK REPAIR TABLE", Run(partition::repair)),
    ("OPTIMIZE", Run(optimize::run)),
    ("REFRESH", Run(session::refresh)),
    ("REFRESH TABLE", Run(session::refresh)),
    ("REPAIR TABLE", Run(partition::repair)),
    ("REPLACE TABLE", Run(create::or_replace)),
    ("RESET", Run(session::reset)),
    ("RESTORE", Run(restore::run)),
    ("REVOKE", Refuse(NO_RIGHTS)),
    ("SET", Run(session::set)),
    ("SET CATALOG", Run(schema::catalog)),
    ("SET ROLE", Refuse(NO_RIGHTS)),
    ("SET TIME ZONE", Run(session::set_zone)),
    ("SHOW CATALOGS", Run(show::catalogs)),
    ("SHOW COLUMNS", Run(show::columns)),
    ("SHOW CREATE TABLE", Run(show::create_table)),
    ("SHOW CURRENT DATABASE", Run(show::current)),
    ("SHOW CURRENT NAMESPACE", Run(show::current)),
    ("SHOW CURRENT SCHEMA", Run(show::current)),
    ("SHOW DATABASES", Run(show::schemas)),
    ("SHOW ALL FUNCTIONS", Run(function::show)),
    ("SHOW FUNCTIONS", Run(function::show)),
    ("SHOW GRANT", Refuse(NO_RIGHTS)),
    ("SHOW GRANTS", Refuse(NO_RIGHTS)),
    ("SHOW GROUPS", Refuse(NO_RIGHTS)),
    ("SHOW NAMESPACES", Run(show::schemas)),
    ("SHOW PARTITIONS", Run(partition::show)),
    ("SHOW PRINCIPALS", Refuse(NO_RIGHTS)),
    ("SHOW ROLE GRANT", Refuse(NO_RIGHTS)),
    ("SHOW ROLES", Refuse(NO_RIGHTS)),
    ("SHOW SCHEMAS", Run(show::schemas)),
    ("SHOW SYSTEM FUNCTIONS", Run(function::show_system)),
    ("SHOW TABLE EXTENDED", Run(describe::tables)),
    ("SHOW TABLES", Run(show::tables)),
    ("SHOW TABLES DROPPED", Run(undrop::show)),
    ("SHOW TBLPROPERTIES", Run(show::properties)),
    ("SHOW USER FUNCTIONS", Run(function::show_user)),
    ("SHOW USERS", Refuse(NO_RIGHTS)),
    ("SHOW VIEWS", Run(show::views)),
    ("TRUNCATE TABLE", Run(table::truncate)),
    ("UNCACHE TABLE", Run(session::refresh)),
    ("UNDROP", Run(undrop::run)),
    ("UPDATE", Run(update::run)),
    ("USE", Run(schema::switch)),
    ("USE CATALOG", Run(schema::catalog)),
    ("USE DATABASE", Run(schema::switch)),
    ("USE NAMESPACE", Run(schema::switch)),
    ("USE SCHEMA", Run(schema::switch)),
    ("VACUUM", Run(vacuum::run)),
];

const NO_RIGHTS: &str = "there are no users, roles and rights: whoever can read the folder can read the tables";

/// How a query begins.
const QUERIES: &[&str] = &["SELECT", "WITH", "VALUES", "TABLE", "FROM"];

/// Runs a statement; its rows, if it has any.
pub(crate) fn run(core: &Core, session: &Session, statement: &Statement<'_>) -> Rows {
    let context = Context { core, session };
    let words = leading_words(statement);
    // `FROM t SELECT ..` is a query like any other, `FROM t INSERT ..` is not.
    let from_first = words.first().is_some_and(|word| word == "FROM") && !statement.has_word("INSERT");
    if let Some(rows) = insert::behind_with(statement, &words, &context) {
        return rows.map_err(|error| error.with_span(statement.span));
    }
    let fitting = COMMANDS.iter().filter(|(words_of, _)| begins_with(&words, words_of) && !from_first);
    let located = |error: Error| error.with_span(statement.span);
    match fitting.max_by_key(|(words_of, _)| words_of.len()) {
        Some((words_of, Run(run))) => {
            let mut cursor = Cursor::new(statement);
            cursor.skip(words_of.split(' ').count());
            run(&mut cursor, &context).map_err(located)
        }
        Some((words_of, Refuse(why))) => {
            Err(located(Error::not_supported(format!("{words_of} is not supported")).with_hint(*why)))
        }
        None if is_query(statement, &words) => context.query(statement).map(Some),
        None => Err(unknown(statement, &words)),
    }
}

/// The words at the beginning of a statement, in capitals.
fn leading_words(statement: &Statement<'_>) -> Vec<String> {
    let words = statement.tokens.iter().map_while(|token| match &token.token {
        Token::Word(word) if word.quote_style.is_none() => Some(word.value.to_uppercase()),
        _ => None,
    });
    words.take(6).collect()
}

fn begins_with(words: &[String], command: &str) -> bool {
    let mut command = command.split(' ');
    let mut words = words.iter();
    command.all(|wanted| words.next().is_some_and(|word| word == wanted))
}

fn is_query(statement: &Statement<'_>, words: &[String]) -> bool {
    let parenthesis = statement.tokens.first().is_some_and(|token| token.token == Token::LParen);
    parenthesis || words.first().is_some_and(|first| QUERIES.contains(&first.as_str()))
}

/// A statement that nobody knows: which it may have been.
fn unknown(statement: &Statement<'_>, words: &[String]) -> Error {
    let known = COMMANDS.iter().map(|(words, _)| *words).chain(QUERIES.iter().copied());
    let typed = words.iter().take(2).map(String::as_str).collect::<Vec<_>>().join(" ");
    let first = statement.tokens.first().map(|token| statement.script.span(token.span)).unwrap_or(statement.span);
    let shown = match typed.as_str() {
        "" => statement.script.text(first).to_owned(),
        typed => typed.to_owned(),
    };
    let hint = did_you_mean(&typed, known.clone()).or_else(|| words.first().and_then(|word| did_you_mean(word, known)));
    Error::syntax(format!("`{shown}` does not begin a statement that is known")).with_span(first).with_hint_opt(hint)
}

/// The columns of a table or view, as a query would see them.
fn columns_of(
    context: &Context<'_>,
    parts: &[String],
) -> Result<Vec<(String, datafusion::arrow::datatypes::FieldRef)>> {
    query::columns_of(context.core, context.session, parts)
}

/// The object that is missing, for `IF EXISTS`.
fn is_missing(error: &Error, object: Object) -> bool {
    error.kind() == aerostat_error::Kind::NotFound(object)
}
