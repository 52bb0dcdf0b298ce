//! Methods of vectors, ranges and queues.

use std::cmp::Ordering;
use std::sync::Arc;

use aerostat_error::Result;

use super::{T, Table, U, methods, run};
use crate::convert::Dynamic;
use crate::eval::Evaluator;
use crate::generic::{DequeOf, Each, Fn1, Fn2, Seq, Span, Typed, VecOf, typed};
use crate::iter::{Func, Iter};
use crate::ops::{self, panic};
use crate::value::{Value, limit, mismatch};

type List = VecOf<T>;
type Queue = DequeOf<T>;

/// Adds the rows of this file.
pub(super) fn register(table: &mut Table) {
    looking(table);
    cutting(table);
    changing(table);
    ranges(table);
    queues(table);
}

fn lists<X>(parts: impl Iterator<Item = Vec<Value>>) -> Typed<Seq<X>> {
    run(Iter::items(parts.map(Value::vec).collect()))
}

fn nonzero(n: usize) -> Result<usize> {
    if n == 0 { Err(panic("the size must be at least 1")) } else { Ok(n) }
}

/// The error of an index that a vector does not have.
fn outside(what: &str, index: usize, len: usize) -> aerostat_error::Error {
    panic(format!("{what} index (is {index}) should be < len (is {len})"))
}

/// Sorts with an order that may call a closure; the first error ends it.
fn sorted(values: &mut [Value], mut order: impl FnMut(&Value, &Value) -> Result<Ordering>) -> Result<()> {
    let mut failed = Ok(());
    values.sort_by(|a, b| match (&failed, order(a, b)) {
        (Ok(()), Ok(order)) => order,
        (Ok(()), Err(error)) => {
            failed = Err(error);
            Ordering::Equal
        }
        _ => Ordering::Equal,
    });
    failed
}

/// Sorts by what a closure makes of each element, once each.
fn sort_by_key(values: &mut Vec<Value>, key: Func, cx: &mut Evaluator<'_>) -> Result<()> {
    let keys: Result<Vec<Value>> = values.iter().map(|value| cx.call(key, [value.clone()])).collect();
    let mut keyed: Vec<(Value, Value)> = keys?.into_iter().zip(values.drain(..)).collect();
    keyed.sort_by(|a, b| ops::compare(&a.0, &b.0));
    values.extend(keyed.into_iter().map(|(_, value)| value));
    Ok(())
}

/// What a closure says of the order of two elements.
fn ordering(closure: Func, cx: &mut Evaluator<'_>, a: &Value, b: &Value) -> Result<Ordering> {
    cx.call(closure, [a.clone(), b.clone()])?.downcast()
}

/// Where a value is or would be in a sorted vector.
fn search(items: &[Value], value: &Value) -> Result<usize, usize> {
    items.binary_search_by(|item| ops::compare(item, value))
}

fn looking(table: &mut Table) {
    table.add_callables(methods! { #[pure] Vec as List {
        /// The number of elements.
        fn len() -> usize = |this| this.len();
        /// Whether there are no elements.
        fn is_empty() -> bool = |this| this.is_empty();
        /// The element at a position.
        fn get(index: usize) -> Option<Dynamic> = |this| this.get(index).cloned().map(Dynamic);
        /// The first element.
        fn first() -> Option<Dynamic> = |this| this.first().cloned().map(Dynamic);
        /// The last element.
        fn last() -> Option<Dynamic> = |this| this.last().cloned().map(Dynamic);
        /// Whether a value is among the elements.
        fn contains(value: T) -> bool = |this| this.iter().any(|item| ops::equal(item, &value));
        /// Whether the first elements are these.
        fn starts_with(needle: List) -> bool
            = |this| this.len() >= needle.len() && this.iter().zip(needle.iter()).all(|(a, b)| ops::equal(a, b));
        /// Whether the elements are in order.
        fn is_sorted() -> bool = |this| this.is_sorted_by(|a, b| !ops::compare(a, b).is_gt());
        /// Where a value is in a sorted vector; an error if it is not in it.
        fn binary_search(value: T) -> Result<usize> = |this| search(&this, &value)
            .map_err(|at| panic(format!("{} is not among the elements; it would be at {at}", value.debug(false))));
        /// How many elements at the beginning the closure holds for, if it holds for none behind them.
        fn partition_point(test: Fn1<T, bool>) -> usize = |this, cx| {
            let (mut low, mut high) = (0, this.len());
            while low < high {
                let middle = low.midpoint(high);
                match cx.call(test, [this[middle].clone()])?.bool()? {
                    true => low = middle + 1,
                    false => high = middle,
                }
            }
            low
        };
        /// The elements one after the other.
        fn iter() -> Typed<Seq<T>> = |this| run(Iter::over(Value::Vec(this))?);
        /// The elements one after the other.
        fn into_iter() -> Typed<Seq<T>> = |this| run(Iter::over(Value::Vec(this))?);
        /// What a closure makes of each element of an array.
        fn map(f: Fn1<T, U>) -> Typed<VecOf<U>> = |this, cx| {
            let values: Result<Vec<Value>> = this.iter().map(|value| cx.call(f, [value.clone()])).collect();
            typed(Value::vec(values?))
        };
        /// The elements as a vector.
        fn to_vec() -> Typed<List> = |this| typed(Value::Vec(this));
        /// The elements as a vector.
        fn into_vec() -> Typed<List> = |this| typed(Value::Vec(this));
        /// The same elements: vectors, arrays and slices are one type in cells.
        fn as_slice() -> Typed<List> = |this| typed(Value::Vec(this));
        /// The texts, joined with a separator between them.
        fn join(separator: String) -> String = |this| this.iter().map(Value::display).collect::<Vec<_>>().join(&separator);
        /// The elements repeated.
        fn repeat(n: usize) -> Typed<List> = |this| {
            limit(this.len().saturating_mul(n))?;
            typed(Value::vec(std::iter::repeat_n(this.iter(), n).flatten().cloned().collect()))
        };
    } });
}

fn cutting(table: &mut Table) {
    table.add_callables(methods! { #[pure] Vec as List {
        /// Parts of `size` elements; the last may be shorter.
        fn chunks(size: usize) -> Typed<Seq<List>> = |this| lists(this.chunks(nonzero(size)?).map(<[Value]>::to_vec));
        /// Parts of exactly `size` elements; what is left over is not given.
        fn chunks_exact(size: usize) -> Typed<Seq<List>> = |this| lists(this.chunks_exact(nonzero(size)?).map(<[Value]>::to_vec));
        /// Every run of `size` neighbours.
        fn windows(size: usize) -> Typed<Seq<List>> = |this| lists(this.windows(nonzero(size)?).map(<[Value]>::to_vec));
        /// The elements before and from a position.
        fn split_at(at: usize) -> (Typed<List>, Typed<List>) = |this| match this.split_at_checked(at) {
            Some((a, b)) => (typed(Value::vec(a.to_vec())), typed(Value::vec(b.to_vec()))),
            None => return Err(panic("mid > len")),
        };
        /// The first element and the others.
        fn split_first() -> Option<(Dynamic, Typed<List>)> = |this|
            this.split_first().map(|(first, rest)| (Dynamic(first.clone()), typed(Value::vec(rest.to_vec()))));
        /// The last element and the others.
        fn split_last() -> Option<(Dynamic, Typed<List>)> = |this|
            this.split_last().map(|(last, rest)| (Dynamic(last.clone()), typed(Value::vec(rest.to_vec()))));
    } });
    table.add_callables(methods! { #[pure] Vec as VecOf<String> {
        /// The texts one after the other.
        fn concat() -> String = |this| this.iter().map(Value::display).collect();
    } });
    table.add_callables(methods! { #[pure] Vec as VecOf<VecOf<T>> {
        /// The elements of all vectors inside.
        fn concat() -> Typed<List> = |this| {
            let parts: Result<Vec<Vec<Value>>> = this.iter().map(|part| part.clone().into_elements()).collect();
            typed(Value::vec(parts?.concat()))
        };
    } });
}

fn changing(table: &mut Table) {
    table.add_callables(methods! { Vec as List {
        /// Appends an element.
        mut fn push(value: T) -> () = |this| Arc::make_mut(&mut this).push(value);
        /// Takes the last element off.
        mut fn pop() -> Option<Dynamic> = |this| Arc::make_mut(&mut this).pop().map(Dynamic);
        /// Appends elements.
        mut fn extend(other: Each<T>) -> () = |this, cx| {
            let mut other = other;
            let more = other.collect(cx)?;
            Arc::make_mut(&mut this).extend(more);
        };
        /// Appends elements.
        mut fn extend_from_slice(other: List) -> () = |this| Arc::make_mut(&mut this).extend(other.iter().cloned());
        /// Inserts an element at a position.
        mut fn insert(index: usize, value: T) -> () = |this| match index <= this.len() {
            true => Arc::make_mut(&mut this).insert(index, value),
            false => return Err(outside("insertion", index, this.len())),
        };
        /// Takes the element at a position out.
        mut fn remove(index: usize) -> Dynamic = |this| match index < this.len() {
            true => Dynamic(Arc::make_mut(&mut this).remove(index)),
            false => return Err(outside("removal", index, this.len())),
        };
        /// Takes the element at a position out, and puts the last one there.
        mut fn swap_remove(index: usize) -> Dynamic = |this| match index < this.len() {
            true => Dynamic(Arc::make_mut(&mut this).swap_remove(index)),
            false => return Err(outside("swap_remove", index, this.len())),
        };
        /// Exchanges two elements.
        mut fn swap(a: usize, b: usize) -> () = |this| match a.max(b) < this.len() {
            true => Arc::make_mut(&mut this).swap(a, b),
            false => return Err(outside("swap", a.max(b), this.len())),
        };
        /// Keeps the first `len` elements.
        mut fn truncate(len: usize) -> () = |this| Arc::make_mut(&mut this).truncate(len);
        /// Makes it `len` elements long, with copies of a value if there are fewer.
        mut fn resize(len: usize, value: T) -> () = |this| {
            limit(len)?;
            Arc::make_mut(&mut this).resize(len, value);
        };
        /// Removes all elements.
        mut fn clear() -> () = |this| Arc::make_mut(&mut this).clear();
        /// Gives every element a value.
        mut fn fill(value: T) -> () = |this| Arc::make_mut(&mut this).fill(value);
        /// Sorts the elements; equal ones keep their order.
        mut fn sort() -> () = |this| Arc::make_mut(&mut this).sort_by(ops::compare);
        /// Sorts the elements.
        mut fn sort_unstable() -> () = |this| Arc::make_mut(&mut this).sort_by(ops::compare);
        /// Sorts the elements as a closure says.
        mut fn sort_by(order: Fn2<T, T, Ordering>) -> ()
            = |this, cx| sorted(Arc::make_mut(&mut this).as_mut_slice(), |a, b| ordering(order, cx, a, b))?;
        /// Sorts the elements as a closure says.
        mut fn sort_unstable_by(order: Fn2<T, T, Ordering>) -> ()
            = |this, cx| sorted(Arc::make_mut(&mut this).as_mut_slice(), |a, b| ordering(order, cx, a, b))?;
        /// Sorts the elements by what a closure makes of each.
        mut fn sort_by_key(key: Fn1<T, U>) -> () = |this, cx| sort_by_key(Arc::make_mut(&mut this), key, cx)?;
        /// Sorts the elements by what a closure makes of each, once each.
        mut fn sort_by_cached_key(key: Fn1<T, U>) -> () = |this, cx| sort_by_key(Arc::make_mut(&mut this), key, cx)?;
        /// Sorts the elements by what a closure makes of each.
        mut fn sort_unstable_by_key(key: Fn1<T, U>) -> () = |this, cx| sort_by_key(Arc::make_mut(&mut this), key, cx)?;
        /// Puts the elements from back to front.
        mut fn reverse() -> () = |this| Arc::make_mut(&mut this).reverse();
        /// Removes elements that equal the one before.
        mut fn dedup() -> () = |this| Arc::make_mut(&mut this).dedup_by(|a, b| ops::equal(a, b));
        /// Keeps the elements that a closure holds for.
        mut fn retain(test: Fn1<T, bool>) -> () = |this, cx| {
            let mut kept = Vec::new();
            for value in this.iter() {
                if cx.call(test, [value.clone()])?.bool()? {
                    kept.push(value.clone());
                }
            }
            this = Arc::new(kept);
        };
        /// Moves the first `n` elements to the end.
        mut fn rotate_left(n: usize) -> () = |this| match n <= this.len() {
            true => Arc::make_mut(&mut this).rotate_left(n),
            false => return Err(panic("mid <= self.len()")),
        };
        /// Moves the last `n` elements to the beginning.
        mut fn rotate_right(n: usize) -> () = |this| match n <= this.len() {
            true => Arc::make_mut(&mut this).rotate_right(n),
            false => return Err(panic("k <= self.len()")),
        };
    } });
}

fn ranges(table: &mut Table) {
    table.add_callables(methods! { #[pure] Range as Span {
        /// The numbers one after the other.
        fn into_iter() -> Typed<Seq<T>> = |this| run(Iter::over(this)?);
        /// How many numbers there are.
        fn len() -> usize = |this| length(&this)?;
        /// Whether there are none.
        fn is_empty() -> bool = |this| length(&this)? == 0;
        /// Whether a number is within the range.
        fn contains(value: T) -> bool = |this| match (&this, &value) {
            (Value::Range(start, end, _), Value::Int(value, _)) => (*start..*end).contains(value),
            (Value::Vec(items), value) => items.iter().any(|item| ops::equal(item, value)),
            _ => return Err(mismatch("Range")),
        };
    } });
}

fn length(range: &Value) -> Result<usize> {
    match range {
        Value::Range(start, end, _) => Ok(usize::try_from(end.saturating_sub(*start).max(0)).unwrap_or(usize::MAX)),
        Value::Vec(items) => Ok(items.len()),
        _ => Err(mismatch("Range")),
    }
}

fn queues(table: &mut Table) {
    table.add_callables(methods! { VecDeque as Queue {
        /// The number of elements.
        fn len() -> usize = |this| this.len();
        /// Whether there are no elements.
        fn is_empty() -> bool = |this| this.is_empty();
        /// The element at a position.
        fn get(index: usize) -> Option<Dynamic> = |this| this.get(index).cloned().map(Dynamic);
        /// The first element.
        fn front() -> Option<Dynamic> = |this| this.front().cloned().map(Dynamic);
        /// The last element.
        fn back() -> Option<Dynamic> = |this| this.back().cloned().map(Dynamic);
        /// Whether a value is among the elements.
        fn contains(value: T) -> bool = |this| this.iter().any(|item| ops::equal(item, &value));
        /// The elements one after the other.
        fn iter() -> Typed<Seq<T>> = |this| run(Iter::over(Value::Deque(this))?);
        /// The elements one after the other.
        fn into_iter() -> Typed<Seq<T>> = |this| run(Iter::over(Value::Deque(this))?);
        /// Appends an element.
        mut fn push_back(value: T) -> () = |this| Arc::make_mut(&mut this).push_back(value);
        /// Puts an element in front.
        mut fn push_front(value: T) -> () = |this| Arc::make_mut(&mut this).push_front(value);
        /// Takes the last element off.
        mut fn pop_back() -> Option<Dynamic> = |this| Arc::make_mut(&mut this).pop_back().map(Dynamic);
        /// Takes the first element off.
        mut fn pop_front() -> Option<Dynamic> = |this| Arc::make_mut(&mut this).pop_front().map(Dynamic);
        /// Appends elements.
        mut fn extend(other: Each<T>) -> () = |this, cx| {
            let mut other = other;
            let more = other.collect(cx)?;
            Arc::make_mut(&mut this).extend(more);
        };
        /// Removes all elements.
        mut fn clear() -> () = |this| Arc::make_mut(&mut this).clear();
        /// Keeps the first `len` elements.
        mut fn truncate(len: usize) -> () = |this| Arc::make_mut(&mut this).truncate(len);
    } });
}
