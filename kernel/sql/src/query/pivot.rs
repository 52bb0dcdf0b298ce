//! `PIVOT` and `UNPIVOT`.

use datafusion::common::{Column, Result, not_impl_err, plan_err};
use datafusion::functions::core::expr_fn::nullif;
use datafusion::functions_nested::expr_fn::make_array;
use datafusion::logical_expr::planner::RelationPlannerContext;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, lit};
use sqlparser::ast::{self, ExprWithAlias, Ident, NullInclusion, PivotValueSource};

use super::generator::Generator;

/// One row per combination of the columns that the pivot does not mention, one column per value and aggregate.
pub(crate) fn pivot(
    input: LogicalPlan,
    aggregates: Vec<ExprWithAlias>,
    key: Vec<ast::Expr>,
    values: PivotValueSource,
    context: &mut dyn RelationPlannerContext,
) -> Result<LogicalPlan> {
    let schema = input.schema().clone();
    let [key] = <[ast::Expr; 1]>::try_from(key).or_else(|_| not_impl_err!("PIVOT over several columns"))?;
    let key = context.sql_to_expr(key, &schema)?;
    let PivotValueSource::List(values) = values else { return not_impl_err!("PIVOT without a list of values") };
    let several = aggregates.len() > 1;
    let aggregates = aggregates
        .into_iter()
        .map(|aggregate| {
            let name = aggregate.alias.map_or_else(|| aggregate.expr.to_string(), |alias| alias.value);
            Ok((context.sql_to_expr(aggregate.expr, &schema)?.unalias(), name))
        })
        .collect::<Result<Vec<_>>>()?;
    let mentioned: Vec<Column> = aggregates
        .iter()
        .flat_map(|(aggregate, _)| aggregate.column_refs().into_iter().cloned())
        .chain(key.column_refs().into_iter().cloned())
        .collect();
    let groups: Vec<Expr> =
        schema.columns().into_iter().filter(|column| !mentioned.contains(column)).map(Expr::Column).collect();

    let mut cells = Vec::new();
    let mut names = Vec::new();
    for value in values {
        let label = value.alias.map_or_else(|| literal_name(&value.expr), |alias| alias.value);
        let value = context.sql_to_expr(value.expr, &schema)?;
        for (aggregate, name) in &aggregates {
            let cell = format!("__cell_{}", cells.len());
            cells.push(only_where(aggregate.clone(), key.clone().eq(value.clone()))?.alias(&cell));
            names.push((cell, counts(aggregate), if several { format!("{label}_{name}") } else { label.clone() }));
        }
    }
    let named = names.into_iter().map(|(cell, counts, name)| {
        let cell = Expr::Column(Column::from_name(cell));
        // Where there are no rows there is nothing to count: null, not 0.
        if counts { nullif(cell, lit(0_i64)).alias(name) } else { cell.alias(name) }
    });
    LogicalPlanBuilder::from(input).aggregate(groups.clone(), cells)?.project(groups.into_iter().chain(named))?.build()
}

/// The name of a column for a value, in lower case as all names are.
fn literal_name(value: &ast::Expr) -> String {
    let text = super::ast::literal_text(value).map_or_else(|| value.to_string(), str::to_owned);
    text.to_lowercase()
}

fn counts(aggregate: &Expr) -> bool {
    matches!(aggregate, Expr::AggregateFunction(function) if function.func.name() == "count")
}

/// The aggregate over some of the rows.
fn only_where(aggregate: Expr, condition: Expr) -> Result<Expr> {
    match aggregate {
        Expr::AggregateFunction(mut function) => {
            function.params.filter = Some(Box::new(match function.params.filter.take() {
                Some(filter) => filter.and(condition),
                None => condition,
            }));
            Ok(Expr::AggregateFunction(function))
        }
        other => plan_err!("PIVOT needs aggregate functions, not {other}"),
    }
}

/// One row per row and column of `columns`, with the column's name and its value.
pub(crate) fn unpivot(
    input: LogicalPlan,
    value: &ast::Expr,
    name: &Ident,
    columns: Vec<ExprWithAlias>,
    nulls: Option<NullInclusion>,
    context: &mut dyn RelationPlannerContext,
) -> Result<LogicalPlan> {
    let schema = input.schema().clone();
    let ast::Expr::Identifier(value) = value else { return not_impl_err!("UNPIVOT of several values at once") };
    let mut cells = Vec::new();
    let mut used = Vec::new();
    for column in columns {
        let label = column.alias.map_or_else(|| literal_name(&column.expr), |alias| alias.value);
        let cell = context.sql_to_expr(column.expr, &schema)?;
        used.extend(cell.column_refs().into_iter().cloned());
        let fields = vec![lit("name"), lit(label), lit("value"), cell];
        cells.push(datafusion::functions::core::named_struct().call(fields));
    }
    let kept: Vec<Expr> =
        schema.columns().into_iter().filter(|column| !used.contains(column)).map(Expr::Column).collect();
    let generator = Generator {
        name: "inline".into(),
        args: vec![make_array(cells)],
        outer: false,
        alias: "__unpivoted".into(),
        columns: vec![name.value.clone(), value.value.clone()],
    };
    let made = [&name.value, &value.value].map(|name| Expr::Column(Column::from_name(name.clone())));
    let rows = LogicalPlanBuilder::from(generator.expand(input)?).project(kept.into_iter().chain(made))?;
    match nulls {
        Some(NullInclusion::IncludeNulls) => rows.build(),
        _ => rows.filter(Expr::Column(Column::from_name(value.value.clone())).is_not_null())?.build(),
    }
}
