//! Parts of a query that are planned by themselves, to learn which columns they have.

use datafusion::arrow::datatypes::Fields;
use sqlparser::ast::{Query, Select, SetExpr, With};

use super::ast::bare_query;

/// The columns of a query, if it can be planned by itself.
pub(super) type FieldsOf<'a> = &'a dyn Fn(Query) -> Option<Fields>;

/// Where in a query a pass is.
pub(super) struct Parts<'a> {
    fields_of: FieldsOf<'a>,
    /// The `WITH` clauses around, the innermost last.
    scopes: Vec<Option<With>>,
}

impl<'a> Parts<'a> {
    pub(super) fn new(fields_of: FieldsOf<'a>) -> Self {
        Self { fields_of, scopes: Vec::new() }
    }

    pub(super) fn enter(&mut self, query: &Query) {
        self.scopes.push(query.with.clone());
    }

    pub(super) fn leave(&mut self) {
        self.scopes.pop();
    }

    /// The columns of a `SELECT` that stands here, if it can be planned by itself.
    pub(super) fn fields(&self, select: Select) -> Option<Fields> {
        let mut query = bare_query(SetExpr::Select(Box::new(select)));
        query.with = self.scopes.iter().flatten().cloned().reduce(|outer, inner| With {
            recursive: outer.recursive || inner.recursive,
            cte_tables: outer.cte_tables.into_iter().chain(inner.cte_tables).collect(),
            ..inner
        });
        (self.fields_of)(query)
    }
}

/// Every `SELECT` of the body of a query, with those that operations on sets join.
pub(super) fn selects(body: &mut SetExpr) -> Vec<&mut Select> {
    match body {
        SetExpr::Select(select) => vec![select],
        SetExpr::SetOperation { left, right, .. } => {
            let mut all = selects(left);
            all.extend(selects(right));
            all
        }
        _ => Vec::new(),
    }
}
