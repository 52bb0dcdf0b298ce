//! A frame of the session as a table: collected when it is scanned, and then read in place.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use aerostat_error::Result;
use aerostat_session::errors::from_polars;
use aerostat_session::{Session, arrow as bridge};
use async_trait::async_trait;
use datafusion::arrow::datatypes::{Schema, SchemaRef};
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::catalog::{Session as Planner, TableProvider};
use datafusion::common::Statistics;
use datafusion::common::stats::Precision;
use datafusion::datasource::memory::MemorySourceConfig;
use datafusion::logical_expr::{Expr, TableType};
use datafusion::physical_plan::ExecutionPlan;
use polars::prelude::{DataFrame, DslPlan, LazyFrame, col};

use crate::functions::external;

/// A lazy frame. If one place of the query reads it, only the columns that are needed there are collected; if several
/// do, all of it is, once.
pub(crate) struct FrameTable {
    session: Session,
    frame: LazyFrame,
    schema: SchemaRef,
    uses: AtomicUsize,
    collected: Mutex<Option<Vec<RecordBatch>>>,
}

impl FrameTable {
    pub(crate) fn new(session: &Session, mut frame: LazyFrame) -> Result<Self> {
        let schema = match held(&frame.logical_plan) {
            Some(frame) => Arc::clone(frame.schema()),
            None => frame.collect_schema().map_err(from_polars)?,
        };
        let schema = bridge::to_schema(&schema)?;
        Ok(Self { session: session.clone(), frame, schema, uses: AtomicUsize::new(0), collected: Mutex::new(None) })
    }

    /// Counts one more place that reads it.
    pub(crate) fn used(&self) {
        self.uses.fetch_add(1, Ordering::Relaxed);
    }

    fn collect(&self, frame: LazyFrame) -> datafusion::common::Result<Vec<RecordBatch>> {
        let frame = self.session.collect(frame).map_err(external)?;
        bridge::to_batches(&frame).map_err(external)
    }

    fn everything(&self) -> datafusion::common::Result<Vec<RecordBatch>> {
        let mut collected = self.collected.lock().unwrap_or_else(PoisonError::into_inner);
        match collected.as_ref() {
            Some(batches) => Ok(batches.clone()),
            None => Ok(collected.insert(self.collect(self.frame.clone())?).clone()),
        }
    }
}

/// The frame that a plan consists of, if it is there already. A plan whose columns were asked for is wrapped in another.
fn held(plan: &DslPlan) -> Option<&Arc<DataFrame>> {
    match plan {
        DslPlan::DataFrameScan { df, .. } => Some(df),
        DslPlan::IR { dsl, .. } => held(dsl),
        _ => None,
    }
}

/// Columns of a frame that is there already, for which polars need not be asked.
fn in_memory(frame: &DataFrame, schema: &Schema) -> Result<Vec<RecordBatch>> {
    let names = schema.fields().iter().map(|field| field.name().as_str());
    bridge::to_batches(&frame.select(names).map_err(from_polars)?)
}

impl fmt::Debug for FrameTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FrameTable").field("schema", &self.schema).finish_non_exhaustive()
    }
}

#[async_trait]
impl TableProvider for FrameTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn statistics(&self) -> Option<Statistics> {
        // Of a plan nobody knows how many rows come of it.
        let rows = Precision::Exact(held(&self.frame.logical_plan)?.height());
        Some(Statistics { num_rows: rows, ..Statistics::new_unknown(&self.schema) })
    }

    async fn scan(
        &self,
        _planner: &dyn Planner,
        projection: Option<&Vec<usize>>,
        _filters: &[Expr],
        limit: Option<usize>,
    ) -> datafusion::common::Result<Arc<dyn ExecutionPlan>> {
        let columns = projection.filter(|columns| !columns.is_empty());
        if self.uses.load(Ordering::Relaxed) > 1 || columns.is_none() {
            let batches = self.everything()?;
            return Ok(MemorySourceConfig::try_new_exec(&[batches], self.schema(), projection.cloned())?);
        }
        let columns = columns.cloned().unwrap_or_default();
        if let (Some(frame), None) = (held(&self.frame.logical_plan), limit) {
            let batches = in_memory(frame, &self.schema.project(&columns)?).map_err(external)?;
            return Ok(MemorySourceConfig::try_new_exec(&[batches], Arc::new(self.schema.project(&columns)?), None)?);
        }
        let names = columns.iter().map(|at| col(self.schema.field(*at).name().as_str()));
        let mut frame = self.frame.clone().select(names.collect::<Vec<_>>());
        if let Some(limit) = limit {
            frame = frame.limit(u32::try_from(limit).unwrap_or(u32::MAX));
        }
        let schema = Arc::new(self.schema.project(&columns)?);
        Ok(MemorySourceConfig::try_new_exec(&[self.collect(frame)?], schema, None)?)
    }
}
