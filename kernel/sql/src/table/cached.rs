//! The scan of a table through the cache of its columns: what is kept is there at once, the rest is decoded and kept.
//!
//! Joins and limits find out while a query runs which rows they have no use for. The scan leaves those out, where there
//! are enough of them to make up for looking: a join with a few rows makes all joins before it cheap that way, whatever
//! the order that they are written in.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use datafusion::arrow::array::{Array as _, ArrayRef, BooleanArray, RecordBatch, RecordBatchOptions};
use datafusion::arrow::compute::{and, concat_batches, filter_record_batch, prep_null_mask_filter};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::cast::as_boolean_array;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{Result, Statistics, internal_err};
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::parquet::ParquetAccessPlan;
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfigBuilder, FileSource as _, ParquetSource};
use datafusion::datasource::source::{DataSource, OpenArgs};
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::parquet::file::metadata::ParquetMetaData;
use datafusion::physical_expr::expressions::DynamicFilterTracking;
use datafusion::physical_expr::projection::ProjectionExprs;
use datafusion::physical_expr::{EquivalenceProperties, Partitioning, PhysicalExpr, split_conjunction};
use datafusion::physical_expr_common::physical_expr::is_volatile;
use datafusion::physical_plan::filter_pushdown::{FilterPushdownPropagation, PushedDown};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{DisplayFormatType, common::collect};
use futures::stream;

use super::cache::{ColumnCache, FileId};

/// So many files does the explanation of a plan name.
const SHOWN: usize = 5;

/// So many rows are filtered at a time, as they stay close to the processor; and so many of a row group tell whether a
/// filter of a join is worth it: it is if half of them go.
const STEP: usize = 8192;

/// A row group that is scanned.
#[derive(Clone, Debug)]
pub(super) struct Portion {
    file: PartitionedFile,
    row_group: usize,
    /// So many row groups the file has.
    row_groups: usize,
    rows: usize,
}

impl Portion {
    /// A row group of a file with this footer.
    pub(super) fn new(file: &PartitionedFile, footer: &ParquetMetaData, row_group: usize) -> Self {
        let rows = usize::try_from(footer.row_group(row_group).num_rows()).unwrap_or_default();
        Self { file: file.clone(), row_group, row_groups: footer.num_row_groups(), rows }
    }
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
    /// What holds of all rows that are given.
    pub(super) conditions: Vec<Arc<dyn PhysicalExpr>>,
    /// What is known of the rows that are wanted, once the query runs.
    pub(super) hints: Vec<Arc<dyn PhysicalExpr>>,
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
        let rows = RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns, &options)?;
        self.sifted(rows)
    }

    /// The rows that pass the conditions, and those hints that are worth it.
    fn sifted(&self, rows: RecordBatch) -> Result<RecordBatch> {
        let sample = rows.slice(0, rows.num_rows().min(STEP));
        let mut filters = self.conditions.clone();
        for hint in &self.hints {
            if passing(&sample, hint)?.true_count() * 2 <= sample.num_rows() {
                filters.push(Arc::clone(hint));
            }
        }
        if filters.is_empty() {
            return Ok(rows);
        }
        let steps = (0..rows.num_rows()).step_by(STEP);
        let sifted = steps.map(|at| sift(rows.slice(at, STEP.min(rows.num_rows() - at)), &filters));
        Ok(concat_batches(&self.schema, &sifted.collect::<Result<Vec<_>>>()?)?)
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

/// The rows that pass all filters. As soon as few are left, the others are not looked at any more.
fn sift(mut rows: RecordBatch, filters: &[Arc<dyn PhysicalExpr>]) -> Result<RecordBatch> {
    let mut left: Option<BooleanArray> = None;
    for filter in filters {
        let passing = passing(&rows, filter)?;
        let both = match &left {
            Some(left) => and(left, &passing)?,
            None => passing,
        };
        left = match both.true_count() * 4 < rows.num_rows() {
            true => {
                rows = filter_record_batch(&rows, &both)?;
                None
            }
            false => Some(both),
        };
    }
    match left {
        Some(left) => Ok(filter_record_batch(&rows, &left)?),
        None => Ok(rows),
    }
}

/// For which rows a filter holds; it does not where it is null.
fn passing(rows: &RecordBatch, filter: &Arc<dyn PhysicalExpr>) -> Result<BooleanArray> {
    let passing = filter.evaluate(rows)?.into_array(rows.num_rows())?;
    let passing = as_boolean_array(&passing)?;
    Ok(if passing.null_count() > 0 { prep_null_mask_filter(passing) } else { passing.clone() })
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
        write!(f, "cached columns=[{names}], row_groups={row_groups}, files=[{files}{more}]")?;
        self.conditions.iter().chain(&self.hints).try_for_each(|filter| write!(f, ", filter={filter}"))
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
            None if self.conditions.is_empty() && self.hints.is_empty() => Arc::clone(&self.statistics),
            None => Arc::new(self.statistics.as_ref().clone().to_inexact()),
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

    fn try_pushdown_filters(
        &self,
        filters: Vec<Arc<dyn PhysicalExpr>>,
        _: &ConfigOptions,
    ) -> Result<FilterPushdownPropagation<Arc<dyn DataSource>>> {
        let mut scan = self.clone();
        let answers = filters.into_iter().map(|filter| {
            if DynamicFilterTracking::classify(&filter).contains_dynamic_filter() {
                // Whoever has it applies it again.
                scan.hints.push(filter);
                return PushedDown::No;
            }
            if is_volatile(&filter) {
                return PushedDown::No;
            }
            scan.conditions.extend(split_conjunction(&filter).into_iter().cloned());
            PushedDown::Yes
        });
        let answers = FilterPushdownPropagation::with_parent_pushdown_result(answers.collect());
        Ok(answers.with_updated_node(Arc::new(scan)))
    }

    fn apply_expressions(
        &self,
        f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        for filter in self.conditions.iter().chain(&self.hints) {
            if f(filter)? == TreeNodeRecursion::Stop {
                return Ok(TreeNodeRecursion::Stop);
            }
        }
        Ok(TreeNodeRecursion::Continue)
    }
}
