//! Methods of integers and floats.

use std::cmp::Ordering;

use aerostat_error::Result;

use super::{Table, methods};
use crate::convert::Same;
use crate::generic::{Float, Integer, Typed, typed};
use crate::ops::{self, Arithmetic, panic};
use crate::ty::IntTy;
use crate::value::{Value, mismatch};

/// The number and its type.
fn int(value: &Value) -> Result<(i128, IntTy)> {
    match value {
        Value::Int(i, ty) => Ok((*i, *ty)),
        _ => Err(mismatch("integer")),
    }
}

/// What a checked operation gives, `None` where it overflows.
fn checked(op: Arithmetic, a: Value, b: Value) -> Option<Value> {
    ops::arithmetic(op, a, b).ok()
}

/// What an operation gives without regard to the width of the type.
fn exact(op: Arithmetic, a: &Value, b: &Value) -> Result<(i128, IntTy)> {
    let ((a, ty), (b, _)) = (int(a)?, int(b)?);
    Ok(match op {
        Arithmetic::Add => (a.wrapping_add(b), ty),
        Arithmetic::Sub => (a.wrapping_sub(b), ty),
        _ => (a.wrapping_mul(b), ty),
    })
}

fn wrapped(op: Arithmetic, a: &Value, b: &Value) -> Result<Typed<Same>> {
    let (result, ty) = exact(op, a, b)?;
    Ok(typed(Value::Int(ty.wrap(result), ty)))
}

fn saturating(op: Arithmetic, a: Value, b: Value) -> Result<Typed<Same>> {
    let ((x, ty), (y, _)) = (int(&a)?, int(&b)?);
    let (low, high) = ty.range();
    let negative = match op {
        Arithmetic::Add => x < 0,
        Arithmetic::Sub => x < y,
        _ => (x < 0) != (y < 0),
    };
    Ok(typed(checked(op, a, b).unwrap_or(Value::Int(if negative { low } else { high }, ty))))
}

fn pow(base: &Value, exponent: u32) -> Result<Option<Value>> {
    let (base, ty) = int(base)?;
    Ok(base.checked_pow(exponent).filter(|result| ty.holds(*result)).map(|result| Value::Int(result, ty)))
}

/// An operation on an integer that must fit its type.
fn fitting(value: &Value, verb: &str, f: impl Fn(i128) -> i128) -> Result<Typed<Same>> {
    let (i, ty) = int(value)?;
    match f(i) {
        result if ty.holds(result) => Ok(typed(Value::Int(result, ty))),
        _ => Err(panic(format!("attempt to {verb} with overflow"))),
    }
}

/// The bits of an integer as a pattern of the width of its type.
fn bits(value: &Value) -> Result<(u128, u32)> {
    let (i, ty) = int(value)?;
    let mask = if ty.bits() == 128 { u128::MAX } else { (1 << ty.bits()) - 1 };
    Ok((i as u128 & mask, ty.bits()))
}

fn divided(a: &Value, b: &Value, f: impl Fn(i128, i128) -> Option<i128>) -> Result<Typed<Same>> {
    let ((a, ty), (b, _)) = (int(a)?, int(b)?);
    match f(a, b).filter(|result| ty.holds(*result)) {
        Some(result) => Ok(typed(Value::Int(result, ty))),
        None if b == 0 => Err(panic("attempt to divide by zero")),
        None => Err(panic("attempt to divide with overflow")),
    }
}

/// The same expression for either width of float.
macro_rules! float {
    ($this:ident, $f:ident => $body:expr) => {
        typed(match $this {
            Value::F64($f) => Value::F64($body),
            Value::F32($f) => Value::F32($body),
            _ => return Err(mismatch("float")),
        })
    };
    ($this:ident, $other:ident, ($f:ident, $g:ident) => $body:expr) => {
        typed(match ($this, $other) {
            (Value::F64($f), Value::F64($g)) => Value::F64($body),
            (Value::F32($f), Value::F32($g)) => Value::F32($body),
            _ => return Err(mismatch("float")),
        })
    };
    ($this:ident, test $f:ident => $body:expr) => {
        match $this {
            Value::F64($f) => $body,
            Value::F32($f) => $body,
            _ => return Err(mismatch("float")),
        }
    };
}

/// Rows `fn name() -> Self` that call the float's method of that name.
macro_rules! plain_floats {
    ($table:ident, $($doc:literal $name:ident),* $(,)?) => {
        $($table.add_callables(methods! { #[pure] float as Float {
            #[doc = $doc]
            fn $name() -> Typed<Same> = |this| float!(this, f => f.$name());
        } });)*
    };
}

/// Adds the rows of this file.
pub(super) fn register(table: &mut Table) {
    integers(table);
    integer_overflow(table);
    floats(table);
    plain_floats!(
        table,
        "The absolute value." abs, "The square root." sqrt, "The cube root." cbrt,
        "Rounded to the nearest integer, halves away from zero." round,
        "Rounded to the nearest integer, halves to the even one." round_ties_even,
        "Rounded down." floor, "Rounded up." ceil, "Cut off after the point." trunc, "What is after the point." fract,
        "1 or -1 by the sign." signum, "1 divided by the value." recip,
        "e to the power of the value." exp, "2 to the power of the value." exp2, "`exp(x) - 1`, exact near 0." exp_m1,
        "The natural logarithm." ln, "`ln(1 + x)`, exact near 0." ln_1p,
        "The logarithm to base 10." log10, "The logarithm to base 2." log2,
        "The sine." sin, "The cosine." cos, "The tangent." tan,
        "The arc sine." asin, "The arc cosine." acos, "The arc tangent." atan,
        "The hyperbolic sine." sinh, "The hyperbolic cosine." cosh, "The hyperbolic tangent." tanh,
        "Degrees as radians." to_radians, "Radians as degrees." to_degrees,
    );
}

fn floats(table: &mut Table) {
    table.add_callables(methods! { #[pure] float as Float {
        /// To an integer power.
        fn powi(exponent: i32) -> Typed<Same> = |this| float!(this, f => f.powi(exponent));
        /// To a power.
        fn powf(exponent: Same) -> Typed<Same> = |this| float!(this, exponent, (f, g) => f.powf(g));
        /// The logarithm to a base.
        fn log(base: Same) -> Typed<Same> = |this| float!(this, base, (f, g) => f.log(g));
        /// The angle of the point (`other`, `self`).
        fn atan2(other: Same) -> Typed<Same> = |this| float!(this, other, (f, g) => f.atan2(g));
        /// The length of the hypotenuse.
        fn hypot(other: Same) -> Typed<Same> = |this| float!(this, other, (f, g) => f.hypot(g));
        /// This magnitude with the other's sign.
        fn copysign(other: Same) -> Typed<Same> = |this| float!(this, other, (f, g) => f.copysign(g));
        /// The smaller of two.
        fn min(other: Same) -> Typed<Same> = |this| float!(this, other, (f, g) => f.min(g));
        /// The larger of two.
        fn max(other: Same) -> Typed<Same> = |this| float!(this, other, (f, g) => f.max(g));
        /// The remainder of Euclid's division, which is never negative.
        fn rem_euclid(other: Same) -> Typed<Same> = |this| float!(this, other, (f, g) => f.rem_euclid(g));
        /// The quotient of Euclid's division.
        fn div_euclid(other: Same) -> Typed<Same> = |this| float!(this, other, (f, g) => f.div_euclid(g));
        /// `self * a + b`, rounded once.
        fn mul_add(a: Same, b: Same) -> Typed<Same> = |this| match b {
            Value::F64(b) => float!(this, a, (f, g) => f.mul_add(g, b as _)),
            Value::F32(b) => float!(this, a, (f, g) => f.mul_add(g, b as _)),
            _ => return Err(mismatch("float")),
        };
        /// Kept between two bounds.
        fn clamp(low: Same, high: Same) -> Typed<Same> = |this| {
            if !ops::comparison(ops::Comparison::Le, &low, &high) {
                return Err(panic("min > max, or either was NaN"));
            }
            typed(if ops::comparison(ops::Comparison::Lt, &this, &low) { low }
                else if ops::comparison(ops::Comparison::Gt, &this, &high) { high }
                else { this })
        };
        /// The total order, in which NaN has a place.
        fn total_cmp(other: Same) -> Ordering = |this| ops::total_compare(&this, &other);
        /// Whether it is not a number.
        fn is_nan() -> bool = |this| float!(this, test f => f.is_nan());
        /// Whether it is finite.
        fn is_finite() -> bool = |this| float!(this, test f => f.is_finite());
        /// Whether it is infinite.
        fn is_infinite() -> bool = |this| float!(this, test f => f.is_infinite());
        /// Whether the sign is positive.
        fn is_sign_positive() -> bool = |this| float!(this, test f => f.is_sign_positive());
        /// Whether the sign is negative.
        fn is_sign_negative() -> bool = |this| float!(this, test f => f.is_sign_negative());
    } });
}

fn integers(table: &mut Table) {
    table.add_callables(methods! { #[pure] integer as Integer {
        /// The absolute value.
        fn abs() -> Typed<Same> = |this| fitting(&this, "negate", |i| i.saturating_abs())?;
        /// To a power.
        fn pow(exponent: u32) -> Typed<Same>
            = |this| typed(pow(&this, exponent)?.ok_or_else(|| panic("attempt to multiply with overflow"))?);
        /// The square root, rounded down.
        fn isqrt() -> Typed<Same> = |this| match int(&this)? {
            (i, ty) if i >= 0 => typed(Value::Int(i.isqrt(), ty)),
            _ => return Err(panic("argument of integer square root cannot be negative")),
        };
        /// -1, 0 or 1 by the sign.
        fn signum() -> Typed<Same> = |this| fitting(&this, "compute", i128::signum)?;
        /// Whether it is above 0.
        fn is_positive() -> bool = |this| int(&this)?.0 > 0;
        /// Whether it is below 0.
        fn is_negative() -> bool = |this| int(&this)?.0 < 0;
        /// Kept between two bounds.
        fn clamp(low: Same, high: Same) -> Typed<Same> = |this| match ops::compare(&low, &high).is_gt() {
            true => return Err(panic("assertion failed: min <= max")),
            false => typed(std::cmp::max_by(low, std::cmp::min_by(this, high, ops::compare), ops::compare)),
        };
        /// The distance of two numbers.
        fn abs_diff(other: Same) -> Typed<Same> = |this| {
            let ((a, ty), (b, _)) = (int(&this)?, int(&other)?);
            typed(Value::Int(a.saturating_sub(b).saturating_abs(), ty))
        };
        /// The remainder of Euclid's division, which is never negative.
        fn rem_euclid(other: Same) -> Typed<Same> = |this| divided(&this, &other, i128::checked_rem_euclid)?;
        /// The quotient of Euclid's division.
        fn div_euclid(other: Same) -> Typed<Same> = |this| divided(&this, &other, i128::checked_div_euclid)?;
        /// The quotient, rounded up.
        fn div_ceil(other: Same) -> Typed<Same> = |this| divided(&this, &other, |a, b| {
            let quotient = a.checked_div(b)?;
            Some(quotient + i128::from(a % b != 0 && (a < 0) == (b < 0)))
        })?;
        /// How many bits are 1.
        fn count_ones() -> u32 = |this| bits(&this)?.0.count_ones();
        /// How many bits are 0.
        fn count_zeros() -> u32 = |this| { let (bits, width) = bits(&this)?; width - bits.count_ones() };
        /// How many bits are 0 before the first 1.
        fn leading_zeros() -> u32 = |this| { let (bits, width) = bits(&this)?; bits.leading_zeros() - (128 - width) };
        /// How many bits are 0 behind the last 1.
        fn trailing_zeros() -> u32 = |this| { let (bits, width) = bits(&this)?; bits.trailing_zeros().min(width) };
        /// Whether exactly one bit is 1.
        fn is_power_of_two() -> bool = |this| bits(&this)?.0.is_power_of_two();
        /// The logarithm to base 2, rounded down.
        fn ilog2() -> u32 = |this| int(&this)?.0.checked_ilog2().ok_or_else(|| panic("argument of integer logarithm must be positive"))?;
        /// The logarithm to base 10, rounded down.
        fn ilog10() -> u32 = |this| int(&this)?.0.checked_ilog10().ok_or_else(|| panic("argument of integer logarithm must be positive"))?;
        /// Whether a byte is an ASCII digit.
        fn is_ascii_digit() -> bool = |this| (48..=57).contains(&int(&this)?.0);
    } });
}

fn integer_overflow(table: &mut Table) {
    table.add_callables(methods! { #[pure] integer as Integer {
        /// The sum, `None` if it overflows.
        fn checked_add(other: Same) -> Option<Typed<Same>> = |this| checked(Arithmetic::Add, this, other).map(typed);
        /// The difference, `None` if it overflows.
        fn checked_sub(other: Same) -> Option<Typed<Same>> = |this| checked(Arithmetic::Sub, this, other).map(typed);
        /// The product, `None` if it overflows.
        fn checked_mul(other: Same) -> Option<Typed<Same>> = |this| checked(Arithmetic::Mul, this, other).map(typed);
        /// The quotient, `None` if there is none.
        fn checked_div(other: Same) -> Option<Typed<Same>> = |this| checked(Arithmetic::Div, this, other).map(typed);
        /// The remainder, `None` if there is none.
        fn checked_rem(other: Same) -> Option<Typed<Same>> = |this| checked(Arithmetic::Rem, this, other).map(typed);
        /// To a power, `None` if it overflows.
        fn checked_pow(exponent: u32) -> Option<Typed<Same>> = |this| pow(&this, exponent)?.map(typed);
        /// The sum, cut to the width of the type.
        fn wrapping_add(other: Same) -> Typed<Same> = |this| wrapped(Arithmetic::Add, &this, &other)?;
        /// The difference, cut to the width of the type.
        fn wrapping_sub(other: Same) -> Typed<Same> = |this| wrapped(Arithmetic::Sub, &this, &other)?;
        /// The product, cut to the width of the type.
        fn wrapping_mul(other: Same) -> Typed<Same> = |this| wrapped(Arithmetic::Mul, &this, &other)?;
        /// The sum, or the nearest number that there is.
        fn saturating_add(other: Same) -> Typed<Same> = |this| saturating(Arithmetic::Add, this, other)?;
        /// The difference, or the nearest number that there is.
        fn saturating_sub(other: Same) -> Typed<Same> = |this| saturating(Arithmetic::Sub, this, other)?;
        /// The product, or the nearest number that there is.
        fn saturating_mul(other: Same) -> Typed<Same> = |this| saturating(Arithmetic::Mul, this, other)?;
    } });
}
