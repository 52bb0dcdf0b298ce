//! `aerostat sql`: the engine of `%%sql` cells without a notebook.

use std::io::{Read, Write};
use std::sync::Arc;

use aerostat_session::{Outcome, Session, display};
use aerostat_sql::Engine;
use anyhow::{Context, anyhow};
use clap::{Args, ValueEnum};
use polars::prelude::DataFrame;

use super::Root;
use super::rows::{write_csv, write_json};
use crate::kernel::guarded;

const EXAMPLES: &str = "\
Examples:
  aerostat sql \"SHOW TABLES IN retail\"
  aerostat sql --format csv \"SELECT * FROM retail.monthly ORDER BY month\" > monthly.csv
  aerostat sql --format json \"SELECT 1 AS one; SELECT 'two' AS two\"
  aerostat sql --root ./metastore - < script.sql

The formats:
  table  columns side by side, for reading
  csv    a line with the names, a line a row, empty for NULL; an empty line between two results
  json   an object a result: {\"columns\": [\"one\"], \"types\": [\"int\"], \"rows\": [[1]]}";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct SqlArguments {
    /// Statements, separated by semicolons; `-` reads them from stdin
    statements: String,
    /// How results are printed
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    #[command(flatten)]
    root: Root,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Table,
    Csv,
    Json,
}

/// Runs the statements and prints what has rows.
pub(super) fn run(arguments: SqlArguments) -> anyhow::Result<()> {
    let text = match arguments.statements.as_str() {
        "-" => read_stdin()?,
        _ => arguments.statements,
    };
    let root = arguments.root.path();
    let outcomes = on_big_stack(|| {
        let outcomes = guarded(|| Session::open(&root, Arc::new(Engine::new()?))?.execute(&text));
        outcomes.map_err(|error| anyhow!(error.render(&text)))
    })?;
    print(&outcomes, arguments.format)
}

fn read_stdin() -> anyhow::Result<String> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).context("cannot read the statements from stdin")?;
    Ok(text)
}

/// Plans of queries nest deeply.
fn on_big_stack<T: Send>(work: impl FnOnce() -> anyhow::Result<T> + Send) -> anyhow::Result<T> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(256 << 20).spawn_scoped(scope, work)?;
        thread.join().unwrap_or_else(|_| Err(anyhow!("the SQL thread ended without a result")))
    })
}

fn print(outcomes: &[Outcome], format: Format) -> anyhow::Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let frames = outcomes.iter().filter_map(|outcome| outcome.frame.as_ref());
    for (index, frame) in frames.enumerate() {
        match format {
            Format::Table => write_table(&mut out, frame)?,
            Format::Csv if index > 0 => {
                writeln!(out)?;
                write_csv(&mut out, frame)?;
            }
            Format::Csv => write_csv(&mut out, frame)?,
            Format::Json => write_json(&mut out, frame)?,
        }
    }
    Ok(out.flush()?)
}

fn write_table(out: &mut impl Write, frame: &DataFrame) -> std::io::Result<()> {
    writeln!(out, "{}", display::show_text(frame, frame.height(), false).trim_end())
}
