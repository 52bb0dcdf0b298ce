//! `UNDROP TABLE`, and `SHOW TABLES DROPPED`.

use aerostat_error::{Error, Result};
use aerostat_metastore::{CATALOG, DroppedTable};
use aerostat_session::errors::from_polars;
use chrono::{DateTime, Utc};
use polars::prelude::{Column, DataType, TimeUnit, TimeZone};

use super::cursor::Cursor;
use super::{Context, Rows, rows};

/// `UNDROP [TABLE] name` or `UNDROP TABLE WITH ID 'id'`.
pub(super) fn run(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    cursor.take("TABLE");
    let metastore = context.session.metastore();
    if cursor.take("WITH ID") {
        let span = cursor.span();
        let id = cursor.string("the ID of a table")?;
        cursor.end()?;
        let number = id.parse().map_err(|_| {
            Error::invalid_argument(format!("`{id}` is not the ID of a table"))
                .with_span(span)
                .with_hint("`SHOW TABLES DROPPED` has the IDs")
        })?;
        return metastore.undrop_table_number(number).map(|()| None);
    }
    let name = context.qualify(&cursor.name("a table")?)?;
    cursor.end()?;
    metastore.undrop_table(&name).map(|()| None)
}

/// `SHOW TABLES DROPPED [IN schema]`.
pub(super) fn show(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let schema = match cursor.take_any(&["IN", "FROM"]) {
        Some(_) => super::schema::schema_name(cursor)?,
        None => context.session.current_schema(),
    };
    cursor.end()?;
    let dropped = context.session.metastore().dropped_tables(&schema)?;
    let texts = |name: &str, text: &dyn Fn(&DroppedTable) -> String| {
        Column::new(name.into(), dropped.iter().map(text).collect::<Vec<String>>())
    };
    let comments: Vec<Option<&str>> = dropped.iter().map(|table| table.comment.as_deref()).collect();
    rows::frame(vec![
        texts("catalogName", &|_| CATALOG.to_owned()),
        texts("schemaName", &|table| table.name.schema.clone()),
        texts("tableName", &|table| table.name.table.clone()),
        texts("tableId", &|table| table.id.to_string()),
        texts("tableType", &|table| table.kind.name().to_owned()),
        times("deletedAt", dropped.iter().map(|table| Some(table.dropped_at)))?,
        times("createdAt", dropped.iter().map(|table| Some(table.created_at)))?,
        texts("owner", &|table| table.owner.clone()),
        Column::new("comment".into(), comments),
    ])
}

/// A column of times.
pub(super) fn times(name: &str, times: impl Iterator<Item = Option<DateTime<Utc>>>) -> Result<Column> {
    let micros: Vec<Option<i64>> = times.map(|time| time.map(|time| time.timestamp_micros())).collect();
    let dtype = DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC));
    Column::new(name.into(), micros).cast(&dtype).map_err(from_polars)
}
