//! Operators and conversions on values, with Rust's meaning: overflow ends the cell, as in a debug build.

use std::cmp::Ordering;

use aerostat_error::{Error, Kind, Result};
use polars::prelude::*;

use crate::ty::{IntTy, Ty};
use crate::value::{Value, mismatch};

/// A binary operator that computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arithmetic {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    BitAnd,
    BitOr,
    BitXor,
    Shl,
    Shr,
}

/// A binary operator that compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

fn panic(message: impl Into<String>) -> Error {
    Error::new(Kind::Panic, message)
}

/// `left op right`, both of a type that the static check found to have the operator.
pub(crate) fn arithmetic(op: Arithmetic, left: Value, right: Value) -> Result<Value> {
    match (left, right) {
        // A literal takes the type of what it meets.
        (Value::Int(a, ta), Value::Int(b, tb)) => int_arithmetic(op, a, b, if ta == IntTy::I32 { tb } else { ta }),
        (Value::F64(a), Value::F64(b)) => Ok(Value::F64(float_arithmetic(op, a, b)?)),
        (Value::F32(a), Value::F32(b)) => Ok(Value::F32(float_arithmetic(op, a.into(), b.into())? as f32)),
        (Value::F32(a), Value::F64(b)) => Ok(Value::F32(float_arithmetic(op, a.into(), b)? as f32)),
        (Value::F64(a), Value::F32(b)) => Ok(Value::F32(float_arithmetic(op, a, b.into())? as f32)),
        (Value::Bool(a), Value::Bool(b)) => bool_arithmetic(op, a, b),
        (Value::Str(a), Value::Str(b)) if op == Arithmetic::Add => Ok(Value::str(format!("{a}{b}"))),
        (left @ Value::Native(_), right @ Value::Native(_)) => native_arithmetic(op, left, right),
        _ => Err(mismatch("number")),
    }
}

fn int_arithmetic(op: Arithmetic, a: i128, b: i128, ty: IntTy) -> Result<Value> {
    let (name, result) = match op {
        Arithmetic::Add => ("add", a.checked_add(b)),
        Arithmetic::Sub => ("subtract", a.checked_sub(b)),
        Arithmetic::Mul => ("multiply", a.checked_mul(b)),
        Arithmetic::Div if b == 0 => return Err(panic("attempt to divide by zero")),
        Arithmetic::Div => ("divide", a.checked_div(b)),
        Arithmetic::Rem if b == 0 => {
            return Err(panic("attempt to calculate the remainder with a divisor of zero"));
        }
        Arithmetic::Rem => ("calculate the remainder", a.checked_rem(b)),
        Arithmetic::BitAnd => ("and", Some(a & b)),
        Arithmetic::BitOr => ("or", Some(a | b)),
        Arithmetic::BitXor => ("xor", Some(a ^ b)),
        Arithmetic::Shl => ("shift left", u32::try_from(b).ok().and_then(|b| a.checked_shl(b)).map(|x| ty.wrap(x))),
        Arithmetic::Shr => ("shift right", u32::try_from(b).ok().and_then(|b| a.checked_shr(b))),
    };
    match result.filter(|result| ty.holds(*result)) {
        Some(result) => Ok(Value::Int(result, ty)),
        None => Err(panic(format!("attempt to {name} with overflow"))
            .with_hint(format!("the numbers are `{}`; write one as `1_i64` for a wider type", ty.name()))),
    }
}

fn float_arithmetic(op: Arithmetic, a: f64, b: f64) -> Result<f64> {
    match op {
        Arithmetic::Add => Ok(a + b),
        Arithmetic::Sub => Ok(a - b),
        Arithmetic::Mul => Ok(a * b),
        Arithmetic::Div => Ok(a / b),
        Arithmetic::Rem => Ok(a % b),
        _ => Err(mismatch("integer")),
    }
}

fn bool_arithmetic(op: Arithmetic, a: bool, b: bool) -> Result<Value> {
    match op {
        Arithmetic::BitAnd => Ok(Value::Bool(a & b)),
        Arithmetic::BitOr => Ok(Value::Bool(a | b)),
        Arithmetic::BitXor => Ok(Value::Bool(a ^ b)),
        _ => Err(mismatch("number")),
    }
}

fn native_arithmetic(op: Arithmetic, left: Value, right: Value) -> Result<Value> {
    if left.downcast_ref::<Expr>().is_some() {
        let (a, b): (Expr, Expr) = (left.downcast()?, right.downcast()?);
        return match op {
            Arithmetic::Add => Ok(Value::native(a + b)),
            Arithmetic::Sub => Ok(Value::native(a - b)),
            Arithmetic::Mul => Ok(Value::native(a * b)),
            Arithmetic::Div => Ok(Value::native(a / b)),
            Arithmetic::Rem => Ok(Value::native(a % b)),
            _ => Err(mismatch("integer")),
        };
    }
    let (a, b): (Series, Series) = (left.downcast()?, right.downcast()?);
    let result = match op {
        Arithmetic::Add => &a + &b,
        Arithmetic::Sub => &a - &b,
        Arithmetic::Mul => &a * &b,
        Arithmetic::Div => &a / &b,
        Arithmetic::Rem => &a % &b,
        _ => return Err(mismatch("integer")),
    };
    Ok(crate::convert::IntoValue::into_value(result))
}

/// `-value`
pub(crate) fn negate(value: Value) -> Result<Value> {
    match value {
        Value::Int(i, ty) if ty.holds(-i) => Ok(Value::Int(-i, ty)),
        Value::Int(..) => Err(panic("attempt to negate with overflow")),
        Value::F64(f) => Ok(Value::F64(-f)),
        Value::F32(f) => Ok(Value::F32(-f)),
        other => Ok(Value::native(-other.downcast::<Expr>()?)),
    }
}

/// `!value`
pub(crate) fn not(value: Value) -> Result<Value> {
    match value {
        Value::Bool(b) => Ok(Value::Bool(!b)),
        Value::Int(i, ty) => Ok(Value::Int(ty.wrap(!i), ty)),
        _ => Err(mismatch("bool")),
    }
}

/// `left op right`
pub(crate) fn comparison(op: Comparison, left: &Value, right: &Value) -> bool {
    match op {
        Comparison::Eq => equal(left, right),
        Comparison::Ne => !equal(left, right),
        Comparison::Lt => partial_compare(left, right) == Some(Ordering::Less),
        Comparison::Le => matches!(partial_compare(left, right), Some(Ordering::Less | Ordering::Equal)),
        Comparison::Gt => partial_compare(left, right) == Some(Ordering::Greater),
        Comparison::Ge => matches!(partial_compare(left, right), Some(Ordering::Greater | Ordering::Equal)),
    }
}

/// Whether two values are equal, by Rust's `PartialEq`.
pub(crate) fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Unit, Value::Unit) => true,
        (Value::Vec(a), Value::Vec(b)) | (Value::Tuple(a), Value::Tuple(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b))
        }
        (Value::Option(a), Value::Option(b)) => match (a, b) {
            (Some(a), Some(b)) => equal(a, b),
            (None, None) => true,
            _ => false,
        },
        (Value::Native(_), Value::Native(_)) => native_equal(left, right),
        _ => partial_compare(left, right) == Some(Ordering::Equal),
    }
}

fn native_equal(left: &Value, right: &Value) -> bool {
    if let (Some(a), Some(b)) = (left.downcast_ref::<DataFrame>(), right.downcast_ref::<DataFrame>()) {
        return a.equals(b);
    }
    if let (Some(a), Some(b)) = (left.downcast_ref::<Series>(), right.downcast_ref::<Series>()) {
        return a.equals(b);
    }
    left.display() == right.display()
}

fn partial_compare(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        (Value::Int(a, _), Value::Int(b, _)) => Some(a.cmp(b)),
        (Value::F64(a), Value::F64(b)) => a.partial_cmp(b),
        (Value::F32(a), Value::F32(b)) => a.partial_cmp(b),
        (Value::F32(a), Value::F64(b)) => f64::from(*a).partial_cmp(b),
        (Value::F64(a), Value::F32(b)) => a.partial_cmp(&f64::from(*b)),
        (Value::Char(a), Value::Char(b)) => Some(a.cmp(b)),
        (Value::Str(a), Value::Str(b)) => Some(a.cmp(b)),
        (Value::Vec(a), Value::Vec(b)) | (Value::Tuple(a), Value::Tuple(b)) => {
            let first =
                a.iter().zip(b).map(|(a, b)| partial_compare(a, b)).find(|order| *order != Some(Ordering::Equal));
            first.unwrap_or_else(|| Some(a.len().cmp(&b.len())))
        }
        (Value::Option(a), Value::Option(b)) => match (a, b) {
            (Some(a), Some(b)) => partial_compare(a, b),
            (a, b) => Some(a.is_some().cmp(&b.is_some())),
        },
        _ => None,
    }
}

/// The order for `sort`, `min` and `max`; what has no order counts as equal.
pub(crate) fn compare(left: &Value, right: &Value) -> Ordering {
    partial_compare(left, right).unwrap_or(Ordering::Equal)
}

/// The element that compares as `wanted` with every other.
pub(crate) fn extreme(values: Vec<Value>, wanted: Ordering) -> Option<Value> {
    values.into_iter().reduce(|best, value| if compare(&value, &best) == wanted { value } else { best })
}

/// The sum of numbers, as the type of this name.
pub(crate) fn sum(values: Vec<Value>, ty: &str) -> Result<Value> {
    let zero = match IntTy::parse(ty) {
        Some(int) => Value::Int(0, int),
        None => Value::F64(0.0),
    };
    values.into_iter().try_fold(zero, |sum, value| arithmetic(Arithmetic::Add, sum, value))
}

/// The value of type `ty` that `text` stands for.
pub(crate) fn parse(text: &str, ty: &str) -> Result<Value> {
    let failed = || Error::invalid_argument(format!("`{text}` is not a valid `{ty}`"));
    if let Some(int) = IntTy::parse(ty) {
        let value = text.parse::<i128>().ok().filter(|value| int.holds(*value));
        return value.map(|value| Value::Int(value, int)).ok_or_else(failed);
    }
    match ty {
        "f64" => text.parse().map(Value::F64).map_err(|_| failed()),
        "f32" => text.parse().map(Value::F32).map_err(|_| failed()),
        "bool" => text.parse().map(Value::Bool).map_err(|_| failed()),
        "char" => text.parse().map(Value::Char).map_err(|_| failed()),
        "String" => Ok(Value::str(text)),
        _ => Err(Error::not_supported(format!("text cannot be parsed as `{ty}`"))),
    }
}

/// The absolute value of an integer.
pub(crate) fn abs(value: Value) -> Result<Value> {
    match value {
        Value::Int(i, _) if i < 0 => negate(value),
        Value::Int(..) => Ok(value),
        _ => Err(mismatch("integer")),
    }
}

/// An integer to a power.
pub(crate) fn pow(value: Value, exponent: u32) -> Result<Value> {
    match value {
        Value::Int(i, ty) => match i.checked_pow(exponent).filter(|result| ty.holds(*result)) {
            Some(result) => Ok(Value::Int(result, ty)),
            None => Err(panic("attempt to multiply with overflow")),
        },
        _ => Err(mismatch("integer")),
    }
}

/// `value as ty`
pub(crate) fn cast(value: &Value, ty: &Ty) -> Result<Value> {
    match (value, ty) {
        (Value::Int(i, _), Ty::Int(int)) => Ok(Value::Int(int.wrap(*i), *int)),
        (Value::Int(i, _), Ty::F64) => Ok(Value::F64(*i as f64)),
        (Value::Int(i, _), Ty::F32) => Ok(Value::F32(*i as f32)),
        (Value::Int(i, _), Ty::Char) => {
            u8::try_from(*i).map(|byte| Value::Char(byte.into())).map_err(|_| mismatch("u8"))
        }
        (Value::Bool(b), Ty::Int(int)) => Ok(Value::Int((*b).into(), *int)),
        (Value::Char(c), Ty::Int(int)) => Ok(Value::Int(int.wrap(u32::from(*c).into()), *int)),
        (Value::F64(f), _) => cast_float(*f, ty),
        (Value::F32(f), _) => cast_float(f64::from(*f), ty),
        _ => Err(mismatch("number")),
    }
}

/// A float as another number; to an integer it saturates, as in Rust.
fn cast_float(value: f64, ty: &Ty) -> Result<Value> {
    match ty {
        Ty::F64 => Ok(Value::F64(value)),
        Ty::F32 => Ok(Value::F32(value as f32)),
        Ty::Int(int) => {
            let (low, high) = int.range();
            Ok(Value::Int((value as i128).clamp(low, high), *int))
        }
        _ => Err(mismatch("number")),
    }
}
