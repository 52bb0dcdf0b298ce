//! Sums, differences and products of decimals, with as many digits as Spark gives them.
//!
//! Most decimals fit 64 bits, and so their product fits the 128 that a decimal has: those are calculated without a check,
//! which the engine's own operators make for every value. What is wider on the way is rounded to the digits that fit.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, PrimitiveArray};
use datafusion::arrow::compute::binary;
use datafusion::arrow::datatypes::{DataType, Decimal128Type, i256};
use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, Operator, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use super::udf::on_arrays;

/// As many digits as a decimal can have.
pub(crate) const MOST_DIGITS: i16 = 38;

/// Precision and scale.
pub(crate) type Digits = (u8, i8);

/// Precision and scale of a sum, difference or product by Spark's rules, before they are [`fitted`].
pub(crate) fn all_digits(op: Operator, one: Digits, other: Digits) -> (i16, i16) {
    let ((p1, s1), (p2, s2)) = ((i16::from(one.0), i16::from(one.1)), (i16::from(other.0), i16::from(other.1)));
    match op {
        Operator::Multiply => (p1 + p2 + 1, s1 + s2),
        _ => ((p1 - s1).max(p2 - s2) + s1.max(s2) + 1, s1.max(s2)),
    }
}

/// What of precision and scale fits 38 digits, keeping at least 6 of the scale.
pub(crate) fn fitted((precision, scale): (i16, i16)) -> Digits {
    if precision <= MOST_DIGITS {
        return (precision as u8, scale as i8);
    }
    let whole = precision - scale;
    (MOST_DIGITS as u8, (MOST_DIGITS - whole).max(scale.min(6)) as i8)
}

/// `+`, `-` or `*` of two decimals; what does not fit is null.
pub(crate) fn arithmetic(op: Operator) -> ScalarUDF {
    ScalarUDF::new_from_impl(Arithmetic { op, signature: Signature::any(2, Volatility::Immutable) })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Arithmetic {
    op: Operator,
    signature: Signature,
}

impl ScalarUDFImpl for Arithmetic {
    fn name(&self) -> &str {
        match self.op {
            Operator::Multiply => "_decimal_product",
            Operator::Minus => "_decimal_difference",
            _ => "_decimal_sum",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        let [DataType::Decimal128(p1, s1), DataType::Decimal128(p2, s2)] = types else {
            return plan_err!("{} is of decimals", self.name());
        };
        let (precision, scale) = fitted(all_digits(self.op, (*p1, *s1), (*p2, *s2)));
        Ok(DataType::Decimal128(precision, scale))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        on_arrays(&args, |arrays| calculated(self.op, &arrays[0], &arrays[1], args.return_field.data_type()))
    }
}

fn calculated(op: Operator, left: &ArrayRef, right: &ArrayRef, to: &DataType) -> Result<ArrayRef> {
    let (&DataType::Decimal128(p1, s1), &DataType::Decimal128(p2, s2), &DataType::Decimal128(precision, scale)) =
        (left.data_type(), right.data_type(), to)
    else {
        return plan_err!("only decimals are calculated with");
    };
    let (all, digits) = all_digits(op, (p1, s1), (p2, s2));
    let steps = |to: i8| u32::try_from(digits - i16::from(to)).unwrap_or_default();
    let (left, right) = (left.as_primitive::<Decimal128Type>(), right.as_primitive::<Decimal128Type>());
    let values: PrimitiveArray<Decimal128Type> = if all > MOST_DIGITS {
        if op == Operator::Multiply && steps(scale) == 0 && are_narrow(left) && are_narrow(right) {
            let product: PrimitiveArray<Decimal128Type> =
                binary(left, right, |left, right| i128::from(left as i64) * i128::from(right as i64))?;
            return Ok(Arc::new(product.with_precision_and_scale(precision, scale)?));
        }
        let wide = Wide { op, left: ten(steps(s1)), right: ten(steps(s2)), surplus: ten(steps(scale)), precision };
        left.iter().zip(right).map(|(left, right)| wide.fitted(left?, right?)).collect()
    } else {
        // So few digits always fit; a value below a null may be anything.
        let (to_left, to_right) = (10_i128.wrapping_pow(steps(s1)), 10_i128.wrapping_pow(steps(s2)));
        match op {
            Operator::Multiply => binary(left, right, i128::wrapping_mul)?,
            Operator::Minus => binary(left, right, |left, right| {
                left.wrapping_mul(to_left).wrapping_sub(right.wrapping_mul(to_right))
            })?,
            _ => binary(left, right, |left, right| {
                left.wrapping_mul(to_left).wrapping_add(right.wrapping_mul(to_right))
            })?,
        }
    };
    Ok(Arc::new(values.with_precision_and_scale(precision, scale)?))
}

/// Whether all of the values fit 64 bits, as most do whose type has room for more.
fn are_narrow(values: &PrimitiveArray<Decimal128Type>) -> bool {
    values.values().iter().fold(true, |narrow, value| narrow & (*value == i128::from(*value as i64)))
}

/// Ten to a power.
fn ten(power: u32) -> i256 {
    i256::from_i128(10).wrapping_pow(power)
}

/// Arithmetic whose result can have more digits than a decimal.
struct Wide {
    op: Operator,
    /// What brings the sides of a sum or difference to the same scale.
    left: i256,
    right: i256,
    /// By which the result is divided to have the digits that fit.
    surplus: i256,
    precision: u8,
}

impl Wide {
    /// The result, if it fits.
    fn fitted(&self, left: i128, right: i128) -> Option<i128> {
        let (left, right) = (i256::from_i128(left), i256::from_i128(right));
        let exact = match self.op {
            Operator::Multiply => left.wrapping_mul(right),
            Operator::Minus => left.wrapping_mul(self.left).wrapping_sub(right.wrapping_mul(self.right)),
            _ => left.wrapping_mul(self.left).wrapping_add(right.wrapping_mul(self.right)),
        };
        // Rounded half away from zero.
        let half = self.surplus.wrapping_div(i256::from_i128(2));
        let away = if exact.is_negative() { exact.wrapping_sub(half) } else { exact.wrapping_add(half) };
        let rounded = away.wrapping_div(self.surplus);
        (rounded.wrapping_abs() < ten(self.precision.into())).then(|| rounded.to_i128())?
    }
}
