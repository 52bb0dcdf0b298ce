//! `to_json` and `to_csv`: values as texts.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, StringArray};
use datafusion::arrow::datatypes::{DataType, Fields};
use datafusion::common::Result;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility};
use serde_json::Value;

use super::options::Options;
use crate::functions::convert::{Mode, Rules};
use crate::functions::display::as_text;
use crate::functions::udf::on_arrays;

/// `to_json(value, options)` or `to_csv(struct, options)`.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Write {
    name: &'static str,
    signature: Signature,
}

/// The function of that name.
pub(super) fn udf(name: &'static str) -> ScalarUDF {
    ScalarUDF::new_from_impl(Write { name, signature: Signature::variadic_any(Volatility::Immutable) })
}

impl ScalarUDFImpl for Write {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let options = Options::of(args.args.get(1))?;
        let rules = Rules { mode: Mode::Legacy, ..Rules::of(&args.config_options) };
        let style = Style { options, rules };
        let write = if self.name == "to_csv" { csv_text } else { json_text };
        let value = ScalarFunctionArgs { args: args.args.into_iter().take(1).collect(), ..args };
        on_arrays(&value, |arrays| {
            let texts = (0..arrays[0].len())
                .map(|row| arrays[0].is_valid(row).then(|| write(&arrays[0], row, &style)).transpose())
                .collect::<Result<StringArray>>()?;
            Ok(Arc::new(texts))
        })
    }
}

/// How dates and times are written.
struct Style {
    options: Options,
    rules: Rules,
}

/// The fields of a struct, quoted where they have to be.
fn csv_text(value: &ArrayRef, row: usize, style: &Style) -> Result<String> {
    let separator = style.options.get("sep").or(style.options.get("delimiter")).unwrap_or(",");
    let mut fields = Vec::new();
    for column in value.as_struct().columns() {
        let text = if is_null(column, row) { String::new() } else { shown(column, row, style)? };
        let special = text.contains(separator) || text.contains(['"', '\n']);
        fields.push(if special { format!("\"{}\"", text.replace('"', "\\\"")) } else { text });
    }
    Ok(fields.join(separator))
}

/// A value as JSON. Fields that are null are left out, as Spark does.
fn json_text(value: &ArrayRef, row: usize, style: &Style) -> Result<String> {
    if is_null(value, row) {
        return Ok("null".to_owned());
    }
    let all = |values: &ArrayRef| (0..values.len()).map(|at| json_text(values, at, style)).collect::<Result<Vec<_>>>();
    Ok(match value.data_type() {
        DataType::Struct(fields) => object_text(fields, value.as_struct().columns(), row, style)?,
        DataType::List(_) => format!("[{}]", all(&value.as_list::<i32>().value(row))?.join(",")),
        DataType::LargeList(_) => format!("[{}]", all(&value.as_list::<i64>().value(row))?.join(",")),
        DataType::Map(..) => {
            let entries = value.as_map().value(row);
            let keys = as_text(entries.column(0), style.rules.zone)?;
            let pairs = all(entries.column(1))?.into_iter().enumerate();
            let keys = keys.as_string::<i32>();
            let pairs: Vec<String> = pairs.map(|(at, value)| format!("{}:{value}", quoted(keys.value(at)))).collect();
            format!("{{{}}}", pairs.join(","))
        }
        DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Date32
        | DataType::Timestamp(..)
        | DataType::Binary => quoted(&shown(value, row, style)?),
        _ => shown(value, row, style)?,
    })
}

fn object_text(fields: &Fields, columns: &[ArrayRef], row: usize, style: &Style) -> Result<String> {
    let mut pairs = Vec::new();
    for (field, column) in fields.iter().zip(columns).filter(|(_, column)| !is_null(column, row)) {
        pairs.push(format!("{}:{}", quoted(field.name()), json_text(column, row, style)?));
    }
    Ok(format!("{{{}}}", pairs.join(",")))
}

/// A column of nulls only does not say so row by row.
fn is_null(value: &ArrayRef, row: usize) -> bool {
    value.is_null(row) || *value.data_type() == DataType::Null
}

fn shown(value: &ArrayRef, row: usize, style: &Style) -> Result<String> {
    style.options.write(&value.slice(row, 1), style.rules)
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
