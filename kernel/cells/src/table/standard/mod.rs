//! Methods and functions of Rust's own types.

mod dates;
mod iterators;
mod lists;
mod maps;
mod numbers;
mod options;
mod strings;

use std::cmp::Ordering;

use super::{Callable, Table, constants, functions, methods, types};
use crate::convert::{Dynamic, Generic};
use crate::generic::{Fn0, Fn1, Same, Seq, Typed, typed};
use crate::iter::Iter;
use crate::ops;
use crate::value::Value;

types! {
    /// Whether a value comes before, with or after another.
    Ordering = |ordering| format!("{ordering:?}");
}

/// The type parameters of a row.
type T = Generic<0>;
type U = Generic<1>;

/// The result of a row that is an iterator.
fn run<X>(iter: Iter) -> Typed<Seq<X>> {
    typed(Value::Iter(Box::new(iter)))
}

/// Adds the rows of these files.
pub(super) fn register(table: &mut Table) {
    table.add_types(type_rows());
    table.add_constants(constants! { Ordering { Less, Equal, Greater } });
    table.add_callables(any());
    table.add_callables(orderings());
    table.add_callables(free());
    dates::register(table);
    strings::register(table);
    numbers::register(table);
    lists::register(table);
    iterators::register(table);
    maps::register(table);
    options::register(table);
}

fn any() -> Vec<Callable> {
    methods! {
        #[pure] any as T {
            /// A copy.
            fn clone() -> Dynamic = |this| Dynamic(this);
            /// A copy.
            fn to_owned() -> Dynamic = |this| Dynamic(this);
            /// The same value: references are transparent in cells.
            fn as_ref() -> Dynamic = |this| Dynamic(this);
            /// The same value: references are transparent in cells.
            fn borrow() -> Dynamic = |this| Dynamic(this);
            /// The text that `{}` writes.
            fn to_string() -> String = |this| this.display();
            /// The order of two values.
            fn cmp(other: Same) -> Ordering = |this| ops::compare(&this, &other);
            /// The order of two values, if they have one.
            fn partial_cmp(other: Same) -> Option<Ordering> = |this| ops::partial_compare(&this, &other);
            /// The larger of two values.
            fn max(other: Same) -> Typed<Same> = |this| typed(if ops::compare(&this, &other).is_gt() { this } else { other });
            /// The smaller of two values.
            fn min(other: Same) -> Typed<Same> = |this| typed(if ops::compare(&this, &other).is_gt() { other } else { this });
        }
        #[pure] bool {
            /// `Some` of what the closure gives if the condition holds.
            fn then(f: Fn0<T>) -> Option<Dynamic> = |this, cx| match this {
                true => Some(Dynamic(cx.call(f, [])?)),
                false => None,
            };
            /// `Some` of the value if the condition holds.
            fn then_some(value: T) -> Option<Dynamic> = |this| this.then_some(Dynamic(value));
        }
    }
}

fn orderings() -> Vec<Callable> {
    methods! { #[pure] Ordering {
        /// The opposite order.
        fn reverse() -> Ordering;
        /// This order, or the other one if this says equal.
        fn then(other: Ordering) -> Ordering;
        /// This order, or what the closure gives if this says equal.
        fn then_with(f: Fn0<Ordering>) -> Ordering = |this, cx| match this {
            Ordering::Equal => cx.call(f, [])?.downcast::<Ordering>()?,
            unequal => unequal,
        };
        /// Whether it is `Less`.
        fn is_lt() -> bool;
        /// Whether it is `Less` or `Equal`.
        fn is_le() -> bool;
        /// Whether it is `Greater`.
        fn is_gt() -> bool;
        /// Whether it is `Greater` or `Equal`.
        fn is_ge() -> bool;
        /// Whether it is `Equal`.
        fn is_eq() -> bool;
        /// Whether it is not `Equal`.
        fn is_ne() -> bool;
    } }
}

fn free() -> Vec<Callable> {
    functions! {
        iter {
            /// The same value for ever.
            fn repeat(value: T) -> Typed<Seq<T>> = run(Iter::repeat(value));
            /// The same value, `n` times.
            fn repeat_n(value: T, n: usize) -> Typed<Seq<T>> = run(Iter::repeat(value).take(n)?);
            /// One value.
            fn once(value: T) -> Typed<Seq<T>> = run(Iter::items(vec![value]));
            /// No value at all.
            fn empty() -> Typed<Seq<T>> = run(Iter::items(Vec::new()));
            /// A value, and what follows from each until `None` does.
            fn successors(first: Option<T>, next: Fn1<T, Option<T>>) -> Typed<Seq<T>> = run(Iter::successors(first, next));
        }
        #[pure] cmp {
            /// The larger of two values.
            fn max(a: T, b: T) -> Dynamic = Dynamic(if ops::compare(&a, &b).is_gt() { a } else { b });
            /// The smaller of two values.
            fn min(a: T, b: T) -> Dynamic = Dynamic(if ops::compare(&a, &b).is_gt() { b } else { a });
        }
        #[pure] char {
            /// The character of a code point, if there is one.
            fn from_u32(code: u32) -> Option<char> = char::from_u32(code);
            /// The digit of a value in a radix, if there is one.
            fn from_digit(digit: u32, radix: u32) -> Option<char> = char::from_digit(digit, radix);
        }
    }
}
