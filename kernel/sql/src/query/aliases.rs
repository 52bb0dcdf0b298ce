//! Aliases that later items of the same `SELECT` refer to: `SELECT a + 1 AS b, b * 2 AS c`.

use std::ops::ControlFlow;

use sqlparser::ast::{Expr, Query, Select, SelectItem, VisitMut, VisitorMut};

/// Puts the expression of the alias `name` where later items use it; whether there was such a place.
pub(crate) fn replace(query: &mut Query, name: &str) -> bool {
    let mut replacer = Replacer { name, replaced: false };
    let _ = query.visit(&mut replacer);
    replacer.replaced
}

struct Replacer<'a> {
    name: &'a str,
    replaced: bool,
}

impl VisitorMut for Replacer<'_> {
    type Break = ();

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<()> {
        let definition = select.projection.iter().enumerate().find_map(|(at, item)| match item {
            SelectItem::ExprWithAlias { expr, alias } if alias.value == self.name => Some((at, expr.clone())),
            _ => None,
        });
        if let Some((at, definition)) = definition {
            let mut put = Put { name: self.name, definition, replaced: false };
            for item in select.projection.iter_mut().skip(at + 1) {
                let _ = item.visit(&mut put);
            }
            self.replaced |= put.replaced;
        }
        ControlFlow::Continue(())
    }
}

struct Put<'a> {
    name: &'a str,
    definition: Expr,
    replaced: bool,
}

impl VisitorMut for Put<'_> {
    type Break = ();

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if matches!(expr, Expr::Identifier(ident) if ident.value == self.name) {
            *expr = Expr::Nested(Box::new(self.definition.clone()));
            self.replaced = true;
        }
        ControlFlow::Continue(())
    }
}
