//! Functions of values that have a type in common: `coalesce`, `array`, `map`, `greatest`, `least` and `CASE`.
//!
//! Which type that is is Spark's to say: texts beside numbers are all texts, in ANSI mode all numbers. The engine has rules
//! of its own, so each value is cast before the engine's function sees it.

use std::sync::Arc;

use aerostat_error::{Condition, Error, Kind as ErrorKind};
use datafusion::arrow::array::{Array, ArrayRef, AsArray, ListArray, new_empty_array, new_null_array};
use datafusion::arrow::buffer::OffsetBuffer;
use datafusion::arrow::compute::kernels::zip::zip;
use datafusion::arrow::compute::{interleave, is_not_null, prep_null_mask_filter};
use datafusion::arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{Result, exec_err, plan_err};
use datafusion::functions::core::expr_fn::{coalesce, greatest, least};
use datafusion::logical_expr::expr::Case;
use datafusion::logical_expr::simplify::{ExprSimplifyResult, SimplifyContext};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, TypeSignature, Volatility,
};

use super::cast::{TIMESTAMP, common, map_of};
use super::collections::map_made;
use super::convert::{Rules, cast};
use super::udf::{list_of, on_arrays};
use super::{cast_to, external};
use crate::query::schema::type_name;

/// `CASE` as a function: conditions and results in turn, then the result for all others.
pub(crate) const CASE: &str = "_case";

/// `map(key, value, ..)`, which the planner would not ask for by its own name.
pub(crate) const MAP: &str = "_make_map";

/// The functions, as they are in ANSI mode or not.
pub(crate) fn functions(ansi: bool) -> Vec<ScalarUDF> {
    let kinds = [
        ("coalesce", Kind::First),
        ("array", Kind::Array),
        (MAP, Kind::Map),
        ("greatest", Kind::Greatest),
        ("least", Kind::Least),
        (CASE, Kind::Case),
    ];
    let any = || Signature::one_of(vec![TypeSignature::VariadicAny, TypeSignature::Nullary], Volatility::Immutable);
    let function = |(name, kind)| Common { name, kind, ansi, signature: any() };
    kinds.map(|kind| ScalarUDF::new_from_impl(function(kind))).into()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    First,
    Array,
    Map,
    Greatest,
    Least,
    Case,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Common {
    name: &'static str,
    kind: Kind,
    ansi: bool,
    signature: Signature,
}

impl Common {
    /// The types that the arguments are cast to.
    fn targets(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        let every = |of: &dyn Fn(usize) -> bool| -> Result<DataType> {
            let types: Vec<DataType> = (0..types.len()).filter(|at| of(*at)).map(|at| common(&types[at])).collect();
            let texts = !matches!(self.kind, Kind::Greatest | Kind::Least);
            widest(&types, self.ansi, texts).ok_or_else(|| self.mismatch(&types))
        };
        let is_result = |at: usize| at % 2 == 1 || at + 1 == types.len();
        match self.kind {
            Kind::Map if types.len() % 2 == 1 => plan_err!("map needs as many values as keys"),
            Kind::Map => {
                let sides = [every(&|at| at % 2 == 0)?, every(&|at| at % 2 == 1)?];
                Ok((0..types.len()).map(|at| sides[at % 2].clone()).collect())
            }
            Kind::Case => {
                let result = every(&is_result)?;
                let of = |at: usize| if is_result(at) { result.clone() } else { DataType::Boolean };
                Ok((0..types.len()).map(of).collect())
            }
            _ => Ok(vec![every(&|_| true)?; types.len()]),
        }
    }

    fn mismatch(&self, types: &[DataType]) -> datafusion::common::DataFusionError {
        let names = types.iter().map(|dtype| type_name(dtype).unwrap_or_else(|_| dtype.to_string()));
        let names = names.collect::<Vec<_>>().join(", ");
        let name = match self.kind {
            Kind::Case => "CASE",
            Kind::Map => "map",
            _ => self.name,
        };
        let message = format!("`{name}` does not take values of types that have none in common: {names}");
        let error = Error::new(ErrorKind::TypeMismatch, message);
        external(error.with_condition(Condition::DATATYPE_MISMATCH).with_hint("cast them: `CAST(x AS ..)`"))
    }
}

impl ScalarUDFImpl for Common {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        if types.is_empty() && self.kind != Kind::Array {
            return plan_err!("{} needs arguments", self.name);
        }
        let targets = self.targets(types)?;
        let first = || targets.first().cloned().unwrap_or(DataType::Null);
        Ok(match self.kind {
            Kind::Array => list_of(first()),
            Kind::Map => map_of(first(), targets.get(1).cloned().unwrap_or(DataType::Null)),
            Kind::Case => targets.get(1).cloned().unwrap_or(DataType::Null),
            _ => first(),
        })
    }

    /// Those of which not all arguments may be looked at become what the engine does not evaluate whole either.
    fn simplify(&self, args: Vec<Expr>, info: &SimplifyContext) -> Result<ExprSimplifyResult> {
        if matches!(self.kind, Kind::Array | Kind::Map) {
            return Ok(ExprSimplifyResult::Original(args));
        }
        let types = args.iter().map(|arg| info.get_data_type(arg)).collect::<Result<Vec<_>>>()?;
        let targets = self.targets(&types)?;
        let mut values = Vec::with_capacity(args.len());
        for ((arg, from), to) in args.into_iter().zip(&types).zip(&targets) {
            values.push(match from {
                from if from == to => arg,
                // The same in another layout.
                from if common(from) == *to => datafusion::logical_expr::cast(arg, to.clone()),
                _ => cast_to(arg, &type_name(to).map_err(external)?),
            });
        }
        Ok(ExprSimplifyResult::Simplified(match self.kind {
            Kind::First => coalesce(values),
            Kind::Greatest => greatest(values),
            Kind::Least => least(values),
            _ => case(values),
        }))
    }

    fn short_circuits(&self) -> bool {
        matches!(self.kind, Kind::First | Kind::Case)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let types: Vec<DataType> = args.arg_fields.iter().map(|field| field.data_type().clone()).collect();
        let (targets, rules) = (self.targets(&types)?, Rules::of(&args.config_options));
        let made = args.return_field.data_type().clone();
        let rows = args.number_rows;
        on_arrays(&args, |arrays| {
            let values = arrays
                .iter()
                .zip(&targets)
                .map(|(array, to)| cast(&cast(array, &common(array.data_type()), rules)?, to, rules));
            let values = values.collect::<Result<Vec<ArrayRef>>>()?;
            match self.kind {
                Kind::Array => lists(&values, &made, rows),
                Kind::Map => {
                    let side = |side: usize| values.iter().skip(side).step_by(2).cloned().collect::<Vec<ArrayRef>>();
                    let list = |side: &[ArrayRef]| lists(side, &list_of(side[0].data_type().clone()), rows);
                    map_made(&[list(&side(0))?, list(&side(1))?])
                }
                Kind::First => first_valid(values),
                Kind::Case => chosen(values),
                Kind::Greatest | Kind::Least => exec_err!("{} was not simplified", self.name),
            }
        })
    }
}

/// The engine's expression.
fn case(args: Vec<Expr>) -> Expr {
    let mut args = args.into_iter();
    let (mut pairs, mut otherwise) = (Vec::new(), None);
    while let Some(condition) = args.next() {
        match args.next() {
            Some(result) => pairs.push((Box::new(condition), Box::new(result))),
            None => otherwise = Some(Box::new(condition)),
        }
    }
    Expr::Case(Case::new(None, pairs, otherwise))
}

fn chosen(values: Vec<ArrayRef>) -> Result<ArrayRef> {
    let mut values = values;
    let mut chosen = match values.len() % 2 {
        1 => values.pop(),
        _ => values.get(1).map(|value| new_null_array(value.data_type(), value.len())),
    };
    while let (Some(result), Some(condition), Some(others)) = (values.pop(), values.pop(), chosen.take()) {
        let condition = condition.as_boolean();
        let holds = if condition.null_count() > 0 { prep_null_mask_filter(condition) } else { condition.clone() };
        chosen = Some(zip(&holds, &result, &others)?);
    }
    chosen.map_or_else(|| exec_err!("CASE without a result"), Ok)
}

fn first_valid(values: Vec<ArrayRef>) -> Result<ArrayRef> {
    let mut values = values.into_iter();
    let Some(mut found) = values.next() else { return exec_err!("coalesce without arguments") };
    for next in values {
        found = zip(&is_not_null(&found)?, &found, &next)?;
    }
    Ok(found)
}

/// One list a row, of its value in each of the columns.
fn lists(columns: &[ArrayRef], list: &DataType, rows: usize) -> Result<ArrayRef> {
    let DataType::List(field) = list else { return exec_err!("no list") };
    let field: FieldRef = Arc::new(Field::new_list_field(field.data_type().clone(), true));
    let rows = columns.first().map_or(rows, |column| column.len());
    let places: Vec<(usize, usize)> =
        (0..rows).flat_map(|row| (0..columns.len()).map(move |column| (column, row))).collect();
    let values = match columns {
        [] => new_empty_array(field.data_type()),
        columns => interleave(&columns.iter().map(|column| column.as_ref()).collect::<Vec<_>>(), &places)?,
    };
    let offsets = OffsetBuffer::from_lengths(std::iter::repeat_n(columns.len(), rows));
    Ok(Arc::new(ListArray::try_new(field, offsets, values, None)?))
}

/// The type that values of these types are cast to where they come together; `texts` says whether a text may be beside
/// anything else.
pub(crate) fn widest(types: &[DataType], ansi: bool, texts: bool) -> Option<DataType> {
    // A text decides for all, wherever it stands.
    let (first, rest): (Vec<_>, Vec<_>) = types.iter().partition(|dtype| **dtype == DataType::Utf8);
    let mut all = first.into_iter().chain(rest);
    all.try_fold(DataType::Null, |one, other| wider(&one, other, ansi, texts))
}

fn wider(one: &DataType, other: &DataType, ansi: bool, texts: bool) -> Option<DataType> {
    use DataType::{Boolean, Date32, Float32, Float64, List, Map, Null, Struct, Timestamp, Utf8};
    let inner = |a: &FieldRef, b: &FieldRef| {
        let dtype = wider(a.data_type(), b.data_type(), ansi, texts)?;
        Some(Arc::new(a.as_ref().clone().with_data_type(dtype).with_nullable(a.is_nullable() || b.is_nullable())))
    };
    Some(match (one, other) {
        (one, other) if one == other => one.clone(),
        (Null, other) | (other, Null) => other.clone(),
        (Utf8, other) | (other, Utf8) if texts => return beside_text(other, ansi),
        (Date32, Timestamp(..)) | (Timestamp(..), Date32) => TIMESTAMP,
        (a, b) if a.is_integer() && b.is_integer() => {
            if bits(a) >= bits(b) {
                a.clone()
            } else {
                b.clone()
            }
        }
        (Float64, b) if b.is_numeric() => Float64,
        (a, Float64) if a.is_numeric() => Float64,
        (Float32, b) | (b, Float32) if b.is_decimal() => Float64,
        (Float32, b) | (b, Float32) if b.is_numeric() => Float32,
        (a, b) if a.is_numeric() && b.is_numeric() => {
            let ((p1, s1), (p2, s2)) = (digits(a)?, digits(b)?);
            let scale = s1.max(s2);
            let whole = (p1 - s1).max(p2 - s2);
            DataType::Decimal128((whole + scale).min(38) as u8, scale.min(38) as i8)
        }
        (List(a), List(b)) => List(inner(a, b)?),
        (Map(a, sorted), Map(b, _)) => Map(inner(a, b)?, *sorted),
        (Struct(a), Struct(b)) if a.len() == b.len() => {
            let same = a.iter().zip(b).all(|(a, b)| a.name().eq_ignore_ascii_case(b.name()));
            let fields: Option<Vec<_>> = a.iter().zip(b).map(|(a, b)| inner(a, b)).collect();
            Struct(fields.filter(|_| same)?.into())
        }
        (Boolean, _) => return None,
        _ => return None,
    })
}

/// What a text and a value of another type have in common.
fn beside_text(other: &DataType, ansi: bool) -> Option<DataType> {
    use DataType::{Binary, Boolean, Date32, Float64, Int64, Timestamp, Utf8};
    match other {
        other if other.is_nested() => None,
        Boolean | Binary => ansi.then(|| other.clone()),
        _ if !ansi => Some(Utf8),
        Date32 | Timestamp(..) => Some(other.clone()),
        other if other.is_integer() => Some(Int64),
        _ => Some(Float64),
    }
}

fn bits(dtype: &DataType) -> usize {
    dtype.primitive_width().unwrap_or(8)
}

/// Precision and scale of a number as a decimal.
fn digits(dtype: &DataType) -> Option<(i16, i16)> {
    Some(match dtype {
        DataType::Decimal128(precision, scale) => (i16::from(*precision), i16::from(*scale)),
        DataType::Int8 => (3, 0),
        DataType::Int16 => (5, 0),
        DataType::Int32 => (10, 0),
        DataType::Int64 => (20, 0),
        _ => return None,
    })
}
