//! Functions of Spark that no template can express.

use sqlparser::ast::helpers::attached_token::AttachedToken;
use sqlparser::ast::{
    BinaryOperator, CaseWhen, DuplicateTreatment, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments,
    Ident, NullTreatment, UnaryOperator, Value, VisitMut,
};

use super::ast::{args, binary, call, literal_text, number, string, take, take_args};
use super::template::{self, Substitute};
use crate::functions::calendar;
use crate::functions::common::MAP;
use crate::functions::numeric::Format;

/// Functions that no template can express; none if the general way is right for this call.
pub(super) type Special = fn(&mut Function) -> Option<Expr>;

/// The functions by name.
pub(super) const ALL: &[(&str, Special)] = &[
    ("any_value", ignore_nulls),
    ("arrays_zip", arrays_zip),
    ("concat", concat),
    ("count", count),
    ("date_add", add_units),
    ("date_diff", units_between),
    ("date_part", date_part),
    ("dateadd", add_units),
    ("datediff", units_between),
    ("datepart", date_part),
    ("decode", decode),
    ("encode", encode),
    ("filter", filter),
    ("first", ignore_nulls),
    ("first_value", ignore_nulls),
    ("forall", forall),
    ("grouping_id", grouping_id),
    ("last", ignore_nulls),
    ("last_value", ignore_nulls),
    ("map", map),
    ("mask", mask),
    ("percentile_disc", percentile_disc),
    ("struct", named_struct),
    ("timestampadd", add_units),
    ("timestampdiff", units_between),
    ("to_binary", encode),
    ("to_number", to_number),
    ("transform", transform),
    ("try_to_number", try_to_number),
];

/// `timestampadd(MONTH, 2, time)`: the first argument is a word, not a column.
fn add_units(function: &mut Function) -> Option<Expr> {
    of_units(function, "_add_units($1, CAST($2 AS BIGINT), _cast($3, 'timestamp'))")
}

/// `datediff(MONTH, from, to)`.
fn units_between(function: &mut Function) -> Option<Expr> {
    of_units(function, "_units_between($1, _cast($2, 'timestamp'), _cast($3, 'timestamp'))")
}

fn of_units(function: &mut Function, rule: &str) -> Option<Expr> {
    let unit = match args(function)?.as_slice() {
        [Expr::Identifier(unit), _, _] if calendar::is_unit(&unit.value) => unit.value.clone(),
        [unit, _, _] => literal_text(unit).filter(|unit| calendar::is_unit(unit))?.to_owned(),
        _ => return None,
    };
    let mut args = take_args(function);
    args[0] = string(unit);
    filled(rule, args)
}

/// A template with these arguments.
fn filled(rule: &str, args: Vec<Expr>) -> Option<Expr> {
    let mut expr = template::parse(rule).ok()?;
    let _ = VisitMut::visit(&mut expr, &mut Substitute { args });
    Some(expr)
}

/// `date_part('second', t)` has a fraction; other parts are whole.
fn date_part(function: &mut Function) -> Option<Expr> {
    let part = match args(function)?.as_slice() {
        [part, _] => calendar::canonical_part(literal_text(part)?)?,
        _ => return None,
    };
    let mut args = take_args(function);
    args[0] = string(part);
    let rule =
        if part == "second" { "_part_seconds(_cast($2, 'timestamp'))" } else { "_part($1, _cast($2, 'temporal'))" };
    filled(rule, args)
}

/// `transform(a, (x, i) -> ..)`: the second parameter is the position.
fn transform(function: &mut Function) -> Option<Expr> {
    with_position(function, "_zip_with($1, _indices($1), $2)")
}

/// `filter(a, (x, i) -> ..)`.
fn filter(function: &mut Function) -> Option<Expr> {
    with_position(function, "_keep($1, _zip_with($1, _indices($1), $2))")
}

fn with_position(function: &mut Function, rule: &str) -> Option<Expr> {
    match args(function)?.as_slice() {
        [_, Expr::Lambda(lambda)] if lambda.params.len() == 2 => filled(rule, take_args(function)),
        _ => None,
    }
}

/// `concat(a, b, c)` as `a || b || c`: texts or arrays, as their types have it.
fn concat(function: &mut Function) -> Option<Expr> {
    args(function)?;
    take_args(function).into_iter().reduce(|left, right| binary(left, BinaryOperator::StringConcat, right))
}

/// `count(a, b)`: rows in which none of them is null.
fn count(function: &mut Function) -> Option<Expr> {
    let several = args(function)?.len() > 1;
    let list = match &mut function.args {
        FunctionArguments::List(list) if several => list,
        _ => return None,
    };
    let values = list.args.drain(..).filter_map(|arg| match arg {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr),
        _ => None,
    });
    let values: Vec<Expr> = values.collect();
    let present = values
        .iter()
        .map(|value| Expr::IsNotNull(Box::new(value.clone())))
        .reduce(|left, right| binary(left, BinaryOperator::And, right))?;
    let counted = match list.duplicate_treatment {
        Some(DuplicateTreatment::Distinct) => call("struct", values),
        _ => number(1),
    };
    let counted = template::parse("CASE WHEN $1 THEN $2 END").ok().map(|mut case| {
        let _ = VisitMut::visit(&mut case, &mut Substitute { args: vec![present, counted] });
        case
    })?;
    list.args.push(FunctionArg::Unnamed(FunctionArgExpr::Expr(counted)));
    None
}

/// `decode(a, 1, 'x', 2, 'y', 'z')` as a `CASE`.
fn decode(function: &mut Function) -> Option<Expr> {
    if args(function)?.len() < 3 {
        return is_utf8(function).then(|| filled("_cast(_cast($1, 'binary'), 'string')", take_args(function)))?;
    }
    let mut args = take_args(function).into_iter();
    let value = args.next()?;
    let mut rest: Vec<Expr> = args.collect();
    let otherwise = if rest.len() % 2 == 1 { rest.pop() } else { None };
    let conditions = rest
        .chunks_exact(2)
        .map(|pair| CaseWhen {
            condition: Expr::IsNotDistinctFrom(Box::new(value.clone()), Box::new(pair[0].clone())),
            result: pair[1].clone(),
        })
        .collect();
    Some(Expr::Case {
        case_token: AttachedToken::empty(),
        end_token: AttachedToken::empty(),
        operand: None,
        conditions,
        else_result: otherwise.map(Box::new),
    })
}

/// `first(a, true)` as `first(a) IGNORE NULLS`; what the name stands for is a matter of the rules.
fn ignore_nulls(function: &mut Function) -> Option<Expr> {
    let ignore = match args(function)?.as_slice() {
        [_, Expr::Value(flag)] => matches!(flag.value, Value::Boolean(true)),
        _ => return None,
    };
    if let FunctionArguments::List(list) = &mut function.args {
        list.args.truncate(1);
    }
    if ignore {
        function.null_treatment = Some(NullTreatment::IgnoreNulls);
    }
    None
}

/// `forall(a, x -> p)` as `NOT exists(a, x -> NOT p)`.
fn forall(function: &mut Function) -> Option<Expr> {
    args(function)?;
    let mut args = take_args(function);
    if let Some(Expr::Lambda(lambda)) = args.last_mut() {
        let body = Expr::Nested(Box::new(take(&mut lambda.body)));
        *lambda.body = Expr::UnaryOp { op: UnaryOperator::Not, expr: Box::new(body) };
    }
    Some(Expr::UnaryOp { op: UnaryOperator::Not, expr: Box::new(call("array_any_match", args)) })
}

/// `struct(a, b + 1, c AS d)` has the fields `a`, `col2` and `d`.
fn named_struct(function: &mut Function) -> Option<Expr> {
    args(function)?;
    let fields = take_args(function).into_iter().enumerate().flat_map(|(at, value)| {
        let (name, value) = match value {
            Expr::Named { expr, name } => (name.value, *expr),
            Expr::Identifier(ident) => (ident.value.clone(), Expr::Identifier(ident)),
            Expr::CompoundIdentifier(parts) => {
                let name = parts.last().map(|part| part.value.clone()).unwrap_or_default();
                (name, Expr::CompoundIdentifier(parts))
            }
            value => (format!("col{}", at + 1), value),
        };
        [string(name), value]
    });
    Some(call("named_struct", fields.collect()))
}

/// `arrays_zip(a, array(1))`: the structs have the fields `a` and `1`.
fn arrays_zip(function: &mut Function) -> Option<Expr> {
    args(function)?;
    let arrays = take_args(function).into_iter().enumerate().flat_map(|(at, array)| {
        let name = match &array {
            Expr::Identifier(name) => name.value.clone(),
            Expr::CompoundIdentifier(parts) => parts.last().map(|part| part.value.clone()).unwrap_or_default(),
            _ => at.to_string(),
        };
        [string(name), array]
    });
    Some(call("_arrays_zip", arrays.collect()))
}

/// `mask(str => a, lowerChar => 'z')`: the arguments in their order, those that are left out as they are by default.
fn mask(function: &mut Function) -> Option<Expr> {
    const PARAMETERS: [(&str, &str); 5] =
        [("str", "NULL"), ("upperchar", "X"), ("lowerchar", "x"), ("digitchar", "n"), ("otherchar", "NULL")];
    let FunctionArguments::List(list) = &mut function.args else { return None };
    if !list.args.iter().any(|arg| matches!(arg, FunctionArg::Named { .. })) {
        return None;
    }
    let mut values: [Option<Expr>; 5] = Default::default();
    for (at, arg) in std::mem::take(&mut list.args).into_iter().enumerate() {
        let (at, value) = match arg {
            FunctionArg::Named { name, arg, .. } => {
                (PARAMETERS.iter().position(|(parameter, _)| *parameter == name.value)?, arg)
            }
            FunctionArg::Unnamed(arg) => (at, arg),
            FunctionArg::ExprNamed { .. } => return None,
        };
        let FunctionArgExpr::Expr(value) = value else { return None };
        *values.get_mut(at)? = Some(value);
    }
    let args = values.into_iter().zip(PARAMETERS).map(|(value, (_, default))| match default {
        "NULL" => value.unwrap_or_else(|| Expr::Value(Value::Null.with_empty_span())),
        default => value.unwrap_or_else(|| string(default)),
    });
    filled("_mask(_cast($1, 'string'), $2, $3, $4, _cast($5, 'string'))", args.collect())
}

/// `percentile_disc(0.5) WITHIN GROUP (ORDER BY a)`: the value at that part of the way.
fn percentile_disc(function: &mut Function) -> Option<Expr> {
    let [key] = function.within_group.as_slice() else { return None };
    let (value, descending) = (key.expr.clone(), key.options.asc == Some(false));
    let share = take_args(function).into_iter().next()?;
    let mut values = super::ast::function(Ident::new("collect_list"), vec![value]);
    values.filter = function.filter.take();
    values.over = function.over.take();
    let rule = match descending {
        true => "_cast(_percentile_disc($1, 1 - $2), 'double')",
        false => "_cast(_percentile_disc($1, $2), 'double')",
    };
    filled(rule, vec![Expr::Function(values), share])
}

/// `to_number('$78.12', '$99.99')`: a decimal with the digits of the pattern.
fn to_number(function: &mut Function) -> Option<Expr> {
    number_of(function, "_text_number")
}

/// The same with null for a text of another form.
fn try_to_number(function: &mut Function) -> Option<Expr> {
    number_of(function, "_try_text_number")
}

fn number_of(function: &mut Function, read: &str) -> Option<Expr> {
    let (digits, after) = match args(function)?.as_slice() {
        [_, format] => Format::new(literal_text(format)?)?.precision(),
        _ => return None,
    };
    filled(&format!("_cast({read}(_cast($1, 'string'), $2), 'decimal({digits},{after})')"), take_args(function))
}

/// `grouping_id(a, b)`: which of them a row is not grouped by, as the bits of a number.
fn grouping_id(function: &mut Function) -> Option<Expr> {
    args(function).filter(|args| !args.is_empty())?;
    let grouping = call("grouping", take_args(function));
    filled("CAST($1 AS BIGINT)", vec![grouping])
}

/// `encode(text, 'UTF-8')`: the bytes that texts consist of anyway.
fn encode(function: &mut Function) -> Option<Expr> {
    is_utf8(function).then(|| filled("_cast(_cast($1, 'string'), 'binary')", take_args(function)))?
}

/// Whether the second of two arguments is the name of the encoding that texts are in.
fn is_utf8(function: &Function) -> bool {
    match args(function).as_deref() {
        Some([_, charset]) => literal_text(charset)
            .is_some_and(|name| ["utf-8", "utf8"].iter().any(|utf8| name.eq_ignore_ascii_case(utf8))),
        _ => false,
    }
}

/// `map(key, value, ..)`: of several keys that are equal the last counts; without any, there is nothing to know types by.
fn map(function: &mut Function) -> Option<Expr> {
    match args(function)?.is_empty() {
        true => filled("_map(array(), array())", Vec::new()),
        false => Some(call(MAP, take_args(function))),
    }
}
