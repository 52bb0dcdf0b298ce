//! Operators and conversions on values, with Rust's meaning: overflow ends the cell, as in a debug build.

use std::cmp::Ordering;

use aerostat_error::{Error, Kind, Result};
use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use polars::prelude::*;

use crate::convert::IntoValue as _;
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

impl Arithmetic {
    /// As it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Sub => "-",
            Self::Mul => "*",
            Self::Div => "/",
            Self::Rem => "%",
            Self::BitAnd => "&",
            Self::BitOr => "|",
            Self::BitXor => "^",
            Self::Shl => "<<",
            Self::Shr => ">>",
        }
    }

    /// As a panic of Rust calls it.
    fn verb(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Sub => "subtract",
            Self::Mul => "multiply",
            Self::Div => "divide",
            Self::Rem => "calculate the remainder",
            Self::Shl => "shift left",
            Self::Shr => "shift right",
            Self::BitAnd | Self::BitOr | Self::BitXor => "combine bits",
        }
    }
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

/// What Rust would panic with.
pub(crate) fn panic(message: impl Into<String>) -> Error {
    Error::new(Kind::Panic, message)
}

fn overflow(verb: &str, ty: IntTy) -> Error {
    let wider = if ty == IntTy::I128 { "f64" } else { "i64" };
    panic(format!("attempt to {verb} with overflow"))
        .with_hint(format!("the numbers are `{}`; compute in a wider type, such as `{wider}`", ty.name()))
}

/// The five operators of numbers, on whatever has them.
macro_rules! computed {
    ($op:expr, $left:expr, $right:expr) => {
        match $op {
            Arithmetic::Add => $left + $right,
            Arithmetic::Sub => $left - $right,
            Arithmetic::Mul => $left * $right,
            Arithmetic::Div => $left / $right,
            Arithmetic::Rem => $left % $right,
            _ => return Err(mismatch("integer")),
        }
    };
}

/// The three operators of bits, on whatever has them.
macro_rules! combined {
    ($op:expr, $left:expr, $right:expr) => {
        match $op {
            Arithmetic::BitAnd => $left & $right,
            Arithmetic::BitOr => $left | $right,
            Arithmetic::BitXor => $left ^ $right,
            _ => return Err(mismatch("number")),
        }
    };
}

/// `left op right`, both of types that the static check found to have the operator.
pub(crate) fn arithmetic(op: Arithmetic, left: Value, right: Value) -> Result<Value> {
    match (left, right) {
        (Value::Int(a, ty), Value::Int(b, _)) => int_arithmetic(op, a, b, ty),
        (Value::F64(a), Value::F64(b)) => Ok(Value::F64(computed!(op, a, b))),
        (Value::F32(a), Value::F32(b)) => Ok(Value::F32(computed!(op, a, b))),
        (Value::Bool(a), Value::Bool(b)) => Ok(Value::Bool(combined!(op, a, b))),
        (Value::Str(a), Value::Str(b)) if op == Arithmetic::Add => Ok(Value::str([&*a, &*b].concat())),
        (Value::Set(a), Value::Set(b)) => set_arithmetic(op, &a, &b),
        (left @ Value::Native(_), right) => aerostat_session::caught(|| native_arithmetic(op, left, right)),
        _ => Err(mismatch("number")),
    }
}

fn int_arithmetic(op: Arithmetic, a: i128, b: i128, ty: IntTy) -> Result<Value> {
    let result = match op {
        Arithmetic::Add => a.checked_add(b),
        Arithmetic::Sub => a.checked_sub(b),
        // Numbers of 64 bits are multiplied and divided much faster than those of 128.
        Arithmetic::Mul => match (i64::try_from(a), i64::try_from(b)) {
            (Ok(a), Ok(b)) => a.checked_mul(b).map_or_else(|| i128::from(a).checked_mul(b.into()), |c| Some(c.into())),
            _ => a.checked_mul(b),
        },
        Arithmetic::Div | Arithmetic::Rem if b == 0 => return Err(by_zero(op)),
        // `MIN / -1` overflows; so does `MIN % -1`, whose result would be 0.
        Arithmetic::Div | Arithmetic::Rem if b == -1 && a == ty.range().0 => None,
        Arithmetic::Div => Some(match (i64::try_from(a), i64::try_from(b)) {
            (Ok(a), Ok(b)) => a.checked_div(b).map_or(-i128::from(a), i128::from),
            _ => a / b,
        }),
        Arithmetic::Rem => Some(match (i64::try_from(a), i64::try_from(b)) {
            (Ok(a), Ok(b)) => a.checked_rem(b).map_or(0, i128::from),
            _ => a % b,
        }),
        Arithmetic::BitAnd => Some(a & b),
        Arithmetic::BitOr => Some(a | b),
        Arithmetic::BitXor => Some(a ^ b),
        Arithmetic::Shl | Arithmetic::Shr if !(0..i128::from(ty.bits())).contains(&b) => None,
        Arithmetic::Shl => Some(ty.wrap(a << b)),
        Arithmetic::Shr => Some(a >> b),
    };
    match result {
        Some(result) if ty.holds(result) => Ok(Value::Int(result, ty)),
        _ => Err(overflow(op.verb(), ty)),
    }
}

fn by_zero(op: Arithmetic) -> Error {
    match op {
        Arithmetic::Div => panic("attempt to divide by zero"),
        _ => panic("attempt to calculate the remainder with a divisor of zero"),
    }
}

type Keys = std::collections::BTreeSet<crate::value::Key>;

fn set_arithmetic(op: Arithmetic, a: &Keys, b: &Keys) -> Result<Value> {
    Ok(Value::Set(std::sync::Arc::new(match op {
        Arithmetic::Sub => a - b,
        _ => combined!(op, a, b),
    })))
}

/// Operators of polars' types: columns with columns, and with numbers.
fn native_arithmetic(op: Arithmetic, left: Value, right: Value) -> Result<Value> {
    if left.downcast_ref::<Expr>().is_some() {
        let (a, b): (Expr, Expr) = (left.downcast()?, right.downcast()?);
        return Ok(Value::native(computed!(op, a, b)));
    }
    if left.downcast_ref::<BooleanChunked>().is_some() {
        let (a, b): (BooleanChunked, BooleanChunked) = (left.downcast()?, right.downcast()?);
        return Ok(Value::native(combined!(op, &a, &b)));
    }
    if left.downcast_ref::<Column>().is_some() {
        let a: Column = left.downcast()?;
        return Ok(match right {
            Value::Int(n, _) => Value::native(computed!(op, &a, n)),
            Value::F64(n) => Value::native(computed!(op, &a, n)),
            Value::F32(n) => Value::native(computed!(op, &a, n)),
            other => computed!(op, &a, &other.downcast::<Column>()?).into_value(),
        });
    }
    if let Some(result) = calendar(op, &left, &right) {
        return result.ok_or_else(|| panic("the date is out of bounds"));
    }
    let a: Series = left.downcast()?;
    Ok(match right {
        Value::Int(n, _) => Value::native(computed!(op, &a, n)),
        Value::F64(n) => Value::native(computed!(op, &a, n)),
        Value::F32(n) => Value::native(computed!(op, &a, n)),
        other => computed!(op, &a, &other.downcast::<Series>()?).into_value(),
    })
}

/// Operators of dates and lengths of time; `Some(None)` if the result is out of bounds.
fn calendar(op: Arithmetic, left: &Value, right: &Value) -> Option<Option<Value>> {
    macro_rules! moved {
        ($($ty:ty),*) => { $(
            if let Some(at) = left.downcast_ref::<$ty>() {
                if let Some(other) = right.downcast_ref::<$ty>() {
                    return (op == Arithmetic::Sub).then(|| Some(Value::native(at.signed_duration_since(*other))));
                }
                let by = right.downcast_ref::<TimeDelta>()?;
                return match op {
                    Arithmetic::Add => Some(at.checked_add_signed(*by).map(Value::native)),
                    Arithmetic::Sub => Some(at.checked_sub_signed(*by).map(Value::native)),
                    _ => None,
                };
            }
        )* };
    }
    moved!(NaiveDate, NaiveDateTime);
    let (a, b) = (left.downcast_ref::<TimeDelta>()?, right.downcast_ref::<TimeDelta>()?);
    match op {
        Arithmetic::Add => Some(a.checked_add(b).map(Value::native)),
        Arithmetic::Sub => Some(a.checked_sub(b).map(Value::native)),
        _ => None,
    }
}

/// `-value`
pub(crate) fn negate(value: Value) -> Result<Value> {
    match value {
        Value::Int(i, ty) => match i.checked_neg().filter(|negated| ty.holds(*negated)) {
            Some(negated) => Ok(Value::Int(negated, ty)),
            None => Err(overflow("negate", ty)),
        },
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
        other => Ok(Value::native(!other.downcast::<BooleanChunked>()?)),
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
        (Value::Int(a, _), Value::Int(b, _)) => a == b,
        (Value::Unit, Value::Unit) => true,
        (Value::Vec(a), Value::Vec(b)) => a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| equal(a, b)),
        (Value::Tuple(a), Value::Tuple(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Value::Deque(a), Value::Deque(b)) => a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| equal(a, b)),
        (Value::Map(a), Value::Map(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| a.0 == b.0 && equal(a.1, b.1))
        }
        (Value::Option(Some(a)), Value::Option(Some(b))) => equal(a, b),
        (Value::Option(a), Value::Option(b)) => a.is_none() && b.is_none(),
        (Value::Result(Ok(a)), Value::Result(Ok(b))) => equal(a, b),
        (Value::Range(a, b, _), Value::Range(c, d, _)) => (a, b) == (c, d),
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
    if let (Some(a), Some(b)) = (left.downcast_ref::<AnyValue<'static>>(), right.downcast_ref::<AnyValue<'static>>()) {
        return a == b;
    }
    left.display() == right.display()
}

/// The order of two values, by Rust's `PartialOrd`.
pub(crate) fn partial_compare(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Int(a, _), Value::Int(b, _)) => Some(a.cmp(b)),
        (Value::F64(a), Value::F64(b)) => a.partial_cmp(b),
        (Value::F32(a), Value::F32(b)) => a.partial_cmp(b),
        (Value::Str(a), Value::Str(b)) => Some(a.cmp(b)),
        (Value::Char(a), Value::Char(b)) => Some(a.cmp(b)),
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        (Value::Unit, Value::Unit) => Some(Ordering::Equal),
        (Value::Vec(a), Value::Vec(b)) => lexicographic(a.iter(), b.iter()),
        (Value::Tuple(a), Value::Tuple(b)) => lexicographic(a.iter(), b.iter()),
        (Value::Deque(a), Value::Deque(b)) => lexicographic(a.iter(), b.iter()),
        (Value::Set(a), Value::Set(b)) => lexicographic(a.iter().map(|key| &key.0), b.iter().map(|key| &key.0)),
        (Value::Option(a), Value::Option(b)) => match (a, b) {
            (Some(a), Some(b)) => partial_compare(a, b),
            (a, b) => Some(a.is_some().cmp(&b.is_some())),
        },
        (Value::Native(a), Value::Native(b)) => native_compare(&**a, &**b),
        _ => None,
    }
}

fn lexicographic<'v>(
    mut a: impl Iterator<Item = &'v Value>,
    mut b: impl Iterator<Item = &'v Value>,
) -> Option<Ordering> {
    loop {
        match (a.next(), b.next()) {
            (None, None) => return Some(Ordering::Equal),
            (None, _) => return Some(Ordering::Less),
            (_, None) => return Some(Ordering::Greater),
            (Some(a), Some(b)) => match partial_compare(a, b) {
                Some(Ordering::Equal) => {}
                unequal => return unequal,
            },
        }
    }
}

/// Dates and orderings have an order of their own; of all else the text has one, for keys.
fn native_compare(a: &dyn crate::value::Object, b: &dyn crate::value::Object) -> Option<Ordering> {
    fn both<T: Ord + 'static>(a: &dyn crate::value::Object, b: &dyn crate::value::Object) -> Option<Ordering> {
        Some(a.as_any().downcast_ref::<T>()?.cmp(b.as_any().downcast_ref::<T>()?))
    }
    both::<NaiveDate>(a, b)
        .or_else(|| both::<NaiveDateTime>(a, b))
        .or_else(|| both::<TimeDelta>(a, b))
        .or_else(|| both::<Ordering>(a, b))
        .or_else(|| Some(a.text().cmp(&b.text())))
}

/// The order for `sort`, `min`, `max` and keys; what has no order counts as equal.
pub(crate) fn compare(left: &Value, right: &Value) -> Ordering {
    partial_compare(left, right).unwrap_or(Ordering::Equal)
}

/// The order of `f64::total_cmp`, and of everything else its own.
pub(crate) fn total_compare(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::F64(a), Value::F64(b)) => a.total_cmp(b),
        (Value::F32(a), Value::F32(b)) => a.total_cmp(b),
        _ => compare(left, right),
    }
}

/// 0 of a number type.
pub(crate) fn number(ty: &Ty, value: i8) -> Result<Value> {
    match ty {
        Ty::Int(int) => Ok(Value::Int(value.into(), *int)),
        Ty::F64 => Ok(Value::F64(value.into())),
        Ty::F32 => Ok(Value::F32(value.into())),
        _ => Err(mismatch("number")),
    }
}

/// The value of type `ty` that `text` stands for.
pub(crate) fn parse(text: &str, ty: &str) -> Result<Value> {
    let failed = || Error::invalid_argument(format!("`{text}` is not a valid `{ty}`"));
    if let Some(int) = IntTy::parse(ty) {
        let value = text.parse::<i128>().ok().filter(|value| int.holds(*value));
        // An unsigned type does not parse a sign, not even in front of 0.
        let value = value.filter(|_| int.is_signed() || !text.starts_with('-'));
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
        (Value::Bool(_), Ty::Bool) | (Value::Char(_), Ty::Char) => Ok(value.clone()),
        (Value::F64(f), Ty::F32) => Ok(Value::F32(*f as f32)),
        (Value::F64(f), Ty::F64) => Ok(Value::F64(*f)),
        (Value::F32(f), Ty::F32) => Ok(Value::F32(*f)),
        (Value::F32(f), Ty::F64) => Ok(Value::F64((*f).into())),
        (Value::F64(f), Ty::Int(int)) => Ok(saturated(*f, *int)),
        (Value::F32(f), Ty::Int(int)) => Ok(saturated((*f).into(), *int)),
        _ => Err(mismatch("number")),
    }
}

/// A float as an integer: the nearest one that there is, and 0 for NaN.
fn saturated(value: f64, int: IntTy) -> Value {
    let (low, high) = int.range();
    Value::Int((value as i128).clamp(low, high), int)
}
