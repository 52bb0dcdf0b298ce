//! `IN` between values of different types, as Spark compares them.
//!
//! The planner asks for operators with their types at hand, but not for `IN`. So this is a step of the analysis, before
//! the engine's own conversions. What these do as Spark does stays as it is: files are passed over by it.

use std::sync::Arc;

use datafusion::arrow::array::{Array, AsArray};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{Column, DFSchema, Result, ScalarValue};
use datafusion::logical_expr::expr::{InList, InSubquery};
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{Expr, ExprSchemable, LogicalPlan, LogicalPlanBuilder};
use datafusion::optimizer::AnalyzerRule;

use super::operators::is_text;
use super::schema::type_name;
use crate::functions::cast::common;
use crate::functions::common::widest;
use crate::functions::convert::plainly;
use crate::functions::{cast_to, external};

/// The step.
#[derive(Debug)]
pub(crate) struct Membership;

impl AnalyzerRule for Membership {
    fn name(&self) -> &str {
        "membership"
    }

    fn analyze(&self, plan: LogicalPlan, config: &ConfigOptions) -> Result<LogicalPlan> {
        let ansi = config.execution.enable_ansi_mode;
        Ok(plan.transform_up_with_subqueries(|plan| in_plan(plan, ansi))?.data)
    }
}

fn in_plan(plan: LogicalPlan, ansi: bool) -> Result<Transformed<LogicalPlan>> {
    let schema = merge_schema(&plan.inputs());
    let names = NamePreserver::new(&plan);
    plan.map_expressions(|expr| {
        if !expr.exists(|expr| Ok(matches!(expr, Expr::InList(_) | Expr::InSubquery(_))))? {
            return Ok(Transformed::no(expr));
        }
        let name = names.save(&expr);
        let rewritten = expr.transform_up(|expr| in_expr(expr, &schema, ansi))?;
        Ok(rewritten.update_data(|expr| name.restore(expr)))
    })
}

fn in_expr(expr: Expr, schema: &DFSchema, ansi: bool) -> Result<Transformed<Expr>> {
    let rewritten = match &expr {
        Expr::InList(found) => in_list(found, schema, ansi)?.map(Expr::InList),
        Expr::InSubquery(found) => in_subquery(found, schema, ansi)?.map(Expr::InSubquery),
        _ => None,
    };
    Ok(rewritten.map_or_else(|| Transformed::no(expr), Transformed::yes))
}

/// The type that values are compared in, where the engine would choose another than Spark: if there are texts beside other
/// values, dates beside timestamps, or floats beside decimals.
fn meeting(types: &[DataType], ansi: bool) -> Option<DataType> {
    let has = |wanted: &dyn Fn(&DataType) -> bool| types.iter().any(wanted);
    let texts = has(&is_text) && has(&|dtype| !is_text(dtype) && !dtype.is_null());
    let times = has(&|dtype| *dtype == DataType::Date32) && has(&|dtype| matches!(dtype, DataType::Timestamp(..)));
    let floats = has(&|dtype| *dtype == DataType::Float32) && has(&DataType::is_decimal);
    if texts || times || floats { widest(types, ansi, true) } else { None }
}

fn in_list(found: &InList, schema: &DFSchema, ansi: bool) -> Result<Option<InList>> {
    let values = || std::iter::once(found.expr.as_ref()).chain(&found.list);
    let types = values().map(|value| value.get_type(schema).map(|dtype| common(&dtype)));
    // The engine has the better error for what has no type.
    let Ok(types) = types.collect::<Result<Vec<DataType>>>() else { return Ok(None) };
    let Some(to) = meeting(&types, ansi) else { return Ok(None) };
    if let Some(list) = types.first().filter(|_| to == DataType::Utf8).and_then(|own| as_written(&found.list, own)) {
        return Ok(Some(InList { list, ..found.clone() }));
    }
    let name = type_name(&to).map_err(external)?;
    let cast = |(value, from): (&Expr, &DataType)| match *from == to {
        true => value.clone(),
        false => cast_to(value.clone(), &name),
    };
    let mut cast = values().zip(&types).map(cast);
    Ok(cast.next().map(|expr| InList::new(Box::new(expr), cast.collect(), found.negated)))
}

/// The texts of a list as values of a type, if each is just what a value of it looks like. Then the values are equal where
/// the texts are, and to compare values helps to pass over files.
fn as_written(list: &[Expr], dtype: &DataType) -> Option<Vec<Expr>> {
    if !dtype.is_integer() && !matches!(dtype, DataType::Date32 | DataType::Decimal128(..)) {
        return None;
    }
    let value = |item: &Expr| match item {
        Expr::Literal(value, _) if is_text(&value.data_type()) && !value.is_null() => {
            let text = value.cast_to(&DataType::Utf8).and_then(|text| text.to_array()).ok()?;
            let value = plainly(&text, dtype).ok()?;
            let shown = plainly(&value, &DataType::Utf8).ok()?;
            let same = value.is_valid(0) && shown.as_string::<i32>() == text.as_string::<i32>();
            same.then(|| ScalarValue::try_from_array(&value, 0).ok()).flatten()
        }
        Expr::Literal(value, _) if value.is_null() => ScalarValue::try_from(dtype).ok(),
        Expr::Literal(value, _) if value.data_type() == *dtype => Some(value.clone()),
        _ => None,
    };
    list.iter().map(|item| value(item).map(|value| Expr::Literal(value, None))).collect()
}

fn in_subquery(found: &InSubquery, schema: &DFSchema, ansi: bool) -> Result<Option<InSubquery>> {
    let plan = &found.subquery.subquery;
    let (Ok(own), [field]) = (found.expr.get_type(schema), &plan.schema().fields()[..]) else { return Ok(None) };
    let (own, other) = (common(&own), common(field.data_type()));
    let Some(to) = meeting(&[own.clone(), other.clone()], ansi) else { return Ok(None) };
    let name = type_name(&to).map_err(external)?;
    let mut rewritten = found.clone();
    if own != to {
        rewritten.expr = Box::new(cast_to(found.expr.as_ref().clone(), &name));
    }
    if other != to {
        let column = Expr::Column(Column::from(plan.schema().qualified_field(0)));
        let cast = LogicalPlanBuilder::from(plan.as_ref().clone()).project([cast_to(column, &name)])?;
        rewritten.subquery.subquery = Arc::new(cast.build()?);
    }
    Ok(Some(rewritten))
}
