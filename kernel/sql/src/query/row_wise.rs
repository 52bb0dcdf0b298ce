//! Steps that make of each row something of its own, taken while polars reads files and writes a table.
//!
//! Most of what goes into tables is columns of files, calculated with and filtered. Such rows pass from polars' reader
//! through the engine's steps to polars' writer, a batch at a time on polars' threads, and are gathered nowhere.

use std::sync::Arc;

use aerostat_error::Result;
use aerostat_session::arrow as bridge;
use aerostat_session::errors::through_polars;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::common::Result as PlanResult;
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_expr_common::physical_expr::is_volatile;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::coop::CooperativeExec;
use datafusion::physical_plan::projection::{ProjectionExec, ProjectionExpr};
use datafusion::physical_plan::repartition::RepartitionExec;
use polars::prelude::{AllowedOptimizations, DataFrame, LazyFrame, Schema, SchemaRef as FrameSchemaRef, col};

use super::errors;
use crate::portions::evaluated;
use crate::table;

/// What is calculated of a row, and its columns.
struct Step(Arc<[ProjectionExpr]>, SchemaRef);

impl Step {
    /// The places of the columns that it chooses, if it does nothing else.
    fn columns(&self) -> Option<Vec<usize>> {
        self.0.iter().map(|made| made.expr.downcast_ref::<Column>().map(Column::index)).collect()
    }

    fn take(&self, rows: &RecordBatch) -> PlanResult<RecordBatch> {
        evaluated(rows, &self.0, &self.1)
    }
}

/// What a plan does besides reading files; the input of its topmost step, if it is one of these. Conditions are none of
/// them: the files have taken over those that they can.
fn topmost(plan: &Arc<dyn ExecutionPlan>) -> Option<(Option<Step>, &Arc<dyn ExecutionPlan>)> {
    if let Some(projection) = plan.downcast_ref::<ProjectionExec>() {
        let expressions = projection.expr();
        let is_certain = expressions.iter().all(|made| !is_volatile(&made.expr));
        return is_certain.then(|| (Some(Step(expressions.into(), plan.schema())), projection.input()));
    }
    // Polars has threads of its own.
    if let Some(handed_around) = plan.downcast_ref::<RepartitionExec>() {
        return Some((None, handed_around.input()));
    }
    plan.downcast_ref::<CooperativeExec>().map(|cooperative| (None, cooperative.input()))
}

/// Files and what is done with each of their rows.
pub(super) struct RowWise {
    files: LazyFrame,
    /// The columns of the files that the steps, or else the query, take by their places.
    columns: Vec<String>,
    steps: Vec<Step>,
}

impl RowWise {
    /// What the plan does, if it is nothing else. Random numbers and functions of users are left to the engine: what they
    /// say when they are asked again may be something else.
    pub(super) fn of(plan: &Arc<dyn ExecutionPlan>) -> Result<Option<Self>> {
        if let Some(files) = table::frame_of(plan)? {
            let columns = plan.schema().fields().iter().map(|field| field.name().clone()).collect();
            return Ok(Some(Self { files, columns, steps: Vec::new() }));
        }
        let Some((step, input)) = topmost(plan) else { return Ok(None) };
        Ok(Self::of(input)?.map(|below| below.followed_by(step)))
    }

    /// Columns that are chosen among those of the files are polars' to choose: it reads no others.
    fn followed_by(mut self, step: Option<Step>) -> Self {
        match (step.as_ref().and_then(Step::columns), self.steps.is_empty()) {
            (Some(chosen), true) => self.columns = chosen.into_iter().map(|at| self.columns[at].clone()).collect(),
            _ => self.steps.extend(step),
        }
        self
    }

    /// The columns of the files under these names.
    fn named(&self, names: impl Iterator<Item = impl AsRef<str>>) -> LazyFrame {
        let columns = self.columns.iter().zip(names).map(|(column, name)| col(column).alias(name.as_ref()));
        self.files.clone().select(columns.collect::<Vec<_>>())
    }

    /// Its rows as a frame with the columns of `schema`, such as `framed` makes of batches.
    pub(super) fn frame(
        self,
        schema: &FrameSchemaRef,
        framed: impl Fn(Vec<RecordBatch>) -> Result<DataFrame> + Send + Sync + 'static,
    ) -> LazyFrame {
        if let Some(read) = self.only_read(schema) {
            return read;
        }
        // A column may be chosen twice. What it is called is nothing to the steps.
        let files = self.named((0..self.columns.len()).map(|at| at.to_string()));
        let Self { steps, .. } = self;
        let work = move |rows: DataFrame| {
            let batches = bridge::to_batches(&rows);
            let made = batches.and_then(|batches| taken(&steps, batches)).and_then(&framed);
            made.map_err(through_polars)
        };
        let schema = Arc::clone(schema);
        let schema = move |_: &Schema| Ok(Arc::clone(&schema));
        files.map(work, AllowedOptimizations::STREAMING, Some(Arc::new(schema)), Some("steps of a query"))
    }

    /// The columns of files under the names of `schema`, if that is all. Times are not what they should be where the
    /// session's zone is another than that of the files.
    fn only_read(&self, schema: &FrameSchemaRef) -> Option<LazyFrame> {
        if !self.steps.is_empty() {
            return None;
        }
        let mut frame = self.named(schema.iter_names());
        frame.collect_schema().is_ok_and(|read| &read == schema).then_some(frame)
    }
}

fn taken(steps: &[Step], batches: Vec<RecordBatch>) -> Result<Vec<RecordBatch>> {
    let made = batches.into_iter().map(|batch| steps.iter().try_fold(batch, |rows, step| step.take(&rows)));
    made.collect::<PlanResult<_>>().map_err(|error| errors::plain(&error))
}
