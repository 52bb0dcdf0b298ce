//! Functions with lambdas of several parameters.
//!
//! There are two: `_zip_with(lists.., lambda)`, which takes the elements of several lists side by side, and
//! `_sort_by(list, lambda)`. What Spark has besides (`transform(a, (x, i) -> ..)`, `map_filter`, `transform_values`, ..) is
//! made of the first by [`super::rules`].

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, BooleanBufferBuilder, ListArray, UInt32Array};
use datafusion::arrow::buffer::{NullBuffer, OffsetBuffer};
use datafusion::arrow::compute::{take, take_arrays};
use datafusion::arrow::datatypes::{DataType, Field, FieldRef, Int64Type};
use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, HigherOrderFunctionArgs, HigherOrderReturnFieldArgs, HigherOrderSignature, HigherOrderUDF,
    HigherOrderUDFImpl, LambdaArgument, LambdaParametersProgress, ValueOrLambda, Volatility,
};

use super::convert::plainly;

/// The functions.
pub(super) fn functions() -> Vec<HigherOrderUDF> {
    use ValueOrLambda::{Lambda, Value};
    let signature = |lists: usize| {
        let args = std::iter::repeat_n(Value(()), lists).chain([Lambda(())]).collect();
        HigherOrderSignature::exact(args, Volatility::Immutable)
    };
    vec![
        HigherOrderUDF::new_from_impl(ZipWith { lists: 2, signature: signature(2) }),
        HigherOrderUDF::new_from_impl(ZipWith { lists: 3, signature: signature(3) }),
        HigherOrderUDF::new_from_impl(SortBy { signature: signature(1) }),
    ]
}

/// The lists as lists of the usual layout.
fn as_lists(types: &[DataType]) -> Result<Vec<DataType>> {
    let list = |dtype: &DataType| match dtype {
        DataType::List(_) => Ok(dtype.clone()),
        DataType::LargeList(element) | DataType::FixedSizeList(element, _) => Ok(DataType::List(Arc::clone(element))),
        DataType::Null => Ok(DataType::List(Arc::new(Field::new_list_field(DataType::Null, true)))),
        other => plan_err!("a function with a lambda needs an array or a map, not {other}"),
    };
    types.iter().map(list).collect()
}

/// The field that a lambda's parameter has for the elements of a list; beyond a list's end they are null.
fn element(list: &FieldRef) -> Result<FieldRef> {
    match list.data_type() {
        DataType::List(element) => Ok(Arc::new(Field::new("element", element.data_type().clone(), true))),
        other => plan_err!("a function with a lambda needs an array, not {other}"),
    }
}

/// `_zip_with(a, b, (x, y) -> ..)`, or `_zip_with_3` with three lists: as long as the longest list.
#[derive(Debug, PartialEq, Eq, Hash)]
struct ZipWith {
    lists: usize,
    signature: HigherOrderSignature,
}

impl HigherOrderUDFImpl for ZipWith {
    fn name(&self) -> &str {
        if self.lists == 2 { "_zip_with" } else { "_zip_with_3" }
    }

    fn signature(&self) -> &HigherOrderSignature {
        &self.signature
    }

    fn coerce_value_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        as_lists(types)
    }

    fn lambda_parameters(
        &self,
        _step: usize,
        fields: &[ValueOrLambda<FieldRef, Option<FieldRef>>],
    ) -> Result<LambdaParametersProgress> {
        let lists = fields.iter().filter_map(|field| match field {
            ValueOrLambda::Value(list) => Some(element(list)),
            ValueOrLambda::Lambda(_) => None,
        });
        Ok(LambdaParametersProgress::Complete(vec![lists.collect::<Result<_>>()?]))
    }

    fn return_field_from_args(&self, args: HigherOrderReturnFieldArgs<'_>) -> Result<FieldRef> {
        let Some(ValueOrLambda::Lambda(body)) = args.arg_fields.last() else {
            return plan_err!("the last argument must be a lambda");
        };
        let element = Arc::new(Field::new_list_field(body.data_type().clone(), true));
        Ok(Arc::new(Field::new("", DataType::List(element), true)))
    }

    fn invoke_with_args(&self, args: HigherOrderFunctionArgs) -> Result<ColumnarValue> {
        let mut lists = Vec::new();
        let mut lambda = None;
        for arg in &args.args {
            match arg {
                ValueOrLambda::Value(value) => lists.push(value.to_array(args.number_rows)?),
                ValueOrLambda::Lambda(given) => lambda = Some(given),
            }
        }
        let Some(lambda) = lambda else { return plan_err!("the last argument must be a lambda") };
        let lists: Vec<&ListArray> = lists.iter().map(|list| list.as_list::<i32>()).collect();
        let layout = Layout::of(&lists, args.number_rows);
        let columns = lists.iter().map(|list| layout.elements(list)).collect::<Result<Vec<_>>>()?;
        let values = evaluate(lambda, &columns, &layout.rows)?;
        let DataType::List(field) = args.return_field.data_type() else { return plan_err!("no list") };
        let values = plainly(&values, field.data_type())?;
        let list = ListArray::try_new(Arc::clone(field), layout.offsets, values, Some(layout.nulls))?;
        Ok(ColumnarValue::Array(Arc::new(list)))
    }
}

/// The values of a lambda for columns of its parameters, of which each value belongs to one of the `rows`.
fn evaluate(lambda: &LambdaArgument, columns: &[ArrayRef], rows: &UInt32Array) -> Result<ArrayRef> {
    let columns: Vec<_> = columns.iter().map(|column| move || Ok(Arc::clone(column))).collect();
    let params: Vec<&dyn Fn() -> Result<ArrayRef>> =
        columns.iter().map(|column| column as &dyn Fn() -> Result<ArrayRef>).collect();
    let values = lambda.evaluate(&params, |captured| Ok(take_arrays(captured, rows, None)?))?;
    values.into_array(rows.len())
}

/// How long the lists side by side are in each row, and to which row each of their elements belongs.
struct Layout {
    offsets: OffsetBuffer<i32>,
    nulls: NullBuffer,
    rows: UInt32Array,
}

impl Layout {
    /// The lists of a row are as long as the longest; if one is null, there are none.
    fn of(lists: &[&ListArray], rows: usize) -> Self {
        let mut lengths = Vec::with_capacity(rows);
        let mut valid = BooleanBufferBuilder::new(rows);
        let mut owners = Vec::new();
        for row in 0..rows {
            let whole = lists.iter().all(|list| list.is_valid(row));
            let longest = lists.iter().map(|list| list.value_length(row) as usize).max().unwrap_or(0);
            let length = if whole { longest } else { 0 };
            valid.append(whole);
            lengths.push(length);
            owners.extend(std::iter::repeat_n(row as u32, length));
        }
        Self {
            offsets: OffsetBuffer::from_lengths(lengths),
            nulls: NullBuffer::new(valid.finish()),
            rows: owners.into(),
        }
    }

    /// The elements of one of the lists, with nulls up to the length of the row.
    fn elements(&self, list: &ListArray) -> Result<ArrayRef> {
        let indices = self.rows.values().iter().enumerate().map(|(at, row)| {
            let row = *row as usize;
            let position = at as i32 - self.offsets[row];
            (position < list.value_length(row)).then(|| (list.value_offsets()[row] + position) as u32)
        });
        Ok(take(list.values(), &indices.collect::<UInt32Array>(), None)?)
    }
}

/// `_sort_by(list, (left, right) -> ..)`: the lambda is negative if `left` comes first.
#[derive(Debug, PartialEq, Eq, Hash)]
struct SortBy {
    signature: HigherOrderSignature,
}

impl HigherOrderUDFImpl for SortBy {
    fn name(&self) -> &str {
        "_sort_by"
    }

    fn signature(&self) -> &HigherOrderSignature {
        &self.signature
    }

    fn coerce_value_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        as_lists(types)
    }

    fn lambda_parameters(
        &self,
        _step: usize,
        fields: &[ValueOrLambda<FieldRef, Option<FieldRef>>],
    ) -> Result<LambdaParametersProgress> {
        let Some(ValueOrLambda::Value(list)) = fields.first() else { return plan_err!("no array") };
        let element = element(list)?;
        Ok(LambdaParametersProgress::Complete(vec![vec![Arc::clone(&element), element]]))
    }

    fn return_field_from_args(&self, args: HigherOrderReturnFieldArgs<'_>) -> Result<FieldRef> {
        match args.arg_fields.first() {
            Some(ValueOrLambda::Value(list)) => Ok(Arc::new(list.as_ref().clone().with_nullable(true))),
            _ => plan_err!("array_sort needs an array"),
        }
    }

    fn invoke_with_args(&self, args: HigherOrderFunctionArgs) -> Result<ColumnarValue> {
        let [ValueOrLambda::Value(list), ValueOrLambda::Lambda(order)] = args.args.as_slice() else {
            return plan_err!("array_sort needs an array and a lambda");
        };
        let list = list.to_array(args.number_rows)?;
        let list = list.as_list::<i32>();
        let mut sorted = Vec::with_capacity(list.values().len());
        let mut lengths = Vec::with_capacity(list.len());
        for row in 0..list.len() {
            let length = if list.is_valid(row) { list.value_length(row) as usize } else { 0 };
            lengths.push(length);
            sorted.extend(row_sorted(list, row, length, order)?);
        }
        let values = take(list.values(), &UInt32Array::from(sorted), None)?;
        let DataType::List(field) = list.data_type() else { return plan_err!("no list") };
        let offsets = OffsetBuffer::from_lengths(lengths);
        Ok(ColumnarValue::Array(Arc::new(ListArray::try_new(
            Arc::clone(field),
            offsets,
            values,
            list.nulls().cloned(),
        )?)))
    }
}

/// The places of a row's elements in their order. The lambda is asked once for all pairs, as it works on columns.
fn row_sorted(list: &ListArray, row: usize, length: usize, order: &LambdaArgument) -> Result<Vec<u32>> {
    let start = list.value_offsets()[row] as u32;
    let mut places: Vec<u32> = (0..length as u32).collect();
    if length > 1 {
        let side = |of: fn(usize, usize) -> usize| -> Result<ArrayRef> {
            let pairs = (0..length * length).map(|pair| start + of(pair, length) as u32);
            Ok(take(list.values(), &UInt32Array::from_iter_values(pairs), None)?)
        };
        let columns = [side(|pair, length| pair / length)?, side(|pair, length| pair % length)?];
        let rows = UInt32Array::from(vec![row as u32; length * length]);
        let answers = plainly(&evaluate(order, &columns, &rows)?, &DataType::Int64)?;
        let answers = answers.as_primitive::<Int64Type>();
        places.sort_by(|a, b| answers.value(*a as usize * length + *b as usize).cmp(&0));
    }
    Ok(places.into_iter().map(|place| start + place).collect())
}
