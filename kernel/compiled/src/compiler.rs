//! evcxr, set up to compile cells against the shared library, and to run them in our own process.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitStatus};
use std::sync::{Arc, PoisonError};

use aerostat_bridge::SOCKET;
use aerostat_error::{Error, Kind, Result};
use evcxr::{CompilationError, EvalContext};

use crate::calls::Calls;
use crate::child::LIBRARY_PATH;
use crate::folder;
use crate::link::Link;
use crate::process::Process;
use crate::service::Server;
use crate::toolchain::Toolchain;

/// How much the compiler optimises cells at first: least, for it is waited for.
const OPT_LEVEL: &str = "0";

/// evcxr's state, and the process of compiled cells behind it.
pub(crate) struct Compiler {
    context: EvalContext,
    link: Arc<Link>,
    _server: Server,
}

/// What compiling and running a cell came to, as far as evcxr knows.
pub(crate) enum Outcome {
    /// The cell ran to its end, or failed in a way that it reported itself.
    Ran,
    /// The compiler refused it; with the text that was compiled.
    Refused(Vec<CompilationError>, String),
    /// The process has ended. Another one has been started.
    ProcessEnded(String),
}

impl Compiler {
    /// Starts evcxr and the process. `calls` serve the process.
    pub(crate) fn start(toolchain: &Toolchain, calls: Calls) -> Result<Self> {
        let socket = folder::create()?.join("kernel.socket");
        let failed = |error: std::io::Error| Error::io("starting the process of compiled cells", &error);
        let _ = std::fs::remove_file(&socket);
        let link = calls.link().clone();
        let server = Server::start(&socket, calls).map_err(failed)?;
        let command = command(toolchain, &socket).map_err(failed)?;
        let (context, _) = EvalContext::with_subprocess_command(command).map_err(|error| evcxr_failed(&error))?;
        let mut compiler = Self { context, link, _server: server };
        let mut state = compiler.context.state();
        // Where rustup has the right toolchain, whatever the folder is in which the kernel runs.
        state.set_toolchain(Toolchain::release()).map_err(|error| Error::internal(error.to_string()))?;
        state.set_build_env("CARGO_ENCODED_RUSTFLAGS", &flags(toolchain));
        state.set_build_env("RUSTC_WORKSPACE_WRAPPER", &wrapper().map_err(failed)?);
        state.set_opt_level(OPT_LEVEL).map_err(|error| evcxr_failed(&error))?;
        compiler.context.eval_with_state("", state).map_err(|error| evcxr_failed(&error))?;
        Ok(compiler)
    }

    /// The process of compiled cells.
    pub(crate) fn process(&self) -> Process {
        self.context.process_handle()
    }

    /// How the process ended, if it has and evcxr has not found out.
    pub(crate) fn ending(&self) -> Option<ExitStatus> {
        self.process().lock().unwrap_or_else(PoisonError::into_inner).try_wait().ok().flatten()
    }

    /// Compiles a text and runs it.
    pub(crate) fn run(&mut self, text: &str) -> Result<Outcome> {
        match self.context.eval(text) {
            Ok(_) => Ok(Outcome::Ran),
            Err(evcxr::Error::CompilationErrors(errors)) => {
                let compiled =
                    self.context.last_source().map_err(|error| Error::io("reading a compiled cell", &error))?;
                Ok(Outcome::Refused(errors, compiled))
            }
            Err(evcxr::Error::SubprocessTerminated(how)) => Ok(Outcome::ProcessEnded(how)),
            Err(error) => Err(evcxr_failed(&error)),
        }
    }

    /// The text that was compiled last.
    pub(crate) fn compiled(&self) -> String {
        self.context.last_source().unwrap_or_default()
    }

    /// Adds a crate, and builds it.
    pub(crate) fn add_dependency(&mut self, name: &str, config: &str) -> Result<()> {
        let mut state = self.context.state();
        let added = state.add_dep(name, config);
        let mut added = added.and_then(|()| self.context.eval_with_state("", state.clone()));
        // The process had ended before; by now there is another one.
        if let Err(evcxr::Error::SubprocessTerminated(_)) = added {
            self.link.wait_for_rest();
            added = self.context.eval_with_state("", state);
        }
        added.map(drop).map_err(|error| dependency_failed(name, &error))
    }

    /// Changes how much the compiler optimises.
    pub(crate) fn set_opt_level(&mut self, level: &str) -> Result<()> {
        self.context.set_opt_level(level).map_err(|error| evcxr_failed(&error))
    }
}

/// This program again, as the process of compiled cells, in a group of its own: an interrupt from a terminal is the
/// kernel's to pass on.
fn command(toolchain: &Toolchain, socket: &Path) -> std::io::Result<Command> {
    let before = std::env::var_os("LD_LIBRARY_PATH").unwrap_or_default();
    let folders = toolchain.library_folders().map(Path::to_owned).into_iter().chain(std::env::split_paths(&before));
    let folders = std::env::join_paths(folders.filter(|folder| !folder.as_os_str().is_empty()));
    let mut command = Command::new(std::env::current_exe()?);
    command
        .arg("compiled-cells")
        .env(SOCKET, socket)
        .env("LD_LIBRARY_PATH", folders.map_err(std::io::Error::other)?)
        .env(LIBRARY_PATH, before)
        .process_group(0);
    Ok(command)
}

/// Calls the compiler with the same identity for every cell. Cargo makes another one of each level of optimisation and
/// of each set of crates, and with it the types of a cell would be others than those of the variables that it finds.
const WRAPPER: &str = r#"#!/bin/sh
for arg; do
    shift
    case $arg in metadata=*) arg=metadata=cell ;; esac
    set -- "$@" "$arg"
done
exec "$@"
"#;

/// Writes the program that calls the compiler; its path.
fn wrapper() -> std::io::Result<String> {
    let path = folder::path().join("rustc");
    std::fs::write(&path, WRAPPER)?;
    std::fs::set_permissions(&path, Permissions::from_mode(0o700))?;
    Ok(path.to_string_lossy().into_owned())
}

/// The compiler's options, separated as cargo wants them, which allows for spaces in paths.
fn flags(toolchain: &Toolchain) -> String {
    let library = format!("--extern=aerostat_prelude={}", toolchain.library.display());
    let metadata = format!("-Ldependency={}", toolchain.metadata.display());
    ["-Cprefer-dynamic", &library, &metadata].join("\u{1f}")
}

fn evcxr_failed(error: &evcxr::Error) -> Error {
    Error::new(Kind::Compile, error.to_string().trim().to_owned())
}

fn dependency_failed(name: &str, error: &evcxr::Error) -> Error {
    let text = error.to_string();
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or("no reason was given").trim_start_matches("error: ").to_owned();
    let rest: Vec<&str> = lines.filter(|line| !line.starts_with("Tip:")).collect();
    let error = Error::new(Kind::Compile, format!("crate `{name}` cannot be used: {first}"));
    if rest.is_empty() { error } else { error.with_report(rest.join("\n")) }
}
