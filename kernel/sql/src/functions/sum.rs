//! `sum` in ANSI mode, which does not wrap around.
//!
//! It is the engine's own in a type with more room: only the result has to fit.

use std::sync::Arc;

use aerostat_error::{Condition, Error, Kind};
use datafusion::arrow::array::{Array, ArrayRef, BooleanArray};
use datafusion::arrow::datatypes::{DataType, FieldRef};
use datafusion::common::{Result, ScalarValue};
use datafusion::functions_aggregate::sum::Sum;
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::AggregateOrderSensitivity;
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, EmitTo, GroupsAccumulator, ReversedUDAF, Signature,
};

use super::convert::plain_cast;
use super::external;

/// The aggregate.
pub(super) fn function() -> AggregateUDF {
    AggregateUDF::new_from_impl(CheckedSum { sum: Sum::new() })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct CheckedSum {
    sum: Sum,
}

/// The type with more room, for a sum that could be too large for its own.
fn roomy(dtype: &DataType) -> Option<DataType> {
    match dtype {
        DataType::Int64 => Some(DataType::Decimal128(38, 0)),
        DataType::Decimal128(38, scale) => Some(DataType::Decimal256(76, *scale)),
        _ => None,
    }
}

fn of_type(field: &FieldRef, dtype: &DataType) -> FieldRef {
    Arc::new(field.as_ref().clone().with_data_type(dtype.clone()))
}

/// What adds up in a type with more room.
struct Checked<A: ?Sized> {
    room: DataType,
    to: DataType,
    sum: Box<A>,
}

impl<A: ?Sized> Checked<A> {
    fn widened(&self, values: &[ArrayRef]) -> Result<Vec<ArrayRef>> {
        values.iter().map(|values| plain_cast(values, &self.room)).collect()
    }

    fn narrowed(&self, sums: &ArrayRef) -> Result<ArrayRef> {
        let narrowed = plain_cast(sums, &self.to)?;
        match narrowed.null_count() > sums.null_count() {
            true => Err(external(overflow(&self.to))),
            false => Ok(narrowed),
        }
    }
}

fn overflow(dtype: &DataType) -> Error {
    let name = crate::query::schema::type_name(dtype).unwrap_or_else(|_| dtype.to_string());
    Error::new(Kind::Compute, format!("a sum does not fit the type {name}"))
        .with_condition(Condition::ARITHMETIC_OVERFLOW)
        .with_hint("say try_sum to get null instead, or cast to a wider type: `sum(CAST(x AS DECIMAL(38, 0)))`")
}

impl CheckedSum {
    /// What `make` makes, in the type with more room if there is one.
    fn made<'a, A: ?Sized>(
        args: AccumulatorArgs<'a>,
        make: impl FnOnce(AccumulatorArgs<'a>) -> Result<Box<A>>,
        checked: impl FnOnce(Checked<A>) -> Box<A>,
    ) -> Result<Box<A>> {
        let to = args.return_field.data_type().clone();
        let Some(room) = roomy(&to) else { return make(args) };
        let sum = make(AccumulatorArgs { return_field: of_type(&args.return_field, &room), ..args })?;
        Ok(checked(Checked { room, to, sum }))
    }
}

impl AggregateUDFImpl for CheckedSum {
    fn name(&self) -> &str {
        self.sum.name()
    }

    fn signature(&self) -> &Signature {
        self.sum.signature()
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        self.sum.return_type(types)
    }

    fn state_fields(&self, args: StateFieldsArgs<'_>) -> Result<Vec<FieldRef>> {
        match roomy(args.return_field.data_type()) {
            Some(room) => {
                self.sum.state_fields(StateFieldsArgs { return_field: of_type(&args.return_field, &room), ..args })
            }
            None => self.sum.state_fields(args),
        }
    }

    fn accumulator(&self, args: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        Self::made(args, |args| self.sum.accumulator(args), |checked| Box::new(checked))
    }

    fn create_sliding_accumulator(&self, args: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        Self::made(args, |args| self.sum.create_sliding_accumulator(args), |checked| Box::new(checked))
    }

    fn groups_accumulator_supported(&self, args: AccumulatorArgs<'_>) -> bool {
        self.sum.groups_accumulator_supported(args)
    }

    fn create_groups_accumulator(&self, args: AccumulatorArgs<'_>) -> Result<Box<dyn GroupsAccumulator>> {
        Self::made(args, |args| self.sum.create_groups_accumulator(args), |checked| Box::new(checked))
    }

    fn reverse_expr(&self) -> ReversedUDAF {
        self.sum.reverse_expr()
    }

    fn order_sensitivity(&self) -> AggregateOrderSensitivity {
        self.sum.order_sensitivity()
    }
}

impl std::fmt::Debug for Checked<dyn Accumulator> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Checked({:?})", self.sum)
    }
}

impl Accumulator for Checked<dyn Accumulator> {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let values = self.widened(values)?;
        self.sum.update_batch(&values)
    }

    fn retract_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let values = self.widened(values)?;
        self.sum.retract_batch(&values)
    }

    fn supports_retract_batch(&self) -> bool {
        self.sum.supports_retract_batch()
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        self.sum.merge_batch(states)
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        self.sum.state()
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let sum = self.sum.evaluate()?.to_array()?;
        ScalarValue::try_from_array(&self.narrowed(&sum)?, 0)
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.sum.size()
    }
}

impl GroupsAccumulator for Checked<dyn GroupsAccumulator> {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        groups: &[usize],
        filter: Option<&BooleanArray>,
        count: usize,
    ) -> Result<()> {
        let values = self.widened(values)?;
        self.sum.update_batch(&values, groups, filter, count)
    }

    fn merge_batch(&mut self, states: &[ArrayRef], groups: &[usize], count: usize) -> Result<()> {
        self.sum.merge_batch(states, groups, count)
    }

    fn convert_to_state(&self, values: &[ArrayRef], filter: Option<&BooleanArray>) -> Result<Vec<ArrayRef>> {
        self.sum.convert_to_state(&self.widened(values)?, filter)
    }

    fn state(&mut self, emit: EmitTo) -> Result<Vec<ArrayRef>> {
        self.sum.state(emit)
    }

    fn evaluate(&mut self, emit: EmitTo) -> Result<ArrayRef> {
        let sums = self.sum.evaluate(emit)?;
        self.narrowed(&sums)
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.sum.size()
    }
}
