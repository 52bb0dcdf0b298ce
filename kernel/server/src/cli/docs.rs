//! `aerostat docs`: pages that are written from what the kernel knows.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Subcommand};

#[derive(Args)]
pub(crate) struct DocsArguments {
    #[command(subcommand)]
    pub(super) page: Page,
}

#[derive(Subcommand)]
pub(super) enum Page {
    /// The types, methods, functions and options that DataFrame cells know, as Markdown
    Cells {
        /// The file to write, instead of printing the page
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

/// Writes a page.
pub(super) fn run(page: &Page) -> anyhow::Result<()> {
    let Page::Cells { out } = page;
    let text = aerostat_cells::reference();
    match out {
        Some(file) => std::fs::write(file, text).with_context(|| format!("cannot write `{}`", file.display())),
        None => Ok(std::io::stdout().write_all(text.as_bytes())?),
    }
}
