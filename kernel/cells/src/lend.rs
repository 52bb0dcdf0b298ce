//! Parameters and results that are references in polars' signatures, so that rows of the table read as in Rust.

use std::borrow::{Borrow, Cow};

use std::sync::Arc;

use aerostat_error::{Error, Result};
use polars::prelude::*;

use crate::convert::{Arg, IntoValue};
use crate::frames::series;
use crate::table::natives::*;
use crate::ty::{Accepts, Ty};
use crate::value::{Value, mismatch};

/// A parameter of a row: an [`Arg`], or a reference to one.
pub trait Param {
    /// What a value is unpacked to.
    type Out;
    /// What the function receives.
    type Lent<'a>;
    /// The type in the cell language.
    fn ty() -> Ty;
    /// Unpacks a value that the static check let through.
    fn take(value: Value) -> Result<Self::Out>;
    /// Hands over what was unpacked; `store` is what a reference points into.
    fn lend(out: Self::Out, store: &mut Option<Self::Out>) -> Self::Lent<'_>;
}

impl<T: Arg> Param for T {
    type Out = T::Out;
    type Lent<'a> = T::Out;
    fn ty() -> Ty {
        T::ty()
    }
    fn take(value: Value) -> Result<T::Out> {
        T::take(value)
    }
    fn lend(out: T::Out, _store: &mut Option<T::Out>) -> T::Out {
        out
    }
}

/// References to types that polars takes and gives by reference: `&T` and `Option<&T>` as parameters, `&T` as results.
macro_rules! references {
    ($($owned:ty => $borrowed:ty),* $(,)?) => { $(
        impl Param for &$borrowed {
            type Out = $owned;
            type Lent<'a> = &'a $borrowed;
            fn ty() -> Ty {
                <$owned as Arg>::ty()
            }
            fn take(value: Value) -> Result<$owned> {
                <$owned as Arg>::take(value)
            }
            fn lend(out: $owned, store: &mut Option<$owned>) -> &$borrowed {
                (&*store.insert(out)).borrow()
            }
        }
        impl Param for Option<&$borrowed> {
            type Out = Option<$owned>;
            type Lent<'a> = Option<&'a $borrowed>;
            fn ty() -> Ty {
                Ty::option(<$owned as Arg>::ty())
            }
            fn take(value: Value) -> Result<Option<$owned>> {
                <Option<$owned> as Arg>::take(value)
            }
            fn lend(out: Option<$owned>, store: &mut Option<Option<$owned>>) -> Option<&$borrowed> {
                (&*store.insert(out)).as_ref().map(Borrow::borrow)
            }
        }
        #[allow(clippy::useless_conversion, reason = "a schema goes behind a pointer; the others are what they are")]
        impl IntoValue for &$borrowed {
            fn ty() -> Ty {
                <$owned as IntoValue>::ty()
            }
            fn into_value(self) -> Value {
                IntoValue::into_value(<$owned>::from(self.to_owned()))
            }
        }
    )* };
}

references! {
    String => str, PlSmallStr => PlSmallStr, SharedSchema => Schema,
    OwnedValue => OwnedValue, DataFrame => DataFrame, Series => Series, Column => Column, DataType => DataType, Scalar => Scalar, Field => Field,
    SortMultipleOptions => SortMultipleOptions, JoinType => JoinType, TimeZone => TimeZone,
    DynamicGroupOptions => DynamicGroupOptions, RollingGroupOptions => RollingGroupOptions,
    BooleanChunked => BooleanChunked, StringChunked => StringChunked, BinaryChunked => BinaryChunked,
    Int8Chunked => Int8Chunked, Int16Chunked => Int16Chunked, Int32Chunked => Int32Chunked, Int64Chunked => Int64Chunked,
    UInt8Chunked => UInt8Chunked, UInt16Chunked => UInt16Chunked, UInt32Chunked => UInt32Chunked,
    UInt64Chunked => UInt64Chunked, Int128Chunked => Int128Chunked, UInt128Chunked => UInt128Chunked,
    Float32Chunked => Float32Chunked, Float64Chunked => Float64Chunked,
    BinaryOffsetChunked => BinaryOffsetChunked, DateChunked => DateChunked, TimeChunked => TimeChunked,
    DatetimeChunked => DatetimeChunked, DurationChunked => DurationChunked, DecimalChunked => DecimalChunked,
    ListChunked => ListChunked, ArrayChunked => ArrayChunked, StructChunked => StructChunked, NullChunked => NullChunked,
    Categorical8Chunked => Categorical8Chunked, Categorical16Chunked => Categorical16Chunked,
    Categorical32Chunked => Categorical32Chunked,
    Vec<bool> => [bool], Vec<f64> => [f64], Vec<i64> => [i64], Vec<u32> => [u32], Vec<u8> => [u8],
    Vec<PlSmallStr> => [PlSmallStr], Vec<String> => [String], Vec<Expr> => [Expr], Vec<Column> => [Column],
    Vec<Series> => [Series], Vec<DataType> => [DataType], Vec<OwnedValue> => [OwnedValue],
    Vec<ReshapeDimension> => [ReshapeDimension],
}

/// `&mut T`: what the function changes is a copy, for methods that only ask for it to rechunk; and as a result, the
/// receiver itself.
macro_rules! mutable {
    ($($name:ty),*) => { $(
        impl Param for &mut $name {
            type Out = $name;
            type Lent<'a> = &'a mut $name;
            fn ty() -> Ty {
                <$name as Arg>::ty()
            }
            fn take(value: Value) -> Result<$name> {
                <$name as Arg>::take(value)
            }
            fn lend(out: $name, store: &mut Option<$name>) -> &mut $name {
                store.insert(out)
            }
        }
        impl IntoValue for &mut $name {
            fn ty() -> Ty {
                <$name as IntoValue>::ty()
            }
            fn into_value(self) -> Value {
                IntoValue::into_value(self.to_owned())
            }
        }
    )* };
}
mutable!(DataFrame, Series, Column);

impl IntoValue for &SchemaRef {
    fn ty() -> Ty {
        <SharedSchema as IntoValue>::ty()
    }
    fn into_value(self) -> Value {
        self.clone().into_value()
    }
}

impl<T: Clone + IntoValue> IntoValue for Cow<'_, T> {
    fn ty() -> Ty {
        T::ty()
    }
    fn into_value(self) -> Value {
        self.into_owned().into_value()
    }
}

impl IntoValue for Cow<'_, str> {
    fn ty() -> Ty {
        Ty::Str
    }
    fn into_value(self) -> Value {
        Value::str(self)
    }
}

/// Vectors behind pointers.
macro_rules! shared {
    ($($pointer:ty, $out:ty;)*) => { $(
        impl<T: Arg> Arg for $pointer {
            type Out = $out;
            fn ty() -> Ty {
                Ty::vec(T::ty())
            }
            fn take(value: Value) -> Result<Self::Out> {
                <Vec<T> as Arg>::take(value).map(Into::into)
            }
        }
    )* };
}
shared! {
    Arc<[T]>, Arc<[T::Out]>;
    Arc<Vec<T>>, Arc<Vec<T::Out>>;
}

impl<T: IntoValue + Clone> IntoValue for Arc<[T]> {
    fn ty() -> Ty {
        Ty::vec(T::ty())
    }
    fn into_value(self) -> Value {
        IntoValue::into_value(self.to_vec())
    }
}

/// A path is a string in a cell.
impl Arg for PlRefPath {
    type Out = Self;
    fn ty() -> Ty {
        Ty::Str
    }
    fn take(value: Value) -> Result<Self> {
        <String as Arg>::take(value).map(Self::new)
    }
}

impl Arg for [bool; 7] {
    type Out = Self;
    fn ty() -> Ty {
        Ty::vec(Ty::Bool)
    }
    fn take(value: Value) -> Result<Self> {
        let days = <Vec<bool> as Arg>::take(value)?;
        let given = days.len();
        days.try_into().map_err(|_| {
            Error::invalid_argument(format!("a week has 7 days, {given} given"))
                .with_hint("Monday first: `[true, true, true, true, true, false, false]`")
        })
    }
}

/// What a Series or Column is compared with: another one, or a single value.
pub struct Comparand;

impl Arg for Comparand {
    type Out = Series;
    fn ty() -> Ty {
        Ty::Accepts(Accepts::OneOf(&["Series", "Column", "integer", "float", "String", "bool"]))
    }
    fn take(value: Value) -> Result<Series> {
        match &value {
            Value::Native(_) => series(PlSmallStr::EMPTY, value),
            _ => series(PlSmallStr::EMPTY, Value::vec(vec![value])),
        }
    }
}

/// `impl IntoColumn`
pub struct ColumnLike;

impl Arg for ColumnLike {
    type Out = Column;
    fn ty() -> Ty {
        Ty::Accepts(Accepts::OneOf(&["Column", "Series"]))
    }
    fn take(value: Value) -> Result<Column> {
        match value.downcast_ref::<Series>() {
            Some(series) => Ok(series.clone().into_column()),
            None => value.downcast(),
        }
    }
}

/// An option that cells can only leave out: its type takes a function, or cannot be named with polars' prelude alone.
pub enum Absent {}

impl Absent {
    /// What there is none of.
    pub fn never<T>(self) -> T {
        match self {}
    }
}

impl Arg for Absent {
    type Out = Self;
    fn ty() -> Ty {
        Ty::Native("unavailable")
    }
    fn take(_value: Value) -> Result<Self> {
        Err(mismatch("None"))
    }
}
