//! Arithmetic that does not wrap around: overflow and division by zero are errors in ANSI mode, and null for the functions
//! whose names begin with `try_`.

use std::sync::Arc;

use aerostat_error::{Condition, Error, Kind};
use datafusion::arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, AsArray, BooleanArray, Int64Array, PrimitiveArray,
};
use datafusion::arrow::datatypes::{ArrowNativeTypeOp, DataType, Int8Type, Int16Type, Int32Type, Int64Type};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::ScalarUDF;

use super::cast::common;
use super::convert::{plain_cast, plainly};
use super::udf::{ByType, Plain, texts};

/// The functions: `_add(a, b)` and `_try_add(a, b)` of whole numbers of one type, `_nonzero(divisor)`, and others.
pub(super) fn functions() -> Vec<ScalarUDF> {
    let same = |types: &[DataType]| Ok(types[0].clone());
    let void = || DataType::Null;
    vec![
        ByType::udf("_add", same, |args| arithmetic(args, Operation::Add, true)),
        ByType::udf("_subtract", same, |args| arithmetic(args, Operation::Subtract, true)),
        ByType::udf("_multiply", same, |args| arithmetic(args, Operation::Multiply, true)),
        ByType::udf("_try_add", same, |args| arithmetic(args, Operation::Add, false)),
        ByType::udf("_try_subtract", same, |args| arithmetic(args, Operation::Subtract, false)),
        ByType::udf("_try_multiply", same, |args| arithmetic(args, Operation::Multiply, false)),
        ByType::udf("_nonzero", same, |args| nonzero(&args[0], "division by zero", Condition::DIVIDE_BY_ZERO)),
        ByType::udf("_nonzero_remainder", same, |args| {
            nonzero(&args[0], "remainder of a division by zero", Condition::REMAINDER_BY_ZERO)
        }),
        ByType::udf("_index", |_| Ok(DataType::Int64), |args| index(args, 0, Condition::INVALID_ARRAY_INDEX)),
        ByType::udf(
            "_position",
            |_| Ok(DataType::Int64),
            |args| index(args, 1, Condition::INVALID_ARRAY_INDEX_IN_ELEMENT_AT),
        ),
        Plain::udf("raise_error", vec![vec![DataType::Utf8]], void(), raise_error),
        Plain::udf("assert_true", vec![vec![DataType::Boolean, DataType::Utf8]], void(), assert_true),
    ]
}

#[derive(Debug, Clone, Copy)]
enum Operation {
    Add,
    Subtract,
    Multiply,
}

fn arithmetic(args: &[ArrayRef], operation: Operation, fails: bool) -> Result<ArrayRef> {
    let right = plain_cast(&args[1], args[0].data_type())?;
    match args[0].data_type() {
        DataType::Int8 => calculated::<Int8Type>(&args[0], &right, operation, fails),
        DataType::Int16 => calculated::<Int16Type>(&args[0], &right, operation, fails),
        DataType::Int32 => calculated::<Int32Type>(&args[0], &right, operation, fails),
        DataType::Int64 => calculated::<Int64Type>(&args[0], &right, operation, fails),
        other => exec_err!("whole numbers are needed, not {other}"),
    }
}

fn calculated<T: ArrowPrimitiveType>(
    left: &ArrayRef,
    right: &ArrayRef,
    operation: Operation,
    fails: bool,
) -> Result<ArrayRef> {
    let (left, right) = (left.as_primitive::<T>(), right.as_primitive::<T>());
    let values = left.iter().zip(right).map(|(left, right)| {
        let (Some(left), Some(right)) = (left, right) else { return Ok(None) };
        let (result, sign) = match operation {
            Operation::Add => (left.add_checked(right), '+'),
            Operation::Subtract => (left.sub_checked(right), '-'),
            Operation::Multiply => (left.mul_checked(right), '*'),
        };
        match result {
            Ok(value) => Ok(Some(value)),
            Err(_) if fails => Err(super::external(overflow(&format!("{left:?} {sign} {right:?}"), &T::DATA_TYPE))),
            Err(_) => Ok(None),
        }
    });
    Ok(Arc::new(values.collect::<Result<PrimitiveArray<T>>>()?))
}

fn overflow(what: &str, dtype: &DataType) -> Error {
    let name = crate::query::schema::type_name(dtype).unwrap_or_else(|_| dtype.to_string());
    Error::new(Kind::Compute, format!("{what} does not fit the type {name}"))
        .with_condition(Condition::ARITHMETIC_OVERFLOW)
        .with_hint("cast to a wider type, or use the function whose name begins with try_")
}

/// The divisor, unless it is zero somewhere.
fn nonzero(divisor: &ArrayRef, what: &str, condition: Condition) -> Result<ArrayRef> {
    let doubles = plainly(divisor, &DataType::Float64)?;
    let zero =
        doubles.as_primitive::<datafusion::arrow::datatypes::Float64Type>().iter().any(|value| value == Some(0.0));
    match zero {
        true => Err(super::external(
            Error::new(Kind::Compute, what)
                .with_condition(condition)
                .with_hint("say try_divide(a, b), or nullif(b, 0), to get null instead"),
        )),
        false => Ok(Arc::clone(divisor)),
    }
}

/// The positions, unless a list does not have one. Counted from 0, or from 1 and from the end.
fn index(args: &[ArrayRef], base: i64, condition: Condition) -> Result<ArrayRef> {
    let list = plainly(&args[0], &common(args[0].data_type()))?;
    let Some(list) = list.as_list_opt::<i32>() else { return exec_err!("an array is needed") };
    let positions = plainly(&args[1], &DataType::Int64)?;
    let positions: &Int64Array = positions.as_primitive::<Int64Type>();
    for row in (0..list.len()).filter(|row| list.is_valid(*row) && positions.is_valid(*row)) {
        let (position, length) = (positions.value(row), i64::from(list.value_length(row)));
        let there = match base {
            0 => (0..length).contains(&position),
            _ => position != 0 && position.abs() <= length,
        };
        if !there {
            let message = format!("position {position} is outside of an array of {length} elements");
            let hint = if base == 0 { "say get(array, position) to get null instead" } else { "say try_element_at" };
            let error = Error::new(Kind::Compute, message).with_condition(condition).with_hint(hint);
            return Err(super::external(error));
        }
    }
    Ok(Arc::new(positions.clone()))
}

fn raised(message: &str) -> Error {
    Error::new(Kind::Compute, message).with_condition(Condition::USER_RAISED_EXCEPTION)
}

fn raise_error(args: &[ArrayRef]) -> Result<ArrayRef> {
    let messages = texts(&args[0])?;
    match messages.len() {
        0 => Ok(datafusion::arrow::array::new_null_array(&DataType::Null, 0)),
        _ => Err(super::external(raised(messages.iter().next().flatten().unwrap_or("null")))),
    }
}

fn assert_true(args: &[ArrayRef]) -> Result<ArrayRef> {
    let (truths, messages): (&BooleanArray, _) = (args[0].as_boolean(), texts(&args[1])?);
    match truths.iter().position(|truth| truth != Some(true)) {
        Some(row) => Err(super::external(raised(messages.value(row)))),
        None => Ok(datafusion::arrow::array::new_null_array(&DataType::Null, truths.len())),
    }
}
