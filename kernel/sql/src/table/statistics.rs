//! What a log says about the values in the files of a table: to skip files, and to plan by.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::sync::Arc;

use aerostat_metastore::DataFile;
use aerostat_session::{Bound, arrow as bridge, bounds};
use datafusion::arrow::array::{ArrayRef, BooleanArray, StringArray, UInt64Array};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::common::pruning::PruningStatistics;
use datafusion::common::stats::Precision;
use datafusion::common::{Column, ColumnStatistics, Result, ScalarValue, Statistics};

use crate::functions::convert;

/// What is known about the values in each file.
pub(super) struct FileStatistics<'a> {
    pub(super) files: &'a [&'a DataFile],
    pub(super) schema: SchemaRef,
    pub(super) partitions: &'a [String],
}

/// Values in Delta's text form as values of a column.
pub(super) fn typed(texts: &[Option<&str>], dtype: &DataType) -> Result<ArrayRef> {
    let texts: ArrayRef = Arc::new(texts.iter().copied().collect::<StringArray>());
    convert::plainly(&texts, dtype)
}

impl FileStatistics<'_> {
    /// What is known of all files together, by which joins are planned. Of columns that are not `wanted` nothing is told.
    ///
    /// The number of rows is right. Bounds of texts may be cut off, so no bound passes for a value that is there.
    pub(super) fn together(&self, wanted: Option<&Vec<usize>>) -> Statistics {
        let Some(rows) = self.files.iter().map(|file| file.num_records).sum::<Option<u64>>() else {
            return Statistics::new_unknown(&self.schema);
        };
        let is_wanted = |at: usize| wanted.is_none_or(|wanted| wanted.contains(&at));
        let columns = self.schema.fields().iter().enumerate().map(|(at, field)| match is_wanted(at) {
            true => self.column(&Column::from_name(field.name()), field.data_type(), rows),
            false => ColumnStatistics::new_unknown(),
        });
        Statistics {
            num_rows: Precision::Exact(rows as usize),
            total_byte_size: Precision::Absent,
            column_statistics: columns.collect(),
        }
    }

    fn column(&self, column: &Column, dtype: &DataType, rows: u64) -> ColumnStatistics {
        let bound = |bounds: Option<ArrayRef>, wanted| match bounds.and_then(|bounds| extreme(&bounds, wanted)) {
            Some(value) => Precision::Inexact(value),
            None => Precision::Absent,
        };
        let nulls = self.null_counts(column).and_then(|counts| total(&counts));
        let width = dtype.primitive_width().map(|width| width * rows as usize);
        ColumnStatistics {
            min_value: bound(self.min_values(column), Ordering::Less),
            max_value: bound(self.max_values(column), Ordering::Greater),
            null_count: nulls.map_or(Precision::Absent, Precision::Inexact),
            byte_size: width.map_or(Precision::Absent, Precision::Exact),
            ..ColumnStatistics::new_unknown()
        }
    }

    /// A bound of the column in each file; of a partition column, its value.
    fn bounds(&self, column: &Column, which: Bound) -> Option<ArrayRef> {
        let field = self.schema.field_with_name(&column.name).ok()?;
        if self.partitions.contains(&column.name) {
            let values = self.files.iter().map(|file| file.partition_values.get(&column.name)?.as_deref());
            return typed(&values.collect::<Vec<_>>(), field.data_type()).ok();
        }
        of_log(self.files, field, which)
    }
}

/// What the log says surely of the values of a column in each file.
fn of_log(files: &[&DataFile], field: &Field, which: Bound) -> Option<ArrayRef> {
    let schema = bridge::from_schema(&Arc::new(Schema::new(vec![field.clone()]))).ok()?;
    let (name, dtype) = schema.get_at_index(0)?;
    let bounds = bounds(files, name, dtype, which).ok()?.into_frame();
    convert::plainly(bridge::to_batches(&bounds).ok()?.first()?.column(0), field.data_type()).ok()
}

/// The least or the greatest of the bounds; nothing if one of them is not known.
fn extreme(bounds: &ArrayRef, wanted: Ordering) -> Option<ScalarValue> {
    if bounds.null_count() > 0 {
        return None;
    }
    let mut values = (0..bounds.len()).map(|at| ScalarValue::try_from_array(bounds, at).ok());
    let first = values.next()??;
    values.try_fold(first, |best, value| {
        let value = value?;
        Some(if value.partial_cmp(&best)? == wanted { value } else { best })
    })
}

fn total(counts: &ArrayRef) -> Option<usize> {
    let counts = counts.as_any().downcast_ref::<UInt64Array>()?;
    counts.iter().sum::<Option<u64>>().map(|total| total as usize)
}

impl PruningStatistics for FileStatistics<'_> {
    fn min_values(&self, column: &Column) -> Option<ArrayRef> {
        self.bounds(column, Bound::Lower)
    }

    fn max_values(&self, column: &Column) -> Option<ArrayRef> {
        self.bounds(column, Bound::Upper)
    }

    fn num_containers(&self) -> usize {
        self.files.len()
    }

    fn null_counts(&self, column: &Column) -> Option<ArrayRef> {
        let partition = self.partitions.contains(&column.name);
        let counts = self.files.iter().map(|file| match partition {
            true if file.partition_values.get(&column.name).cloned().flatten().is_some() => Some(0),
            true => file.num_records,
            false => file.stats.as_ref()?.get("nullCount")?.get(&column.name)?.as_u64(),
        });
        Some(Arc::new(counts.collect::<UInt64Array>()))
    }

    fn row_counts(&self) -> Option<ArrayRef> {
        Some(Arc::new(self.files.iter().map(|file| file.num_records).collect::<UInt64Array>()))
    }

    fn contained(&self, _column: &Column, _values: &HashSet<ScalarValue>) -> Option<BooleanArray> {
        None
    }
}
