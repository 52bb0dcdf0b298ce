//! Columns of a frame for the columns of a table: which goes where, and which types fit.

use std::sync::Arc;

use aerostat_error::{Condition, Error, Object, Result, nearest};
use deltalake_core::arrow::datatypes::{FieldRef, Schema as ArrowSchema, SchemaRef as ArrowSchemaRef};
use polars::prelude::{Column, DataType, Expr, Field, LiteralValue, NULL, Scalar, Schema, col, lit};

use crate::Session;
use crate::arrow::to_schema;
use crate::errors::{from_polars, through_polars};
use crate::types::{self, storable};

/// How much a value may change to fit a column.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// Not at all: the column's type holds every value of the frame's.
    Widening,
    /// As in SQL's `INSERT`: numbers fit any type of number, and one that is too large is an error when it comes.
    Assignment,
}

/// The columns of a new table for the frame, and the frame's columns in the types of the table.
pub(super) fn of_new(frame: &Schema) -> Result<(Schema, Vec<Expr>)> {
    let mut table = Schema::default();
    for (name, dtype) in frame.iter() {
        if let Some((other, _)) = table.iter().find(|(other, _)| same_name(other, name)) {
            return Err(Error::already_exists(Object::Column, name)
                .with_hint(format!("`{other}` and `{name}` are one name: case does not count in tables")));
        }
        table.insert(name.clone(), storable(name, dtype)?);
    }
    if table.is_empty() {
        return Err(Error::invalid_argument("the frame has no columns"));
    }
    let columns = frame.iter().zip(table.iter()).map(|((name, from), (_, to))| stored(name, from, to));
    Ok((table.clone(), columns.collect()))
}

/// The frame's columns for the table's columns of the same names. What the frame lacks is null if `may_lack`.
/// Else, what does not fit.
pub(super) fn by_name(session: &Session, frame: &Schema, table: &Schema, may_lack: bool) -> Result<Vec<Expr>, String> {
    let mut wrong: Vec<String> = Vec::new();
    for (name, _) in frame.iter().filter(|(name, _)| find(table, name).is_none()) {
        let near = nearest(name, table.iter_names()).first().map(|near| format!(" (is it `{near}`?)"));
        wrong.push(format!("`{name}` is not a column of it{}", near.unwrap_or_default()));
    }
    let mut columns = Vec::new();
    for (name, to) in table.iter() {
        match find(frame, name) {
            Some((own, from)) if fits(from, to, Fit::Widening) => columns.push(assigned(session, own, from, name, to)),
            Some((own, from)) => {
                wrong.push(format!("`{own}` is `{}` instead of `{}`", types::name(from), types::name(to)))
            }
            None if may_lack => columns.push(lit(NULL).cast(to.clone()).alias(name.clone())),
            None => wrong.push(format!("`{name}` is missing")),
        }
    }
    if wrong.is_empty() { Ok(columns) } else { Err(wrong.join(", ")) }
}

/// The default of the table's column `name`, which is SQL, as its values in all rows: it is computed once.
pub(super) fn default_value(session: &Session, default: &str, name: &str, to: &DataType) -> Result<Expr> {
    let text = format!("SELECT {default} AS value");
    let row = session.engine().query(session, &text, &[]).map_err(Error::without_span)?;
    let value = row.column("value").map_err(from_polars)?;
    if *value.dtype() == DataType::Null {
        return Ok(lit(NULL).cast(to.clone()).alias(name));
    }
    let value = session.engine().assign(session, value, to).map_err(|error| of_column(name, error))?;
    let value = value.get(0).map_err(from_polars)?.into_static();
    Ok(Expr::Literal(LiteralValue::Scalar(Scalar::new(to.clone(), value))).alias(name))
}

/// The table's columns followed by those that only the frame has. `None` if there are no such.
pub(super) fn widened(frame: &Schema, table: &ArrowSchema) -> Result<Option<ArrowSchemaRef>> {
    let is_known = |name: &str| table.fields().iter().any(|field| same_name(field.name(), name));
    let mut new = Schema::default();
    for (name, dtype) in frame.iter().filter(|(name, _)| !is_known(name)) {
        new.insert(name.clone(), storable(name, dtype)?);
    }
    if new.is_empty() {
        return Ok(None);
    }
    let added = to_schema(&new)?;
    let fields: Vec<FieldRef> = table.fields().iter().chain(added.fields()).cloned().collect();
    Ok(Some(Arc::new(ArrowSchema::new(fields))))
}

/// The frame's columns for the table's columns in their order.
pub(crate) fn by_position(session: &Session, frame: &Schema, table: &Schema) -> Result<Vec<Expr>> {
    if frame.len() != table.len() {
        let message = format!("the table has {} columns, but {} are inserted", table.len(), frame.len());
        let names: Vec<String> = table.iter_names().map(|name| format!("`{name}`")).collect();
        return Err(Error::invalid_argument(message).with_hint(format!("its columns are {}", names.join(", "))));
    }
    let columns = frame.iter().zip(table.iter()).map(|((own, from), (name, to))| {
        if fits(from, to, Fit::Assignment) {
            return Ok(assigned(session, own, from, name, to));
        }
        let (from, to) = (types::name(from), types::name(to));
        Err(Error::invalid_argument(format!("a `{from}` cannot be inserted into column `{name}` of type `{to}`"))
            .with_hint(format!("cast it: `CAST(.. AS {})`", to.to_uppercase())))
    });
    columns.collect()
}

/// The column of this name in any case.
pub(super) fn find<'a>(schema: &'a Schema, name: &str) -> Option<(&'a str, &'a DataType)> {
    schema.iter().find(|(other, _)| same_name(other, name)).map(|(name, dtype)| (name.as_str(), dtype))
}

pub(super) fn same_name(one: &str, other: &str) -> bool {
    one == other || one.to_lowercase() == other.to_lowercase()
}

/// The frame's column in the type that tables have for it.
fn stored(name: &str, from: &DataType, to: &DataType) -> Expr {
    if from == to { col(name) } else { col(name).strict_cast(to.clone()) }
}

/// The frame's column as the table's column `name`, by the engine's rules.
fn assigned(session: &Session, own: &str, from: &DataType, name: &str, to: &DataType) -> Expr {
    let given = typed(from, to);
    let own = if given == *from { col(own) } else { col(own).strict_cast(given.clone()) };
    if given == *to {
        return own.alias(name);
    }
    let (session, column, dtype) = (session.clone(), name.to_owned(), to.clone());
    let assign = move |values: Column| {
        let assigned = session.engine().assign(&session, &values, &dtype);
        assigned.map_err(|error| through_polars(of_column(&column, error)))
    };
    let dtype = to.clone();
    let field = move |_: &Schema, field: &Field| Ok(Field::new(field.name().clone(), dtype.clone()));
    own.map(assign, field).alias(name)
}

/// The type with the table's where there is nothing but nulls, which have none of their own and cross to no engine.
fn typed(from: &DataType, to: &DataType) -> DataType {
    match (from, to) {
        (DataType::Null, to) => to.clone(),
        (DataType::List(from), DataType::List(to)) => DataType::List(Box::new(typed(from, to))),
        (DataType::Struct(from), DataType::Struct(to)) => {
            let fields = from.iter().zip(to);
            let field = |(from, to): (&Field, &Field)| Field::new(from.name().clone(), typed(from.dtype(), to.dtype()));
            DataType::Struct(fields.map(field).collect())
        }
        (from, _) => from.clone(),
    }
}

/// The error with the name of the column that the value does not fit.
fn of_column(name: &str, error: Error) -> Error {
    match error.condition() {
        Some(_) => Error::new(error.kind(), format!("column `{name}`: {}", error.message()))
            .with_condition(Condition::CAST_OVERFLOW_IN_TABLE_INSERT)
            .with_hint_opt(error.hint().map(str::to_owned)),
        None => error,
    }
}

fn fits(from: &DataType, to: &DataType, fit: Fit) -> bool {
    use DataType::{Binary, Boolean, Date, Datetime, Decimal, Float32, Float64, List, Null, String, Struct};
    // What a table cannot hold has no type of the table either.
    let from = &storable("", from).unwrap_or_else(|_| from.clone());
    let atomic = |dtype: &DataType| !dtype.is_nested() && !matches!(dtype, Binary | Boolean);
    match (from, to) {
        (Null, _) => true,
        (from, to) if from == to => true,
        (List(from), List(to)) => fits(from, to, fit),
        (Struct(from), Struct(to)) => {
            from.len() == to.len()
                && from.iter().zip(to).all(|(a, b)| a.name() == b.name() && fits(a.dtype(), b.dtype(), fit))
        }
        (from, to) if from.is_numeric() && to.is_numeric() && fit == Fit::Assignment => true,
        (Float32, Float64) | (Date, Datetime(_, None)) => true,
        (from, Float64) if from.is_integer() => bits(from) <= 32,
        (from, Float32) if from.is_integer() => bits(from) <= 16,
        (from, Decimal(precision, scale)) if from.is_integer() => precision - scale >= digits(from),
        (Decimal(p1, s1), Decimal(p2, s2)) => s1 <= s2 && p1 - s1 <= p2 - s2,
        (from, to) if from.is_integer() && to.is_integer() => bits(from) <= bits(to),
        (Datetime(..), Date | Datetime(..)) => fit == Fit::Assignment,
        (from, String) => fit == Fit::Assignment && (atomic(from) || matches!(from, Boolean)),
        _ => false,
    }
}

/// Of a signed integer.
fn bits(dtype: &DataType) -> usize {
    match dtype {
        DataType::Int8 => 8,
        DataType::Int16 => 16,
        DataType::Int32 => 32,
        _ => 64,
    }
}

/// Decimal digits that hold every value of a signed integer.
fn digits(dtype: &DataType) -> usize {
    match bits(dtype) {
        8 => 3,
        16 => 5,
        32 => 10,
        _ => 19,
    }
}
