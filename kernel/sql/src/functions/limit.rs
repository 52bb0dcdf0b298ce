//! How large the values may be that functions make of nothing: a query that asks for more is stopped before it has taken
//! all memory there is.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, ListArray, UInt32Array};
use datafusion::arrow::buffer::OffsetBuffer;
use datafusion::arrow::compute::take;
use datafusion::arrow::datatypes::{DataType, Field, Int64Type};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::ScalarUDF;

use super::convert::plainly;
use super::udf::{ByType, Plain, list_of};

/// So many values may the arrays have that a function makes of one batch of rows, and so many characters one text.
const MOST: usize = 1 << 27;

/// `_length(number)`: the number, if a text may be so long; and `array_repeat(value, number)`.
pub(super) fn functions() -> Vec<ScalarUDF> {
    vec![
        Plain::udf("_length", vec![vec![DataType::Int64]], DataType::Int64, length),
        ByType::udf("array_repeat", |types| Ok(list_of(types[0].clone())), repeated),
    ]
}

/// Whether there may be so many values.
pub(super) fn check(values: usize) -> Result<()> {
    match values > MOST {
        true => exec_err!("an array of {values} values is too long: there may be {MOST}"),
        false => Ok(()),
    }
}

fn length(args: &[ArrayRef]) -> Result<ArrayRef> {
    let longest = args[0].as_primitive::<Int64Type>().iter().flatten().max().unwrap_or_default();
    match usize::try_from(longest).is_ok_and(|longest| longest > MOST) {
        true => exec_err!("a text of {longest} characters is too long: there may be {MOST}"),
        false => Ok(Arc::clone(&args[0])),
    }
}

/// Each value so many times; none for a number below 1.
fn repeated(args: &[ArrayRef]) -> Result<ArrayRef> {
    let counts = plainly(&args[1], &DataType::Int64)?;
    let counts = counts.as_primitive::<Int64Type>();
    let lengths: Vec<usize> =
        counts.iter().map(|count| usize::try_from(count.unwrap_or_default()).unwrap_or_default()).collect();
    check(lengths.iter().fold(0, |sum, length| sum.saturating_add(*length)))?;
    let rows = (0_u32..).zip(&lengths).flat_map(|(row, length)| std::iter::repeat_n(row, *length));
    let values = take(&args[0], &UInt32Array::from_iter_values(rows), None)?;
    let field = Arc::new(Field::new_list_field(values.data_type().clone(), true));
    Ok(Arc::new(ListArray::try_new(field, OffsetBuffer::from_lengths(lengths), values, counts.nulls().cloned())?))
}
