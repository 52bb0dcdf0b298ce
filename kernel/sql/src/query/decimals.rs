//! Arithmetic of decimals: how many digits a result has by Spark's rules, and results that are wider on the way.

use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::logical_expr::{Expr, Operator, binary_expr, cast, try_cast};
use sqlparser::ast::BinaryOperator;

use super::operators::{Zero, is_whole, not_zero};
use crate::functions::cast_to;
use crate::functions::decimals::{Digits, MOST_DIGITS, all_digits, arithmetic, fitted};

/// The number that an expression is, if it is one.
pub(super) fn constant(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Literal(value, _) if !value.is_null() => Some(value.to_string()),
        Expr::Cast(cast) => constant(&cast.expr),
        Expr::Negative(number) => constant(number).map(|number| format!("-{number}")),
        _ => None,
    }
}

/// Precision and scale of an expression as a decimal: of a whole number, as many digits as it has.
pub(super) fn of(expr: &Expr, dtype: &DataType) -> Option<Digits> {
    if is_whole(dtype)
        && let Some(number) = constant(expr)
    {
        return Some((number.trim_start_matches('-').len().min(38) as u8, 0));
    }
    Some(match dtype {
        DataType::Decimal128(precision, scale) => (*precision, *scale),
        DataType::Int8 => (3, 0),
        DataType::Int16 => (5, 0),
        DataType::Int32 => (10, 0),
        DataType::Int64 => (20, 0),
        _ => return None,
    })
}

/// The result of `+`, `-`, `*` or `%`. What has more digits than a decimal holds is rounded to those that it has; what is
/// too large even so is null, or in ANSI mode an error.
pub(super) fn calculate(
    op: &BinaryOperator,
    (left, one): (Expr, Digits),
    (right, other): (Expr, Digits),
    fails: bool,
) -> Result<Expr> {
    let narrow = |expr: Expr, digits: Digits| cast(expr, DataType::Decimal128(digits.0, digits.1));
    let operator = match op {
        BinaryOperator::Multiply => Operator::Multiply,
        BinaryOperator::Minus => Operator::Minus,
        BinaryOperator::Plus => Operator::Plus,
        _ => {
            // All digits of both sides are needed on the way.
            let ((p1, s1), (p2, s2)) = (one, other);
            let scale = s1.max(s2);
            let precision = (i16::from(p1) - i16::from(s1)).min(i16::from(p2) - i16::from(s2)) + i16::from(scale);
            let (precision, scale) = fitted((precision, scale.into()));
            let rest = binary_expr(narrow(left, one), Operator::Modulo, narrow(right, other));
            return Ok(cast(rest, DataType::Decimal128(precision, scale)));
        }
    };
    let all = all_digits(operator, one, other);
    if !fails || all.0 <= MOST_DIGITS {
        return Ok(arithmetic(operator).call(vec![narrow(left, one), narrow(right, other)]));
    }
    let wide = |expr: Expr, digits: Digits| cast(narrow(expr, digits), DataType::Decimal256(digits.0, digits.1));
    let (precision, scale) = fitted(all);
    Ok(cast_to(binary_expr(wide(left, one), operator, wide(right, other)), &format!("decimal({precision},{scale})")))
}

/// The quotient with Spark's precision and scale, rounded half up.
pub(super) fn divide(left: Expr, right: Expr, (p1, s1): Digits, (p2, s2): Digits, zero: Zero) -> Result<Expr> {
    let scale = (i16::from(s1) + i16::from(p2) + 1).max(6);
    let precision = i16::from(p1) - i16::from(s1) + i16::from(s2) + scale;
    let (precision, scale) = fitted((precision, scale));
    // Arrow's quotient has four digits more than the dividend: ask for one more than needed, to round.
    let dividend = cast(left, DataType::Decimal256(76, (scale + 1 - 4).max(s1)));
    let divisor = not_zero(cast(right, DataType::Decimal256(p2, s2)), &DataType::Decimal256(p2, s2), zero)?;
    Ok(try_cast(binary_expr(dividend, Operator::Divide, divisor), DataType::Decimal128(precision, scale)))
}
