//! Numbers rounded to so many digits: `_round(value, digits, 'how')`.
//!
//! Of a decimal, the result has just the digits that are left, and one more before the point to round up into.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray, PrimitiveArray};
use datafusion::arrow::datatypes::{DataType, Decimal128Type, Field, FieldRef, Float64Type, Int64Type};
use datafusion::common::{Result, exec_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use super::convert::{plain_cast, plainly};
use super::digits::{self, How, power};
use super::udf::on_arrays;

/// The function.
pub(super) fn function() -> ScalarUDF {
    ScalarUDF::new_from_impl(Round { signature: Signature::any(3, Volatility::Immutable) })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Round {
    signature: Signature,
}

fn how(name: &str) -> Result<How> {
    Ok(match name {
        "up" => How::HalfUp,
        "even" => How::HalfEven,
        "ceil" => How::Up,
        "floor" => How::Down,
        _ => return exec_err!("numbers are not rounded `{name}`"),
    })
}

/// The type of a decimal that is rounded to so many digits.
fn rounded(precision: u8, scale: i8, digits: i64) -> DataType {
    let whole = i64::from(precision) - i64::from(scale) + 1;
    let (precision, scale) = match digits {
        ..0 => (whole.max(1 - digits), 0),
        _ => (whole + digits.min(scale.into()), digits.min(scale.into())),
    };
    DataType::Decimal128(precision.min(38) as u8, scale.min(38) as i8)
}

impl ScalarUDFImpl for Round {
    fn name(&self) -> &str {
        "_round"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        plan_err!("the type of a rounded number depends on the number of digits")
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        let (Some(from), Some(digits)) = (args.arg_fields.first(), args.scalar_arguments.get(1)) else {
            return plan_err!("a number is rounded to a number of digits");
        };
        let digits = digits.and_then(|digits| digits.to_string().parse::<i64>().ok());
        let dtype = match (from.data_type(), digits) {
            (DataType::Decimal128(precision, scale), Some(digits)) => rounded(*precision, *scale, digits),
            (DataType::Decimal128(..), None) => return plan_err!("the number of digits must be a constant"),
            (dtype, _) => dtype.clone(),
        };
        Ok(Arc::new(Field::new(self.name(), dtype, true)))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let to = args.return_field.data_type().clone();
        let how = match args.args.get(2) {
            Some(ColumnarValue::Scalar(name)) => how(&name.to_string())?,
            _ => return exec_err!("how to round must be a constant"),
        };
        let numbers = ScalarFunctionArgs { args: args.args.into_iter().take(2).collect(), ..args };
        on_arrays(&numbers, |arrays| round(&arrays[0], &plainly(&arrays[1], &DataType::Int64)?, how, &to))
    }
}

fn round(values: &ArrayRef, digits: &ArrayRef, how: How, to: &DataType) -> Result<ArrayRef> {
    let digits = digits.as_primitive::<Int64Type>();
    match (values.data_type(), to) {
        (DataType::Decimal128(_, from), DataType::Decimal128(precision, scale)) => {
            let numbers = values.as_primitive::<Decimal128Type>().iter().zip(digits);
            let numbers = numbers.map(|(number, digits)| decimal(number?, *from, digits?, how, *scale));
            let numbers: PrimitiveArray<Decimal128Type> = numbers.collect();
            Ok(Arc::new(numbers.with_precision_and_scale(*precision, *scale)?))
        }
        (dtype, _) if dtype.is_integer() => {
            let numbers = plainly(values, &DataType::Int64)?;
            let numbers = numbers.as_primitive::<Int64Type>().iter().zip(digits);
            let numbers: PrimitiveArray<Int64Type> =
                numbers.map(|(number, digits)| whole(number?, digits?, how)).collect();
            plainly(&(Arc::new(numbers) as ArrayRef), to)
        }
        _ => {
            let numbers = plain_cast(values, &DataType::Float64)?;
            let numbers = numbers.as_primitive::<Float64Type>().iter().zip(digits);
            let numbers: PrimitiveArray<Float64Type> =
                numbers.map(|(number, digits)| Some(digits::rounded(number?, digits?, how))).collect();
            plain_cast(&(Arc::new(numbers) as ArrayRef), to)
        }
    }
}

fn decimal(number: i128, from: i8, digits: i64, how: How, to: i8) -> Option<i128> {
    if digits >= i64::from(from) {
        return Some(number);
    }
    let steps = match power(i64::from(from) - digits) {
        Some(step) => how.steps(number, step),
        None => 0,
    };
    // With fewer than no digits after the point, each step is a power of ten.
    steps.checked_mul(power((i64::from(to) - digits).max(0)).unwrap_or(0))
}

fn whole(number: i64, digits: i64, how: How) -> Option<i64> {
    if digits >= 0 {
        return Some(number);
    }
    let Some(step) = power(-digits) else { return Some(0) };
    // As Java narrows what has become too large.
    Some((how.steps(number.into(), step) * step) as i64)
}
