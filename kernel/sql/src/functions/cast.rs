//! Spark's casts: what cannot be converted is null, texts are trimmed, numbers and times look as Java writes them.

use std::sync::Arc;

use aerostat_session::{arrow as bridge, types};
use datafusion::arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, AsArray, BooleanArray, PrimitiveArray, StringArray,
};
use datafusion::arrow::compute::{CastOptions, cast_with_options};
use datafusion::arrow::datatypes::{
    DataType, Date32Type, Field, FieldRef, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimeUnit, TimestampMicrosecondType,
};
use datafusion::common::{Result, ScalarValue, plan_datafusion_err, plan_err};
use datafusion::logical_expr::simplify::{ExprSimplifyResult, SimplifyContext};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};
use polars::prelude::Schema;

use super::instant::{DAY_MICROS, date_text, parse_date, parse_time, time_text};
use super::number::{double_text, float_text, parse_boolean, parse_double, parse_integer};
use super::udf::on_arrays;

/// The cast as a function: `_cast(value, 'type')`.
pub(crate) const CAST: &str = "_cast";

/// The type, for [`CAST`], that turns texts into timestamps and leaves dates and timestamps as they are.
pub(crate) const TEMPORAL: &str = "temporal";

/// Types whose names are functions that cast.
pub(crate) const TYPE_FUNCTIONS: &[&str] = &[
    "bigint",
    "binary",
    "boolean",
    "date",
    "decimal",
    "double",
    "float",
    "int",
    "smallint",
    "string",
    "timestamp",
    "tinyint",
];

/// What Spark calls a timestamp.
pub(crate) const TIMESTAMP: DataType = DataType::Timestamp(TimeUnit::Microsecond, None);

#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Cast {
    signature: Signature,
}

impl Cast {
    pub(super) fn new() -> Self {
        Self { signature: Signature::any(2, Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for Cast {
    fn name(&self) -> &str {
        CAST
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        plan_err!("the type of a cast is its second argument")
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        let (Some(from), Some(Some(name))) = (args.arg_fields.first(), args.scalar_arguments.get(1)) else {
            return plan_err!("a cast needs the name of a type");
        };
        let to = target(&name.to_string(), from.data_type())?;
        let nullable = from.is_nullable() || !is_exact(from.data_type(), &to);
        Ok(Arc::new(Field::new(CAST, to, nullable)))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let to = args.return_field.data_type().clone();
        // The name of the type is a constant and of no use now: only the value decides whether the result is one.
        let value = ScalarFunctionArgs { args: args.args.into_iter().take(1).collect(), ..args };
        on_arrays(&value, |arrays| cast(&arrays[0], &to))
    }

    /// What the engine's own casts do just so is left to them: it can look through these when it prunes files.
    fn simplify(&self, args: Vec<Expr>, info: &SimplifyContext) -> Result<ExprSimplifyResult> {
        let [value, Expr::Literal(name, _)] = args.as_slice() else { return Ok(ExprSimplifyResult::Original(args)) };
        let from = info.get_data_type(value)?;
        let to = target(&name.to_string(), &from)?;
        if from == to {
            return Ok(ExprSimplifyResult::Simplified(value.clone()));
        }
        if is_exact(&from, &to) {
            let cast = datafusion::logical_expr::Cast::new(Box::new(value.clone()), to);
            return Ok(ExprSimplifyResult::Simplified(Expr::Cast(cast)));
        }
        Ok(ExprSimplifyResult::Original(args))
    }
}

/// The type of the name. A text that is a text already keeps its layout.
fn target(name: &str, from: &DataType) -> Result<DataType> {
    match (name, from) {
        (TEMPORAL, DataType::Date32 | DataType::Timestamp(..)) => Ok(from.clone()),
        (TEMPORAL, _) => Ok(TIMESTAMP),
        ("string", DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View) => Ok(from.clone()),
        ("timestamp", DataType::Timestamp(TimeUnit::Microsecond, _)) => Ok(from.clone()),
        _ => named_type(name),
    }
}

/// The type that Spark calls `name`.
pub(crate) fn named_type(name: &str) -> Result<DataType> {
    match name {
        "string" => return Ok(DataType::Utf8),
        "timestamp" => return Ok(TIMESTAMP),
        _ => {}
    }
    let dtype = types::parse(name).map_err(super::external)?;
    let schema = bridge::to_schema(&Schema::from_iter([("type".into(), dtype)])).map_err(super::external)?;
    let field = schema.fields().first().ok_or_else(|| plan_datafusion_err!("no type `{name}`"))?;
    Ok(common(field.data_type()))
}

/// The layout that our functions make values of a type in.
fn common(dtype: &DataType) -> DataType {
    let inner = |field: &FieldRef| Arc::new(field.as_ref().clone().with_data_type(common(field.data_type())));
    match dtype {
        DataType::Utf8View | DataType::LargeUtf8 => DataType::Utf8,
        DataType::BinaryView | DataType::LargeBinary => DataType::Binary,
        DataType::LargeList(element) | DataType::List(element) => DataType::List(inner(element)),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(inner).collect()),
        other => other.clone(),
    }
}

/// Whether a conversion loses nothing, never fails and has no rules of Spark's own.
fn is_exact(from: &DataType, to: &DataType) -> bool {
    use DataType::{Date32, Float32, Float64, Int8, Int16, Int32, Int64, Null};
    from == to
        || matches!(
            (from, to),
            (Null, _)
                | (Int8, Int16 | Int32 | Int64 | Float32 | Float64)
                | (Int16, Int32 | Int64 | Float32 | Float64)
                | (Int32, Int64 | Float64)
                | (Int64 | Float32, Float64)
                | (Date32, DataType::Timestamp(TimeUnit::Microsecond, None))
        )
}

/// The cast of a column.
pub(crate) fn cast(value: &ArrayRef, to: &DataType) -> Result<ArrayRef> {
    use DataType::{Boolean, Date32, Float32, Float64, Int8, Int16, Int32, Int64, LargeUtf8, Utf8, Utf8View};
    let from = value.data_type();
    match (from, to) {
        _ if from == to => Ok(Arc::clone(value)),
        (Utf8View | LargeUtf8, _) => cast(&plain_cast(value, &Utf8)?, to),
        (Utf8, Int8 | Int16 | Int32 | Int64) => parsed::<Int64Type>(value, to, parse_integer),
        (Utf8, Float32 | Float64) => parsed::<Float64Type>(value, to, parse_double),
        (Utf8, Date32) => parsed::<Date32Type>(value, to, parse_date),
        (Utf8, DataType::Timestamp(..)) => parsed::<TimestampMicrosecondType>(value, to, parse_time),
        (Utf8, Boolean) => {
            let texts = value.as_string::<i32>();
            Ok(Arc::new(texts.iter().map(|text| text.and_then(parse_boolean)).collect::<BooleanArray>()))
        }
        (Utf8, DataType::Decimal128(..)) => {
            let texts = value.as_string::<i32>();
            plain_cast(&(Arc::new(texts.iter().map(|text| text.map(str::trim)).collect::<StringArray>()) as _), to)
        }
        (_, Utf8 | LargeUtf8 | Utf8View) => plain_cast(&as_text(value)?, to),
        (Float32 | Float64, Int8 | Int16 | Int32 | Int64) => float_to_integer(value, to),
        (Int64 | Int32 | Int16, Int8 | Int16 | Int32) => wrapped(value, to),
        (Boolean | Int8 | Int16 | Int32 | Int64 | Float32 | Float64, DataType::Timestamp(..)) => {
            seconds_to_time(value, to)
        }
        (DataType::Timestamp(..), Int8 | Int16 | Int32 | Int64 | Float32 | Float64) => time_to_seconds(value, to),
        (DataType::Timestamp(_, Some(_)), DataType::Timestamp(unit, None)) => {
            // In UTC, the session's zone, an instant and its wall clock are the same number.
            let micros = plain_cast(value, &DataType::Timestamp(*unit, Some("UTC".into())))?;
            plain_cast(&plain_cast(&micros, &Int64)?, to)
        }
        (DataType::Timestamp(..), Date32) => {
            let micros = plain_cast(value, &TIMESTAMP)?;
            let micros = micros.as_primitive::<TimestampMicrosecondType>();
            let days = micros.unary::<_, Date32Type>(|micros| micros.div_euclid(DAY_MICROS) as i32);
            Ok(Arc::new(days))
        }
        _ => plain_cast(value, to),
    }
}

/// The conversion of Arrow, with null for what cannot be converted.
fn plain_cast(value: &ArrayRef, to: &DataType) -> Result<ArrayRef> {
    Ok(cast_with_options(value, to, &CastOptions { safe: true, ..CastOptions::default() })?)
}

fn parsed<T: ArrowPrimitiveType>(
    value: &ArrayRef,
    to: &DataType,
    parse: impl Fn(&str) -> Option<T::Native>,
) -> Result<ArrayRef> {
    let texts = value.as_string::<i32>();
    let values: PrimitiveArray<T> = texts.iter().map(|text| text.and_then(&parse)).collect();
    plain_cast(&(Arc::new(values) as ArrayRef), to)
}

/// Java's narrowing: cut off, and the nearest number that there is.
fn float_to_integer(value: &ArrayRef, to: &DataType) -> Result<ArrayRef> {
    let doubles = plain_cast(value, &DataType::Float64)?;
    let doubles = doubles.as_primitive::<Float64Type>();
    let longs: ArrayRef = match to {
        DataType::Int64 => return Ok(Arc::new(doubles.unary::<_, Int64Type>(|double| double as i64))),
        _ => Arc::new(doubles.unary::<_, Int32Type>(|double| double as i32)),
    };
    wrapped(&longs, to)
}

/// Java's narrowing of whole numbers: the low bits.
fn wrapped(value: &ArrayRef, to: &DataType) -> Result<ArrayRef> {
    let longs = plain_cast(value, &DataType::Int64)?;
    let longs = longs.as_primitive::<Int64Type>();
    Ok(match to {
        DataType::Int8 => Arc::new(longs.unary::<_, Int8Type>(|long| long as i8)),
        DataType::Int16 => Arc::new(longs.unary::<_, Int16Type>(|long| long as i16)),
        DataType::Int32 => Arc::new(longs.unary::<_, Int32Type>(|long| long as i32)),
        _ => Arc::new(longs.clone()),
    })
}

fn seconds_to_time(value: &ArrayRef, to: &DataType) -> Result<ArrayRef> {
    let micros: PrimitiveArray<TimestampMicrosecondType> = match value.data_type() {
        DataType::Float32 | DataType::Float64 => {
            let seconds = plain_cast(value, &DataType::Float64)?;
            let seconds = seconds.as_primitive::<Float64Type>();
            seconds.unary_opt(|seconds| seconds.is_finite().then_some((seconds * 1e6) as i64))
        }
        _ => {
            let seconds = plain_cast(value, &DataType::Int64)?;
            seconds.as_primitive::<Int64Type>().unary(|seconds| seconds.saturating_mul(1_000_000))
        }
    };
    plain_cast(&(Arc::new(micros) as ArrayRef), to)
}

fn time_to_seconds(value: &ArrayRef, to: &DataType) -> Result<ArrayRef> {
    let micros = plain_cast(value, &TIMESTAMP)?;
    let micros = micros.as_primitive::<TimestampMicrosecondType>();
    match to {
        DataType::Float32 | DataType::Float64 => {
            let seconds: ArrayRef = Arc::new(micros.unary::<_, Float64Type>(|micros| micros as f64 / 1e6));
            plain_cast(&seconds, to)
        }
        _ => wrapped(&(Arc::new(micros.unary::<_, Int64Type>(|micros| micros.div_euclid(1_000_000))) as ArrayRef), to),
    }
}

/// Any column as text.
pub(super) fn as_text(value: &ArrayRef) -> Result<ArrayRef> {
    let texts: StringArray = match value.data_type() {
        DataType::Float32 => value.as_primitive::<Float32Type>().iter().map(|float| float.map(float_text)).collect(),
        DataType::Float64 => value.as_primitive::<Float64Type>().iter().map(|double| double.map(double_text)).collect(),
        DataType::Date32 => value.as_primitive::<Date32Type>().iter().map(|days| days.and_then(date_text)).collect(),
        DataType::Timestamp(..) => {
            let micros = cast(value, &TIMESTAMP)?;
            micros.as_primitive::<TimestampMicrosecondType>().iter().map(|time| time.and_then(time_text)).collect()
        }
        DataType::List(_) | DataType::LargeList(_) | DataType::Struct(_) | DataType::Map(..) => {
            (0..value.len()).map(|row| nested_text(value, row)).collect::<Result<_>>()?
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
fn nested_text(value: &ArrayRef, row: usize) -> Result<Option<String>> {
    if value.is_null(row) {
        return Ok(None);
    }
    let shown = |values: &ArrayRef| -> Result<Vec<String>> {
        let texts = as_text(values)?;
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
