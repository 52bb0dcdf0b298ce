//! Functions of users: callable by name in SQL and in expressions.

use std::sync::Arc;

use aerostat_error::{Error, Object, Result, counted};
use polars::prelude::{Column, DataType, Expr, Field, IntoColumn, PolarsResult, Schema, Series};

use crate::errors::through_polars;

/// A function of columns, registered by its name.
pub trait Udf: Send + Sync {
    /// Its name.
    fn name(&self) -> &str;

    /// The types of its arguments.
    fn args(&self) -> &[DataType];

    /// The type of its result.
    fn returns(&self) -> &DataType;

    /// Its result for columns of the types of [`Udf::args`] with `rows` rows each.
    fn call(&self, args: Vec<Series>, rows: usize) -> Result<Series>;
}

/// The function of columns as an expression. The number of arguments is checked here, their types are converted.
pub(crate) fn expression(udf: Arc<dyn Udf>, args: &[Expr]) -> Result<Expr> {
    let (wanted, given) = (udf.args().len(), args.len());
    let Some((first, rest)) = args.split_first().filter(|_| wanted == given) else {
        let (name, wanted) = (udf.name(), counted(wanted, "argument"));
        return Err(Error::invalid_argument(format!("function `{name}` takes {wanted}, not {given}")));
    };
    let field_of = udf.clone();
    let work = move |columns: &mut [Column]| call(&*udf, columns).map(Series::into_column);
    let field = move |_: &Schema, fields: &[Field]| {
        let name = fields.first().map(|field| field.name().clone()).unwrap_or_default();
        Ok(Field::new(name, field_of.returns().clone()))
    };
    Ok(first.clone().map_many(work, rest, field))
}

fn call(udf: &dyn Udf, columns: &[Column]) -> PolarsResult<Series> {
    let rows = columns.iter().map(Column::len).max().unwrap_or(0);
    let args = columns.iter().zip(udf.args()).map(|(column, dtype)| {
        // A constant stands for a column of itself.
        let column = if column.len() == rows { column.clone() } else { column.new_from_index(0, rows) };
        Ok(column.cast(dtype)?.take_materialized_series())
    });
    let result = udf.call(args.collect::<PolarsResult<_>>()?, rows);
    let name = columns.first().map(|column| column.name().clone()).unwrap_or_default();
    result.map(|series| series.with_name(name)).map_err(through_polars)
}

/// The error for a function that nobody has registered.
pub(crate) fn unknown(name: &str, known: impl IntoIterator<Item = String>) -> Error {
    Error::not_found_among(Object::Function, name, known)
}
