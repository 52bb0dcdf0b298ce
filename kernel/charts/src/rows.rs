//! The columns of a request, as numbers and texts.

use std::collections::HashMap;

use aerostat_error::{Error, Result};
use polars::prelude::{AnyValue, Column, DataFrame, DataType, PolarsError, TimeUnit};

use crate::request::{Request, role};

/// The rows to draw, by column.
pub(crate) struct Rows<'a> {
    /// The column of the x axis.
    pub(crate) x: Option<&'a Column>,
    /// Name and values of each column of values; what is not a finite number is `None`.
    pub(crate) y: Vec<(&'a str, Vec<Option<f64>>)>,
    /// The column that tells the series apart.
    pub(crate) color: Option<&'a Column>,
    /// How many rows of the frame there are to each of these, all told.
    pub(crate) counted: usize,
    /// How many rows there are.
    pub(crate) len: usize,
}

/// The rows of one series.
pub(crate) struct Group {
    pub(crate) name: String,
    /// Which rows they are, and their values, in order.
    pub(crate) values: Vec<(usize, Option<f64>)>,
}

impl<'a> Rows<'a> {
    /// The columns of the frame that the request's plan gave.
    pub(crate) fn new(request: &'a Request, frame: &'a DataFrame) -> Result<Self> {
        let column = |role: &str| frame.column(role).ok();
        let values = request.y.iter().enumerate().map(|(at, name)| {
            let column = frame.column(&role(at)).map_err(broken)?;
            Ok((name.as_str(), numbers(column)?))
        });
        let counted = match column("rows") {
            Some(rows) => numbers(rows)?.into_iter().flatten().sum::<f64>() as usize,
            None => frame.height(),
        };
        Ok(Self {
            x: column("x"),
            y: values.collect::<Result<_>>()?,
            color: column("color"),
            counted,
            len: frame.height(),
        })
    }

    /// The rows of each series.
    pub(crate) fn series(&self) -> Vec<Group> {
        let Some(color) = self.color else {
            let whole = |values: &Vec<Option<f64>>| values.iter().copied().enumerate().collect();
            return self
                .y
                .iter()
                .map(|(name, values)| Group { name: (*name).to_owned(), values: whole(values) })
                .collect();
        };
        let (names, places) = categories(color);
        let mut series: Vec<Group> = names.into_iter().map(|name| Group { name, values: vec![] }).collect();
        let values = self.y.first().map(|(_, values)| values.as_slice()).unwrap_or_default();
        for (row, (place, value)) in places.into_iter().zip(values).enumerate() {
            series[place].values.push((row, *value));
        }
        series
    }
}

/// The values as floats; null, NaN and infinity are `None`.
pub(crate) fn numbers(column: &Column) -> Result<Vec<Option<f64>>> {
    let floats = column.cast(&DataType::Float64).map_err(broken)?;
    let floats = floats.f64().map_err(broken)?;
    Ok(floats.iter().map(|value| value.filter(|value| value.is_finite())).collect())
}

/// Moments as milliseconds since 1970, in the column's own time zone if it has none, else in UTC.
pub(crate) fn moments(column: &Column) -> Result<Vec<Option<f64>>> {
    let moments = column.cast(&DataType::Datetime(TimeUnit::Milliseconds, None)).map_err(broken)?;
    numbers(&moments.cast(&DataType::Int64).map_err(broken)?)
}

/// The different values as texts, in the order in which they come, and for each row which one it has.
pub(crate) fn categories(column: &Column) -> (Vec<String>, Vec<usize>) {
    let mut names: Vec<String> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    let series = column.as_materialized_series();
    let places = series.iter().map(|value| {
        let name = label(&value);
        *known.entry(name).or_insert_with_key(|name| {
            names.push(name.clone());
            names.len() - 1
        })
    });
    let places = places.collect();
    (names, places)
}

fn label(value: &AnyValue<'_>) -> String {
    match value {
        AnyValue::Null => "null".into(),
        AnyValue::Float32(number) => number.to_string(),
        AnyValue::Float64(number) => number.to_string(),
        other => match other.get_str() {
            Some(text) => text.to_owned(),
            // A moment at midnight is a date.
            None => other.to_string().trim_end_matches(" 00:00:00").to_owned(),
        },
    }
}

/// The plan was checked, so its columns can be read.
fn broken(error: PolarsError) -> Error {
    Error::internal(format!("a chart's rows cannot be read: {error}"))
}
