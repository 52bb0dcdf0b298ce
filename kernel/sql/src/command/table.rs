//! `CREATE TABLE`, `DROP TABLE`, `TRUNCATE TABLE`.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use aerostat_error::{Error, Kind, Object, Result};
use aerostat_metastore::{Format, NewTable, TableInfo, TableKind, TableName, TableSchema};
use aerostat_session::{arrow as bridge, join_name, types};
use datafusion::arrow::datatypes::{Field, Schema};
use polars::prelude::{IntoLazy, Schema as FrameSchema};
use sqlparser::tokenizer::Token;

use super::cursor::Cursor;
use super::properties::pairs;
use super::{Context, Rows};
use crate::script::Statement;

/// Clauses that are known but not honoured.
const REFUSED: &[(&str, &str)] = &[
    ("CLUSTERED BY", "tables have no buckets"),
    ("CLUSTER BY", "tables are not clustered"),
    ("LIKE", "say CREATE TABLE .. AS SELECT * FROM .. WHERE false"),
    ("ROW FORMAT", "say USING csv OPTIONS (..) LOCATION '..'"),
    ("SKEWED BY", "there is one machine, so there is no skew"),
    ("STORED BY", "say USING delta"),
];

/// What a `CREATE TABLE` says.
struct Definition<'s> {
    name: TableName,
    columns: Vec<Field>,
    format: Option<Format>,
    partitions: Vec<String>,
    comment: Option<String>,
    location: Option<PathBuf>,
    properties: BTreeMap<String, String>,
    options: BTreeMap<String, String>,
    query: Option<Statement<'s>>,
}

/// `CREATE TABLE [IF NOT EXISTS] ..`.
pub(super) fn create(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let if_not_exists = cursor.take("IF NOT EXISTS");
    let definition = Definition::read(cursor, context)?;
    let exists = context.session.metastore().find_table(&definition.name)?.is_some();
    if exists && if_not_exists {
        return Ok(None);
    }
    match definition.create(context) {
        // Somebody else was faster.
        Err(error) if if_not_exists && error.kind() == Kind::AlreadyExists(Object::Table) => Ok(None),
        created => created,
    }
}

/// `CREATE EXTERNAL TABLE ..`.
pub(super) fn create_external(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let span = cursor.span();
    let if_not_exists = cursor.take("IF NOT EXISTS");
    let definition = Definition::read(cursor, context)?;
    if definition.location.is_none() {
        return Err(Error::invalid_argument("an external table needs a LOCATION").with_span(span));
    }
    if if_not_exists && context.session.metastore().find_table(&definition.name)?.is_some() {
        return Ok(None);
    }
    definition.create(context)
}

/// `CREATE OR REPLACE TABLE ..`.
pub(super) fn create_or_replace(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let definition = Definition::read(cursor, context)?;
    match context.session.metastore().find_table(&definition.name)? {
        None => definition.create(context),
        Some(info) => definition.replace(context, &info),
    }
}

impl<'s> Definition<'s> {
    fn read(cursor: &mut Cursor<'s>, context: &Context<'_>) -> Result<Self> {
        let name = context.qualify(&cursor.name("a table")?)?;
        let mut definition = Self {
            name,
            columns: Vec::new(),
            format: None,
            partitions: Vec::new(),
            comment: None,
            location: None,
            properties: BTreeMap::new(),
            options: BTreeMap::new(),
            query: None,
        };
        if cursor.peek().is_some_and(|token| token.token == Token::LParen) {
            definition.columns = cursor.list(column)?;
        }
        while definition.clause(cursor)? {}
        if cursor.comes("SELECT") || cursor.comes("WITH") || cursor.take("AS") {
            definition.query = Some(cursor.rest("a query")?);
        }
        cursor.end()?;
        definition.check()?;
        Ok(definition)
    }

    /// Reads one clause, if one comes.
    fn clause(&mut self, cursor: &mut Cursor<'_>) -> Result<bool> {
        let span = cursor.span();
        if cursor.take("USING") || cursor.take("STORED AS") {
            let name = cursor.identifier("a format")?;
            self.format = Some(Format::named(&name).map_err(|error| error.with_span(span))?);
        } else if cursor.take("PARTITIONED BY") {
            for (name, typed) in cursor.list(partition)? {
                self.columns.extend(typed);
                self.partitions.push(name);
            }
        } else if cursor.take("COMMENT") {
            self.comment = Some(cursor.string("a comment")?);
        } else if cursor.take("LOCATION") {
            self.location = Some(PathBuf::from(cursor.string("a path")?));
        } else if cursor.take("TBLPROPERTIES") {
            self.properties = pairs(cursor)?;
        } else if cursor.take("OPTIONS") {
            self.options = pairs(cursor)?;
        } else if let Some((clause, why)) = REFUSED.iter().find(|(clause, _)| cursor.comes(clause)) {
            return Err(Error::not_supported(format!("CREATE TABLE .. {clause} is not supported"))
                .with_span(span)
                .with_hint(*why));
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    fn check(&self) -> Result<()> {
        let refuse = |what: &str, hint: &str| {
            Err(Error::not_supported(format!("CREATE TABLE {what} is not supported")).with_hint(hint))
        };
        if self.query.is_some() && !self.columns.is_empty() {
            return Err(Error::syntax("a table made by a query takes its columns from there"));
        }
        match (self.location.is_some(), self.format.unwrap_or(Format::Delta)) {
            (false, Format::Delta) if self.query.is_none() && self.columns.is_empty() => {
                Err(Error::syntax("a table needs columns, a query or a LOCATION"))
            }
            (false, Format::Delta) => Ok(()),
            (false, format) => refuse(
                &format!("USING {} without a LOCATION", format.name()),
                "the tables of the metastore are Delta tables: leave out the format",
            ),
            (true, _) if self.query.is_some() => {
                refuse("with a LOCATION and a query", "leave out the LOCATION, or write files in a cell")
            }
            (true, _) if !self.partitions.is_empty() => {
                refuse("with a LOCATION and PARTITIONED BY", "query the files by path")
            }
            (true, _) => Ok(()),
        }
    }

    fn create(self, context: &Context<'_>) -> Rows {
        if let Some(query) = &self.query {
            return self.create_as(context, query, "error");
        }
        let external = self.location.is_some();
        let columns = if self.columns.is_empty() { None } else { Some(self.table_schema()?) };
        let new = NewTable {
            name: self.name,
            kind: if external { TableKind::External } else { TableKind::Managed },
            format: self.format.unwrap_or(Format::Delta),
            location: self.location,
            columns,
            files: Vec::new(),
            comment: self.comment,
            properties: self.properties,
            options: self.options,
        };
        context.session.metastore().create_table(new)?;
        Ok(None)
    }

    /// In place of the table that is there.
    fn replace(self, context: &Context<'_>, info: &TableInfo) -> Rows {
        if info.kind != TableKind::Managed {
            return Err(Error::not_supported(format!("`{}` is not a managed table and cannot be replaced", info.name))
                .with_hint("drop it first"));
        }
        if self.location.is_some() {
            return Err(Error::not_supported("a managed table cannot be replaced by an external one")
                .with_hint("drop it first"));
        }
        match &self.query {
            Some(query) => self.create_as(context, query, "overwrite"),
            None => {
                let location = info.location.as_deref().unwrap_or_else(|| std::path::Path::new(""));
                let base = context.session.metastore().snapshot(location, None)?;
                context.session.metastore().overwrite(&base, Vec::new(), Some(self.table_schema()?))?;
                self.describe(context)
            }
        }
    }

    fn create_as(&self, context: &Context<'_>, query: &Statement<'_>, mode: &str) -> Rows {
        let exists = context.session.metastore().find_table(&self.name)?.is_some();
        if exists && mode == "error" {
            return Err(Error::already_exists(Object::Table, &self.name)
                .with_hint("say CREATE OR REPLACE TABLE, or CREATE TABLE IF NOT EXISTS"));
        }
        let frame = context.query(query)?.lazy();
        let mut writer = context.session.write(frame).mode(mode);
        if mode == "overwrite" {
            writer = writer.option("overwriteSchema", true);
        }
        if !self.partitions.is_empty() {
            writer = writer.partition_by(&self.partitions);
        }
        writer.save_as_table(&join_name(&[&self.name.schema, &self.name.table]))?;
        self.describe(context)
    }

    /// Notes what the contents do not say.
    fn describe(&self, context: &Context<'_>) -> Rows {
        let metastore = context.session.metastore();
        if self.comment.is_some() {
            metastore.set_comment(&self.name, self.comment.as_deref())?;
        }
        if !self.properties.is_empty() {
            let changes = self.properties.iter().map(|(key, value)| (key.clone(), Some(value.clone()))).collect();
            metastore.set_properties(&self.name, &changes)?;
        }
        Ok(None)
    }

    fn table_schema(&self) -> Result<TableSchema> {
        let same = |a: &str, b: &str| a.to_lowercase() == b.to_lowercase();
        for (at, field) in self.columns.iter().enumerate() {
            if self.columns[..at].iter().any(|other| same(other.name(), field.name())) {
                return Err(Error::already_exists(Object::Column, field.name()));
            }
        }
        let partition_columns = self.partitions.iter().map(|partition| {
            let column = self.columns.iter().find(|field| same(field.name(), partition));
            let names = self.columns.iter().map(|field| field.name().as_str());
            column
                .map(|field| field.name().clone())
                .ok_or_else(|| Error::not_found_among(Object::Column, partition, names))
        });
        let partition_columns = partition_columns.collect::<Result<Vec<String>>>()?;
        Ok(TableSchema { schema: Arc::new(Schema::new(self.columns.clone())), partition_columns })
    }
}

/// `name type [COMMENT 'text']`.
fn column(cursor: &mut Cursor<'_>) -> Result<Field> {
    let name = cursor.identifier("a column")?;
    typed(cursor, name)
}

fn typed(cursor: &mut Cursor<'_>, name: String) -> Result<Field> {
    let span = cursor.span();
    let text = cursor.type_text()?;
    let dtype = types::parse(&text).and_then(|dtype| types::storable(&name, &dtype)).map_err(|e| e.with_span(span))?;
    let span = cursor.span();
    if let Some(constraint) = cursor.take_any(&["NOT NULL", "DEFAULT", "GENERATED", "PRIMARY KEY", "CHECK"]) {
        return Err(Error::not_supported(format!("{constraint} is not supported"))
            .with_span(span)
            .with_hint("nothing would make sure of it"));
    }
    let comment = if cursor.take("COMMENT") { Some(cursor.string("a comment")?) } else { None };
    let schema = bridge::to_schema(&FrameSchema::from_iter([(name.as_str().into(), dtype)]))?;
    let field = schema.field(0).clone();
    let metadata = comment.map(|comment| HashMap::from([("comment".to_owned(), comment)]));
    Ok(field.with_metadata(metadata.unwrap_or_default()))
}

/// A column that was declared, or one that is declared here.
fn partition(cursor: &mut Cursor<'_>) -> Result<(String, Option<Field>)> {
    let name = cursor.identifier("a column")?;
    let ends = cursor.peek().is_none_or(|token| matches!(token.token, Token::Comma | Token::RParen));
    let field = if ends { None } else { Some(typed(cursor, name.clone())?) };
    Ok((name, field))
}

/// `DROP TABLE [IF EXISTS] name`.
pub(super) fn drop(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let if_exists = cursor.take("IF EXISTS");
    let name = context.qualify(&cursor.name("a table")?)?;
    let span = cursor.span();
    if cursor.take("PURGE") {
        return Err(Error::not_supported("DROP TABLE .. PURGE is not supported")
            .with_span(span)
            .with_hint("dropped tables go to the folder `.trash` of the metastore"));
    }
    cursor.end()?;
    match context.session.metastore().drop_table(&name) {
        Err(error) if if_exists && matches!(error.kind(), Kind::NotFound(_)) => Ok(None),
        dropped => dropped.map(|()| None),
    }
}

/// `TRUNCATE TABLE name`.
pub(super) fn truncate(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let name = context.qualify(&cursor.name("a table")?)?;
    let span = cursor.span();
    if cursor.comes("PARTITION") {
        return Err(Error::not_supported("TRUNCATE TABLE .. PARTITION is not supported").with_span(span));
    }
    cursor.end()?;
    let info = context.session.metastore().table(&name)?;
    match (&info.location, info.kind) {
        (Some(location), TableKind::Managed) => {
            let base = context.session.metastore().snapshot(location, None)?;
            context.session.metastore().overwrite(&base, Vec::new(), None)?;
            Ok(None)
        }
        _ => Err(Error::not_supported(format!("`{name}` is not a managed table and cannot be truncated"))),
    }
}
