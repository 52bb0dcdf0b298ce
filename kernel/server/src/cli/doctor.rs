//! `aerostat doctor`: what is installed where, and whether it can work.

use std::io::Write;
use std::path::{Path, PathBuf};

use aerostat_compiled::Toolchain;
use aerostat_error::{Error, Result, counted};
use aerostat_metastore::Metastore;
use anyhow::bail;
use serde_json::Value;

use super::install::kernel_folders;

/// Prints the findings; fails if one of them keeps the kernel from working.
pub(super) fn run(root: &Path) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "aerostat     {}, for Rust {}", env!("CARGO_PKG_VERSION"), env!("CARGO_PKG_RUST_VERSION"))?;
    writeln!(out, "executable   {}", std::env::current_exe()?.display())?;
    let mut problems = 0;
    for line in kernelspecs(&mut problems) {
        writeln!(out, "kernelspec   {line}")?;
    }
    for line in compiled_cells() {
        writeln!(out, "compiled     {line}")?;
    }
    writeln!(out, "metastore    {}", metastore(root, &mut problems))?;
    for line in findings(root, &mut problems) {
        writeln!(out, "             {line}")?;
    }
    match problems {
        0 => Ok(writeln!(out, "everything is in place")?),
        1 => bail!("one thing is not in place"),
        _ => bail!("{problems} things are not in place"),
    }
}

/// What compiled cells are compiled with. That it is missing keeps nothing else from working, so it is no problem.
fn compiled_cells() -> Vec<String> {
    match Toolchain::find() {
        Ok(found) => vec![
            format!("{}, {}", found.version, found.rustc.display()),
            format!("library {}", found.library.display()),
        ],
        Err(error) => vec![format!("not available: {error}")],
    }
}

/// The kernelspecs that start an Aerostat kernel, and whether they can.
fn kernelspecs(problems: &mut usize) -> Vec<String> {
    let found: Vec<(PathBuf, PathBuf)> = kernel_folders().iter().flat_map(|folder| specs_in(folder)).collect();
    if found.is_empty() {
        *problems += 1;
        return vec!["none found; `aerostat install --help` tells how to make the kernel known to Jupyter".to_owned()];
    }
    let mut describe = |(folder, executable): (PathBuf, PathBuf)| match executable.is_file() {
        true => format!("{} starts {}", folder.display(), executable.display()),
        false => {
            *problems += 1;
            format!("{} starts {}, which does not exist", folder.display(), executable.display())
        }
    };
    found.into_iter().map(&mut describe).collect()
}

/// The folders of kernelspecs that start a program called `aerostat`, with that program.
fn specs_in(kernels: &Path) -> Vec<(PathBuf, PathBuf)> {
    let executable = |folder: &Path| -> Option<PathBuf> {
        let spec: Value = serde_json::from_str(&std::fs::read_to_string(folder.join("kernel.json")).ok()?).ok()?;
        let path = PathBuf::from(spec["argv"][0].as_str()?);
        (path.file_name()? == "aerostat").then_some(path)
    };
    let entries = std::fs::read_dir(kernels).into_iter().flatten().flatten();
    let specs = entries.filter_map(|entry| Some((entry.path(), executable(&entry.path())?)));
    specs.collect()
}

/// The metastore's folder with what is in it, or why it cannot be used. Looking does not create it.
fn metastore(root: &Path, problems: &mut usize) -> String {
    let state = match root.exists() {
        true => contents(root),
        false => creatable(root).map(|()| "not there yet, the first kernel creates it".to_owned()),
    };
    let state = state.unwrap_or_else(|error| {
        *problems += 1;
        error.to_string()
    });
    format!("{}: {state}", root.display())
}

fn contents(root: &Path) -> Result<String> {
    let metastore = Metastore::open(root)?;
    let schemas = metastore.schemas()?;
    let tables = schemas.iter().map(|schema| Ok(metastore.tables(&schema.name)?.len())).sum::<Result<usize>>()?;
    Ok(format!("writable, {}, {}", counted(schemas.len(), "schema"), counted(tables, "table")))
}

/// What is damaged in the metastore and its tables, and what only takes space. Nothing is repaired.
fn findings(root: &Path, problems: &mut usize) -> Vec<String> {
    let opened = if root.exists() { Metastore::open(root) } else { return Vec::new() };
    // That it cannot be opened has been told already.
    let Ok(metastore) = opened else { return Vec::new() };
    match metastore.check() {
        Ok(findings) => {
            *problems += findings.iter().filter(|finding| finding.is_damage).count();
            findings.iter().map(|finding| format!("{}: {}", finding.place, finding.problem)).collect()
        }
        Err(error) => {
            *problems += 1;
            vec![error.to_string()]
        }
    }
}

/// An error unless the folder could be created.
fn creatable(root: &Path) -> Result<()> {
    let parent = root.ancestors().skip(1).find(|folder| folder.exists() || folder.as_os_str().is_empty());
    let parent = parent.filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let doing = format!("creating it in `{}`", parent.display());
    try_folder_in(parent).map_err(|error| Error::io(doing, &error))
}

/// Creates a folder and removes it again, which nothing but trying can tell.
fn try_folder_in(parent: &Path) -> std::io::Result<()> {
    let probe = parent.join(format!(".aerostat-{}", std::process::id()));
    std::fs::create_dir(&probe)?;
    std::fs::remove_dir(&probe)
}
