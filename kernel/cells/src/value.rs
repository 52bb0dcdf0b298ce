//! Values of the cell language at run time.

use std::any::Any;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use aerostat_error::{Error, Kind, Result};
use aerostat_session::Parameter;

use crate::iter::Iter;
use crate::ops;
use crate::ty::IntTy;

/// How many elements an interpreted collection may be asked to have at once. A column holds more in less memory.
pub(crate) const MAX_ELEMENTS: usize = 50_000_000;

/// A value. Cloning is cheap: what is large is reference-counted, and copied when a shared one is changed.
#[derive(Clone)]
pub enum Value {
    /// `()`
    Unit,
    /// `bool`
    Bool(bool),
    /// An integer and its type.
    Int(i128, IntTy),
    /// `f32`
    F32(f32),
    /// `f64`
    F64(f64),
    /// `char`
    Char(char),
    /// A string of any kind.
    Str(Arc<str>),
    /// A vector, array or slice.
    Vec(Arc<Vec<Value>>),
    /// A `VecDeque`.
    Deque(Arc<VecDeque<Value>>),
    /// A `HashMap` or `BTreeMap`.
    Map(Arc<BTreeMap<Key, Value>>),
    /// A `HashSet` or `BTreeSet`.
    Set(Arc<BTreeSet<Key>>),
    /// A tuple.
    Tuple(Vec<Value>),
    /// An option.
    Option(Option<Box<Value>>),
    /// A result.
    Result(std::result::Result<Box<Value>, Error>),
    /// A range of integers: first, and one past the last.
    Range(i128, i128, IntTy),
    /// An iterator.
    Iter(Box<Iter>),
    /// A closure, by its position among those of the cell.
    Closure(usize),
    /// A value of polars or of the session.
    Native(Box<dyn Object>),
}

/// A value as a key. Keys are of one type that has a total order, which the static check sees to.
#[derive(Clone)]
pub struct Key(pub Value);

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Key {}
impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        ops::compare(&self.0, &other.0)
    }
}

/// A Rust type that a cell can name and hold.
pub trait Native: Any + Clone + Send + Sync {
    /// The name that users know it by.
    const NAME: &'static str;

    /// What `{}` and `{:?}` write.
    fn text(&self) -> String;
}

/// A [`Native`] behind a pointer.
pub trait Object: Any + Send + Sync {
    /// The name of the type.
    fn type_name(&self) -> &'static str;
    /// What `{}` and `{:?}` write.
    fn text(&self) -> String;
    /// A copy.
    fn boxed_clone(&self) -> Box<dyn Object>;
    /// For a look at the concrete type.
    fn as_any(&self) -> &dyn Any;
    /// For a change in place.
    fn as_any_mut(&mut self) -> &mut dyn Any;
    /// For taking the concrete value out.
    fn into_any(self: Box<Self>) -> Box<dyn Any>;
}

impl<T: Native> Object for T {
    fn type_name(&self) -> &'static str {
        T::NAME
    }
    fn text(&self) -> String {
        Native::text(self)
    }
    fn boxed_clone(&self) -> Box<dyn Object> {
        Box::new(self.clone())
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}

impl Clone for Box<dyn Object> {
    fn clone(&self) -> Self {
        // Not `self.boxed_clone()`: that would be the box's own, and recurse.
        (**self).boxed_clone()
    }
}

impl Value {
    /// A value of polars or of the session.
    pub fn native<T: Native>(value: T) -> Self {
        Self::Native(Box::new(value))
    }

    /// A string.
    pub fn str(text: impl AsRef<str>) -> Self {
        Self::Str(Arc::from(text.as_ref()))
    }

    /// A vector.
    pub fn vec(items: Vec<Value>) -> Self {
        Self::Vec(Arc::new(items))
    }

    /// `Some(value)`
    pub fn some(value: Value) -> Self {
        Self::Option(Some(Box::new(value)))
    }

    /// `None`
    pub fn none() -> Self {
        Self::Option(None)
    }

    /// A reference to the value as a `T`, if it is one.
    pub fn downcast_ref<T: Native>(&self) -> Option<&T> {
        match self {
            Self::Native(object) => (**object).as_any().downcast_ref(),
            _ => None,
        }
    }

    /// The value as a `T`.
    pub fn downcast<T: Native>(self) -> Result<T> {
        if let Self::Native(object) = self
            && let Ok(concrete) = object.into_any().downcast::<T>()
        {
            return Ok(*concrete);
        }
        Err(mismatch(T::NAME))
    }

    /// The integer.
    pub fn int(&self) -> Result<i128> {
        match self {
            Self::Int(value, _) => Ok(*value),
            _ => Err(mismatch("integer")),
        }
    }

    /// The boolean.
    pub fn bool(&self) -> Result<bool> {
        match self {
            Self::Bool(value) => Ok(*value),
            _ => Err(mismatch("bool")),
        }
    }

    /// The value as a parameter; of a vector its elements, separated by commas.
    pub fn to_parameter(&self) -> Parameter {
        self.as_parameter().unwrap_or_else(|| match self {
            Self::Vec(items) => Parameter::Text(items.iter().map(Self::display).collect::<Vec<_>>().join(",")),
            other => Parameter::Text(other.display()),
        })
    }

    /// The value as a parameter, if it is a single one.
    pub(crate) fn as_parameter(&self) -> Option<Parameter> {
        Some(match self {
            Self::Bool(value) => Parameter::Boolean(*value),
            Self::Int(value, _) => Parameter::Integer(*value),
            Self::F32(value) => Parameter::Float((*value).into()),
            Self::F64(value) => Parameter::Float(*value),
            Self::Str(_) => Parameter::Text(self.display()),
            other => match (other.downcast_ref(), other.downcast_ref()) {
                (Some(day), _) => Parameter::Date(*day),
                (_, at) => Parameter::Timestamp(*at?),
            },
        })
    }

    /// The elements of a collection; an iterator has to be run instead.
    pub fn into_elements(self) -> Result<Vec<Value>> {
        Ok(match self {
            Self::Vec(items) => Arc::unwrap_or_clone(items),
            Self::Deque(items) => Arc::unwrap_or_clone(items).into(),
            Self::Range(start, end, ty) => {
                let count = usize::try_from(end.saturating_sub(start).max(0)).unwrap_or(usize::MAX);
                limit(count)?;
                (start..end).map(|i| Value::Int(i, ty)).collect()
            }
            Self::Set(keys) => Arc::unwrap_or_clone(keys).into_iter().map(|key| key.0).collect(),
            Self::Map(entries) => {
                Arc::unwrap_or_clone(entries).into_iter().map(|(key, value)| Value::Tuple(vec![key.0, value])).collect()
            }
            Self::Option(inner) => inner.map(|value| *value).into_iter().collect(),
            Self::Result(inner) => inner.map(|value| *value).into_iter().collect(),
            _ => return Err(mismatch("iterator")),
        })
    }
}

/// An error if a collection would become too large to be interpreted.
pub(crate) fn limit(elements: usize) -> Result<()> {
    match elements <= MAX_ELEMENTS {
        true => Ok(()),
        false => Err(Error::new(Kind::Compute, format!("more than {MAX_ELEMENTS} elements outside of a frame"))
            .with_hint("make a column of them, for instance with `int_range`")),
    }
}

/// A value of a type that the static check should have ruled out.
pub(crate) fn mismatch(wanted: &str) -> Error {
    Error::internal(format!("a value that is not of type `{wanted}` passed the static check"))
}
