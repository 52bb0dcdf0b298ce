//! `CREATE TABLE`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aerostat_error::{Error, Kind, Object, Result, Span};
use aerostat_metastore::{Change, Format, NewTable, Removal, TableInfo, TableKind, TableName, TableSchema};
use aerostat_session::logless::{self, Replaced};
use aerostat_session::{Gathered, join_name, local_path};
use datafusion::arrow::datatypes::{Field, Schema};
use polars::prelude::{LazyFrame, SchemaRef, col};
use sqlparser::tokenizer::Token;

use super::cursor::Cursor;
use super::declared::{self, column, partition, same};
use super::properties::pairs;
use super::storage::Storage;
use super::{Context, Rows, default};
use crate::script::Statement;

/// Clauses that are known but not honoured.
const REFUSED: &[(&str, &str)] = &[
    ("CLUSTER BY", "tables are not clustered"),
    ("SKEWED BY", "there is one machine, so there is no skew"),
    ("STORED BY", "say USING delta"),
];

/// What a `CREATE TABLE` says.
struct Definition<'s> {
    name: TableName,
    columns: Vec<Field>,
    storage: Storage,
    like: Option<(TableName, Span)>,
    partitions: Vec<String>,
    /// The columns of buckets. They are a hint to the joins of a cluster, and the rows are the same without.
    buckets: Vec<String>,
    comment: Option<String>,
    location: Option<PathBuf>,
    properties: BTreeMap<String, String>,
    options: BTreeMap<String, String>,
    query: Option<Statement<'s>>,
}

/// `CREATE TABLE [IF NOT EXISTS] ..`.
pub(super) fn table(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let if_not_exists = cursor.take("IF NOT EXISTS");
    Definition::read(cursor, context)?.create_unless(if_not_exists, context)
}

/// `CREATE EXTERNAL TABLE ..`.
pub(super) fn external(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let span = cursor.span();
    let if_not_exists = cursor.take("IF NOT EXISTS");
    let definition = Definition::read(cursor, context)?;
    if definition.location.is_none() {
        return Err(Error::invalid_argument("an external table needs a LOCATION").with_span(span));
    }
    definition.create_unless(if_not_exists, context)
}

/// `CREATE OR REPLACE TABLE ..`.
pub(super) fn or_replace(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
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
            storage: Storage::default(),
            like: None,
            partitions: Vec::new(),
            buckets: Vec::new(),
            comment: None,
            location: None,
            properties: BTreeMap::new(),
            options: BTreeMap::new(),
            query: None,
        };
        let span = cursor.span();
        if cursor.take("LIKE") {
            definition.like = Some((context.qualify(&cursor.name("a table")?)?, span));
        } else if cursor.peek().is_some_and(|token| token.token == Token::LParen) {
            definition.columns = cursor.list(column)?;
        }
        while definition.clause(cursor)? {}
        if definition.like.is_none() && (cursor.comes("SELECT") || cursor.comes("WITH") || cursor.take("AS")) {
            definition.query = Some(cursor.rest("a query")?);
        }
        cursor.end()?;
        if let Some(path) = definition.options.remove("path") {
            definition.location.get_or_insert(local_path(&path)?);
        }
        definition.check()?;
        Ok(definition)
    }

    /// Reads one clause, if one comes.
    fn clause(&mut self, cursor: &mut Cursor<'_>) -> Result<bool> {
        let span = cursor.span();
        if self.storage.clause(cursor)? {
            return Ok(true);
        }
        if cursor.take("PARTITIONED BY") {
            for (name, typed) in cursor.list(partition)? {
                self.columns.extend(typed);
                self.partitions.push(name);
            }
        } else if cursor.take("COMMENT") {
            self.comment = Some(cursor.string("a comment")?);
        } else if cursor.take("LOCATION") {
            let span = cursor.span();
            self.location = Some(local_path(&cursor.string("a path")?).map_err(|error| error.with_span(span))?);
        } else if cursor.take("CLUSTERED BY") {
            self.buckets = buckets(cursor)?;
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
        if self.query.is_some() && !self.columns.is_empty() {
            return Err(Error::syntax("a table made by a query takes its columns from there"));
        }
        if !self.columns.is_empty() {
            partition_columns(&self.columns, &self.buckets)?;
        }
        if self.columns.is_empty() && self.query.is_none() && self.location.is_none() && self.like.is_none() {
            return Err(Error::syntax("a table needs columns, a query or a LOCATION"));
        }
        Ok(())
    }

    fn create_unless(self, if_not_exists: bool, context: &Context<'_>) -> Rows {
        if if_not_exists && context.session.metastore().find_table(&self.name)?.is_some() {
            return Ok(None);
        }
        match self.create(context) {
            // Somebody else was faster.
            Err(error) if if_not_exists && error.kind() == Kind::AlreadyExists(Object::Table) => Ok(None),
            created => created,
        }
    }

    fn create(mut self, context: &Context<'_>) -> Rows {
        if context.session.metastore().find_table(&self.name)?.is_some() {
            return Err(Error::already_exists(Object::Table, &self.name)
                .with_hint("say CREATE OR REPLACE TABLE, or CREATE TABLE IF NOT EXISTS"));
        }
        self.take_after_like(context)?;
        default::check(context, &self.columns)?;
        let (format, options) = std::mem::take(&mut self.storage).finish(std::mem::take(&mut self.options))?;
        match (&self.query, &self.location, format) {
            (Some(query), None, Format::Delta) => {
                self.write_delta(context, query, "error")?;
                self.describe(context)
            }
            (Some(query), ..) => {
                let rows = context.gather(query)?;
                self.create_with(context, format, options, Some(rows))
            }
            (None, ..) => self.create_with(context, format, options, None),
        }
    }

    /// `LIKE` another table: its columns, and if nothing else is said, its format.
    fn take_after_like(&mut self, context: &Context<'_>) -> Result<()> {
        let Some((other, span)) = &self.like else { return Ok(()) };
        let info = context.session.metastore().table(other).map_err(|error| error.with_span(*span))?;
        if !self.columns.is_empty() {
            return Err(Error::syntax("a table LIKE another takes its columns from there").with_span(*span));
        }
        let columns = super::columns_of(context, &[other.schema.clone(), other.table.clone()])?;
        self.columns =
            columns.into_iter().map(|(name, field)| declared::renamed(&field, name)).collect::<Result<_>>()?;
        self.partitions = super::describe::partition_columns(context, &info)?;
        if !self.storage.is_given() && info.kind != TableKind::View {
            self.storage = Storage::like(info.format, &info.options);
            let serde = Storage::like(info.format, &info.options).finish(BTreeMap::new())?.1;
            let others = info.options.iter().filter(|(name, _)| !serde.contains_key(*name));
            self.options.extend(others.map(|(name, value)| (name.clone(), value.clone())));
            let skipped = info.properties.get_key_value(aerostat_session::hive::SKIP_HEADER);
            self.properties.extend(skipped.map(|(name, value)| (name.clone(), value.clone())));
        }
        Ok(())
    }

    /// Creates the table, and then fills it with `rows`.
    fn create_with(
        self,
        context: &Context<'_>,
        format: Format,
        options: BTreeMap<String, String>,
        rows: Option<Gathered>,
    ) -> Rows {
        let (metastore, location) = (context.session.metastore(), self.location.clone());
        if let (Some(_), Some(location)) = (&rows, &location) {
            refuse_full(location)?;
        }
        let columns = self.table_schema(context, format, &options, rows.as_ref().map(Gathered::schema))?;
        let new = NewTable {
            name: self.name.clone(),
            kind: if location.is_some() { TableKind::External } else { TableKind::Managed },
            format,
            location,
            columns,
            files: Vec::new(),
            comment: self.comment,
            properties: self.properties,
            options,
        };
        let is_found = self.columns.is_empty() && rows.is_none();
        let info = metastore.create_table(new)?;
        let filled = match rows {
            Some(mut rows) => fill(context, &info, rows.frame()?),
            None if is_found && format != Format::Delta => add_found(context, &info),
            None => Ok(()),
        };
        match filled {
            Ok(()) => Ok(None),
            Err(error) => {
                // What was created for these rows is nothing without them.
                let _ = metastore.drop_table(&self.name);
                Err(error)
            }
        }
    }

    /// The columns that were declared, those of the rows, or those of the files; none if a log says them.
    fn table_schema(
        &self,
        context: &Context<'_>,
        format: Format,
        options: &BTreeMap<String, String>,
        rows: Option<&SchemaRef>,
    ) -> Result<Option<TableSchema>> {
        let (declared, partitions) = match (rows, &self.location) {
            (Some(rows), _) => (declared::of_frame(rows)?, self.partitions.clone()),
            (None, Some(location)) if !self.columns.is_empty() && format != Format::Delta => {
                (declared::spelled_as_in(context, format, location, &self.columns)?, self.partitions.clone())
            }
            (None, _) if !self.columns.is_empty() => (self.columns.clone(), self.partitions.clone()),
            (None, Some(_)) if format == Format::Delta => return Ok(None),
            (None, Some(location)) => declared::of_files(context, format, options, location)?,
            (None, None) => return Err(Error::syntax("a table needs columns, a query or a LOCATION")),
        };
        let declared = TableSchema {
            partition_columns: partition_columns(&declared, &partitions)?,
            schema: Arc::new(Schema::new(declared)),
        };
        if format == Format::Delta {
            Ok(Some(declared))
        } else {
            declared::for_files(format, options, &declared).map(Some)
        }
    }

    /// In place of the table that is there.
    fn replace(mut self, context: &Context<'_>, info: &TableInfo) -> Rows {
        let refuse = |what: &str| Err(Error::not_supported(what).with_hint("drop it first"));
        self.take_after_like(context)?;
        default::check(context, &self.columns)?;
        let (format, _) = std::mem::take(&mut self.storage).finish(BTreeMap::new())?;
        if info.kind != TableKind::Managed || info.format != Format::Delta {
            return refuse(&format!("`{}` is not a managed Delta table and cannot be replaced", info.name));
        }
        if self.location.is_some() || format != Format::Delta {
            return refuse("a managed Delta table can only be replaced by another");
        }
        match &self.query {
            Some(query) => self.write_delta(context, query, "overwrite")?,
            None => {
                let location = info.location.as_deref().unwrap_or_else(|| Path::new(""));
                let base = context.session.metastore().snapshot(location, None)?;
                let columns = self.table_schema(context, format, &BTreeMap::new(), None)?;
                let configuration = base.without_properties();
                let change = Change::new("CREATE OR REPLACE TABLE");
                let change = Change { removal: Removal::Everything, columns, configuration, ..change };
                context.session.metastore().commit(&base, change)?;
            }
        }
        let gone = info.properties.keys().filter(|key| !self.properties.contains_key(*key));
        let gone = gone.map(|key| (key.clone(), None)).collect();
        context.session.metastore().set_properties(&self.name, &gone)?;
        context.session.metastore().set_comment(&self.name, None)?;
        self.describe(context)
    }

    /// A managed Delta table and its first rows are created in one step.
    fn write_delta(&self, context: &Context<'_>, query: &Statement<'_>, mode: &str) -> Result<()> {
        let mut rows = context.incoming(query)?;
        let mut writer = context.session.write(rows.frame()?).mode(mode).replace_table();
        if !self.partitions.is_empty() {
            writer = writer.partition_by(&self.partitions);
        }
        writer.save_as_table(&join_name(&[&self.name.schema, &self.name.table]))
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
}

/// `(columns) [SORTED BY (columns)] INTO n BUCKETS`, after `CLUSTERED BY`.
fn buckets(cursor: &mut Cursor<'_>) -> Result<Vec<String>> {
    let column = |cursor: &mut Cursor<'_>| {
        let name = cursor.identifier("a column")?;
        cursor.take_any(&["ASC", "DESC"]);
        Ok(name)
    };
    let mut columns = cursor.list(column)?;
    if cursor.take("SORTED BY") {
        columns.extend(cursor.list(column)?);
    }
    cursor.expect("INTO")?;
    match cursor.next().map(|token| &token.token) {
        Some(Token::Number(..)) => {}
        _ => return Err(cursor.expected("a number of buckets")),
    }
    cursor.expect("BUCKETS")?;
    Ok(columns)
}

/// The partition columns by the names that they were declared by.
fn partition_columns(columns: &[Field], partitions: &[String]) -> Result<Vec<String>> {
    let column = |partition: &String| {
        let column = columns.iter().find(|field| same(field.name(), partition));
        let names = columns.iter().map(|field| field.name().as_str());
        column.map(|field| field.name().clone()).ok_or_else(|| Error::not_found_among(Object::Column, partition, names))
    };
    partitions.iter().map(column).collect()
}

/// A new table does not take over what somebody else has written.
fn refuse_full(location: &Path) -> Result<()> {
    let entries = match location.read_dir() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(|error| Error::io(format!("reading `{}`", location.display()), &error))?,
    };
    match entries.count() {
        0 => Ok(()),
        _ => Err(Error::already_exists(Object::File, location.display())
            .with_hint("a table made by a query needs an empty folder; leave out AS for a table of the files there")),
    }
}

/// Inserts the first rows.
fn fill(context: &Context<'_>, info: &TableInfo, rows: LazyFrame) -> Result<()> {
    if info.format == Format::Delta {
        let name = join_name(&[&info.name.schema, &info.name.table]);
        return context.session.write(rows).mode("append").insert_into(&name);
    }
    let columns = info.columns.iter().flat_map(|columns| columns.schema.fields().iter());
    let columns: Vec<_> = columns.map(|field| col(field.name().as_str())).collect();
    logless::insert(context.session, info, rows.select(columns), &Replaced::Nothing)
}

/// Adds the partitions of which there are folders already.
fn add_found(context: &Context<'_>, info: &TableInfo) -> Result<()> {
    if info.columns.as_ref().is_none_or(|columns| columns.partition_columns.is_empty()) {
        return Ok(());
    }
    context.session.metastore().add_partitions(&info.name, &logless::recovered(info)?, true)
}
