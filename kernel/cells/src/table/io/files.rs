//! Small files of text, read and written as a whole.

use std::fs;
use std::path::Path;

use aerostat_error::{Error, Result};

use super::stream::Bytes;
use crate::table::{Table, functions};

/// Adds the rows of this file.
pub(super) fn register(table: &mut Table) {
    table.add_callables(functions! { fs {
        /// The text of a file.
        fn read_to_string(path: &str) -> Result<String> = named("reading", path, fs::read_to_string(path));
        /// Writes text or bytes to a file, instead of what is in it.
        fn write(path: &str, contents: Bytes) -> Result<()> = named("writing", path, fs::write(path, contents));
        /// Makes a folder, and those above it.
        fn create_dir_all(path: &str) -> Result<()> = named("making folder", path, fs::create_dir_all(path));
        /// Removes a file.
        fn remove_file(path: &str) -> Result<()> = named("removing", path, fs::remove_file(path));
        /// Copies a file; the number of its bytes.
        fn copy(from: &str, to: &str) -> Result<u64> = named("copying", from, fs::copy(from, to));
        /// Whether there is such a file or folder.
        fn exists(path: &str) -> Result<bool> = named("looking for", path, Path::new(path).try_exists());
    } });
}

fn named<T>(doing: &str, path: &str, result: std::io::Result<T>) -> Result<T> {
    result.map_err(|error| Error::io(format!("{doing} `{path}`"), &error))
}
