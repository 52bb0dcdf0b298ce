//! Lists that are made for a generator, a portion of the rows at a time.
//!
//! The engine makes the lists of a whole batch before it takes them apart. Of thousands of rows with thousands of elements
//! each, that is more than memory holds, though what comes out passes by. So the step before [`UnnestExec`] works on as
//! many rows as make lists of a few megabytes, by what the rows before them have made.

use std::fmt;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray};
use datafusion::arrow::datatypes::{DataType, SchemaRef};
use datafusion::arrow::record_batch::{RecordBatch, RecordBatchOptions};
use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode, TreeNodeRecursion};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::execution_plan::{ChildrenPropertiesMode, replace_children_if_necessary};
use datafusion::physical_plan::projection::{ProjectionExec, ProjectionExpr};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::unnest::UnnestExec;
use datafusion::physical_plan::{DisplayAs, DisplayFormatType, ExecutionPlan, PlanProperties, ReplaceChildrenOptions};
use futures::{TryStreamExt as _, stream};

/// Lists of so many elements are made at once, as far as one row has not more.
const ELEMENTS: usize = 1 << 19;

/// So many rows are tried before it is known how much they make.
const FIRST_ROWS: usize = 16;

/// Puts the step in the place of the engine's.
#[derive(Debug)]
pub(crate) struct Portions;

impl PhysicalOptimizerRule for Portions {
    fn optimize(&self, plan: Arc<dyn ExecutionPlan>, _: &ConfigOptions) -> Result<Arc<dyn ExecutionPlan>> {
        plan.transform_up(|node| {
            if !node.is::<UnnestExec>() {
                return Ok(Transformed::no(node));
            }
            let children = node.children();
            let Some(projection) = children.first().and_then(|child| child.downcast_ref::<ProjectionExec>()) else {
                return Ok(Transformed::no(node));
            };
            let made: Arc<dyn ExecutionPlan> = Arc::new(PortionsExec::new(projection));
            replace_children_if_necessary(node, vec![made]).map(Transformed::yes)
        })
        .data()
    }

    fn name(&self) -> &str {
        "portions"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// The step.
#[derive(Debug)]
struct PortionsExec {
    input: Arc<dyn ExecutionPlan>,
    expressions: Arc<[ProjectionExpr]>,
    properties: Arc<PlanProperties>,
}

impl PortionsExec {
    fn new(projection: &ProjectionExec) -> Self {
        Self {
            input: Arc::clone(projection.input()),
            expressions: projection.expr().into(),
            properties: Arc::clone(projection.properties()),
        }
    }
}

/// Evaluates the expressions on rows.
pub(crate) fn evaluated(rows: &RecordBatch, expressions: &[ProjectionExpr], schema: &SchemaRef) -> Result<RecordBatch> {
    let height = rows.num_rows();
    let columns = expressions.iter().map(|expression| expression.expr.evaluate(rows)?.into_array(height));
    let options = RecordBatchOptions::new().with_row_count(Some(height));
    Ok(RecordBatch::try_new_with_options(Arc::clone(schema), columns.collect::<Result<_>>()?, &options)?)
}

/// How many elements the lists of a batch have.
fn elements(batch: &RecordBatch) -> usize {
    let of = |column: &ArrayRef| match column.data_type() {
        DataType::List(_) => ends(column.as_list::<i32>().value_offsets()),
        DataType::LargeList(_) => ends(column.as_list::<i64>().value_offsets()),
        DataType::Map(..) => ends(column.as_map().value_offsets()),
        _ => 0,
    };
    batch.columns().iter().map(of).sum()
}

fn ends<T: Copy + std::ops::Sub<Output = T> + TryInto<usize>>(offsets: &[T]) -> usize {
    match offsets {
        [first, .., last] => (*last - *first).try_into().unwrap_or_default(),
        _ => 0,
    }
}

/// What has come and what is made of it.
struct Making {
    input: SendableRecordBatchStream,
    /// What has not been looked at of the batch that came last.
    rest: Option<RecordBatch>,
    /// So many rows are next.
    rows: usize,
    expressions: Arc<[ProjectionExpr]>,
    schema: SchemaRef,
}

impl Making {
    async fn next(mut self) -> Result<Option<(RecordBatch, Self)>> {
        let rest = match self.rest.take() {
            Some(rest) => Some(rest),
            None => self.input.try_next().await?,
        };
        let Some(rest) = rest else { return Ok(None) };
        let rows = self.rows.min(rest.num_rows());
        let portion = evaluated(&rest.slice(0, rows), &self.expressions, &self.schema)?;
        self.rest = (rows < rest.num_rows()).then(|| rest.slice(rows, rest.num_rows() - rows));
        self.rows = (rows.saturating_mul(ELEMENTS) / elements(&portion).max(1)).max(1);
        Ok(Some((portion, self)))
    }
}

impl DisplayAs for PortionsExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.expressions.iter().map(|expression| format!("{} as {}", expression.expr, expression.alias));
        write!(f, "PortionsExec: expr=[{}]", shown.collect::<Vec<_>>().join(", "))
    }
}

impl ExecutionPlan for PortionsExec {
    fn name(&self) -> &str {
        "PortionsExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn apply_expressions(
        &self,
        f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        for expression in self.expressions.iter() {
            if f(&expression.expr)? == TreeNodeRecursion::Stop {
                return Ok(TreeNodeRecursion::Stop);
            }
        }
        Ok(TreeNodeRecursion::Continue)
    }

    fn replace_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
        _options: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let input = children.into_iter().next().unwrap_or_else(|| Arc::clone(&self.input));
        let projection = ProjectionExec::try_new(self.expressions.iter().cloned(), input)?;
        Ok(Arc::new(Self::new(&projection)))
    }

    fn with_new_children(self: Arc<Self>, children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        let options = ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute);
        self.replace_children(children, options)
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let input = self.input.execute(partition, context)?;
        let (expressions, schema) = (Arc::clone(&self.expressions), self.schema());
        let making = Making { input, rest: None, rows: FIRST_ROWS, expressions, schema: Arc::clone(&schema) };
        Ok(Box::pin(RecordBatchStreamAdapter::new(schema, stream::try_unfold(making, Making::next))))
    }
}
