//! JSON and CSV in texts: taking values out, reading whole texts into columns, and writing columns as texts.

mod csv;
mod options;
mod path;
mod schema;
mod write;

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Int32Array, ListBuilder, MapArray, StringArray, StringBuilder, StructArray};
use datafusion::arrow::buffer::OffsetBuffer;
use datafusion::arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::scalar::ScalarStructBuilder;
use datafusion::common::{Result, ScalarValue, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use serde_json::Value;

use super::cast::named_type;
use super::convert::{Mode, Rules, plainly};
use super::udf::{Plain, on_arrays, texts};
use options::Options;

/// The functions.
pub(super) fn functions() -> Vec<ScalarUDF> {
    use DataType::{Int32, Utf8};
    let list = DataType::List(Arc::new(Field::new_list_field(Utf8, true)));
    vec![
        Plain::udf("get_json_object", vec![vec![Utf8, Utf8]], Utf8, path::get_object),
        Plain::udf("json_array_length", vec![vec![Utf8]], Int32, array_length),
        Plain::udf("json_object_keys", vec![vec![Utf8]], list, object_keys),
        Plain::udf("schema_of_json", vec![vec![Utf8]], Utf8, schema::of_json),
        Plain::udf("schema_of_csv", vec![vec![Utf8]], Utf8, csv::schema),
        read("from_json"),
        read("from_csv"),
        write::udf("to_json"),
        write::udf("to_csv"),
    ]
}

fn read(name: &'static str) -> ScalarUDF {
    ScalarUDF::new_from_impl(Read { name, signature: Signature::variadic_any(Volatility::Immutable) })
}

fn array_length(args: &[ArrayRef]) -> Result<ArrayRef> {
    let lengths = texts(&args[0])?.iter().map(|text| {
        let json: Value = serde_json::from_str(text?).ok()?;
        i32::try_from(json.as_array()?.len()).ok()
    });
    Ok(Arc::new(lengths.collect::<Int32Array>()))
}

fn object_keys(args: &[ArrayRef]) -> Result<ArrayRef> {
    let mut lists = ListBuilder::new(StringBuilder::new());
    for text in texts(&args[0])? {
        match text.and_then(|text| serde_json::from_str(text).ok()) {
            Some(Value::Object(object)) => {
                object.keys().for_each(|key| lists.values().append_value(key));
                lists.append(true);
            }
            _ => lists.append_null(),
        }
    }
    Ok(Arc::new(lists.finish()))
}

/// `from_json(text, 'a INT, b ARRAY<STRING>', map('timestampFormat', 'dd/MM/yyyy'))`, and the same for CSV.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Read {
    name: &'static str,
    signature: Signature,
}

impl ScalarUDFImpl for Read {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        plan_err!("the type of {} is its second argument", self.name)
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        let Some(Some(schema)) = args.scalar_arguments.get(1) else {
            return plan_err!("{} needs a schema such as 'a INT, b STRING'", self.name);
        };
        let schema = schema.to_string();
        // Either one type, or columns, which are those of a struct.
        let dtype = named_type(&schema).or_else(|_| named_type(&format!("struct<{schema}>")))?;
        Ok(Arc::new(Field::new(self.name, dtype, true)))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let dtype = args.return_field.data_type().clone();
        // What is in a text is no matter of the session's mode: what does not fit is null.
        let rules = Rules { mode: Mode::Legacy, ..Rules::of(&args.config_options) };
        let options = Options::of(args.args.get(2))?;
        let parse: fn(&str, &DataType, &Options) -> Option<Value> = if self.name == "from_csv" {
            |text, dtype, options| csv::parsed(text, dtype, options)
        } else {
            |text, _, _| serde_json::from_str(text).ok()
        };
        let value = ScalarFunctionArgs { args: args.args.into_iter().take(1).collect(), ..args };
        on_arrays(&value, |arrays| {
            let arrays = plainly(&arrays[0], &DataType::Utf8)?;
            let values = texts(&arrays)?.iter().map(|text| match text {
                None => ScalarValue::try_from(&dtype),
                // Of a text that is no JSON at least the columns are there, without values.
                Some(text) => match (parse(text, &dtype, &options), &dtype) {
                    (Some(json), _) => typed(&json, &dtype, rules, &options),
                    (None, DataType::Struct(_)) => typed(&Value::Object(Default::default()), &dtype, rules, &options),
                    (None, _) => ScalarValue::try_from(&dtype),
                },
            });
            let values = values.collect::<Result<Vec<_>>>()?;
            if values.is_empty() {
                return Ok(datafusion::arrow::array::new_empty_array(&dtype));
            }
            ScalarValue::iter_to_array(values)
        })
    }
}

/// A JSON value as one of the type; null if it is of another.
fn typed(json: &Value, dtype: &DataType, rules: Rules, options: &Options) -> Result<ScalarValue> {
    match (dtype, json) {
        (_, Value::Null) => ScalarValue::try_from(dtype),
        (DataType::Struct(fields), Value::Object(object)) => {
            let mut row = ScalarStructBuilder::new();
            for field in fields {
                let value = typed(object.get(field.name()).unwrap_or(&Value::Null), field.data_type(), rules, options)?;
                row = row.with_scalar(Arc::clone(field), value);
            }
            row.build()
        }
        (DataType::Map(entries, _), Value::Object(object)) => {
            let DataType::Struct(fields) = entries.data_type() else { return plan_err!("a map without entries") };
            let [_, value] = fields.as_ref() else { return plan_err!("a map without key and value") };
            let keys: ArrayRef = Arc::new(object.keys().map(|key| Some(key.as_str())).collect::<StringArray>());
            let values = object.values().map(|json| typed(json, value.data_type(), rules, options));
            let values = ScalarValue::new_list(&values.collect::<Result<Vec<_>>>()?, value.data_type(), true);
            let columns = vec![keys, Arc::clone(values.values())];
            let entries_of_row = StructArray::try_new(fields.clone(), columns, None)?;
            let offsets = OffsetBuffer::from_lengths([object.len()]);
            let map = MapArray::try_new(Arc::clone(entries), offsets, entries_of_row, None, false)?;
            Ok(ScalarValue::Map(Arc::new(map)))
        }
        (DataType::List(element), Value::Array(values)) => {
            let values = values.iter().map(|value| typed(value, element.data_type(), rules, options));
            let values = values.collect::<Result<Vec<_>>>()?;
            Ok(ScalarValue::List(ScalarValue::new_list(&values, element.data_type(), true)))
        }
        (DataType::Utf8, Value::String(text)) => Ok(ScalarValue::Utf8(Some(text.clone()))),
        (DataType::Utf8, other) => Ok(ScalarValue::Utf8(Some(other.to_string()))),
        (DataType::Struct(_) | DataType::List(_) | DataType::Map(..), _) | (_, Value::Object(_) | Value::Array(_)) => {
            ScalarValue::try_from(dtype)
        }
        (_, scalar) => {
            let text = scalar.as_str().map_or_else(|| scalar.to_string(), str::to_owned);
            options.read(text, dtype, rules)
        }
    }
}
