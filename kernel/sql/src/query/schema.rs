//! Between the schemas of frames and those of the planner, in which all names are in lower case.

use std::collections::HashSet;
use std::sync::Arc;

use aerostat_error::Result;
use aerostat_session::{arrow as bridge, types};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};

/// Spark's name of a type.
pub(crate) fn type_name(dtype: &DataType) -> Result<String> {
    if let DataType::Map(entries, _) = dtype
        && let DataType::Struct(fields) = entries.data_type()
        && let [key, value] = fields.as_ref()
    {
        return Ok(format!("map<{},{}>", type_name(key.data_type())?, type_name(value.data_type())?));
    }
    let schema: SchemaRef = Arc::new(Schema::new(vec![Field::new("type", dtype.clone(), true)]));
    let schema = bridge::from_schema(&schema)?;
    Ok(schema.iter_values().next().map(types::name).unwrap_or_default())
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
