//! `EXISTS` and `IN` with a subquery as values of a `SELECT`, which the engine knows as conditions of rows only.
//!
//! They become counts of rows, which it knows there, too: `EXISTS` is whether there are any, `x IN` whether there are any
//! with `x`. As in Spark, which does not follow the standard there, neither `x IN` nor `x NOT IN` is ever null: both are
//! false where a null leaves it open.

use std::ops::ControlFlow;

use sqlparser::ast::{
    BinaryOperator, Expr, GroupByExpr, Ident, Query, Select, SelectItem, SetExpr, TableFactor, UnaryOperator, VisitMut,
    VisitorMut,
};

use super::ast::{alias, bare_query, binary, call, each_own_expr, number, select, take};

/// The rows of the subquery, and their column.
const ROWS: &str = "__rows";
const VALUE: &str = "__value";

/// Makes counts of those of a query.
pub(super) fn count(query: &mut Query) {
    let _: ControlFlow<()> = query.visit(&mut Selects);
}

struct Selects;

impl VisitorMut for Selects {
    type Break = ();

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<()> {
        each_own_expr(&mut select.projection, |expr| {
            if let Some(counted) = counted(expr) {
                *expr = counted;
            }
            ControlFlow::Continue(())
        })
    }
}

fn counted(expr: &mut Expr) -> Option<Expr> {
    Some(match expr {
        Expr::Exists { subquery, negated: false } => exists(subquery),
        Expr::Exists { subquery, negated: true } => not(exists(subquery)),
        Expr::InSubquery { expr, .. } if matches!(expr.as_ref(), Expr::Tuple(_)) => return None,
        Expr::InSubquery { expr, subquery, negated: false } => found(&take(expr), subquery),
        Expr::InSubquery { expr, subquery, negated: true } => {
            let value = take(expr);
            not(nested(binary(found(&value, subquery), BinaryOperator::Or, unknown(&value, subquery))))
        }
        _ => return None,
    })
}

fn exists(rows: &Query) -> Expr {
    match rows.body.as_ref() {
        // Its conditions may speak of the row around it, which they could not from further within.
        SetExpr::Select(body) if is_plain(body) && rows.with.is_none() && rows.limit_clause.is_none() => {
            let counted = Select { projection: vec![any()], distinct: None, ..body.as_ref().clone() };
            subquery(counted)
        }
        _ => subquery(select(vec![any()], these(rows, Vec::new()))),
    }
}

/// Whether a `SELECT` gives a row for each that it finds.
fn is_plain(body: &Select) -> bool {
    let is_plain = |item: &SelectItem| {
        matches!(
            item,
            SelectItem::Wildcard(_)
                | SelectItem::QualifiedWildcard(..)
                | SelectItem::UnnamedExpr(Expr::Value(_) | Expr::Identifier(_) | Expr::CompoundIdentifier(_))
                | SelectItem::ExprWithAlias {
                    expr: Expr::Value(_) | Expr::Identifier(_) | Expr::CompoundIdentifier(_),
                    ..
                }
        )
    };
    let groups = !matches!(&body.group_by, GroupByExpr::Expressions(keys, _) if keys.is_empty());
    !groups && body.having.is_none() && body.qualify.is_none() && body.projection.iter().all(is_plain)
}

/// Whether a value is among the rows.
fn found(value: &Expr, rows: &Query) -> Expr {
    some(rows, Some(binary(row(), BinaryOperator::Eq, nested(value.clone()))))
}

/// Whether that depends on a null.
fn unknown(value: &Expr, rows: &Query) -> Expr {
    let is_null = |value: Expr| Expr::IsNull(Box::new(value));
    let without_value = binary(is_null(nested(value.clone())), BinaryOperator::And, some(rows, None));
    nested(binary(nested(without_value), BinaryOperator::Or, some(rows, Some(is_null(row())))))
}

/// Whether there are rows for which the condition holds.
fn some(rows: &Query, condition: Option<Expr>) -> Expr {
    let rows = these(rows, vec![Ident::new(VALUE)]);
    subquery(Select { selection: condition, ..select(vec![any()], rows) })
}

fn row() -> Expr {
    Expr::Identifier(Ident::new(VALUE))
}

fn not(expr: Expr) -> Expr {
    Expr::UnaryOp { op: UnaryOperator::Not, expr: Box::new(expr) }
}

/// `count(1) > 0`.
fn any() -> SelectItem {
    SelectItem::UnnamedExpr(binary(call("count", vec![number(1)]), BinaryOperator::Gt, number(0)))
}

/// The rows of a query as those of a table.
fn these(rows: &Query, columns: Vec<Ident>) -> TableFactor {
    let alias = alias(Ident::new(ROWS), columns);
    TableFactor::Derived { lateral: false, subquery: Box::new(rows.clone()), alias: Some(alias), sample: None }
}

fn subquery(body: Select) -> Expr {
    Expr::Subquery(Box::new(bare_query(SetExpr::Select(Box::new(body)))))
}

fn nested(expr: Expr) -> Expr {
    Expr::Nested(Box::new(expr))
}
