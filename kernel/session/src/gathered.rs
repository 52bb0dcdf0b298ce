//! Rows that come piece by piece, on their way into a table: in memory as long as they are few, then on disk.
//!
//! A write may look at its rows more than once (another process may come first, or only the partitions that they are in
//! are replaced), so they cannot simply pass by.

use std::fs::{self, File};
use std::path::PathBuf;

use aerostat_error::{Error, Result};
use aerostat_metastore::Format;
use polars::prelude::{DataFrame, IntoLazy, IpcWriter, LazyFrame, SchemaRef, SerWriter};
use uuid::Uuid;

use crate::Session;
use crate::errors::from_polars;
use crate::scratch;

/// What the folders of rows are called, before the number of the process and something unique.
const PREFIX: &str = "aerostat-rows-";

/// So many bytes of rows are kept in memory.
const IN_MEMORY: usize = 64 << 20;

/// The rows so far.
pub struct Gathered {
    session: Session,
    rows: DataFrame,
    /// How many there are.
    height: usize,
    /// The size of what is in memory.
    bytes: usize,
    /// Where rows are that do not fit into memory, and in how many files.
    folder: PathBuf,
    files: usize,
}

impl Gathered {
    /// No rows yet.
    pub fn new(session: &Session, schema: &SchemaRef) -> Self {
        let name = format!("{PREFIX}{}-{}", std::process::id(), Uuid::new_v4());
        let folder = std::env::temp_dir().join(name);
        Self {
            session: session.clone(),
            rows: DataFrame::empty_with_schema(schema),
            height: 0,
            bytes: 0,
            folder,
            files: 0,
        }
    }

    /// The columns of the rows.
    pub fn schema(&self) -> &SchemaRef {
        self.rows.schema()
    }

    /// How many rows there are.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Adds rows.
    pub fn push(&mut self, rows: DataFrame) -> Result<()> {
        (self.height, self.bytes) = (self.height + rows.height(), self.bytes + rows.estimated_size());
        self.rows.vstack_mut(&rows).map_err(from_polars)?;
        if self.bytes > IN_MEMORY { self.put_aside() } else { Ok(()) }
    }

    fn put_aside(&mut self) -> Result<()> {
        // The files are read in the order of their names.
        let path = self.folder.join(format!("{:08}.arrow", self.files));
        let failed = |source| Error::io(format!("writing `{}`", path.display()), &source);
        if self.files == 0 {
            scratch::create(&self.folder, PREFIX).map_err(failed)?;
        }
        let file = File::create_new(&path).map_err(failed)?;
        let none = self.rows.clear();
        let mut rows = std::mem::replace(&mut self.rows, none);
        (self.bytes, self.files) = (0, self.files + 1);
        self.session.run(move || IpcWriter::new(file).finish(&mut rows))
    }

    /// All of the rows; they are there as long as this is.
    pub fn frame(&mut self) -> Result<LazyFrame> {
        if self.files == 0 {
            return Ok(self.rows.clone().lazy());
        }
        if self.rows.height() > 0 {
            self.put_aside()?;
        }
        self.session.read().load_as(Format::Ipc, &self.folder.to_string_lossy())
    }
}

impl Drop for Gathered {
    fn drop(&mut self) {
        if self.files > 0 {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}
