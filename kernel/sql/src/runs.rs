//! Groups whose rows follow each other.
//!
//! The rows of a table often come in runs: the lines of an invoice are written down together. The engine looks every row up
//! in its table of groups, which for texts is most of the work of a query. So the step before it, the partial aggregate,
//! makes one row of each run here, and only those are looked up. Where the rows of groups are scattered, which the first
//! batch tells, the engine's own step takes over.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use datafusion::arrow::array::{ArrayRef, AsArray, UInt64Array};
use datafusion::arrow::compute::{partition, take_arrays};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode, TreeNodeRecursion};
use datafusion::common::{Result, exec_err, internal_err};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{EmitTo, GroupsAccumulator};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr_common::utils::evaluate_expressions_to_arrays;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::aggregates::{AggregateExec, AggregateMode};
use datafusion::physical_plan::execution_plan::{ChildrenPropertiesMode, replace_children_if_necessary};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::streaming::{PartitionStream, StreamingTableExec};
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, InputOrderMode, PlanProperties, ReplaceChildrenOptions,
};
use futures::{StreamExt as _, TryStreamExt as _, stream};

/// Runs shorter than this on average are not worth it.
const ROWS_OF_A_RUN: usize = 4;

/// Puts the step in the place of the engine's.
#[derive(Debug)]
pub(crate) struct Runs;

impl PhysicalOptimizerRule for Runs {
    fn optimize(&self, plan: Arc<dyn ExecutionPlan>, _: &ConfigOptions) -> Result<Arc<dyn ExecutionPlan>> {
        plan.transform_up(|node| match node.downcast_ref::<AggregateExec>().is_some_and(may_collapse) {
            true => Ok(Transformed::yes(Arc::new(RunsExec { partial: node }) as Arc<dyn ExecutionPlan>)),
            false => Ok(Transformed::no(node)),
        })
        .data()
    }

    fn name(&self) -> &str {
        "runs"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// Whether each run may be a row of its own, with states that cost little to make and to merge.
fn may_collapse(aggregate: &AggregateExec) -> bool {
    let groups = aggregate.group_expr();
    let is_plain = aggregate.mode() == &AggregateMode::Partial
        && aggregate.input_order_mode() == &InputOrderMode::Linear
        && aggregate.limit_options().is_none()
        && aggregate.dynamic_expressions_produced().is_empty();
    is_plain
        && groups.is_single()
        && !groups.expr().is_empty()
        && aggregate.aggr_expr().iter().all(|function| {
            let states = function.state_fields().unwrap_or_default();
            !function.is_distinct()
                && function.order_bys().is_empty()
                && function.groups_accumulator_supported()
                && !states.is_empty()
                && states.iter().all(|state| state.data_type().is_primitive())
        })
}

/// The step.
#[derive(Debug)]
struct RunsExec {
    /// The engine's.
    partial: Arc<dyn ExecutionPlan>,
}

impl RunsExec {
    fn aggregate(&self) -> Result<&AggregateExec> {
        match self.partial.downcast_ref() {
            Some(aggregate) => Ok(aggregate),
            None => internal_err!("runs are made for aggregates"),
        }
    }
}

/// An aggregate function, what it is asked of, and of which rows.
struct Function {
    arguments: Vec<Arc<dyn PhysicalExpr>>,
    condition: Option<Arc<dyn PhysicalExpr>>,
    accumulator: Box<dyn GroupsAccumulator>,
}

impl Function {
    fn all_of(aggregate: &AggregateExec) -> Result<Vec<Self>> {
        let functions = aggregate.aggr_expr().iter().zip(aggregate.filter_expr());
        let functions = functions.map(|(function, condition)| {
            let accumulator = function.create_groups_accumulator()?;
            Ok(Self { arguments: function.expressions(), condition: condition.clone(), accumulator })
        });
        functions.collect()
    }

    /// The states of the runs of a batch.
    fn states(&mut self, rows: &RecordBatch, run_of_row: &[usize], runs: usize) -> Result<Vec<ArrayRef>> {
        let arguments = evaluate_expressions_to_arrays(&self.arguments, rows)?;
        let condition = self.condition.as_ref().map(|condition| condition.evaluate(rows)?.into_array(rows.num_rows()));
        let condition = condition.transpose()?;
        let condition = condition.as_ref().map(|condition| condition.as_boolean());
        self.accumulator.update_batch(&arguments, run_of_row, condition, runs)?;
        self.accumulator.state(EmitTo::All)
    }
}

/// The rows of one partition.
struct Collapsing {
    /// None once the engine's step has taken over.
    input: Option<SendableRecordBatchStream>,
    rest: Option<SendableRecordBatchStream>,
    keys: Vec<Arc<dyn PhysicalExpr>>,
    functions: Vec<Function>,
    partial: Arc<dyn ExecutionPlan>,
    context: Arc<TaskContext>,
    rows: usize,
    runs: usize,
}

impl Collapsing {
    async fn next(mut self) -> Result<Option<(RecordBatch, Self)>> {
        let Some(input) = &mut self.input else { return self.next_of_rest().await };
        let Some(batch) = input.try_next().await? else { return Ok(None) };
        let keys = evaluate_expressions_to_arrays(&self.keys, &batch)?;
        let runs = partition(&keys)?.ranges();
        (self.rows, self.runs) = (self.rows + batch.num_rows(), self.runs + runs.len());
        if self.runs * ROWS_OF_A_RUN > self.rows {
            self.give_up(batch)?;
            return self.next_of_rest().await;
        }
        let starts: UInt64Array = runs.iter().map(|run| Some(run.start as u64)).collect();
        let run_of_row: Vec<usize> =
            runs.iter().enumerate().flat_map(|(at, run)| run.clone().map(move |_| at)).collect();
        let mut columns = take_arrays(&keys, &starts, None)?;
        for function in &mut self.functions {
            columns.extend(function.states(&batch, &run_of_row, runs.len())?);
        }
        let collapsed = RecordBatch::try_new(self.partial.schema(), columns)?;
        Ok(Some((collapsed, self)))
    }

    /// Leaves this batch and those that follow to the engine.
    fn give_up(&mut self, batch: RecordBatch) -> Result<()> {
        let Some(input) = self.input.take() else { return Ok(()) };
        let schema = input.schema();
        let rows = stream::once(async { Ok(batch) }).chain(input);
        let rows: SendableRecordBatchStream = Box::pin(RecordBatchStreamAdapter::new(Arc::clone(&schema), rows));
        let once: Arc<dyn PartitionStream> =
            Arc::new(Once { schema: Arc::clone(&schema), rows: Mutex::new(Some(rows)) });
        let rows = StreamingTableExec::try_new(schema, vec![once], None, [], false, None)?;
        let partial = replace_children_if_necessary(Arc::clone(&self.partial), vec![Arc::new(rows)])?;
        self.rest = Some(partial.execute(0, Arc::clone(&self.context))?);
        Ok(())
    }

    async fn next_of_rest(mut self) -> Result<Option<(RecordBatch, Self)>> {
        let Some(rest) = &mut self.rest else { return Ok(None) };
        Ok(rest.try_next().await?.map(|batch| (batch, self)))
    }
}

/// Rows that come once.
struct Once {
    schema: SchemaRef,
    rows: Mutex<Option<SendableRecordBatchStream>>,
}

impl fmt::Debug for Once {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Once").field("schema", &self.schema).finish_non_exhaustive()
    }
}

impl PartitionStream for Once {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _: Arc<TaskContext>) -> SendableRecordBatchStream {
        let rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner).take();
        rows.unwrap_or_else(|| {
            let gone = stream::once(async { exec_err!("these rows have been read") });
            Box::pin(RecordBatchStreamAdapter::new(Arc::clone(&self.schema), gone))
        })
    }
}

impl DisplayAs for RunsExec {
    fn fmt_as(&self, t: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RunsExec: ")?;
        self.partial.fmt_as(t, f)
    }
}

impl ExecutionPlan for RunsExec {
    fn name(&self) -> &str {
        "RunsExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        self.partial.properties()
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        self.partial.children()
    }

    fn apply_expressions(
        &self,
        f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        self.partial.apply_expressions(f)
    }

    fn replace_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
        options: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(Arc::new(Self { partial: Arc::clone(&self.partial).replace_children(children, options)? }))
    }

    fn with_new_children(self: Arc<Self>, children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        let options = ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute);
        self.replace_children(children, options)
    }

    fn execute(&self, number: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let aggregate = self.aggregate()?;
        let collapsing = Collapsing {
            input: Some(aggregate.input().execute(number, Arc::clone(&context))?),
            rest: None,
            keys: aggregate.group_expr().input_exprs(),
            functions: Function::all_of(aggregate)?,
            partial: Arc::clone(&self.partial),
            context,
            rows: 0,
            runs: 0,
        };
        let rows = stream::try_unfold(collapsing, Collapsing::next);
        Ok(Box::pin(RecordBatchStreamAdapter::new(self.schema(), rows)))
    }
}
