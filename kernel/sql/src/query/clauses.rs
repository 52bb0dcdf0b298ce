//! Third pass over a query: functions that make several rows of one move from where Spark has them into `FROM`.
//!
//! `SELECT id, explode(words) FROM t` and `FROM t LATERAL VIEW explode(words) v AS w` both become a join of `t` with
//! `LATERAL explode(words) AS v (w)`, parenthesised so that [`super::relation`] sees the two sides together.

use std::ops::ControlFlow;

use aerostat_error::Error;
use sqlparser::ast::{
    Expr, Function, FunctionArguments, Ident, Join, JoinConstraint, JoinOperator, ObjectName, Query, Select,
    SelectItem, SelectItemQualifiedWildcardKind, SetExpr, TableAlias, TableFactor, TableWithJoins, Value, VisitMut,
    VisitorMut,
};

use super::ast::{bare_query, select, take};
use super::calls::{Registry, has_aggregate};
use super::generator;

/// Moves the generators of every `SELECT` of the query into its `FROM` clause.
pub(crate) fn move_generators(query: &mut Query, registry: &Registry) -> Result<(), Error> {
    match query.visit(&mut Mover { registry, made: 0 }) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(error) => Err(error),
    }
}

struct Mover<'a> {
    registry: &'a Registry,
    made: usize,
}

impl VisitorMut for Mover<'_> {
    type Break = Error;

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<Error> {
        if let Err(error) = join_generators(&mut select.from) {
            return ControlFlow::Break(error);
        }
        for view in std::mem::take(&mut select.lateral_views) {
            let Expr::Function(function) = view.lateral_view else {
                return ControlFlow::Break(Error::syntax("LATERAL VIEW needs a function such as explode(..)"));
            };
            let alias = alias(view.lateral_view_name, view.lateral_col_alias);
            add(&mut select.from, function, alias, view.outer);
        }
        let has_generator = select.projection.iter_mut().any(|item| self.generator_of(item).is_some());
        if has_generator {
            self.move_items(select);
        }
        select.projection.iter_mut().for_each(name_explode);
        ControlFlow::Continue(())
    }
}

/// The name of the elements of a list of aggregates, which stays where it is.
fn name_explode(item: &mut SelectItem) {
    if let SelectItem::UnnamedExpr(expr) = item
        && generator::is_call(expr)
    {
        *item = SelectItem::ExprWithAlias { expr: take(expr), alias: Ident::new("col") };
    }
}

/// `FROM t, LATERAL explode(words) AS w` and `FROM t JOIN LATERAL explode(words) AS w`: joins the generators with what is
/// to their left.
fn join_generators(from: &mut Vec<TableWithJoins>) -> Result<(), Error> {
    for TableWithJoins { relation, joins } in std::mem::take(from) {
        match generated(&relation).filter(|_| !from.is_empty()) {
            Some((generator, alias)) => add(from, generator, alias, false),
            None => from.push(TableWithJoins { relation, joins: Vec::new() }),
        }
        for join in joins {
            if let Some((generator, alias)) = generated(&join.relation) {
                add(from, generator, alias, keeps_all(&join.join_operator)?);
            } else if let Some(table) = from.last_mut() {
                table.joins.push(join);
            }
        }
    }
    Ok(())
}

/// The call of a generator that a relation is, and the names of what it makes.
fn generated(relation: &TableFactor) -> Option<(Function, TableAlias)> {
    let TableFactor::Function { lateral: true, name, args, alias: given, .. } = relation else { return None };
    let [name] = super::ast::parts(name)[..] else { return None };
    let mut generator = generator::is_generator(&name.value).then(|| super::ast::function(name.clone(), Vec::new()))?;
    if let FunctionArguments::List(list) = &mut generator.args {
        list.args = args.clone();
    }
    let alias = given.clone().unwrap_or_else(|| alias(ObjectName::from(vec![name.clone()]), Vec::new()));
    Some((generator, alias))
}

/// Whether a join with a generator keeps the rows for which there is nothing. `LEFT JOIN LATERAL explode(..)` does, with
/// `ON true` and without; Spark 4 loses them without.
fn keeps_all(join: &JoinOperator) -> Result<bool, Error> {
    use JoinOperator::{CrossJoin, Inner, Left, LeftOuter};
    let (constraint, keeps_all) = match join {
        JoinOperator::Join(constraint) | Inner(constraint) | CrossJoin(constraint) => (constraint, false),
        Left(constraint) | LeftOuter(constraint) => (constraint, true),
        _ => return Err(Error::not_supported("a function after LATERAL is joined by JOIN, LEFT JOIN or CROSS JOIN")),
    };
    let is_always = match constraint {
        JoinConstraint::None => true,
        JoinConstraint::On(Expr::Value(value)) => value.value == Value::Boolean(true),
        _ => false,
    };
    match is_always {
        true => Ok(keeps_all),
        false => Err(Error::not_supported("a join with a function after LATERAL takes no condition but `ON true`")
            .with_hint("put the condition into WHERE")),
    }
}

impl Mover<'_> {
    fn move_items(&mut self, select: &mut Select) {
        self.qualify_wildcards(select);
        for item in &mut select.projection {
            let columns = match item {
                SelectItem::UnnamedExpr(_) => Vec::new(),
                SelectItem::ExprWithAlias { alias, .. } => vec![alias.clone()],
                SelectItem::ExprWithAliases { aliases, .. } => aliases.clone(),
                _ => continue,
            };
            let Some(expr) = self.generator_of(item) else { continue };
            let Expr::Function(function) = take(expr) else { continue };
            let name = self.fresh();
            add(&mut select.from, function, alias(name.clone(), columns), false);
            *item = all_of(name);
        }
    }

    /// The generator that an item consists of. Over an aggregate it has to stay, as the aggregate is not there before.
    fn generator_of<'i>(&self, item: &'i mut SelectItem) -> Option<&'i mut Expr> {
        let expr = match item {
            SelectItem::UnnamedExpr(expr)
            | SelectItem::ExprWithAlias { expr, .. }
            | SelectItem::ExprWithAliases { expr, .. } => expr,
            _ => return None,
        };
        let movable = generator::is_call(expr) && !has_aggregate(expr, self.registry);
        movable.then_some(expr)
    }

    fn fresh(&mut self) -> ObjectName {
        self.made += 1;
        ObjectName::from(vec![Ident::new(format!("__generated_{}", self.made))])
    }

    /// `*` as the columns of each relation, so that it does not take those of the generators as well.
    fn qualify_wildcards(&mut self, select: &mut Select) {
        let Some(at) = select.projection.iter().position(|item| matches!(item, SelectItem::Wildcard(_))) else {
            return;
        };
        let mut relations = Vec::new();
        for table in &mut select.from {
            for factor in
                std::iter::once(&mut table.relation).chain(table.joins.iter_mut().map(|join| &mut join.relation))
            {
                match factor {
                    TableFactor::Table { alias: None, name, .. } => relations.push(name.clone()),
                    TableFactor::Table { alias: Some(alias), .. }
                    | TableFactor::Derived { alias: Some(alias), .. }
                    | TableFactor::Function { alias: Some(alias), .. } => {
                        relations.push(ObjectName::from(vec![alias.name.clone()]));
                    }
                    TableFactor::Derived { alias: unnamed, .. } => {
                        let name = self.fresh();
                        *unnamed = Some(alias(name.clone(), Vec::new()));
                        relations.push(name);
                    }
                    _ => return,
                }
            }
        }
        select.projection.splice(at..=at, relations.into_iter().map(all_of));
    }
}

fn all_of(relation: ObjectName) -> SelectItem {
    SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(relation), Default::default())
}

fn alias(name: ObjectName, columns: Vec<Ident>) -> TableAlias {
    let name = super::ast::parts(&name).last().map_or_else(|| Ident::new("__generated"), |name| (*name).clone());
    super::ast::alias(name, columns)
}

/// Joins the relations so far with a generator over them.
fn add(from: &mut Vec<TableWithJoins>, generator: Function, alias: TableAlias, outer: bool) {
    let mut tables = std::mem::take(from).into_iter();
    let mut joined = tables.next().unwrap_or_else(one_row);
    joined.joins.extend(tables.map(|table| cross_join(nested(table))));
    let args = match generator.args {
        FunctionArguments::List(list) => list.args,
        _ => Vec::new(),
    };
    let relation =
        TableFactor::Function { lateral: true, name: generator.name, args, with_ordinality: false, alias: Some(alias) };
    let join_operator = match outer {
        true => JoinOperator::LeftOuter(JoinConstraint::None),
        false => JoinOperator::CrossJoin(JoinConstraint::None),
    };
    joined.joins.push(Join { relation, global: false, join_operator });
    from.push(TableWithJoins { relation: nested(joined), joins: Vec::new() });
}

fn nested(table: TableWithJoins) -> TableFactor {
    if table.joins.is_empty() {
        return table.relation;
    }
    TableFactor::NestedJoin { table_with_joins: Box::new(table), alias: None }
}

fn cross_join(relation: TableFactor) -> Join {
    Join { relation, global: false, join_operator: JoinOperator::CrossJoin(JoinConstraint::None) }
}

/// What a `SELECT` without `FROM` selects from.
fn one_row() -> TableWithJoins {
    let null = Expr::Value(Value::Null.with_empty_span());
    let item = SelectItem::ExprWithAlias { expr: null, alias: Ident::new("__nothing") };
    let mut body = select(vec![item], super::ast::named_table(Vec::new()));
    body.from.clear();
    let relation = TableFactor::Derived {
        lateral: false,
        subquery: Box::new(bare_query(SetExpr::Select(Box::new(body)))),
        alias: None,
        sample: None,
    };
    TableWithJoins { relation, joins: Vec::new() }
}
