//! `GROUP BY window(time, '10 minutes', '5 minutes')`: a row is in each of the windows that its time falls into. And `GROUP BY
//! session_window(time, '10 minutes')`: a row is in one window with those that came before it without so long a gap.
//!
//! Either way the windows of a row come to stand beside it, and `window` or `session_window` is then a column like any other.

use std::ops::{ControlFlow, RangeInclusive};

use aerostat_error::Error;
use sqlparser::ast::{
    Expr, GroupByExpr, Ident, LateralView, ObjectName, Select, SelectItem, Value, ValueWithSpan, VisitMut, VisitorMut,
};

use super::ast::{args, call, function, function_name, take_args};
use super::sessions;

const WINDOW: &str = "window";
const SESSION_WINDOW: &str = "session_window";

/// Gives a `SELECT` that speaks of windows the column that they are in.
pub(super) fn explode(select: &mut Select) -> Result<(), Error> {
    let (windows, sessions) = (taken(select, WINDOW, 2..=4), taken(select, SESSION_WINDOW, 2..=2));
    let (name, rows, given) = match (windows, sessions) {
        (None, None) => return Ok(()),
        (Some(given), None) => (WINDOW, "explode", vec![call("_windows", given)]),
        (None, Some(given)) => {
            let (rows, given) = session_rows(select, call("_session", given))?;
            (SESSION_WINDOW, rows, given)
        }
        (Some(_), Some(_)) => {
            return Err(Error::not_supported("one SELECT cannot have both window(..) and session_window(..)")
                .with_hint("take one of them in a subquery, and the other around it"));
        }
    };
    select.lateral_views.push(LateralView {
        lateral_view: Expr::Function(function(Ident::new(rows), given)),
        lateral_view_name: ObjectName::from(vec![Ident::new("__windows")]),
        lateral_col_alias: vec![Ident::new(name)],
        outer: false,
    });
    Ok(())
}

/// Puts a column of the function's name where it is called, and returns the arguments of the first call.
fn taken(select: &mut Select, name: &'static str, arity: RangeInclusive<usize>) -> Option<Vec<Expr>> {
    let mut windows = Windows { name, arity, given: None };
    let _: ControlFlow<()> = select.projection.visit(&mut windows);
    let _: ControlFlow<()> = select.group_by.visit(&mut windows);
    let _: ControlFlow<()> = select.having.visit(&mut windows);
    windows.given
}

struct Windows {
    name: &'static str,
    /// How many arguments it may have.
    arity: RangeInclusive<usize>,
    /// The arguments of the calls.
    given: Option<Vec<Expr>>,
}

impl VisitorMut for Windows {
    type Break = ();

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if let Expr::Function(function) = expr
            && function_name(function).is_some_and(|name| name.value == self.name)
            && args(function).is_some_and(|args| self.arity.contains(&args.len()))
        {
            let given = take_args(function);
            self.given.get_or_insert(given);
            *expr = Expr::Identifier(Ident::new(self.name));
        }
        ControlFlow::Continue(())
    }
}

/// What makes the sessions of a `SELECT`, given the window that each row opens, and its arguments. They are those of the rows
/// that `WHERE` leaves, so it moves there, and have to be told what else is grouped by.
fn session_rows(select: &mut Select, window: Expr) -> Result<(&'static str, Vec<Expr>), Error> {
    let by_name = |key: &Expr| matches!(key, Expr::Identifier(ident) if ident.value == SESSION_WINDOW);
    let mut given = Vec::new();
    match &select.group_by {
        GroupByExpr::Expressions(keys, _) if keys.is_empty() => {
            return Ok(("explode", vec![call("array_compact", vec![call("array", vec![window])])]));
        }
        GroupByExpr::Expressions(keys, _) => {
            for key in keys {
                match key_of(select, key)? {
                    key if by_name(&key) => {}
                    Expr::Tuple(either) if either.iter().any(by_name) => {}
                    key => given.push(key),
                }
            }
        }
        GroupByExpr::All(_) => {
            return Err(Error::not_supported("GROUP BY ALL with session_window(..) is not supported")
                .with_hint("name what to group by"));
        }
    }
    let all = Expr::Value(Value::Boolean(true).with_empty_span());
    let condition = select.selection.take().unwrap_or(all);
    Ok((sessions::NAME, [condition, window].into_iter().chain(given).collect()))
}

/// What a key of `GROUP BY` stands for. A name may be a column's or else an alias: then it is a pair of both.
fn key_of(select: &Select, key: &Expr) -> Result<Expr, Error> {
    let item = |expr: &SelectItem| match expr {
        SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => Some(expr.clone()),
        _ => None,
    };
    Ok(match key {
        Expr::Rollup(_) | Expr::Cube(_) | Expr::GroupingSets(_) => {
            return Err(Error::not_supported(
                "ROLLUP, CUBE and GROUPING SETS with session_window(..) are not supported",
            )
            .with_hint("group by sessions in a subquery"));
        }
        Expr::Value(ValueWithSpan { value: Value::Number(at, _), .. }) => {
            let meant = at.parse().ok().and_then(|at: usize| select.projection.get(at.checked_sub(1)?));
            meant.and_then(item).unwrap_or_else(|| key.clone())
        }
        Expr::Identifier(name) => {
            let is_meant =
                |item: &&SelectItem| matches!(item, SelectItem::ExprWithAlias { alias, .. } if alias == name);
            match select.projection.iter().find(is_meant).and_then(item) {
                Some(expr) => Expr::Tuple(vec![key.clone(), expr]),
                None => key.clone(),
            }
        }
        key => key.clone(),
    })
}
