//! How values become those of a table's columns: by the casts of ANSI mode, whatever the mode of the session is.

use aerostat_error::{Error, Result};
use aerostat_session::arrow as bridge;
use aerostat_session::errors::from_polars;
use aerostat_session::zone::Zone;
use datafusion::arrow::record_batch::RecordBatch;
use polars::prelude::{Column, DataFrame, DataType, Schema};

use super::cast::common;
use super::convert::{Mode, Rules, cast};
use crate::query::errors::plain;

/// The values as those of type `to`, with times by the clock of `zone`.
pub(crate) fn assign(values: &Column, to: &DataType, zone: &str) -> Result<Column> {
    let rules = Rules { mode: Mode::Ansi, zone: Zone::of_setting(zone) };
    let schema = bridge::to_schema(&Schema::from_iter([(values.name().clone(), to.clone())]))?;
    let frame = DataFrame::new(values.len(), vec![values.clone()]).map_err(from_polars)?;
    let assigned = bridge::to_batches(&frame)?.into_iter().map(|batch| {
        let columns = batch.columns().iter().zip(schema.fields()).map(|(column, field)| {
            let column = cast(column, &common(column.data_type()), rules)?;
            cast(&cast(&column, &common(field.data_type()), rules)?, field.data_type(), rules)
        });
        let columns = columns.collect::<datafusion::common::Result<_>>().map_err(|error| plain(&error))?;
        RecordBatch::try_new(schema.clone(), columns).map_err(|error| Error::internal(error.to_string()))
    });
    let assigned = bridge::from_batches(schema.clone(), &assigned.collect::<Result<Vec<_>>>()?)?;
    match assigned.columns() {
        [column] => Ok(column.clone()),
        _ => Err(Error::internal("a column has become several")),
    }
}
