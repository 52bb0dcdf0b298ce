//! Methods of iterators.

use std::cmp::Ordering;
use std::sync::Arc;

use aerostat_error::Result;

use super::{T, Table, U, methods, run};
use crate::convert::Dynamic;
use crate::eval::Evaluator;
use crate::generic::{Each, Fn1, Fn2, Seq, Span, TypeArg, Typed, VecOf, typed};
use crate::iter::{Func, Iter, option};
use crate::ops::{self, Arithmetic, panic};
use crate::ty::Ty;
use crate::value::{Value, mismatch};

/// Adds the rows of this file.
pub(super) fn register(table: &mut Table) {
    macro_rules! both {
        ($($rows:tt)*) => {
            table.add_callables(methods! {
                // A range is an iterator already, unlike a vector.
                Iterator as Seq<T> { $($rows)* }
                Range as RangeSeq { $($rows)* }
            });
        };
    }
    both! {
        /// What a closure makes of each element.
        fn map(f: Fn1<T, U>) -> Typed<Seq<U>> = |this| run(this.map(f)?);
        /// The elements that a closure holds for.
        fn filter(test: Fn1<T, bool>) -> Typed<Seq<T>> = |this| run(this.filter(test)?);
        /// What a closure makes of each element, where that is `Some`.
        fn filter_map(f: Fn1<T, Option<U>>) -> Typed<Seq<U>> = |this| run(this.filter_map(f)?);
        /// The elements of what a closure makes of each element.
        fn flat_map(f: Fn1<T, Each<U>>) -> Typed<Seq<U>> = |this| run(this.map(f)?.flatten()?);
        /// The elements as long as a closure holds.
        fn take_while(test: Fn1<T, bool>) -> Typed<Seq<T>> = |this| run(this.take_while(test)?);
        /// The elements from the first that a closure does not hold for.
        fn skip_while(test: Fn1<T, bool>) -> Typed<Seq<T>> = |this| run(this.skip_while(test)?);
        /// What a closure makes of each element, until that is `None`.
        fn map_while(f: Fn1<T, Option<U>>) -> Typed<Seq<U>> = |this| run(this.map_while(f)?);
        /// The same elements, each shown to a closure on the way.
        fn inspect(f: Fn1<T, ()>) -> Typed<Seq<T>> = |this| run(this.inspect(f)?);
        /// The elements with their positions.
        fn enumerate() -> Typed<Seq<(usize, T)>> = |this| run(this.enumerate()?);
        /// The elements beside those of another.
        fn zip(other: Each<U>) -> Typed<Seq<(T, U)>> = |this| run(this.zip(other)?);
        /// The elements, and then another's.
        fn chain(other: Each<T>) -> Typed<Seq<T>> = |this| run(this.chain(other)?);
        /// The elements from back to front.
        fn rev() -> Typed<Seq<T>> = |this| run(this.rev()?);
        /// The first `n` elements.
        fn take(n: usize) -> Typed<Seq<T>> = |this| run(this.take(n)?);
        /// All but the first `n` elements.
        fn skip(n: usize) -> Typed<Seq<T>> = |this| run(this.skip(n)?);
        /// Every `n`th element.
        fn step_by(n: usize) -> Typed<Seq<T>> = |this| match n {
            0 => return Err(panic("assertion failed: step != 0")),
            n => run(this.step_by(n)?),
        };
        /// The elements over and over again.
        fn cycle() -> Typed<Seq<T>> = |this| run(this.cycle()?);
        /// The same elements, with `peek`.
        fn peekable() -> Typed<Seq<T>> = |this| run(this.peekable()?);
        /// The elements as values: references are transparent in cells.
        fn cloned() -> Typed<Seq<T>> = |this| run(this);
        /// The elements as values: references are transparent in cells.
        fn copied() -> Typed<Seq<T>> = |this| run(this);
        /// The same iterator.
        fn by_ref() -> Typed<Seq<T>> = |this| run(this);
        /// The elements in a collection: `collect::<Vec<_>>()`.
        fn collect(into: TypeArg<1>) -> Typed<U> = |this, cx| typed(collected(this, &into, cx)?);
        /// The number of elements.
        fn count() -> usize = |this, cx| fold(this, 0_usize, cx, |n, _, _| Ok(n + 1))?;
        /// The sum of the elements: `sum::<f64>()`.
        fn sum(as_type: TypeArg<1>) -> Typed<U> = |this, cx| typed(total(this, Arithmetic::Add, &as_type, cx)?);
        /// The product of the elements: `product::<f64>()`.
        fn product(as_type: TypeArg<1>) -> Typed<U> = |this, cx| typed(total(this, Arithmetic::Mul, &as_type, cx)?);
        /// The smallest element.
        fn min() -> Option<Dynamic> = |this, cx| best(this, cx, |_, a, b| Ok(ops::compare(a, b)), Ordering::Less)?;
        /// The largest element.
        fn max() -> Option<Dynamic> = |this, cx| best(this, cx, |_, a, b| Ok(ops::compare(a, b)), Ordering::Greater)?;
        /// The element that is smallest as a closure compares.
        fn min_by(order: Fn2<T, T, Ordering>) -> Option<Dynamic>
            = |this, cx| best(this, cx, |cx, a, b| ordering(order, cx, a, b), Ordering::Less)?;
        /// The element that is largest as a closure compares.
        fn max_by(order: Fn2<T, T, Ordering>) -> Option<Dynamic>
            = |this, cx| best(this, cx, |cx, a, b| ordering(order, cx, a, b), Ordering::Greater)?;
        /// The element for which a closure gives the smallest key.
        fn min_by_key(key: Fn1<T, U>) -> Option<Dynamic>
            = |this, cx| best(this, cx, |cx, a, b| by_key(key, cx, a, b), Ordering::Less)?;
        /// The element for which a closure gives the largest key.
        fn max_by_key(key: Fn1<T, U>) -> Option<Dynamic>
            = |this, cx| best(this, cx, |cx, a, b| by_key(key, cx, a, b), Ordering::Greater)?;
        /// What a closure makes of a beginning and each element in turn.
        fn fold(init: U, f: Fn2<U, T, U>) -> Typed<U>
            = |this, cx| typed(fold(this, init, cx, |state, value, cx| cx.call(f, [state, value]))?);
        /// What a closure makes of the first element and each of the others in turn.
        fn reduce(f: Fn2<T, T, T>) -> Option<Dynamic> = |this, cx| {
            let mut this = this;
            match this.next(cx)? {
                Some(first) => Some(Dynamic(fold(this, first, cx, |state, value, cx| cx.call(f, [state, value]))?)),
                None => None,
            }
        };
        /// Whether a closure holds for all elements.
        fn all(test: Fn1<T, bool>) -> bool = |this, cx| find(this, cx, |cx, value| Ok(!holds(test, cx, value)?))?.is_none();
        /// Whether a closure holds for any element.
        fn any(test: Fn1<T, bool>) -> bool = |this, cx| find(this, cx, |cx, value| holds(test, cx, value))?.is_some();
        /// The first element that a closure holds for.
        fn find(test: Fn1<T, bool>) -> Option<Dynamic>
            = |this, cx| find(this, cx, |cx, value| holds(test, cx, value))?.map(|(_, value)| Dynamic(value));
        /// The first `Some` that a closure makes of an element.
        fn find_map(f: Fn1<T, Option<U>>) -> Option<Typed<U>> = |this, cx| this.filter_map(f)?.next(cx)?.map(typed);
        /// The position of the first element that a closure holds for.
        fn position(test: Fn1<T, bool>) -> Option<usize>
            = |this, cx| find(this, cx, |cx, value| holds(test, cx, value))?.map(|(at, _)| at);
        /// Gives each element to a closure.
        fn for_each(f: Fn1<T, ()>) -> () = |this, cx| fold(this, (), cx, |(), value, cx| cx.call(f, [value]).map(drop))?;
        /// The last element.
        fn last() -> Option<Dynamic> = |this, cx| fold(this, None, cx, |_, value, _| Ok(Some(value)))?.map(Dynamic);
        /// The elements that a closure holds for, and the others.
        fn partition(into: TypeArg<1>, test: Fn1<T, bool>) -> (Typed<U>, Typed<U>) = |this, cx| {
            let (mut this, mut yes, mut no) = (this, Vec::new(), Vec::new());
            while let Some(value) = this.tick(cx)? {
                if holds(test, cx, &value)? { yes.push(value) } else { no.push(value) }
            }
            (typed(collected(Iter::items(yes), &into, cx)?), typed(collected(Iter::items(no), &into, cx)?))
        };
        /// Whether two iterators give the same.
        fn eq(other: Each<T>) -> bool = |this, cx| {
            let (mut this, mut other) = (this, other);
            ops::equal(&Value::vec(this.collect(cx)?), &Value::vec(other.collect(cx)?))
        };
        /// The element at a position.
        mut fn nth(index: usize) -> Option<Dynamic> = |this, cx| {
            for _ in 0..index {
                this.tick(cx)?;
            }
            this.next(cx)?.map(Dynamic)
        };
        /// The next element.
        mut fn next() -> Option<Dynamic> = |this, cx| this.next(cx)?.map(Dynamic);
        /// The last element that is left.
        mut fn next_back() -> Option<Dynamic> = |this, cx| this.next_back(cx)?.map(Dynamic);
    }
    only_iterators(table);
}

/// A range as the iterator that it is.
struct RangeSeq;

impl crate::convert::Arg for RangeSeq {
    type Out = Iter;
    fn ty() -> Ty {
        <Span as crate::convert::Arg>::ty()
    }
    fn take(value: Value) -> Result<Iter> {
        Iter::over(value)
    }
}

fn only_iterators(table: &mut Table) {
    table.add_callables(methods! {
        Iterator as Seq<T> {
            /// The same iterator.
            fn into_iter() -> Typed<Seq<T>> = |this| run(this);
            /// The same iterator.
            fn iter() -> Typed<Seq<T>> = |this| run(this);
            /// The number of elements.
            fn len() -> usize = |this, cx| { let mut this = this; this.collect(cx)?.len() };
            /// The next element, which stays where it is: of what `peekable` gives.
            mut fn peek() -> Option<Dynamic> = |this, cx| this.peek(cx)?.map(Dynamic);
            /// The text of the characters.
            fn to_string() -> String = |this, cx| { let mut this = this; this.collect(cx)?.iter().map(Value::display).collect() };
        }
        Iterator as Seq<Each<T>> {
            /// The elements of the elements.
            fn flatten() -> Typed<Seq<T>> = |this| run(this.flatten()?);
        }
        Iterator as Seq<(T, U)> {
            /// The first parts and the second parts of the pairs, as vectors.
            fn unzip() -> (Typed<VecOf<T>>, Typed<VecOf<U>>) = |this, cx| {
                let (mut this, mut first, mut second) = (this, Vec::new(), Vec::new());
                while let Some(value) = this.tick(cx)? {
                    let (a, b) = pair(value)?;
                    first.push(a);
                    second.push(b);
                }
                (typed(Value::vec(first)), typed(Value::vec(second)))
            };
        }
    });
}

fn holds(test: Func, cx: &mut Evaluator<'_>, value: &Value) -> Result<bool> {
    cx.call(test, [value.clone()])?.bool()
}

fn ordering(order: Func, cx: &mut Evaluator<'_>, a: &Value, b: &Value) -> Result<Ordering> {
    cx.call(order, [a.clone(), b.clone()])?.downcast()
}

fn by_key(key: Func, cx: &mut Evaluator<'_>, a: &Value, b: &Value) -> Result<Ordering> {
    let (a, b) = (cx.call(key, [a.clone()])?, cx.call(key, [b.clone()])?);
    Ok(ops::compare(&a, &b))
}

fn pair(value: Value) -> Result<(Value, Value)> {
    let Value::Tuple(parts) = value else { return Err(mismatch("pair")) };
    <[Value; 2]>::try_from(parts).map(|[a, b]| (a, b)).map_err(|_| mismatch("pair"))
}

fn fold<S>(
    mut iter: Iter,
    init: S,
    cx: &mut Evaluator<'_>,
    mut f: impl FnMut(S, Value, &mut Evaluator<'_>) -> Result<S>,
) -> Result<S> {
    let mut state = init;
    while let Some(value) = iter.tick(cx)? {
        state = f(state, value, cx)?;
    }
    Ok(state)
}

fn find(
    mut iter: Iter,
    cx: &mut Evaluator<'_>,
    mut test: impl FnMut(&mut Evaluator<'_>, &Value) -> Result<bool>,
) -> Result<Option<(usize, Value)>> {
    let mut at = 0;
    while let Some(value) = iter.tick(cx)? {
        if test(cx, &value)? {
            return Ok(Some((at, value)));
        }
        at += 1;
    }
    Ok(None)
}

/// The element that compares as `wanted` with the others. Of equal ones, like Rust, the first least and the last greatest.
fn best(
    iter: Iter,
    cx: &mut Evaluator<'_>,
    mut order: impl FnMut(&mut Evaluator<'_>, &Value, &Value) -> Result<Ordering>,
    wanted: Ordering,
) -> Result<Option<Dynamic>> {
    let best = fold(iter, None::<Value>, cx, |best, value, cx| {
        let Some(best) = best else { return Ok(Some(value)) };
        let found = order(cx, &value, &best)?;
        let better = found == wanted || found.is_eq() && wanted.is_gt();
        Ok(Some(if better { value } else { best }))
    })?;
    Ok(best.map(Dynamic))
}

fn total(iter: Iter, op: Arithmetic, ty: &Ty, cx: &mut Evaluator<'_>) -> Result<Value> {
    let begin = ops::number(ty, i8::from(op == Arithmetic::Mul))?;
    fold(iter, begin, cx, |sum, value, _| ops::arithmetic(op, sum, value))
}

/// The elements as a collection of a type.
fn collected(mut iter: Iter, into: &Ty, cx: &mut Evaluator<'_>) -> Result<Value> {
    Ok(match into {
        Ty::Vec(_) => Value::vec(iter.collect(cx)?),
        Ty::Deque(_) => Value::Deque(Arc::new(iter.collect(cx)?.into())),
        Ty::Set(..) => Value::Set(Arc::new(iter.collect(cx)?.into_iter().map(crate::value::Key).collect())),
        Ty::Map(..) => {
            let pairs: Result<Vec<(Value, Value)>> = iter.collect(cx)?.into_iter().map(pair).collect();
            Value::Map(Arc::new(pairs?.into_iter().map(|(key, value)| (crate::value::Key(key), value)).collect()))
        }
        Ty::Str => Value::str(iter.collect(cx)?.iter().map(Value::display).collect::<String>()),
        Ty::Unit => fold(iter, Value::Unit, cx, |unit, _, _| Ok(unit))?,
        Ty::Native("Series") => Value::native(crate::frames::series("".into(), Value::vec(iter.collect(cx)?))?),
        // The first `None` or error ends it.
        Ty::Option(inner) => {
            let mut values = Vec::new();
            while let Some(value) = iter.tick(cx)? {
                match option(value)? {
                    Some(value) => values.push(value),
                    None => return Ok(Value::none()),
                }
            }
            Value::some(collected(Iter::items(values), inner, cx)?)
        }
        Ty::Result(inner) => {
            let mut values = Vec::new();
            while let Some(value) = iter.tick(cx)? {
                match value {
                    Value::Result(Ok(value)) => values.push(*value),
                    failed @ Value::Result(Err(_)) => return Ok(failed),
                    _ => return Err(mismatch("Result")),
                }
            }
            Value::Result(Ok(Box::new(collected(Iter::items(values), inner, cx)?)))
        }
        _ => return Err(mismatch("collection")),
    })
}
