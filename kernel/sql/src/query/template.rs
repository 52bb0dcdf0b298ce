//! Filling in the templates of [`crate::functions::rules`].

use std::ops::ControlFlow;

use aerostat_error::{Error, Result};
use sqlparser::ast::{
    BinaryOperator, DuplicateTreatment, Expr, Function, FunctionArgumentClause, FunctionArguments, NullTreatment,
    OrderByExpr, Value, VisitMut, VisitorMut, WindowType,
};
use sqlparser::parser::Parser;

use super::ast::{binary, function_name, take_args};
use super::calls::Registry;
use crate::dialect::Spark;

/// The template with the arguments and the clauses of the call.
pub(super) fn fill(rule: &str, function: &mut Function, registry: &Registry) -> Result<Expr> {
    let mut filled = parse(rule)?;
    let clauses = Clauses::of(function);
    if clauses.any() {
        let mut carry = Carry { registry, clauses, carried: false };
        let _ = VisitMut::visit(&mut filled, &mut carry);
        if !carry.carried {
            return Err(Error::invalid_argument(format!("`{}` is not an aggregate or window function", function.name))
                .with_hint("OVER, FILTER and DISTINCT only go with those"));
        }
    }
    let _ = VisitMut::visit(&mut filled, &mut Substitute { args: take_args(function) });
    Ok(filled)
}

/// Parses a template of [`rules`].
pub(super) fn parse(rule: &str) -> Result<Expr> {
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
    order: Vec<OrderByExpr>,
}

impl Clauses {
    fn of(function: &Function) -> Self {
        let distinct = match &function.args {
            FunctionArguments::List(list) => list.duplicate_treatment,
            _ => None,
        };
        Self {
            distinct,
            filter: function.filter.clone(),
            over: function.over.clone(),
            nulls: function.null_treatment,
            order: function.within_group.clone(),
        }
    }

    fn any(&self) -> bool {
        let others = self.over.is_some() || self.nulls.is_some() || !self.order.is_empty();
        self.distinct.is_some() || self.filter.is_some() || others
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
                if !self.clauses.order.is_empty() {
                    list.clauses.push(FunctionArgumentClause::OrderBy(self.clauses.order.clone()));
                }
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
pub(super) struct Substitute {
    pub(super) args: Vec<Expr>,
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
