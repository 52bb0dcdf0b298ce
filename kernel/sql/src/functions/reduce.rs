//! `aggregate(array, start, (acc, x) -> ..)`: an array folded into one value.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, ListArray, UInt32Array};
use datafusion::arrow::compute::{interleave, take, take_arrays};
use datafusion::arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, HigherOrderFunctionArgs, HigherOrderReturnFieldArgs, HigherOrderSignature, HigherOrderUDF,
    HigherOrderUDFImpl, LambdaParametersProgress, ValueOrLambda, Volatility,
};

use super::convert::plainly;

/// The function.
pub(super) fn function() -> HigherOrderUDF {
    let args = vec![ValueOrLambda::Value(()), ValueOrLambda::Value(()), ValueOrLambda::Lambda(())];
    HigherOrderUDF::new_from_impl(Reduce { signature: HigherOrderSignature::exact(args, Volatility::Immutable) })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Reduce {
    signature: HigherOrderSignature,
}

impl HigherOrderUDFImpl for Reduce {
    fn name(&self) -> &str {
        "_reduce"
    }

    fn signature(&self) -> &HigherOrderSignature {
        &self.signature
    }

    fn coerce_value_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        match types {
            [DataType::List(_), start] => Ok(vec![types[0].clone(), start.clone()]),
            [DataType::LargeList(element) | DataType::FixedSizeList(element, _), start] => {
                Ok(vec![DataType::List(Arc::clone(element)), start.clone()])
            }
            _ => plan_err!("aggregate needs an array and a value to start with"),
        }
    }

    fn lambda_parameters(
        &self,
        _step: usize,
        fields: &[ValueOrLambda<FieldRef, Option<FieldRef>>],
    ) -> Result<LambdaParametersProgress> {
        let [ValueOrLambda::Value(list), ValueOrLambda::Value(start), _] = fields else {
            return plan_err!("aggregate needs an array, a value to start with and a lambda");
        };
        let DataType::List(element) = list.data_type() else { return plan_err!("aggregate needs an array") };
        let start = Arc::new(start.as_ref().clone().with_nullable(true));
        Ok(LambdaParametersProgress::Complete(vec![vec![start, Arc::clone(element)]]))
    }

    fn return_field_from_args(&self, args: HigherOrderReturnFieldArgs<'_>) -> Result<FieldRef> {
        match args.arg_fields {
            [_, ValueOrLambda::Value(start), _] => Ok(Arc::new(Field::new("", start.data_type().clone(), true))),
            _ => plan_err!("aggregate needs an array, a value to start with and a lambda"),
        }
    }

    fn invoke_with_args(&self, args: HigherOrderFunctionArgs) -> Result<ColumnarValue> {
        let [ValueOrLambda::Value(list), ValueOrLambda::Value(start), ValueOrLambda::Lambda(step)] =
            args.args.as_slice()
        else {
            return plan_err!("aggregate needs an array, a value to start with and a lambda");
        };
        let lists = list.to_array(args.number_rows)?;
        let lists = lists.as_list::<i32>();
        let mut folded = start.to_array(args.number_rows)?;
        for position in 0.. {
            // All rows that have an element at this position take their step together.
            let (rows, elements) = at(lists, position)?;
            if rows.is_empty() {
                break;
            }
            let before = take(&folded, &rows, None)?;
            let after = step.evaluate(&[&|| Ok(Arc::clone(&before)), &|| Ok(Arc::clone(&elements))], |captured| {
                Ok(take_arrays(captured, &rows, None)?)
            })?;
            let after = plainly(&after.into_array(rows.len())?, folded.data_type())?;
            folded = replaced(&folded, &rows, &after)?;
        }
        let nulls = lists.logical_nulls();
        Ok(ColumnarValue::Array(match nulls {
            Some(nulls) if nulls.null_count() > 0 => {
                let valid = datafusion::arrow::array::BooleanArray::new(nulls.inner().clone(), None);
                let none = datafusion::arrow::array::new_null_array(folded.data_type(), folded.len());
                datafusion::arrow::compute::kernels::zip::zip(&valid, &folded, &none)?
            }
            _ => folded,
        }))
    }
}

/// The rows whose lists have an element at `position`, and these elements.
fn at(lists: &ListArray, position: usize) -> Result<(UInt32Array, ArrayRef)> {
    let offsets = lists.value_offsets();
    let has = |row: &usize| lists.is_valid(*row) && (offsets[row + 1] - offsets[*row]) as usize > position;
    let rows: Vec<usize> = (0..lists.len()).filter(has).collect();
    let elements = rows.iter().map(|row| offsets[*row] as u32 + position as u32).collect::<Vec<u32>>();
    let elements = take(lists.values(), &UInt32Array::from(elements), None)?;
    Ok((rows.into_iter().map(|row| row as u32).collect::<Vec<u32>>().into(), elements))
}

/// The values, those at `rows` replaced by the new ones.
fn replaced(values: &ArrayRef, rows: &UInt32Array, new: &ArrayRef) -> Result<ArrayRef> {
    let mut sources: Vec<(usize, usize)> = (0..values.len()).map(|row| (0, row)).collect();
    for (at, row) in rows.values().iter().enumerate() {
        sources[*row as usize] = (1, at);
    }
    Ok(interleave(&[values.as_ref(), new.as_ref()], &sources)?)
}
