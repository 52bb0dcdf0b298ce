//! The session, its readers and writers; in the modules, those of polars.

mod csv;
mod files;
mod ipc;
mod json;
mod parquet;
mod sink;
pub(crate) mod stream;

use aerostat_error::Result;
use aerostat_session::{Reader, Session, Writer};
use polars::prelude::*;

use super::{Table, methods};
use crate::convert::{Displayed, Names};

/// Adds the rows of this file.
pub(super) fn register(table: &mut Table) {
    for part in [
        stream::register,
        files::register,
        csv::register,
        parquet::register,
        json::register,
        ipc::register,
        sink::register,
    ] {
        part(table);
    }
    table.add_callables(methods! {
        Session {
            /// A table, view or temporary view as a plan: `session.table("retail.orders")?`.
            fn table(name: String) -> Result<LazyFrame> = |this| this.table(&name);
            /// A reader that takes options and a schema.
            fn read() -> Reader = |this| this.read();
            /// A CSV file, folder or pattern, with a header and inferred types.
            fn read_csv(path: String) -> Result<LazyFrame> = |this| this.read_csv(&path);
            /// A Parquet file, folder or pattern.
            fn read_parquet(path: String) -> Result<LazyFrame> = |this| this.read_parquet(&path);
            /// A file, folder or pattern of JSON lines.
            fn read_json(path: String) -> Result<LazyFrame> = |this| this.read_json(&path);
            /// Begins to write a frame: `mode`, `partition_by`, `option`, then `save_as_table`, `csv`, `parquet` or `json`.
            fn write(frame: LazyFrame) -> Writer = |this| this.write(frame);
            /// The tables and views of the current database, and the temporary views.
            fn tables() -> Result<DataFrame> = |this| this.tables();
            /// The databases.
            fn databases() -> Result<DataFrame> = |this| this.databases();
            /// The current database.
            fn current_database() -> String = |this| this.current_schema();
            /// Asks the user for a line of text.
            fn input(prompt: String) -> Result<String> = |_this, cx| cx.output.input(&prompt, false);
            /// Asks the user for a line of text that is not shown.
            fn password(prompt: String) -> Result<String> = |_this, cx| cx.output.input(&prompt, true);
        }
        #[writes] Session {
            /// Runs SQL; the result of the last statement.
            fn sql(text: String) -> Result<DataFrame> = |this| this.sql(&text);
            /// Makes a frame visible to SQL under a name, for this session.
            fn create_or_replace_temp_view(name: String, frame: LazyFrame) -> Result<()>
                = |this| this.create_or_replace_temp_view(&name, frame);
            /// Forgets a temporary view; whether there was one.
            fn drop_temp_view(name: String) -> Result<bool> = |this| this.drop_temp_view(&name);
            /// Makes a database the current one.
            fn use_database(name: String) -> Result<()> = |this| this.use_schema(&name);
        }
        Reader {
            /// Sets an option, by Spark's name: `option("header", "true")`.
            fn option(name: String, value: Displayed) -> Reader = |this| this.option(&name, value);
            /// Whether the first line of a CSV file names the columns.
            fn header(header: bool) -> Reader = |this| this.header(header);
            /// The columns as Spark writes them: `schema("id INT, name STRING")`.
            fn schema(ddl: String) -> Reader = |this| this.schema(ddl.as_str());
            /// What `load` reads: `csv`, `delta`, `ipc`, `json`, `parquet` (the default) or `text`.
            fn format(format: String) -> Reader = |this| this.format(&format);
            /// Reads files of the format that was set before, Parquet if none was.
            fn load(path: String) -> Result<LazyFrame> = |this| this.load(&path);
            /// Reads CSV.
            fn csv(path: String) -> Result<LazyFrame> = |this| this.csv(&path);
            /// Reads Parquet.
            fn parquet(path: String) -> Result<LazyFrame> = |this| this.parquet(&path);
            /// Reads JSON lines.
            fn json(path: String) -> Result<LazyFrame> = |this| this.json(&path);
            /// Reads a table; with option `versionAsOf` or `timestampAsOf`, as it was.
            fn table(name: String) -> Result<LazyFrame> = |this| this.table(&name);
            /// Reads Arrow IPC.
            fn ipc(path: String) -> Result<LazyFrame> = |this| this.ipc(&path);
            /// Reads lines of text, as the column `value`.
            fn text(path: String) -> Result<LazyFrame> = |this| this.text(&path);
        }
        #[writes] Writer {
            /// What happens if the table exists: `error`, `append`, `overwrite` or `ignore`.
            fn mode(mode: String) -> Writer = |this| this.mode(&mode);
            /// One folder for each value of columns.
            fn partition_by(columns: Names) -> Writer = |this| this.partition_by(columns);
            /// Sets an option, by Spark's name.
            fn option(name: String, value: Displayed) -> Writer = |this| this.option(&name, value);
            /// The format of a table, which is `delta`, or what `save` writes.
            fn format(format: String) -> Writer = |this| this.format(&format);
            /// Writes a managed table of the metastore.
            fn save_as_table(name: String) -> Result<()> = |this| this.save_as_table(&name);
            /// Appends to a table of the metastore.
            fn insert_into(name: String) -> Result<()> = |this| this.insert_into(&name);
            /// Writes a folder of CSV files.
            fn csv(path: String) -> Result<()> = |this| this.csv(&path);
            /// Writes a folder of Parquet files.
            fn parquet(path: String) -> Result<()> = |this| this.parquet(&path);
            /// Writes a folder of JSON lines.
            fn json(path: String) -> Result<()> = |this| this.json(&path);
            /// Writes a folder in the format that was set before, Parquet if none was; `delta` makes it a table.
            fn save(path: String) -> Result<()> = |this| this.save(&path);
        }
    });
}
