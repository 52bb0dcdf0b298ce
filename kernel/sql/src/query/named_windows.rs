//! `WINDOW w AS (..)`: its windows are put in the place of their names, wherever a query may have functions over them. The
//! engine looks in the columns only, not in `QUALIFY` and `ORDER BY`.

use std::ops::ControlFlow;

use aerostat_error::{Condition, Error, did_you_mean};
use sqlparser::ast::{Expr, Ident, NamedWindowDefinition, NamedWindowExpr, Query, SetExpr, WindowSpec, WindowType};

use super::ast::each_own_expr;
use super::part::selects;
use crate::script::Script;

/// Puts the windows of a query in the place of their names.
pub(super) fn put_in(query: &mut Query, script: &Script<'_>) -> ControlFlow<Error> {
    let is_alone = matches!(query.body.as_ref(), SetExpr::Select(_));
    for select in selects(&mut query.body) {
        let mut windows = Windows { known: Vec::new(), script };
        for NamedWindowDefinition(name, window) in std::mem::take(&mut select.named_window) {
            let spec = match window {
                NamedWindowExpr::NamedWindow(other) => windows.find(&other)?,
                NamedWindowExpr::WindowSpec(spec) => windows.whole(spec)?,
            };
            windows.known.push((name.value, spec));
        }
        let mut over = |expr: &mut Expr| windows.put_into(expr);
        each_own_expr(&mut select.projection, &mut over)?;
        each_own_expr(&mut select.qualify, &mut over)?;
        // The order of a union is by its columns.
        if is_alone {
            each_own_expr(&mut query.order_by, &mut over)?;
        }
    }
    ControlFlow::Continue(())
}

/// The windows that were met so far.
struct Windows<'a> {
    known: Vec<(String, WindowSpec)>,
    script: &'a Script<'a>,
}

impl Windows<'_> {
    fn find(&self, name: &Ident) -> ControlFlow<Error, WindowSpec> {
        match self.known.iter().find(|(known, _)| known.eq_ignore_ascii_case(&name.value)) {
            Some((_, spec)) => ControlFlow::Continue(spec.clone()),
            None => {
                let near = did_you_mean(&name.value, self.known.iter().map(|(known, _)| known));
                let error = Error::invalid_argument(format!("the query has no window `{}`", name.value))
                    .with_condition(Condition::MISSING_WINDOW_SPECIFICATION)
                    .with_span(self.script.span(name.span));
                let hint = near.unwrap_or_else(|| format!("add `WINDOW {} AS (PARTITION BY ..)`", name.value));
                ControlFlow::Break(error.with_hint(hint))
            }
        }
    }

    /// `(w ROWS ..)` is the window `w` with what it says itself.
    fn whole(&self, mut spec: WindowSpec) -> ControlFlow<Error, WindowSpec> {
        let Some(name) = spec.window_name.take() else { return ControlFlow::Continue(spec) };
        let base = self.find(&name)?;
        if spec.partition_by.is_empty() {
            spec.partition_by = base.partition_by;
        }
        if spec.order_by.is_empty() {
            spec.order_by = base.order_by;
        }
        spec.window_frame = spec.window_frame.or(base.window_frame);
        ControlFlow::Continue(spec)
    }

    /// The window of a call in the place of its name.
    fn put_into(&self, expr: &mut Expr) -> ControlFlow<Error> {
        if let Expr::Function(function) = expr
            && let Some(over) = function.over.take()
        {
            let spec = match over {
                WindowType::NamedWindow(name) => self.find(&name)?,
                WindowType::WindowSpec(spec) => self.whole(spec)?,
            };
            function.over = Some(WindowType::WindowSpec(spec));
        }
        ControlFlow::Continue(())
    }
}
