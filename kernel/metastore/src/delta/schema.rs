//! Columns: from Arrow to Delta's own description, which is Spark's JSON, and back.

use std::collections::HashSet;
use std::sync::Arc;

use aerostat_error::{Error, Object, Result};
use deltalake_core::arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use deltalake_core::kernel::StructType;
use deltalake_core::kernel::engine::arrow_conversion::{TryFromArrow as _, TryFromKernel as _};

use crate::types::TableSchema;

/// Spark's JSON of a schema. Refuses types that Delta, and so Spark, does not have.
pub(crate) fn schema_to_json(schema: &Schema) -> Result<String> {
    for field in schema.fields() {
        if let Some(unknown) = unknown_type(field.data_type()) {
            let message = format!("the column `{}` has the type {unknown}, which tables do not have", field.name());
            return Err(Error::invalid_argument(message).with_hint("cast it to a type that they have"));
        }
    }
    let unfit = |e: &dyn std::fmt::Display| Error::invalid_argument(format!("the columns do not fit a table: {e}"));
    let schema = StructType::try_from_arrow(schema).map_err(|e| unfit(&e))?;
    serde_json::to_string(&schema).map_err(|e| unfit(&e))
}

/// The schema that Spark's JSON describes.
pub(crate) fn schema_from_json(json: &str) -> Result<SchemaRef> {
    let unreadable = |e: &dyn std::fmt::Display| Error::internal(format!("a stored schema cannot be read: {e}"));
    let schema: StructType = serde_json::from_str(json).map_err(|e| unreadable(&e))?;
    Ok(Arc::new(Schema::try_from_kernel(&schema).map_err(|e| unreadable(&e))?))
}

/// Whether these can be the columns of a table.
pub(crate) fn check_columns(columns: &TableSchema) -> Result<()> {
    let mut seen = HashSet::new();
    let fields = columns.schema.fields();
    if let Some(twice) = fields.iter().find(|field| !seen.insert(field.name().to_lowercase())) {
        return Err(Error::already_exists(Object::Column, twice.name()));
    }
    for name in &columns.partition_columns {
        let field = fields.iter().find(|field| field.name() == name);
        let field = field.ok_or_else(|| {
            Error::not_found_among(Object::Column, name, fields.iter().map(|field| field.name().as_str()))
        })?;
        if field.data_type().is_nested() {
            let message = format!("the column `{name}` is of a nested type, by which a table cannot be partitioned");
            return Err(Error::invalid_argument(message));
        }
    }
    if columns.partition_columns.len() >= fields.len() {
        return Err(Error::invalid_argument("a table needs a column that it is not partitioned by"));
    }
    Ok(())
}

/// Whether a timestamp without time zone is anywhere in the schema: a feature that the table must declare.
pub(super) fn has_timestamp_ntz(schema: &Schema) -> bool {
    fn within(field: &Field) -> bool {
        match field.data_type() {
            DataType::Timestamp(_, zone) => zone.is_none(),
            DataType::List(item) | DataType::LargeList(item) | DataType::Map(item, _) => within(item),
            DataType::Struct(fields) => fields.iter().any(|field| within(field)),
            _ => false,
        }
    }
    schema.fields().iter().any(|field| within(field))
}

/// The type, within this one, that Delta does not have. The conversion would silently take the nearest one, which
/// is then not what the files hold.
fn unknown_type(data_type: &DataType) -> Option<&DataType> {
    match data_type {
        DataType::Boolean | DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::Int64 => None,
        DataType::Float32 | DataType::Float64 | DataType::Decimal128(..) | DataType::Date32 => None,
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => None,
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => None,
        DataType::Timestamp(TimeUnit::Microsecond, None) => None,
        DataType::Timestamp(TimeUnit::Microsecond, Some(zone)) if &**zone == "UTC" => None,
        DataType::List(item) | DataType::LargeList(item) | DataType::Map(item, _) => unknown_type(item.data_type()),
        DataType::Struct(fields) => fields.iter().find_map(|field| unknown_type(field.data_type())),
        other => Some(other),
    }
}
