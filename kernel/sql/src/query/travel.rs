//! Travel to a time that is computed, such as `t TIMESTAMP AS OF current_timestamp() - INTERVAL 1 DAY`: what says the
//! time is asked first, and its answer takes its place.

use std::ops::ControlFlow;

use aerostat_error::{Error, Result};
use sqlparser::ast::{Expr, Query, TableFactor, TableVersion, VisitMut, VisitorMut};

use super::ast::string;
use super::catalog::Catalog;

/// Replaces every time and version that is computed by what it comes to.
pub(super) fn evaluate(catalog: &Catalog<'_>, query: &mut Query) -> Result<()> {
    match query.visit(&mut Evaluate(catalog)) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(error) => Err(error),
    }
}

struct Evaluate<'c, 'a>(&'c Catalog<'a>);

impl VisitorMut for Evaluate<'_, '_> {
    type Break = Error;

    fn pre_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<Error> {
        let TableFactor::Table { version: Some(version), .. } = factor else { return ControlFlow::Continue(()) };
        let (TableVersion::VersionAsOf(expr)
        | TableVersion::TimestampAsOf(expr)
        | TableVersion::ForSystemTimeAsOf(expr)) = version
        else {
            return ControlFlow::Continue(());
        };
        if matches!(expr, Expr::Value(_) | Expr::TypedString(_)) {
            return ControlFlow::Continue(());
        }
        match self.answer(expr) {
            Ok(text) => {
                *expr = string(text);
                ControlFlow::Continue(())
            }
            Err(error) => ControlFlow::Break(error),
        }
    }
}

impl Evaluate<'_, '_> {
    /// The value as a text, of a time by the clocks of the session's zone.
    fn answer(&self, expr: &Expr) -> Result<String> {
        let (core, session) = (self.0.core(), self.0.session());
        let frame = super::run_text(core, session, &format!("SELECT CAST(({expr}) AS STRING)"), &[]);
        let frame = frame.map_err(Error::without_span)?;
        let value = frame.columns().first().and_then(|column| column.str().ok()?.get(0).map(str::to_owned));
        value.ok_or_else(|| Error::invalid_argument(format!("time travel to `{expr}`, which is null")))
    }
}
