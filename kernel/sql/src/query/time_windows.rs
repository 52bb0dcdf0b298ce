//! `GROUP BY window(time, '10 minutes', '5 minutes')`: a row is in each of the windows that its time falls into.
//!
//! The windows of a row are a list, which is exploded beside the row; `window` is then a column like any other.

use std::ops::ControlFlow;

use sqlparser::ast::{Expr, Ident, LateralView, ObjectName, Select, VisitMut, VisitorMut};

use super::ast::{args, call, function, function_name, take_args};

const WINDOW: &str = "window";

/// Gives a `SELECT` that speaks of windows the column that they are in.
pub(super) fn explode(select: &mut Select) {
    let mut windows = Windows { given: None };
    let _: ControlFlow<()> = select.projection.visit(&mut windows);
    let _: ControlFlow<()> = select.group_by.visit(&mut windows);
    let _: ControlFlow<()> = select.having.visit(&mut windows);
    let Some(given) = windows.given else { return };
    select.lateral_views.push(LateralView {
        lateral_view: Expr::Function(function(Ident::new("explode"), vec![call("_windows", given)])),
        lateral_view_name: ObjectName::from(vec![Ident::new("__windows")]),
        lateral_col_alias: vec![Ident::new(WINDOW)],
        outer: false,
    });
}

struct Windows {
    /// The arguments of the calls.
    given: Option<Vec<Expr>>,
}

impl VisitorMut for Windows {
    type Break = ();

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if let Expr::Function(function) = expr
            && function_name(function).is_some_and(|name| name.value == WINDOW)
            && args(function).is_some_and(|args| (2..=4).contains(&args.len()))
        {
            let given = take_args(function);
            self.given.get_or_insert(given);
            *expr = Expr::Identifier(Ident::new(WINDOW));
        }
        ControlFlow::Continue(())
    }
}
