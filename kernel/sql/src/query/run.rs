//! Running a plan: on the engine's threads, until it is done or interrupted.

use std::future::Future;
use std::sync::Arc;

use aerostat_error::{Error, Result};
use aerostat_metastore::DataFile;
use aerostat_session::{Session, arrow as bridge};
use datafusion::arrow::datatypes::{Schema, SchemaRef};
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::datasource::source_as_provider;
use datafusion::logical_expr::LogicalPlan;
use datafusion::logical_expr::expr_rewriter::unnormalize_cols;
use datafusion::physical_plan::{ExecutionPlan, displayable, execute_stream};
use polars::prelude::DataFrame;

use super::{Catalog, Planned, errors, names};
use crate::Core;

/// The rows of a query as a frame.
pub(crate) fn collect(core: &Core, session: &Session, planned: Planned) -> Result<DataFrame> {
    let (schema, batches) = interruptible(core, session, rows(core, planned.plan))?;
    let names = names::unique(planned.names);
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

async fn physical(
    core: &Core,
    plan: datafusion::logical_expr::LogicalPlan,
) -> datafusion::common::Result<(Arc<dyn ExecutionPlan>, Arc<datafusion::execution::TaskContext>)> {
    let mut state = core.state.clone();
    state.mark_start_execution();
    let physical = state.create_physical_plan(&plan).await?;
    Ok((physical, state.task_ctx()))
}

async fn rows(
    core: &Core,
    plan: datafusion::logical_expr::LogicalPlan,
) -> datafusion::common::Result<(SchemaRef, Vec<RecordBatch>)> {
    let (physical, context) = physical(core, plan).await?;
    let schema = physical.schema();
    let stream = execute_stream(physical, context)?;
    Ok((schema, datafusion::physical_plan::common::collect(stream).await?))
}

/// What would be done for a query.
pub(crate) fn explain(core: &Core, session: &Session, planned: Planned, extended: bool) -> Result<String> {
    let logical = planned.plan.display_indent().to_string();
    let (physical, _) = interruptible(core, session, physical(core, planned.plan))?;
    let physical = displayable(physical.as_ref()).indent(false).to_string();
    Ok(match extended {
        true => format!("== Logical Plan ==\n{logical}\n\n== Physical Plan ==\n{physical}"),
        false => format!("== Physical Plan ==\n{physical}"),
    })
}

/// The files that the plan reads of the table that the catalog was given: the others are ruled out by what is filtered by.
pub(crate) fn files(
    core: &Core,
    catalog: &Catalog<'_>,
    plan: LogicalPlan,
) -> datafusion::common::Result<Vec<DataFile>> {
    let Some(table) = catalog.given_table() else { return Ok(Vec::new()) };
    let optimized = core.state.optimize(&plan)?;
    let mut wanted: Vec<&DataFile> = Vec::new();
    optimized.apply_with_subqueries(|node| {
        if let LogicalPlan::TableScan(scan) = node
            && let Ok(provider) = source_as_provider(&scan.source)
            && std::ptr::addr_eq(Arc::as_ptr(&provider), Arc::as_ptr(table))
        {
            wanted.extend(table.files(&core.state, &unnormalize_cols(scan.filters.iter().cloned()))?);
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    let needed = |file: &&DataFile| wanted.iter().any(|other| std::ptr::eq(*other, *file));
    Ok(table.all_files().filter(needed).cloned().collect())
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
        tokio::select! {
            () = interrupt.raised() => Err(Error::interrupted()),
            done = work => done.map_err(|error| errors::plain(&error)),
        }
    })
}
