//! Functions of Spark that no template can express.

use sqlparser::ast::helpers::attached_token::AttachedToken;
use sqlparser::ast::{
    BinaryOperator, CaseWhen, DuplicateTreatment, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments,
    NullTreatment, UnaryOperator, Value, VisitMut,
};

use super::ast::{args, binary, call, number, string, take, take_args};
use super::template::{self, Substitute};

/// Functions that no template can express; none if the general way is right for this call.
pub(super) type Special = fn(&mut Function) -> Option<Expr>;

/// The functions by name.
pub(super) const ALL: &[(&str, Special)] = &[
    ("concat", concat),
    ("count", count),
    ("decode", decode),
    ("first", ignore_nulls),
    ("first_value", ignore_nulls),
    ("forall", forall),
    ("last", ignore_nulls),
    ("last_value", ignore_nulls),
    ("struct", named_struct),
];

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
        return None;
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
