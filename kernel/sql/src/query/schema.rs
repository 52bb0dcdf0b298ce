//! Between the schemas of frames and those of the planner, in which all names are in lower case.

use std::collections::HashSet;
use std::sync::Arc;

use aerostat_error::Result;
use aerostat_session::{arrow as bridge, types};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};

/// Spark's name of a type.
pub(crate) fn type_name(dtype: &DataType) -> Result<String> {
    match key_and_value(dtype) {
        Some((key, value)) => Ok(format!("map<{},{}>", type_name(key)?, type_name(value)?)),
        None => Ok(types::name(&in_frames(dtype)?)),
    }
}

/// The type as statements write it.
pub(crate) fn type_sql(dtype: &DataType) -> Result<String> {
    match key_and_value(dtype) {
        Some((key, value)) => Ok(format!("MAP<{}, {}>", type_sql(key)?, type_sql(value)?)),
        None => Ok(types::sql(&in_frames(dtype)?)),
    }
}

/// The types that a map is of, which frames have none of.
fn key_and_value(dtype: &DataType) -> Option<(&DataType, &DataType)> {
    let DataType::Map(entries, _) = dtype else { return None };
    let DataType::Struct(fields) = entries.data_type() else { return None };
    let [key, value] = fields.as_ref() else { return None };
    Some((key.data_type(), value.data_type()))
}

/// The type that columns of frames have.
fn in_frames(dtype: &DataType) -> Result<polars::prelude::DataType> {
    let schema: SchemaRef = Arc::new(Schema::new(vec![Field::new("type", dtype.clone(), true)]));
    let schema = bridge::from_schema(&schema)?;
    Ok(schema.iter_values().next().cloned().unwrap_or(polars::prelude::DataType::Null))
}

/// The names of columns as the planner knows them. Of columns that differ in case only, the first has the name; the
/// others keep out of its way, and can only be had by `*`.
pub(crate) fn folded_names(names: &[String]) -> Vec<String> {
    let mut taken = HashSet::new();
    let fold = |name: &String| {
        let lower = name.to_lowercase();
        match taken.insert(lower.clone()) {
            true => lower,
            false => format!("{lower}#{}", taken.len()),
        }
    };
    names.iter().map(fold).collect()
}
