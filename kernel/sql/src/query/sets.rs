//! `EXCEPT ALL` and `INTERSECT ALL`, in which it counts how often equal rows come.
//!
//! The engine has them without counting. So equal rows are numbered on both sides, and the numbers are compared along
//! with the rows: then no two are equal, and there is nothing to count. Here the operations become joins under names that
//! tell them from others, which [`super::relation`] has planned here as well.

use std::ops::ControlFlow;

use datafusion::common::{Result, plan_err};
use datafusion::functions_window::expr_fn::row_number;
use datafusion::logical_expr::planner::RelationPlannerContext;
use datafusion::logical_expr::type_coercion::binary::type_union_coercion;
use datafusion::logical_expr::{Expr, ExprFunctionExt, LogicalPlan, LogicalPlanBuilder, cast, col};
use sqlparser::ast::{
    Ident, Join, JoinConstraint, JoinOperator, Query, SelectItem, SetExpr, SetOperator, SetQuantifier, TableAlias,
    TableFactor, TableWithJoins, VisitMut, VisitorMut,
};

use super::ast::{alias, bare_query, select};

const EXCEPT: &str = "__except_all";
const INTERSECT: &str = "__intersect_all";
const NUMBER: &str = "__number";

/// Makes joins of the operations of a query.
pub(super) fn count(query: &mut Query) {
    let _: ControlFlow<()> = query.visit(&mut Sets);
}

struct Sets;

impl VisitorMut for Sets {
    type Break = ();

    fn post_visit_query(&mut self, query: &mut Query) -> ControlFlow<()> {
        joined(&mut query.body);
        ControlFlow::Continue(())
    }
}

fn joined(body: &mut SetExpr) {
    let SetExpr::SetOperation { op, set_quantifier, left, right } = body else { return };
    joined(left);
    joined(right);
    let name = match (op, set_quantifier) {
        (SetOperator::Except, SetQuantifier::All) => EXCEPT,
        (SetOperator::Intersect, SetQuantifier::All) => INTERSECT,
        _ => return,
    };
    let side = |side: &SetExpr| TableFactor::Derived {
        lateral: false,
        subquery: Box::new(bare_query(side.clone())),
        alias: None,
        sample: None,
    };
    let join_operator = JoinOperator::CrossJoin(JoinConstraint::None);
    let table = TableWithJoins {
        relation: side(left),
        joins: vec![Join { relation: side(right), global: false, join_operator }],
    };
    let alias = alias(Ident::new(name), Vec::new());
    let relation = TableFactor::NestedJoin { table_with_joins: Box::new(table), alias: Some(alias) };
    *body = SetExpr::Select(Box::new(select(vec![SelectItem::Wildcard(Default::default())], relation)));
}

/// Whether a join is one of the operations.
pub(super) fn is_operation(alias: &TableAlias) -> bool {
    [EXCEPT, INTERSECT].contains(&alias.name.value.as_str())
}

/// Plans one of the operations.
pub(super) fn plan(
    table: TableWithJoins,
    alias: &TableAlias,
    context: &mut dyn RelationPlannerContext,
) -> Result<LogicalPlan> {
    let Some(join) = table.joins.into_iter().next() else { return plan_err!("a set operation has two sides") };
    let (left, right) = (context.plan(table.relation)?, context.plan(join.relation)?);
    let (width, other) = (left.schema().fields().len(), right.schema().fields().len());
    if width != other {
        return plan_err!("the queries of a set operation have {width} and {other} columns, and must have as many");
    }
    let names: Vec<String> = left.schema().fields().iter().map(|field| field.name().clone()).collect();
    let types = left.schema().fields().iter().zip(right.schema().fields().iter());
    let types: Vec<_> = types.map(|(one, other)| type_union_coercion(one.data_type(), other.data_type())).collect();
    let numbered = |plan: LogicalPlan| {
        let columns = plan.schema().columns().into_iter().zip(&types).enumerate();
        let columns = columns.map(|(at, (column, dtype))| match dtype {
            Some(dtype) => cast(Expr::Column(column), dtype.clone()).alias(slot(at)),
            None => Expr::Column(column).alias(slot(at)),
        });
        let equal = (0..width).map(|at| col(slot(at))).collect();
        let number = row_number().partition_by(equal).build()?.alias(NUMBER);
        LogicalPlanBuilder::from(plan).project(columns)?.window([number])?.build()
    };
    let (left, right) = (numbered(left)?, numbered(right)?);
    let kept = match alias.name.value == EXCEPT {
        true => LogicalPlanBuilder::except(left, right, true)?,
        false => LogicalPlanBuilder::intersect(left, right, true)?,
    };
    let named = names.into_iter().enumerate().map(|(at, name)| col(slot(at)).alias(name));
    LogicalPlanBuilder::from(kept).project(named)?.build()
}

fn slot(at: usize) -> String {
    format!("__compared_{at}")
}
