//! `aerostat import`: notebooks of Zeppelin and Databricks for this kernel.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use clap::Args;

use super::install;

const EXAMPLES: &str = "\
Examples:
  aerostat import note.zpln                  writes note.ipynb, and says what is left to translate
  aerostat import Orders.py --out orders.ipynb
  aerostat import databricks.ipynb           writes databricks.aerostat.ipynb

What becomes of a cell:
  markdown, SQL, shell   runs as it is; forms such as ${year=2015} become widgets
  Python                 quoted, above a cell of Rust with the statements that have a certain translation
  Scala, R and others    quoted, above an empty cell";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ImportArguments {
    /// The notebook: Zeppelin's .zpln or .json, Databricks' .py, .sql, .scala, .r or .ipynb
    file: PathBuf,
    /// The notebook to write [default: the same name with .ipynb]
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Replace a file that is there
    #[arg(long)]
    force: bool,
}

/// Converts the notebook and reports.
pub(super) fn run(arguments: &ImportArguments) -> anyhow::Result<()> {
    let file = &arguments.file;
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read `{}`", file.display()))?;
    let imported =
        aerostat_import::import(&file.to_string_lossy(), &text).map_err(|error| anyhow!(error.render("")))?;
    let out = arguments.out.clone().unwrap_or_else(|| beside(file));
    if out.exists() && !arguments.force {
        bail!("`{}` is there already\nhint: --force replaces it, --out FILE writes another", out.display());
    }
    let notebook = serde_json::to_string_pretty(&imported.notebook(&install::kernelspec()?))? + "\n";
    std::fs::write(&out, notebook).with_context(|| format!("cannot write `{}`", out.display()))?;
    let mut stdout = std::io::stdout();
    write!(stdout, "{}", imported.report)?;
    Ok(writeln!(stdout, "written to {}", out.display())?)
}

/// The file with the extension of a notebook, or with one more if it has that itself.
fn beside(file: &Path) -> PathBuf {
    let is_notebook = file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("ipynb"));
    file.with_extension(if is_notebook { "aerostat.ipynb" } else { "ipynb" })
}
