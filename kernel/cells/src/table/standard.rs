//! Methods of Rust's own types, as far as they need no closure.

use aerostat_error::{Error, Kind, Result};

use super::{Callable, Table, methods};
use crate::convert::{Displayed, Dynamic, Generic, TypeName};
use crate::ops;
use crate::value::Value;

type T = Generic<0>;
type List = Vec<T>;
type Maybe = Option<T>;

/// A `Result<T>` as a receiver.
struct Fallible;

impl crate::convert::Arg for Fallible {
    type Out = std::result::Result<Value, Error>;
    fn ty() -> crate::ty::Ty {
        crate::ty::Ty::result(crate::ty::Ty::Var(0))
    }
    fn take(value: Value) -> Result<Self::Out> {
        match value {
            Value::Result(result) => Ok(result.map(|value| *value)),
            _ => Err(crate::value::mismatch("Result")),
        }
    }
}

/// A range of integers as a receiver.
struct Span;

impl crate::convert::Arg for Span {
    type Out = Vec<Value>;
    fn ty() -> crate::ty::Ty {
        crate::ty::Ty::Range(Box::new(crate::ty::Ty::Var(0)))
    }
    fn take(value: Value) -> Result<Vec<Value>> {
        value.into_elements()
    }
}

/// A number as a receiver.
struct Float;

impl crate::convert::Arg for Float {
    type Out = f64;
    fn ty() -> crate::ty::Ty {
        crate::ty::Ty::F64
    }
    fn take(value: Value) -> Result<f64> {
        <f64 as crate::convert::Arg>::take(value)
    }
}

/// An integer as a receiver.
struct Integer;

impl crate::convert::Arg for Integer {
    type Out = Value;
    fn ty() -> crate::ty::Ty {
        crate::ty::Ty::Integer
    }
    fn take(value: Value) -> Result<Value> {
        Ok(value)
    }
}

fn dynamics(values: Vec<Value>) -> Vec<Dynamic> {
    values.into_iter().map(Dynamic).collect()
}

fn panic(message: impl Into<String>) -> Error {
    Error::new(Kind::Panic, message)
}

/// Adds the rows of this file.
pub(super) fn register(table: &mut Table) {
    for rows in [any(), strings(), lists(), options(), results(), numbers()] {
        table.add_callables(rows);
    }
}

fn any() -> Vec<Callable> {
    methods! {
        any as T {
            /// A copy.
            fn clone() -> Dynamic = |this| Dynamic(this);
            /// A copy.
            fn to_owned() -> Dynamic = |this| Dynamic(this);
            /// The same value: references are transparent in cells.
            fn as_ref() -> Dynamic = |this| Dynamic(this);
            /// The text that `{}` writes.
            fn to_string() -> String = |this| this.display();
        }
    }
}

fn strings() -> Vec<Callable> {
    methods! {
        String as String {
            /// The length in bytes.
            fn len() -> usize = |this| this.len();
            /// Whether there is no text.
            fn is_empty() -> bool = |this| this.is_empty();
            /// The same text: strings of every kind are one type in cells.
            fn as_str() -> String = |this| this;
            /// Lower case.
            fn to_lowercase() -> String = |this| this.to_lowercase();
            /// Upper case.
            fn to_uppercase() -> String = |this| this.to_uppercase();
            /// Without white space at both ends.
            fn trim() -> String = |this| this.trim().to_owned();
            /// Without white space at the beginning.
            fn trim_start() -> String = |this| this.trim_start().to_owned();
            /// Without white space at the end.
            fn trim_end() -> String = |this| this.trim_end().to_owned();
            /// Whether it contains a text.
            fn contains(pattern: Displayed) -> bool = |this| this.contains(&pattern);
            /// Whether it begins with a text.
            fn starts_with(pattern: Displayed) -> bool = |this| this.starts_with(&pattern);
            /// Whether it ends with a text.
            fn ends_with(pattern: Displayed) -> bool = |this| this.ends_with(&pattern);
            /// The byte position of a text.
            fn find(pattern: Displayed) -> Option<usize> = |this| this.find(&pattern);
            /// With every occurrence of a text replaced.
            fn replace(from: Displayed, to: String) -> String = |this| this.replace(&from, &to);
            /// The text repeated.
            fn repeat(n: usize) -> String = |this| this.repeat(n);
            /// The parts between separators.
            fn split(separator: Displayed) -> Vec<String> = |this| this.split(&separator).map(str::to_owned).collect();
            /// The parts between white space.
            fn split_whitespace() -> Vec<String> = |this| this.split_whitespace().map(str::to_owned).collect();
            /// The lines.
            fn lines() -> Vec<String> = |this| this.lines().map(str::to_owned).collect();
            /// The characters.
            fn chars() -> Vec<char> = |this| this.chars().collect();
            /// The number that the text stands for: `text.parse::<i64>()?`.
            fn parse(as_type: TypeName) -> Result<Dynamic> = |this| ops::parse(&this, &as_type).map(Dynamic);
            /// Appends a text.
            mut fn push_str(text: String) -> () = |this| this.push_str(&text);
            /// Appends a character.
            mut fn push(character: char) -> () = |this| this.push(character);
        }
    }
}

fn lists() -> Vec<Callable> {
    methods! {
        Vec as List {
            /// The number of elements.
            fn len() -> usize = |this| this.len();
            /// Whether there are no elements.
            fn is_empty() -> bool = |this| this.is_empty();
            /// The element at a position.
            fn get(index: usize) -> Option<Dynamic> = |this| this.into_iter().nth(index).map(Dynamic);
            /// The first element.
            fn first() -> Option<Dynamic> = |this| this.into_iter().next().map(Dynamic);
            /// The last element.
            fn last() -> Option<Dynamic> = |this| this.into_iter().next_back().map(Dynamic);
            /// The element at a position of an iterator.
            fn nth(index: usize) -> Option<Dynamic> = |this| this.into_iter().nth(index).map(Dynamic);
            /// Whether a value is among the elements.
            fn contains(value: T) -> bool = |this| this.iter().any(|item| ops::equal(item, &value));
            /// The elements one after the other.
            fn iter() -> Vec<Dynamic> = |this| dynamics(this);
            /// The elements one after the other.
            fn into_iter() -> Vec<Dynamic> = |this| dynamics(this);
            /// A copy of each element.
            fn cloned() -> Vec<Dynamic> = |this| dynamics(this);
            /// A copy of each element.
            fn copied() -> Vec<Dynamic> = |this| dynamics(this);
            /// The elements as a vector.
            fn to_vec() -> Vec<Dynamic> = |this| dynamics(this);
            /// The elements as a vector.
            fn collect() -> Vec<Dynamic> = |this| dynamics(this);
            /// The elements from back to front.
            fn rev() -> Vec<Dynamic> = |this| dynamics(this.into_iter().rev().collect());
            /// The first `n` elements.
            fn take(n: usize) -> Vec<Dynamic> = |this| dynamics(this.into_iter().take(n).collect());
            /// All but the first `n` elements.
            fn skip(n: usize) -> Vec<Dynamic> = |this| dynamics(this.into_iter().skip(n).collect());
            /// Every `n`th element.
            fn step_by(n: usize) -> Vec<Dynamic> = |this| dynamics(this.into_iter().step_by(n.max(1)).collect());
            /// The elements with their positions.
            fn enumerate() -> Vec<(usize, Dynamic)> = |this| this.into_iter().map(Dynamic).enumerate().collect();
            /// The elements beside those of another.
            fn zip(other: Vec<Generic<1>>) -> Vec<(Dynamic, crate::convert::Dynamic1)>
                = |this| this.into_iter().map(Dynamic).zip(other.into_iter().map(crate::convert::Dynamic1)).collect();
            /// The elements, and then another's.
            fn chain(other: List) -> Vec<Dynamic> = |this| dynamics(this.into_iter().chain(other).collect());
            /// The number of elements of an iterator.
            fn count() -> usize = |this| this.len();
            /// The elements as one text.
            fn join(separator: String) -> String
                = |this| this.iter().map(Value::display).collect::<Vec<_>>().join(&separator);
            /// The sum: `values.iter().sum::<f64>()`.
            fn sum(as_type: TypeName) -> Dynamic = |this| Dynamic(ops::sum(this, &as_type)?);
            /// The smallest element.
            fn min() -> Option<Dynamic> = |this| ops::extreme(this, std::cmp::Ordering::Less).map(Dynamic);
            /// The largest element.
            fn max() -> Option<Dynamic> = |this| ops::extreme(this, std::cmp::Ordering::Greater).map(Dynamic);
            /// Appends an element.
            mut fn push(value: T) -> () = |this| this.push(value);
            /// Takes the last element off.
            mut fn pop() -> Option<Dynamic> = |this| this.pop().map(Dynamic);
            /// Appends elements.
            mut fn extend(other: List) -> () = |this| this.extend(other);
            /// Removes all elements.
            mut fn clear() -> () = |this| this.clear();
            /// Sorts the elements.
            mut fn sort() -> () = |this| this.sort_by(ops::compare);
            /// Puts the elements from back to front.
            mut fn reverse() -> () = |this| this.reverse();
        }
        Range as Span {
            /// The numbers one after the other.
            fn iter() -> Vec<Dynamic> = |this| dynamics(this);
            /// The numbers one after the other.
            fn into_iter() -> Vec<Dynamic> = |this| dynamics(this);
            /// The numbers as a vector.
            fn collect() -> Vec<Dynamic> = |this| dynamics(this);
            /// The numbers from back to front.
            fn rev() -> Vec<Dynamic> = |this| dynamics(this.into_iter().rev().collect());
            /// Every `n`th number.
            fn step_by(n: usize) -> Vec<Dynamic> = |this| dynamics(this.into_iter().step_by(n.max(1)).collect());
            /// How many numbers there are.
            fn len() -> usize = |this| this.len();
            /// Whether a number is within the range.
            fn contains(value: T) -> bool = |this| this.iter().any(|item| ops::equal(item, &value));
            /// The sum of the numbers.
            fn sum(as_type: TypeName) -> Dynamic = |this| Dynamic(ops::sum(this, &as_type)?);
        }
    }
}

fn options() -> Vec<Callable> {
    methods! { Option as Maybe {
        /// The value; the cell ends if there is none.
        fn unwrap() -> Dynamic
            = |this| Dynamic(this.ok_or_else(|| panic("called `Option::unwrap()` on a `None` value"))?);
        /// The value; the cell ends with the message if there is none.
        fn expect(message: String) -> Dynamic = |this| Dynamic(this.ok_or_else(|| panic(message))?);
        /// The value, or another.
        fn unwrap_or(default: T) -> Dynamic = |this| Dynamic(this.unwrap_or(default));
        /// Whether there is a value.
        fn is_some() -> bool = |this| this.is_some();
        /// Whether there is no value.
        fn is_none() -> bool = |this| this.is_none();
        /// This option, or another if this has no value.
        fn or(other: Maybe) -> Option<Dynamic> = |this| this.or(other).map(Dynamic);
        /// A copy of the value inside.
        fn cloned() -> Option<Dynamic> = |this| this.map(Dynamic);
        /// A copy of the value inside.
        fn copied() -> Option<Dynamic> = |this| this.map(Dynamic);
    } }
}

fn results() -> Vec<Callable> {
    methods! { Result as Fallible {
        /// The value; the cell ends if it is an error.
        fn unwrap() -> Dynamic = |this| Dynamic(this.map_err(|error| {
            panic(format!("called `Result::unwrap()` on an `Err` value: {error}"))
        })?);
        /// The value; the cell ends with the message if it is an error.
        fn expect(message: String) -> Dynamic
            = |this| Dynamic(this.map_err(|error| panic(format!("{message}: {error}")))?);
        /// The value, or another if it is an error.
        fn unwrap_or(default: T) -> Dynamic = |this| Dynamic(this.unwrap_or(default));
        /// Whether it is a value.
        fn is_ok() -> bool = |this| this.is_ok();
        /// Whether it is an error.
        fn is_err() -> bool = |this| this.is_err();
        /// The value, if it is one.
        fn ok() -> Option<Dynamic> = |this| this.ok().map(Dynamic);
    } }
}

fn numbers() -> Vec<Callable> {
    methods! {
        float as Float {
            /// The absolute value.
            fn abs() -> f64 = |this| this.abs();
            /// The square root.
            fn sqrt() -> f64 = |this| this.sqrt();
            /// Rounded to the nearest integer, halves away from zero.
            fn round() -> f64 = |this| this.round();
            /// Rounded down.
            fn floor() -> f64 = |this| this.floor();
            /// Rounded up.
            fn ceil() -> f64 = |this| this.ceil();
            /// Cut off after the point.
            fn trunc() -> f64 = |this| this.trunc();
            /// To an integer power.
            fn powi(exponent: i32) -> f64 = |this| this.powi(exponent);
            /// To a power.
            fn powf(exponent: f64) -> f64 = |this| this.powf(exponent);
            /// e to the power of the value.
            fn exp() -> f64 = |this| this.exp();
            /// The natural logarithm.
            fn ln() -> f64 = |this| this.ln();
            /// The logarithm to base 10.
            fn log10() -> f64 = |this| this.log10();
            /// The smaller of two.
            fn min(other: f64) -> f64 = |this| this.min(other);
            /// The larger of two.
            fn max(other: f64) -> f64 = |this| this.max(other);
            /// Whether it is not a number.
            fn is_nan() -> bool = |this| this.is_nan();
            /// Whether it is finite.
            fn is_finite() -> bool = |this| this.is_finite();
        }
        integer as Integer {
            /// The absolute value.
            fn abs() -> crate::convert::SameInt = |this| crate::convert::SameInt(ops::abs(this)?);
            /// To a power.
            fn pow(exponent: u32) -> crate::convert::SameInt = |this| crate::convert::SameInt(ops::pow(this, exponent)?);
        }
    }
}
