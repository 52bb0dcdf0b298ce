//! First pass over a query: special syntax becomes plain calls and standard clauses.
//!
//! The parser has nodes of their own for `SUBSTRING(a FROM 1)`, `TRIM(BOTH ..)`, `CEIL(a)`, `a RLIKE b` and the like.
//! As calls they are named, looked up and rewritten like everything else. Hive's clauses (`SORT BY`, `WITH ROLLUP`,
//! `MINUS`, ..) have standard forms, which the planner knows; what has none and would be ignored is refused.

use std::ops::ControlFlow;

use aerostat_error::Error;
use sqlparser::ast::{
    AccessExpr, BinaryOperator, CeilFloorKind, DateTimeField, Expr, GroupByExpr, GroupByWithModifier, Ident, Join,
    JoinConstraint, JoinOperator, OrderBy, OrderByExpr, OrderByKind, Query, Select, SelectFlavor, SelectItem, SetExpr,
    SetOperator, TableFactor, TrimWhereField, UnaryOperator, Value, VisitMut, VisitorMut,
};

use super::ast::{
    alias, bare_query, binary, call, function_name, literal_text, named_table, number, select, string, take, take_args,
};
use super::{named_windows, shadowed, time_windows};
use crate::script::Script;

/// Brings a query into the plain form.
pub(crate) fn plain(query: &mut Query, script: &Script<'_>) -> Result<(), Error> {
    if let ControlFlow::Break(error) = query.visit(&mut Plain(script)) {
        return Err(error);
    }
    shadowed::rename(query);
    Ok(())
}

/// The text is there for the places of errors.
struct Plain<'a>(&'a Script<'a>);

impl VisitorMut for Plain<'_> {
    type Break = Error;

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<Error> {
        if let SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_) | SetExpr::Merge(_) = query.body.as_ref() {
            return ControlFlow::Break(Error::not_supported(
                "a WITH clause before anything but a query is not supported",
            ));
        }
        hoist_sort(query);
        number_order(query);
        named_windows::put_in(query, self.0)?;
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
        fill_grouping_ids(select);
        if select.flavor == SelectFlavor::FromFirstNoSelect && select.projection.is_empty() {
            select.projection = vec![SelectItem::Wildcard(Default::default())];
        }
        if let Err(error) = time_windows::explode(select) {
            return ControlFlow::Break(error);
        }
        for join in select.from.iter_mut().flat_map(|table| &mut table.joins) {
            plain_join(join);
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<Error> {
        if let TableFactor::NestedJoin { table_with_joins, .. } = factor {
            table_with_joins.joins.iter_mut().for_each(plain_join);
        }
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Error> {
        if let Some(plain) = plain_expr(expr) {
            *expr = plain;
        }
        ControlFlow::Continue(())
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

/// `ORDER BY ALL` as `ORDER BY 1, 2`: the engine knows the first of columns only. Behind a `*`, it is left to it.
fn number_order(query: &mut Query) {
    let (SetExpr::Select(select), Some(order)) = (query.body.as_ref(), &mut query.order_by) else { return };
    let items = &select.projection;
    let named = |item: &SelectItem| matches!(item, SelectItem::UnnamedExpr(_) | SelectItem::ExprWithAlias { .. });
    if let OrderByKind::All(options) = &order.kind
        && items.iter().all(named)
    {
        let key = |item| OrderByExpr { expr: number(item), options: *options, with_fill: None };
        order.kind = OrderByKind::Expressions((1..=items.len()).map(key).collect());
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

/// `grouping_id()` as `grouping_id(a, b)`, of all that is grouped by.
fn fill_grouping_ids(select: &mut Select) {
    struct Fill(Vec<Expr>);
    impl VisitorMut for Fill {
        type Break = ();
        fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
            if let Expr::Function(function) = expr
                && function_name(function).is_some_and(|name| name.value == "grouping_id")
                && super::ast::args(function).is_some_and(|args| args.is_empty())
            {
                *expr = call("grouping_id", self.0.clone());
            }
            ControlFlow::Continue(())
        }
    }
    let GroupByExpr::Expressions(keys, _) = &select.group_by else { return };
    let mut grouped: Vec<Expr> = Vec::new();
    for key in keys {
        let parts = match key {
            Expr::Rollup(sets) | Expr::Cube(sets) | Expr::GroupingSets(sets) => {
                sets.iter().flatten().cloned().collect()
            }
            key => vec![key.clone()],
        };
        grouped.extend(parts.into_iter().filter(|part| !grouped.contains(part)).collect::<Vec<_>>());
    }
    let mut fill = Fill(grouped);
    for item in &mut select.projection {
        let _ = item.visit(&mut fill);
    }
    if let Some(having) = &mut select.having {
        let _ = having.visit(&mut fill);
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
            // As functions they are called with the characters first, as clauses with the text.
            let (first, second) = (take(expr), trim_characters.as_mut().and_then(|chars| chars.first_mut()).map(take));
            match (what, second) {
                (Some(what), _) => call(&format!("_{name}"), vec![first, what]),
                (None, Some(second)) => call(name, vec![first, second]),
                (None, None) => call(name, vec![first]),
            }
        }
        Expr::InSubquery { expr: row, subquery, negated } => match row.as_mut() {
            Expr::Tuple(values) => row_in(std::mem::take(values), subquery.as_ref().clone(), *negated),
            _ => return None,
        },
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
        Expr::Like { any: false, pattern, escape_char: escape @ Some(_), .. } if literal_text(pattern).is_some() => {
            let mark = escape.take().and_then(|escape| escape.value.into_string())?.chars().next()?;
            **pattern = string(escaped(literal_text(pattern)?, mark));
            return None;
        }
        Expr::Lambda(lambda) => {
            let mut fields = FieldsOfParameters(lambda.params.iter().map(|param| param.name.value.clone()).collect());
            let _ = lambda.body.visit(&mut fields);
            return None;
        }
        Expr::Like { negated, any, expr: value, pattern, escape_char } => {
            let like = |value: &Expr, pattern: Expr| Expr::Like {
                negated: *negated,
                any: false,
                expr: Box::new(value.clone()),
                pattern: Box::new(pattern),
                escape_char: escape_char.clone(),
            };
            let (patterns, every) = patterns(pattern, *any)?;
            // `NOT LIKE ANY` is true where one of the patterns does not fit.
            let op = if every { BinaryOperator::And } else { BinaryOperator::Or };
            let all = patterns.into_iter().map(|pattern| like(value, pattern));
            Expr::Nested(Box::new(all.reduce(|left, right| binary(left, op.clone(), right))?))
        }
        Expr::InList { expr: tuple, list, negated } => {
            let Expr::Tuple(values) = tuple.as_ref() else { return None };
            let rows = list.iter().map(|row| equal(values, row)).collect::<Option<Vec<_>>>()?;
            let any = rows.into_iter().reduce(|left, right| binary(left, BinaryOperator::Or, right))?;
            negate(*negated, Expr::Nested(Box::new(any)))
        }
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

/// A pattern that has a backslash where the given one has the mark.
fn escaped(pattern: &str, mark: char) -> String {
    let mut chars = pattern.chars();
    let mut result = String::new();
    while let Some(c) = chars.next() {
        match c {
            c if c == mark => result.extend(std::iter::once('\\').chain(chars.next())),
            '\\' => result.push_str("\\\\"),
            c => result.push(c),
        }
    }
    result
}

/// `acc.total` in a lambda as the field of its parameter, not as a column of a relation.
struct FieldsOfParameters(Vec<String>);

impl VisitorMut for FieldsOfParameters {
    type Break = ();

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if let Expr::CompoundIdentifier(parts) = expr
            && let Some((first, fields)) = parts.split_first()
            && self.0.contains(&first.value)
        {
            let access_chain = fields.iter().map(|field| AccessExpr::Dot(Expr::Identifier(field.clone()))).collect();
            *expr = Expr::CompoundFieldAccess { root: Box::new(Expr::Identifier(first.clone())), access_chain };
        }
        ControlFlow::Continue(())
    }
}

/// The patterns of `LIKE ANY (..)` and `LIKE ALL (..)`, and whether all of them have to fit.
fn patterns(pattern: &mut Expr, any: bool) -> Option<(Vec<Expr>, bool)> {
    match pattern {
        Expr::Tuple(patterns) if any => Some((std::mem::take(patterns), false)),
        Expr::Nested(pattern) if any => Some((vec![take(pattern)], false)),
        Expr::Function(function) => {
            let all = function_name(function).is_some_and(|name| name.value == "all" || name.value == "some");
            let every = function_name(function).is_some_and(|name| name.value == "all");
            all.then(|| (take_args(function), every))
        }
        _ => None,
    }
}

/// `(a, b) = (1, 2)` as `a = 1 AND b = 2`.
fn equal(values: &[Expr], row: &Expr) -> Option<Expr> {
    let Expr::Tuple(row) = row else { return None };
    let pairs = values.iter().zip(row).filter(|_| values.len() == row.len());
    let pairs = pairs.map(|(value, wanted)| binary(value.clone(), BinaryOperator::Eq, wanted.clone()));
    Some(Expr::Nested(Box::new(pairs.reduce(|left, right| binary(left, BinaryOperator::And, right))?)))
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

/// `(a, b) IN (SELECT x, y ..)` as `EXISTS`. Where it is not sure that a row is another, `NOT IN` does not hold.
fn row_in(values: Vec<Expr>, rows: Query, negated: bool) -> Expr {
    const ROW: &str = "__row";
    let columns: Vec<Ident> = (1..=values.len()).map(|number| Ident::new(format!("c{number}"))).collect();
    let equals = columns.iter().zip(values).map(|(column, value)| {
        let column = Expr::CompoundIdentifier(vec![Ident::new(ROW), column.clone()]);
        binary(value, BinaryOperator::Eq, column)
    });
    let equal = equals.reduce(|one, other| binary(one, BinaryOperator::And, other));
    let truth = || Expr::Value(Value::Boolean(true).with_empty_span());
    let found = if negated { equal.map(|equal| call("coalesce", vec![equal, truth()])) } else { equal };
    let alias = Some(alias(Ident::new(ROW), columns));
    let rows = TableFactor::Derived { lateral: false, subquery: Box::new(rows), alias, sample: None };
    let mut select = select(vec![SelectItem::UnnamedExpr(number(1))], rows);
    select.selection = found;
    Expr::Exists { subquery: Box::new(bare_query(SetExpr::Select(Box::new(select)))), negated }
}
