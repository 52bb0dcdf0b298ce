//! `_sessions(condition, window, key, ..)`, what [`super::time_windows`] makes of `session_window`: the rows of which the
//! condition is true and that open a window, each with the session that it is in. Windows that touch are one session, among
//! rows with equal keys.

use std::sync::Arc;

use datafusion::common::{Column, Result, plan_err};
use datafusion::functions::core::expr_fn::get_field;
use datafusion::functions::core::named_struct;
use datafusion::functions_aggregate::min_max::{max_udaf, min_udaf};
use datafusion::functions_aggregate::sum::sum_udaf;
use datafusion::logical_expr::expr::WindowFunction;
use datafusion::logical_expr::planner::RelationPlannerContext;
use datafusion::logical_expr::{
    AggregateUDF, Expr, ExprFunctionExt, LogicalPlan, LogicalPlanBuilder, WindowFrame, WindowFrameBound,
    WindowFrameUnits, col, lit, when,
};
use datafusion::scalar::ScalarValue;
use sqlparser::ast;

/// What it is called inside of a query.
pub(super) const NAME: &str = "_sessions";

const OPENED: &str = "__opened";
const UNTIL: &str = "__until";
const NUMBER: &str = "__number";

/// The rows of `input` with their sessions as the column `name` of the relation `alias`.
pub(super) fn merge(
    input: LogicalPlan,
    args: Vec<ast::Expr>,
    (alias, name): (&str, &str),
    context: &mut dyn RelationPlannerContext,
) -> Result<LogicalPlan> {
    let mut args = args.into_iter();
    let (Some(condition), Some(window)) = (args.next(), args.next()) else { return plan_err!("no time of sessions") };
    let condition = context.sql_to_expr(condition, input.schema())?;
    let window = context.sql_to_expr(window, input.schema())?.alias(OPENED);
    let mut keys = Vec::new();
    for (at, key) in args.enumerate() {
        keys.push(context.sql_to_expr(chosen(key, &input), input.schema())?.alias(slot(at)));
    }
    let kept: Vec<Expr> = input.schema().columns().into_iter().map(Expr::Column).collect();
    let slots: Vec<Expr> = (0..keys.len()).map(|at| column(&slot(at))).collect();
    let (start, end) = (get_field(column(OPENED), "start"), get_field(column(OPENED), "end"));
    let in_order = |aggregate: Expr, last: WindowFrameBound| {
        let first = WindowFrameBound::Preceding(ScalarValue::UInt64(None));
        let frame = WindowFrame::new_bounds(WindowFrameUnits::Rows, first, last);
        let ordered = aggregate.partition_by(slots.clone()).order_by(vec![start.clone().sort(true, true)]);
        ordered.window_frame(frame).build()
    };
    let before = in_order(over(max_udaf(), end.clone()), WindowFrameBound::Preceding(ScalarValue::UInt64(Some(1))))?
        .alias(UNTIL);
    let is_new = when(start.clone().lt_eq(column(UNTIL)), lit(0_i64)).otherwise(lit(1_i64))?;
    let number = in_order(over(sum_udaf(), is_new), WindowFrameBound::CurrentRow)?.alias(NUMBER);
    let within = |aggregate: Expr| {
        aggregate.partition_by(slots.iter().cloned().chain([column(NUMBER)]).collect::<Vec<_>>()).build()
    };
    let (from, to) =
        (within(over(min_udaf(), start.clone()))?.alias("__from"), within(over(max_udaf(), end))?.alias("__to"));
    let session = named_struct().call(vec![lit("start"), col("__from"), lit("end"), col("__to")]);
    LogicalPlanBuilder::from(input)
        .filter(condition)?
        .project(kept.iter().cloned().chain([window]).chain(keys))?
        .filter(column(OPENED).is_not_null())?
        .window([before])?
        .window([number])?
        .window([from, to])?
        .project(kept.into_iter().chain([session.alias_qualified(Some(alias), name)]))?
        .build()
}

/// Of a name that is a column's or else an alias, what it is.
fn chosen(key: ast::Expr, input: &LogicalPlan) -> ast::Expr {
    match key {
        ast::Expr::Tuple(mut either) if either.len() == 2 => {
            let is_column = |name: &str| !input.schema().columns_with_unqualified_name(name).is_empty();
            let column = matches!(&either[0], ast::Expr::Identifier(ident) if is_column(&ident.value));
            either.swap_remove(usize::from(!column))
        }
        key => key,
    }
}

/// The aggregate over a window that is to be named yet.
fn over(aggregate: Arc<AggregateUDF>, value: Expr) -> Expr {
    Expr::from(WindowFunction::new(aggregate, vec![value]))
}

/// A column that is made here.
fn column(name: &str) -> Expr {
    Expr::Column(Column::from_name(name))
}

fn slot(at: usize) -> String {
    format!("__key_{at}")
}
