//! Footers of Parquet files without the bounds of floats, by which rows would get lost.
//!
//! To Spark, NaN is greater than every other number, but writers leave it out of the bounds, and no footer says that
//! there is any. Those of polars 0.55 lose other numbers with it: of the pages up to one with NaN their greatest, and of
//! that one its least.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use datafusion::common::Result;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::ParquetFileReaderFactory;
use datafusion::parquet::arrow::arrow_reader::ArrowReaderOptions;
use datafusion::parquet::arrow::async_reader::AsyncFileReader;
use datafusion::parquet::basic::Type;
use datafusion::parquet::errors::Result as ParquetResult;
use datafusion::parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, RowGroupMetaData};
use datafusion::parquet::file::page_index::column_index::ColumnIndexMetaData;
use datafusion::physical_plan::metrics::ExecutionPlanMetricsSet;
use futures::FutureExt as _;
use futures::future::BoxFuture;

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
