//! `aerostat`: a Jupyter kernel for DataFrame notebooks, and the same engine on the command line.

mod cli;
mod kernel;
mod notebook;

use std::process::ExitCode;

use clap::Parser;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = cli::Arguments::parse();
    cli::start_log();
    cli::run(arguments.command)
}
