//! `JOIN .. USING (k)`: which of the two columns `k` is meant, and where it is shown.

use std::ops::ControlFlow;

use sqlparser::ast::{
    ExceptSelectItem, Expr, Ident, Join, JoinConstraint, JoinOperator, ObjectName, Select, SelectItem,
    SelectItemQualifiedWildcardKind, TableFactor, VisitMut, VisitorMut, WildcardAdditionalOptions,
};

use super::ast::call;

/// `SELECT * FROM a JOIN b USING (k)` as `SELECT a.k, a.* EXCEPT (k), b.* EXCEPT (k) ..`: Spark shows the common
/// columns first.
pub(super) fn common_first(select: &mut Select) {
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

/// The common columns of `a RIGHT JOIN b USING (k)` are those of `b`, and of a `FULL JOIN` whichever is there.
pub(super) fn outer_columns(select: &mut Select) {
    struct Put {
        column: String,
        value: Expr,
    }
    impl VisitorMut for Put {
        type Break = ();
        fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
            if matches!(expr, Expr::Identifier(ident) if ident.value == self.column) {
                *expr = self.value.clone();
            }
            ControlFlow::Continue(())
        }
    }
    let [table] = select.from.as_slice() else { return };
    let [join] = table.joins.as_slice() else { return };
    let (columns, full) = match &join.join_operator {
        JoinOperator::Right(JoinConstraint::Using(columns))
        | JoinOperator::RightOuter(JoinConstraint::Using(columns)) => (columns, false),
        JoinOperator::FullOuter(JoinConstraint::Using(columns)) => (columns, true),
        _ => return,
    };
    let (Some(left), Some(right)) = (relation_name(&table.relation), relation_name(&join.relation)) else { return };
    let columns: Vec<Ident> =
        columns.iter().filter_map(|column| super::ast::parts(column).last().map(|ident| (*ident).clone())).collect();
    for column in columns {
        let of = |relation: &ObjectName| {
            let parts = relation.0.iter().filter_map(|part| part.as_ident()).chain([&column]);
            Expr::CompoundIdentifier(parts.cloned().collect())
        };
        let value = if full { call("coalesce", vec![of(&left), of(&right)]) } else { of(&right) };
        let mut put = Put { column: column.value.clone(), value };
        for item in &mut select.projection {
            if let SelectItem::UnnamedExpr(expr) = item
                && matches!(expr, Expr::Identifier(ident) if ident.value == column.value)
            {
                *item = SelectItem::ExprWithAlias { expr: put.value.clone(), alias: column.clone() };
            } else {
                let _ = item.visit(&mut put);
            }
        }
        if let Some(selection) = &mut select.selection {
            let _ = selection.visit(&mut put);
        }
        let _ = select.group_by.visit(&mut put);
        if let Some(having) = &mut select.having {
            let _ = having.visit(&mut put);
        }
    }
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
