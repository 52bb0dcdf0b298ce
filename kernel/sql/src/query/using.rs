//! `JOIN .. USING (k)` and `NATURAL JOIN`: which of the two columns `k` is meant, and where it is shown.
//!
//! The engine takes the left one for both, which is nothing in the rows that only the right side of an outer join has, and
//! shows it where the left table has it. Spark shows the common columns first.

use std::ops::ControlFlow;

use sqlparser::ast::{
    BinaryOperator, Expr, Ident, JoinConstraint, JoinOperator, ObjectName, OrderBy, Query, Select, SelectItem, SetExpr,
    TableFactor, TableWithJoins, VisitMut, VisitorMut, WildcardAdditionalOptions,
};

use super::ast::{binary, call, each_own_expr, excepted, name_of, parts, select};
use super::part::{FieldsOf, Parts, selects};

/// Says of the common columns of joins which they are, and lists the columns of wildcards over such joins.
pub(super) fn resolve(query: &mut Query, fields_of: FieldsOf<'_>) {
    let _ = query.visit(&mut Queries(Parts::new(fields_of)));
}

struct Queries<'a>(Parts<'a>);

impl VisitorMut for Queries<'_> {
    type Break = ();

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<()> {
        self.0.enter(query);
        match query.body.as_mut() {
            SetExpr::Select(select) => self.select(select, query.order_by.as_mut()),
            body => selects(body).into_iter().for_each(|select| self.select(select, None)),
        }
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _: &mut Query) -> ControlFlow<()> {
        self.0.leave();
        ControlFlow::Continue(())
    }
}

/// A column under its name.
type Column = (String, Expr);

/// The columns of joined tables.
struct Joined {
    /// All of them, as Spark shows them.
    shown: Vec<Column>,
    /// Those common ones that are not simply the left table's.
    moved: Vec<Column>,
}

impl Queries<'_> {
    fn select(&self, select: &mut Select, order: Option<&mut OrderBy>) {
        let wildcard = select.projection.iter().any(|item| matches!(item, SelectItem::Wildcard(_)));
        let mut joins = select.from.iter_mut().flat_map(|table| &mut table.joins);
        let concerned = joins.any(|join| match side(&mut join.join_operator) {
            Some((_, JoinConstraint::Natural)) => true,
            Some((side, JoinConstraint::Using(_))) => wildcard || side.has_all_of_right(),
            _ => false,
        });
        if !concerned {
            return;
        }
        name_subqueries(&mut select.from);
        let tables = select.from.iter_mut().map(|table| self.joined(table)).collect::<Option<Vec<Joined>>>();
        let Some(tables) = tables else { return };
        for (name, value) in tables.iter().flat_map(|table| &table.moved) {
            put(select, name, value, wildcard);
        }
        let shows = |name: &str| wildcard || select.projection.iter().filter_map(name_of).any(|known| known == name);
        if let Some(order) = order {
            for (column, value) in tables.iter().flat_map(|table| &table.moved).filter(|(name, _)| !shows(name)) {
                put_into(order, column, value);
            }
        }
        // What a LATERAL VIEW adds is not known here.
        if select.lateral_views.is_empty() {
            let shown: Vec<Column> = tables.into_iter().flat_map(|table| table.shown).collect();
            list_wildcards(&mut select.projection, &shown);
        }
    }

    fn joined(&self, table: &mut TableWithJoins) -> Option<Joined> {
        let mut joined = Joined { shown: self.columns(&table.relation)?, moved: Vec::new() };
        for join in &mut table.joins {
            let right = self.columns(&join.relation)?;
            let (side, constraint) = side(&mut join.join_operator)?;
            joined.join(right, side, constraint)?;
        }
        Some(joined)
    }

    /// The columns of a table, with its name before theirs.
    fn columns(&self, factor: &TableFactor) -> Option<Vec<Column>> {
        let qualifier = match factor {
            TableFactor::Table { alias: Some(alias), .. } | TableFactor::Derived { alias: Some(alias), .. } => {
                vec![alias.name.clone()]
            }
            TableFactor::Table { alias: None, name, .. } => parts(name).into_iter().cloned().collect(),
            _ => return None,
        };
        let everything = SelectItem::Wildcard(WildcardAdditionalOptions::default());
        let fields = self.0.fields(select(vec![everything], factor.clone()))?;
        let qualified = |column: &String| {
            let whole = qualifier.iter().cloned().chain([Ident::new(column)]).collect();
            (column.clone(), Expr::CompoundIdentifier(whole))
        };
        Some(fields.iter().map(|field| qualified(field.name())).collect())
    }
}

impl Joined {
    /// Adds a table. A natural join is `USING` what both sides have after that, and one by a column that is not simply the
    /// left table's is `ON`.
    fn join(&mut self, right: Vec<Column>, side: Side, constraint: &mut JoinConstraint) -> Option<()> {
        if matches!(constraint, JoinConstraint::Natural) {
            let both = self.shown.iter().filter(|(name, _)| find(&right, name).is_some());
            let both: Vec<ObjectName> = both.map(|(name, _)| ObjectName::from(vec![Ident::new(name)])).collect();
            *constraint = if both.is_empty() { JoinConstraint::None } else { JoinConstraint::Using(both) };
        }
        let JoinConstraint::Using(names) = &*constraint else {
            self.shown.extend(right.into_iter().filter(|_| side != Side::LeftAlone));
            return Some(());
        };
        let (mut common, mut conditions) = (Vec::new(), Vec::new());
        for name in names.iter().filter_map(|name| parts(name).last().map(|ident| ident.value.clone())) {
            let (left, right) = (find(&self.shown, &name)?.clone(), find(&right, &name)?.clone());
            conditions.push(binary(left.clone(), BinaryOperator::Eq, right.clone()));
            let value = match side {
                Side::Left | Side::LeftAlone => left,
                Side::Right => right,
                Side::Both => call("coalesce", vec![left, right]),
            };
            common.push((name, value));
        }
        let moved_before = common.iter().any(|(name, _)| find(&self.moved, name).is_some());
        if moved_before {
            let all = conditions.into_iter().reduce(|one, other| binary(one, BinaryOperator::And, other));
            *constraint = all.map_or(JoinConstraint::None, JoinConstraint::On);
        }
        if moved_before || side.has_all_of_right() {
            self.moved.retain(|(name, _)| find(&common, name).is_none());
            self.moved.extend(common.iter().cloned());
        }
        let is_common = |(name, _): &Column| find(&common, name).is_some();
        self.shown.retain(|column| !is_common(column));
        self.shown.extend(right.into_iter().filter(|column| side != Side::LeftAlone && !is_common(column)));
        self.shown.splice(..0, common);
        Some(())
    }
}

/// Gives names to the subqueries that have none, to put before those of their columns.
fn name_subqueries(tables: &mut [TableWithJoins]) {
    let factors = tables.iter_mut().flat_map(|table| {
        std::iter::once(&mut table.relation).chain(table.joins.iter_mut().map(|join| &mut join.relation))
    });
    for (number, factor) in factors.enumerate() {
        if let TableFactor::Derived { alias: alias @ None, .. } = factor {
            let name = Ident::new(format!("#{number}"));
            *alias = Some(super::ast::alias(name, Vec::new()));
        }
    }
}

/// Of which side a join has all rows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
    Both,
    /// And no columns of the right one.
    LeftAlone,
}

impl Side {
    fn has_all_of_right(self) -> bool {
        matches!(self, Self::Right | Self::Both)
    }
}

/// Which rows a join has, and what it joins by, if it is of a usual kind.
fn side(join: &mut JoinOperator) -> Option<(Side, &mut JoinConstraint)> {
    Some(match join {
        JoinOperator::Join(constraint)
        | JoinOperator::Inner(constraint)
        | JoinOperator::CrossJoin(constraint)
        | JoinOperator::Left(constraint)
        | JoinOperator::LeftOuter(constraint) => (Side::Left, constraint),
        JoinOperator::Right(constraint) | JoinOperator::RightOuter(constraint) => (Side::Right, constraint),
        JoinOperator::FullOuter(constraint) => (Side::Both, constraint),
        JoinOperator::LeftSemi(constraint) | JoinOperator::LeftAnti(constraint) => (Side::LeftAlone, constraint),
        _ => return None,
    })
}

fn find<'a>(columns: &'a [Column], name: &str) -> Option<&'a Expr> {
    columns.iter().find(|(known, _)| known == name).map(|(_, value)| value)
}

/// Lists the columns that each `*` stands for, unless it says more than `EXCEPT (..)` of columns that there are.
fn list_wildcards(projection: &mut Vec<SelectItem>, shown: &[Column]) {
    let items = std::mem::take(projection).into_iter().flat_map(|item| {
        let SelectItem::Wildcard(options) = &item else { return vec![item] };
        let Some(except) = excepted(options, |name| find(shown, name).is_some()) else { return vec![item] };
        shown.iter().filter(|(name, _)| !except.contains(&name.as_str())).map(listed).collect()
    });
    *projection = items.collect();
}

/// In parentheses a column counts as one that a wildcard stands for, see [`super::names::separate`].
fn listed((name, value): &Column) -> SelectItem {
    match value {
        Expr::CompoundIdentifier(_) => SelectItem::UnnamedExpr(Expr::Nested(Box::new(value.clone()))),
        _ => SelectItem::ExprWithAlias { expr: value.clone(), alias: Ident::new(name) },
    }
}

/// Puts the value of a common column in the place of its name.
fn put(select: &mut Select, name: &str, value: &Expr, wildcard: bool) {
    for item in &mut select.projection {
        match item {
            SelectItem::UnnamedExpr(Expr::Identifier(ident)) if ident.value == name => {
                // A wildcard has a column of that name itself.
                let alias = Ident::new(if wildcard { format!("#{name}") } else { name.to_owned() });
                *item = SelectItem::ExprWithAlias { expr: value.clone(), alias };
            }
            item => put_into(item, name, value),
        }
    }
    put_into(&mut select.selection, name, value);
    put_into(&mut select.group_by, name, value);
    put_into(&mut select.having, name, value);
    put_into(&mut select.qualify, name, value);
}

fn put_into(part: &mut impl VisitMut, name: &str, value: &Expr) {
    let _: ControlFlow<()> = each_own_expr(part, |expr| {
        if matches!(expr, Expr::Identifier(ident) if ident.value == name) {
            *expr = value.clone();
        }
        ControlFlow::Continue(())
    });
}
