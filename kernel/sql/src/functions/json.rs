//! JSON in texts: taking values out, reading whole texts into columns, and writing columns as texts.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, Int32Array, ListBuilder, StringArray, StringBuilder};
use datafusion::arrow::datatypes::{DataType, Field, FieldRef, Fields};
use datafusion::common::scalar::ScalarStructBuilder;
use datafusion::common::{Result, ScalarValue, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use serde_json::Value;

use super::cast::{as_text, cast, named_type};
use super::udf::{Plain, on_arrays, text_at, texts};

/// The functions.
pub(super) fn functions() -> Vec<ScalarUDF> {
    use DataType::{Int32, Utf8};
    let list = DataType::List(Arc::new(Field::new_list_field(Utf8, true)));
    vec![
        Plain::udf("get_json_object", vec![vec![Utf8, Utf8]], Utf8, get_object),
        Plain::udf("json_array_length", vec![vec![Utf8]], Int32, array_length),
        Plain::udf("json_object_keys", vec![vec![Utf8]], list, object_keys),
        ScalarUDF::new_from_impl(FromJson { signature: Signature::any(2, Volatility::Immutable) }),
        ScalarUDF::new_from_impl(ToJson { signature: Signature::any(1, Volatility::Immutable) }),
    ]
}

/// The value at a path such as `$.a[0].b`: texts bare, everything else as JSON.
fn get_object(args: &[ArrayRef]) -> Result<ArrayRef> {
    let (values, paths) = (texts(&args[0])?, texts(&args[1])?);
    let found = (0..values.len()).map(|row| {
        let json: Value = serde_json::from_str(text_at(values, row)?).ok()?;
        match at_path(&json, text_at(paths, row)?)? {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    });
    Ok(Arc::new(found.collect::<StringArray>()))
}

fn at_path<'v>(json: &'v Value, path: &str) -> Option<&'v Value> {
    let mut rest = path.trim().strip_prefix('$')?;
    let mut value = json;
    while !rest.is_empty() {
        if let Some(inside) = rest.strip_prefix('[') {
            let (step, after) = inside.split_once(']')?;
            value = match step.strip_prefix('\'').and_then(|step| step.strip_suffix('\'')) {
                Some(key) => value.get(key)?,
                None => value.get(step.trim().parse::<usize>().ok()?)?,
            };
            rest = after;
        } else {
            let step = rest.strip_prefix('.')?;
            let end = step.find(['.', '[']).unwrap_or(step.len());
            value = value.get(&step[..end])?;
            rest = &step[end..];
        }
    }
    Some(value)
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

/// `from_json(text, 'a INT, b ARRAY<STRING>')`.
#[derive(Debug, PartialEq, Eq, Hash)]
struct FromJson {
    signature: Signature,
}

impl ScalarUDFImpl for FromJson {
    fn name(&self) -> &str {
        "from_json"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        plan_err!("the type of from_json is its second argument")
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        let Some(Some(schema)) = args.scalar_arguments.get(1) else {
            return plan_err!("from_json needs a schema such as 'a INT, b STRING'");
        };
        let schema = schema.to_string();
        // Either one type, or columns, which are those of a struct.
        let dtype = named_type(&schema.to_lowercase()).or_else(|_| named_type(&format!("struct<{schema}>")))?;
        Ok(Arc::new(Field::new("from_json", dtype, true)))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let dtype = args.return_field.data_type().clone();
        let value = ScalarFunctionArgs { args: args.args.into_iter().take(1).collect(), ..args };
        on_arrays(&value, |arrays| {
            let arrays = cast(&arrays[0], &DataType::Utf8)?;
            let values = texts(&arrays)?.iter().map(|text| {
                let json = text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or(Value::Null);
                typed(&json, &dtype)
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
fn typed(json: &Value, dtype: &DataType) -> Result<ScalarValue> {
    match (dtype, json) {
        (_, Value::Null) => ScalarValue::try_from(dtype),
        (DataType::Struct(fields), Value::Object(object)) => {
            let mut row = ScalarStructBuilder::new();
            for field in fields {
                let value = typed(object.get(field.name()).unwrap_or(&Value::Null), field.data_type())?;
                row = row.with_scalar(Arc::clone(field), value);
            }
            row.build()
        }
        (DataType::List(element), Value::Array(values)) => {
            let values = values.iter().map(|value| typed(value, element.data_type())).collect::<Result<Vec<_>>>()?;
            Ok(ScalarValue::List(ScalarValue::new_list(&values, element.data_type(), true)))
        }
        (DataType::Utf8, Value::String(text)) => Ok(ScalarValue::Utf8(Some(text.clone()))),
        (DataType::Utf8, other) => Ok(ScalarValue::Utf8(Some(other.to_string()))),
        (DataType::Struct(_) | DataType::List(_), _) | (_, Value::Object(_) | Value::Array(_)) => {
            ScalarValue::try_from(dtype)
        }
        (_, scalar) => {
            let text = scalar.as_str().map_or_else(|| scalar.to_string(), str::to_owned);
            let text: ArrayRef = Arc::new(StringArray::from(vec![text]));
            ScalarValue::try_from_array(&cast(&text, dtype)?, 0)
        }
    }
}

/// `to_json(value)`.
#[derive(Debug, PartialEq, Eq, Hash)]
struct ToJson {
    signature: Signature,
}

impl ScalarUDFImpl for ToJson {
    fn name(&self) -> &str {
        "to_json"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        on_arrays(&args, |arrays| {
            let texts = (0..arrays[0].len())
                .map(|row| arrays[0].is_valid(row).then(|| json_text(&arrays[0], row)).transpose())
                .collect::<Result<StringArray>>()?;
            Ok(Arc::new(texts))
        })
    }
}

/// A value as JSON. Fields that are null are left out, as Spark does.
fn json_text(value: &ArrayRef, row: usize) -> Result<String> {
    if is_null(value, row) {
        return Ok("null".to_owned());
    }
    let all = |values: &ArrayRef| (0..values.len()).map(|at| json_text(values, at)).collect::<Result<Vec<_>>>();
    Ok(match value.data_type() {
        DataType::Struct(fields) => object_text(fields, value.as_struct().columns(), row)?,
        DataType::List(_) => format!("[{}]", all(&value.as_list::<i32>().value(row))?.join(",")),
        DataType::LargeList(_) => format!("[{}]", all(&value.as_list::<i64>().value(row))?.join(",")),
        DataType::Map(..) => {
            let entries = value.as_map().value(row);
            let keys = as_text(entries.column(0))?;
            let pairs = all(entries.column(1))?.into_iter().enumerate();
            let keys = keys.as_string::<i32>();
            let pairs: Vec<String> = pairs.map(|(at, value)| format!("{}:{value}", quoted(keys.value(at)))).collect();
            format!("{{{}}}", pairs.join(","))
        }
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Date32 => quoted(&shown(value, row)?),
        DataType::Timestamp(..) => quoted(&format!("{}.000Z", shown(value, row)?.replace(' ', "T"))),
        _ => shown(value, row)?,
    })
}

fn object_text(fields: &Fields, columns: &[ArrayRef], row: usize) -> Result<String> {
    let mut pairs = Vec::new();
    for (field, column) in fields.iter().zip(columns).filter(|(_, column)| !is_null(column, row)) {
        pairs.push(format!("{}:{}", quoted(field.name()), json_text(column, row)?));
    }
    Ok(format!("{{{}}}", pairs.join(",")))
}

/// A column of nulls only does not say so row by row.
fn is_null(value: &ArrayRef, row: usize) -> bool {
    value.is_null(row) || *value.data_type() == DataType::Null
}

fn shown(value: &ArrayRef, row: usize) -> Result<String> {
    let text = cast(&value.slice(row, 1), &DataType::Utf8)?;
    Ok(text.as_string::<i32>().value(0).to_owned())
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
