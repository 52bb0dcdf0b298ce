//! First pass over a query: special syntax becomes plain calls and standard clauses.
//!
//! The parser has nodes of their own for `SUBSTRING(a FROM 1)`, `TRIM(BOTH ..)`, `CEIL(a)`, `a RLIKE b` and the like.
//! As calls they are named, looked up and rewritten like everything else. Hive's clauses (`SORT BY`, `WITH ROLLUP`,
//! `MINUS`, ..) have standard forms, which the planner knows; what has none and would be ignored is refused.

use std::ops::ControlFlow;

use aerostat_error::Error;
use aerostat_session::AsOf;
use sqlparser::ast::{
    CeilFloorKind, DateTimeField, ExceptSelectItem, Expr, GroupByExpr, GroupByWithModifier, Ident, Join,
    JoinConstraint, JoinOperator, ObjectName, ObjectNamePart, OrderBy, OrderByExpr, OrderByKind, Query, Select,
    SelectItem, SelectItemQualifiedWildcardKind, SetExpr, SetOperator, TableAlias, TableFactor, TableVersion,
    TrimWhereField, UnaryOperator, Value, VisitMut, VisitorMut, WildcardAdditionalOptions,
};

use super::ast::{bare_query, call, named_table, number, select, string, take};

/// Brings a query into the plain form.
pub(crate) fn plain(query: &mut Query) -> Result<(), Error> {
    match query.visit(&mut Plain) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(error) => Err(error),
    }
}

struct Plain;

impl VisitorMut for Plain {
    type Break = Error;

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<Error> {
        if let SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_) | SetExpr::Merge(_) = query.body.as_ref() {
            return ControlFlow::Break(Error::not_supported(
                "a WITH clause before anything but a query is not supported",
            ));
        }
        hoist_sort(query);
        plain_body(&mut query.body);
        ControlFlow::Continue(())
    }

    /// On the way up, or the `VALUES` inside of the result would be met again.
    fn post_visit_query(&mut self, query: &mut Query) -> ControlFlow<Error> {
        plain_values(query);
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<Error> {
        plain_group_by(&mut select.group_by);
        using_first(select);
        for join in select.from.iter_mut().flat_map(|table| &mut table.joins) {
            plain_join(join);
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<Error> {
        match factor {
            TableFactor::Table { version: version @ Some(_), name, alias, .. } => travel(version, name, alias),
            TableFactor::NestedJoin { table_with_joins, .. } => {
                table_with_joins.joins.iter_mut().for_each(plain_join);
                ControlFlow::Continue(())
            }
            _ => ControlFlow::Continue(()),
        }
    }

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Error> {
        if let Some(plain) = plain_expr(expr) {
            *expr = plain;
        }
        ControlFlow::Continue(())
    }
}

/// `t VERSION AS OF 3` as the table `t@v3`, which still goes by its own name.
fn travel(
    version: &mut Option<TableVersion>,
    name: &mut ObjectName,
    alias: &mut Option<TableAlias>,
) -> ControlFlow<Error> {
    let (Some(version), Some(ObjectNamePart::Identifier(table))) = (version.take(), name.0.last_mut()) else {
        return ControlFlow::Continue(());
    };
    match as_of(&version) {
        Ok(as_of) => {
            alias.get_or_insert_with(|| TableAlias {
                explicit: true,
                name: table.clone(),
                columns: Vec::new(),
                at: None,
            });
            table.value = as_of.name(&table.value);
            ControlFlow::Continue(())
        }
        Err(error) => ControlFlow::Break(error),
    }
}

fn as_of(version: &TableVersion) -> Result<AsOf, Error> {
    let unknown = || {
        Error::not_supported(format!("time travel by `{version}` is not supported"))
            .with_hint("say `VERSION AS OF 3`, or `TIMESTAMP AS OF '2024-01-31 12:00:00'`")
    };
    let literal = match version {
        TableVersion::VersionAsOf(expr) | TableVersion::TimestampAsOf(expr) | TableVersion::ForSystemTimeAsOf(expr) => {
            match expr {
                Expr::Value(value) => value.value.clone(),
                Expr::TypedString(typed) => typed.value.value.clone(),
                _ => return Err(unknown()),
            }
        }
        _ => return Err(unknown()),
    };
    let text = match literal {
        Value::Number(number, _) => number,
        Value::SingleQuotedString(text) | Value::DoubleQuotedString(text) => text,
        _ => return Err(unknown()),
    };
    match version {
        TableVersion::VersionAsOf(_) => text.trim().parse().map(AsOf::Version).map_err(|_| unknown()),
        _ => AsOf::time(&text),
    }
}

/// `VALUES ..` as a query has columns `col1`, `col2`, ..
fn plain_values(query: &mut Query) {
    let SetExpr::Values(values) = query.body.as_ref() else { return };
    let width = values.rows.first().map_or(0, |row| row.content.len());
    let projection = (1..=width)
        .map(|column| SelectItem::ExprWithAlias {
            expr: Expr::Identifier(Ident::new(format!("column{column}"))),
            alias: Ident::new(format!("col{column}")),
        })
        .collect();
    let rows = Box::new(bare_query(SetExpr::Values(values.clone())));
    let rows = TableFactor::Derived { lateral: false, subquery: rows, alias: None, sample: None };
    *query.body = SetExpr::Select(Box::new(select(projection, rows)));
}

/// `SORT BY` and `CLUSTER BY` order each partition of a cluster's; there is one, so they order the result.
fn hoist_sort(query: &mut Query) {
    let SetExpr::Select(select) = query.body.as_mut() else { return };
    select.distribute_by.clear();
    let mut keys = std::mem::take(&mut select.sort_by);
    keys.extend(std::mem::take(&mut select.cluster_by).into_iter().map(|expr| OrderByExpr {
        expr,
        options: Default::default(),
        with_fill: None,
    }));
    if query.order_by.is_none() && !keys.is_empty() {
        query.order_by = Some(OrderBy { kind: OrderByKind::Expressions(keys), interpolate: None });
    }
}

/// `MINUS` as `EXCEPT`, `TABLE t` as `SELECT * FROM t`.
fn plain_body(body: &mut SetExpr) {
    match body {
        SetExpr::SetOperation { op, left, right, .. } => {
            if *op == SetOperator::Minus {
                *op = SetOperator::Except;
            }
            plain_body(left);
            plain_body(right);
        }
        SetExpr::Table(table) => {
            let parts = table.schema_name.iter().chain(&table.table_name).map(Ident::new).collect::<Vec<_>>();
            let everything = SelectItem::Wildcard(Default::default());
            *body = SetExpr::Select(Box::new(select(vec![everything], named_table(parts))));
        }
        _ => {}
    }
}

/// `GROUP BY a, b WITH ROLLUP` as `GROUP BY ROLLUP (a, b)`, and Hive's `GROUP BY a, b GROUPING SETS (..)`.
fn plain_group_by(group_by: &mut GroupByExpr) {
    let GroupByExpr::Expressions(keys, modifiers) = group_by else { return };
    let Some(modifier) = modifiers.pop() else { return };
    let mut sets = || std::mem::take(keys).into_iter().map(|key| vec![key]).collect();
    *group_by = match modifier {
        GroupByWithModifier::Rollup => GroupByExpr::Expressions(vec![Expr::Rollup(sets())], Vec::new()),
        GroupByWithModifier::Cube => GroupByExpr::Expressions(vec![Expr::Cube(sets())], Vec::new()),
        GroupByWithModifier::GroupingSets(sets) => GroupByExpr::Expressions(vec![sets], Vec::new()),
        GroupByWithModifier::Totals => return,
    };
}

/// `SELECT * FROM a JOIN b USING (k)` as `SELECT a.k, a.* EXCEPT (k), b.* EXCEPT (k) ..`: Spark shows the common
/// columns first.
fn using_first(select: &mut Select) {
    let [table] = select.from.as_slice() else { return };
    let common: Vec<Ident> = table.joins.iter().flat_map(common_columns).collect();
    let at = select.projection.iter().position(|item| matches!(item, SelectItem::Wildcard(_)));
    let relations = std::iter::once(&table.relation).chain(table.joins.iter().map(|join| &join.relation));
    let relations: Option<Vec<ObjectName>> = relations.map(relation_name).collect();
    let (Some(at), Some(relations), [first, more @ ..]) = (at, relations, common.as_slice()) else { return };
    let except = ExceptSelectItem { first_element: first.clone(), additional_elements: more.to_vec() };
    let rest = |relation: &ObjectName| {
        let options = WildcardAdditionalOptions { opt_except: Some(except.clone()), ..Default::default() };
        SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(relation.clone()), options)
    };
    let shared = common.iter().map(|column| {
        let parts = relations[0].0.iter().filter_map(|part| part.as_ident()).chain([column]);
        SelectItem::UnnamedExpr(Expr::CompoundIdentifier(parts.cloned().collect()))
    });
    let items: Vec<SelectItem> = shared.chain(relations.iter().map(rest)).collect();
    select.projection.splice(at..=at, items);
}

/// What the columns of a relation can be qualified with.
fn relation_name(factor: &TableFactor) -> Option<ObjectName> {
    match factor {
        TableFactor::Table { alias: Some(alias), .. } | TableFactor::Derived { alias: Some(alias), .. } => {
            Some(ObjectName::from(vec![alias.name.clone()]))
        }
        TableFactor::Table { alias: None, name, .. } => Some(name.clone()),
        _ => None,
    }
}

/// The columns that a join is `USING`, if it shows those of both sides.
fn common_columns(join: &Join) -> Vec<Ident> {
    match &join.join_operator {
        JoinOperator::Join(JoinConstraint::Using(columns))
        | JoinOperator::Inner(JoinConstraint::Using(columns))
        | JoinOperator::Left(JoinConstraint::Using(columns))
        | JoinOperator::LeftOuter(JoinConstraint::Using(columns)) => {
            columns.iter().filter_map(|column| super::ast::parts(column).last().map(|ident| (*ident).clone())).collect()
        }
        _ => Vec::new(),
    }
}

fn plain_join(join: &mut Join) {
    let plain = match &mut join.join_operator {
        JoinOperator::Semi(on) => JoinOperator::LeftSemi(std::mem::replace(on, JoinConstraint::None)),
        JoinOperator::Anti(on) => JoinOperator::LeftAnti(std::mem::replace(on, JoinConstraint::None)),
        _ => return,
    };
    join.join_operator = plain;
}

/// The plain form of an expression of special syntax.
fn plain_expr(expr: &mut Expr) -> Option<Expr> {
    Some(match expr {
        Expr::Value(value) => match &mut value.value {
            Value::DoubleQuotedString(text) => string(std::mem::take(text)),
            _ => return None,
        },
        Expr::Substring { expr, substring_from, substring_for, shorthand, .. } => {
            let name = if *shorthand { "substr" } else { "substring" };
            let args = [Some(expr), substring_from.as_mut(), substring_for.as_mut()];
            call(name, args.into_iter().flatten().map(|arg| take(arg)).collect())
        }
        Expr::Trim { expr, trim_where, trim_what, trim_characters } => {
            let name = match trim_where {
                Some(TrimWhereField::Leading) => "ltrim",
                Some(TrimWhereField::Trailing) => "rtrim",
                Some(TrimWhereField::Both) | None => "trim",
            };
            let what = trim_what.as_mut().map(|what| take(what));
            let what = what.or_else(|| trim_characters.as_mut().and_then(|chars| chars.first_mut()).map(take));
            call(name, std::iter::once(take(expr)).chain(what).collect())
        }
        Expr::Ceil { expr, field } => rounded("ceil", expr, field)?,
        Expr::Floor { expr, field } => rounded("floor", expr, field)?,
        Expr::Position { expr, r#in } => call("position", vec![take(expr), take(r#in)]),
        Expr::Overlay { expr, overlay_what, overlay_from, overlay_for } => {
            let mut args = vec![take(expr), take(overlay_what), take(overlay_from)];
            args.extend(overlay_for.as_mut().map(|length| take(length)));
            call("overlay", args)
        }
        Expr::Extract { field, expr, .. } => call("date_part", vec![string(field.to_string()), take(expr)]),
        Expr::RLike { negated, expr, pattern, .. } => negate(*negated, call("rlike", vec![take(expr), take(pattern)])),
        Expr::Struct { values, .. } => call("struct", std::mem::take(values)),
        Expr::Map(map) => {
            let entries = std::mem::take(&mut map.entries);
            call("map", entries.into_iter().flat_map(|entry| [*entry.key, *entry.value]).collect())
        }
        Expr::UnaryOp { op: UnaryOperator::BangNot, expr } => {
            Expr::UnaryOp { op: UnaryOperator::Not, expr: Box::new(take(expr)) }
        }
        _ => return None,
    })
}

fn rounded(name: &str, expr: &mut Expr, field: &CeilFloorKind) -> Option<Expr> {
    let mut args = vec![take(expr)];
    match field {
        CeilFloorKind::DateTimeField(DateTimeField::NoDateTime) => {}
        CeilFloorKind::Scale(scale) => args.push(number(&scale.value)),
        CeilFloorKind::DateTimeField(_) => return None,
    }
    Some(call(name, args))
}

fn negate(negated: bool, expr: Expr) -> Expr {
    if negated { Expr::UnaryOp { op: UnaryOperator::Not, expr: Box::new(expr) } } else { expr }
}
