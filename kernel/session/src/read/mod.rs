//! Reading files with Spark's words.

mod csv;
mod infer;
mod json;
pub(crate) mod strict;
mod typed;

use std::fmt::Display;
use std::path::PathBuf;
use std::sync::Arc;

use aerostat_error::{Error, Result};
use aerostat_metastore::Format;
use polars::io::ipc::IpcScanOptions;
use polars::prelude::{DataType, LazyFrame, NULL, Schema, SchemaRef, col, lit};
use polars_plan::dsl::{DslBuilder, ScanSources, UnifiedScanArgs};

use crate::errors::from_polars;
use crate::files::Files;
use crate::hive::{self, Serde};
use crate::options::{Options, invalid};
use crate::zone::UTC;
use crate::{AsOf, Session, delta, files, parquet, split_name, types};

/// A schema that was given rather than found in the files.
#[derive(Clone, Debug)]
pub enum SchemaSource {
    /// Spark's notation: `a INT, b DECIMAL(10,2)`.
    Ddl(String),
    /// A schema of polars.
    Polars(SchemaRef),
}

impl SchemaSource {
    fn schema(&self) -> Result<SchemaRef> {
        match self {
            Self::Ddl(ddl) => types::parse_schema(ddl).map(Arc::new),
            Self::Polars(schema) => Ok(schema.clone()),
        }
    }
}

impl From<&str> for SchemaSource {
    fn from(ddl: &str) -> Self {
        Self::Ddl(ddl.to_owned())
    }
}

impl From<String> for SchemaSource {
    fn from(ddl: String) -> Self {
        Self::Ddl(ddl)
    }
}

impl From<Schema> for SchemaSource {
    fn from(schema: Schema) -> Self {
        Self::Polars(schema.into())
    }
}

impl From<SchemaRef> for SchemaSource {
    fn from(schema: SchemaRef) -> Self {
        Self::Polars(schema)
    }
}

/// Reads files: options first, then the format with the path. Spark's options and defaults.
///
/// A path is a file, a folder of files, or a glob; folders named `column=value` become columns.
#[derive(Clone)]
pub struct Reader {
    session: Session,
    format: Result<Format>,
    options: Options,
    schema: Option<SchemaSource>,
}

impl Reader {
    pub(crate) fn new(session: &Session) -> Self {
        Self { session: session.clone(), format: Ok(Format::Parquet), options: Options::default(), schema: None }
    }

    /// What [`Reader::load`] reads: `csv`, `delta`, `ipc`, `json`, `parquet` (the default) or `text`.
    pub fn format(mut self, format: &str) -> Self {
        self.format = Format::named(format);
        self
    }

    /// Sets one of Spark's options, e.g. `.option("sep", ";")`. Names are case-insensitive.
    pub fn option(mut self, name: &str, value: impl Display) -> Self {
        self.options.set(name, value);
        self
    }

    /// Whether the first line of a CSV file names the columns.
    pub fn header(self, header: bool) -> Self {
        self.option("header", header)
    }

    /// Gives the schema instead of finding it in the files.
    pub fn schema(mut self, schema: impl Into<SchemaSource>) -> Self {
        self.schema = Some(schema.into());
        self
    }

    /// Reads a table; with option `versionAsOf` or `timestampAsOf`, as it was.
    pub fn table(self, name: &str) -> Result<LazyFrame> {
        let suffix = match (self.options.get("versionAsOf"), self.options.get("timestampAsOf")) {
            (Some(_), Some(_)) => {
                return Err(Error::invalid_argument("both `versionAsOf` and `timestampAsOf` are given"));
            }
            (Some(text), None) => match text.trim().parse::<i64>() {
                Ok(version) => Some(format!("v{version}")),
                Err(_) => return Err(invalid("versionAsOf", text, "the number of a version")),
            },
            (None, Some(text)) => AsOf::time(text, UTC).map(|_| Some(text.trim().to_owned()))?,
            (None, None) => None,
        };
        self.options.finish("tables", &[])?;
        let Some(suffix) = suffix else { return self.session.table(name) };
        let mut parts = split_name(name)?;
        if let Some(table) = parts.last_mut() {
            *table = format!("{table}@{suffix}");
        }
        self.session.scan(&self.session.resolve(&parts)?)
    }

    /// Reads CSV.
    pub fn csv(self, path: &str) -> Result<LazyFrame> {
        self.load_as(Format::Csv, path)
    }

    /// Reads Parquet.
    pub fn parquet(self, path: &str) -> Result<LazyFrame> {
        self.load_as(Format::Parquet, path)
    }

    /// Reads JSON, one object a line; with option `multiLine` an array of objects.
    pub fn json(self, path: &str) -> Result<LazyFrame> {
        self.load_as(Format::Json, path)
    }

    /// Reads Arrow IPC.
    pub fn ipc(self, path: &str) -> Result<LazyFrame> {
        self.load_as(Format::Ipc, path)
    }

    /// Reads lines of text, as the column `value`.
    pub fn text(self, path: &str) -> Result<LazyFrame> {
        self.load_as(Format::Text, path)
    }

    /// Reads files of the format that was set before, Parquet if none was.
    pub fn load(self, path: &str) -> Result<LazyFrame> {
        let format = self.format.clone()?;
        self.load_as(format, path)
    }

    /// Reads files of any format.
    pub fn load_as(self, format: Format, path: &str) -> Result<LazyFrame> {
        match format {
            Format::Delta => delta::scan(&self.session.metastore().snapshot(&files::local(path)?, None)?),
            _ => load(self, format, files::find(path)?),
        }
    }

    /// Reads these files, of any format but one with a log.
    pub fn files(self, format: Format, paths: &[PathBuf]) -> Result<LazyFrame> {
        load(self, format, files::of(paths.iter().map(PathBuf::as_path))?)
    }

    fn given(&self) -> Result<Option<SchemaRef>> {
        self.schema.as_ref().map(SchemaSource::schema).transpose()
    }
}

/// Reads these files, with the options and the schema of the reader.
pub(crate) fn load(reader: Reader, format: Format, files: Files) -> Result<LazyFrame> {
    let Reader { session, options, .. } = &reader;
    let schema = reader.given()?;
    match format {
        Format::Csv => csv::read(session, options, schema, files),
        Format::Json => json::read(session, options, schema, files),
        Format::Parquet => {
            options.only("mergeSchema", "false")?;
            options.finish("Parquet", &["datetimeRebaseMode", "int96RebaseMode", "recursiveFileLookup"])?;
            let args = UnifiedScanArgs { hive_options: files.hive_options, ..parquet::lenient() };
            parquet::scan(files.paths, schema, args)
        }
        Format::Ipc => {
            options.finish("Arrow IPC", &[])?;
            ipc(session, files, schema)
        }
        Format::Text => {
            options.finish("text", &["lineSep", "wholetext"])?;
            let schema = schema.unwrap_or_else(|| Arc::new(Schema::from_iter([("value".into(), DataType::String)])));
            hive::scan(files, &schema, Serde::Lines, 0)
        }
        Format::Delta => Err(Error::internal("a Delta table is not read by its files")),
    }
}

/// The columns of `schema`, null where the files do not have them.
fn ipc(session: &Session, files: Files, schema: Option<SchemaRef>) -> Result<LazyFrame> {
    let args = UnifiedScanArgs { hive_options: files.hive_options, ..parquet::lenient() };
    let sources = ScanSources::Paths(files.paths.into_iter().collect());
    let scan = DslBuilder::scan_ipc(sources, IpcScanOptions::default(), args).map_err(from_polars)?;
    let frame: LazyFrame = scan.build().into();
    let Some(schema) = schema else { return Ok(frame) };
    let mut planned = frame.clone();
    let there = session.run(move || planned.collect_schema())?;
    let columns = schema.iter().map(|(name, dtype)| match there.contains(name) {
        true => col(name.clone()).cast(dtype.clone()),
        false => lit(NULL).cast(dtype.clone()).alias(name.clone()),
    });
    Ok(frame.select(columns.collect::<Vec<_>>()))
}
