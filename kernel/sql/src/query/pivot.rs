//! `PIVOT` and `UNPIVOT`.

use datafusion::common::{Column, DFSchema, Result, not_impl_err, plan_err};
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
    let keys = key.into_iter().map(|key| context.sql_to_expr(key, &schema)).collect::<Result<Vec<_>>>()?;
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
        .chain(keys.iter().flat_map(|key| key.column_refs().into_iter().cloned()))
        .collect();
    let groups: Vec<Expr> =
        schema.columns().into_iter().filter(|column| !mentioned.contains(column)).map(Expr::Column).collect();

    let mut cells = Vec::new();
    let mut names = Vec::new();
    for value in values {
        let label = value.alias.map_or_else(|| literal_name(&value.expr), |alias| alias.value);
        let condition = equal(&keys, parts_of(value.expr), &schema, context)?;
        for (aggregate, name) in &aggregates {
            let cell = format!("__cell_{}", cells.len());
            cells.push(only_where(aggregate.clone(), condition.clone())?.alias(&cell));
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

/// The values that belong together: `('x', 1)` are two.
fn parts_of(value: ast::Expr) -> Vec<ast::Expr> {
    match value {
        ast::Expr::Tuple(values) => values,
        value => vec![value],
    }
}

/// Whether the keys have these values.
fn equal(
    keys: &[Expr],
    values: Vec<ast::Expr>,
    schema: &DFSchema,
    context: &mut dyn RelationPlannerContext,
) -> Result<Expr> {
    if keys.len() != values.len() {
        return plan_err!("PIVOT has {} columns but {} values", keys.len(), values.len());
    }
    let pairs = keys.iter().zip(values);
    let pairs = pairs.map(|(key, value)| Ok(key.clone().eq(context.sql_to_expr(value, schema)?)));
    let pairs = pairs.collect::<Result<Vec<_>>>()?;
    pairs.into_iter().reduce(Expr::and).map_or_else(|| plan_err!("PIVOT without a column"), Ok)
}

/// The name of a column for a value, in lower case as all names are.
fn literal_name(value: &ast::Expr) -> String {
    if let ast::Expr::Tuple(values) = value {
        return values.iter().map(literal_name).collect::<Vec<_>>().join("_");
    }
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
    let values = parts_of(value.clone()).into_iter().map(|value| match value {
        ast::Expr::Identifier(name) => Ok(name.value),
        other => plan_err!("the values of UNPIVOT have names, not `{other}`"),
    });
    let values = values.collect::<Result<Vec<_>>>()?;
    let mut cells = Vec::new();
    let mut used = Vec::new();
    for column in columns {
        let label = column.alias.map_or_else(|| literal_name(&column.expr), |alias| alias.value);
        let parts = parts_of(column.expr);
        if parts.len() != values.len() {
            return plan_err!("UNPIVOT has {} values but {} columns for them", values.len(), parts.len());
        }
        let mut fields = vec![lit("name"), lit(label)];
        for (at, part) in parts.into_iter().enumerate() {
            let cell = context.sql_to_expr(part, &schema)?;
            used.extend(cell.column_refs().into_iter().cloned());
            fields.extend([lit(format!("value{at}")), cell]);
        }
        cells.push(datafusion::functions::core::named_struct().call(fields));
    }
    let kept: Vec<Expr> =
        schema.columns().into_iter().filter(|column| !used.contains(column)).map(Expr::Column).collect();
    let made: Vec<String> = std::iter::once(name.value.clone()).chain(values.iter().cloned()).collect();
    let generator = Generator {
        name: "inline".into(),
        args: vec![make_array(cells)],
        outer: false,
        alias: "__unpivoted".into(),
        columns: made.clone(),
    };
    let column = |name: &String| Expr::Column(Column::from_name(name.clone()));
    let rows =
        LogicalPlanBuilder::from(generator.expand(input)?).project(kept.into_iter().chain(made.iter().map(column)))?;
    // A row without any value is none.
    let some = values.iter().map(|value| column(value).is_not_null()).reduce(Expr::or);
    match (nulls, some) {
        (Some(NullInclusion::IncludeNulls), _) | (_, None) => rows.build(),
        (_, Some(some)) => rows.filter(some)?.build(),
    }
}
