//! Columns of Parquet files as they were decoded, for queries that come back to them.
//!
//! What is read once passes by. When a query asks for a column that an earlier one has asked for, it is kept, so that
//! the third finds it in memory. Spark's users know the like as `CACHE TABLE`, those of Databricks as its disk cache.
//! Files never change under their name, or at least not without another size or time, so nothing here goes stale.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aerostat_error::Result;
use aerostat_session::memory;
use chrono::{DateTime, Utc};
use datafusion::arrow::array::{Array as _, ArrayRef};
use datafusion::arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::object_store::{ObjectMeta, path::Path};

/// Of the memory that the kernel may take, the share that columns may have.
const SHARE: f64 = 0.25;

/// So many columns of files are remembered; beyond that, those are forgotten of which nothing is kept.
const REMEMBERED: usize = 200_000;

/// The columns that are kept, and those that have been asked for once. Of what is kept, the least recently used goes first.
#[derive(Debug)]
pub(crate) struct ColumnCache {
    /// How many bytes may be kept.
    pub(super) capacity: usize,
    columns: Mutex<Columns>,
}

#[derive(Debug, Default)]
struct Columns {
    of_files: HashMap<FileId, HashMap<String, Column>>,
    bytes: usize,
    /// How often columns were asked for.
    time: u64,
}

/// A column of a file by row groups; of none, if it has been asked for once.
#[derive(Debug)]
struct Column {
    dtype: DataType,
    groups: HashMap<usize, ArrayRef>,
    asked: u64,
}

/// A file as it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct FileId {
    path: Path,
    size: u64,
    modified: DateTime<Utc>,
}

impl From<&ObjectMeta> for FileId {
    fn from(file: &ObjectMeta) -> Self {
        Self { path: file.location.clone(), size: file.size, modified: file.last_modified }
    }
}

impl ColumnCache {
    /// An empty cache, which is emptied when memory runs short.
    pub(crate) fn new() -> Result<Arc<Self>> {
        let capacity = memory::limit()?.or(memory::available()).map_or(0, |limit| (limit as f64 * SHARE) as usize);
        let cache = Arc::new(Self { capacity, columns: Mutex::default() });
        let weak = Arc::downgrade(&cache);
        memory::on_shortage(move || weak.upgrade().is_some_and(|cache| cache.clear() > 0));
        Ok(cache)
    }

    /// Forgets everything; how many bytes that were.
    pub(crate) fn clear(&self) -> usize {
        std::mem::take(&mut *self.lock()).bytes
    }

    /// Takes note that these columns are asked for, and says of each whether it was before, in all files.
    pub(super) fn asked(&self, files: &[FileId], fields: &[&FieldRef]) -> Vec<bool> {
        let mut columns = self.lock();
        columns.time += 1;
        let time = columns.time;
        let (mut again, mut replaced) = (vec![true; fields.len()], 0);
        for file in files {
            let of_file = columns.of_files.entry(file.clone()).or_default();
            for (field, again) in fields.iter().zip(&mut again) {
                match of_file.get_mut(field.name()) {
                    Some(column) if column.dtype == *field.data_type() => column.asked = time,
                    _ => {
                        *again = false;
                        let column = Column { dtype: field.data_type().clone(), groups: HashMap::new(), asked: time };
                        let other = of_file.insert(field.name().clone(), column);
                        replaced += other.map_or(0, |mut other| other.let_go());
                    }
                }
            }
        }
        columns.bytes -= replaced;
        if again.contains(&false) {
            columns.forget(REMEMBERED);
        }
        again
    }

    /// A column of a row group, if it is kept.
    pub(super) fn get(&self, file: &FileId, group: usize, field: &Field) -> Option<ArrayRef> {
        let columns = self.lock();
        let column = columns.of_files.get(file)?.get(field.name())?;
        (column.dtype == *field.data_type()).then(|| column.groups.get(&group).cloned())?
    }

    /// Keeps a column of a row group, if it was asked for.
    pub(super) fn keep(&self, file: &FileId, group: usize, field: &Field, values: ArrayRef) {
        let bytes = values.get_array_memory_size();
        let mut columns = self.lock();
        columns.make_room(self.capacity.saturating_sub(bytes));
        let column = columns.of_files.get_mut(file).and_then(|of_file| of_file.get_mut(field.name()));
        let Some(column) = column.filter(|column| column.dtype == *field.data_type()) else { return };
        let before = column.groups.insert(group, values).map_or(0, |values| values.get_array_memory_size());
        columns.bytes = columns.bytes + bytes - before;
    }

    fn lock(&self) -> MutexGuard<'_, Columns> {
        self.columns.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Column {
    /// Keeps nothing any more; how many bytes that were.
    fn let_go(&mut self) -> usize {
        self.groups.drain().map(|(_, values)| values.get_array_memory_size()).sum()
    }
}

impl Columns {
    /// Lets go of columns until no more than `capacity` bytes are kept.
    fn make_room(&mut self, capacity: usize) {
        if self.bytes <= capacity {
            return;
        }
        let mut kept: Vec<&mut Column> = self
            .of_files
            .values_mut()
            .flat_map(HashMap::values_mut)
            .filter(|column| !column.groups.is_empty())
            .collect();
        kept.sort_unstable_by_key(|column| column.asked);
        for column in kept {
            if self.bytes <= capacity {
                return;
            }
            self.bytes -= column.let_go();
        }
    }

    /// Forgets columns of which nothing is kept if there are more than `most`.
    fn forget(&mut self, most: usize) {
        if self.of_files.values().map(HashMap::len).sum::<usize>() <= most {
            return;
        }
        self.of_files.retain(|_, columns| {
            columns.retain(|_, column| !column.groups.is_empty());
            !columns.is_empty()
        });
    }
}
