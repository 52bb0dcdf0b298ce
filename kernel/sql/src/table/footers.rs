//! Footers of Parquet files without the bounds of floats, by which rows would get lost.
//!
//! To Spark, NaN is greater than every other number, but writers leave it out of the bounds, and no footer says that
//! there is any. Those of polars 0.55 lose other numbers with it: of the pages up to one with NaN their greatest, and of
//! that one its least.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use datafusion::arrow::datatypes::{FieldRef, Schema};
use datafusion::common::Result;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::ParquetFileReaderFactory;
use datafusion::datasource::physical_plan::parquet::{ParquetAccessPlan, ParquetFileMetrics, RowGroupAccessPlanFilter};
use datafusion::parquet::arrow::arrow_reader::ArrowReaderOptions;
use datafusion::parquet::arrow::async_reader::AsyncFileReader;
use datafusion::parquet::arrow::parquet_to_arrow_schema;
use datafusion::parquet::basic::Type;
use datafusion::parquet::errors::Result as ParquetResult;
use datafusion::parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, RowGroupMetaData};
use datafusion::parquet::file::page_index::column_index::ColumnIndexMetaData;
use datafusion::physical_expr::utils::collect_columns;
use datafusion::physical_optimizer::pruning::PruningPredicate;
use datafusion::physical_plan::metrics::ExecutionPlanMetricsSet;
use futures::FutureExt as _;
use futures::future::BoxFuture;

use super::delta::as_view;
use super::packed::is_packed;

/// Reads files as the factory in it does, but for the bounds of floats in their footers. Whatever skips parts of files
/// asks the footers: filters of the query, those that joins and limits make while it runs, for row groups and for pages.
#[derive(Debug)]
pub(super) struct Unbounded<F>(pub(super) F);

impl<F: ParquetFileReaderFactory> ParquetFileReaderFactory for Unbounded<F> {
    fn create_reader(
        &self,
        partition: usize,
        file: PartitionedFile,
        footer_size: Option<usize>,
        metrics: &ExecutionPlanMetricsSet,
    ) -> Result<Box<dyn AsyncFileReader + Send>> {
        Ok(Box::new(Reader(self.0.create_reader(partition, file, footer_size, metrics)?)))
    }
}

struct Reader(Box<dyn AsyncFileReader + Send>);

impl AsyncFileReader for Reader {
    fn get_bytes(&mut self, range: Range<u64>) -> BoxFuture<'_, ParquetResult<Bytes>> {
        self.0.get_bytes(range)
    }

    fn get_byte_ranges(&mut self, ranges: Vec<Range<u64>>) -> BoxFuture<'_, ParquetResult<Vec<Bytes>>> {
        self.0.get_byte_ranges(ranges)
    }

    fn get_metadata<'a>(
        &'a mut self,
        options: Option<&'a ArrowReaderOptions>,
    ) -> BoxFuture<'a, ParquetResult<Arc<ParquetMetaData>>> {
        async move { without_float_bounds(self.0.get_metadata(options).await?) }.boxed()
    }
}

fn without_float_bounds(footer: Arc<ParquetMetaData>) -> ParquetResult<Arc<ParquetMetaData>> {
    if !footer.file_metadata().schema_descr().columns().iter().any(|column| is_float(column.physical_type())) {
        return Ok(footer);
    }
    let mut footer = Arc::unwrap_or_clone(footer).into_builder();
    let mut groups = footer.take_row_groups();
    for chunk in groups.iter_mut().flat_map(RowGroupMetaData::columns_mut) {
        if is_float(chunk.column_type()) {
            *chunk = without_bounds(chunk.clone())?;
        }
    }
    let mut pages = footer.take_column_index();
    for chunk in pages.iter_mut().flatten().flatten() {
        if matches!(chunk, ColumnIndexMetaData::FLOAT(_) | ColumnIndexMetaData::DOUBLE(_)) {
            *chunk = ColumnIndexMetaData::NONE;
        }
    }
    Ok(Arc::new(footer.set_row_groups(groups).set_column_index(pages).build()))
}

fn is_float(stored: Type) -> bool {
    matches!(stored, Type::FLOAT | Type::DOUBLE)
}

/// The bounds of the pages, if they have not been read yet, are elsewhere in the file, and the footer says where.
fn without_bounds(chunk: ColumnChunkMetaData) -> ParquetResult<ColumnChunkMetaData> {
    chunk.into_builder().clear_statistics().set_column_index_offset(None).set_column_index_length(None).build()
}

/// The footer of a file.
pub(super) async fn read(
    opener: &dyn ParquetFileReaderFactory,
    file: &PartitionedFile,
) -> Result<Arc<ParquetMetaData>> {
    let mut reader = opener.create_reader(0, file.clone(), None, &ExecutionPlanMetricsSet::new())?;
    Ok(reader.get_metadata(None).await?)
}

/// The row groups that may have rows for which the predicate of a table holds. None can be told if the file has a column of
/// the predicate with another type than the table.
pub(super) fn row_groups(
    footer: &ParquetMetaData,
    table: &Schema,
    predicate: Option<&PruningPredicate>,
) -> Result<Option<Vec<usize>>> {
    let mut groups = RowGroupAccessPlanFilter::new(ParquetAccessPlan::new_all(footer.num_row_groups()));
    let Some(predicate) = predicate else { return Ok(Some(groups.row_group_indexes().collect())) };
    let stored = footer.file_metadata();
    let file = parquet_to_arrow_schema(stored.schema_descr(), stored.key_value_metadata())?;
    let same = collect_columns(predicate.orig_expr()).into_iter().all(|column| {
        match (file.field_with_name(column.name()), table.field_with_name(column.name())) {
            (Ok(file), Ok(table)) => as_view(file.data_type()) == as_view(table.data_type()),
            // A column of a partition, or one that the file does not have.
            _ => true,
        }
    });
    if !same {
        return Ok(None);
    }
    let metrics = ParquetFileMetrics::new(0, "", &ExecutionPlanMetricsSet::new());
    groups.prune_by_statistics(table, stored.schema_descr(), footer.row_groups(), predicate, &metrics);
    Ok(Some(groups.row_group_indexes().collect()))
}

/// About how many bytes these columns of a row group have in memory.
pub(super) fn decoded_size(group: &RowGroupMetaData, fields: &[&FieldRef]) -> usize {
    let rows = usize::try_from(group.num_rows()).unwrap_or_default();
    let stored = |name: &str| {
        let chunks =
            group.columns().iter().filter(|chunk| chunk.column_path().parts().first().is_some_and(|part| part == name));
        chunks.map(|chunk| usize::try_from(chunk.uncompressed_size()).unwrap_or_default()).sum::<usize>()
    };
    let size = |field: &&FieldRef| match field.data_type().primitive_width() {
        Some(width) => rows * width,
        None if is_packed(group, field) => rows * size_of::<i32>() + stored(field.name()),
        None => rows * size_of::<u128>() + stored(field.name()),
    };
    fields.iter().map(size).sum()
}
