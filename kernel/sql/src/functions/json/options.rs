//! The options of readers and writers of texts: `map('timestampFormat', 'dd/MM/yyyy')`.

use std::collections::HashMap;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, StringArray};
use datafusion::arrow::datatypes::{DataType, TimestampMicrosecondType};
use datafusion::common::{Result, ScalarValue, exec_datafusion_err, exec_err, plan_err};
use datafusion::logical_expr::ColumnarValue;

use crate::functions::cast::TIMESTAMP;
use crate::functions::convert::{Rules, cast, plainly};
use crate::functions::display::as_text;
use crate::functions::pattern::Pattern;

/// Options by their names in lower case.
#[derive(Debug, Default)]
pub(super) struct Options(HashMap<String, String>);

/// How times are written where no option says otherwise.
const ISO: &str = "yyyy-MM-dd'T'HH:mm:ss.SSSXXX";

impl Options {
    /// The options in the argument, which must be a constant map of texts.
    pub(super) fn of(argument: Option<&ColumnarValue>) -> Result<Self> {
        let map = match argument {
            None => return Ok(Self::default()),
            Some(ColumnarValue::Scalar(ScalarValue::Map(map))) => Arc::clone(map),
            Some(ColumnarValue::Array(array)) if array.as_map_opt().is_some_and(|map| !map.is_empty()) => {
                Arc::new(array.as_map().clone())
            }
            Some(_) => return plan_err!("the options must be a map of texts, such as map('mode', 'PERMISSIVE')"),
        };
        let entries = map.value(0);
        let (keys, values) =
            (plainly(entries.column(0), &DataType::Utf8)?, plainly(entries.column(1), &DataType::Utf8)?);
        let pairs = keys.as_string::<i32>().iter().zip(values.as_string::<i32>());
        Ok(Self(pairs.filter_map(|(key, value)| Some((key?.to_lowercase(), value?.to_owned()))).collect()))
    }

    /// The value of an option.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The option that has the pattern for values of a type.
    fn pattern(&self, dtype: &DataType) -> Result<Option<Pattern>> {
        let name = match dtype {
            DataType::Date32 => "dateformat",
            DataType::Timestamp(..) => "timestampformat",
            _ => return Ok(None),
        };
        let pattern = self.get(name).map(Pattern::new).transpose();
        pattern.map_err(|reason| exec_datafusion_err!("{reason}"))
    }

    /// A text as a value of a type; null if it is none.
    pub(super) fn read(&self, text: String, dtype: &DataType, rules: Rules) -> Result<ScalarValue> {
        let value: ArrayRef = match self.pattern(dtype)? {
            Some(pattern) => {
                let micros = ScalarValue::TimestampMicrosecond(pattern.parse(text.trim(), rules.zone), None);
                micros.to_array()?
            }
            None => Arc::new(StringArray::from(vec![text])),
        };
        ScalarValue::try_from_array(&cast(&value, dtype, rules)?, 0)
    }

    /// The one value of a column as a text.
    pub(super) fn write(&self, value: &ArrayRef, rules: Rules) -> Result<String> {
        let given = self.pattern(value.data_type())?;
        let iso = matches!(value.data_type(), DataType::Timestamp(..)).then(|| Pattern::new(ISO)).transpose();
        let Some(pattern) = given.or(iso.map_err(|reason| exec_datafusion_err!("{reason}"))?) else {
            return Ok(as_text(value, rules.zone)?.as_string::<i32>().value(0).to_owned());
        };
        let micros = cast(value, &TIMESTAMP, rules)?;
        let micros = micros.as_primitive::<TimestampMicrosecondType>().value(0);
        match pattern.format(micros, rules.zone) {
            Some(text) => Ok(text),
            None => exec_err!("a time is outside of what can be written"),
        }
    }
}
