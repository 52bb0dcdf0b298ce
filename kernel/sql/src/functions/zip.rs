//! `arrays_zip(a, b)`: the elements of arrays side by side, as structs with a field for each array.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, ListArray, StructArray, UInt32Array, new_null_array};
use datafusion::arrow::buffer::OffsetBuffer;
use datafusion::arrow::compute::take;
use datafusion::arrow::datatypes::{DataType, Field, FieldRef, Fields};
use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use super::cast::common;
use super::convert::plainly;
use super::udf::{list_of, on_arrays};

/// `_arrays_zip('name', array, ..)`: names and arrays in turn.
pub(super) fn function() -> ScalarUDF {
    ScalarUDF::new_from_impl(Zip { signature: Signature::variadic_any(Volatility::Immutable) })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Zip {
    signature: Signature,
}

impl ScalarUDFImpl for Zip {
    fn name(&self) -> &str {
        "_arrays_zip"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        plan_err!("the type of arrays side by side depends on their names")
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        let pairs = args.scalar_arguments.iter().zip(args.arg_fields.iter().skip(1)).step_by(2);
        let fields = pairs.map(|(name, array)| {
            let name = name.map(ToString::to_string).unwrap_or_default();
            match common(array.data_type()) {
                DataType::List(element) => Ok(Field::new(name, element.data_type().clone(), true)),
                DataType::Null => Ok(Field::new(name, DataType::Null, true)),
                other => plan_err!("an array is needed, not {other}"),
            }
        });
        let fields = fields.collect::<Result<Vec<Field>>>()?;
        Ok(Arc::new(Field::new(self.name(), list_of(DataType::Struct(fields.into())), true)))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let DataType::List(element) = args.return_field.data_type().clone() else { return plan_err!("no list") };
        let DataType::Struct(fields) = element.data_type().clone() else { return plan_err!("no structs") };
        let arrays = args.args.iter().skip(1).step_by(2).cloned().collect();
        let arrays = ScalarFunctionArgs { args: arrays, ..args };
        on_arrays(&arrays, |arrays| zipped(arrays, &element, &fields))
    }
}

/// As many structs a row as the longest of its arrays has elements; null where one of them is.
fn zipped(arrays: &[ArrayRef], element: &FieldRef, fields: &Fields) -> Result<ArrayRef> {
    let rows = arrays.first().map_or(0, |array| array.len());
    let lists = arrays.iter().zip(fields).map(|(array, field)| match array.data_type() {
        DataType::Null => Ok(new_null_array(&list_of(field.data_type().clone()), rows)),
        dtype => plainly(array, &common(dtype)),
    });
    let lists = lists.collect::<Result<Vec<ArrayRef>>>()?;
    let lists: Vec<&ListArray> = lists.iter().map(|list| list.as_list::<i32>()).collect();
    let whole: Vec<bool> = (0..rows).map(|row| lists.iter().all(|list| list.is_valid(row))).collect();
    let length = |row: usize| match whole[row] {
        true => lists.iter().map(|list| list.value_length(row) as usize).max().unwrap_or(0),
        false => 0,
    };
    let lengths: Vec<usize> = (0..rows).map(length).collect();
    let columns = lists.iter().map(|list| {
        let place = |row: usize, at: usize| {
            (at < list.value_length(row) as usize).then(|| list.value_offsets()[row] as u32 + at as u32)
        };
        let places: UInt32Array =
            lengths.iter().enumerate().flat_map(|(row, length)| (0..*length).map(move |at| place(row, at))).collect();
        Ok(take(list.values(), &places, None)?)
    });
    let columns = columns.collect::<Result<Vec<ArrayRef>>>()?;
    let structs = StructArray::try_new(fields.clone(), columns, None)?;
    let offsets = OffsetBuffer::from_lengths(lengths);
    Ok(Arc::new(ListArray::try_new(Arc::clone(element), offsets, Arc::new(structs), Some(whole.into()))?))
}
