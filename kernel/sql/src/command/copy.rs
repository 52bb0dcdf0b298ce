//! `COPY INTO`: loads the files of a folder that have not been loaded before.
//!
//! Which files those are is in the log of the table itself, as Delta's transactions of applications: what is loaded and
//! that it is loaded are one commit.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use aerostat_error::{Error, Result, Span};
use aerostat_metastore::{Format, TableInfo};
use aerostat_session::{FileList, Gathered, join_name};
use datafusion::arrow::datatypes::SchemaRef;
use polars::prelude::LazyFrame;
use sqlparser::tokenizer::Token;

use super::cursor::Cursor;
use super::declared::same;
use super::properties::pairs;
use super::{Context, Rows, default, rows};
use crate::query::{self, schema::type_name};
use crate::script::Script;

/// What the files are called in the query that reads them.
const FILES: &str = "__aerostat_files";

/// What a `COPY INTO` says.
struct Copy {
    info: TableInfo,
    /// The columns that are filled, if they are named.
    columns: Option<Vec<String>>,
    path: String,
    /// What is made of the files, a query of [`FILES`].
    query: Option<String>,
    format: Format,
    chosen: Chosen,
    options: BTreeMap<String, String>,
    force: bool,
    merge_schema: bool,
}

/// Which of the files.
enum Chosen {
    All,
    Named(Vec<String>),
    Like(String),
}

/// `table [(columns)] FROM 'path' | (SELECT .. FROM 'path') FILEFORMAT = format ..`.
pub(super) fn into(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    Copy::read(cursor, context)?.run(context)
}

impl Copy {
    fn read(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<Self> {
        let span = cursor.span();
        let name = context.qualify(&cursor.name("a table")?)?;
        let info = context.session.metastore().table(&name).map_err(|error| error.with_span(span))?;
        if info.format != Format::Delta || info.location.is_none() {
            return Err(Error::not_supported(format!("COPY INTO `{name}`, which is no Delta table, is not supported"))
                .with_span(span)
                .with_hint("only a log can tell which files were loaded before"));
        }
        let is_list = cursor.peek().is_some_and(|token| token.token == Token::LParen);
        let columns = if is_list { Some(cursor.list(|cursor| cursor.identifier("a column"))?) } else { None };
        cursor.expect("FROM")?;
        let (path, query) = source(cursor)?;
        cursor.expect("FILEFORMAT")?;
        cursor.symbol(&Token::Eq);
        let format = Format::named(&cursor.identifier("a format")?)?;
        let mut copy = Self {
            info,
            columns,
            path,
            query,
            format,
            chosen: Chosen::All,
            options: BTreeMap::new(),
            force: false,
            merge_schema: false,
        };
        while copy.clause(cursor)? {}
        cursor.end()?;
        Ok(copy)
    }

    fn clause(&mut self, cursor: &mut Cursor<'_>) -> Result<bool> {
        let span = cursor.span();
        if cursor.take("VALIDATE") {
            return Err(Error::not_supported("COPY INTO .. VALIDATE is not supported")
                .with_span(span)
                .with_hint("query the files by their path"));
        } else if cursor.take("FILES") {
            cursor.symbol(&Token::Eq);
            self.chosen = Chosen::Named(cursor.list(|cursor| cursor.string("a file"))?);
        } else if cursor.take("PATTERN") {
            cursor.symbol(&Token::Eq);
            self.chosen = Chosen::Like(cursor.string("a pattern")?);
        } else if cursor.take("FORMAT_OPTIONS") {
            self.options = pairs(cursor)?;
            // Files are read together in any case: what one of them lacks is null.
            self.options.retain(|name, _| !name.eq_ignore_ascii_case("mergeSchema"));
        } else if cursor.take("COPY_OPTIONS") {
            for (name, value) in pairs(cursor)? {
                let value = value.eq_ignore_ascii_case("true");
                match name.to_lowercase().as_str() {
                    "force" => self.force = value,
                    "mergeschema" => self.merge_schema = value,
                    _ => {
                        return Err(Error::invalid_argument(format!("COPY INTO has no option `{name}`"))
                            .with_span(span)
                            .with_hint("options are `force` and `mergeSchema`"));
                    }
                }
            }
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    fn run(self, context: &Context<'_>) -> Rows {
        let (session, metastore) = (context.session, context.session.metastore());
        let Some(location) = &self.info.location else { return Err(Error::internal("a table without a location")) };
        let base = metastore.snapshot(location, None)?;
        let files = self.files()?;
        let loaded = metastore.transactions(&base, &files.iter().map(transaction).collect::<Vec<_>>())?;
        let files: Vec<(PathBuf, bool)> =
            files.into_iter().zip(loaded).filter(|(_, loaded)| self.force || !loaded).collect();
        // What is loaded once more was noted when it was loaded first.
        let new = files.iter().filter(|(_, loaded)| !loaded).map(|(file, _)| transaction(file)).collect();
        let files: Vec<PathBuf> = files.into_iter().map(|(file, _)| file).collect();
        if files.is_empty() {
            return counts(0);
        }
        let reader = self.options.iter().fold(session.read(), |reader, (name, value)| reader.option(name, value));
        let frame = reader.files(self.format, &files)?;
        let mut rows = self.rows(context, frame, &base.schema)?;
        let loaded = u64::try_from(rows.height()).unwrap_or_default();
        let writer = session.write(rows.frame()?).mode("append").option("mergeSchema", self.merge_schema);
        writer.transactions(new).save_as_table(&join_name(&[&self.info.name.schema, &self.info.name.table]))?;
        counts(loaded)
    }

    fn files(&self) -> Result<Vec<PathBuf>> {
        let files = FileList::at(&self.path)?;
        match &self.chosen {
            Chosen::All => Ok(files.all()),
            Chosen::Named(names) => names.iter().map(|name| files.named(name)).collect(),
            Chosen::Like(pattern) => files.like(pattern),
        }
    }

    /// What is made of the files, in the types of the table's columns.
    fn rows(&self, context: &Context<'_>, frame: LazyFrame, table: &SchemaRef) -> Result<Gathered> {
        let run = |text: &str, frame: LazyFrame| {
            query::gather_text(context.core, context.session, text, &[(FILES, frame)]).map_err(Error::without_span)
        };
        let mut made = match &self.query {
            Some(query) => run(query, frame)?,
            None => run(&format!("SELECT * FROM {FILES}"), frame)?,
        };
        let names: Vec<String> = made.schema().iter_names().map(|name| name.to_string()).collect();
        let given = self.columns.clone().unwrap_or_else(|| names.clone());
        if given.len() != names.len() {
            let message = format!("{} columns are to be filled, but the files have {}", given.len(), names.len());
            return Err(Error::invalid_argument(message));
        }
        let mut values = Vec::new();
        for field in table.fields() {
            let (at, name) = (given.iter().position(|name| same(name, field.name())), join_name(&[field.name()]));
            let value = match at.and_then(|at| names.get(at)) {
                Some(own) => join_name(&[own]),
                None => default::of(field).map_or_else(|| "NULL".to_owned(), |value| format!("({value})")),
            };
            values.push(format!("CAST({value} AS {}) AS {name}", type_name(field.data_type())?));
        }
        for (name, own) in given.iter().zip(&names) {
            match table.fields().iter().any(|field| same(field.name(), name)) {
                true => {}
                false if self.merge_schema => values.push(format!("{} AS {}", join_name(&[own]), join_name(&[name]))),
                false => {
                    let message = format!("the files have a column `{name}`, which `{}` has not", self.info.name);
                    return Err(Error::invalid_argument(message)
                        .with_hint("leave it out by a query, or say COPY_OPTIONS ('mergeSchema' = 'true')"));
                }
            }
        }
        let frame = made.frame()?;
        run(&format!("SELECT {} FROM {FILES}", values.join(", ")), frame)
    }
}

/// `'path'`, or a query in parentheses that reads from one.
fn source(cursor: &mut Cursor<'_>) -> Result<(String, Option<String>)> {
    if !cursor.symbol(&Token::LParen) {
        return Ok((cursor.string("a path")?, None));
    }
    let query = cursor.within("a query")?;
    cursor.expect_symbol(&Token::RParen)?;
    let span = Span::new(query.at, query.at + query.text.len());
    let script = Script::new(&query.text);
    let statements = script.statements().map_err(|error| error.without_span().with_span(span))?;
    let tokens = statements.iter().flat_map(|statement| statement.tokens.windows(2));
    let path = tokens.into_iter().find_map(|pair| match (&pair[0].token, &pair[1].token) {
        (Token::Word(word), Token::SingleQuotedString(path) | Token::DoubleQuotedString(path)) => {
            word.value.eq_ignore_ascii_case("FROM").then(|| (path.clone(), script.span(pair[1].span)))
        }
        _ => None,
    });
    let (path, place) = path.ok_or_else(|| {
        Error::syntax("a query of COPY INTO reads from a path")
            .with_span(span)
            .with_hint("write it like `FROM '/path'`")
    })?;
    let (before, after) = (&query.text[..place.start], &query.text[place.end..]);
    Ok((path, Some(format!("{before}{FILES}{after}"))))
}

/// What the log calls the loading of a file.
fn transaction(file: impl AsRef<Path>) -> String {
    format!("copy-into:{}", file.as_ref().display())
}

fn counts(rows: u64) -> Rows {
    rows::counts(&[("num_affected_rows", rows), ("num_inserted_rows", rows), ("num_skipped_corrupt_files", 0)])
}
