//! Values of the cell language at run time.

use std::any::Any;
use std::sync::Arc;

use aerostat_error::{Error, Result};
use aerostat_session::Parameter;

use crate::ty::IntTy;

/// A value. Cloning is cheap: polars' types are reference-counted inside.
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
    Vec(Vec<Value>),
    /// A tuple.
    Tuple(Vec<Value>),
    /// An option.
    Option(Option<Box<Value>>),
    /// A result.
    Result(std::result::Result<Box<Value>, Error>),
    /// A range of integers: first, and one past the last.
    Range(i128, i128, IntTy),
    /// A value of polars or of the session.
    Native(Box<dyn Object>),
}

/// A Rust type that a cell can name and hold.
pub trait Native: Any + Clone + Send {
    /// The name that users know it by.
    const NAME: &'static str;

    /// What `{}` and `{:?}` write.
    fn text(&self) -> String;
}

/// A [`Native`] behind a pointer.
pub trait Object: Any + Send {
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
        match self {
            Self::Bool(value) => Parameter::Boolean(*value),
            Self::Int(value, _) => Parameter::Integer(*value),
            Self::F32(value) => Parameter::Float((*value).into()),
            Self::F64(value) => Parameter::Float(*value),
            Self::Vec(items) => Parameter::Text(items.iter().map(Self::display).collect::<Vec<_>>().join(",")),
            other => Parameter::Text(other.display()),
        }
    }

    /// The elements that `for` goes through.
    pub fn into_elements(self) -> Result<Vec<Value>> {
        match self {
            Self::Vec(items) => Ok(items),
            Self::Range(start, end, ty) => Ok((start..end).map(|i| Value::Int(i, ty)).collect()),
            Self::Option(inner) => Ok(inner.map(|value| *value).into_iter().collect()),
            _ => Err(mismatch("iterator")),
        }
    }
}

/// A value of a type that the static check should have ruled out.
pub(crate) fn mismatch(wanted: &str) -> Error {
    Error::internal(format!("a value that is not of type `{wanted}` passed the static check"))
}
