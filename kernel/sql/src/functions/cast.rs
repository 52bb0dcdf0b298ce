//! Spark's casts as functions: `_cast(value, 'type')` by the session's mode, `_try_cast(value, 'type')` with null for what
//! does not fit whatever the mode. How values are converted is in [`super::convert`].

use std::sync::Arc;

use aerostat_session::{arrow as bridge, types};
use datafusion::arrow::datatypes::{DataType, Field, FieldRef, Fields, IntervalUnit, TimeUnit};
use datafusion::common::{Result, plan_datafusion_err, plan_err};
use datafusion::logical_expr::simplify::{ExprSimplifyResult, SimplifyContext};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};
use polars::prelude::Schema;

use super::convert::{Mode, Rules, cast};
use super::udf::on_arrays;

/// The cast as a function: `_cast(value, 'type')`.
pub(crate) const CAST: &str = "_cast";

/// The cast that knows no errors: `_try_cast(value, 'type')`.
pub(crate) const TRY_CAST: &str = "_try_cast";

/// The type, for [`CAST`], that makes [`TIMESTAMP`] of all but dates.
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

/// The type of intervals.
pub(super) const INTERVAL: DataType = DataType::Interval(IntervalUnit::MonthDayNano);

#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Cast {
    tries: bool,
    signature: Signature,
}

impl Cast {
    /// The cast, or the one that only tries.
    pub(super) fn new(tries: bool) -> Self {
        Self { tries, signature: Signature::any(2, Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for Cast {
    fn name(&self) -> &str {
        if self.tries { TRY_CAST } else { CAST }
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
        let mut rules = Rules::of(&args.config_options);
        if self.tries {
            rules.mode = Mode::Try;
        }
        // The name of the type is a constant and of no use now: only the value decides whether the result is one.
        let value = ScalarFunctionArgs { args: args.args.into_iter().take(1).collect(), ..args };
        on_arrays(&value, |arrays| cast(&arrays[0], &to, rules))
    }

    /// What the engine's own casts do just so is left to them: it can look through these when it prunes files.
    fn simplify(&self, args: Vec<Expr>, info: &SimplifyContext) -> Result<ExprSimplifyResult> {
        let [value, Expr::Literal(name, _)] = args.as_slice() else { return Ok(ExprSimplifyResult::Original(args)) };
        let from = info.get_data_type(value)?;
        let to = target(&name.to_string(), &from)?;
        if from == to {
            return Ok(ExprSimplifyResult::Simplified(value.clone()));
        }
        let in_zone = from == DataType::Date32 && !Rules::of(info.config_options()).zone.is_utc();
        if is_exact(&from, &to) && !in_zone {
            let cast = datafusion::logical_expr::Cast::new(Box::new(value.clone()), to);
            return Ok(ExprSimplifyResult::Simplified(Expr::Cast(cast)));
        }
        Ok(ExprSimplifyResult::Original(args))
    }
}

/// The type of the name. A text that is a text already keeps its layout.
fn target(name: &str, from: &DataType) -> Result<DataType> {
    match (name, from) {
        (TEMPORAL, DataType::Date32) => Ok(from.clone()),
        (TEMPORAL, _) => Ok(TIMESTAMP),
        ("string", DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View) => Ok(from.clone()),
        _ => named_type(name),
    }
}

/// The type that Spark calls `name`.
pub(crate) fn named_type(name: &str) -> Result<DataType> {
    match name {
        "string" => return Ok(DataType::Utf8),
        "timestamp" | "timestamp_ntz" | "timestamp_ltz" => return Ok(TIMESTAMP),
        _ => {}
    }
    if let Some((key, value)) = map_parts(name) {
        return Ok(map_of(named_type(key)?, named_type(value)?));
    }
    let dtype = types::parse(name).map_err(super::external)?;
    let schema = bridge::to_schema(&Schema::from_iter([("type".into(), dtype)])).map_err(super::external)?;
    let field = schema.fields().first().ok_or_else(|| plan_datafusion_err!("no type `{name}`"))?;
    Ok(common(field.data_type()))
}

/// Key and value of `map<key, value>`. Frames have no maps, so the session's types do not either.
fn map_parts(name: &str) -> Option<(&str, &str)> {
    let name = name.trim();
    let inside =
        name.get(..4).filter(|start| start.eq_ignore_ascii_case("map<")).and(name.get(4..))?.strip_suffix('>')?;
    let mut depth = 0;
    let comma = inside.char_indices().find_map(|(at, c)| {
        match c {
            '<' | '(' => depth += 1,
            '>' | ')' => depth -= 1,
            _ => {}
        }
        (c == ',' && depth == 0).then_some(at)
    })?;
    Some((inside[..comma].trim(), inside[comma + 1..].trim()))
}

/// The type of maps.
pub(super) fn map_of(key: DataType, value: DataType) -> DataType {
    let entries = Fields::from(vec![Field::new("key", key, false), Field::new("value", value, true)]);
    DataType::Map(Arc::new(Field::new("entries", DataType::Struct(entries), false)), false)
}

/// The layout that our functions make values of a type in.
pub(crate) fn common(dtype: &DataType) -> DataType {
    let inner = |field: &FieldRef| Arc::new(field.as_ref().clone().with_data_type(common(field.data_type())));
    match dtype {
        DataType::Utf8View | DataType::LargeUtf8 => DataType::Utf8,
        DataType::BinaryView | DataType::LargeBinary => DataType::Binary,
        DataType::LargeList(element) | DataType::List(element) | DataType::FixedSizeList(element, _) => {
            DataType::List(inner(element))
        }
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(inner).collect()),
        DataType::Map(entries, sorted) => DataType::Map(inner(entries), *sorted),
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
