//! Type parameters, closures and iterators in the signatures of the table.

use std::marker::PhantomData;

use aerostat_error::Result;

use crate::convert::{Arg, IntoValue};
use crate::eval::TypeValue;
use crate::iter::{Func, Iter};
use crate::ty::{Keys, Ty};
use crate::value::{Value, mismatch};

/// Any value at all; `INDEX` is the type parameter it stands for.
pub struct Generic<const INDEX: u8>;

impl<const INDEX: u8> Arg for Generic<INDEX> {
    type Out = Value;
    fn ty() -> Ty {
        Ty::Var(INDEX)
    }
    fn take(value: Value) -> Result<Value> {
        Ok(value)
    }
}

/// A result of the type that the first type parameter stands for.
pub struct Dynamic(pub Value);

impl IntoValue for Dynamic {
    fn ty() -> Ty {
        Ty::Var(0)
    }
    fn into_value(self) -> Value {
        self.0
    }
}

/// A type, given as a turbofish: the name of it.
pub struct TypeName;

impl Arg for TypeName {
    type Out = String;
    fn ty() -> Ty {
        Ty::TypeOf(0)
    }
    fn take(value: Value) -> Result<String> {
        Ok(value.downcast::<TypeValue>()?.0.to_string())
    }
}

/// A type, given as a turbofish, for a type parameter.
pub struct TypeArg<const INDEX: u8>;

impl<const INDEX: u8> Arg for TypeArg<INDEX> {
    type Out = Ty;
    fn ty() -> Ty {
        Ty::TypeOf(INDEX)
    }
    fn take(value: Value) -> Result<Ty> {
        Ok(value.downcast::<TypeValue>()?.0)
    }
}

/// A type that only a signature speaks of.
pub trait Signature {
    /// The type.
    fn ty() -> Ty;
}

impl<T: Arg> Signature for T {
    fn ty() -> Ty {
        <T as Arg>::ty()
    }
}

/// A value as it is, of the type that `X` says.
pub struct Typed<X>(Value, PhantomData<X>);

/// The value as the result of a row.
pub fn typed<X>(value: Value) -> Typed<X> {
    Typed(value, PhantomData)
}

impl<X: Signature> IntoValue for Typed<X> {
    fn ty() -> Ty {
        X::ty()
    }
    fn into_value(self) -> Value {
        self.0
    }
}

/// The type of the receiver.
pub struct Same;

impl Arg for Same {
    type Out = Value;
    fn ty() -> Ty {
        Ty::Same
    }
    fn take(value: Value) -> Result<Value> {
        Ok(value)
    }
}

/// An iterator.
pub struct Seq<T>(PhantomData<T>);

impl<T: Signature> Arg for Seq<T> {
    type Out = Iter;
    fn ty() -> Ty {
        Ty::iter(T::ty())
    }
    fn take(value: Value) -> Result<Iter> {
        Iter::over(value)
    }
}

/// The values of an iterator of polars, as a result.
pub struct Stream<T>(Vec<T>);

impl<T> FromIterator<T> for Stream<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        Self(values.into_iter().collect())
    }
}

impl<T: IntoValue> IntoValue for Stream<T> {
    fn ty() -> Ty {
        Ty::iter(T::ty())
    }
    fn into_value(self) -> Value {
        Value::Iter(Box::new(Iter::items(self.0.into_iter().map(IntoValue::into_value).collect())))
    }
}

/// Whatever can be iterated over.
pub struct Each<T>(PhantomData<T>);

impl<T: Signature> Arg for Each<T> {
    type Out = Iter;
    fn ty() -> Ty {
        Ty::Iterable(Box::new(T::ty()))
    }
    fn take(value: Value) -> Result<Iter> {
        Iter::over(value)
    }
}

macro_rules! functions {
    ($($(#[doc = $doc:literal])+ $name:ident($($param:ident),*);)*) => { $(
        $(#[doc = $doc])+
        pub struct $name<$($param,)* R>(PhantomData<fn($($param),*) -> R>);

        impl<$($param: Signature,)* R: Signature> Arg for $name<$($param,)* R> {
            type Out = Func;
            fn ty() -> Ty {
                Ty::Fn(vec![$($param::ty()),*], Box::new(R::ty()))
            }
            fn take(value: Value) -> Result<Func> {
                match value {
                    Value::Closure(index) => Ok(index),
                    _ => Err(mismatch("closure")),
                }
            }
        }
    )* };
}
functions! {
    /// A closure without arguments.
    Fn0();
    /// A closure of one argument.
    Fn1(A);
    /// A closure of two arguments.
    Fn2(A, B);
}

macro_rules! collections {
    ($($(#[doc = $doc:literal])+ $name:ident($($param:ident),+) $variant:ident = $out:ty, $make:expr;)*) => { $(
        $(#[doc = $doc])+
        pub struct $name<$($param),+>(PhantomData<($($param,)+)>);

        impl<$($param: Signature),+> Arg for $name<$($param),+> {
            type Out = $out;
            fn ty() -> Ty {
                let make: fn($(collections!(@type $param)),+) -> Ty = $make;
                make($(Box::new($param::ty())),+)
            }
            fn take(value: Value) -> Result<$out> {
                match value {
                    Value::$variant(inside) => Ok(inside),
                    _ => Err(mismatch(stringify!($name))),
                }
            }
        }
    )* };
    (@type $param:ident) => { Box<Ty> };
}
type Elements = std::sync::Arc<Vec<Value>>;
type Entries = std::sync::Arc<std::collections::BTreeMap<crate::value::Key, Value>>;
type Members = std::sync::Arc<std::collections::BTreeSet<crate::value::Key>>;
type Queue = std::sync::Arc<std::collections::VecDeque<Value>>;
collections! {
    /// A vector, array or slice.
    VecOf(T) Vec = Elements, Ty::Vec;
    /// A `HashMap`.
    HashMapOf(K, V) Map = Entries, |key, value| Ty::Map(Keys::Hash, key, value);
    /// A `BTreeMap`.
    BTreeMapOf(K, V) Map = Entries, |key, value| Ty::Map(Keys::BTree, key, value);
    /// A `HashSet`.
    HashSetOf(T) Set = Members, |item| Ty::Set(Keys::Hash, item);
    /// A `BTreeSet`.
    BTreeSetOf(T) Set = Members, |item| Ty::Set(Keys::BTree, item);
    /// A `VecDeque`.
    DequeOf(T) Deque = Queue, Ty::Deque;
}

macro_rules! given_back {
    ($($ty:ty => $wrap:expr;)*) => { $(
        /// How a receiver that was changed in place is given back; its type stays what it was.
        impl IntoValue for $ty {
            fn ty() -> Ty {
                Ty::Same
            }
            fn into_value(self) -> Value {
                $wrap(self)
            }
        }
    )* };
}
given_back! {
    Value => |value| value;
    Iter => |iter| Value::Iter(Box::new(iter));
    Elements => Value::Vec;
    Entries => Value::Map;
    Members => Value::Set;
    Queue => Value::Deque;
}

macro_rules! receivers {
    ($($(#[doc = $doc:literal])+ $name:ident = $ty:expr;)*) => { $(
        $(#[doc = $doc])+
        pub struct $name;

        impl Arg for $name {
            type Out = Value;
            fn ty() -> Ty {
                $ty
            }
            fn take(value: Value) -> Result<Value> {
                Ok(value)
            }
        }
    )* };
}
receivers! {
    /// A number of any integer type.
    Integer = Ty::Integer;
    /// A number of any float type.
    Float = Ty::Float;
    /// A `Result` of the first type parameter.
    Fallible = Ty::result(Ty::Var(0));
    /// A `Result` of the second type parameter.
    Fallible1 = Ty::result(Ty::Var(1));
    /// A range of the first type parameter.
    Span = Ty::Range(Box::new(Ty::Var(0)));
}
