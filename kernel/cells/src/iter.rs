//! Iterators, as lazy as Rust's: nothing is computed before it is asked for, and no more than that.

use std::sync::Arc;

use aerostat_error::{Error, Kind, Result};

use crate::eval::Evaluator;
use crate::ty::IntTy;
use crate::value::{Value, limit, mismatch};

/// How deep adapters may nest: each level takes stack when the iterator runs.
const MAX_DEPTH: usize = 500;

/// A closure of the cell.
pub(crate) type Func = usize;

/// An iterator and how many adapters it consists of.
#[derive(Clone)]
pub struct Iter {
    state: State,
    depth: usize,
}

#[derive(Clone)]
enum State {
    /// Elements that are there already, from `front` up to `back`.
    Items {
        items: Arc<Vec<Value>>,
        front: usize,
        back: usize,
    },
    /// Integers, counted through and never laid out.
    Count {
        next: i128,
        end: i128,
        ty: IntTy,
    },
    Repeat(Value),
    Chain(Box<Iter>, Box<Iter>),
    Zip(Box<Iter>, Box<Iter>),
    Enumerate(Box<Iter>, i128),
    Rev(Box<Iter>),
    Take(Box<Iter>, usize),
    Skip(Box<Iter>, usize),
    StepBy {
        inner: Box<Iter>,
        step: usize,
        begun: bool,
    },
    Cycle {
        whole: Box<Iter>,
        rest: Box<Iter>,
    },
    Flatten {
        outer: Box<Iter>,
        inner: Option<Box<Iter>>,
    },
    Peekable {
        inner: Box<Iter>,
        peeked: Option<Option<Value>>,
    },
    Map(Box<Iter>, Func),
    Filter(Box<Iter>, Func),
    FilterMap(Box<Iter>, Func),
    TakeWhile {
        inner: Box<Iter>,
        test: Func,
        done: bool,
    },
    SkipWhile {
        inner: Box<Iter>,
        test: Func,
        begun: bool,
    },
    MapWhile(Box<Iter>, Func),
    Inspect(Box<Iter>, Func),
    /// `successors`: the next value, and what follows from a value.
    Successors(Option<Value>, Func),
}

type Next = Result<Option<Value>>;

impl Iter {
    fn leaf(state: State) -> Self {
        Self { state, depth: 1 }
    }

    /// Elements that are there already.
    pub(crate) fn items(items: Vec<Value>) -> Self {
        Self::shared(Arc::new(items))
    }

    fn shared(items: Arc<Vec<Value>>) -> Self {
        let back = items.len();
        Self::leaf(State::Items { items, front: 0, back })
    }

    /// What iterating over a value gives.
    pub(crate) fn over(value: Value) -> Result<Self> {
        Ok(match value {
            Value::Iter(iter) => *iter,
            Value::Vec(items) => Self::shared(items),
            Value::Range(next, end, ty) => Self::leaf(State::Count { next, end, ty }),
            other => Self::items(other.into_elements()?),
        })
    }

    /// The same value for ever.
    pub(crate) fn repeat(value: Value) -> Self {
        Self::leaf(State::Repeat(value))
    }

    /// A value, and what follows from each.
    pub(crate) fn successors(first: Option<Value>, next: Func) -> Self {
        Self::leaf(State::Successors(first, next))
    }

    fn adapter(self, build: impl FnOnce(Box<Iter>) -> State) -> Result<Self> {
        let depth = self.depth + 1;
        if depth > MAX_DEPTH {
            return Err(Error::new(
                Kind::Compute,
                format!("more than {MAX_DEPTH} iterator adapters on top of each other"),
            )
            .with_hint("`collect` in between"));
        }
        Ok(Self { state: build(Box::new(self)), depth })
    }

    fn joined(self, other: Self, build: impl FnOnce(Box<Iter>, Box<Iter>) -> State) -> Result<Self> {
        let deeper = Self { depth: self.depth.max(other.depth), ..self };
        deeper.adapter(|inner| build(inner, Box::new(other)))
    }

    pub(crate) fn chain(self, other: Self) -> Result<Self> {
        self.joined(other, State::Chain)
    }
    pub(crate) fn zip(self, other: Self) -> Result<Self> {
        self.joined(other, State::Zip)
    }
    pub(crate) fn enumerate(self) -> Result<Self> {
        self.adapter(|inner| State::Enumerate(inner, 0))
    }
    pub(crate) fn rev(self) -> Result<Self> {
        self.adapter(State::Rev)
    }
    pub(crate) fn take(self, n: usize) -> Result<Self> {
        self.adapter(|inner| State::Take(inner, n))
    }
    pub(crate) fn skip(self, n: usize) -> Result<Self> {
        self.adapter(|inner| State::Skip(inner, n))
    }
    pub(crate) fn step_by(self, step: usize) -> Result<Self> {
        self.adapter(|inner| State::StepBy { inner, step, begun: false })
    }
    pub(crate) fn cycle(self) -> Result<Self> {
        self.adapter(|whole| State::Cycle { rest: whole.clone(), whole })
    }
    pub(crate) fn flatten(self) -> Result<Self> {
        self.adapter(|outer| State::Flatten { outer, inner: None })
    }
    pub(crate) fn peekable(self) -> Result<Self> {
        self.adapter(|inner| State::Peekable { inner, peeked: None })
    }
    pub(crate) fn map(self, f: Func) -> Result<Self> {
        self.adapter(|inner| State::Map(inner, f))
    }
    pub(crate) fn filter(self, f: Func) -> Result<Self> {
        self.adapter(|inner| State::Filter(inner, f))
    }
    pub(crate) fn filter_map(self, f: Func) -> Result<Self> {
        self.adapter(|inner| State::FilterMap(inner, f))
    }
    pub(crate) fn take_while(self, test: Func) -> Result<Self> {
        self.adapter(|inner| State::TakeWhile { inner, test, done: false })
    }
    pub(crate) fn skip_while(self, test: Func) -> Result<Self> {
        self.adapter(|inner| State::SkipWhile { inner, test, begun: false })
    }
    pub(crate) fn map_while(self, f: Func) -> Result<Self> {
        self.adapter(|inner| State::MapWhile(inner, f))
    }
    pub(crate) fn inspect(self, f: Func) -> Result<Self> {
        self.adapter(|inner| State::Inspect(inner, f))
    }

    /// The next element.
    pub(crate) fn next(&mut self, cx: &mut Evaluator<'_>) -> Next {
        match &mut self.state {
            State::Items { items, front, back } => Ok((*front < *back).then(|| {
                *front += 1;
                items[*front - 1].clone()
            })),
            State::Count { next, end, ty } => Ok((*next < *end).then(|| {
                *next += 1;
                Value::Int(*next - 1, *ty)
            })),
            State::Repeat(value) => Ok(Some(value.clone())),
            State::Chain(first, second) => match first.next(cx)? {
                None => second.next(cx),
                some => Ok(some),
            },
            State::Zip(a, b) => match a.next(cx)? {
                Some(a) => Ok(b.next(cx)?.map(|b| Value::Tuple(vec![a, b]))),
                None => Ok(None),
            },
            State::Enumerate(inner, at) => Ok(inner.next(cx)?.map(|value| {
                *at += 1;
                Value::Tuple(vec![Value::Int(*at - 1, IntTy::Usize), value])
            })),
            State::Rev(inner) => inner.next_back(cx),
            State::Take(_, 0) => Ok(None),
            State::Take(inner, left) => {
                *left -= 1;
                inner.next(cx)
            }
            State::Skip(inner, left) => {
                for _ in 0..std::mem::take(left) {
                    if inner.tick(cx)?.is_none() {
                        return Ok(None);
                    }
                }
                inner.next(cx)
            }
            State::StepBy { inner, step, begun } => {
                for _ in 1..if std::mem::replace(begun, true) { *step } else { 1 } {
                    if inner.tick(cx)?.is_none() {
                        return Ok(None);
                    }
                }
                inner.next(cx)
            }
            State::Cycle { whole, rest } => match rest.next(cx)? {
                None => {
                    *rest = whole.clone();
                    rest.next(cx)
                }
                some => Ok(some),
            },
            State::Peekable { inner, peeked } => match peeked.take() {
                Some(value) => Ok(value),
                None => inner.next(cx),
            },
            State::Flatten { outer, inner } => loop {
                if let Some(inside) = inner
                    && let Some(value) = inside.next(cx)?
                {
                    return Ok(Some(value));
                }
                match outer.tick(cx)? {
                    Some(value) => *inner = Some(Box::new(Iter::over(value)?)),
                    None => return Ok(None),
                }
            },
            _ => self.next_called(cx),
        }
    }

    /// The next element of what calls a closure for it.
    fn next_called(&mut self, cx: &mut Evaluator<'_>) -> Next {
        match &mut self.state {
            State::Map(inner, f) => inner.next(cx)?.map(|value| cx.call(*f, [value])).transpose(),
            State::Filter(inner, f) => {
                while let Some(value) = inner.tick(cx)? {
                    if cx.call(*f, [value.clone()])?.bool()? {
                        return Ok(Some(value));
                    }
                }
                Ok(None)
            }
            State::FilterMap(inner, f) => {
                while let Some(value) = inner.tick(cx)? {
                    if let Some(value) = option(cx.call(*f, [value])?)? {
                        return Ok(Some(value));
                    }
                }
                Ok(None)
            }
            State::TakeWhile { done: true, .. } => Ok(None),
            State::TakeWhile { inner, test, done } => match inner.next(cx)? {
                Some(value) if cx.call(*test, [value.clone()])?.bool()? => Ok(Some(value)),
                _ => {
                    *done = true;
                    Ok(None)
                }
            },
            State::SkipWhile { inner, test, begun } => {
                while let Some(value) = inner.tick(cx)? {
                    if *begun || !cx.call(*test, [value.clone()])?.bool()? {
                        *begun = true;
                        return Ok(Some(value));
                    }
                }
                Ok(None)
            }
            State::MapWhile(inner, f) => match inner.next(cx)? {
                Some(value) => option(cx.call(*f, [value])?),
                None => Ok(None),
            },
            State::Inspect(inner, f) => {
                let next = inner.next(cx)?;
                if let Some(value) = &next {
                    cx.call(*f, [value.clone()])?;
                }
                Ok(next)
            }
            State::Successors(next, f) => {
                let value = next.take();
                if let Some(value) = &value {
                    *next = option(cx.call(*f, [value.clone()])?)?;
                }
                Ok(value)
            }
            _ => Err(Error::internal("an iterator without a next element")),
        }
    }

    /// The next element, for loops that may go on for ever: an interrupt ends them.
    pub(crate) fn tick(&mut self, cx: &mut Evaluator<'_>) -> Next {
        cx.tick()?;
        self.next(cx)
    }

    /// The last element. What cannot be run backwards is laid out first.
    pub(crate) fn next_back(&mut self, cx: &mut Evaluator<'_>) -> Next {
        match &mut self.state {
            State::Items { items, front, back } => Ok((*front < *back).then(|| {
                *back -= 1;
                items[*back].clone()
            })),
            State::Count { next, end, ty } => Ok((*next < *end).then(|| {
                *end -= 1;
                Value::Int(*end, *ty)
            })),
            State::Rev(inner) => inner.next(cx),
            State::Map(inner, f) => inner.next_back(cx)?.map(|value| cx.call(*f, [value])).transpose(),
            State::Filter(inner, f) => {
                while let Some(value) = inner.next_back(cx)? {
                    if cx.call(*f, [value.clone()])?.bool()? {
                        return Ok(Some(value));
                    }
                }
                Ok(None)
            }
            State::Chain(first, second) => match second.next_back(cx)? {
                None => first.next_back(cx),
                some => Ok(some),
            },
            _ => {
                *self = Self::items(self.collect(cx)?);
                self.next_back(cx)
            }
        }
    }

    /// What comes next, which stays.
    pub(crate) fn peek(&mut self, cx: &mut Evaluator<'_>) -> Next {
        match &mut self.state {
            State::Peekable { inner, peeked } => {
                if peeked.is_none() {
                    *peeked = Some(inner.next(cx)?);
                }
                Ok(peeked.clone().flatten())
            }
            _ => Err(mismatch("Peekable")),
        }
    }

    /// All that is left.
    pub(crate) fn collect(&mut self, cx: &mut Evaluator<'_>) -> Result<Vec<Value>> {
        if let State::Items { items, front, back } = &mut self.state {
            let rest = items[*front..*back].to_vec();
            *front = *back;
            return Ok(rest);
        }
        let mut values = Vec::new();
        while let Some(value) = self.tick(cx)? {
            limit(values.len())?;
            values.push(value);
        }
        Ok(values)
    }
}

/// What an `Option` holds.
pub(crate) fn option(value: Value) -> Next {
    match value {
        Value::Option(inner) => Ok(inner.map(|value| *value)),
        _ => Err(mismatch("Option")),
    }
}
