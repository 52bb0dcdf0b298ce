//! Frames as tables of the metastore.

use std::collections::BTreeMap;
use std::path::Path;

use aerostat_error::{Error, Object, Result};
use aerostat_metastore::{
    Format, Metastore, NewFile, NewTable, Snapshot, TableInfo, TableKind, TableName, TableSchema,
};
use polars::prelude::{Expr, Schema, SchemaRef};

use super::columns::{by_name, by_position, find, of_new, same_name};
use super::encode::Encoding;
use super::parts::{self, Layout, Part, rows_per_file};
use super::{Mode, Writer};
use crate::arrow::{from_schema, to_schema};
use crate::join_name;

/// `saveAsTable`: creates the table, or does with it what the mode says.
pub(super) fn save(writer: Writer, parts: &[String]) -> Result<()> {
    let mode = writer.mode.clone()?;
    let job = Job::new(writer, parts)?;
    match (job.existing()?, mode) {
        (None, _) => job.create(),
        (Some(_), Mode::Ignore) => Ok(()),
        (Some(_), Mode::Error) => Err(Error::already_exists(Object::Table, &job.name)
            .with_hint("say what to do with it: `.mode(\"overwrite\")` or `.mode(\"append\")`")),
        (Some(info), Mode::Append) => job.append(&info),
        (Some(info), Mode::Overwrite) => job.overwrite(&info),
    }
}

/// `insertInto`: fills a table that exists, by position.
pub(super) fn insert(writer: Writer, parts: &[String]) -> Result<()> {
    let mode = writer.mode.clone()?;
    let job = Job::new(writer, parts)?;
    let info = job.writer.session.metastore().table(&job.name)?;
    let base = job.snapshot(&info)?;
    if job.writer.partition_columns.is_some() {
        return Err(Error::invalid_argument("a table that exists has its partition columns already")
            .with_hint("leave out `.partition_by(..)`"));
    }
    if mode == Mode::Ignore {
        return Err(Error::invalid_argument("mode `ignore` means nothing for a table that must exist"));
    }
    let schema = from_schema(&base.schema)?;
    let files = job.write(&base.location, by_position(&job.schema, &schema)?, &base.partition_columns)?;
    match mode {
        Mode::Overwrite => job.metastore().overwrite(&base, files, None).map(drop),
        Mode::Error | Mode::Append | Mode::Ignore => job.metastore().append(&base, files).map(drop),
    }
}

/// A write to a table.
struct Job {
    writer: Writer,
    name: TableName,
    /// Of the frame.
    schema: SchemaRef,
    layout: Layout,
    overwrite_schema: bool,
}

impl Job {
    fn new(writer: Writer, parts: &[String]) -> Result<Self> {
        if let Some(format) = writer.format.clone()?.filter(|format| *format != Format::Delta) {
            return Err(Error::not_supported(format!("tables are stored as `delta`, not as `{}`", format.name()))
                .with_hint("leave out `.format(..)`, or write files: `.parquet(path)`"));
        }
        let encoding = Encoding::new(Format::Delta, &writer.options)?;
        let overwrite_schema = writer.options.flag("overwriteSchema")?.unwrap_or(false);
        writer.options.only("mergeSchema", "false")?;
        let rows_per_file = rows_per_file(&writer.options)?;
        writer.options.finish("tables", &["path", "replaceWhere", "partitionOverwriteMode", "userMetadata"])?;
        let name = writer.session.metastore().qualify(parts, &writer.session.current_schema())?;
        let mut frame = writer.frame.clone();
        let schema = writer.session.run(move || frame.collect_schema())?;
        let layout = Layout { encoding, partition_columns: Vec::new(), rows_per_file, for_log: true };
        Ok(Self { writer, name, schema, layout, overwrite_schema })
    }

    fn metastore(&self) -> &Metastore {
        self.writer.session.metastore()
    }

    /// The table of this name, if there is one. That its schema exists is known afterwards.
    fn existing(&self) -> Result<Option<TableInfo>> {
        let found = self.metastore().find_table(&self.name)?;
        if found.is_none() {
            let schema = &self.name.schema;
            self.metastore().schema(schema).map_err(|error| {
                let create = format!("create it: `CREATE DATABASE {}`", join_name(&[schema]));
                let near = error.hint().map(|near| format!("{near} Or {create}"));
                error.with_hint(near.unwrap_or(create))
            })?;
        }
        Ok(found)
    }

    fn create(&self) -> Result<()> {
        let (schema, columns) = of_new(&self.schema)?;
        let partition_columns = self.partition_columns(&schema)?.unwrap_or_default();
        let location = self.metastore().new_location(&self.name)?;
        let files = self.write(&location, columns, &partition_columns)?;
        let columns = TableSchema { schema: to_schema(&schema)?, partition_columns };
        let table = NewTable {
            name: self.name.clone(),
            kind: TableKind::Managed,
            format: Format::Delta,
            location: Some(location),
            columns: Some(columns),
            files,
            comment: None,
            properties: BTreeMap::new(),
            options: BTreeMap::new(),
        };
        self.metastore().create_table(table).map(drop)
    }

    fn append(&self, info: &TableInfo) -> Result<()> {
        let base = self.snapshot(info)?;
        let schema = from_schema(&base.schema)?;
        let columns = by_name(&self.schema, &schema, true).map_err(|differences| self.mismatch(&differences))?;
        if self.partition_columns(&schema)?.is_some_and(|columns| columns != base.partition_columns) {
            return Err(self.other_partitions(&base));
        }
        let files = self.write(&base.location, columns, &base.partition_columns)?;
        self.metastore().append(&base, files).map(drop)
    }

    fn overwrite(&self, info: &TableInfo) -> Result<()> {
        let base = self.snapshot(info)?;
        if self.overwrite_schema {
            return self.replace(&base);
        }
        let advice =
            |error: Error| error.with_hint("to change the table, say `.option(\"overwriteSchema\", \"true\")`");
        let schema = from_schema(&base.schema)?;
        let columns =
            by_name(&self.schema, &schema, false).map_err(|differences| advice(self.mismatch(&differences)))?;
        if self.partition_columns(&schema)?.is_some_and(|columns| columns != base.partition_columns) {
            return Err(advice(self.other_partitions(&base)));
        }
        let files = self.write(&base.location, columns, &base.partition_columns)?;
        self.metastore().overwrite(&base, files, None).map(drop)
    }

    /// Overwrites the columns as well.
    fn replace(&self, base: &Snapshot) -> Result<()> {
        let (schema, columns) = of_new(&self.schema)?;
        let partition_columns = self.partition_columns(&schema)?.unwrap_or_default();
        let files = self.write(&base.location, columns, &partition_columns)?;
        let columns = TableSchema { schema: to_schema(&schema)?, partition_columns };
        let unchanged = columns.partition_columns == base.partition_columns && from_schema(&base.schema)? == schema;
        let new = (!unchanged).then_some(columns);
        self.metastore().overwrite(base, files, new).map(drop)
    }

    fn snapshot(&self, info: &TableInfo) -> Result<Snapshot> {
        match (&info.location, info.format, info.kind) {
            (_, _, TableKind::View) => Err(Error::invalid_argument(format!("`{}` is a view", self.name))
                .with_hint("a view is not written to; choose another name")),
            (Some(location), Format::Delta, _) => self.metastore().snapshot(location, None),
            (_, format, _) => {
                Err(Error::not_supported(format!("writing to table `{}` in format `{}`", self.name, format.name()))
                    .with_hint("only Delta tables are written to"))
            }
        }
    }

    /// The partition columns that were asked for, by the names that they have in the table.
    fn partition_columns(&self, schema: &Schema) -> Result<Option<Vec<String>>> {
        let Some(asked) = &self.writer.partition_columns else { return Ok(None) };
        let mut found: Vec<String> = Vec::new();
        for name in asked {
            let names: Vec<&str> = schema.iter_names().map(|name| name.as_str()).collect();
            let (name, _) = find(schema, name).ok_or_else(|| crate::errors::unknown_column(name, &names))?;
            if found.iter().any(|other| same_name(other, name)) {
                return Err(Error::already_exists(Object::Partition, name));
            }
            found.push(name.to_owned());
        }
        if !found.is_empty() && found.len() == schema.len() {
            return Err(Error::invalid_argument("a table needs a column that it is not partitioned by"));
        }
        Ok(Some(found))
    }

    /// Runs the query and writes its rows as files that nothing refers to yet.
    fn write(&self, location: &Path, columns: Vec<Expr>, partition_columns: &[String]) -> Result<Vec<NewFile>> {
        let session = &self.writer.session;
        let frame = session.collect(self.writer.frame.clone().select(columns))?;
        let layout = Layout { partition_columns: partition_columns.to_vec(), ..self.layout.clone() };
        let location = location.to_owned();
        let parts = session.guard(move || parts::write(frame, &location, &layout))?;
        Ok(parts.into_iter().map(Part::into_file).collect())
    }

    fn mismatch(&self, differences: &str) -> Error {
        Error::invalid_argument(format!("the frame does not fit table `{}`: {differences}", self.name))
    }

    fn other_partitions(&self, base: &Snapshot) -> Error {
        let is = match base.partition_columns.as_slice() {
            [] => "not partitioned".to_owned(),
            columns => format!("partitioned by {}", join_name(columns).replace('.', ", ")),
        };
        Error::invalid_argument(format!("table `{}` is {is}", self.name))
    }
}
