//! The files at a place, of which some are chosen.

use std::path::PathBuf;

use aerostat_error::{Error, Object, Result};

use crate::files;

/// The files that a path means, in the order of their names.
pub struct FileList {
    /// What chosen names are below of.
    root: PathBuf,
    files: Vec<PathBuf>,
}

impl FileList {
    /// Those of a folder and all below it, a file, or the matches of a glob.
    pub fn at(path: &str) -> Result<Self> {
        let local = files::local(path)?;
        let root = std::path::absolute(&local).map_err(|e| Error::io(format!("resolving the path `{path}`"), &e))?;
        let files = match files::below(&root)? {
            found if root.is_dir() || !found.is_empty() => found,
            _ => files::find(path)?.paths.iter().map(|path| PathBuf::from(path.to_string())).collect(),
        };
        Ok(Self { root, files })
    }

    /// All of them.
    pub fn all(self) -> Vec<PathBuf> {
        self.files
    }

    /// The one of this name, which may have folders in it.
    pub fn named(&self, name: &str) -> Result<PathBuf> {
        let wanted = self.root.join(name);
        let names = self.files.iter().filter_map(|file| file.strip_prefix(&self.root).ok()?.to_str());
        match self.files.contains(&wanted) {
            true => Ok(wanted),
            false => Err(Error::not_found_among(Object::File, name, names)),
        }
    }

    /// Those whose names, with the folders they are in, match a glob.
    pub fn like(self, pattern: &str) -> Result<Vec<PathBuf>> {
        let glob = glob::Pattern::new(pattern)
            .map_err(|error| Error::invalid_argument(format!("`{pattern}` is no pattern of files: {error}")))?;
        let fits = |file: &PathBuf| glob.matches_path(file.strip_prefix(&self.root).unwrap_or(file));
        Ok(self.files.iter().filter(|file| fits(file)).cloned().collect())
    }
}
