//! The scan of a table through the cache of its columns: what is kept is there at once, the rest is decoded and kept.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use datafusion::arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions};
use datafusion::arrow::compute::concat_batches;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{Result, Statistics, internal_err};
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::parquet::ParquetAccessPlan;
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfigBuilder, FileSource as _, ParquetSource};
use datafusion::datasource::source::{DataSource, OpenArgs};
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::projection::ProjectionExprs;
use datafusion::physical_expr::{EquivalenceProperties, Partitioning, PhysicalExpr};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{DisplayFormatType, common::collect};
use futures::stream;

use super::cache::{ColumnCache, FileId};

/// So many files does the explanation of a plan name.
const SHOWN: usize = 5;

/// A row group that is scanned.
#[derive(Clone, Debug)]
pub(super) struct Portion {
    pub(super) file: PartitionedFile,
    pub(super) row_group: usize,
    /// So many row groups the file has.
    pub(super) row_groups: usize,
    pub(super) rows: usize,
}

/// Columns of row groups. Threads take one row group after the other.
#[derive(Clone, Debug)]
pub(super) struct CachedScan {
    pub(super) cache: Arc<ColumnCache>,
    pub(super) reader: Arc<ParquetSource>,
    pub(super) portions: Arc<[Portion]>,
    /// The places of the columns in the table.
    pub(super) columns: Arc<[usize]>,
    pub(super) schema: SchemaRef,
    pub(super) statistics: Arc<Statistics>,
    pub(super) threads: usize,
}

impl CachedScan {
    /// The columns of a row group.
    async fn read(&self, portion: &Portion, context: &Arc<TaskContext>) -> Result<RecordBatch> {
        let file = FileId::from(&portion.file.object_meta);
        let mut columns =
            (0..self.columns.len()).map(|at| self.kept(portion, &file, at)).collect::<Result<Vec<_>>>()?;
        let missing: Vec<usize> = (0..columns.len()).filter(|at| columns[*at].is_none()).collect();
        if !missing.is_empty() {
            let decoded = self.decode(portion, missing.iter().map(|at| self.columns[*at]).collect(), context).await?;
            for (at, values) in missing.into_iter().zip(decoded.columns()) {
                self.cache.keep(&file, portion.row_group, self.schema.field(at), Arc::clone(values));
                columns[at] = Some(Arc::clone(values));
            }
        }
        let options = RecordBatchOptions::new().with_row_count(Some(portion.rows));
        let columns = columns.into_iter().flatten().collect();
        Ok(RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns, &options)?)
    }

    /// A column of a row group, if it need not be decoded.
    fn kept(&self, portion: &Portion, file: &FileId, at: usize) -> Result<Option<ArrayRef>> {
        let in_file = self.reader.table_schema().file_schema().fields().len();
        match self.columns[at].checked_sub(in_file) {
            Some(partition) => portion.file.partition_values[partition].to_array_of_size(portion.rows).map(Some),
            None => Ok(self.cache.get(file, portion.row_group, self.schema.field(at))),
        }
    }

    async fn decode(&self, portion: &Portion, columns: Vec<usize>, context: &Arc<TaskContext>) -> Result<RecordBatch> {
        let mut row_group = ParquetAccessPlan::new_none(portion.row_groups);
        row_group.scan(portion.row_group);
        let file = portion.file.clone().with_extension(row_group);
        let reader = Arc::clone(&self.reader);
        let scan = FileScanConfigBuilder::new(ObjectStoreUrl::local_filesystem(), reader)
            .with_file_group(FileGroup::new(vec![file]))
            .with_projection_indices(Some(columns))?
            .with_batch_size(Some(portion.rows.max(1)))
            .build();
        let schema = scan.projected_schema()?;
        Ok(concat_batches(&schema, &collect(scan.open(0, Arc::clone(context))?).await?)?)
    }
}

impl DataSource for CachedScan {
    fn open(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        self.open_with_args(OpenArgs::new(partition, context))
    }

    fn open_with_args(&self, args: OpenArgs) -> Result<SendableRecordBatchStream> {
        let Some(next) = args.sibling_state.and_then(|next| next.downcast::<AtomicUsize>().ok()) else {
            return internal_err!("the threads of a scan share what is left to read");
        };
        let portions = stream::try_unfold((self.clone(), next, args.context), |(scan, next, context)| async move {
            let Some(portion) = scan.portions.get(next.fetch_add(1, Ordering::Relaxed)) else { return Ok(None) };
            let rows = scan.read(portion, &context).await?;
            Ok(Some((rows, (scan, next, context))))
        });
        Ok(Box::pin(RecordBatchStreamAdapter::new(Arc::clone(&self.schema), portions)))
    }

    fn create_sibling_state(&self, _: &ConfigOptions) -> Option<Arc<dyn std::any::Any + Send + Sync>> {
        Some(Arc::new(AtomicUsize::new(0)))
    }

    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.schema.fields().iter().map(|field| field.name().as_str()).collect();
        let mut files: Vec<&str> =
            self.portions.iter().map(|portion| portion.file.object_meta.location.as_ref()).collect();
        files.dedup();
        let more = if files.len() > SHOWN { ", ..." } else { "" };
        files.truncate(SHOWN);
        let (names, files, row_groups) = (names.join(", "), files.join(", "), self.portions.len());
        write!(f, "cached columns=[{names}], row_groups={row_groups}, files=[{files}{more}]")
    }

    fn output_partitioning(&self) -> Partitioning {
        Partitioning::UnknownPartitioning(self.threads)
    }

    fn eq_properties(&self) -> EquivalenceProperties {
        EquivalenceProperties::new(Arc::clone(&self.schema))
    }

    fn partition_statistics(&self, partition: Option<usize>) -> Result<Arc<Statistics>> {
        // Nobody knows before which thread reads what.
        Ok(match partition {
            Some(_) => Arc::new(Statistics::new_unknown(&self.schema)),
            None => Arc::clone(&self.statistics),
        })
    }

    fn with_fetch(&self, _: Option<usize>) -> Option<Arc<dyn DataSource>> {
        None
    }

    fn fetch(&self) -> Option<usize> {
        None
    }

    fn try_swapping_with_projection(&self, _: &ProjectionExprs) -> Result<Option<Arc<dyn DataSource>>> {
        Ok(None)
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }
}
