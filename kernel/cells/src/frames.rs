//! Frames made of values, and values taken out of frames.

use aerostat_charts::Chart;
use aerostat_error::{Error, Result};
use aerostat_session::{MimeBundle, chart_bundle, display, errors};
use polars::prelude::*;

use crate::context::Context;
use crate::convert::{Arg, Dynamic};
use crate::ty::{IntTy, Ty};
use crate::value::{Value, mismatch};

/// Rows that a plan shows as the result of a cell.
const PREVIEW_ROWS: u32 = 10;

impl Value {
    /// What the value looks like as the result of a cell.
    pub(crate) fn bundle(&self, cx: &Context) -> Result<MimeBundle> {
        match self {
            Self::Option(Some(inner)) | Self::Result(Ok(inner)) if is_shown_whole(inner) => inner.bundle(cx),
            Self::Result(Err(error)) => Err(error.clone()),
            other => {
                if let Some(frame) = other.downcast_ref::<DataFrame>() {
                    Ok(display::frame_bundle(frame))
                } else if let Some(plan) = other.downcast_ref::<LazyFrame>() {
                    preview(cx, plan)
                } else if let Some(chart) = other.downcast_ref::<Chart>() {
                    Ok(chart_bundle(chart))
                } else {
                    Ok(MimeBundle::text(other.debug(false)))
                }
            }
        }
    }
}

impl Value {
    /// What `display` shows: frames as tables to look around in, everything else as the result of a cell.
    pub(crate) fn displayed(&self, cx: &Context) -> Result<MimeBundle> {
        match self {
            Self::Option(Some(inner)) | Self::Result(Ok(inner)) if is_shown_whole(inner) => inner.displayed(cx),
            other => {
                if let Some(frame) = other.downcast_ref::<DataFrame>() {
                    Ok(display::table_bundle(frame, true))
                } else if let Some(plan) = other.downcast_ref::<LazyFrame>() {
                    let mut plan = plan.clone();
                    let rows = display::table_rows(plan.collect_schema().map_err(errors::from_polars)?.len());
                    // One row more than is shown tells whether there are more.
                    let frame = cx.session.collect(plan.limit(rows as u32 + 1))?;
                    Ok(display::table_bundle(&frame.head(Some(rows)), frame.height() <= rows))
                } else {
                    other.bundle(cx)
                }
            }
        }
    }
}

/// Whether a value is shown as such, whatever it is wrapped in.
fn is_shown_whole(value: &Value) -> bool {
    value.downcast_ref::<DataFrame>().is_some()
        || value.downcast_ref::<LazyFrame>().is_some()
        || value.downcast_ref::<Chart>().is_some()
}

/// The first rows of a plan, fetched with the limit pushed down, and a line that says so.
fn preview(cx: &Context, plan: &LazyFrame) -> Result<MimeBundle> {
    let frame = cx.session.collect(plan.clone().limit(PREVIEW_ROWS + 1))?;
    let more = frame.height() > PREVIEW_ROWS as usize;
    let frame = frame.head(Some(PREVIEW_ROWS as usize));
    let note = match more {
        true => format!("LazyFrame: its first {PREVIEW_ROWS} rows; `.collect()?` runs the whole plan"),
        false => "LazyFrame: all of its rows; `.collect()?` makes a DataFrame".to_owned(),
    };
    let text = format!("{note}\n{}", display::frame_text(&frame));
    let html = format!("<p><small>{}</small></p>{}", note.replace('`', ""), display::frame_html(&frame));
    Ok(MimeBundle::text(text).with("text/html", html))
}

/// `show(n)`: prints the first rows as Spark does.
pub(crate) fn show(cx: &Context, plan: LazyFrame, n: u32) -> Result<()> {
    // One row more than is shown tells whether there are more.
    let frame = cx.session.collect(plan.limit(n.saturating_add(1)))?;
    cx.output.stdout(&display::show_text(&frame, n as usize, true));
    Ok(())
}

/// `print_schema()`: prints the columns as Spark does.
pub(crate) fn print_schema(cx: &Context, mut plan: LazyFrame) -> Result<()> {
    let schema = plan.collect_schema().map_err(errors::from_polars)?;
    cx.output.stdout(&display::schema_tree(&schema));
    Ok(())
}

/// The argument of `Series::new`: values of one type.
pub struct Values(Vec<Value>);

impl Values {
    /// The values as a Series.
    pub fn with_name(self, name: PlSmallStr) -> Result<Series> {
        series(name, Value::vec(self.0))
    }
}

impl Arg for Values {
    type Out = Values;
    fn ty() -> Ty {
        Ty::vec(Ty::Var(0))
    }
    fn take(value: Value) -> Result<Values> {
        value.into_elements().map(Values)
    }
}

/// A column of `df!`: a vector, range, Series or Column becomes a Series of its element's type.
pub(crate) fn series(name: PlSmallStr, value: Value) -> Result<Series> {
    if let Some(series) = value.downcast_ref::<Series>() {
        return Ok(series.clone().with_name(name));
    }
    if let Some(column) = value.downcast_ref::<Column>() {
        return Ok(column.as_materialized_series().clone().with_name(name));
    }
    let values = value.into_elements()?;
    let sample = values.iter().find_map(|value| match value {
        Value::Option(inner) => inner.as_deref(),
        other => Some(other),
    });
    match sample.cloned() {
        None => Ok(Series::new_null(name, values.len())),
        Some(Value::Bool(_)) => column::<bool>(name, values),
        Some(Value::Int(_, ty)) => int_series(name, values, ty),
        Some(Value::F64(_)) => column::<f64>(name, values),
        Some(Value::F32(_)) => singles(name, values),
        Some(Value::Str(_)) => column::<String>(name, values),
        Some(Value::Vec(_)) => lists(name, values),
        Some(Value::Native(object)) if (*object).as_any().is::<Series>() => lists(name, values),
        Some(Value::Native(object)) if (*object).as_any().is::<chrono::NaiveDate>() => dates(name, values),
        Some(Value::Native(object)) if (*object).as_any().is::<chrono::NaiveDateTime>() => datetimes(name, values),
        Some(_) => Err(Error::not_supported("a column of values of this type")
            .with_hint("columns hold booleans, numbers, strings, dates, datetimes and lists of them")),
    }
}

/// The values, `None` where an `Option` has none.
fn options<T: Arg>(values: Vec<Value>) -> Result<Vec<Option<T::Out>>> {
    let unpack = |value| match value {
        Value::Option(inner) => inner.map(|value| T::take(*value)).transpose(),
        other => T::take(other).map(Some),
    };
    values.into_iter().map(unpack).collect()
}

fn column<T: Arg>(name: PlSmallStr, values: Vec<Value>) -> Result<Series>
where
    Series: NamedFrom<Vec<Option<T::Out>>, [Option<T::Out>]>,
{
    Ok(Series::new(name, options::<T>(values)?))
}

/// Lists of vectors or of Series.
fn lists(name: PlSmallStr, values: Vec<Value>) -> Result<Series> {
    let lists: Result<Vec<Series>> = values.into_iter().map(|list| series(PlSmallStr::EMPTY, list)).collect();
    Ok(Series::new(name, lists?))
}

/// Floats of 32 bits.
fn singles(name: PlSmallStr, values: Vec<Value>) -> Result<Series> {
    let unpack = |value| match value {
        Value::F32(f) => Ok(Some(f)),
        Value::Option(None) => Ok(None),
        Value::Option(Some(inner)) => match *inner {
            Value::F32(f) => Ok(Some(f)),
            _ => Err(mismatch("f32")),
        },
        _ => Err(mismatch("f32")),
    };
    let values: Result<Vec<Option<f32>>> = values.into_iter().map(unpack).collect();
    Ok(Series::new(name, values?))
}

fn int_series(name: PlSmallStr, values: Vec<Value>, ty: IntTy) -> Result<Series> {
    match ty {
        IntTy::I8 => column::<i8>(name, values),
        IntTy::I16 => column::<i16>(name, values),
        IntTy::I32 => column::<i32>(name, values),
        IntTy::I64 => column::<i64>(name, values),
        IntTy::I128 => column::<i128>(name, values),
        IntTy::U8 => column::<u8>(name, values),
        IntTy::U16 => column::<u16>(name, values),
        IntTy::U32 => column::<u32>(name, values),
        IntTy::U64 => column::<u64>(name, values),
        IntTy::Isize | IntTy::Usize => {
            Err(Error::not_supported(format!("a column of `{}`", ty.name())).with_hint("write the numbers as `1_i64`"))
        }
    }
}

fn dates(name: PlSmallStr, values: Vec<Value>) -> Result<Series> {
    Ok(DateChunked::from_naive_date_options(name, options::<chrono::NaiveDate>(values)?).into_series())
}

fn datetimes(name: PlSmallStr, values: Vec<Value>) -> Result<Series> {
    let values = options::<chrono::NaiveDateTime>(values)?;
    Ok(DatetimeChunked::from_naive_datetime_options(name, values, TimeUnit::Milliseconds).into_series())
}

/// A scalar that polars computed, as the number type of this name.
pub(crate) fn extract(scalar: &PolarsResult<Scalar>, ty: &str) -> Result<Dynamic> {
    let scalar = scalar.as_ref().map_err(|error| errors::from_polars(error.clone()))?;
    extract_value(&scalar.as_any_value().into_static(), ty)
}

/// [`extract`], where null is `None`.
pub(crate) fn extract_option(scalar: &PolarsResult<Scalar>, ty: &str) -> Result<Option<Dynamic>> {
    match scalar {
        Ok(scalar) if scalar.is_null() => Ok(None),
        _ => extract(scalar, ty).map(Some),
    }
}

/// A value of a frame as the number type of this name.
pub(crate) fn extract_value(value: &AnyValue<'static>, ty: &str) -> Result<Dynamic> {
    let float = value.try_extract::<f64>().map_err(errors::from_polars)?;
    match IntTy::parse(ty) {
        Some(int) => {
            let exact = value.extract::<i128>().filter(|exact| int.holds(*exact));
            exact
                .map(|exact| Dynamic(Value::Int(exact, int)))
                .ok_or_else(|| Error::invalid_argument(format!("{float} does not fit into `{ty}`")))
        }
        None if ty == "f32" => Ok(Dynamic(Value::F32(float as f32))),
        None if ty == "f64" => Ok(Dynamic(Value::F64(float))),
        None => Err(Error::not_supported(format!("a number as `{ty}`"))),
    }
}
