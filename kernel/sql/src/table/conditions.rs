//! Conditions of a query that scans take over: rows for which they do not hold go no further.

use std::sync::Arc;

use aerostat_error::Result;
use aerostat_session::arrow as bridge;
use aerostat_session::errors::{from_polars, through_polars};
use datafusion::arrow::array::{ArrayRef, RecordBatch};
use datafusion::common::Result as PlanResult;
use datafusion::physical_expr::expressions::DynamicFilterTracking;
use datafusion::physical_expr::{PhysicalExpr, conjunction_opt};
use datafusion::physical_expr_common::physical_expr::is_volatile;
use polars::prelude::{AllowedOptimizations, DataFrame, LazyFrame};

use super::cached::passing;
use crate::query::errors;

/// Whether a scan can take over a filter: it says the same of a row whenever it is asked.
pub(super) fn is_steady(filter: &Arc<dyn PhysicalExpr>) -> bool {
    !is_volatile(filter) && !is_dynamic(filter)
}

/// Whether a filter is one that joins and limits make while the query runs.
pub(super) fn is_dynamic(filter: &Arc<dyn PhysicalExpr>) -> bool {
    DynamicFilterTracking::classify(filter).contains_dynamic_filter()
}

/// The rows for which all conditions hold, asked while polars reads files. The columns of the conditions are by their places
/// in the frame.
pub(super) fn keep(frame: LazyFrame, conditions: &[Arc<dyn PhysicalExpr>]) -> LazyFrame {
    let Some(condition) = conjunction_opt(conditions.to_vec()) else { return frame };
    let kept = move |rows: DataFrame| kept(&rows, &condition).map_err(through_polars);
    frame.map(kept, AllowedOptimizations::STREAMING, None, Some("conditions of a query"))
}

fn kept(rows: &DataFrame, condition: &Arc<dyn PhysicalExpr>) -> Result<DataFrame> {
    let asked = |batch: RecordBatch| {
        let passing: ArrayRef = Arc::new(passing(&batch, condition)?);
        Ok(RecordBatch::try_from_iter([("passing", passing)])?)
    };
    let asked = bridge::to_batches(rows)?.into_iter().map(asked).collect::<PlanResult<Vec<_>>>();
    let asked = asked.map_err(|error| errors::plain(&error))?;
    let passing = bridge::from_batches(asked[0].schema(), &asked)?;
    rows.filter(passing.columns()[0].bool().map_err(from_polars)?).map_err(from_polars)
}
