//! Files that are there become files of a table without a log.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use aerostat_error::{Error, Object, Result};
use aerostat_metastore::{Partition, TableInfo};

use super::{folder, location};
use crate::{Session, files, write};

/// How files are loaded.
#[derive(Clone, Debug)]
pub struct Load {
    /// The partition that they are for; none of a table that is not partitioned.
    pub values: BTreeMap<String, Option<String>>,
    /// Whether they stay where they are as well.
    pub copies: bool,
    /// Whether those that are there already go.
    pub overwrites: bool,
}

/// Makes the file `path`, or the files of this folder, part of the table. They are not looked into.
pub fn load(session: &Session, info: &TableInfo, path: &Path, load: &Load) -> Result<()> {
    let new = files::below(path)?;
    if new.is_empty() {
        return Err(Error::not_found(Object::File, path.display()));
    }
    let to = target(session, info, &load.values)?;
    let old = if load.overwrites { files::below(&to)? } else { Vec::new() };
    let failed = |error| Error::io(format!("loading `{}` into `{}`", path.display(), to.display()), &error);
    fs::create_dir_all(&to).map_err(failed)?;
    for file in &new {
        take(file, &free(&to, file, &old), load.copies).map_err(failed)?;
    }
    write::sync(&to)?;
    for file in old.iter().filter(|file| !new.contains(file)) {
        fs::remove_file(file).map_err(failed)?;
    }
    if load.values.is_empty() {
        return Ok(());
    }
    let partition = Partition { values: load.values.clone(), location: to };
    session.metastore().add_partitions(&info.name, &[partition], true)
}

/// The folder of the partition, or of the table.
fn target(session: &Session, info: &TableInfo, values: &BTreeMap<String, Option<String>>) -> Result<PathBuf> {
    if values.is_empty() {
        return location(info);
    }
    let known = session.metastore().partitions(&info.name)?;
    let known = known.into_iter().find(|partition| partition.values == *values);
    known.map_or_else(|| folder(info, values), |partition| Ok(partition.location))
}

/// A name that no file has, as Hive makes it: `data_copy_1.csv`.
fn free(folder: &Path, file: &Path, old: &[PathBuf]) -> PathBuf {
    let part = |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    let (stem, extension) = (part(file.file_stem()), file.extension());
    let mut path = folder.join(file.file_name().unwrap_or_default());
    for number in 1.. {
        if !path.exists() && !old.contains(&path) {
            break;
        }
        path = folder.join(format!("{stem}_copy_{number}"));
        if let Some(extension) = extension {
            path.set_extension(extension);
        }
    }
    path
}

/// Copies to a hidden name first, so that no reader sees half a file.
fn take(file: &Path, to: &Path, copies: bool) -> std::io::Result<()> {
    if !copies && fs::rename(file, to).is_ok() {
        return Ok(());
    }
    let name = to.file_name().unwrap_or_default().to_string_lossy();
    let hidden = to.with_file_name(format!(".{name}"));
    fs::copy(file, &hidden)?;
    fs::File::open(&hidden)?.sync_all()?;
    fs::rename(&hidden, to)?;
    if copies { Ok(()) } else { fs::remove_file(file) }
}
