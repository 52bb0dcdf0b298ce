//! Methods of `Option` and `Result`.

use aerostat_error::{Error, Kind, Result};

use super::{T, Table, U, methods, run};
use crate::convert::Dynamic;
use crate::generic::{Fallible, Fallible1, Fn0, Fn1, Seq, TypeArg, Typed, typed};
use crate::iter::{Iter, option};
use crate::ops::panic;
use crate::ty::Ty;
use crate::value::{Value, mismatch};

type Maybe = Option<T>;

/// The error that a cell's own message makes.
fn error(message: &Value) -> Error {
    Error::new(Kind::Compute, message.display())
}

fn result(value: Value) -> Result<Result<Value>> {
    match value {
        Value::Result(result) => Ok(result.map(|value| *value)),
        _ => Err(mismatch("Result")),
    }
}

fn default(ty: &Ty) -> Result<Value> {
    crate::check::default_of(ty).ok_or_else(|| Error::not_supported(format!("the default of `{ty}`")))
}

/// An error as closures see it.
fn failed(error: &Error) -> Value {
    Value::str(error.message())
}

/// Adds the rows of this file.
pub(super) fn register(table: &mut Table) {
    options(table);
    results(table);
}

fn options(table: &mut Table) {
    table.add_callables(methods! {
        #[pure] Option as Maybe {
            /// The value; the cell ends if there is none.
            fn unwrap() -> Dynamic
                = |this| Dynamic(this.ok_or_else(|| panic("called `Option::unwrap()` on a `None` value"))?);
            /// The value; the cell ends with the message if there is none.
            fn expect(message: String) -> Dynamic = |this| Dynamic(this.ok_or_else(|| panic(message))?);
            /// The value, or another.
            fn unwrap_or(default: T) -> Dynamic = |this| Dynamic(this.unwrap_or(default));
            /// The value, or the default of its type.
            fn unwrap_or_default(of: TypeArg<0>) -> Dynamic = |this| Dynamic(this.map_or_else(|| default(&of), Ok)?);
            /// The value, or what a closure gives.
            fn unwrap_or_else(f: Fn0<T>) -> Dynamic = |this, cx| match this {
                Some(value) => Dynamic(value),
                None => Dynamic(cx.call(f, [])?),
            };
            /// What a closure makes of the value, if there is one.
            fn map(f: Fn1<T, U>) -> Option<Typed<U>> = |this, cx| this.map(|value| cx.call(f, [value])).transpose()?.map(typed);
            /// What a closure makes of the value, or another value.
            fn map_or(default: U, f: Fn1<T, U>) -> Typed<U> = |this, cx| typed(match this {
                Some(value) => cx.call(f, [value])?,
                None => default,
            });
            /// What a closure makes of the value, or what another one gives.
            fn map_or_else(default: Fn0<U>, f: Fn1<T, U>) -> Typed<U> = |this, cx| typed(match this {
                Some(value) => cx.call(f, [value])?,
                None => cx.call(default, [])?,
            });
            /// The option that a closure makes of the value.
            fn and_then(f: Fn1<T, Option<U>>) -> Option<Typed<U>> = |this, cx| match this {
                Some(value) => option(cx.call(f, [value])?)?.map(typed),
                None => None,
            };
            /// The value, if a closure holds for it.
            fn filter(test: Fn1<T, bool>) -> Option<Dynamic> = |this, cx| match this {
                Some(value) if cx.call(test, [value.clone()])?.bool()? => Some(Dynamic(value)),
                _ => None,
            };
            /// Whether there is a value that a closure holds for.
            fn is_some_and(test: Fn1<T, bool>) -> bool = |this, cx| match this {
                Some(value) => cx.call(test, [value])?.bool()?,
                None => false,
            };
            /// Whether there is no value, or one that a closure holds for.
            fn is_none_or(test: Fn1<T, bool>) -> bool = |this, cx| match this {
                Some(value) => cx.call(test, [value])?.bool()?,
                None => true,
            };
            /// Whether there is a value.
            fn is_some() -> bool = |this| this.is_some();
            /// Whether there is no value.
            fn is_none() -> bool = |this| this.is_none();
            /// This option, or another if this has no value.
            fn or(other: Maybe) -> Option<Dynamic> = |this| this.or(other).map(Dynamic);
            /// This option, or what a closure gives if this has no value.
            fn or_else(f: Fn0<Option<T>>) -> Option<Dynamic> = |this, cx| match this {
                Some(value) => Some(Dynamic(value)),
                None => option(cx.call(f, [])?)?.map(Dynamic),
            };
            /// The other option if this has a value.
            fn and(other: Option<U>) -> Option<Typed<U>> = |this| this.and(other).map(typed);
            /// The option that has a value, if exactly one has.
            fn xor(other: Maybe) -> Option<Dynamic> = |this| this.xor(other).map(Dynamic);
            /// Both values, if there are both.
            fn zip(other: Option<U>) -> Option<(Dynamic, Typed<U>)> = |this| this.zip(other).map(|(a, b)| (Dynamic(a), typed(b)));
            /// The value, or an error with this message.
            fn ok_or(message: U) -> Result<Dynamic> = |this| this.map(Dynamic).ok_or_else(|| error(&message));
            /// The value, or an error with the message that a closure gives.
            fn ok_or_else(f: Fn0<U>) -> Result<Dynamic> = |this, cx| match this {
                Some(value) => Ok(Dynamic(value)),
                None => Err(error(&cx.call(f, [])?)),
            };
            /// A copy of the value inside.
            fn cloned() -> Option<Dynamic> = |this| this.map(Dynamic);
            /// A copy of the value inside.
            fn copied() -> Option<Dynamic> = |this| this.map(Dynamic);
            /// The same option: references are transparent in cells.
            fn as_deref() -> Option<Dynamic> = |this| this.map(Dynamic);
            /// The value, if any, as an iterator.
            fn iter() -> Typed<Seq<T>> = |this| run(Iter::items(this.into_iter().collect()));
            /// The value, if any, as an iterator.
            fn into_iter() -> Typed<Seq<T>> = |this| run(Iter::items(this.into_iter().collect()));
            /// Takes the value out, and leaves `None`.
            mut fn take() -> Option<Dynamic> = |this| this.take().map(Dynamic);
            /// Puts a value in; the one that was there.
            mut fn replace(value: T) -> Option<Dynamic> = |this| this.replace(value).map(Dynamic);
            /// Puts a value in.
            mut fn insert(value: T) -> Dynamic = |this| Dynamic(this.insert(value).clone());
            /// Puts a value in, if there is none; the value.
            mut fn get_or_insert(value: T) -> Dynamic = |this| Dynamic(this.get_or_insert(value).clone());
        }
        #[pure] Option as Option<Option<T>> {
            /// The option inside.
            fn flatten() -> Option<Dynamic> = |this| this.flatten().map(Dynamic);
        }
        #[pure] Option as Option<Fallible> {
            /// The error outside and the option inside.
            fn transpose() -> Result<Option<Dynamic>> = |this| this.map(result).transpose()?.transpose().map(|value| value.map(Dynamic));
        }
    });
}

fn results(table: &mut Table) {
    table.add_callables(methods! {
        #[pure] Result as Fallible {
            /// The value; the cell ends if it is an error.
            fn unwrap() -> Dynamic = |this| Dynamic(result(this)?.map_err(|error| {
                panic(format!("called `Result::unwrap()` on an `Err` value: {error}"))
            })?);
            /// The value; the cell ends with the message if it is an error.
            fn expect(message: String) -> Dynamic
                = |this| Dynamic(result(this)?.map_err(|error| panic(format!("{message}: {error}")))?);
            /// The message of the error; the cell ends if it is none.
            fn unwrap_err() -> String = |this| match result(this)? {
                Err(error) => error.message().to_owned(),
                Ok(value) => return Err(panic(format!("called `Result::unwrap_err()` on an `Ok` value: {}", value.debug(false)))),
            };
            /// The value, or another if it is an error.
            fn unwrap_or(default: T) -> Dynamic = |this| Dynamic(result(this)?.unwrap_or(default));
            /// The value, or the default of its type if it is an error.
            fn unwrap_or_default(of: TypeArg<0>) -> Dynamic = |this| Dynamic(result(this)?.or_else(|_| default(&of))?);
            /// The value, or what a closure makes of the error.
            fn unwrap_or_else(f: Fn1<String, T>) -> Dynamic = |this, cx| match result(this)? {
                Ok(value) => Dynamic(value),
                Err(error) => Dynamic(cx.call(f, [failed(&error)])?),
            };
            /// What a closure makes of the value.
            fn map(f: Fn1<T, U>) -> Result<Typed<U>> = |this, cx| match result(this)? {
                Ok(value) => Ok(typed(cx.call(f, [value])?)),
                Err(error) => Err(error),
            };
            /// An error with the message that a closure makes of it.
            fn map_err(f: Fn1<String, U>) -> Result<Dynamic> = |this, cx| match result(this)? {
                Ok(value) => Ok(Dynamic(value)),
                Err(old) => Err(error(&cx.call(f, [failed(&old)])?)),
            };
            /// What a closure makes of the value, or another value.
            fn map_or(default: U, f: Fn1<T, U>) -> Typed<U> = |this, cx| typed(match result(this)? {
                Ok(value) => cx.call(f, [value])?,
                Err(_) => default,
            });
            /// The result that a closure makes of the value.
            fn and_then(f: Fn1<T, Fallible1>) -> Result<Typed<U>> = |this, cx| match result(this)? {
                Ok(value) => result(cx.call(f, [value])?)?.map(typed),
                Err(error) => Err(error),
            };
            /// This result, or what a closure makes of its error.
            fn or_else(f: Fn1<String, Fallible>) -> Result<Dynamic> = |this, cx| match result(this)? {
                Ok(value) => Ok(Dynamic(value)),
                Err(error) => result(cx.call(f, [failed(&error)])?)?.map(Dynamic),
            };
            /// Whether it is a value that a closure holds for.
            fn is_ok_and(test: Fn1<T, bool>) -> bool = |this, cx| match result(this)? {
                Ok(value) => cx.call(test, [value])?.bool()?,
                Err(_) => false,
            };
            /// Whether it is a value.
            fn is_ok() -> bool = |this| result(this)?.is_ok();
            /// Whether it is an error.
            fn is_err() -> bool = |this| result(this)?.is_err();
            /// The value, if it is one.
            fn ok() -> Option<Dynamic> = |this| result(this)?.ok().map(Dynamic);
            /// The message of the error, if it is one.
            fn err() -> Option<String> = |this| result(this)?.err().map(|error| error.message().to_owned());
        }
        #[pure] Result as Transposable {
            /// `None` outside and the result inside.
            fn transpose() -> Option<Result<Dynamic>> = |this| match result(this)? {
                Ok(inner) => option(inner)?.map(|value| Ok(Dynamic(value))),
                Err(error) => Some(Err(error)),
            };
        }
    });
}

/// A `Result<Option<T>>`.
struct Transposable;

impl crate::convert::Arg for Transposable {
    type Out = Value;
    fn ty() -> crate::ty::Ty {
        crate::ty::Ty::result(crate::ty::Ty::option(crate::ty::Ty::Var(0)))
    }
    fn take(value: Value) -> Result<Value> {
        Ok(value)
    }
}
