//! The session, seen from a compiled cell.

use std::fmt::Display;

use aerostat_bridge::{Failure, Value};
use polars::prelude::{DataFrame, LazyFrame};

use crate::frames::IntoPlan;
use crate::udf::{self, Udf};
use crate::{Result, kernel};

/// The notebook's session: tables, SQL, readers and writers. All of it happens in the kernel's process.
#[derive(Clone, Copy, Debug, Default)]
pub struct Session(());

/// Reads files: options first, then the format with the path.
#[derive(Clone, Debug, Default)]
pub struct Reader {
    format: Option<String>,
    options: Vec<(String, String)>,
    schema: Option<String>,
}

/// Writes a frame: options first, then the place.
#[derive(Clone)]
pub struct Writer {
    plan: LazyFrame,
    mode: Option<String>,
    format: Option<String>,
    partition_columns: Option<Vec<String>>,
    options: Vec<(String, String)>,
}

impl Session {
    pub(crate) fn new() -> Self {
        Self(())
    }

    /// A table, view, temporary view or variable as a plan.
    pub fn table(&self, name: impl AsRef<str>) -> Result<LazyFrame> {
        plan(kernel::call("table", vec![text(name)])?)
    }

    /// Runs SQL; the result of the last statement.
    pub fn sql(&self, statements: impl AsRef<str>) -> Result<DataFrame> {
        frame(kernel::call("sql", vec![text(statements)])?)
    }

    /// A reader that takes options and a schema.
    pub fn read(&self) -> Reader {
        Reader::default()
    }

    /// A CSV file, folder or pattern, with a header and inferred types.
    pub fn read_csv(&self, path: impl AsRef<str>) -> Result<LazyFrame> {
        self.read().header(true).option("inferSchema", true).csv(path)
    }

    /// A Parquet file, folder or pattern.
    pub fn read_parquet(&self, path: impl AsRef<str>) -> Result<LazyFrame> {
        self.read().parquet(path)
    }

    /// A file, folder or pattern of JSON lines.
    pub fn read_json(&self, path: impl AsRef<str>) -> Result<LazyFrame> {
        self.read().json(path)
    }

    /// Begins to write a frame: `mode`, `partition_by`, `option`, then `save_as_table`, `csv`, `parquet` or `json`.
    pub fn write(&self, frame: impl IntoPlan) -> Writer {
        Writer::new(frame.into_plan())
    }

    /// Makes a frame visible to SQL under a name, for this session.
    pub fn create_or_replace_temp_view(&self, name: impl AsRef<str>, frame: impl IntoPlan) -> Result<()> {
        let plan = Value::Plan(Box::new(frame.into_plan()));
        kernel::call("create_or_replace_temp_view", vec![text(name), plan]).map(drop)
    }

    /// Forgets a temporary view; whether there was one.
    pub fn drop_temp_view(&self, name: impl AsRef<str>) -> Result<bool> {
        kernel::call("drop_temp_view", vec![text(name)])?.bool().ok_or_else(misunderstood)
    }

    /// The tables and views of the current database, and the temporary views.
    pub fn tables(&self) -> Result<DataFrame> {
        frame(kernel::call("tables", Vec::new())?)
    }

    /// The databases.
    pub fn databases(&self) -> Result<DataFrame> {
        frame(kernel::call("databases", Vec::new())?)
    }

    /// Makes a database the current one.
    pub fn use_database(&self, name: impl AsRef<str>) -> Result<()> {
        kernel::call("use_database", vec![text(name)]).map(drop)
    }

    /// The current database.
    pub fn current_database(&self) -> String {
        kernel::call("current_database", Vec::new()).ok().and_then(Value::text).unwrap_or_default()
    }

    /// Asks the user for a line of text.
    pub fn input(&self, prompt: impl AsRef<str>) -> Result<String> {
        ask(prompt.as_ref(), false)
    }

    /// Asks the user for a line of text that is not shown.
    pub fn password(&self, prompt: impl AsRef<str>) -> Result<String> {
        ask(prompt.as_ref(), true)
    }

    /// Makes a function callable in SQL by its name, and in expressions by `call_udf`.
    ///
    /// It is called once a row. Where an argument is null the result is null, unless the argument is an `Option`.
    pub fn register_udf<A, R>(&self, name: impl AsRef<str>, function: impl Udf<A, R>) -> Result<()> {
        udf::register(name.as_ref(), function)
    }
}

impl Reader {
    /// Sets an option, by Spark's name: `option("header", "true")`.
    pub fn option(mut self, name: impl AsRef<str>, value: impl Display) -> Self {
        self.options.push((name.as_ref().to_owned(), value.to_string()));
        self
    }

    /// Whether the first line of a CSV file names the columns.
    pub fn header(self, header: bool) -> Self {
        self.option("header", header)
    }

    /// The columns as Spark writes them: `schema("id INT, name STRING")`.
    pub fn schema(mut self, ddl: impl AsRef<str>) -> Self {
        self.schema = Some(ddl.as_ref().to_owned());
        self
    }

    /// What `load` reads: `csv`, `delta`, `ipc`, `json`, `parquet` (the default) or `text`.
    pub fn format(mut self, format: impl AsRef<str>) -> Self {
        self.format = Some(format.as_ref().to_owned());
        self
    }

    /// Reads files of the format that was set before, Parquet if none was.
    pub fn load(self, path: impl AsRef<str>) -> Result<LazyFrame> {
        let format = self.format.clone();
        self.read(format.as_deref().unwrap_or("parquet"), path)
    }

    /// Reads CSV.
    pub fn csv(self, path: impl AsRef<str>) -> Result<LazyFrame> {
        self.read("csv", path)
    }

    /// Reads Parquet.
    pub fn parquet(self, path: impl AsRef<str>) -> Result<LazyFrame> {
        self.read("parquet", path)
    }

    /// Reads JSON lines.
    pub fn json(self, path: impl AsRef<str>) -> Result<LazyFrame> {
        self.read("json", path)
    }

    /// Reads Arrow IPC.
    pub fn ipc(self, path: impl AsRef<str>) -> Result<LazyFrame> {
        self.read("ipc", path)
    }

    /// Reads lines of text, as the column `value`.
    pub fn text(self, path: impl AsRef<str>) -> Result<LazyFrame> {
        self.read("text", path)
    }

    /// Reads a table; with option `versionAsOf` or `timestampAsOf`, as it was.
    pub fn table(self, name: impl AsRef<str>) -> Result<LazyFrame> {
        self.read("table", name)
    }

    fn read(self, format: &str, path: impl AsRef<str>) -> Result<LazyFrame> {
        let schema = Value::option(self.schema.map(Value::Str));
        plan(kernel::call("read", vec![text(format), text(path), schema, pairs(self.options)])?)
    }
}

impl Writer {
    pub(crate) fn new(plan: LazyFrame) -> Self {
        Self { plan, mode: None, format: None, partition_columns: None, options: Vec::new() }
    }

    /// What happens if the table exists: `error`, `append`, `overwrite` or `ignore`.
    pub fn mode(mut self, mode: impl AsRef<str>) -> Self {
        self.mode = Some(mode.as_ref().to_owned());
        self
    }

    /// One folder for each value of columns.
    pub fn partition_by<S: AsRef<str>>(mut self, columns: impl IntoIterator<Item = S>) -> Self {
        self.partition_columns = Some(columns.into_iter().map(|name| name.as_ref().to_owned()).collect());
        self
    }

    /// Sets an option, by Spark's name.
    pub fn option(mut self, name: impl AsRef<str>, value: impl Display) -> Self {
        self.options.push((name.as_ref().to_owned(), value.to_string()));
        self
    }

    /// The format of a table, which is `delta`, or what `save` writes.
    pub fn format(mut self, format: impl AsRef<str>) -> Self {
        self.format = Some(format.as_ref().to_owned());
        self
    }

    /// Writes a managed table of the metastore.
    pub fn save_as_table(self, name: impl AsRef<str>) -> Result<()> {
        self.save_to("save_as_table", name)
    }

    /// Appends to a table of the metastore.
    pub fn insert_into(self, name: impl AsRef<str>) -> Result<()> {
        self.save_to("insert_into", name)
    }

    /// Writes a folder of CSV files.
    pub fn csv(self, path: impl AsRef<str>) -> Result<()> {
        self.save_to("csv", path)
    }

    /// Writes a folder of Parquet files.
    pub fn parquet(self, path: impl AsRef<str>) -> Result<()> {
        self.save_to("parquet", path)
    }

    /// Writes a folder of JSON lines.
    pub fn json(self, path: impl AsRef<str>) -> Result<()> {
        self.save_to("json", path)
    }

    /// Writes a folder in the format that was set before, Parquet if none was; `delta` makes it a table.
    pub fn save(self, path: impl AsRef<str>) -> Result<()> {
        self.save_to("save", path)
    }

    fn save_to(self, action: &str, place: impl AsRef<str>) -> Result<()> {
        let columns = self.partition_columns.map(|names| Value::List(names.into_iter().map(Value::Str).collect()));
        let args = vec![
            text(action),
            text(place),
            Value::Plan(Box::new(self.plan)),
            Value::option(self.mode.map(Value::Str)),
            Value::option(self.format.map(Value::Str)),
            Value::option(columns),
            pairs(self.options),
        ];
        kernel::call("write", args).map(drop)
    }
}

fn ask(prompt: &str, password: bool) -> Result<String> {
    kernel::call("input", vec![text(prompt), Value::Bool(password)])?.text().ok_or_else(misunderstood)
}

pub(crate) fn text(text: impl AsRef<str>) -> Value {
    Value::str(text.as_ref())
}

fn pairs(options: Vec<(String, String)>) -> Value {
    Value::List(options.into_iter().flat_map(|(name, value)| [Value::Str(name), Value::Str(value)]).collect())
}

pub(crate) fn frame(value: Value) -> Result<DataFrame> {
    value.frame().ok_or_else(misunderstood)
}

fn plan(value: Value) -> Result<LazyFrame> {
    value.plan().ok_or_else(misunderstood)
}

pub(crate) fn misunderstood() -> Failure {
    Failure::new("INTERNAL_ERROR", "an answer of the kernel was not understood")
}
