//! Frames as folders of files, without a table.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use aerostat_error::{Error, Object, Result};
use aerostat_metastore::Format;
use polars::prelude::{Expr, col};
use uuid::Uuid;

use super::columns::find;
use super::durable::{sync, sync_all};
use super::encode::Encoding;
use super::overwrite::is_dynamic;
use super::parts::{self, Layout, rows_per_file};
use super::table::in_delta;
use super::{Mode, Writer};
use crate::errors::unknown_column;
use crate::files::{absolute, below, is_hidden};

/// Says that the folder is complete.
const SUCCESS: &str = "_SUCCESS";

/// Writes the frame to the folder `path`, as the mode says.
pub(super) fn save(writer: Writer, format: Format, path: &str) -> Result<()> {
    let mode = writer.mode.clone()?;
    let dynamic = is_dynamic(&writer)? && writer.partition_columns.as_ref().is_some_and(|columns| !columns.is_empty());
    let layout = layout(&writer, format)?;
    let folder = absolute(path)?;
    if let Some(root) = writer.session.metastore().delta_root(&folder) {
        return Err(in_delta(&folder, root));
    }
    match (folder.try_exists().map_err(|source| Error::io(format!("reading `{path}`"), &source))?, mode) {
        (true, Mode::Error) => Err(Error::already_exists(Object::File, path)
            .with_hint("say what to do with it: `.mode(\"overwrite\")` or `.mode(\"append\")`")),
        (true, Mode::Ignore) => Ok(()),
        (true, Mode::Overwrite) => {
            check_replaceable(&folder)?;
            match dynamic {
                true => replace_partitions(&folder, &write(&writer, &folder, layout)?),
                false => replace(&folder, |new| write(&writer, new, layout).map(drop)),
            }
        }
        (true, Mode::Append) | (false, _) => write(&writer, &folder, layout).map(drop),
    }
}

fn layout(writer: &Writer, format: Format) -> Result<Layout> {
    let encoding = Encoding::new(format, &writer.options)?;
    let rows_per_file = rows_per_file(&writer.options)?;
    writer.options.finish(&format!("the {} writer", format.name()), encoding.refused())?;
    Ok(Layout { encoding, partition_columns: Vec::new(), rows_per_file, required: Vec::new(), for_log: false })
}

/// Adds the rows to a folder; the new files.
fn write(writer: &Writer, folder: &Path, layout: Layout) -> Result<BTreeSet<PathBuf>> {
    let mut frame = writer.frame.clone();
    let schema = writer.session.run(move || frame.collect_schema())?;
    let asked = writer.partition_columns.iter().flatten();
    let found = asked.map(|name| match find(&schema, name) {
        Some((name, _)) => Ok(name.to_owned()),
        None => Err(unknown_column(name, &schema.iter_names().map(|name| name.as_str()).collect::<Vec<_>>())),
    });
    let partition_columns = found.collect::<Result<Vec<String>>>()?;
    let failed = |source| Error::io(format!("writing folder `{}`", folder.display()), &source);
    fs::create_dir_all(folder).map_err(failed)?;
    let columns: Vec<Expr> = schema.iter_names().map(|name| col(name.clone())).collect();
    let frame = writer.frame.clone().select(columns);
    let staged = parts::write(&writer.session, frame, folder, Layout { partition_columns, ..layout })?;
    fs::write(folder.join(SUCCESS), []).map_err(failed)?;
    sync(folder)?;
    let files = staged.parts().iter().map(|part| folder.join(&part.path)).collect();
    staged.keep();
    Ok(files)
}

/// Removes what was there before from the partitions that new files are in. The new ones are there already: a crash in
/// between leaves old rows beside the new ones, but loses none.
fn replace_partitions(folder: &Path, new: &BTreeSet<PathBuf>) -> Result<()> {
    let partitions: BTreeSet<&Path> = new.iter().filter_map(|file| file.parent()).collect();
    let folders: Vec<PathBuf> =
        partitions.into_iter().filter(|partition| *partition != folder).map(Path::to_owned).collect();
    for partition in &folders {
        for old in below(partition)?.iter().filter(|file| !new.contains(*file)) {
            fs::remove_file(old).map_err(|source| Error::io(format!("removing `{}`", old.display()), &source))?;
        }
    }
    sync_all(&folders)
}

/// Writes a new folder beside the old one and then lets them change places.
fn replace(folder: &Path, write: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    let failed = |source| Error::io(format!("replacing folder `{}`", folder.display()), &source);
    let (new, old) = (beside(folder, "new"), beside(folder, "old"));
    write(&new).inspect_err(|_| drop(fs::remove_dir_all(&new)))?;
    fs::rename(folder, &old).map_err(failed)?;
    fs::rename(&new, folder).map_err(failed)?;
    fs::remove_dir_all(&old).map_err(failed)
}

/// A hidden name in the same folder, so that renaming stays on one file system.
fn beside(folder: &Path, what: &str) -> PathBuf {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    folder.with_file_name(format!(".{name}.{what}-{}", Uuid::new_v4()))
}

/// Refuses to replace anything that was not written by this, or by Spark: one wrong path must not cost a home folder.
fn check_replaceable(folder: &Path) -> Result<()> {
    let refuse = |what: &Path| {
        Err(Error::invalid_argument(format!(
            "`{}` is not a folder of written files: it holds `{}`",
            folder.display(),
            what.display()
        ))
        .with_hint("remove it yourself, or write to another folder"))
    };
    if !folder.is_dir() {
        return Err(Error::invalid_argument(format!("`{}` is a file, and not a folder of files", folder.display()))
            .with_hint("remove it yourself, or write to another path"));
    }
    let entries =
        folder.read_dir().map_err(|source| Error::io(format!("reading folder `{}`", folder.display()), &source))?;
    for entry in entries.filter_map(std::result::Result::ok) {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        match path.is_dir() {
            true if name.contains('=') => check_replaceable(&path)?,
            false if name.starts_with("part-") || is_hidden(&path) => {}
            _ => return refuse(&path),
        }
    }
    Ok(())
}
