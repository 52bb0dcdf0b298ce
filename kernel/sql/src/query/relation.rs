//! Relations of a `FROM` clause that Spark has and DataFusion does not: generators, `range`, samples, pivots.

use datafusion::common::{Result, not_impl_err, plan_err};
use datafusion::functions::math::expr_fn::random;
use datafusion::logical_expr::planner::{PlannedRelation, RelationPlanner, RelationPlannerContext, RelationPlanning};
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, lit};
use sqlparser::ast::{
    self, FunctionArg, FunctionArgExpr, Join, JoinOperator, TableAlias, TableFactor, TableSample, TableSampleKind,
    TableSampleUnit, TableWithJoins,
};

use super::ast::parts;
use super::generator::{Generator, is_generator};
use super::{pivot, sessions, sets};

/// Plans the relations that DataFusion cannot, and leaves the others to it.
#[derive(Debug)]
pub(crate) struct SparkRelations;

impl RelationPlanner for SparkRelations {
    fn plan_relation(
        &self,
        relation: TableFactor,
        context: &mut dyn RelationPlannerContext,
    ) -> Result<RelationPlanning> {
        let (plan, alias) = match relation {
            TableFactor::NestedJoin { table_with_joins, alias: None } if ends_in_generator(&table_with_joins) => {
                (generate(*table_with_joins, context)?, None)
            }
            TableFactor::NestedJoin { table_with_joins, alias: Some(alias) } if sets::is_operation(&alias) => {
                (sets::plan(*table_with_joins, &alias, context)?, None)
            }
            TableFactor::Table { sample: Some(_), .. } | TableFactor::Derived { sample: Some(_), .. } => {
                (sampled(relation, context)?, None)
            }
            TableFactor::Table { name, args: Some(args), alias, .. }
                if parts(&name).iter().any(|part| part.value == "range") =>
            {
                let args = args.args.into_iter().map(|arg| argument(arg, context)).collect::<Result<Vec<_>>>()?;
                (range(args, context)?, alias)
            }
            TableFactor::Pivot { table, aggregate_functions, value_column, value_source, alias, .. } => {
                let input = context.plan(*table)?;
                (pivot::pivot(input, aggregate_functions, value_column, value_source, context)?, alias)
            }
            TableFactor::Unpivot { table, value, name, columns, null_inclusion, alias } => {
                let input = context.plan(*table)?;
                (pivot::unpivot(input, &value, &name, columns, null_inclusion, context)?, alias)
            }
            other => return Ok(RelationPlanning::Original(Box::new(other))),
        };
        Ok(RelationPlanning::Planned(Box::new(PlannedRelation::new(plan, alias))))
    }
}

fn ends_in_generator(table: &TableWithJoins) -> bool {
    table.joins.last().is_some_and(|join| generator_name(&join.relation).is_some())
}

fn generator_name(relation: &TableFactor) -> Option<String> {
    let TableFactor::Function { lateral: true, name, .. } = relation else { return None };
    let name = &parts(name).last()?.value;
    is_generator(name).then(|| name.clone())
}

/// `(.. CROSS JOIN LATERAL explode(x) AS t (a))`.
fn generate(mut table: TableWithJoins, context: &mut dyn RelationPlannerContext) -> Result<LogicalPlan> {
    let Some(Join { relation, join_operator, .. }) = table.joins.pop() else { return plan_err!("no generator") };
    let name = generator_name(&relation).unwrap_or_default();
    let TableFactor::Function { args, alias, .. } = relation else { return plan_err!("no generator") };
    let input = context.plan(match table.joins.is_empty() {
        true => table.relation,
        false => TableFactor::NestedJoin { table_with_joins: Box::new(table), alias: None },
    })?;
    let args = args.into_iter().map(argument_expr).collect::<Result<Vec<_>>>()?;
    let (alias, columns): (_, Vec<String>) = match alias {
        Some(TableAlias { name, columns, .. }) => (name.value, columns.into_iter().map(|c| c.name.value).collect()),
        None => (name.clone(), Vec::new()),
    };
    if let (sessions::NAME, [column]) = (name.as_str(), columns.as_slice()) {
        return sessions::merge(input, args, (&alias, column), context);
    }
    let args = args.into_iter().map(|arg| context.sql_to_expr(arg, input.schema())).collect::<Result<Vec<_>>>()?;
    let outer = matches!(join_operator, JoinOperator::Left(_) | JoinOperator::LeftOuter(_));
    Generator { name, args, outer, alias, columns }.expand(input)
}

fn argument_expr(arg: FunctionArg) -> Result<ast::Expr> {
    match arg {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Ok(expr),
        other => plan_err!("`{other}` cannot be an argument here"),
    }
}

fn argument(arg: FunctionArg, context: &mut dyn RelationPlannerContext) -> Result<Expr> {
    context.sql_to_expr(argument_expr(arg)?, &datafusion::common::DFSchema::empty())
}

/// `range(end)`, `range(start, end)` or `range(start, end, step)`, with the column `id`.
fn range(mut args: Vec<Expr>, context: &mut dyn RelationPlannerContext) -> Result<LogicalPlan> {
    args.truncate(3);
    if args.len() == 1 {
        args.insert(0, lit(0_i64));
    }
    let source = context.context_provider().get_table_function_source("range", args)?;
    let scan = LogicalPlanBuilder::scan("range", source, None)?;
    let values = Expr::Column(scan.schema().columns().remove(0));
    scan.project([values.alias("id")])?.build()
}

/// `TABLESAMPLE (10 PERCENT)` or `(5 ROWS)`.
fn sampled(mut relation: TableFactor, context: &mut dyn RelationPlannerContext) -> Result<LogicalPlan> {
    let (TableFactor::Table { sample, .. } | TableFactor::Derived { sample, .. }) = &mut relation else {
        return plan_err!("no sample");
    };
    let Some(TableSampleKind::BeforeTableAlias(sample) | TableSampleKind::AfterTableAlias(sample)) = sample.take()
    else {
        return plan_err!("no sample");
    };
    let input = LogicalPlanBuilder::from(context.plan(relation)?);
    match share(&sample)? {
        Share::Rows(rows) => input.limit(0, Some(rows))?.build(),
        Share::Fraction(fraction) => input.filter(random().lt(lit(fraction)))?.build(),
    }
}

enum Share {
    Rows(usize),
    Fraction(f64),
}

fn share(sample: &TableSample) -> Result<Share> {
    if let Some(bucket) = &sample.bucket {
        let (Ok(bucket), Ok(total)) = (bucket.bucket.to_string().parse(), bucket.total.to_string().parse()) else {
            return plan_err!("TABLESAMPLE needs numbers of buckets");
        };
        let fraction: f64 = bucket;
        return Ok(Share::Fraction(fraction / f64::max(total, 1.0)));
    }
    let Some(quantity) = &sample.quantity else { return not_impl_err!("TABLESAMPLE without a quantity") };
    let number = quantity.value.to_string();
    match (&quantity.unit, number.parse::<f64>()) {
        (Some(TableSampleUnit::Rows), Ok(rows)) => Ok(Share::Rows(rows as usize)),
        (_, Ok(percent)) => Ok(Share::Fraction(percent / 100.0)),
        (_, Err(_)) => not_impl_err!("TABLESAMPLE ({number})"),
    }
}
