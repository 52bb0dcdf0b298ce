//! Running a plan: on the engine's threads, until it is done or interrupted.

use std::collections::HashSet;
use std::future::Future;
use std::ptr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aerostat_error::{Error, Kind, Result};
use aerostat_metastore::DataFile;
use aerostat_session::zone::Zone;
use aerostat_session::{Gathered, Session, arrow as bridge, memory};
use datafusion::arrow::array::{ArrayRef, AsArray};
use datafusion::arrow::datatypes::{DataType, Schema, SchemaRef, TimeUnit, TimestampMicrosecondType};
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::common::DataFusionError;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::datasource::source_as_provider;
use datafusion::execution::SessionState;
use datafusion::logical_expr::LogicalPlan;
use datafusion::logical_expr::expr_rewriter::unnormalize_cols;
use datafusion::physical_plan::joins::HashJoinExec;
use datafusion::physical_plan::{ExecutionPlan, displayable, execute_stream};
use futures::StreamExt as _;
use polars::prelude::{DataFrame, LazyFrame};

use super::row_wise::RowWise;
use super::{Catalog, Planned, errors, names};
use crate::Core;
use crate::functions::external;

/// How often the memory of the kernel is looked at.
const MEMORY_POLL: Duration = Duration::from_millis(20);

/// How long a query that took too much may take to give it back.
const GIVING_BACK: Duration = Duration::from_secs(3);

/// So many rows of all tables together are few.
const FEW_ROWS: usize = 10_000;

/// The rows of a query as a frame.
pub(crate) fn collect(core: &Core, session: &Session, planned: Planned) -> Result<DataFrame> {
    let (schema, batches) = interruptible(core, session, rows(core, planned.state, planned.plan))?;
    framed(session, schema, batches, &names::unique(planned.names))
}

/// The rows of a query on their way into a table.
pub(crate) enum Incoming {
    /// Those that are made while polars reads files, which may be read while they are written.
    Read(Box<LazyFrame>, polars::prelude::SchemaRef),
    /// All others.
    Gathered(Gathered),
}

impl Incoming {
    /// The columns.
    pub(crate) fn schema(&self) -> &polars::prelude::SchemaRef {
        match self {
            Self::Read(_, schema) => schema,
            Self::Gathered(rows) => rows.schema(),
        }
    }

    /// All of the rows; they are there as long as this is.
    pub(crate) fn frame(&mut self) -> Result<LazyFrame> {
        match self {
            Self::Read(frame, _) => Ok(frame.as_ref().clone()),
            Self::Gathered(rows) => rows.frame(),
        }
    }
}

/// The rows of a query on their way into a table other than those of whose files polars reads. If nothing has to be known of
/// them but each by itself, and polars reads the files that they come from, they need not be gathered.
pub(crate) fn incoming(core: &Core, session: &Session, planned: Planned) -> Result<Incoming> {
    let Planned { plan, names, state } = planned;
    let names = names::unique(names);
    let steps = interruptible(core, session, physical(&state, plan.clone()))?;
    let Some(rows) = RowWise::of(&steps)? else {
        return gathered(core, session, state, plan, steps, &names).map(Incoming::Gathered);
    };
    let (session, made) = (session.clone(), steps.schema());
    let framed = move |batches| framed(&session, Arc::clone(&made), batches, &names);
    let schema = Arc::clone(framed(Vec::new())?.schema());
    Ok(Incoming::Read(Box::new(rows.frame(&schema, framed)), schema))
}

/// The rows of a query on their way into a table: not all of them are in memory at once.
pub(crate) fn gather(core: &Core, session: &Session, planned: Planned) -> Result<Gathered> {
    let Planned { plan, names, state } = planned;
    let steps = interruptible(core, session, physical(&state, plan.clone()))?;
    gathered(core, session, state, plan, steps, &names::unique(names))
}

fn gathered(
    core: &Core,
    session: &Session,
    state: Arc<SessionState>,
    plan: LogicalPlan,
    steps: Arc<dyn ExecutionPlan>,
    names: &[String],
) -> Result<Gathered> {
    let work = frugal_if_need_be(state, plan, steps, async |state, steps| {
        let schema = steps.schema();
        let frame = |batches| framed(session, Arc::clone(&schema), batches, names).map_err(external);
        let mut gathered = Gathered::new(session, frame(Vec::new())?.schema());
        let mut stream = execute_stream(steps, state.task_ctx())?;
        while let Some(batch) = stream.next().await {
            gathered.push(frame(vec![batch?])?).map_err(external)?;
        }
        Ok(gathered)
    });
    interruptible(core, session, work)
}

/// Batches as a frame, its columns under these names.
fn framed(session: &Session, schema: SchemaRef, batches: Vec<RecordBatch>, names: &[String]) -> Result<DataFrame> {
    let (schema, batches) = in_zone(session, schema, batches)?;
    let fields: Vec<_> =
        schema.fields().iter().zip(names).map(|(field, name)| field.as_ref().clone().with_name(name)).collect();
    let schema: SchemaRef = Arc::new(Schema::new(fields));
    let batches = batches.into_iter().map(|batch| {
        let columns = batch.columns().to_vec();
        let options = datafusion::arrow::record_batch::RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        RecordBatch::try_new_with_options(Arc::clone(&schema), columns, &options)
    });
    let batches = batches.collect::<Result<Vec<_>, _>>().map_err(|error| Error::internal(error.to_string()))?;
    bridge::from_batches(schema, &batches)
}

/// Timestamps under the session's zone, so that they are shown by its wall clock. In UTC they need no zone for that.
fn in_zone(session: &Session, schema: SchemaRef, batches: Vec<RecordBatch>) -> Result<(SchemaRef, Vec<RecordBatch>)> {
    let zone = Zone::parse(&session.settings().time_zone)?;
    // Tables of others, and frames, say of their times that they are in UTC, or in another zone: all are instants.
    let is_time = |dtype: &DataType| matches!(dtype, DataType::Timestamp(TimeUnit::Microsecond, _));
    if zone.is_utc() || !schema.fields().iter().any(|field| is_time(field.data_type())) {
        return Ok((schema, batches));
    }
    // Frames know the zones that have names.
    let name: Arc<str> = match zone {
        Zone::Named(zone) => zone.name().into(),
        Zone::Fixed(_) => "UTC".into(),
    };
    let dtype = DataType::Timestamp(TimeUnit::Microsecond, Some(Arc::clone(&name)));
    let fields = schema.fields().iter().map(|field| match is_time(field.data_type()) {
        true => Arc::new(field.as_ref().clone().with_data_type(dtype.clone())),
        false => Arc::clone(field),
    });
    let zoned: SchemaRef = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    let batches = batches.into_iter().map(|batch| {
        let columns =
            batch.columns().iter().map(|column| match column.as_primitive_opt::<TimestampMicrosecondType>() {
                Some(times) => Arc::new(times.clone().with_timezone(Arc::clone(&name))) as ArrayRef,
                None => Arc::clone(column),
            });
        RecordBatch::try_new(Arc::clone(&zoned), columns.collect())
    });
    let batches = batches.collect::<Result<Vec<_>, _>>().map_err(|error| Error::internal(error.to_string()))?;
    Ok((zoned, batches))
}

async fn physical(state: &SessionState, plan: LogicalPlan) -> datafusion::common::Result<Arc<dyn ExecutionPlan>> {
    state.create_physical_plan(&plan).await
}

/// The steps for a plan, by what suits its size, and the state to run them with. Where the few rules of a plain query do
/// not suffice, as they do not for a table in parts, all are asked.
async fn suited(
    core: &Core,
    state: Arc<SessionState>,
    plan: &LogicalPlan,
) -> datafusion::common::Result<(Arc<SessionState>, Arc<dyn ExecutionPlan>)> {
    let sized = sized(core, Arc::clone(&state), plan)?;
    match physical(&sized, plan.clone()).await {
        Err(_) if !Arc::ptr_eq(&sized, &state) => {
            let steps = physical(&state, plan.clone()).await?;
            Ok((state, steps))
        }
        steps => Ok((sized, steps?)),
    }
}

/// The state for a plan of such a size: a few rows are dealt with sooner by one thread than handed around between several,
/// and a plain query of them sooner than it is optimized as others are.
fn sized(core: &Core, state: Arc<SessionState>, plan: &LogicalPlan) -> datafusion::common::Result<Arc<SessionState>> {
    // How many rows there are, and how many may come of them: joins without equal columns make all pairs.
    let (mut rows, mut pairs, mut plain) = (Some(0_usize), 1_usize, true);
    let mut crosses = false;
    plan.apply_with_subqueries(|node| {
        plain &= matches!(
            node,
            LogicalPlan::Projection(_)
                | LogicalPlan::Filter(_)
                | LogicalPlan::Aggregate(_)
                | LogicalPlan::Sort(_)
                | LogicalPlan::Limit(_)
                | LogicalPlan::SubqueryAlias(_)
                | LogicalPlan::TableScan(_)
        );
        if let LogicalPlan::TableScan(scan) = node {
            let known =
                source_as_provider(&scan.source)?.statistics().and_then(|known| known.num_rows.get_value().copied());
            rows = rows.zip(known).map(|(rows, known)| rows.saturating_add(known));
            pairs = pairs.saturating_mul(known.unwrap_or(1).max(1));
        }
        crosses |= matches!(node, LogicalPlan::Join(join) if join.on.is_empty());
        if matches!(node, LogicalPlan::Unnest(_) | LogicalPlan::RecursiveQuery(_)) {
            rows = None;
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    if rows.is_none_or(|rows| rows > FEW_ROWS) || crosses && pairs > FEW_ROWS {
        return Ok(state);
    }
    let mut alone = if plain { core.brief(&state) } else { state.as_ref().clone() };
    alone.config_mut().options_mut().execution.target_partitions = 1;
    Ok(Arc::new(alone))
}

/// The rows of a plan.
async fn rows(
    core: &Core,
    state: Arc<SessionState>,
    plan: LogicalPlan,
) -> datafusion::common::Result<(SchemaRef, Vec<RecordBatch>)> {
    let (state, steps) = suited(core, state, &plan).await?;
    frugal_if_need_be(state, plan, steps, async |state, steps| {
        let schema = steps.schema();
        let stream = execute_stream(steps, state.task_ctx())?;
        Ok((schema, datafusion::physical_plan::common::collect(stream).await?))
    })
    .await
}

/// Takes the steps of a plan. The fastest joins keep one side in memory; if that is too much, the plan is run once more with
/// joins that sort both sides, on disk if they have to.
async fn frugal_if_need_be<T>(
    state: Arc<SessionState>,
    plan: LogicalPlan,
    steps: Arc<dyn ExecutionPlan>,
    run: impl AsyncFn(&SessionState, Arc<dyn ExecutionPlan>) -> datafusion::common::Result<T>,
) -> datafusion::common::Result<T> {
    let joins = steps.exists(|step| Ok(step.is::<HashJoinExec>()))?;
    match run(&state, steps).await {
        Err(error) if joins && matches!(error.find_root(), DataFusionError::ResourcesExhausted(_)) => {}
        done => return done,
    }
    let mut frugal = state.as_ref().clone();
    frugal.config_mut().options_mut().optimizer.prefer_hash_join = false;
    let steps = physical(&frugal, plan).await?;
    run(&frugal, steps).await
}

/// What would be done for a query.
pub(crate) fn explain(core: &Core, session: &Session, planned: Planned, extended: bool) -> Result<String> {
    let logical = planned.plan.display_indent().to_string();
    let (_, physical) = interruptible(core, session, suited(core, planned.state, &planned.plan))?;
    let physical = displayable(physical.as_ref()).indent(false).to_string();
    Ok(match extended {
        true => format!("== Logical Plan ==\n{logical}\n\n== Physical Plan ==\n{physical}"),
        false => format!("== Physical Plan ==\n{physical}"),
    })
}

/// The files that the plan reads of the table that the catalog was given: the others are ruled out by what is filtered by.
pub(crate) fn files(catalog: &Catalog<'_>, plan: LogicalPlan) -> datafusion::common::Result<Vec<DataFile>> {
    let Some(table) = catalog.given_table() else { return Ok(Vec::new()) };
    let optimized = catalog.state().optimize(&plan)?;
    let mut wanted: HashSet<*const DataFile> = HashSet::new();
    optimized.apply_with_subqueries(|node| {
        if let LogicalPlan::TableScan(scan) = node
            && let Ok(provider) = source_as_provider(&scan.source)
            && ptr::addr_eq(Arc::as_ptr(&provider), Arc::as_ptr(table))
        {
            let files = table.files(catalog.state(), &unnormalize_cols(scan.filters.iter().cloned()))?;
            wanted.extend(files.into_iter().map(ptr::from_ref));
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(table.all_files().filter(|file| wanted.contains(&ptr::from_ref(*file))).cloned().collect())
}

/// Waits until the kernel has more memory than it may take.
async fn outgrown() -> Error {
    loop {
        tokio::time::sleep(MEMORY_POLL).await;
        if let Err(error) = memory::check() {
            return error;
        }
    }
}

/// Waits until work that was dropped has given its memory back, or the next query would be refused for it.
async fn given_back() {
    let end = Instant::now() + GIVING_BACK;
    while memory::check().is_err() && Instant::now() < end {
        tokio::time::sleep(MEMORY_POLL).await;
    }
}

/// Waits for the work or for an interrupt. Work that is dropped half-way stops at its next batch.
fn interruptible<T>(
    core: &Core,
    session: &Session,
    work: impl Future<Output = datafusion::common::Result<T>>,
) -> Result<T> {
    let interrupt = session.interrupt();
    interrupt.check()?;
    core.runtime.block_on(async {
        let result = tokio::select! {
            () = interrupt.raised() => Err(Error::interrupted()),
            outgrown = outgrown() => Err(outgrown),
            done = work => done.map_err(|error| errors::plain(&error)),
        };
        if result.as_ref().is_err_and(|error| error.kind() == Kind::OutOfMemory) {
            given_back().await;
        }
        result
    })
}
