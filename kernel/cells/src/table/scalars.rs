//! The kinds of single values of frames that patterns take apart: `AnyValue::Int64(n)`.

use polars::prelude::AnyValue;

use super::natives::OwnedValue;
use crate::ty::{IntTy, Ty};
use crate::value::Value;

/// A variant of `AnyValue` with one value inside.
pub(crate) struct ScalarKind {
    /// Its name.
    pub(crate) name: &'static str,
    /// The type of what is inside.
    pub(crate) ty: Ty,
    /// What is inside of a value, if that is of this kind.
    pub(crate) inside: fn(&OwnedValue) -> Option<Value>,
}

macro_rules! kinds {
    ($($name:ident: $ty:expr, $pattern:pat => $inside:expr;)*) => {
        &[$(ScalarKind {
            name: stringify!($name),
            ty: $ty,
            inside: |value| match value {
                $pattern => Some($inside),
                _ => None,
            },
        }),*]
    };
}

static KINDS: &[ScalarKind] = kinds! {
    Boolean: Ty::Bool, AnyValue::Boolean(value) => Value::Bool(*value);
    Int8: Ty::Int(IntTy::I8), AnyValue::Int8(n) => Value::Int((*n).into(), IntTy::I8);
    Int16: Ty::Int(IntTy::I16), AnyValue::Int16(n) => Value::Int((*n).into(), IntTy::I16);
    Int32: Ty::Int(IntTy::I32), AnyValue::Int32(n) => Value::Int((*n).into(), IntTy::I32);
    Int64: Ty::Int(IntTy::I64), AnyValue::Int64(n) => Value::Int((*n).into(), IntTy::I64);
    UInt8: Ty::Int(IntTy::U8), AnyValue::UInt8(n) => Value::Int((*n).into(), IntTy::U8);
    UInt16: Ty::Int(IntTy::U16), AnyValue::UInt16(n) => Value::Int((*n).into(), IntTy::U16);
    UInt32: Ty::Int(IntTy::U32), AnyValue::UInt32(n) => Value::Int((*n).into(), IntTy::U32);
    UInt64: Ty::Int(IntTy::U64), AnyValue::UInt64(n) => Value::Int((*n).into(), IntTy::U64);
    Float32: Ty::F32, AnyValue::Float32(x) => Value::F32(*x);
    Float64: Ty::F64, AnyValue::Float64(x) => Value::F64(*x);
    // A cell owns the text that polars lends.
    String: Ty::Str, text @ (AnyValue::String(_) | AnyValue::StringOwned(_)) => Value::str(text.get_str()?);
    // Days since 1970.
    Date: Ty::Int(IntTy::I32), AnyValue::Date(days) => Value::Int((*days).into(), IntTy::I32);
    // Nanoseconds since midnight.
    Time: Ty::Int(IntTy::I64), AnyValue::Time(ns) => Value::Int((*ns).into(), IntTy::I64);
};

/// The kind of this name.
pub(crate) fn scalar_kind(name: &str) -> Option<&'static ScalarKind> {
    KINDS.iter().find(|kind| kind.name == name)
}
