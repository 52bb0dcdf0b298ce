//! A table without a log, in a format that polars reads: the files of the partitions that the query needs.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use aerostat_error::Result;
use aerostat_metastore::{DataFile, Format, Snapshot, TableInfo};
use aerostat_session::errors::from_polars;
use aerostat_session::{Session, arrow as bridge};
use async_trait::async_trait;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::catalog::{Session as Planner, TableProvider};
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{Result as PlanResult, internal_err};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown, TableType};
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr};
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType};
use datafusion::physical_plan::filter_pushdown::{
    ChildFilterPushdownResult, ChildPushdownResult, FilterPushdownPhase, FilterPushdownPropagation, PushedDown,
};
use datafusion::physical_plan::stream::RecordBatchReceiverStreamBuilder;
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, Partitioning, PlanProperties, ReplaceChildrenOptions,
};
use polars::prelude::{DataFrame, IdxSize, LazyFrame, PolarsResult, UnionArgs, col, concat, len, lit, polars_err};

use super::FILE_NAME;
use super::cached::visited;
use super::conditions;
use super::delta::{needed, predicate};
use crate::functions::external;

/// So many batches may wait to be taken.
const WAITING: usize = 2;

/// The table and its files.
#[derive(Debug)]
pub(crate) struct FilesTable {
    reader: Reader,
    snapshot: Snapshot,
    schema: SchemaRef,
}

/// What reads files of the table.
#[derive(Clone)]
struct Reader {
    session: Session,
    info: Arc<TableInfo>,
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").field("info", &self.info).finish_non_exhaustive()
    }
}

impl FilesTable {
    pub(crate) fn new(session: &Session, info: &TableInfo, snapshot: Snapshot, files: bool) -> Result<Self> {
        let mut columns = bridge::from_schema(&snapshot.schema)?;
        if files {
            columns.insert(FILE_NAME.into(), polars::prelude::DataType::String);
        }
        let schema = bridge::to_schema(&columns)?;
        let reader = Reader { session: session.clone(), info: Arc::new(info.clone()) };
        Ok(Self { reader, snapshot, schema })
    }
}

#[async_trait]
impl TableProvider for FilesTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> PlanResult<Vec<TableProviderFilterPushDown>> {
        Ok(vec![TableProviderFilterPushDown::Inexact; filters.len()])
    }

    async fn scan(
        &self,
        planner: &dyn Planner,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> PlanResult<Arc<dyn ExecutionPlan>> {
        let predicate = predicate(planner, &self.schema, filters)?;
        let files = needed(&self.snapshot, &self.schema, predicate.as_ref())?;
        let files: Vec<DataFile> = files.into_iter().cloned().collect();
        let schema = match projection {
            Some(columns) => Arc::new(self.schema.project(columns)?),
            None => self.schema(),
        };
        let of = self.snapshot.files.len();
        let snapshot = self.snapshot.with_files(files);
        let read = Read { reader: self.reader.clone(), snapshot, of, limit, conditions: Vec::new() };
        Ok(Arc::new(FilesExec::new(read, schema)))
    }
}

/// So many rows without columns are given at a time.
const PORTION: usize = 8192;

/// What is to be read.
#[derive(Clone, Debug)]
struct Read {
    reader: Reader,
    snapshot: Snapshot,
    /// So many files the table has.
    of: usize,
    limit: Option<usize>,
    /// What holds of all rows that are given.
    conditions: Vec<Arc<dyn PhysicalExpr>>,
}

impl Read {
    /// The columns of `schema`; if it has none, the number of rows.
    fn frame(&self, schema: &SchemaRef) -> Result<LazyFrame> {
        let frame = match schema.fields().iter().any(|field| field.name() == FILE_NAME) {
            true => self.with_names()?,
            false => self.reader.session.scan_files(&self.reader.info, &self.snapshot)?,
        };
        let limited = match self.limit {
            Some(limit) => frame.limit(IdxSize::try_from(limit).unwrap_or(IdxSize::MAX)),
            None => frame,
        };
        let names = schema.fields().iter().map(|field| col(field.name().as_str()));
        match schema.fields().is_empty() {
            true => Ok(limited.select([len()])),
            false => Ok(conditions::keep(limited.select(names.collect::<Vec<_>>()), &self.conditions)),
        }
    }

    /// The rows of each file with its name.
    fn with_names(&self) -> Result<LazyFrame> {
        let named = |files: &[DataFile], name: String| {
            let frame = self.reader.session.scan_files(&self.reader.info, &self.snapshot.with_files(files.to_vec()))?;
            Ok(frame.with_columns([lit(name).alias(FILE_NAME)]))
        };
        let frames = self.snapshot.files.iter().map(|file| named(std::slice::from_ref(file), super::file_name(file)));
        match frames.collect::<Result<Vec<LazyFrame>>>()? {
            none if none.is_empty() => named(&[], String::new()),
            frames => concat(frames, UnionArgs::default()).map_err(from_polars),
        }
    }

    /// Gives the rows to `take` in their order as they are read, until it wants no more.
    fn stream(&self, schema: &SchemaRef, take: impl Fn(RecordBatch) -> bool + Send + Sync + 'static) -> Result<()> {
        let none = schema.fields().is_empty();
        let give = move |frame: DataFrame| -> PolarsResult<bool> {
            let frames = if none { without_columns(&frame)? } else { vec![frame] };
            for frame in frames {
                let batches = bridge::to_batches(&frame).map_err(|error| polars_err!(ComputeError: "{error}"))?;
                if !batches.into_iter().all(&take) {
                    return Ok(true);
                }
            }
            Ok(false)
        };
        self.reader.session.stream(self.frame(schema)?, give)
    }
}

/// So many rows without columns as `count` says, a portion at a time.
fn without_columns(count: &DataFrame) -> PolarsResult<Vec<DataFrame>> {
    let count = count.columns().first().map(|count| count.get(0)).transpose()?;
    let rows =
        count.and_then(|count| count.extract()).ok_or_else(|| polars_err!(ComputeError: "rows were not counted"))?;
    let portions = (0..rows).step_by(PORTION);
    Ok(portions.map(|at| DataFrame::empty_with_height(PORTION.min(rows - at))).collect())
}

/// The scan as a step of a plan.
#[derive(Debug)]
struct FilesExec {
    read: Read,
    schema: SchemaRef,
    properties: Arc<PlanProperties>,
}

impl FilesExec {
    fn new(read: Read, schema: SchemaRef) -> Self {
        let properties = PlanProperties::new(
            EquivalenceProperties::new(Arc::clone(&schema)),
            Partitioning::UnknownPartitioning(1),
            EmissionType::Incremental,
            Boundedness::Bounded,
        );
        Self { read, schema, properties: Arc::new(properties) }
    }
}

impl DisplayAs for FilesExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Read { reader, snapshot, of, .. } = &self.read;
        let format = reader.info.format.name();
        write!(f, "FilesExec: table={}, format={format}, files={} of {of}", reader.info.name, snapshot.files.len())?;
        let partitions: BTreeSet<String> =
            snapshot.files.iter().map(|file| super::partition_name(&snapshot.partition_columns, file)).collect();
        if !snapshot.partition_columns.is_empty() {
            write!(f, ", partitions=[{}]", partitions.into_iter().collect::<Vec<_>>().join(", "))?;
        }
        self.read.conditions.iter().try_for_each(|condition| write!(f, ", filter={condition}"))
    }
}

impl ExecutionPlan for FilesExec {
    fn name(&self) -> &str {
        "FilesExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        Vec::new()
    }

    fn apply_expressions(
        &self,
        f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> PlanResult<TreeNodeRecursion>,
    ) -> PlanResult<TreeNodeRecursion> {
        visited(&self.read.conditions, f)
    }

    fn handle_child_pushdown_result(
        &self,
        _phase: FilterPushdownPhase,
        filters: ChildPushdownResult,
        _config: &ConfigOptions,
    ) -> PlanResult<FilterPushdownPropagation<Arc<dyn ExecutionPlan>>> {
        let mut read = self.read.clone();
        let any = !self.schema.fields().is_empty() && read.limit.is_none();
        let answers = filters.parent_filters.into_iter().map(|ChildFilterPushdownResult { filter, .. }| {
            let taken = any && conditions::is_steady(&filter);
            read.conditions.extend(taken.then_some(filter));
            if taken { PushedDown::Yes } else { PushedDown::No }
        });
        let answers = FilterPushdownPropagation::with_parent_pushdown_result(answers.collect());
        Ok(answers.with_updated_node(Arc::new(Self::new(read, Arc::clone(&self.schema)))))
    }

    fn replace_children(
        self: Arc<Self>,
        _children: Vec<Arc<dyn ExecutionPlan>>,
        _options: ReplaceChildrenOptions,
    ) -> PlanResult<Arc<dyn ExecutionPlan>> {
        Ok(self)
    }

    fn with_new_children(
        self: Arc<Self>,
        _children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> PlanResult<Arc<dyn ExecutionPlan>> {
        Ok(self)
    }

    fn execute(&self, partition: usize, _context: Arc<TaskContext>) -> PlanResult<SendableRecordBatchStream> {
        if partition > 0 {
            return internal_err!("files are read as one partition");
        }
        let (read, schema) = (self.read.clone(), Arc::clone(&self.schema));
        let mut builder = RecordBatchReceiverStreamBuilder::new(Arc::clone(&schema), WAITING);
        let taken = builder.tx();
        builder.spawn_blocking(move || {
            read.stream(&schema, move |batch| taken.blocking_send(Ok(batch)).is_ok()).map_err(external)
        });
        Ok(builder.build())
    }
}

/// The frame that a step reads, if it does nothing but read columns of one such table.
pub(crate) fn frame_of(step: &Arc<dyn ExecutionPlan>) -> Result<Option<LazyFrame>> {
    match step.downcast_ref::<FilesExec>() {
        Some(files) if !files.schema.fields().is_empty() => files.read.frame(&files.schema).map(Some),
        _ => Ok(None),
    }
}

/// Whether polars reads the files of the format, and not the SQL engine itself.
pub(super) fn read_by_polars(format: Format) -> bool {
    !matches!(format, Format::Delta | Format::Parquet)
}
