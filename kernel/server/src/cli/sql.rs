//! `aerostat sql`: the engine of `%%sql` cells without a notebook.

use std::io::{ErrorKind, Read, Write};
use std::sync::Arc;

use aerostat_error::{Error, Result};
use aerostat_session::{Session, display};
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

/// Runs the statements and prints the rows of each as soon as it has them.
pub(super) fn run(arguments: SqlArguments) -> anyhow::Result<()> {
    let text = match arguments.statements.as_str() {
        "-" => read_stdin()?,
        _ => arguments.statements,
    };
    let root = arguments.root.path();
    let mut printer = Printer { format: arguments.format, has_printed: false, failure: None };
    let ran = guarded(|| {
        let session = Session::open(&root, Arc::new(Engine::new()?))?;
        session.execute_each(&text, |outcome| outcome.frame.map_or(Ok(()), |frame| printer.print(&frame)))
    });
    match printer.failure {
        // As it came, for the caller to see that nobody reads on.
        Some(failure) if failure.kind() == ErrorKind::BrokenPipe => Err(failure.into()),
        _ => ran.map_err(|error| anyhow!(error.render(&text))),
    }
}

fn read_stdin() -> anyhow::Result<String> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).context("cannot read the statements from stdin")?;
    Ok(text)
}

/// Prints results as they come.
struct Printer {
    format: Format,
    has_printed: bool,
    /// Why a result could not be printed.
    failure: Option<std::io::Error>,
}

impl Printer {
    fn print(&mut self, frame: &DataFrame) -> Result<()> {
        let mut out = std::io::BufWriter::new(std::io::stdout().lock());
        let written = self.write(&mut out, frame).and_then(|()| out.flush());
        self.has_printed = true;
        written.map_err(|failure| Error::io("printing a result", self.failure.insert(failure)))
    }

    fn write(&self, out: &mut impl Write, frame: &DataFrame) -> std::io::Result<()> {
        match self.format {
            Format::Table => write_table(out, frame),
            Format::Csv if self.has_printed => {
                writeln!(out)?;
                write_csv(out, frame)
            }
            Format::Csv => write_csv(out, frame),
            Format::Json => write_json(out, frame),
        }
    }
}

fn write_table(out: &mut impl Write, frame: &DataFrame) -> std::io::Result<()> {
    writeln!(out, "{}", display::show_text(frame, frame.height(), false).trim_end())
}
