//! `count(DISTINCT value)`, as the engine has it but for one thing: what was counted for all groups is in one table.
//!
//! The engine does so for whole numbers only, and has a table of its own for each group of anything else. Rows that repeat the
//! group and the value of the row before them, as the lines of an invoice repeat its number, are not looked up at all. Zeros
//! are equal whatever their sign, as in Spark, and so are NaNs.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Int64Array, ListArray, StructArray, UInt32Array, UInt64Array,
};
use datafusion::arrow::buffer::OffsetBuffer;
use datafusion::arrow::compute::kernels::cmp::distinct;
use datafusion::arrow::compute::{FilterBuilder, and, filter, is_not_null, not, prep_null_mask_filter, take};
use datafusion::arrow::datatypes::{DataType, Field, FieldRef, Float32Type, Float64Type, Schema, UInt32Type};
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::functions_aggregate::count::Count;
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::AggregateOrderSensitivity;
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, EmitTo, GroupsAccumulator, ReversedUDAF, SetMonotonicity, Signature,
    StatisticsArgs,
};
use datafusion::physical_plan::aggregates::group_values::{GroupValues, new_group_values};
use datafusion::physical_plan::aggregates::order::GroupOrdering;

/// The aggregate.
pub(super) fn function() -> AggregateUDF {
    AggregateUDF::new_from_impl(Counting(Count::new()))
}

/// The engine's aggregate, whatever is not said here.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Counting(Count);

impl AggregateUDFImpl for Counting {
    fn name(&self) -> &str {
        self.0.name()
    }

    fn signature(&self) -> &Signature {
        self.0.signature()
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        self.0.return_type(types)
    }

    fn is_nullable(&self) -> bool {
        self.0.is_nullable()
    }

    fn state_fields(&self, args: StateFieldsArgs<'_>) -> Result<Vec<FieldRef>> {
        self.0.state_fields(args)
    }

    fn accumulator(&self, args: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        match args.is_distinct && in_table(&args) {
            true => Ok(Box::new(OneGroup(Mutex::new(Distinct::of(&args)?)))),
            false => self.0.accumulator(args),
        }
    }

    fn create_sliding_accumulator(&self, args: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        self.0.create_sliding_accumulator(args)
    }

    fn groups_accumulator_supported(&self, args: AccumulatorArgs<'_>) -> bool {
        in_table(&args)
    }

    fn create_groups_accumulator(&self, args: AccumulatorArgs<'_>) -> Result<Box<dyn GroupsAccumulator>> {
        match args.is_distinct {
            true => Ok(Box::new(Distinct::of(&args)?)),
            false => self.0.create_groups_accumulator(args),
        }
    }

    fn reverse_expr(&self) -> ReversedUDAF {
        self.0.reverse_expr()
    }

    fn order_sensitivity(&self) -> AggregateOrderSensitivity {
        self.0.order_sensitivity()
    }

    fn default_value(&self, dtype: &DataType) -> Result<ScalarValue> {
        self.0.default_value(dtype)
    }

    fn value_from_stats(&self, args: &StatisticsArgs<'_>) -> Option<ScalarValue> {
        self.0.value_from_stats(args)
    }

    fn set_monotonicity(&self, dtype: &DataType) -> SetMonotonicity {
        self.0.set_monotonicity(dtype)
    }
}

/// How many values each group has had.
struct Distinct {
    dtype: DataType,
    /// Each pair of a group and a value once.
    seen: Box<dyn GroupValues>,
    counts: Vec<i64>,
    /// Where `seen` has the pairs that were last looked for.
    places: Vec<usize>,
}

impl fmt::Debug for Distinct {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Distinct").field("counts", &self.counts).finish_non_exhaustive()
    }
}

/// Whether a table has the values as they come.
fn in_table(args: &AccumulatorArgs<'_>) -> bool {
    matches!(args.expr_fields, [value] if !matches!(value.data_type(), DataType::Dictionary(..)))
}

impl Distinct {
    fn of(args: &AccumulatorArgs<'_>) -> Result<Self> {
        let dtype = args.expr_fields[0].data_type().clone();
        let group = Field::new("group", DataType::UInt32, false);
        let schema = Arc::new(Schema::new(vec![group, Field::new("value", dtype.clone(), true)]));
        let seen = new_group_values(schema, &GroupOrdering::None)?;
        Ok(Self { dtype, seen, counts: Vec::new(), places: Vec::new() })
    }

    /// Counts those of the pairs that are new.
    fn see(&mut self, groups: UInt32Array, values: ArrayRef) -> Result<()> {
        let (groups, values) = without_repeats(groups, values)?;
        let known = self.seen.len();
        let pairs: [ArrayRef; 2] = [Arc::new(groups.clone()), values];
        self.seen.intern(&pairs, &mut self.places)?;
        // Places are not always given in the order of the rows.
        let mut is_new = vec![true; self.seen.len() - known];
        for (group, place) in groups.values().iter().zip(&self.places) {
            if let Some(is_new) = place.checked_sub(known).map(|place| &mut is_new[place]) {
                self.counts[*group as usize] += i64::from(std::mem::take(is_new));
            }
        }
        Ok(())
    }

    /// Takes out the first groups: the groups and values of their pairs, and how many each has.
    fn emit(&mut self, emit_to: EmitTo) -> Result<(UInt32Array, ArrayRef, Vec<i64>)> {
        let counts = emit_to.take_needed(&mut self.counts);
        let pairs = self.seen.emit(EmitTo::All)?;
        // What has been emitted is forgotten only here.
        self.seen.clear_shrink(0);
        let (groups, values) = (pairs[0].as_primitive::<UInt32Type>().clone(), Arc::clone(&pairs[1]));
        let EmitTo::First(taken) = emit_to else { return Ok((groups, values, counts)) };
        let stays = BooleanArray::from_unary(&groups, |group| group as usize >= taken);
        let (rest, of_rest) = kept(groups.clone(), Arc::clone(&values), &stays)?;
        let rest: UInt32Array = rest.unary(|group| group - taken as u32);
        self.seen.intern(&[Arc::new(rest), of_rest], &mut self.places)?;
        let (groups, values) = kept(groups, values, &not(&stays)?)?;
        Ok((groups, values, counts))
    }

    /// Lists of so many values each.
    fn lists(&self, lengths: impl Iterator<Item = usize> + Clone, values: ArrayRef) -> Result<ArrayRef> {
        if lengths.clone().sum::<usize>() > i32::MAX as usize {
            return exec_err!("count(DISTINCT ..) of more than {} values in one step", i32::MAX);
        }
        let field = Arc::new(Field::new_list_field(self.dtype.clone(), true));
        Ok(Arc::new(ListArray::try_new(field, OffsetBuffer::from_lengths(lengths), values, None)?))
    }
}

impl GroupsAccumulator for Distinct {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        groups: &[usize],
        condition: Option<&BooleanArray>,
        total: usize,
    ) -> Result<()> {
        self.counts.resize(total, 0);
        let counted = counted(&values[0], condition)?;
        let groups = UInt32Array::from_iter_values(groups.iter().map(|group| *group as u32));
        let (groups, values) = kept(groups, Arc::clone(&values[0]), &counted)?;
        self.see(groups, equal_where_spark_says(values))
    }

    fn merge_batch(&mut self, states: &[ArrayRef], groups: &[usize], total: usize) -> Result<()> {
        self.counts.resize(total, 0);
        let lists = states[0].as_list::<i32>();
        let (first, last) = (lists.value_offsets()[0] as usize, lists.value_offsets()[lists.len()] as usize);
        let groups = groups
            .iter()
            .enumerate()
            .flat_map(|(row, group)| std::iter::repeat_n(*group as u32, lists.value_length(row) as usize));
        self.see(UInt32Array::from_iter_values(groups), lists.values().slice(first, last - first))
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let (_, _, counts) = self.emit(emit_to)?;
        Ok(Arc::new(Int64Array::from(counts)))
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        let (groups, values, counts) = self.emit(emit_to)?;
        let mut next = Vec::with_capacity(counts.len());
        let mut start = 0;
        for count in &counts {
            next.push(start);
            start += *count as u64;
        }
        // Where the values of each group are, one group after the other.
        let mut places = vec![0; groups.len()];
        for (place, group) in groups.values().iter().enumerate() {
            let next = &mut next[*group as usize];
            places[*next as usize] = place as u64;
            *next += 1;
        }
        let values = take(&values, &UInt64Array::from(places), None)?;
        Ok(vec![self.lists(counts.iter().map(|count| *count as usize), values)?])
    }

    fn convert_to_state(&self, values: &[ArrayRef], condition: Option<&BooleanArray>) -> Result<Vec<ArrayRef>> {
        let counted = counted(&values[0], condition)?;
        let values = equal_where_spark_says(filter(&values[0], &counted)?);
        Ok(vec![self.lists(counted.values().iter().map(usize::from), values)?])
    }

    fn size(&self) -> usize {
        let counts = self.counts.capacity() * size_of::<i64>();
        size_of_val(self) + self.seen.size() + counts + self.places.capacity() * size_of::<usize>()
    }
}

/// Of all rows. Nobody ever waits for the lock: what counts has to be shareable between threads, and tables are not.
#[derive(Debug)]
struct OneGroup(Mutex<Distinct>);

impl OneGroup {
    fn all(&mut self) -> &mut Distinct {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Accumulator for OneGroup {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.all().update_batch(values, &vec![0; values[0].len()], None, 1)
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        self.all().merge_batch(states, &vec![0; states[0].len()], 1)
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        Ok(ScalarValue::Int64(Some(self.all().counts.first().copied().unwrap_or(0))))
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let all = self.all();
        all.counts.resize(1, 0);
        all.state(EmitTo::All)?.iter().map(|state| ScalarValue::try_from_array(state, 0)).collect()
    }

    fn size(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).size()
    }
}

/// The rows that have a value and fulfil the condition.
fn counted(values: &ArrayRef, condition: Option<&BooleanArray>) -> Result<BooleanArray> {
    let present = is_not_null(values)?;
    Ok(match condition {
        // Arrow prepares only what has nulls.
        Some(condition) if condition.null_count() > 0 => and(&present, &prep_null_mask_filter(condition))?,
        Some(condition) => and(&present, condition)?,
        None => present,
    })
}

/// The pairs but for those that are the one before them.
fn without_repeats(groups: UInt32Array, values: ArrayRef) -> Result<(UInt32Array, ArrayRef)> {
    let Some(others) = values.len().checked_sub(1).filter(|_| !values.data_type().is_nested()) else {
        return Ok((groups, values));
    };
    let value_changes = distinct(&values.slice(1, others), &values.slice(0, others))?;
    let changes =
        groups.values().windows(2).zip(value_changes.values()).map(|(pair, change)| change || pair[0] != pair[1]);
    let first: BooleanArray = std::iter::once(true).chain(changes).map(Some).collect();
    kept(groups, values, &first)
}

/// The pairs that a mask has.
fn kept(groups: UInt32Array, values: ArrayRef, mask: &BooleanArray) -> Result<(UInt32Array, ArrayRef)> {
    if mask.true_count() == mask.len() {
        return Ok((groups, values));
    }
    let predicate = FilterBuilder::new(mask).build();
    let groups = predicate.filter(&groups)?.as_primitive::<UInt32Type>().clone();
    Ok((groups, predicate.filter(&values)?))
}

/// The values, with one zero and one NaN.
fn equal_where_spark_says(values: ArrayRef) -> ArrayRef {
    match values.data_type() {
        DataType::Float32 => Arc::new(
            values
                .as_primitive::<Float32Type>()
                .unary::<_, Float32Type>(|value| if value.is_nan() { f32::NAN } else { value + 0.0 }),
        ),
        DataType::Float64 => Arc::new(
            values
                .as_primitive::<Float64Type>()
                .unary::<_, Float64Type>(|value| if value.is_nan() { f64::NAN } else { value + 0.0 }),
        ),
        DataType::Struct(fields) => {
            let columns = values.as_struct().columns().iter().cloned().map(equal_where_spark_says).collect();
            Arc::new(StructArray::new(fields.clone(), columns, values.nulls().cloned()))
        }
        _ => values,
    }
}
