//! The compiler, and the library that cells are compiled against.

use std::path::{Path, PathBuf};
use std::process::Command;

use aerostat_error::{Error, Kind, Object, Result};

/// The compiler that built this kernel, and with it the library. Another one cannot use it.
const BUILT_WITH: &str = env!("AEROSTAT_RUSTC");

const LIBRARY: &str = "libaerostat_prelude.so";

/// What compiled cells need.
#[derive(Clone, Debug)]
pub struct Toolchain {
    /// The compiler.
    pub rustc: PathBuf,
    /// Its version.
    pub version: String,
    /// The library that cells link.
    pub library: PathBuf,
    /// The folder with the metadata of the crates in the library.
    pub(crate) metadata: PathBuf,
    /// The folder of the shared standard library.
    pub(crate) standard: PathBuf,
}

impl Toolchain {
    /// Finds everything, or says what is missing.
    pub fn find() -> Result<Self> {
        let (library, metadata) = library()?;
        let rustc = rustc()?;
        let version =
            output(&rustc, &["--version"]).ok_or_else(|| missing(format!("`{}` does not run", rustc.display())))?;
        if version != BUILT_WITH {
            return Err(missing(format!("compiled cells need {BUILT_WITH}, but {version} is installed")));
        }
        if !on_path("cc") {
            return Err(Error::new(
                Kind::NotFound(Object::Toolchain),
                "compiled cells need a linker, `cc`, and there is none",
            )
            .with_hint("install a C compiler, e.g. with `apt install gcc libc6-dev`"));
        }
        let standard = output(&rustc, &["--print", "target-libdir"])
            .ok_or_else(|| missing("the standard library was not found".to_owned()))?;
        Ok(Self { rustc, version, library, metadata, standard: standard.into() })
    }

    /// The number in the version, which is the name of the toolchain for rustup.
    pub(crate) fn release() -> &'static str {
        BUILT_WITH.split(' ').nth(1).unwrap_or_default()
    }

    /// Where the process of compiled cells finds shared libraries.
    pub(crate) fn library_folders(&self) -> [&Path; 2] {
        [self.library.parent().unwrap_or(Path::new("/")), &self.standard]
    }
}

/// The library and the metadata beside it: next to this program, as it is built, or in `../lib/aerostat`.
fn library() -> Result<(PathBuf, PathBuf)> {
    let program = std::env::current_exe().and_then(|path| path.canonicalize());
    let program = program.map_err(|error| Error::io("finding this program", &error))?;
    let folder = program.parent().unwrap_or(Path::new("/"));
    let folders = [folder.to_owned(), folder.join("../lib/aerostat")];
    let found = folders.iter().find(|folder| folder.join(LIBRARY).is_file() && folder.join("deps").is_dir());
    let found = found.ok_or_else(|| {
        Error::new(
            Kind::NotFound(Object::Toolchain),
            format!("`{LIBRARY}`, which compiled cells link, is not beside `{}`", program.display()),
        )
        .with_hint("run the kernel from where `make build` put it, or build it there again")
    })?;
    Ok((found.join(LIBRARY), found.join("deps")))
}

/// The compiler: the right one that rustup has, else whichever is there.
fn rustc() -> Result<PathBuf> {
    let pinned = format!("+{}", Toolchain::release());
    let from_rustup = output(Path::new("rustup"), &[pinned.as_str(), "which", "rustc"]).map(PathBuf::from);
    let from_rustup = from_rustup.or_else(|| output(Path::new("rustup"), &["which", "rustc"]).map(PathBuf::from));
    let found = from_rustup.or_else(|| on_path("rustc").then(|| PathBuf::from("rustc")));
    found.ok_or_else(|| missing("no Rust compiler is installed".to_owned()))
}

fn missing(what: String) -> Error {
    let release = Toolchain::release();
    Error::new(Kind::NotFound(Object::Toolchain), what).with_hint(format!(
        "install Rust {release}: `rustup toolchain install {release}`, with rustup from https://rustup.rs; \
         cells that need no compiling go on to work"
    ))
}

/// What a program prints, if it succeeds.
fn output(program: &Path, args: &[&str]) -> Option<String> {
    let output = Command::new(program).args(args).output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}
