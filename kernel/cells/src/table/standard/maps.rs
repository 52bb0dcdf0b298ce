//! Methods of maps and sets. Those that iterate go by the order of the keys, which is one of the orders that a
//! `HashMap` may have.

use std::sync::Arc;

use super::{T, Table, U, functions, methods, run};
use crate::convert::Dynamic;
use crate::eval::Evaluator;
use crate::generic::{BTreeMapOf, BTreeSetOf, DequeOf, Each, Fn1, Fn2, HashMapOf, HashSetOf, Seq, Typed, VecOf, typed};
use crate::iter::Iter;
use crate::value::{Key, Value};

fn values<'v, X>(values: impl Iterator<Item = &'v Value>) -> Typed<Seq<X>> {
    run(Iter::items(values.cloned().collect()))
}

fn keys<'v, X>(keys: impl Iterator<Item = &'v Key>) -> Typed<Seq<X>> {
    values(keys.map(|key| &key.0))
}

fn entry<X>((key, value): (&Key, &Value)) -> (Dynamic, Typed<X>) {
    (Dynamic(key.0.clone()), typed(value.clone()))
}

/// Adds the rows of this file.
pub(super) fn register(table: &mut Table) {
    maps(table);
    sets(table);
    sorted(table);
    constructors(table);
}

fn maps(table: &mut Table) {
    macro_rules! both {
        ($($rows:tt)*) => {
            table.add_callables(methods! {
                HashMap as HashMapOf<T, U> { $($rows)* }
                BTreeMap as BTreeMapOf<T, U> { $($rows)* }
            });
        };
    }
    both! {
        /// The number of entries.
        fn len() -> usize = |this| this.len();
        /// Whether there are no entries.
        fn is_empty() -> bool = |this| this.is_empty();
        /// The value of a key.
        fn get(key: T) -> Option<Typed<U>> = |this| this.get(&Key(key)).cloned().map(typed);
        /// The key and its value.
        fn get_key_value(key: T) -> Option<(Dynamic, Typed<U>)> = |this| this.get_key_value(&Key(key)).map(entry);
        /// Whether there is a key.
        fn contains_key(key: T) -> bool = |this| this.contains_key(&Key(key));
        /// The keys.
        fn keys() -> Typed<Seq<T>> = |this| keys(this.keys());
        /// The keys.
        fn into_keys() -> Typed<Seq<T>> = |this| keys(this.keys());
        /// The values.
        fn values() -> Typed<Seq<U>> = |this| values(this.values());
        /// The values.
        fn into_values() -> Typed<Seq<U>> = |this| values(this.values());
        /// The entries as pairs.
        fn iter() -> Typed<Seq<(T, U)>> = |this| run(Iter::over(Value::Map(this))?);
        /// The entries as pairs.
        fn into_iter() -> Typed<Seq<(T, U)>> = |this| run(Iter::over(Value::Map(this))?);
        /// Gives a key a value; the value that it had.
        mut fn insert(key: T, value: U) -> Option<Typed<U>> = |this| Arc::make_mut(&mut this).insert(Key(key), value).map(typed);
        /// Removes a key; the value that it had.
        mut fn remove(key: T) -> Option<Typed<U>> = |this| Arc::make_mut(&mut this).remove(&Key(key)).map(typed);
        /// Inserts the pairs of an iterator.
        mut fn extend(other: Each<(T, U)>) -> () = |this, cx| {
            let mut other = other;
            while let Some(value) = other.tick(cx)? {
                if let Value::Tuple(parts) = value
                    && let Ok([key, value]) = <[Value; 2]>::try_from(parts)
                {
                    Arc::make_mut(&mut this).insert(Key(key), value);
                }
            }
        };
        /// Keeps the entries that a closure holds for.
        mut fn retain(test: Fn2<T, U, bool>) -> () = |this, cx| {
            let mut kept = std::collections::BTreeMap::new();
            for (key, value) in this.iter() {
                if cx.call(test, [key.0.clone(), value.clone()])?.bool()? {
                    kept.insert(key.clone(), value.clone());
                }
            }
            this = Arc::new(kept);
        };
        /// Removes all entries.
        mut fn clear() -> () = |this| Arc::make_mut(&mut this).clear();
    }
}

fn sets(table: &mut Table) {
    macro_rules! both {
        ($($name:ident as $set:ident;)*) => { $( table.add_callables(methods! { $name as $set<T> {
            /// The number of elements.
            fn len() -> usize = |this| this.len();
            /// Whether there are no elements.
            fn is_empty() -> bool = |this| this.is_empty();
            /// Whether a value is an element.
            fn contains(value: T) -> bool = |this| this.contains(&Key(value));
            /// The elements.
            fn iter() -> Typed<Seq<T>> = |this| keys(this.iter());
            /// The elements.
            fn into_iter() -> Typed<Seq<T>> = |this| keys(this.iter());
            /// The elements of either.
            fn union(other: $set<T>) -> Typed<Seq<T>> = |this| keys(this.union(&other));
            /// The elements of both.
            fn intersection(other: $set<T>) -> Typed<Seq<T>> = |this| keys(this.intersection(&other));
            /// The elements that the other lacks.
            fn difference(other: $set<T>) -> Typed<Seq<T>> = |this| keys(this.difference(&other));
            /// The elements of exactly one of the two.
            fn symmetric_difference(other: $set<T>) -> Typed<Seq<T>> = |this| keys(this.symmetric_difference(&other));
            /// Whether the other has all elements.
            fn is_subset(other: $set<T>) -> bool = |this| this.is_subset(&other);
            /// Whether this has all elements of the other.
            fn is_superset(other: $set<T>) -> bool = |this| this.is_superset(&other);
            /// Whether the two have no element in common.
            fn is_disjoint(other: $set<T>) -> bool = |this| this.is_disjoint(&other);
            /// Adds an element; whether it was not there.
            mut fn insert(value: T) -> bool = |this| Arc::make_mut(&mut this).insert(Key(value));
            /// Removes an element; whether it was there.
            mut fn remove(value: T) -> bool = |this| Arc::make_mut(&mut this).remove(&Key(value));
            /// Adds the elements of an iterator.
            mut fn extend(other: Each<T>) -> () = |this, cx| {
                let mut other = other;
                let more = other.collect(cx)?;
                Arc::make_mut(&mut this).extend(more.into_iter().map(Key));
            };
            /// Keeps the elements that a closure holds for.
            mut fn retain(test: Fn1<T, bool>) -> () = |this, cx| {
                let mut kept = std::collections::BTreeSet::new();
                for key in this.iter() {
                    if cx.call(test, [key.0.clone()])?.bool()? {
                        kept.insert(key.clone());
                    }
                }
                this = Arc::new(kept);
            };
            /// Removes all elements.
            mut fn clear() -> () = |this| Arc::make_mut(&mut this).clear();
        } }); )* };
    }
    both! { HashSet as HashSetOf; BTreeSet as BTreeSetOf; }
}

fn sorted(table: &mut Table) {
    table.add_callables(methods! {
        BTreeMap as BTreeMapOf<T, U> {
            /// The entry with the smallest key.
            fn first_key_value() -> Option<(Dynamic, Typed<U>)> = |this| this.first_key_value().map(entry);
            /// The entry with the largest key.
            fn last_key_value() -> Option<(Dynamic, Typed<U>)> = |this| this.last_key_value().map(entry);
            /// Takes the entry with the smallest key out.
            mut fn pop_first() -> Option<(Dynamic, Typed<U>)>
                = |this| Arc::make_mut(&mut this).pop_first().map(|(key, value)| (Dynamic(key.0), typed(value)));
            /// Takes the entry with the largest key out.
            mut fn pop_last() -> Option<(Dynamic, Typed<U>)>
                = |this| Arc::make_mut(&mut this).pop_last().map(|(key, value)| (Dynamic(key.0), typed(value)));
        }
        BTreeSet as BTreeSetOf<T> {
            /// The smallest element.
            fn first() -> Option<Dynamic> = |this| this.first().map(|key| Dynamic(key.0.clone()));
            /// The largest element.
            fn last() -> Option<Dynamic> = |this| this.last().map(|key| Dynamic(key.0.clone()));
        }
    });
}

fn pairs(mut iter: Iter, cx: &mut Evaluator<'_>) -> aerostat_error::Result<Value> {
    let mut map = std::collections::BTreeMap::new();
    while let Some(value) = iter.tick(cx)? {
        if let Value::Tuple(parts) = value
            && let Ok([key, value]) = <[Value; 2]>::try_from(parts)
        {
            map.insert(Key(key), value);
        }
    }
    Ok(Value::Map(Arc::new(map)))
}

fn members(mut iter: Iter, cx: &mut Evaluator<'_>) -> aerostat_error::Result<Value> {
    Ok(Value::Set(Arc::new(iter.collect(cx)?.into_iter().map(Key).collect())))
}

/// `new`, `with_capacity` and `from` of every collection.
fn constructors(table: &mut Table) {
    macro_rules! constructors {
        ($($owner:ident: $ty:ty, $empty:expr, $from:ty, |$iter:ident, $cx:ident| $make:expr;)*) => { $( {
            table.add_callables(functions! { $owner {
                /// An empty one.
                fn new() -> Typed<$ty> = typed($empty);
                /// An empty one.
                fn with_capacity(capacity: usize) -> Typed<$ty> = { let _ = capacity; typed($empty) };
                /// One with these elements.
                fn from(elements: Each<$from>) -> Typed<$ty> = |$cx| { let $iter = elements; typed($make?) };
                /// One with the elements of an iterator.
                fn from_iter(elements: Each<$from>) -> Typed<$ty> = |$cx| { let $iter = elements; typed($make?) };
            } });
        } )* };
    }
    constructors! {
        HashMap: HashMapOf<T, U>, Value::Map(Arc::default()), (T, U), |iter, cx| pairs(iter, cx);
        BTreeMap: BTreeMapOf<T, U>, Value::Map(Arc::default()), (T, U), |iter, cx| pairs(iter, cx);
        HashSet: HashSetOf<T>, Value::Set(Arc::default()), T, |iter, cx| members(iter, cx);
        BTreeSet: BTreeSetOf<T>, Value::Set(Arc::default()), T, |iter, cx| members(iter, cx);
        VecDeque: DequeOf<T>, Value::Deque(Arc::default()), T,
            |iter, cx| { let mut iter = iter; iter.collect(cx).map(|values| Value::Deque(Arc::new(values.into()))) };
        Vec: VecOf<T>, Value::vec(Vec::new()), T, |iter, cx| { let mut iter = iter; iter.collect(cx).map(Value::vec) };
    }
}
