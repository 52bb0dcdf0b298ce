//! Operators whose meaning depends on the types of their operands, planned as Spark has them.
//!
//! `/` divides doubles and knows no error, a text beside a number is a number, `dt + 7` is a date, `a[0]` is the first
//! element of an array or the value of a map. Some functions come here as operators too, see
//! [`crate::functions::rules`]: for operators, and not for functions, the planner asks with the types at hand.

use datafusion::arrow::datatypes::{DataType, Field, FieldRef, Fields, IntervalMonthDayNano};
use datafusion::common::{Column, DFSchema, Result, ScalarValue, TableReference, plan_err};
use datafusion::functions::core::expr_fn::{get_field, nullif};
use datafusion::functions::unicode::expr_fn::reverse;
use datafusion::functions_nested::expr_fn::{array_concat, array_element, array_reverse, map_extract};
use datafusion::logical_expr::expr::Case;
use datafusion::logical_expr::planner::{ExprPlanner, PlannerResult, RawBinaryExpr, RawFieldAccessExpr};
use datafusion::logical_expr::{Expr, ExprSchemable, GetFieldAccess, Operator, binary_expr, cast, lit};
use datafusion_spark::function::datetime::{date_add, date_sub};
use datafusion_spark::function::math::{pmod as spark_pmod, round as spark_round};
use sqlparser::ast::BinaryOperator;

use super::decimals::{self, constant};
use crate::functions::{self, DAY_MICROS, cast_to};

/// Plans Spark's operators.
#[derive(Debug)]
pub(crate) struct SparkOperators {
    /// Whether overflow, division by zero and the like are errors.
    pub(crate) ansi: bool,
}

impl ExprPlanner for SparkOperators {
    fn plan_binary_op(&self, expr: RawBinaryExpr, schema: &DFSchema) -> Result<PlannerResult<RawBinaryExpr>> {
        let (Ok(left), Ok(right)) = (expr.left.get_type(schema), expr.right.get_type(schema)) else {
            return Ok(PlannerResult::Original(expr));
        };
        let types = (left, right);
        let RawBinaryExpr { op, left, right } = expr;
        let Operation { op, tries } = Operation::of(op);
        let fails = self.ansi && !tries;
        let zero = if fails { Zero::Fails } else { Zero::Null };
        if let Some((one, other)) = decimals(&op, &left, &right, &types) {
            let zero = if fails { Zero::FailsAsRemainder } else { Zero::Null };
            let right = if op == BinaryOperator::Modulo { not_zero(right, &types.1, zero)? } else { right };
            return decimals::calculate(&op, (left, one), (right, other), fails).map(PlannerResult::Planned);
        }
        let planned = match &op {
            BinaryOperator::Divide => divide(left, right, &types, zero)?,
            BinaryOperator::MyIntegerDivide => integer_divide(left, right, &types, zero)?,
            BinaryOperator::Modulo => {
                let (left, right) = self.as_numbers(left, right, &types);
                let zero = if zero == Zero::Fails { Zero::FailsAsRemainder } else { zero };
                binary_expr(left, Operator::Modulo, not_zero(right, &types.1, zero)?)
            }
            BinaryOperator::Plus | BinaryOperator::Minus | BinaryOperator::Multiply
                if (self.ansi || tries) && is_whole(&types.0) && is_whole(&types.1) =>
            {
                checked(&op, tries, left, right, &types)?
            }
            // Hours make a time of a date.
            BinaryOperator::Plus | BinaryOperator::Minus if types.0 == DataType::Date32 && has_hours(&right) => {
                let name = if op == BinaryOperator::Plus { "_add_interval" } else { "_subtract_interval" };
                functions::call(name, vec![cast_to(left, "timestamp"), right])?
            }
            BinaryOperator::Plus if types.1 == DataType::Date32 && has_hours(&left) => {
                functions::call("_add_interval", vec![cast_to(right, "timestamp"), left])?
            }
            BinaryOperator::Plus if is_time(&types.0) && is_interval(&types.1) => {
                functions::call("_add_interval", vec![left, right])?
            }
            BinaryOperator::Plus if is_interval(&types.0) && is_time(&types.1) => {
                functions::call("_add_interval", vec![right, left])?
            }
            BinaryOperator::Minus if is_time(&types.0) && is_interval(&types.1) => {
                functions::call("_subtract_interval", vec![left, right])?
            }
            BinaryOperator::Plus | BinaryOperator::Minus if types.0 == DataType::Date32 && is_whole(&types.1) => {
                let days = cast(right, DataType::Int32);
                if op == BinaryOperator::Plus {
                    date_add().call(vec![left, days])
                } else {
                    date_sub().call(vec![left, days])
                }
            }
            BinaryOperator::Plus if types.1 == DataType::Date32 && is_whole(&types.0) => {
                date_add().call(vec![right, cast(left, DataType::Int32)])
            }
            BinaryOperator::Plus | BinaryOperator::Minus | BinaryOperator::Multiply
                if is_text(&types.0) && is_operand(&types.1) || is_operand(&types.0) && is_text(&types.1) =>
            {
                let (left, right) = self.as_numbers(left, right, &types);
                let types = (left.get_type(schema)?, right.get_type(schema)?);
                if self.ansi && is_whole(&types.0) && is_whole(&types.1) {
                    return Ok(PlannerResult::Planned(checked(&op, tries, left, right, &types)?));
                }
                return Ok(PlannerResult::Original(RawBinaryExpr { op, left, right }));
            }
            BinaryOperator::Plus | BinaryOperator::Minus | BinaryOperator::Multiply
                if types.0.is_decimal() && types.1.is_floating() || types.0.is_floating() && types.1.is_decimal() =>
            {
                let (left, right) = (cast(left, DataType::Float64), cast(right, DataType::Float64));
                return Ok(PlannerResult::Original(RawBinaryExpr { op, left, right }));
            }
            BinaryOperator::Eq
            | BinaryOperator::NotEq
            | BinaryOperator::Lt
            | BinaryOperator::LtEq
            | BinaryOperator::Gt
            | BinaryOperator::GtEq
            | BinaryOperator::Spaceship => {
                let equality = matches!(op, BinaryOperator::Eq | BinaryOperator::NotEq | BinaryOperator::Spaceship);
                let (left, right) = (as_duration(left), as_duration(right));
                let (left, right) = comparable(left, right, &types, equality);
                return Ok(PlannerResult::Original(RawBinaryExpr { op, left, right }));
            }
            BinaryOperator::StringConcat => concat(left, right, &types),
            BinaryOperator::Custom(function) => self.by_type(function, left, right, &types)?,
            _ => return Ok(PlannerResult::Original(RawBinaryExpr { op, left, right })),
        };
        Ok(PlannerResult::Planned(planned))
    }

    fn plan_field_access(
        &self,
        expr: RawFieldAccessExpr,
        schema: &DFSchema,
    ) -> Result<PlannerResult<RawFieldAccessExpr>> {
        let Ok(root) = expr.expr.get_type(schema) else { return Ok(PlannerResult::Original(expr)) };
        let key = match &expr.field_access {
            GetFieldAccess::NamedStructField { name } => lit(name.clone()),
            GetFieldAccess::ListIndex { key } => key.as_ref().clone(),
            GetFieldAccess::ListRange { .. } => return Ok(PlannerResult::Original(expr)),
        };
        let is_named = matches!(expr.field_access, GetFieldAccess::NamedStructField { .. });
        Ok(PlannerResult::Planned(match &root {
            DataType::Map(..) => array_element(map_extract(expr.expr, key), lit(1_i64)),
            DataType::List(_) | DataType::LargeList(_) | DataType::FixedSizeList(..) if !is_named => from_zero(
                expr.expr.clone(),
                if self.ansi { functions::call("_index", vec![expr.expr, key])? } else { key },
            ),
            DataType::Struct(_) | DataType::List(_) => match key {
                Expr::Literal(name, _) => part_of(expr.expr, &root, &name.to_string())?.0,
                other => return plan_err!("the name of a field must be a constant, not {other}"),
            },
            other => return plan_err!("a value of type {} has no parts", shown(other)),
        }))
    }

    /// `column.field.field`, in any case.
    fn plan_compound_identifier(
        &self,
        field: &Field,
        qualifier: Option<&TableReference>,
        nested: &[String],
    ) -> Result<PlannerResult<Vec<Expr>>> {
        let mut expr = Expr::Column(Column::new(qualifier.cloned(), field.name()));
        let mut dtype = field.data_type().clone();
        for name in nested {
            (expr, dtype) = part_of(expr, &dtype, name)?;
        }
        Ok(PlannerResult::Planned(expr))
    }
}

/// `whole.name` and its type: a field of a struct, the same of each struct in an array, or the value of a key in a map.
fn part_of(whole: Expr, dtype: &DataType, name: &str) -> Result<(Expr, DataType)> {
    let inner = match dtype {
        DataType::List(inner) | DataType::Map(inner, _) => inner.data_type(),
        other => other,
    };
    match (dtype, inner) {
        (DataType::Struct(fields), _) => {
            let field = field_named(fields, name)?;
            Ok((get_field(whole, field.name().clone()), field.data_type().clone()))
        }
        (DataType::List(_), DataType::Struct(fields)) => {
            // The function says itself that it does not find a field: of errors here the planner takes no notice.
            let field = field_named(fields, name).ok();
            let name = field.map_or(name, |field| field.name().as_str());
            let dtype = field.map_or(DataType::Null, |field| DataType::new_list(field.data_type().clone(), true));
            Ok((functions::call("_member", vec![whole, lit(name)])?, dtype))
        }
        (DataType::Map(..), DataType::Struct(entry)) => {
            let value = entry.get(1).map_or(DataType::Null, |value| value.data_type().clone());
            Ok((array_element(map_extract(whole, lit(name)), lit(1_i64)), value))
        }
        _ => plan_err!("a value of type {} has no field `{name}`", shown(dtype)),
    }
}

/// The field of this name in any case.
fn field_named<'f>(fields: &'f Fields, name: &str) -> Result<&'f FieldRef> {
    let found = fields.iter().find(|field| field.name() == name);
    let lower = name.to_lowercase();
    found.or_else(|| fields.iter().find(|field| field.name().to_lowercase() == lower)).ok_or_else(|| {
        let names = fields.iter().map(|field| field.name().as_str());
        functions::external(aerostat_error::Error::not_found_among(aerostat_error::Object::Field, name, names))
    })
}

/// The element so far from the first; none before the first or after the last.
fn from_zero(list: Expr, index: Expr) -> Expr {
    let index = cast(index, DataType::Int64);
    // The engine counts from 1, and negative positions from the end.
    let position =
        Case::new(None, vec![(Box::new(index.clone().gt_eq(lit(0_i64))), Box::new(index + lit(1_i64)))], None);
    array_element(list, Expr::Case(position))
}

pub(super) fn is_text(dtype: &DataType) -> bool {
    matches!(dtype, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

pub(super) fn is_whole(dtype: &DataType) -> bool {
    dtype.is_integer()
}

/// What can be calculated with, a text being read as a number.
fn is_operand(dtype: &DataType) -> bool {
    dtype.is_numeric() || is_text(dtype)
}

/// The whole numbers of an operation that must not wrap around, in the wider of their types.
fn checked(op: &BinaryOperator, tries: bool, left: Expr, right: Expr, types: &(DataType, DataType)) -> Result<Expr> {
    let width = |dtype: &DataType| dtype.primitive_width().unwrap_or(8);
    let wider = if width(&types.0) >= width(&types.1) { types.0.clone() } else { types.1.clone() };
    // What only the engine has, such as the length of an array, is a `BIGINT` to Spark.
    let wider = if wider.is_unsigned_integer() { DataType::Int64 } else { wider };
    let operation = match op {
        BinaryOperator::Plus => "add",
        BinaryOperator::Minus => "subtract",
        _ => "multiply",
    };
    let name = format!("{}{operation}", if tries { "_try_" } else { "_" });
    functions::call(&name, vec![cast(left, wider.clone()), cast(right, wider)])
}

/// An operator, and whether what goes wrong is null whatever the mode: `try_add` is `+` that tries.
struct Operation {
    op: BinaryOperator,
    tries: bool,
}

impl Operation {
    fn of(op: BinaryOperator) -> Self {
        let tried = match &op {
            BinaryOperator::Custom(function) => match function.as_str() {
                "try_add" => BinaryOperator::Plus,
                "try_subtract" => BinaryOperator::Minus,
                "try_multiply" => BinaryOperator::Multiply,
                "try_divide" => BinaryOperator::Divide,
                "try_mod" => BinaryOperator::Modulo,
                _ => return Self { op, tries: false },
            },
            _ => return Self { op, tries: false },
        };
        Self { op: tried, tries: true }
    }
}

fn is_time(dtype: &DataType) -> bool {
    matches!(dtype, DataType::Timestamp(..))
}

fn is_interval(dtype: &DataType) -> bool {
    matches!(dtype, DataType::Interval(_))
}

/// The interval that an expression is, if it is a constant.
fn constant_interval(expr: &Expr) -> Option<IntervalMonthDayNano> {
    match expr {
        Expr::Literal(ScalarValue::IntervalMonthDayNano(interval), _) => *interval,
        _ => None,
    }
}

fn has_hours(expr: &Expr) -> bool {
    constant_interval(expr).is_some_and(|interval| interval.nanoseconds != 0)
}

/// An interval of days and hours as the difference of times that it is. The engine compares the days of intervals first.
fn as_duration(expr: Expr) -> Expr {
    match constant_interval(&expr) {
        Some(IntervalMonthDayNano { months: 0, days, nanoseconds }) => {
            let micros = i64::from(days) * DAY_MICROS + nanoseconds / 1000;
            lit(ScalarValue::DurationMicrosecond(Some(micros)))
        }
        _ => expr,
    }
}

impl SparkOperators {
    /// Texts as numbers, for arithmetic: as doubles, but beside a whole number in ANSI mode as whole numbers.
    fn as_numbers(&self, left: Expr, right: Expr, types: &(DataType, DataType)) -> (Expr, Expr) {
        let number = |expr: Expr, dtype: &DataType, other: &DataType| match is_text(dtype) {
            true if self.ansi && is_whole(other) => cast_to(expr, "bigint"),
            true => cast_to(expr, "double"),
            false => expr,
        };
        (number(left, &types.0, &types.1), number(right, &types.1, &types.0))
    }
}

/// Both sides as Spark compares them. A text beside something else counts as that: `dt >= '2024-01-01'`, `qty = '3'`.
fn comparable(left: Expr, right: Expr, types: &(DataType, DataType), equality: bool) -> (Expr, Expr) {
    match types {
        (DataType::Date32, DataType::Timestamp(..)) => return (cast_to(left, "timestamp"), right),
        (DataType::Timestamp(..), DataType::Date32) => return (left, cast_to(right, "timestamp")),
        // A float is what it is as a double, not the decimal that it was written as.
        (DataType::Float32, other) if other.is_decimal() => return (cast(left, DataType::Float64), right),
        (other, DataType::Float32) if other.is_decimal() => return (left, cast(right, DataType::Float64)),
        (DataType::Boolean, other) if equality && other.is_numeric() => return (cast(left, DataType::Int8), right),
        (other, DataType::Boolean) if equality && other.is_numeric() => return (left, cast(right, DataType::Int8)),
        _ => {}
    }
    match (compared_as(&types.0), compared_as(&types.1)) {
        (None, Some(name)) if is_text(&types.0) => (cast_to(left, name), right),
        (Some(name), None) if is_text(&types.1) => (left, cast_to(right, name)),
        _ => (left, right),
    }
}

/// The type that a text is compared as with one of `dtype`.
fn compared_as(dtype: &DataType) -> Option<&'static str> {
    Some(match dtype {
        DataType::Date32 => "date",
        DataType::Timestamp(..) => "timestamp",
        DataType::Boolean => "boolean",
        DataType::Int8 | DataType::Int16 | DataType::Int32 => "int",
        DataType::Int64 => "bigint",
        DataType::Float32 => "float",
        dtype if dtype.is_numeric() => "double",
        _ => return None,
    })
}

/// What a division by zero is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Zero {
    Null,
    Fails,
    FailsAsRemainder,
}

/// The divisor, which is not zero: instead of a zero there is null, or an error.
pub(super) fn not_zero(divisor: Expr, dtype: &DataType, zero: Zero) -> Result<Expr> {
    if constant(&divisor).is_some_and(|value| !value.trim_matches(['0', '.', '-']).is_empty()) {
        return Ok(divisor);
    }
    match zero {
        Zero::Null => Ok(nullif(divisor, cast(lit(0_i64), dtype.clone()))),
        Zero::Fails => functions::call("_nonzero", vec![divisor]),
        Zero::FailsAsRemainder => functions::call("_nonzero_remainder", vec![divisor]),
    }
}

/// Doubles, unless both are decimals or whole numbers with one decimal among them.
fn divide(left: Expr, right: Expr, types: &(DataType, DataType), zero: Zero) -> Result<Expr> {
    match (decimals::of(&left, &types.0), decimals::of(&right, &types.1)) {
        (Some(dividend), Some(divisor)) if types.0.is_decimal() || types.1.is_decimal() => {
            decimals::divide(left, right, dividend, divisor, zero)
        }
        _ => {
            let double = |expr: Expr, dtype: &DataType| match dtype {
                DataType::Float64 => expr,
                dtype if is_text(dtype) => cast_to(expr, "double"),
                _ => cast(expr, DataType::Float64),
            };
            let divisor = not_zero(double(right, &types.1), &DataType::Float64, zero)?;
            Ok(binary_expr(double(left, &types.0), Operator::Divide, divisor))
        }
    }
}

/// The quotient without its fraction, a `BIGINT`.
fn integer_divide(left: Expr, right: Expr, types: &(DataType, DataType), zero: Zero) -> Result<Expr> {
    if is_whole(&types.0) && is_whole(&types.1) {
        let divisor = not_zero(cast(right, DataType::Int64), &DataType::Int64, zero)?;
        return Ok(binary_expr(cast(left, DataType::Int64), Operator::Divide, divisor));
    }
    let double = |expr: Expr, dtype: &DataType| match is_text(dtype) {
        true => cast_to(expr, "double"),
        false => cast(expr, DataType::Float64),
    };
    let divisor = not_zero(double(right, &types.1), &DataType::Float64, zero)?;
    Ok(cast_to(binary_expr(double(left, &types.0), Operator::Divide, divisor), "bigint"))
}

/// Arrays end to end, or anything else as text.
fn concat(left: Expr, right: Expr, types: &(DataType, DataType)) -> Expr {
    let is_list = |dtype: &DataType| matches!(dtype, DataType::List(_) | DataType::LargeList(_));
    if is_list(&types.0) || is_list(&types.1) {
        return array_concat(vec![left, right]);
    }
    let text = |expr: Expr, dtype: &DataType| if is_text(dtype) { expr } else { cast_to(expr, "string") };
    binary_expr(text(left, &types.0), Operator::StringConcat, text(right, &types.1))
}

/// Precision and scale of both sides, if this is arithmetic of decimals, or of a decimal and a whole number.
fn decimals(
    op: &BinaryOperator,
    left: &Expr,
    right: &Expr,
    types: &(DataType, DataType),
) -> Option<((u8, i8), (u8, i8))> {
    use BinaryOperator::{Minus, Modulo, Multiply, Plus};
    let arithmetic = matches!(op, Plus | Minus | Multiply | Modulo);
    let decimal = arithmetic && (types.0.is_decimal() || types.1.is_decimal());
    decimal.then(|| decimals::of(left, &types.0).zip(decimals::of(right, &types.1))).flatten()
}

/// The value rounded, as `how` says, to so many digits.
fn rounded(value: Expr, digits: Expr, how: &str) -> Result<Expr> {
    let digits = match constant(&digits).and_then(|digits| digits.parse::<i64>().ok()) {
        Some(digits) => lit(digits),
        None => digits,
    };
    functions::call("_round", vec![value, digits, lit(how)])
}

/// A decimal or whole number with digits after the point that are cut off upwards or downwards.
fn cut_off(value: Expr, digits: Expr, dtype: &DataType, how: &str) -> Result<Expr> {
    let value = match (dtype, decimals::of(&value, dtype)) {
        (DataType::Decimal128(..), _) => value,
        (_, Some((precision, scale))) => cast(value, DataType::Decimal128(precision, scale)),
        _ => cast_to(value, "decimal(30,15)"),
    };
    rounded(value, digits, how)
}

/// The remainder that has the sign of no one: between zero and the divisor.
fn positive_remainder(left: Expr, right: Expr, digits: ((u8, i8), (u8, i8)), zero: Zero) -> Result<Expr> {
    let (one, other) = digits;
    let right = not_zero(right, &DataType::Decimal128(other.0, other.1), zero)?;
    let rest = decimals::calculate(&BinaryOperator::Modulo, (left, one), (right.clone(), other), false)?;
    let moved =
        cast(binary_expr(rest.clone(), Operator::Plus, right.clone()), DataType::Decimal128(38, one.1.max(other.1)));
    let again = decimals::calculate(&BinaryOperator::Modulo, (moved, (38, one.1.max(other.1))), (right, other), false)?;
    let negative = rest.clone().lt(cast(lit(0_i64), DataType::Decimal128(1, 0)));
    Ok(Expr::Case(Case::new(None, vec![(Box::new(negative), Box::new(again))], Some(Box::new(rest)))))
}

impl SparkOperators {
    /// The functions that come here as operators.
    fn by_type(&self, function: &str, left: Expr, right: Expr, types: &(DataType, DataType)) -> Result<Expr> {
        let is_map = matches!(types.0, DataType::Map(..));
        let is_list = matches!(types.0, DataType::List(_) | DataType::LargeList(_) | DataType::FixedSizeList(..));
        match function {
            "element_at" | "try_element_at" if is_map => Ok(array_element(map_extract(left, right), lit(1_i64))),
            "element_at" if is_list && self.ansi => {
                Ok(array_element(left.clone(), functions::call("_position", vec![left, right])?))
            }
            "element_at" | "try_element_at" if is_list => Ok(array_element(left, cast(right, DataType::Int64))),
            "get" if is_list => Ok(from_zero(left, right)),
            "round" if types.0.is_decimal() => rounded(left, right, "up"),
            "round" if types.0.is_integer() => Ok(spark_round().call(vec![left, cast(right, DataType::Int32)])),
            "round" => rounded(as_double(left, &types.0), right, "up"),
            "bround" => rounded(as_double(left, &types.0), right, "even"),
            "ceil" | "floor" => cut_off(left, right, &types.0, function),
            // What is summed up.
            "number" => Ok(as_double(left, &types.0)),
            "format_number" if is_text(&types.1) => {
                functions::call("_format_pattern", vec![cast_to(left, "string"), right])
            }
            "format_number" => {
                functions::call("format_number", vec![cast_to(left, "double"), cast(right, DataType::Int64)])
            }
            "pmod" => match decimals(&BinaryOperator::Modulo, &left, &right, types) {
                Some(digits) => {
                    let zero = if self.ansi { Zero::FailsAsRemainder } else { Zero::Null };
                    positive_remainder(left, right, digits, zero)
                }
                None => Ok(spark_pmod().call(vec![left, right])),
            },
            "reverse" if is_list => Ok(array_reverse(left)),
            "reverse" => Ok(reverse(if is_text(&types.0) { left } else { cast_to(left, "string") })),
            "to_char" if types.0.is_temporal() => functions::call("_format", vec![cast_to(left, "timestamp"), right]),
            "to_char" => functions::call("_number_text", vec![cast_to(left, "string"), right]),
            "typeof" => super::schema::type_name(&types.0).map(lit).map_err(functions::external),
            function => plan_err!("{function} does not take a value of type {}", shown(&types.0)),
        }
    }
}

/// A text or nothing as a double, for what works on numbers.
fn as_double(value: Expr, dtype: &DataType) -> Expr {
    match dtype {
        DataType::Null => cast(value, DataType::Float64),
        dtype if is_text(dtype) => cast_to(value, "double"),
        _ => value,
    }
}

/// A type as the user knows it.
fn shown(dtype: &DataType) -> String {
    super::schema::type_name(dtype).unwrap_or_else(|_| dtype.to_string())
}
