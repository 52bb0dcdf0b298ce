//! Last pass over a query: calls and operators of Spark become those that the engine has.
//!
//! [`rules`] says which expression a function stands for; here its template is filled in. The few functions that no
//! template can express are below. Casts become calls of our own cast, and whole numbers get Spark's type `INT`, which
//! the engine would make `BIGINT`.

use std::collections::HashSet;
use std::ops::ControlFlow;

use aerostat_error::{Error, Object, Result, Span};
use sqlparser::ast::{
    AccessExpr, BinaryOperator, CastKind, DataType, DuplicateTreatment, Expr, Function, FunctionArg, FunctionArgExpr,
    FunctionArguments, Ident, NullTreatment, Query, SelectItem, SetExpr, Subscript, TableFactor, UnaryOperator, Value,
    Visit, VisitMut, Visitor, VisitorMut, WindowType,
};
use sqlparser::parser::Parser;

use super::ast::{args, args_mut, call, function_name, number, string, take, take_args};
use crate::dialect::Spark;
use crate::functions::cast::CAST;
use crate::functions::rules;
use crate::script::Script;

/// What is known of functions by name.
#[derive(Debug)]
pub(crate) struct Registry {
    /// Functions of rows.
    pub(crate) scalar: HashSet<String>,
    /// Functions of groups.
    pub(crate) aggregate: HashSet<String>,
    /// Functions of windows only.
    pub(crate) window: HashSet<String>,
}

impl Registry {
    fn contains(&self, name: &str) -> bool {
        self.scalar.contains(name) || self.is_carrier(name)
    }

    /// Whether `OVER` or `FILTER` may follow a call of the engine's function.
    fn is_carrier(&self, name: &str) -> bool {
        self.aggregate.contains(name) || self.window.contains(name)
    }

    /// Whether a function of Spark is an aggregate.
    fn is_aggregate(&self, function: &Function) -> bool {
        let Some(name) = function_name(function).map(|name| name.value.as_str()) else { return false };
        let of_rule = |args: usize| {
            rules::find(name, args).and_then(|rule| template(rule).ok()).is_some_and(|rule| has_aggregate(&rule, self))
        };
        match args(function) {
            Some(args) if rules::find(name, args.len()).is_some() => of_rule(args.len()),
            _ => self.aggregate.contains(name),
        }
    }

    /// The names that users may call, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        let native = self.scalar.iter().chain(&self.aggregate).chain(&self.window).cloned();
        let ours = rules::names().chain(SPECIAL.iter().map(|(name, _)| *name)).map(str::to_owned);
        let mut names: Vec<String> = native.chain(ours).filter(|name| !name.starts_with('_')).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// Whether there is an aggregate anywhere in an expression.
pub(crate) fn has_aggregate(expr: &Expr, registry: &Registry) -> bool {
    struct Find<'a>(&'a Registry);
    impl Visitor for Find<'_> {
        type Break = ();
        fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
            match expr {
                Expr::Function(function) if self.0.is_aggregate(function) => ControlFlow::Break(()),
                _ => ControlFlow::Continue(()),
            }
        }
    }
    Visit::visit(expr, &mut Find(registry)).is_break()
}

/// Rewrites all calls and operators of the query.
pub(crate) fn rewrite(query: &mut Query, registry: &Registry, script: &Script<'_>) -> Result<()> {
    match VisitMut::visit(query, &mut Rewriter { registry, script }) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(error) => Err(error),
    }
}

struct Rewriter<'a> {
    registry: &'a Registry,
    script: &'a Script<'a>,
}

impl VisitorMut for Rewriter<'_> {
    type Break = Error;

    fn post_visit_select(&mut self, select: &mut sqlparser::ast::Select) -> ControlFlow<Error> {
        for item in &mut select.projection {
            if let SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } = item {
                type_integer(expr);
            }
        }
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, query: &mut Query) -> ControlFlow<Error> {
        if let SetExpr::Values(values) = query.body.as_mut() {
            values.rows.iter_mut().flat_map(|row| &mut row.content).for_each(type_integer);
        }
        ControlFlow::Continue(())
    }

    fn post_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<Error> {
        // The generators that moved here: the number of rows of a stack stays a plain number.
        if let TableFactor::Function { lateral: true, args, .. } = factor {
            args.iter_mut().skip(1).for_each(|arg| {
                if let FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) = arg {
                    type_integer(expr);
                }
            });
        }
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Error> {
        match self.expr(expr) {
            Ok(Some(rewritten)) => {
                *expr = rewritten;
                ControlFlow::Continue(())
            }
            Ok(None) => ControlFlow::Continue(()),
            Err(error) => ControlFlow::Break(error),
        }
    }
}

impl Rewriter<'_> {
    fn expr(&self, expr: &mut Expr) -> Result<Option<Expr>> {
        Ok(Some(match expr {
            Expr::Function(function) => return self.call(function),
            Expr::Cast {
                kind: CastKind::Cast | CastKind::TryCast | CastKind::DoubleColon, expr, data_type, ..
            } => cast(take(expr), data_type),
            Expr::TypedString(typed) => {
                let text = string(typed.value.value.clone().into_string().unwrap_or_default());
                cast(text, &typed.data_type)
            }
            Expr::Between { expr, negated, low, high } => {
                let value = take(expr);
                let above = binary(value.clone(), BinaryOperator::GtEq, take(low));
                let below = binary(value, BinaryOperator::LtEq, take(high));
                let both = Expr::Nested(Box::new(binary(above, BinaryOperator::And, below)));
                if *negated { Expr::UnaryOp { op: UnaryOperator::Not, expr: Box::new(both) } } else { both }
            }
            Expr::BinaryOp { left, op, right } => {
                if !matches!(op, BinaryOperator::And | BinaryOperator::Or) {
                    type_integer(left);
                    type_integer(right);
                }
                return Ok(None);
            }
            Expr::UnaryOp { op: UnaryOperator::Minus, expr } if is_integer(expr) => {
                type_integer(expr);
                return Ok(None);
            }
            Expr::Nested(inner) => {
                type_integer(inner);
                return Ok(None);
            }
            Expr::Case { conditions, else_result, .. } => {
                conditions.iter_mut().for_each(|when| type_integer(&mut when.result));
                else_result.iter_mut().for_each(|result| type_integer(result));
                return Ok(None);
            }
            Expr::CompoundFieldAccess { access_chain, .. } => {
                access_chain.iter_mut().for_each(plain_access);
                return Ok(None);
            }
            _ => return Ok(None),
        }))
    }

    fn call(&self, function: &mut Function) -> Result<Option<Expr>> {
        let Some(ident) = function_name(function).cloned() else {
            return Err(Error::not_found(Object::Function, &function.name));
        };
        let name = ident.value.as_str();
        if TYPED_ARGUMENTS.contains(&name) {
            args_mut(function).into_iter().for_each(type_integer);
        }
        if let Some((_, special)) = SPECIAL.iter().find(|(special, _)| *special == name) {
            if let Some(expr) = special(function) {
                return Ok(Some(expr));
            }
        }
        let count = args(function).map(|args| args.len());
        if let Some(rule) = count.and_then(|count| rules::find(name, count)) {
            return self.fill(rule, function).map(Some);
        }
        if self.registry.contains(name) || name == "unnest" || name == CAST {
            return Ok(None);
        }
        if super::generator::is_generator(name) {
            return self.native_generator(function, &ident);
        }
        let names = self.registry.names();
        let error = if names.iter().any(|known| known == name) {
            Error::invalid_argument(format!("`{name}` does not take {} arguments", count.unwrap_or(0)))
        } else {
            Error::not_found_among(Object::Function, name, names)
        };
        Err(error.with_span(self.span(&ident)))
    }

    fn span(&self, ident: &Ident) -> Span {
        self.script.span(ident.span)
    }

    /// A generator that could not move into `FROM`, as it is over an aggregate.
    fn native_generator(&self, function: &mut Function, ident: &Ident) -> Result<Option<Expr>> {
        let native = match ident.value.as_str() {
            "explode" => "unnest",
            "explode_outer" => "unnest_outer",
            name => {
                return Err(Error::not_supported(format!("`{name}` is not supported here"))
                    .with_hint("use LATERAL VIEW, or select it from a subquery")
                    .with_span(self.span(ident)));
            }
        };
        Ok(Some(call(native, take_args(function))))
    }

    /// The template with the arguments and the clauses of the call.
    fn fill(&self, rule: &str, function: &mut Function) -> Result<Expr> {
        let mut filled = template(rule)?;
        let clauses = Clauses::of(function);
        if clauses.any() {
            let mut carry = Carry { registry: self.registry, clauses, carried: false };
            let _ = VisitMut::visit(&mut filled, &mut carry);
            if !carry.carried {
                return Err(Error::invalid_argument(format!(
                    "`{}` is not an aggregate or window function",
                    function.name
                ))
                .with_hint("OVER, FILTER and DISTINCT only go with those"));
            }
        }
        let _ = VisitMut::visit(&mut filled, &mut Substitute { args: take_args(function) });
        Ok(filled)
    }
}

/// Parses a template of [`rules`].
fn template(rule: &str) -> Result<Expr> {
    let parsed = Parser::new(&Spark).try_with_sql(rule).and_then(|mut parser| parser.parse_expr());
    let mut expr = parsed.map_err(|error| Error::internal(format!("rule `{rule}`: {error}")))?;
    let _ = VisitMut::visit(&mut expr, &mut Operators);
    Ok(expr)
}

/// `_op_name(a, b)` as the operator `name`.
struct Operators;

impl VisitorMut for Operators {
    type Break = ();

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if let Expr::Function(function) = expr
            && let Some(operator) = function_name(function).and_then(|name| name.value.strip_prefix("_op_"))
        {
            let operator = BinaryOperator::Custom(operator.to_owned());
            if let Ok([left, right]) = <[Expr; 2]>::try_from(take_args(function)) {
                *expr = binary(left, operator, right);
            }
        }
        ControlFlow::Continue(())
    }
}

/// What may follow or precede the arguments of a call.
struct Clauses {
    distinct: Option<DuplicateTreatment>,
    filter: Option<Box<Expr>>,
    over: Option<WindowType>,
    nulls: Option<NullTreatment>,
}

impl Clauses {
    fn of(function: &Function) -> Self {
        let distinct = match &function.args {
            FunctionArguments::List(list) => list.duplicate_treatment,
            _ => None,
        };
        Self { distinct, filter: function.filter.clone(), over: function.over.clone(), nulls: function.null_treatment }
    }

    fn any(&self) -> bool {
        self.distinct.is_some() || self.filter.is_some() || self.over.is_some() || self.nulls.is_some()
    }
}

/// Gives the clauses of a call to the aggregates and window functions of its template.
struct Carry<'a> {
    registry: &'a Registry,
    clauses: Clauses,
    carried: bool,
}

impl VisitorMut for Carry<'_> {
    type Break = ();

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if let Expr::Function(function) = expr
            && function_name(function).is_some_and(|name| self.registry.is_carrier(&name.value))
        {
            self.carried = true;
            if let FunctionArguments::List(list) = &mut function.args {
                list.duplicate_treatment = self.clauses.distinct;
            }
            function.over = function.over.take().or_else(|| self.clauses.over.clone());
            function.null_treatment = self.clauses.nulls;
            function.filter = match (function.filter.take(), self.clauses.filter.clone()) {
                (Some(own), Some(given)) => Some(Box::new(binary(*own, BinaryOperator::And, Expr::Nested(given)))),
                (own, given) => own.or(given),
            };
        }
        ControlFlow::Continue(())
    }
}

/// Puts the arguments where the template has `$1`, `$2`, ..
struct Substitute {
    args: Vec<Expr>,
}

impl VisitorMut for Substitute {
    type Break = ();

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if let Expr::Value(value) = expr
            && let Value::Placeholder(placeholder) = &value.value
            && let Some(arg) = placeholder[1..].parse::<usize>().ok().and_then(|at| self.args.get(at.checked_sub(1)?))
        {
            *expr = match arg {
                Expr::BinaryOp { .. } | Expr::UnaryOp { .. } => Expr::Nested(Box::new(arg.clone())),
                arg => arg.clone(),
            };
        }
        ControlFlow::Continue(())
    }
}

fn binary(left: Expr, op: BinaryOperator, right: Expr) -> Expr {
    Expr::BinaryOp { left: Box::new(left), op, right: Box::new(right) }
}

fn cast(expr: Expr, data_type: &DataType) -> Expr {
    call(CAST, vec![expr, string(data_type.to_string().to_lowercase())])
}

fn is_integer(expr: &Expr) -> bool {
    match expr {
        Expr::Value(value) => matches!(&value.value, Value::Number(text, false) if text.parse::<i32>().is_ok()),
        _ => false,
    }
}

/// A whole number as an `INT`. Where the engine wants to see a plain number, this is not called.
fn type_integer(expr: &mut Expr) {
    if is_integer(expr) {
        *expr = Expr::Cast {
            kind: CastKind::Cast,
            expr: Box::new(take(expr)),
            data_type: DataType::Int(None),
            array: false,
            format: None,
        };
    }
}

/// Functions whose result is of the type of their arguments.
const TYPED_ARGUMENTS: &[&str] = &[
    "any_value",
    "array",
    "array_append",
    "array_contains",
    "array_position",
    "array_prepend",
    "array_remove",
    "array_repeat",
    "coalesce",
    "collect_list",
    "collect_set",
    "first",
    "first_value",
    "greatest",
    "if",
    "iff",
    "ifnull",
    "last",
    "last_value",
    "least",
    "map",
    "max",
    "min",
    "named_struct",
    "nullif",
    "nvl",
    "nvl2",
    "sequence",
    "struct",
    "sum",
    "typeof",
];

/// A field name after a dot is text, not a column.
fn plain_access(access: &mut AccessExpr) {
    match access {
        AccessExpr::Dot(Expr::Identifier(field)) => {
            *access = AccessExpr::Subscript(Subscript::Index { index: string(field.value.clone()) });
        }
        AccessExpr::Dot(_) | AccessExpr::Subscript(_) => {}
    }
}

/// Functions that no template can express; none if the general way is right for this call.
type Special = fn(&mut Function) -> Option<Expr>;

const SPECIAL: &[(&str, Special)] = &[
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
    let counted = template("CASE WHEN $1 THEN $2 END").ok().map(|mut case| {
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
        .map(|pair| sqlparser::ast::CaseWhen {
            condition: Expr::IsNotDistinctFrom(Box::new(value.clone()), Box::new(pair[0].clone())),
            result: pair[1].clone(),
        })
        .collect();
    Some(Expr::Case {
        case_token: sqlparser::ast::helpers::attached_token::AttachedToken::empty(),
        end_token: sqlparser::ast::helpers::attached_token::AttachedToken::empty(),
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
