//! Variables on their way to compiled cells and back.

use aerostat_bridge as bridge;
use aerostat_bridge::Variable;
use aerostat_error::{Error, Result};
use aerostat_session::MimeBundle;
use polars::prelude::*;

use crate::check::type_named;
use crate::context::Context;
use crate::interpreter::Interpreter;
use crate::ty::Ty;
use crate::value::{Native, Value, mismatch};

impl Interpreter {
    /// A variable as a compiled cell gets it; an error if cells of that kind cannot hold its type.
    pub fn variable(&self, name: &str) -> Option<Result<Variable>> {
        let scope = self.scope().read();
        let variable = scope.get(name)?;
        let mutable = variable.mutable;
        let crossed = leave(&variable.value, &variable.ty, mutable);
        Some(crossed.map(|(ty, value)| Variable { name: name.to_owned(), ty, mutable, value }).ok_or_else(|| {
            Error::not_supported(format!(
                "variable `{name}` of type `{}` cannot be handed to compiled cells",
                variable.ty
            ))
        }))
    }

    /// Keeps a variable that a compiled cell has bound.
    pub fn keep(&mut self, variable: Variable) -> Result<()> {
        let ty = type_named(&variable.ty)?;
        let value = arrive(variable.value, &ty)?;
        self.scope().set(self.context(), &variable.name, value, &ty, variable.mutable);
        Ok(())
    }

    /// Forgets a variable.
    pub fn forget(&mut self, name: &str) {
        self.scope().remove(self.context(), name);
    }

    /// Shows values of compiled cells as interpreted cells do: as results, or as `display` does.
    pub fn shower(&self) -> impl Fn(&str, bridge::Value, bool) -> Result<MimeBundle> + Send + Sync + use<> {
        let cx: Context = self.context().clone();
        move |ty, value, displayed| {
            let value = arrive(value, &type_named(ty)?)?;
            if displayed { value.displayed(&cx) } else { value.bundle(&cx) }
        }
    }
}

/// The value with its Rust type. Strings are borrowed unless they may be changed, as literals are.
fn leave(value: &Value, ty: &Ty, mutable: bool) -> Option<(String, bridge::Value)> {
    let plain = |name: &str, value| Some((name.to_owned(), value));
    match value {
        Value::Unit => plain("()", bridge::Value::Unit),
        Value::Bool(value) => plain("bool", bridge::Value::Bool(*value)),
        Value::Int(value, int) => plain(int.name(), bridge::Value::Int(*value)),
        Value::F32(value) => plain("f32", bridge::Value::Float((*value).into())),
        Value::F64(value) => plain("f64", bridge::Value::Float(*value)),
        Value::Char(value) => plain("char", bridge::Value::Char(*value)),
        Value::Str(text) => plain(if mutable { "String" } else { "&'static str" }, bridge::Value::str(&**text)),
        Value::Vec(items) => {
            let Ty::Vec(inner) = ty else { return None };
            let left = items.iter().map(|item| leave(item, inner, mutable)).collect::<Option<Vec<_>>>()?;
            let inner = left.first().map_or_else(|| name_of(inner, mutable), |(ty, _)| Some(ty.clone()))?;
            Some((format!("Vec<{inner}>"), bridge::Value::List(left.into_iter().map(|(_, value)| value).collect())))
        }
        Value::Tuple(items) => {
            let Ty::Tuple(types) = ty else { return None };
            let left =
                items.iter().zip(types).map(|(item, ty)| leave(item, ty, mutable)).collect::<Option<Vec<_>>>()?;
            let (types, values): (Vec<String>, Vec<bridge::Value>) = left.into_iter().unzip();
            Some((format!("({},)", types.join(", ")), bridge::Value::List(values)))
        }
        Value::Option(inner) => {
            let Ty::Option(ty) = ty else { return None };
            let left = inner.as_ref().map(|inner| leave(inner, ty, mutable));
            let ty = match &left {
                Some(left) => left.as_ref()?.0.clone(),
                None => name_of(ty, mutable)?,
            };
            Some((format!("Option<{ty}>"), bridge::Value::option(left.flatten().map(|(_, value)| value))))
        }
        Value::Native(_) => native(value),
        _ => None,
    }
}

fn native(value: &Value) -> Option<(String, bridge::Value)> {
    let named = |name: &str, value| Some((name.to_owned(), value));
    if let Some(frame) = value.downcast_ref::<DataFrame>() {
        named(DataFrame::NAME, bridge::Value::Frame(frame.clone()))
    } else if let Some(plan) = value.downcast_ref::<LazyFrame>() {
        named(LazyFrame::NAME, bridge::Value::Plan(Box::new(plan.clone())))
    } else if let Some(series) = value.downcast_ref::<Series>() {
        named(Series::NAME, bridge::Value::Series(series.clone()))
    } else if let Some(column) = value.downcast_ref::<Column>() {
        named(Column::NAME, bridge::Value::Series(column.as_materialized_series().clone()))
    } else if let Some(expr) = value.downcast_ref::<Expr>() {
        named(Expr::NAME, bridge::Value::Expr(Box::new(expr.clone())))
    } else {
        None
    }
}

/// The Rust type of values of which there is none: in an empty vector, or a `None`.
fn name_of(ty: &Ty, mutable: bool) -> Option<String> {
    match ty {
        Ty::Integer => Some("i32".to_owned()),
        Ty::Float => Some("f64".to_owned()),
        Ty::Str => Some(if mutable { "String" } else { "&'static str" }.to_owned()),
        Ty::Vec(inner) => Some(format!("Vec<{}>", name_of(inner, mutable)?)),
        Ty::Option(inner) => Some(format!("Option<{}>", name_of(inner, mutable)?)),
        Ty::Bool | Ty::Int(_) | Ty::F32 | Ty::F64 | Ty::Char | Ty::Native(_) => Some(ty.to_string()),
        _ => None,
    }
}

/// The value that has arrived, which is of type `ty`.
fn arrive(value: bridge::Value, ty: &Ty) -> Result<Value> {
    Ok(match (value, ty) {
        (bridge::Value::Unit, Ty::Unit) => Value::Unit,
        (bridge::Value::Bool(value), Ty::Bool) => Value::Bool(value),
        (bridge::Value::Int(value), Ty::Int(int)) => Value::Int(value, *int),
        (bridge::Value::Float(value), Ty::F32) => Value::F32(value as f32),
        (bridge::Value::Float(value), Ty::F64) => Value::F64(value),
        (bridge::Value::Char(value), Ty::Char) => Value::Char(value),
        (bridge::Value::Str(text), Ty::Str) => Value::str(text),
        (bridge::Value::List(items), Ty::Vec(inner)) => {
            Value::vec(items.into_iter().map(|item| arrive(item, inner)).collect::<Result<_>>()?)
        }
        (bridge::Value::List(items), Ty::Tuple(types)) if items.len() == types.len() => {
            Value::Tuple(items.into_iter().zip(types).map(|(item, ty)| arrive(item, ty)).collect::<Result<_>>()?)
        }
        (bridge::Value::Option(inner), Ty::Option(ty)) => {
            Value::Option(inner.map(|inner| arrive(*inner, ty)).transpose()?.map(Box::new))
        }
        (bridge::Value::Frame(frame), _) => Value::native(frame),
        (bridge::Value::Plan(plan), _) => Value::native(*plan),
        (bridge::Value::Series(series), Ty::Native(name)) if *name == Column::NAME => {
            Value::native(series.into_column())
        }
        (bridge::Value::Series(series), _) => Value::native(series),
        (bridge::Value::Expr(expr), _) => Value::native(*expr),
        (_, ty) => return Err(mismatch(&ty.to_string())),
    })
}
