//! The command line.

mod dataset;
mod docs;
mod doctor;
mod import;
mod install;
mod rows;
mod sql;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use tracing_subscriber::EnvFilter;

/// The variable that says what is logged, e.g. `debug`.
const LOG: &str = "AEROSTAT_LOG";

/// What is logged if it says nothing. The library that reads the logs of Delta tables logs each error that it returns, and
/// ours say more.
const DEFAULT_LOG: &str = "warn,buoyant_kernel=off";

/// The variable that says where the metastore is.
const HOME_VARIABLE: &str = "AEROSTAT_HOME";

const EXAMPLES: &str = "\
Examples:
  aerostat install --sys-prefix          make the kernel known to the Jupyter of this environment
  jupyter lab                            and choose \"Aerostat (Rust DataFrames)\"
  aerostat doctor                        see what is installed where
  aerostat sql \"SHOW DATABASES\"          run SQL without a notebook

Environment:
  AEROSTAT_HOME          the metastore's folder, unless --root names one (default: ~/.aerostat)
  AEROSTAT_LOG           what is logged to stderr: error, warn (default), info, debug, trace
  AEROSTAT_MEMORY_LIMIT  how much memory the kernel may take, e.g. 8G, or none (default: 90 % of what there is)
  AEROSTAT_OUTPUT_LIMIT  how many bytes a cell may show, e.g. 100M, or none (default: 10000000)
  AEROSTAT_PARAM_<NAME>  the value of the widget <name> in notebooks";

/// DataFrame notebooks in Rust: a Jupyter kernel, and its SQL engine on the command line.
#[derive(Parser)]
#[command(name = "aerostat", version, after_help = EXAMPLES, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Run a kernel; Jupyter does this.
    Kernel(KernelArguments),
    /// Make the kernel known to Jupyter.
    Install(install::InstallArguments),
    /// Make Jupyter forget the kernel.
    Uninstall(install::UninstallArguments),
    /// Say what is installed where, and whether the metastore can be used.
    Doctor(Root),
    /// Run SQL statements and print their results.
    Sql(sql::SqlArguments),
    /// Convert a notebook of Zeppelin or Databricks.
    Import(import::ImportArguments),
    /// Run compiled cells; a kernel does this.
    #[command(hide = true)]
    CompiledCells,
    /// Generate data to try things on.
    Dataset(dataset::DatasetArguments),
    /// Print a reference of what the kernel knows.
    Docs(docs::DocsArguments),
}

#[derive(Args)]
pub(crate) struct KernelArguments {
    /// The connection file that Jupyter has written.
    #[arg(short = 'f', long, value_name = "FILE")]
    connection_file: PathBuf,
    #[command(flatten)]
    root: Root,
}

/// Which metastore.
#[derive(Args)]
pub(crate) struct Root {
    /// The metastore's folder [default: $AEROSTAT_HOME, or ~/.aerostat]
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
}

impl Root {
    /// The folder that is meant, from the root of the file system: tables outlive the working directory.
    pub(crate) fn path(self) -> PathBuf {
        let from_environment = || std::env::var_os(HOME_VARIABLE).filter(|home| !home.is_empty()).map(PathBuf::from);
        let root = self.root.or_else(from_environment).unwrap_or_else(|| home().join(".aerostat"));
        std::path::absolute(&root).unwrap_or(root)
    }
}

/// The user's home folder; the current one for a user who has none.
pub(crate) fn home() -> PathBuf {
    std::env::home_dir().unwrap_or_default()
}

/// Logs to stderr.
pub(crate) fn start_log() {
    let filter = EnvFilter::try_from_env(LOG).unwrap_or_else(|_| EnvFilter::new(DEFAULT_LOG));
    // The only caller is `main`, so no logger is there yet.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}

/// Runs a command; what goes wrong is said on stderr.
pub(crate) fn run(command: Command) -> ExitCode {
    let result = match command {
        Command::Kernel(arguments) => {
            aerostat_compiled::prepare();
            let ended = crate::kernel::run(&arguments.connection_file, arguments.root.path());
            aerostat_compiled::remove_files();
            ended
        }
        Command::CompiledCells => aerostat_compiled::run_child().map_err(Into::into),
        Command::Install(arguments) => install::install(&arguments),
        Command::Uninstall(arguments) => install::uninstall(&arguments),
        Command::Doctor(root) => doctor::run(&root.path()),
        Command::Sql(arguments) => sql::run(arguments),
        Command::Import(arguments) => import::run(&arguments),
        Command::Dataset(arguments) => dataset::run(&arguments.dataset),
        Command::Docs(arguments) => docs::run(&arguments.page),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads the output has seen enough, as in `aerostat sql .. | head`.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}
