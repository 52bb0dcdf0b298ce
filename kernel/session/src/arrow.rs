//! Frames of polars as record batches of arrow-rs and back, without copying, through the C Data Interface.
//!
//! The two crates declare the interface's structs each for themselves, with the layout that its specification fixes.

use std::mem::transmute;
use std::sync::Arc;

use aerostat_error::{Error, Result};
use deltalake_core::arrow::array::{Array, ArrayRef, RecordBatch, RecordBatchOptions, make_array};
use deltalake_core::arrow::compute::cast;
use deltalake_core::arrow::datatypes as rs;
use deltalake_core::arrow::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi_and_data_type, to_ffi};
use polars::prelude::{Column, CompatLevel, DataFrame, DataType, Field, IntoColumn, PlSmallStr, Schema, Series};
use polars_arrow::ffi;

use crate::errors::from_polars;

/// The frame as record batches, one a chunk and at least one. Strings are Arrow's views, categories become strings.
pub fn to_batches(frame: &DataFrame) -> Result<Vec<RecordBatch>> {
    let schema = to_schema(frame.schema())?;
    let mut columns = frame.columns().iter().map(plain).collect::<Result<Vec<Column>>>()?;
    if columns.is_empty() {
        return Ok(vec![batch(schema, Vec::new(), frame.height())?]);
    }
    let aligned = aligned(&mut columns, frame.height())?;
    let chunks = aligned.first().map_or(0, |series| series.n_chunks());
    (0..chunks)
        .map(|chunk| {
            let arrays = aligned.iter().zip(schema.fields());
            let arrays = arrays.map(|(series, field)| export(series, chunk, field.data_type()));
            let arrays = arrays.collect::<Result<Vec<ArrayRef>>>()?;
            let rows = arrays.first().map_or(0, |array| array.len());
            batch(schema.clone(), arrays, rows)
        })
        .collect()
}

/// The record batches as one frame; `schema` counts where there is no batch.
pub fn from_batches(schema: rs::SchemaRef, batches: &[RecordBatch]) -> Result<DataFrame> {
    let target = from_schema(&schema)?;
    let columns = target.iter().enumerate().map(|(index, (name, dtype))| {
        let chunks = batches.iter().map(|batch| import(name, batch.column(index)));
        let mut column = Series::new_empty(name.clone(), dtype);
        for chunk in chunks {
            column.append_owned(chunk?.cast(dtype).map_err(from_polars)?).map_err(from_polars)?;
        }
        Ok(column.into_column())
    });
    let height = batches.iter().map(RecordBatch::num_rows).sum();
    DataFrame::new(height, columns.collect::<Result<_>>()?).map_err(from_polars)
}

/// The schema of [`to_batches`].
pub fn to_schema(schema: &Schema) -> Result<rs::SchemaRef> {
    let fields = schema.iter().map(|(name, dtype)| {
        let field = Field::new(PlSmallStr::EMPTY, without_categories(dtype)).to_arrow(CompatLevel::newest());
        let exported = ffi::export_field_to_c(&field);
        // SAFETY: both types are the specification's `struct ArrowSchema`, and ownership moves with the value.
        let exported = unsafe { transmute::<ffi::ArrowSchema, FFI_ArrowSchema>(exported) };
        let dtype = rs::DataType::try_from(&exported).map_err(|error| Error::internal(error.to_string()))?;
        Ok(rs::Field::new(name.as_str(), dtype, true))
    });
    Ok(Arc::new(rs::Schema::new(fields.collect::<Result<Vec<_>>>()?)))
}

/// The schema of [`from_batches`].
pub fn from_schema(schema: &rs::SchemaRef) -> Result<Schema> {
    let fields = schema.fields().iter().map(|field| {
        let imported = FFI_ArrowSchema::try_from(&importable(field.name(), field.data_type())?)
            .map_err(|error| Error::internal(error.to_string()))?;
        // SAFETY: both types are the specification's `struct ArrowSchema`, and ownership moves with the value.
        let imported = unsafe { transmute::<FFI_ArrowSchema, ffi::ArrowSchema>(imported) };
        // SAFETY: arrow-rs made it from a type.
        let imported = unsafe { ffi::import_field_from_c(&imported) }.map_err(from_polars)?;
        Ok(Field::new(field.name().as_str().into(), DataType::from_arrow_field(&imported)))
    });
    fields.collect()
}

fn batch(schema: rs::SchemaRef, arrays: Vec<ArrayRef>, rows: usize) -> Result<RecordBatch> {
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    RecordBatch::try_new_with_options(schema, arrays, &options).map_err(|error| Error::internal(error.to_string()))
}

/// The columns with chunks of the same lengths.
fn aligned(columns: &mut Vec<Column>, height: usize) -> Result<Vec<Series>> {
    let mut frame = DataFrame::new(height, std::mem::take(columns)).map_err(from_polars)?;
    frame.align_chunks_par();
    Ok(frame.columns().iter().map(|column| column.as_materialized_series().clone()).collect())
}

fn export(series: &Series, chunk: usize, dtype: &rs::DataType) -> Result<ArrayRef> {
    let exported = ffi::export_array_to_c(series.to_arrow(chunk, CompatLevel::newest()));
    // SAFETY: both types are the specification's `struct ArrowArray`, and ownership moves with the value.
    let exported = unsafe { transmute::<ffi::ArrowArray, FFI_ArrowArray>(exported) };
    // SAFETY: polars exported an array of the type that `to_schema` gives for the same series.
    let data = unsafe { from_ffi_and_data_type(exported, dtype.clone()) };
    Ok(make_array(data.map_err(|error| Error::internal(error.to_string()))?))
}

fn import(name: &PlSmallStr, array: &ArrayRef) -> Result<Series> {
    let internal = |error: deltalake_core::arrow::error::ArrowError| Error::internal(error.to_string());
    let dtype = importable(name, array.data_type())?;
    let array = if &dtype == array.data_type() { array.clone() } else { cast(array, &dtype).map_err(internal)? };
    let (array, schema) = to_ffi(&array.to_data()).map_err(internal)?;
    // SAFETY: both types are the specification's `struct ArrowArray`, and ownership moves with the value.
    let array = unsafe { transmute::<FFI_ArrowArray, ffi::ArrowArray>(array) };
    // SAFETY: as before.
    let schema = unsafe { transmute::<FFI_ArrowSchema, ffi::ArrowSchema>(schema) };
    // SAFETY: arrow-rs exported both from one array.
    let array = unsafe {
        let field = ffi::import_field_from_c(&schema).map_err(from_polars)?;
        ffi::import_array_from_c(array, field.dtype).map_err(from_polars)?
    };
    Series::from_arrow(name.clone(), array).map_err(from_polars)
}

/// The type that an array of `dtype` is cast to before polars takes it; mostly itself.
fn importable(column: &str, dtype: &rs::DataType) -> Result<rs::DataType> {
    match dtype {
        rs::DataType::Dictionary(_, values) => importable(column, values),
        rs::DataType::Decimal32(precision, scale)
        | rs::DataType::Decimal64(precision, scale)
        | rs::DataType::Decimal256(precision, scale) => Ok(rs::DataType::Decimal128((*precision).min(38), *scale)),
        rs::DataType::Float16 => Ok(rs::DataType::Float32),
        rs::DataType::Interval(_) | rs::DataType::Union(..) | rs::DataType::RunEndEncoded(..) => {
            Err(Error::not_supported(format!("a frame cannot hold column `{column}` of type `{dtype}`"))
                .with_hint(format!("cast it: `CAST({column} AS STRING)`")))
        }
        _ => Ok(dtype.clone()),
    }
}

fn plain(column: &Column) -> Result<Column> {
    let dtype = without_categories(column.dtype());
    if &dtype == column.dtype() { Ok(column.clone()) } else { column.cast(&dtype).map_err(from_polars) }
}

/// Categories are a matter of polars: engines compare and concatenate strings.
fn without_categories(dtype: &DataType) -> DataType {
    match dtype {
        DataType::Categorical(..) | DataType::Enum(..) => DataType::String,
        DataType::List(inner) => DataType::List(Box::new(without_categories(inner))),
        DataType::Array(inner, width) => DataType::Array(Box::new(without_categories(inner)), *width),
        DataType::Struct(fields) => {
            let plain = fields.iter().map(|f| Field::new(f.name().clone(), without_categories(f.dtype())));
            DataType::Struct(plain.collect())
        }
        other => other.clone(),
    }
}
