//! Tables as they were: `t VERSION AS OF 3` becomes the table `t@v3`, which the session knows, and still goes by its own
//! name. A time or version that is computed, such as `current_timestamp() - INTERVAL 1 DAY`, is asked first.

use std::ops::ControlFlow;

use aerostat_error::{Error, Result};
use aerostat_session::AsOf;
use aerostat_session::zone::UTC;
use sqlparser::ast::{Expr, ObjectNamePart, Query, TableFactor, TableVersion, Value, VisitMut, VisitorMut};

use super::catalog::Catalog;

/// Replaces every table at a version or time.
pub(super) fn resolve(catalog: &Catalog<'_>, query: &mut Query) -> Result<()> {
    match query.visit(&mut Travel(catalog)) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(error) => Err(error),
    }
}

struct Travel<'c, 'a>(&'c Catalog<'a>);

impl VisitorMut for Travel<'_, '_> {
    type Break = Error;

    fn pre_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<Error> {
        let TableFactor::Table { version, name, alias, .. } = factor else { return ControlFlow::Continue(()) };
        let (Some(version), Some(ObjectNamePart::Identifier(table))) = (version.take(), name.0.last_mut()) else {
            return ControlFlow::Continue(());
        };
        match self.suffix(&version) {
            Ok(suffix) => {
                let name = table.clone();
                alias.get_or_insert_with(|| super::ast::alias(name, Vec::new()));
                table.value = format!("{}@{suffix}", table.value);
                ControlFlow::Continue(())
            }
            Err(error) => ControlFlow::Break(error),
        }
    }
}

impl Travel<'_, '_> {
    /// What stands for the version behind the `@`: the zone that a time is in is known where the name is looked up.
    fn suffix(&self, version: &TableVersion) -> Result<String> {
        let unknown = || {
            Error::not_supported(format!("time travel by `{version}` is not supported"))
                .with_hint("say `VERSION AS OF 3`, or `TIMESTAMP AS OF '2024-01-31 12:00:00'`")
        };
        match version {
            TableVersion::VersionAsOf(expr) => {
                self.text(expr)?.parse().map(|version: i64| format!("v{version}")).map_err(|_| unknown())
            }
            TableVersion::TimestampAsOf(expr) | TableVersion::ForSystemTimeAsOf(expr) => {
                let text = self.text(expr)?;
                AsOf::time(&text, UTC).map(|_| text)
            }
            _ => Err(unknown()),
        }
    }

    fn text(&self, expr: &Expr) -> Result<String> {
        let literal = match expr {
            Expr::Value(value) => Some(&value.value),
            Expr::TypedString(typed) => Some(&typed.value.value),
            _ => None,
        };
        match literal {
            Some(Value::Number(text, _) | Value::SingleQuotedString(text) | Value::DoubleQuotedString(text)) => {
                Ok(text.trim().to_owned())
            }
            _ => self.computed(expr),
        }
    }

    /// The value as a text, of a time by the clocks of the session's zone.
    fn computed(&self, expr: &Expr) -> Result<String> {
        let (core, session) = (self.0.core(), self.0.session());
        let frame = super::run_text(core, session, &format!("SELECT CAST(({expr}) AS STRING)"), &[]);
        let frame = frame.map_err(Error::without_span)?;
        let value = frame.columns().first().and_then(|column| column.str().ok()?.get(0).map(str::to_owned));
        value.ok_or_else(|| Error::invalid_argument(format!("time travel to `{expr}`, which is null")))
    }
}
