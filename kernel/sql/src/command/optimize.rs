//! `OPTIMIZE`.

use aerostat_error::Result;
use aerostat_session::errors::from_polars;
use aerostat_session::write::{self, Optimized, Sizes};
use polars::prelude::{Column, IntoColumn, IntoSeries, StructChunked};
use sqlparser::tokenizer::Token;

use super::cursor::Cursor;
use super::target::condition;
use super::{Context, Rows, rows};

/// `OPTIMIZE name [WHERE condition] [ZORDER BY columns]`.
pub(super) fn run(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let target = write::Target::of(&cursor.name("a table")?);
    let condition = condition(cursor, &["ZORDER"])?;
    let order = if cursor.take("ZORDER BY") { columns(cursor)? } else { Vec::new() };
    cursor.end()?;
    let path = target.snapshot(context.session)?.location.display().to_string();
    let done = write::optimize(context.session, &target, condition.as_ref(), &order)?;
    rows::frame(vec![Column::new("path".into(), [path]), metrics(&done, !order.is_empty())?])
}

/// `a, b` or `(a, b)`.
fn columns(cursor: &mut Cursor<'_>) -> Result<Vec<String>> {
    if cursor.peek().is_some_and(|token| token.token == Token::LParen) {
        return cursor.list(|cursor| cursor.identifier("a column"));
    }
    let mut columns = vec![cursor.identifier("a column")?];
    while cursor.symbol(&Token::Comma) {
        columns.push(cursor.identifier("a column")?);
    }
    Ok(columns)
}

/// Delta's struct of the same name, as far as its fields mean something on one machine.
fn metrics(done: &Optimized, ordered: bool) -> Result<Column> {
    let count = |number: usize| u64::try_from(number).unwrap_or_default();
    let strategy = if ordered { "zorder" } else { "compaction" };
    structure(
        "metrics",
        vec![
            number("numFilesAdded", count(done.added.0.len())),
            number("numFilesRemoved", count(done.removed.0.len())),
            sizes("filesAdded", &done.added)?,
            sizes("filesRemoved", &done.removed)?,
            number("partitionsOptimized", done.partitions),
            number("totalConsideredFiles", done.considered),
            number("totalFilesSkipped", done.considered.saturating_sub(count(done.removed.0.len()))),
            Column::new("strategy".into(), [strategy]),
        ],
    )
}

fn sizes(name: &str, Sizes(sizes): &Sizes) -> Result<Column> {
    let total: u64 = sizes.iter().sum();
    let files = u64::try_from(sizes.len()).unwrap_or_default();
    #[expect(clippy::cast_precision_loss, reason = "an average of bytes")]
    let average = if files == 0 { 0.0 } else { total as f64 / files as f64 };
    structure(
        name,
        vec![
            optional("min", sizes.iter().min().copied()),
            optional("max", sizes.iter().max().copied()),
            Column::new("avg".into(), [average]),
            number("totalFiles", files),
            number("totalSize", total),
        ],
    )
}

fn number(name: &str, value: u64) -> Column {
    optional(name, Some(value))
}

fn optional(name: &str, value: Option<u64>) -> Column {
    Column::new(name.into(), [value.map(|value| i64::try_from(value).unwrap_or(i64::MAX))])
}

fn structure(name: &str, fields: Vec<Column>) -> Result<Column> {
    let fields = StructChunked::from_columns(name.into(), 1, &fields).map_err(from_polars)?;
    Ok(fields.into_series().into_column())
}
