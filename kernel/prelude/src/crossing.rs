//! Which types can go to the kernel's process and come from it.

use aerostat_bridge::Value;
use polars::prelude::{Column, DataFrame, Expr, IntoColumn, LazyFrame, PlSmallStr, Series};

use crate::Chart;

/// A type whose values can go to the kernel: there they are variables of interpreted cells, too.
pub trait Crossing {
    /// The type in Rust's notation.
    fn ty() -> String;

    /// The value, on its way.
    fn to_value(&self) -> Value;
}

/// A type whose values the kernel can show.
pub trait Shown {
    /// What is shown, and its type.
    fn shown(&self) -> (String, Value);
}

impl<T: Crossing> Shown for T {
    fn shown(&self) -> (String, Value) {
        (T::ty(), self.to_value())
    }
}

impl Shown for Chart {
    fn shown(&self) -> (String, Value) {
        ("Chart".to_owned(), Value::str(self.bundle.as_str()))
    }
}

impl Shown for &Chart {
    fn shown(&self) -> (String, Value) {
        (**self).shown()
    }
}

/// A type whose values can come from the kernel.
pub trait Arriving: Sized {
    /// The value that has arrived, if it is of this type.
    fn from_value(value: Value) -> Option<Self>;
}

macro_rules! crossing {
    ($($ty:ty = $name:literal, $this:ident => $to:expr;)*) => {
        $(impl Crossing for $ty {
            fn ty() -> String {
                $name.to_owned()
            }
            fn to_value(&self) -> Value {
                let $this = self;
                $to
            }
        })*
    };
}

macro_rules! arriving {
    ($($ty:ty = $pattern:pat => $value:expr;)*) => {
        $(impl Arriving for $ty {
            fn from_value(value: Value) -> Option<Self> {
                match value {
                    $pattern => Some($value),
                    _ => None,
                }
            }
        })*
    };
}

crossing! {
    () = "()", _this => Value::Unit;
    bool = "bool", this => Value::Bool(*this);
    char = "char", this => Value::Char(*this);
    f32 = "f32", this => Value::Float((*this).into());
    f64 = "f64", this => Value::Float(*this);
    i8 = "i8", this => Value::Int((*this).into());
    i16 = "i16", this => Value::Int((*this).into());
    i32 = "i32", this => Value::Int((*this).into());
    i64 = "i64", this => Value::Int((*this).into());
    i128 = "i128", this => Value::Int(*this);
    isize = "isize", this => Value::Int(*this as i128);
    u8 = "u8", this => Value::Int((*this).into());
    u16 = "u16", this => Value::Int((*this).into());
    u32 = "u32", this => Value::Int((*this).into());
    u64 = "u64", this => Value::Int((*this).into());
    usize = "usize", this => Value::Int(*this as i128);
    String = "String", this => Value::str(this.as_str());
    PlSmallStr = "String", this => Value::str(this.as_str());
    DataFrame = "DataFrame", this => Value::Frame(this.clone());
    LazyFrame = "LazyFrame", this => Value::Plan(Box::new(this.clone()));
    Series = "Series", this => Value::Series(this.clone());
    Column = "Column", this => Value::Series(this.as_materialized_series().clone());
    Expr = "Expr", this => Value::Expr(Box::new(this.clone()));
}

arriving! {
    () = Value::Unit => ();
    bool = Value::Bool(value) => value;
    char = Value::Char(value) => value;
    f32 = Value::Float(value) => value as f32;
    f64 = Value::Float(value) => value;
    String = Value::Str(text) => text;
    &'static str = Value::Str(text) => Box::leak(text.into_boxed_str());
    DataFrame = Value::Frame(frame) => frame;
    LazyFrame = Value::Plan(plan) => *plan;
    Series = Value::Series(series) => series;
    Column = Value::Series(series) => series.into_column();
    Expr = Value::Expr(expr) => *expr;
}

macro_rules! arriving_integers {
    ($($ty:ident)*) => {
        $(impl Arriving for $ty {
            fn from_value(value: Value) -> Option<Self> {
                value.int()?.try_into().ok()
            }
        })*
    };
}

arriving_integers! { i8 i16 i32 i64 i128 isize u8 u16 u32 u64 usize }

impl Crossing for str {
    fn ty() -> String {
        "String".to_owned()
    }
    fn to_value(&self) -> Value {
        Value::str(self)
    }
}

impl<T: Crossing + ?Sized> Crossing for &T {
    fn ty() -> String {
        T::ty()
    }
    fn to_value(&self) -> Value {
        T::to_value(self)
    }
}

impl<T: Crossing> Crossing for Vec<T> {
    fn ty() -> String {
        format!("Vec<{}>", T::ty())
    }
    fn to_value(&self) -> Value {
        Value::List(self.iter().map(T::to_value).collect())
    }
}

impl<T: Crossing, const N: usize> Crossing for [T; N] {
    fn ty() -> String {
        format!("Vec<{}>", T::ty())
    }
    fn to_value(&self) -> Value {
        Value::List(self.iter().map(T::to_value).collect())
    }
}

impl<T: Crossing> Crossing for Option<T> {
    fn ty() -> String {
        format!("Option<{}>", T::ty())
    }
    fn to_value(&self) -> Value {
        Value::option(self.as_ref().map(T::to_value))
    }
}

impl<T: Arriving> Arriving for Vec<T> {
    fn from_value(value: Value) -> Option<Self> {
        value.list()?.into_iter().map(T::from_value).collect()
    }
}

impl<T: Arriving> Arriving for Option<T> {
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Option(None) => Some(None),
            Value::Option(Some(inner)) => T::from_value(*inner).map(Some),
            _ => None,
        }
    }
}

macro_rules! tuples {
    ($($($item:ident)+;)*) => {
        $(impl<$($item: Crossing),+> Crossing for ($($item,)+) {
            fn ty() -> String {
                format!("({},)", [$($item::ty()),+].join(", "))
            }
            #[allow(non_snake_case)]
            fn to_value(&self) -> Value {
                let ($($item,)+) = self;
                Value::List(vec![$($item.to_value()),+])
            }
        }
        impl<$($item: Arriving),+> Arriving for ($($item,)+) {
            fn from_value(value: Value) -> Option<Self> {
                let mut items = value.list()?.into_iter();
                Some(($($item::from_value(items.next()?)?,)+))
            }
        })*
    };
}

tuples! {
    A;
    A B;
    A B C;
    A B C D;
    A B C D E;
    A B C D E F;
}
