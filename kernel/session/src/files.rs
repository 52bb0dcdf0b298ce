//! Which files a path means: itself, the files of a folder, or the matches of a glob.

use std::path::{Path, PathBuf};

use aerostat_error::{Error, Object, Result};
use polars::io::HiveOptions;
use polars::prelude::PlRefPath;

/// Files to read, and whether their folders are named after values (`year=2024/`).
pub(crate) struct Files {
    pub(crate) paths: Vec<PlRefPath>,
    pub(crate) hive_options: HiveOptions,
}

/// The files that `path` means, in the order of their names. Hidden files (`.x`, `_SUCCESS`) of a folder do not count.
pub(crate) fn find(path: &str) -> Result<Files> {
    let path = local(path)?;
    if path.is_dir() {
        return in_folder(&path);
    }
    if path.is_file() {
        return files(vec![path], HiveOptions::new_disabled());
    }
    match matches(&path)? {
        found if found.is_empty() => Err(not_found(&path)),
        found => files(found, HiveOptions::new_disabled()),
    }
}

/// These files.
pub(crate) fn of<'p>(paths: impl Iterator<Item = &'p Path>) -> Result<Files> {
    files(paths.map(Path::to_owned).collect(), HiveOptions::new_disabled())
}

/// The files below a folder, in the order of their names; a file is its own. There are none where nothing is.
pub(crate) fn below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if folder.is_file() {
        found.push(folder.to_owned());
    } else if folder.is_dir() {
        walk(folder, &mut found)?;
        found.sort();
    }
    Ok(found)
}

/// The local path that Spark users may have written as a URI. `~` is the user's home.
pub fn local(path: &str) -> Result<PathBuf> {
    let bare = path.strip_prefix("file://").or_else(|| path.strip_prefix("file:")).unwrap_or(path);
    if let Some((scheme, _)) = bare.split_once("://") {
        return Err(Error::not_supported(format!("`{path}` is not on this machine"))
            .with_hint(format!("files are read and written locally: there is no connector for `{scheme}`")));
    }
    match (bare.strip_prefix("~/"), std::env::home_dir()) {
        (Some(below), Some(home)) => Ok(home.join(below)),
        _ => Ok(PathBuf::from(bare)),
    }
}

/// The same from the root on.
pub(crate) fn absolute(path: &str) -> Result<PathBuf> {
    std::path::absolute(local(path)?).map_err(|source| Error::io(format!("resolving the path `{path}`"), &source))
}

fn in_folder(folder: &Path) -> Result<Files> {
    let mut found = Vec::new();
    walk(folder, &mut found)?;
    if found.is_empty() {
        return Err(
            Error::not_found(Object::File, folder.display()).with_hint("the folder is there, but holds no files")
        );
    }
    found.sort();
    let start = folder.as_os_str().len();
    let hive = found.iter().all(|file| file.strip_prefix(folder).is_ok_and(has_values));
    files(
        found,
        match hive {
            true => HiveOptions { hive_start_idx: start, ..HiveOptions::new_enabled() },
            false => HiveOptions::new_disabled(),
        },
    )
}

fn has_values(below: &Path) -> bool {
    below.parent().is_some_and(|folders| folders.components().any(|c| c.as_os_str().to_string_lossy().contains('=')))
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    let failed = |source| Error::io(format!("reading folder `{}`", folder.display()), &source);
    for entry in folder.read_dir().map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() && !is_hidden(&path) {
            walk(&path, found)?;
        } else if path.is_file() && !is_hidden(&path) {
            found.push(path);
        }
    }
    Ok(())
}

pub(crate) fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(['_', '.']))
}

fn matches(path: &Path) -> Result<Vec<PathBuf>> {
    let pattern = path.to_string_lossy();
    if !pattern.contains(['*', '?', '[']) {
        return Ok(Vec::new());
    }
    let found = glob::glob(&pattern).map_err(|error| Error::invalid_argument(format!("`{pattern}`: {error}")))?;
    Ok(found.filter_map(std::result::Result::ok).filter(|path| path.is_file() && !is_hidden(path)).collect())
}

fn files(paths: Vec<PathBuf>, hive_options: HiveOptions) -> Result<Files> {
    let paths = paths.iter().map(|path| reference(path)).collect::<Result<_>>()?;
    Ok(Files { paths, hive_options })
}

/// The path as polars wants it.
pub(crate) fn reference(path: &Path) -> Result<PlRefPath> {
    let text = path.to_str();
    text.map(PlRefPath::new).ok_or_else(|| Error::not_supported(format!("path `{}` is not Unicode", path.display())))
}

/// Names the nearest of what is there instead, or the folder that is missing already.
fn not_found(path: &Path) -> Error {
    let error = |name: &str, there: Vec<String>| {
        let hint = aerostat_error::did_you_mean(name, there);
        Error::not_found(Object::File, path.display()).with_hint_opt(hint)
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match (path.file_name(), folder.read_dir()) {
        (Some(name), Ok(entries)) => {
            let there = entries.filter_map(std::result::Result::ok).map(|entry| entry.file_name());
            error(&name.to_string_lossy(), there.map(|name| name.to_string_lossy().into_owned()).collect())
        }
        (_, Err(_)) if path.is_relative() => error("", Vec::new()).with_hint(relative_to()),
        _ => error("", Vec::new()).with_hint(format!("there is no folder `{}`", folder.display())),
    }
}

fn relative_to() -> String {
    match std::env::current_dir() {
        Ok(folder) => format!("relative paths start from `{}`", folder.display()),
        Err(_) => "relative paths start from the kernel's working folder, which is gone".into(),
    }
}
