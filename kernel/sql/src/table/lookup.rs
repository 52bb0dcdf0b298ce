//! Filters of one column of whole numbers as a table of bits.
//!
//! A join knows which keys it has rows for, and to ask it takes a hash and a search a row. Keys are often numbers from 1 to
//! the number of customers, parts or shops, of which the scanned table has many rows each. Then each number is asked for
//! once, and every row looks up its bit.

use std::sync::Arc;

use datafusion::arrow::array::{
    Array as _, ArrayRef, ArrowPrimitiveType, AsArray, BooleanArray, BooleanBufferBuilder, Int64Array, RecordBatch,
};
use datafusion::arrow::buffer::BooleanBuffer;
use datafusion::arrow::datatypes::{DataType, Field, Int32Type, Int64Type, Schema};
use datafusion::common::{Result, ScalarValue, Statistics};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::DynamicFilterTracking;
use datafusion::physical_expr::utils::{collect_columns, reassign_expr_columns};
use datafusion::physical_expr_common::physical_expr::snapshot_physical_expr;

use super::cached::{STEP, passing};
use crate::functions::convert;

/// There are as many rows for each of the numbers, or it is not worth asking for all of them.
const ROWS_PER_NUMBER: usize = 4;

/// The table.
#[derive(Debug)]
pub(super) struct Lookup {
    /// The place of the column.
    column: usize,
    /// The number that the first bit is of.
    first: i64,
    bits: BooleanBuffer,
    /// Whether null passes.
    null: bool,
}

impl Lookup {
    /// The table of a filter that does not change any more, if it is of one column of whole numbers, and `rows` are many
    /// for the numbers that the column has.
    pub(super) fn new(
        filter: &Arc<dyn PhysicalExpr>,
        schema: &Schema,
        known: &Statistics,
        rows: usize,
    ) -> Result<Option<Self>> {
        let columns = collect_columns(filter);
        let Some(column) = columns.iter().next().filter(|_| columns.len() == 1) else { return Ok(None) };
        let (dtype, statistics) = (schema.field(column.index()).data_type(), &known.column_statistics[column.index()]);
        let bound = |value: Option<&ScalarValue>| match (dtype, value?) {
            (DataType::Int32, ScalarValue::Int32(value)) => value.map(i64::from),
            (DataType::Int64, ScalarValue::Int64(value)) => *value,
            _ => None,
        };
        let bounds = (bound(statistics.min_value.get_value()), bound(statistics.max_value.get_value()));
        let (Some(first), Some(last)) = bounds else { return Ok(None) };
        let count = last.abs_diff(first).saturating_add(1);
        if count > (rows / ROWS_PER_NUMBER) as u64
            || !matches!(DynamicFilterTracking::classify(filter), DynamicFilterTracking::AllComplete)
        {
            return Ok(None);
        }
        let alone = Arc::new(Schema::new(vec![Field::new(column.name(), dtype.clone(), true)]));
        let filter = reassign_expr_columns(snapshot_physical_expr(Arc::clone(filter))?, &alone)?;
        let ask = |numbers: Int64Array| {
            let numbers: ArrayRef = Arc::new(numbers);
            let numbers = convert::plainly(&numbers, dtype)?;
            passing(&RecordBatch::try_new(Arc::clone(&alone), vec![numbers])?, &filter)
        };
        let mut bits = BooleanBufferBuilder::new(count as usize);
        for from in (first..=last).step_by(STEP) {
            let numbers = from..=last.min(from.saturating_add(STEP as i64 - 1));
            bits.append_buffer(ask(numbers.collect::<Vec<_>>().into())?.values());
        }
        let null = ask(Int64Array::new_null(1))?.value(0);
        Ok(Some(Self { column: column.index(), first, bits: bits.finish(), null }))
    }

    /// For which rows the filter holds. What was not expected to be there passes: the filter is a hint.
    pub(super) fn passing(&self, rows: &RecordBatch) -> BooleanArray {
        let column = rows.column(self.column);
        match column.data_type() {
            DataType::Int32 => self.found::<Int32Type>(column),
            _ => self.found::<Int64Type>(column),
        }
    }

    fn found<T: ArrowPrimitiveType<Native: Into<i64>>>(&self, column: &ArrayRef) -> BooleanArray {
        let column = column.as_primitive::<T>();
        let values = column.values();
        let bit = |at: usize| {
            let number = values[at].into().wrapping_sub(self.first) as usize;
            number >= self.bits.len() || self.bits.value(number)
        };
        BooleanArray::from(match column.nulls() {
            None => BooleanBuffer::collect_bool(column.len(), bit),
            Some(valid) => {
                BooleanBuffer::collect_bool(column.len(), |at| if valid.is_valid(at) { bit(at) } else { self.null })
            }
        })
    }
}
