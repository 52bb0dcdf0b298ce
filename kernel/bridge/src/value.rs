//! Values that can cross.

use polars::prelude::{DataFrame, Expr, LazyFrame, Series};

/// A value that can cross. Which Rust type it has is said beside it, where that matters ([`Variable::ty`]).
#[derive(Clone)]
pub enum Value {
    /// `()`
    Unit,
    /// `bool`
    Bool(bool),
    /// An integer of any type.
    Int(i128),
    /// `f32` or `f64`; every `f32` is an `f64`.
    Float(f64),
    /// `char`
    Char(char),
    /// A string of any kind.
    Str(String),
    /// A vector, an array or a tuple.
    List(Vec<Value>),
    /// An option.
    Option(Option<Box<Value>>),
    /// A frame.
    Frame(DataFrame),
    /// A query plan.
    Plan(Box<LazyFrame>),
    /// A series, or a column.
    Series(Series),
    /// An expression.
    Expr(Box<Expr>),
}

/// A variable on its way to the other side.
#[derive(Clone)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its type in Rust's notation, e.g. `Vec<f64>`.
    pub ty: String,
    /// Whether it was declared with `mut`.
    pub mutable: bool,
    /// Its value.
    pub value: Value,
}

impl Value {
    /// `Some(value)`, or `None`.
    pub fn option(value: Option<Value>) -> Self {
        Self::Option(value.map(Box::new))
    }

    /// A string.
    pub fn str(text: impl Into<String>) -> Self {
        Self::Str(text.into())
    }

    /// The boolean.
    pub fn bool(self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The integer.
    pub fn int(self) -> Option<i128> {
        match self {
            Self::Int(value) => Some(value),
            _ => None,
        }
    }

    /// The text.
    pub fn text(self) -> Option<String> {
        match self {
            Self::Str(value) => Some(value),
            _ => None,
        }
    }

    /// The elements.
    pub fn list(self) -> Option<Vec<Value>> {
        match self {
            Self::List(values) => Some(values),
            _ => None,
        }
    }

    /// The frame.
    pub fn frame(self) -> Option<DataFrame> {
        match self {
            Self::Frame(frame) => Some(frame),
            _ => None,
        }
    }

    /// The plan.
    pub fn plan(self) -> Option<LazyFrame> {
        match self {
            Self::Plan(plan) => Some(*plan),
            _ => None,
        }
    }
}

impl From<Variable> for Value {
    fn from(variable: Variable) -> Self {
        let Variable { name, ty, mutable, value } = variable;
        Self::List(vec![Self::Str(name), Self::Str(ty), Self::Bool(mutable), value])
    }
}

impl TryFrom<Value> for Variable {
    type Error = ();

    fn try_from(value: Value) -> Result<Self, ()> {
        let parts: [Value; 4] = value.list().and_then(|parts| parts.try_into().ok()).ok_or(())?;
        let [name, ty, mutable, value] = parts;
        let (name, ty, mutable) = (name.text().ok_or(())?, ty.text().ok_or(())?, mutable.bool().ok_or(())?);
        Ok(Self { name, ty, mutable, value })
    }
}
