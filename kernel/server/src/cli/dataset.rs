//! `aerostat dataset`: data to try things on.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Subcommand};

const EXAMPLES: &str = "\
Examples:
  aerostat dataset retail --out data                  541909 rows, as in the original
  aerostat dataset retail --rows 10000000 --out big   as many as you like
  aerostat dataset retail --seed 7 --out other        other data of the same kind";

#[derive(Args)]
pub(crate) struct DatasetArguments {
    #[command(subcommand)]
    pub(super) dataset: Dataset,
}

#[derive(Subcommand)]
pub(super) enum Dataset {
    /// Orders of an online shop, like the UCI data set \"Online Retail\"; the same bytes for the same seed
    #[command(after_help = EXAMPLES)]
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
}

/// Generates the data.
pub(super) fn run(dataset: &Dataset) -> anyhow::Result<()> {
    let Dataset::Retail { rows, seed, out } = dataset;
    std::fs::create_dir_all(out).with_context(|| format!("cannot create `{}`", out.display()))?;
    let file = out.join("online_retail.csv");
    aerostat_datasets::retail::write_csv(&file, *rows, *seed)
        .with_context(|| format!("cannot write `{}`", file.display()))?;
    Ok(writeln!(std::io::stdout(), "{} ({rows} rows)", file.display())?)
}
