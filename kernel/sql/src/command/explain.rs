//! `EXPLAIN`.

use aerostat_error::Error;

use super::cursor::Cursor;
use super::{Context, Rows, rows};
use crate::query::{self, Catalog};

/// `EXPLAIN [EXTENDED | FORMATTED | COST] query`, with Spark's column `plan`.
pub(super) fn run(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let span = cursor.span();
    let mode = cursor.take_any(&["EXTENDED", "FORMATTED", "COST", "CODEGEN"]);
    if mode == Some("CODEGEN") {
        return Err(Error::not_supported("EXPLAIN CODEGEN is not supported")
            .with_span(span)
            .with_hint("no code is made"));
    }
    let statement = cursor.rest("a query")?;
    let planned = query::plan(&Catalog::new(context.core, context.session), &statement)?;
    let text = query::explain(context.core, context.session, planned, mode.is_some())?;
    rows::texts(["plan"], vec![[text]])
}
