//! The scan of a table through the cache of its columns: what is kept is there at once, the rest is decoded, and kept if
//! it was asked for before.
//!
//! Joins and limits find out while a query runs which rows they have no use for. The scan leaves those out, where there
//! are enough of them to make up for looking: a join with a few rows makes all joins before it cheap that way, whatever
//! the order that they are written in.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use datafusion::arrow::array::{Array as _, ArrayRef, BooleanArray, RecordBatch};
use datafusion::arrow::compute::{BatchCoalescer, and, concat_batches, filter_record_batch, prep_null_mask_filter};
use datafusion::arrow::datatypes::{Field, SchemaRef};
use datafusion::common::cast::as_boolean_array;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{Result, Statistics, internal_err};
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::parquet::ParquetAccessPlan;
use datafusion::datasource::physical_plan::{
    FileGroup, FileScanConfigBuilder, FileSource as _, ParquetFileReaderFactory, ParquetSource,
};
use datafusion::datasource::source::{DataSource, OpenArgs};
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::parquet::file::metadata::ParquetMetaData;
use datafusion::physical_expr::projection::ProjectionExprs;
use datafusion::physical_expr::{EquivalenceProperties, Partitioning, PhysicalExpr, split_conjunction};
use datafusion::physical_plan::filter_pushdown::{FilterPushdownPropagation, PushedDown};
use datafusion::physical_plan::metrics::ExecutionPlanMetricsSet;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{DisplayFormatType, common::collect};
use futures::stream;

use super::cache::{ColumnCache, FileId};
use super::conditions::{is_dynamic, is_steady};
use super::lookup::Lookup;
use super::packed::{self, ByText};

/// So many files does the explanation of a plan name.
const SHOWN: usize = 5;

/// So many rows are filtered at a time, as they stay close to the processor; and so many of a row group tell whether a
/// filter of a join is worth it: it is if half of them go.
pub(super) const STEP: usize = 8192;

/// A row group that is scanned.
#[derive(Clone, Debug)]
pub(super) struct Portion {
    file: PartitionedFile,
    footer: Arc<ParquetMetaData>,
    row_group: usize,
    rows: usize,
}

impl Portion {
    /// A row group of a file with this footer.
    pub(super) fn new(file: &PartitionedFile, footer: &Arc<ParquetMetaData>, row_group: usize) -> Self {
        let rows = usize::try_from(footer.row_group(row_group).num_rows()).unwrap_or_default();
        Self { file: file.clone(), footer: Arc::clone(footer), row_group, rows }
    }
}

/// Columns of row groups. Threads take one row group after the other.
#[derive(Clone, Debug)]
pub(super) struct CachedScan {
    pub(super) cache: Arc<ColumnCache>,
    pub(super) reader: Arc<ParquetSource>,
    pub(super) opener: Arc<dyn ParquetFileReaderFactory>,
    pub(super) portions: Arc<[Portion]>,
    /// The places of the columns in the table.
    pub(super) columns: Arc<[usize]>,
    /// Those columns of the scan that are kept once they are decoded.
    pub(super) kept: Arc<[usize]>,
    pub(super) schema: SchemaRef,
    pub(super) statistics: Arc<Statistics>,
    pub(super) threads: usize,
    /// What holds of all rows that are given.
    pub(super) conditions: Vec<Arc<dyn PhysicalExpr>>,
    /// What is known of the rows that are wanted, once the query runs.
    pub(super) hints: Vec<Arc<dyn PhysicalExpr>>,
}

impl CachedScan {
    /// The columns of a row group, texts as they are kept.
    async fn read(&self, portion: &Portion, context: &Arc<TaskContext>) -> Result<RecordBatch> {
        let file = FileId::from(&portion.file.object_meta);
        let mut columns =
            (0..self.columns.len()).map(|at| self.at_hand(portion, &file, at)).collect::<Result<Vec<_>>>()?;
        let missing: Vec<usize> = (0..columns.len()).filter(|at| columns[*at].is_none()).collect();
        for (at, values) in self.decode(portion, missing, context).await? {
            if self.kept.contains(&at) {
                self.cache.keep(&file, portion.row_group, self.schema.field(at), Arc::clone(&values));
            }
            columns[at] = Some(values);
        }
        packed::rows(&self.schema, columns.into_iter().flatten().collect(), portion.rows)
    }

    /// What the rows of a row group are sifted with: the conditions, and those hints that are worth it.
    fn filters(&self, rows: &RecordBatch, shared: &Shared) -> Result<Vec<Filter>> {
        let by_text = self.conditions.iter().map(|condition| ByText::new(condition, rows));
        let by_text = by_text.collect::<Result<Vec<_>>>()?.into_iter().zip(&self.conditions);
        let mut filters: Vec<Filter> = by_text
            .map(|(by_text, condition)| by_text.map_or(Filter::Expression(Arc::clone(condition)), Filter::ByText))
            .collect();
        filters.sort_by_key(Filter::is_of_rows);
        let sample = packed::unpacked(rows.slice(0, rows.num_rows().min(STEP)), &self.schema)?;
        for (hint, lookup) in self.hints.iter().zip(&shared.lookups) {
            if passing(&sample, hint)?.true_count() * 2 <= sample.num_rows() {
                filters.push(match self.lookup(hint, lookup)? {
                    Some(lookup) => Filter::Lookup(lookup),
                    None => Filter::Expression(Arc::clone(hint)),
                });
            }
        }
        Ok(filters)
    }

    /// The table of a hint; one thread makes it for all.
    fn lookup(&self, hint: &Arc<dyn PhysicalExpr>, made: &Mutex<Option<Arc<Lookup>>>) -> Result<Option<Arc<Lookup>>> {
        let mut made = made.lock().unwrap_or_else(PoisonError::into_inner);
        if made.is_none() {
            let rows = self.portions.iter().map(|portion| portion.rows).sum();
            *made = Lookup::new(hint, &self.schema, &self.statistics, rows)?.map(Arc::new);
        }
        Ok(made.clone())
    }

    /// A column of a row group, if it need not be decoded.
    fn at_hand(&self, portion: &Portion, file: &FileId, at: usize) -> Result<Option<ArrayRef>> {
        let in_file = self.reader.table_schema().file_schema().fields().len();
        match self.columns[at].checked_sub(in_file) {
            Some(partition) => portion.file.partition_values[partition].to_array_of_size(portion.rows).map(Some),
            None => Ok(self.cache.get(file, portion.row_group, self.schema.field(at))),
        }
    }

    /// These columns of a row group, as they are to be kept.
    async fn decode(
        &self,
        portion: &Portion,
        columns: Vec<usize>,
        context: &Arc<TaskContext>,
    ) -> Result<Vec<(usize, ArrayRef)>> {
        let Portion { file, footer, row_group, .. } = portion;
        let is_packed = |at: &usize| packed::is_packed(footer.row_group(*row_group), self.schema.field(*at));
        let (texts, others): (Vec<usize>, Vec<usize>) = columns.into_iter().partition(is_packed);
        let mut decoded = Vec::new();
        if !texts.is_empty() {
            let file = self.opener.create_reader(0, file.clone(), None, &ExecutionPlanMetricsSet::new())?;
            let fields: Vec<&Field> = texts.iter().map(|at| self.schema.field(*at)).collect();
            let columns = packed::decode(file, footer, *row_group, &fields).await?;
            decoded.extend(texts.into_iter().zip(columns));
        }
        if !others.is_empty() {
            let columns = others.iter().map(|at| self.columns[*at]).collect();
            let rows = self.decode_as_table(portion, columns, context).await?;
            decoded.extend(others.into_iter().zip(rows.columns().iter().cloned()));
        }
        Ok(decoded)
    }

    /// These columns of the table in a row group, whatever types the file has them with.
    async fn decode_as_table(
        &self,
        portion: &Portion,
        columns: Vec<usize>,
        context: &Arc<TaskContext>,
    ) -> Result<RecordBatch> {
        let mut row_group = ParquetAccessPlan::new_none(portion.footer.num_row_groups());
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

/// What the threads of a scan share.
#[derive(Debug)]
struct Shared {
    /// The portion that is next.
    next: AtomicUsize,
    /// The tables of hints that have one.
    lookups: Vec<Mutex<Option<Arc<Lookup>>>>,
}

/// What tells the rows that are wanted.
enum Filter {
    ByText(ByText),
    Expression(Arc<dyn PhysicalExpr>),
    Lookup(Arc<Lookup>),
}

impl Filter {
    /// Whether it asks of rows as the query has them, and not as they are kept.
    fn is_of_rows(&self) -> bool {
        !matches!(self, Self::ByText(_))
    }

    fn passing(&self, rows: &RecordBatch) -> Result<BooleanArray> {
        match self {
            Self::ByText(by_text) => Ok(by_text.passing(rows)),
            Self::Expression(expression) => passing(rows, expression),
            Self::Lookup(lookup) => Ok(lookup.passing(rows)),
        }
    }
}

/// What one thread reads.
struct Reading {
    scan: CachedScan,
    shared: Arc<Shared>,
    context: Arc<TaskContext>,
    /// What is left of a row group, as it is kept, and its filters.
    rows: RecordBatch,
    filters: Vec<Filter>,
    /// Puts together what is left of steps of which most rows are gone; the others pass without being copied.
    sifted: BatchCoalescer,
}

impl Reading {
    fn new(scan: CachedScan, shared: Arc<Shared>, context: Arc<TaskContext>) -> Self {
        let rows = RecordBatch::new_empty(Arc::clone(&scan.schema));
        let sifted =
            BatchCoalescer::new(Arc::clone(&scan.schema), STEP).with_biggest_coalesce_batch_size(Some(STEP / 2));
        Self { scan, shared, context, rows, filters: Vec::new(), sifted }
    }

    async fn next(mut self) -> Result<Option<(RecordBatch, Self)>> {
        loop {
            if let Some(rows) = self.sifted.next_completed_batch() {
                return Ok(Some((rows, self)));
            }
            let left = self.rows.num_rows();
            if left > 0 {
                let step = left.min(STEP);
                self.sifted.push_batch(sift(self.rows.slice(0, step), &self.filters, &self.scan.schema)?)?;
                self.rows = self.rows.slice(step, left - step);
            } else if let Some(portion) = self.scan.portions.get(self.shared.next.fetch_add(1, Ordering::Relaxed)) {
                // Nothing may pass for long; what is interrupted ends here.
                tokio::task::yield_now().await;
                self.rows = self.scan.read(portion, &self.context).await?;
                self.filters = self.scan.filters(&self.rows, &self.shared)?;
            } else if self.sifted.is_empty() {
                return Ok(None);
            } else {
                self.sifted.finish_buffered_batch()?;
            }
        }
    }
}

/// The rows that pass all filters, as the query has them. As soon as few are left, the others are not looked at any more.
fn sift(mut rows: RecordBatch, filters: &[Filter], schema: &SchemaRef) -> Result<RecordBatch> {
    let mut left: Option<BooleanArray> = None;
    for filter in filters {
        if filter.is_of_rows() {
            rows = packed::unpacked(rows, schema)?;
        }
        let passing = filter.passing(&rows)?;
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
    let rows = match left {
        Some(left) => filter_record_batch(&rows, &left)?,
        None => rows,
    };
    packed::unpacked(rows, schema)
}

/// For which rows a filter holds; it does not where it is null.
pub(super) fn passing(rows: &RecordBatch, filter: &Arc<dyn PhysicalExpr>) -> Result<BooleanArray> {
    let passing = filter.evaluate(rows)?.into_array(rows.num_rows())?;
    let passing = as_boolean_array(&passing)?;
    Ok(if passing.null_count() > 0 { prep_null_mask_filter(passing) } else { passing.clone() })
}

impl DataSource for CachedScan {
    fn open(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        self.open_with_args(OpenArgs::new(partition, context))
    }

    fn open_with_args(&self, args: OpenArgs) -> Result<SendableRecordBatchStream> {
        let Some(shared) = args.sibling_state.and_then(|shared| shared.downcast::<Shared>().ok()) else {
            return internal_err!("the threads of a scan share what is left to read");
        };
        let reading = Reading::new(self.clone(), shared, args.context);
        Ok(Box::pin(RecordBatchStreamAdapter::new(
            Arc::clone(&self.schema),
            stream::try_unfold(reading, Reading::next),
        )))
    }

    fn create_sibling_state(&self, _: &ConfigOptions) -> Option<Arc<dyn std::any::Any + Send + Sync>> {
        let lookups = self.hints.iter().map(|_| Mutex::default()).collect();
        Some(Arc::new(Shared { next: AtomicUsize::new(0), lookups }))
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
            if is_steady(&filter) {
                scan.conditions.extend(split_conjunction(&filter).into_iter().cloned());
                return PushedDown::Yes;
            }
            // Whoever has it applies it again.
            scan.hints.extend(is_dynamic(&filter).then_some(filter));
            PushedDown::No
        });
        let answers = FilterPushdownPropagation::with_parent_pushdown_result(answers.collect());
        Ok(answers.with_updated_node(Arc::new(scan)))
    }

    fn apply_expressions(
        &self,
        f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        visited(self.conditions.iter().chain(&self.hints), f)
    }
}

/// Shows each filter to `visit`, until that has seen enough.
pub(super) fn visited<'f>(
    filters: impl IntoIterator<Item = &'f Arc<dyn PhysicalExpr>>,
    visit: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
) -> Result<TreeNodeRecursion> {
    for filter in filters {
        if visit(filter)? == TreeNodeRecursion::Stop {
            return Ok(TreeNodeRecursion::Stop);
        }
    }
    Ok(TreeNodeRecursion::Continue)
}
