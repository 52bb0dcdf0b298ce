//! Between Rust's types and [`Value`]: what the table's rows use to unpack arguments and to wrap results.

use aerostat_error::{Error, Result};
use aerostat_session::errors;
use polars::prelude::*;

use crate::table::NullLiteral;
use crate::ty::{Accepts, IntTy, Ty};
use crate::value::{Native, Value, mismatch};

pub use crate::generic::{Dynamic, Generic, Same, TypeName};

/// The type of an argument, as the table writes it, and how it comes out of a [`Value`].
pub trait Arg {
    /// What the function receives.
    type Out;
    /// The type in the cell language.
    fn ty() -> Ty;
    /// Unpacks a value that the static check let through.
    fn take(value: Value) -> Result<Self::Out>;
}

/// A result, and how it goes into a [`Value`].
pub trait IntoValue {
    /// The type in the cell language.
    fn ty() -> Ty;
    /// Wraps it.
    fn into_value(self) -> Value;
}

impl<T: Native> Arg for T {
    type Out = T;
    fn ty() -> Ty {
        Ty::Native(T::NAME)
    }
    fn take(value: Value) -> Result<T> {
        value.downcast()
    }
}

impl<T: Native> IntoValue for T {
    fn ty() -> Ty {
        Ty::Native(T::NAME)
    }
    fn into_value(self) -> Value {
        Value::native(self)
    }
}

macro_rules! ints {
    ($($rust:ty => $variant:ident),*) => { $(
        impl Arg for $rust {
            type Out = $rust;
            fn ty() -> Ty {
                Ty::Int(IntTy::$variant)
            }
            fn take(value: Value) -> Result<$rust> {
                let value = value.int()?;
                <$rust>::try_from(value).map_err(|_| {
                    Error::invalid_argument(format!("{value} does not fit into `{}`", IntTy::$variant.name()))
                })
            }
        }
        impl IntoValue for $rust {
            fn ty() -> Ty {
                Ty::Int(IntTy::$variant)
            }
            fn into_value(self) -> Value {
                Value::Int(self as i128, IntTy::$variant)
            }
        }
    )* };
}
ints!(i8 => I8, i16 => I16, i32 => I32, i64 => I64, i128 => I128, isize => Isize,
      u8 => U8, u16 => U16, u32 => U32, u64 => U64, usize => Usize);

macro_rules! plain {
    ($($rust:ty, $ty:expr, $pattern:pat => $out:expr, $wrap:expr;)*) => { $(
        impl Arg for $rust {
            type Out = $rust;
            fn ty() -> Ty {
                $ty
            }
            fn take(value: Value) -> Result<$rust> {
                match value {
                    $pattern => Ok($out),
                    _ => Err(mismatch(stringify!($rust))),
                }
            }
        }
        impl IntoValue for $rust {
            fn ty() -> Ty {
                $ty
            }
            fn into_value(self) -> Value {
                $wrap(self)
            }
        }
    )* };
}
plain! {
    (), Ty::Unit, Value::Unit => (), |()| Value::Unit;
    bool, Ty::Bool, Value::Bool(value) => value, Value::Bool;
    f32, Ty::F32, Value::F32(value) => value, Value::F32;
    char, Ty::Char, Value::Char(value) => value, Value::Char;
    String, Ty::Str, Value::Str(text) => text.to_string(), Value::str;
    PlSmallStr, Ty::Str, Value::Str(text) => PlSmallStr::from_str(&text), Value::str;
}

impl Arg for f64 {
    type Out = f64;
    fn ty() -> Ty {
        Ty::F64
    }
    fn take(value: Value) -> Result<f64> {
        match value {
            Value::F64(value) => Ok(value),
            _ => Err(mismatch("f64")),
        }
    }
}
impl IntoValue for f64 {
    fn ty() -> Ty {
        Ty::F64
    }
    fn into_value(self) -> Value {
        Value::F64(self)
    }
}

impl<T: Arg> Arg for Vec<T> {
    type Out = Vec<T::Out>;
    fn ty() -> Ty {
        Ty::vec(T::ty())
    }
    fn take(value: Value) -> Result<Self::Out> {
        value.into_elements()?.into_iter().map(T::take).collect()
    }
}
impl<T: IntoValue> IntoValue for Vec<T> {
    fn ty() -> Ty {
        Ty::vec(T::ty())
    }
    fn into_value(self) -> Value {
        Value::vec(self.into_iter().map(IntoValue::into_value).collect())
    }
}

impl<T: Arg> Arg for Option<T> {
    type Out = Option<T::Out>;
    fn ty() -> Ty {
        Ty::option(T::ty())
    }
    fn take(value: Value) -> Result<Self::Out> {
        match value {
            Value::Option(inner) => inner.map(|value| T::take(*value)).transpose(),
            _ => Err(mismatch("Option")),
        }
    }
}
impl<T: IntoValue> IntoValue for Option<T> {
    fn ty() -> Ty {
        Ty::option(T::ty())
    }
    fn into_value(self) -> Value {
        Value::Option(self.map(|value| Box::new(value.into_value())))
    }
}

impl<T: IntoValue> IntoValue for Result<T> {
    fn ty() -> Ty {
        Ty::result(T::ty())
    }
    fn into_value(self) -> Value {
        Value::Result(self.map(|value| Box::new(value.into_value())))
    }
}
impl<T: IntoValue> IntoValue for PolarsResult<T> {
    fn ty() -> Ty {
        Ty::result(T::ty())
    }
    fn into_value(self) -> Value {
        self.map_err(errors::from_polars).into_value()
    }
}

macro_rules! tuples {
    ($($name:ident . $index:tt),*) => {
        impl<$($name: Arg),*> Arg for ($($name,)*) {
            type Out = ($($name::Out,)*);
            fn ty() -> Ty {
                Ty::Tuple(vec![$($name::ty()),*])
            }
            fn take(value: Value) -> Result<Self::Out> {
                let Value::Tuple(items) = value else { return Err(mismatch("tuple")) };
                let mut items = items.into_iter();
                Ok(($($name::take(items.next().ok_or_else(|| mismatch("tuple"))?)?,)*))
            }
        }
        impl<$($name: IntoValue),*> IntoValue for ($($name,)*) {
            fn ty() -> Ty {
                Ty::Tuple(vec![$($name::ty()),*])
            }
            fn into_value(self) -> Value {
                Value::Tuple(vec![$(self.$index.into_value()),*])
            }
        }
    };
}
tuples!(A.0, B.1);
tuples!(A.0, B.1, C.2);

/// `impl Into<Expr>`
pub struct IntoExpr;

impl Arg for IntoExpr {
    type Out = Expr;
    fn ty() -> Ty {
        Ty::Accepts(Accepts::IntoExpr)
    }
    fn take(value: Value) -> Result<Expr> {
        match value {
            // polars' `From<&str> for Expr` means a column, not a literal.
            Value::Str(name) => Ok(col(&*name)),
            other => literal(other),
        }
    }
}

/// `AsRef<[impl Into<Expr>]>`
pub struct IntoExprs;

impl Arg for IntoExprs {
    type Out = Vec<Expr>;
    fn ty() -> Ty {
        Ty::Accepts(Accepts::IntoExprs)
    }
    fn take(value: Value) -> Result<Vec<Expr>> {
        value.into_elements()?.into_iter().map(IntoExpr::take).collect()
    }
}

/// `impl IntoVec<PlSmallStr>`
pub struct Names;

impl Arg for Names {
    type Out = Vec<PlSmallStr>;
    fn ty() -> Ty {
        Ty::Accepts(Accepts::Names)
    }
    fn take(value: Value) -> Result<Vec<PlSmallStr>> {
        match value {
            Value::Str(name) => Ok(vec![PlSmallStr::from_str(&name)]),
            other => Vec::<PlSmallStr>::take(other),
        }
    }
}

/// `impl Literal`: the argument of `lit`
pub struct AnyLiteral;

impl Arg for AnyLiteral {
    type Out = Expr;
    fn ty() -> Ty {
        Ty::Accepts(Accepts::Literal)
    }
    fn take(value: Value) -> Result<Expr> {
        literal(value)
    }
}

fn literal(value: Value) -> Result<Expr> {
    Ok(match value {
        Value::Bool(value) => lit(value),
        Value::Int(value, ty) => return int_literal(value, ty),
        Value::F32(value) => lit(value),
        Value::F64(value) => lit(value),
        Value::Str(text) => lit(&*text),
        Value::Native(object) => {
            let any = (*object).as_any();
            if let Some(expr) = any.downcast_ref::<Expr>() {
                expr.clone()
            } else if let Some(series) = any.downcast_ref::<Series>() {
                lit(series.clone())
            } else if let Some(date) = any.downcast_ref::<chrono::NaiveDate>() {
                lit(*date)
            } else if let Some(at) = any.downcast_ref::<chrono::NaiveDateTime>() {
                lit(*at)
            } else if let Some(duration) = any.downcast_ref::<polars::prelude::Duration>() {
                lit(*duration)
            } else if any.is::<NullLiteral>() {
                lit(NULL)
            } else {
                return Err(mismatch("Literal"));
            }
        }
        _ => return Err(mismatch("Literal")),
    })
}

fn int_literal(value: i128, ty: IntTy) -> Result<Expr> {
    Ok(match ty {
        IntTy::I8 => lit(value as i8),
        IntTy::I16 => lit(value as i16),
        IntTy::I32 => lit(value as i32),
        IntTy::I64 => lit(value as i64),
        IntTy::U8 => lit(value as u8),
        IntTy::U16 => lit(value as u16),
        IntTy::U32 => lit(value as u32),
        IntTy::U64 => lit(value as u64),
        IntTy::I128 | IntTy::Isize | IntTy::Usize => {
            return Err(Error::invalid_argument(format!("polars has no literal of type `{}`", ty.name()))
                .with_hint("cast it, as in `lit(n as i64)`"));
        }
    })
}

/// A character or a text that is searched for.
pub struct Needle;

impl Arg for Needle {
    type Out = String;
    fn ty() -> Ty {
        Ty::Accepts(Accepts::Text)
    }
    fn take(value: Value) -> Result<String> {
        Ok(value.display())
    }
}

/// Any value that `{}` can write, as its text.
pub struct Displayed;

impl Arg for Displayed {
    type Out = String;
    fn ty() -> Ty {
        Ty::Accepts(Accepts::Display)
    }
    fn take(value: Value) -> Result<String> {
        Ok(value.display())
    }
}
