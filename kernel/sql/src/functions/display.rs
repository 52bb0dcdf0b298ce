//! Values of any type as the texts that Spark's casts make of them.

use std::sync::Arc;

use aerostat_session::zone::Zone;
use datafusion::arrow::array::{Array, ArrayRef, AsArray, StringArray};
use datafusion::arrow::datatypes::{DataType, Date32Type, Float32Type, Float64Type, TimestampMicrosecondType};
use datafusion::common::{Result, ScalarValue};

use super::cast::TIMESTAMP;
use super::convert::{plain_cast, plainly};
use super::instant::{date_text, time_text};
use super::number::{double_text, float_text};

/// Any column as text.
pub(super) fn as_text(value: &ArrayRef, zone: Zone) -> Result<ArrayRef> {
    let texts: StringArray = match value.data_type() {
        DataType::Float32 => value.as_primitive::<Float32Type>().iter().map(|float| float.map(float_text)).collect(),
        DataType::Float64 => value.as_primitive::<Float64Type>().iter().map(|double| double.map(double_text)).collect(),
        DataType::Date32 => value.as_primitive::<Date32Type>().iter().map(|days| days.and_then(date_text)).collect(),
        DataType::Timestamp(..) => {
            let micros = plainly(value, &TIMESTAMP)?;
            micros
                .as_primitive::<TimestampMicrosecondType>()
                .iter()
                .map(|time| time.and_then(|micros| time_text(zone.local(micros)?)))
                .collect()
        }
        DataType::List(_) | DataType::LargeList(_) | DataType::Struct(_) | DataType::Map(..) => {
            (0..value.len()).map(|row| nested_text(value, row, zone)).collect::<Result<_>>()?
        }
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => {
            let bytes = plain_cast(value, &DataType::Binary)?;
            bytes.as_binary::<i32>().iter().map(|bytes| bytes.map(String::from_utf8_lossy)).collect()
        }
        _ => return plain_cast(value, &DataType::Utf8),
    };
    Ok(Arc::new(texts))
}

/// `[1, 2]`, `{1, a}` or `{a -> 1}`.
fn nested_text(value: &ArrayRef, row: usize, zone: Zone) -> Result<Option<String>> {
    if value.is_null(row) {
        return Ok(None);
    }
    let shown = |values: &ArrayRef| -> Result<Vec<String>> {
        let texts = as_text(values, zone)?;
        Ok(texts.as_string::<i32>().iter().map(|text| text.unwrap_or("null").to_owned()).collect())
    };
    Ok(Some(match value.data_type() {
        DataType::List(_) => format!("[{}]", shown(&value.as_list::<i32>().value(row))?.join(", ")),
        DataType::LargeList(_) => format!("[{}]", shown(&value.as_list::<i64>().value(row))?.join(", ")),
        DataType::Map(..) => {
            let entries = value.as_map().value(row);
            let (keys, values) = (shown(entries.column(0))?, shown(entries.column(1))?);
            let pairs: Vec<String> = keys.iter().zip(&values).map(|(key, value)| format!("{key} -> {value}")).collect();
            format!("{{{}}}", pairs.join(", "))
        }
        DataType::Struct(_) => {
            let fields = value.as_struct().columns().iter().map(|column| shown(&column.slice(row, 1)));
            format!("{{{}}}", fields.collect::<Result<Vec<_>>>()?.concat().join(", "))
        }
        _ => ScalarValue::try_from_array(value, row)?.to_string(),
    }))
}
