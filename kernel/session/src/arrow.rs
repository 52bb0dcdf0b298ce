//! Frames of polars as record batches of arrow-rs and back, without copying, through the C Data Interface.

use aerostat_error::{Error, Result};
use deltalake_core::arrow::datatypes::SchemaRef;
use deltalake_core::arrow::record_batch::RecordBatch;
use polars::prelude::{DataFrame, Schema};

/// The frame as record batches, one a chunk. Strings are Arrow's views.
pub fn to_batches(_frame: &DataFrame) -> Result<Vec<RecordBatch>> {
    Err(Error::internal("not written yet"))
}

/// The record batches as one frame; `schema` counts where there is no batch.
pub fn from_batches(_schema: SchemaRef, _batches: &[RecordBatch]) -> Result<DataFrame> {
    Err(Error::internal("not written yet"))
}

/// The schema of [`to_batches`].
pub fn to_schema(_schema: &Schema) -> Result<SchemaRef> {
    Err(Error::internal("not written yet"))
}

/// The schema of [`from_batches`].
pub fn from_schema(_schema: &SchemaRef) -> Result<Schema> {
    Err(Error::internal("not written yet"))
}
