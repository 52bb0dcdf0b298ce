//! Frames as tables: those of the metastore, and Delta tables that are known by their folder.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aerostat_error::{Error, Object, Result};
use aerostat_metastore::{
    Change, Format, Metastore, NewTable, REPLACED_BY_QUERY, Removal, Snapshot, TableInfo, TableKind, TableName,
    TableSchema,
};
use polars::prelude::{DataType, Expr, PlSmallStr, Schema, SchemaRef};

use super::columns::{by_name, by_position, default_value, find, of_new, same_name, widened};
use super::encode::Encoding;
use super::modify::default_of;
use super::overwrite::{Overwrite, overwritten};
use super::parts::{self, Layout, rows_per_file};
use super::stage::stage;
use super::staged::Staged;
use super::{Mode, Writer};
use crate::arrow::{from_schema, to_schema};
use crate::files::{absolute, below};
use crate::join_name;

/// `saveAsTable`: creates the table, or does with it what the mode says.
pub(super) fn save(writer: Writer, parts: &[String]) -> Result<()> {
    let mode = writer.mode.clone()?;
    let name = writer.session.metastore().qualify(parts, &writer.session.current_schema())?;
    let job = Job::new(writer, Place::Name(name.clone()))?;
    match (job.existing(&name)?, mode) {
        (None, _) => job.create(&name),
        (Some(_), Mode::Ignore) => Ok(()),
        (Some(_), Mode::Error) => Err(job.is_there()),
        (Some(info), Mode::Append) => job.append(&job.snapshot(&info)?),
        (Some(info), Mode::Overwrite) => job.overwrite(&job.snapshot(&info)?),
    }
}

/// `save` in the format of Delta: the same with the table in a folder.
pub(super) fn save_in(writer: Writer, path: &str) -> Result<()> {
    let mode = writer.mode.clone()?;
    let folder = absolute(path)?;
    let job = Job::new(writer, Place::Folder(folder.clone()))?;
    let base = || job.metastore().snapshot(&folder, None);
    match (job.metastore().delta_root(&folder), mode) {
        (None, _) => job.create_in(&folder, mode),
        (Some(root), _) if root != folder => Err(in_delta(&folder, root)),
        (Some(_), Mode::Ignore) => Ok(()),
        (Some(_), Mode::Error) => Err(job.is_there()),
        (Some(_), Mode::Append) => job.append(&base()?),
        (Some(_), Mode::Overwrite) => job.overwrite(&base()?),
    }
}

/// The error for files that the log of the table that they would be in does not know of: they would go with its next vacuum.
pub(super) fn in_delta(path: &Path, root: &Path) -> Error {
    let (path, root) = (path.display(), root.display());
    Error::invalid_argument(format!("`{path}` is in the Delta table `{root}`, whose log would not know of the files"))
        .with_hint(format!("write to the table, `.format(\"delta\").save(\"{root}\")`, or choose another folder"))
}

/// `insertInto`: fills a table that exists, by position.
pub(super) fn insert(writer: Writer, parts: &[String]) -> Result<()> {
    let mode = writer.mode.clone()?;
    let name = writer.session.metastore().qualify(parts, &writer.session.current_schema())?;
    let job = Job::new(writer, Place::Name(name.clone()))?;
    let info = job.metastore().table(&name)?;
    let base = job.snapshot(&info)?;
    if job.writer.partition_columns.is_some() {
        return Err(Error::invalid_argument("a table that exists has its partition columns already")
            .with_hint("leave out `.partition_by(..)`"));
    }
    if mode == Mode::Ignore {
        return Err(Error::invalid_argument("mode `ignore` means nothing for a table that must exist"));
    }
    let columns = by_position(&job.writer.session, &job.schema, &from_schema(&base.schema)?)?;
    match mode {
        Mode::Overwrite => job.overwrite_rows(&base, columns),
        Mode::Error | Mode::Append | Mode::Ignore => job.append_rows(&base, columns, None),
    }
}

/// Where a table is.
pub(super) enum Place {
    Name(TableName),
    Folder(PathBuf),
}

impl Place {
    /// What conditions call the table.
    pub(super) fn alias(&self) -> &str {
        match self {
            Self::Name(name) => &name.table,
            Self::Folder(folder) => folder.file_name().and_then(|name| name.to_str()).unwrap_or_default(),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => name.fmt(f),
            Self::Folder(folder) => folder.display().fmt(f),
        }
    }
}

/// A write to a table.
pub(super) struct Job {
    pub(super) writer: Writer,
    pub(super) place: Place,
    /// Of the frame.
    schema: SchemaRef,
    pub(super) layout: Layout,
    pub(super) user_metadata: Option<String>,
    overwrite_schema: bool,
    merge_schema: bool,
    overwrite: Overwrite,
}

impl Job {
    fn new(writer: Writer, place: Place) -> Result<Self> {
        if let Some(format) = writer.format.clone()?.filter(|format| *format != Format::Delta) {
            return Err(Error::not_supported(format!("tables are stored as `delta`, not as `{}`", format.name()))
                .with_hint("leave out `.format(..)`, or write files: `.parquet(path)`"));
        }
        let options = &writer.options;
        let encoding = Encoding::new(Format::Delta, options)?;
        let overwrite_schema = options.flag("overwriteSchema")?.unwrap_or(false);
        let merge_schema = options.flag("mergeSchema")?.unwrap_or(false);
        let user_metadata = options.get("userMetadata").map(str::to_owned);
        let overwrite = Overwrite::new(&writer)?;
        let rows_per_file = rows_per_file(options)?;
        options.finish("tables", &["path"])?;
        let mut frame = writer.frame.clone();
        let schema = writer.session.run(move || frame.collect_schema())?;
        let layout =
            Layout { encoding, partition_columns: Vec::new(), rows_per_file, required: Vec::new(), for_log: true };
        Ok(Self { writer, place, schema, layout, user_metadata, overwrite_schema, merge_schema, overwrite })
    }

    pub(super) fn metastore(&self) -> &Metastore {
        self.writer.session.metastore()
    }

    /// The table of this name, if there is one. That its schema exists is known afterwards.
    fn existing(&self, name: &TableName) -> Result<Option<TableInfo>> {
        let found = self.metastore().find_table(name)?;
        if found.is_none() {
            let schema = &name.schema;
            self.metastore().schema(schema).map_err(|error| {
                let create = format!("create it: `CREATE DATABASE {}`", join_name(&[schema]));
                let near = error.hint().map(|near| format!("{near} Or {create}"));
                error.with_hint(near.unwrap_or(create))
            })?;
        }
        Ok(found)
    }

    fn create(&self, name: &TableName) -> Result<()> {
        let location = self.metastore().new_location(name)?;
        // The folder was reserved for a table that is not created.
        let written = self.first(&location).inspect_err(|_| drop(std::fs::remove_dir_all(&location)));
        let (columns, staged) = written?;
        let table = NewTable {
            name: name.clone(),
            kind: TableKind::Managed,
            format: Format::Delta,
            location: Some(location),
            columns: Some(columns),
            files: staged.files(),
            comment: None,
            properties: BTreeMap::new(),
            options: BTreeMap::new(),
        };
        self.metastore().create_table(table)?;
        staged.keep();
        Ok(())
    }

    /// Creates it in a folder, which is empty if it is there.
    fn create_in(&self, folder: &Path, mode: Mode) -> Result<()> {
        if folder.is_file() || !below(folder)?.is_empty() {
            return Err(Error::invalid_argument(format!("`{}` is there, and is no Delta table", folder.display()))
                .with_hint("choose a folder that is empty, or not there yet"));
        }
        // Somebody else's files may have come into it meanwhile.
        let (columns, staged) = self.first(folder).inspect_err(|_| drop(std::fs::remove_dir(folder)))?;
        let mode = match mode {
            Mode::Error => "ErrorIfExists",
            Mode::Append => "Append",
            Mode::Overwrite => "Overwrite",
            Mode::Ignore => "Ignore",
        };
        let change = Change { files: staged.files(), ..self.written(mode, &columns.partition_columns) };
        self.metastore().begin(folder, &columns, &change)?;
        staged.keep();
        Ok(())
    }

    /// The columns and the files of a new table.
    fn first(&self, location: &Path) -> Result<(TableSchema, Staged)> {
        let (schema, columns) = of_new(&self.schema)?;
        let partition_columns = self.partition_columns(&schema)?.unwrap_or_default();
        let layout = Layout { partition_columns: partition_columns.clone(), ..self.layout.clone() };
        let frame = self.writer.frame.clone().select(columns);
        let staged = parts::write(&self.writer.session, frame, location, layout)?;
        Ok((TableSchema { schema: to_schema(&schema)?, partition_columns }, staged))
    }

    fn append(&self, base: &Snapshot) -> Result<()> {
        let wider = self.merged(base)?;
        let schema = from_schema(wider.as_ref().map_or(&base.schema, |wider| &wider.schema))?;
        let columns = by_name(&self.writer.session, &self.schema, &schema, true)
            .map_err(|differences| self.mismatch(&differences, true))?;
        let columns = self.with_defaults(base, &schema, columns)?;
        if self.partition_columns(&schema)?.is_some_and(|columns| columns != base.partition_columns) {
            return Err(self.other_partitions(base));
        }
        self.append_rows(base, columns, wider)
    }

    /// The columns, which are those of `schema` in its order, with the table's defaults for what the frame lacks.
    fn with_defaults(&self, base: &Snapshot, schema: &Schema, columns: Vec<Expr>) -> Result<Vec<Expr>> {
        let with_default = |((name, dtype), column): ((&PlSmallStr, &DataType), Expr)| match default_of(base, name) {
            Some(default) if find(&self.schema, name).is_none() => {
                default_value(&self.writer.session, &default.text, name, dtype)
            }
            _ => Ok(column),
        };
        schema.iter().zip(columns).map(with_default).collect()
    }

    /// The columns of the table after those of the frame were added, if that was asked for and changes anything.
    fn merged(&self, base: &Snapshot) -> Result<Option<TableSchema>> {
        if !self.merge_schema {
            return Ok(None);
        }
        let schema = widened(&self.schema, &base.schema)?;
        Ok(schema.map(|schema| TableSchema { schema, partition_columns: base.partition_columns.clone() }))
    }

    fn append_rows(&self, base: &Snapshot, columns: Vec<Expr>, wider: Option<TableSchema>) -> Result<()> {
        let mut target = base.clone();
        if let Some(wider) = &wider {
            target.schema = wider.schema.clone();
        }
        let staged = stage(&self.writer.session, self.writer.frame.clone().select(columns), &target, &self.layout)?;
        let change = Change { files: staged.files(), columns: wider, ..self.change("Append", base) };
        self.commit(base, change, staged)
    }

    fn overwrite(&self, base: &Snapshot) -> Result<()> {
        if self.overwrite_schema || self.writer.replaces_table {
            return self.replace(base);
        }
        let wider = self.merged(base)?;
        let advice =
            |error: Error| error.with_hint("to change the table, say `.option(\"overwriteSchema\", \"true\")`");
        let schema = from_schema(wider.as_ref().map_or(&base.schema, |wider| &wider.schema))?;
        let columns = by_name(&self.writer.session, &self.schema, &schema, wider.is_some())
            .map_err(|differences| advice(self.mismatch(&differences, false)))?;
        let columns = self.with_defaults(base, &schema, columns)?;
        if self.partition_columns(&schema)?.is_some_and(|columns| columns != base.partition_columns) {
            return Err(advice(self.other_partitions(base)));
        }
        match wider {
            None => self.overwrite_rows(base, columns),
            Some(wider) => self.overwrite_all(base, columns, Some(wider)),
        }
    }

    /// Overwrites the columns as well.
    fn replace(&self, base: &Snapshot) -> Result<()> {
        let (schema, columns) = of_new(&self.schema)?;
        let partition_columns = self.partition_columns(&schema)?.unwrap_or_default();
        let same = partition_columns == base.partition_columns && from_schema(&base.schema)? == schema;
        let unchanged = same && !self.writer.replaces_table;
        let new = match unchanged {
            true => None,
            false => Some(TableSchema { schema: to_schema(&schema)?, partition_columns }),
        };
        self.overwrite_all(base, columns, new)
    }

    /// Overwrites what was asked for: all rows, those of some partitions, or those of a condition.
    fn overwrite_rows(&self, base: &Snapshot, columns: Vec<Expr>) -> Result<()> {
        overwritten(self, &self.overwrite, base, columns)
    }

    pub(super) fn overwrite_all(&self, base: &Snapshot, columns: Vec<Expr>, new: Option<TableSchema>) -> Result<()> {
        let mut target = base.clone();
        if let Some(new) = &new {
            (target.schema, target.partition_columns) = (new.schema.clone(), new.partition_columns.clone());
        }
        let mut change = self.change("Overwrite", &target);
        if self.writer.replaces_table {
            change.operation = REPLACED_BY_QUERY;
            change.configuration = base.without_properties();
            Arc::make_mut(&mut target.details).configuration.clear();
        }
        let staged = stage(&self.writer.session, self.writer.frame.clone().select(columns), &target, &self.layout)?;
        let change = Change { files: staged.files(), removal: Removal::Everything, columns: new, ..change };
        self.commit(base, change, staged)
    }

    /// What the history says of this write.
    pub(super) fn change(&self, mode: &str, target: &Snapshot) -> Change {
        self.written(mode, &target.partition_columns)
    }

    fn written(&self, mode: &str, partition_columns: &[String]) -> Change {
        let partition_columns = serde_json::json!(partition_columns).to_string();
        let parameters = [("mode".to_owned(), mode.to_owned()), ("partitionBy".to_owned(), partition_columns)];
        let user_metadata = self.user_metadata.clone();
        let transactions = self.writer.transactions.clone();
        Change { parameters: parameters.into(), user_metadata, transactions, ..Change::new("WRITE") }
    }

    pub(super) fn commit(&self, base: &Snapshot, change: Change, staged: Staged) -> Result<()> {
        let version = self.metastore().commit(base, change)?;
        version.ok_or_else(|| Error::internal("a write that depends on no version was refused for one"))?;
        staged.keep();
        Ok(())
    }

    fn snapshot(&self, info: &TableInfo) -> Result<Snapshot> {
        writable(&self.writer.session, info)
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

    fn mismatch(&self, differences: &str, may_merge: bool) -> Error {
        let error = Error::invalid_argument(format!("the frame does not fit table `{}`: {differences}", self.place));
        match may_merge && differences.contains("is not a column of it") && !differences.contains("(is it") {
            true => error.with_hint("to add columns to the table, say `.option(\"mergeSchema\", \"true\")`"),
            false => error,
        }
    }

    fn other_partitions(&self, base: &Snapshot) -> Error {
        let is = match base.partition_columns.as_slice() {
            [] => "not partitioned".to_owned(),
            columns => format!("partitioned by {}", join_name(columns).replace('.', ", ")),
        };
        Error::invalid_argument(format!("table `{}` is {is}", self.place))
    }

    fn is_there(&self) -> Error {
        Error::already_exists(Object::Table, &self.place)
            .with_hint("say what to do with it: `.mode(\"overwrite\")` or `.mode(\"append\")`")
    }
}

/// The newest version of a table that can be written to.
pub(crate) fn writable(session: &crate::Session, info: &TableInfo) -> Result<Snapshot> {
    match (&info.location, info.format, info.kind) {
        (_, _, TableKind::View) => Err(Error::invalid_argument(format!("`{}` is a view", info.name))
            .with_hint("a view is not written to; choose another name")),
        (Some(location), Format::Delta, _) => session.metastore().snapshot(location, None),
        (_, format, _) => {
            Err(Error::not_supported(format!("writing to table `{}` in format `{}`", info.name, format.name()))
                .with_hint("only Delta tables are written to"))
        }
    }
}
