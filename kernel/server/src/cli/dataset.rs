//! `aerostat dataset`: data to try things on.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use aerostat_session::types::parse_schema;
use anyhow::{Context, ensure};
use clap::{Args, Subcommand};
use polars::prelude::{CsvReadOptions, ParquetWriter, SerReader};

const RETAIL_EXAMPLES: &str = "\
Examples:
  aerostat dataset retail --out data                  541909 rows, as in the original
  aerostat dataset retail --rows 10000000 --out big   as many as you like
  aerostat dataset retail --seed 7 --out other        other data of the same kind";

const WDI_EXAMPLES: &str = "\
Examples:
  aerostat dataset wdi --out data             about a million rows: 72 of 1446 indicators
  aerostat dataset wdi --scale 1 --out full   21759408 rows, as in the original";

#[derive(Args)]
pub(crate) struct DatasetArguments {
    #[command(subcommand)]
    pub(super) dataset: Dataset,
}

#[derive(Subcommand)]
pub(super) enum Dataset {
    /// Orders of an online shop, like the UCI data set \"Online Retail\"; the same bytes for the same seed
    #[command(after_help = RETAIL_EXAMPLES)]
    Retail {
        /// How many rows
        #[arg(long, default_value_t = 541_909)]
        rows: usize,
        /// Which of all possible data
        #[arg(long, default_value_t = 42)]
        seed: u64,
        /// The folder for `online_retail.csv`
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
    /// Figures of countries by indicator and year, like the World Bank's \"World Development Indicators\"
    #[command(after_help = WDI_EXAMPLES)]
    Wdi {
        /// How much of the original's size: more than 0, at most 1
        #[arg(long, default_value_t = 0.05)]
        scale: f64,
        /// Which of all possible data
        #[arg(long, default_value_t = 42)]
        seed: u64,
        /// The folder for the folders `text` and `parquet`
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
}

/// Generates the data.
pub(super) fn run(dataset: &Dataset) -> anyhow::Result<()> {
    match dataset {
        Dataset::Retail { rows, seed, out } => retail(*rows, *seed, out),
        Dataset::Wdi { scale, seed, out } => wdi(*scale, *seed, out),
    }
}

fn retail(rows: usize, seed: u64, out: &Path) -> anyhow::Result<()> {
    create(out)?;
    let file = out.join("online_retail.csv");
    aerostat_datasets::retail::write_csv(&file, rows, seed)
        .with_context(|| format!("cannot write `{}`", file.display()))?;
    Ok(writeln!(std::io::stdout(), "{} ({rows} rows)", file.display())?)
}

fn wdi(scale: f64, seed: u64, out: &Path) -> anyhow::Result<()> {
    ensure!(scale > 0.0 && scale <= 1.0, "`--scale {scale}` must be more than 0 and at most 1");
    let (text, parquet) = (out.join("text"), out.join("parquet"));
    [&text, &parquet].into_iter().try_for_each(|folder| create(folder))?;
    let files = aerostat_datasets::wdi::write_csv(&text, scale, seed)
        .with_context(|| format!("cannot write to `{}`", text.display()))?;
    for file in &files {
        let name = Path::new(file.file_name().unwrap_or_default()).with_extension("parquet");
        as_parquet(file, &parquet.join(name)).with_context(|| format!("cannot convert `{}`", file.display()))?;
    }
    let rows = aerostat_datasets::wdi::lines(scale);
    [text, parquet].into_iter().try_for_each(|folder| {
        Ok(writeln!(std::io::stdout(), "{} ({rows} rows in {} files)", folder.display(), files.len())?)
    })
}

fn create(folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot create `{}`", folder.display()))
}

fn as_parquet(csv: &Path, parquet: &Path) -> anyhow::Result<()> {
    let schema = parse_schema(aerostat_datasets::wdi::SCHEMA)?;
    let options = CsvReadOptions::default().with_has_header(true).with_schema(Some(schema.into()));
    let mut frame = options.try_into_reader_with_file_path(Some(csv.to_owned()))?.finish()?;
    ParquetWriter::new(File::create(parquet)?).finish(&mut frame)?;
    Ok(())
}
