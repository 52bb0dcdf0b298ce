//! `DESCRIBE ..`, with Spark's columns.

use aerostat_error::{Error, Object, Result};
use aerostat_metastore::{CATALOG, TableInfo, TableKind};
use datafusion::arrow::datatypes::FieldRef;

use super::cursor::Cursor;
use super::schema::schema_name;
use super::{Context, Rows, rows};
use crate::query::schema::type_name;
use crate::query::{self, Catalog};

const COLUMNS: [&str; 3] = ["col_name", "data_type", "comment"];

type Row = [Option<String>; 3];

fn row(name: impl Into<String>, value: impl Into<String>) -> Row {
    [Some(name.into()), Some(value.into()), Some(String::new())]
}

fn column_row(name: String, field: &FieldRef) -> Result<Row> {
    Ok([Some(name), Some(type_name(field.data_type())?), field.metadata().get("comment").cloned()])
}

/// `DESCRIBE [TABLE] [EXTENDED | FORMATTED] table`, or of a query.
pub(super) fn table(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    if cursor.comes("SELECT") || cursor.comes("WITH") || cursor.comes("VALUES") {
        return query(cursor, context);
    }
    cursor.take("TABLE");
    let extended = cursor.take_any(&["EXTENDED", "FORMATTED"]).is_some();
    let parts = cursor.name("a table")?;
    if !cursor.is_at_end() {
        return Err(Error::not_supported("DESCRIBE of one column is not supported")
            .with_span(cursor.span())
            .with_hint("DESCRIBE of the table lists all of its columns"));
    }
    let columns = super::columns_of(context, &parts)?;
    let mut all = Vec::new();
    for (name, field) in &columns {
        all.push(column_row(name.clone(), field)?);
    }
    // A frame of the session hides a table of the same name, and has nothing more to tell.
    let temporary = matches!(context.session.resolve(&parts)?, aerostat_session::Relation::Frame { .. });
    if !temporary && let Some(info) = context.session.metastore().find_table(&context.qualify(&parts)?)? {
        for (row, column) in all.iter_mut().zip(info.view.iter().flat_map(|view| &view.columns)) {
            row[2].clone_from(&column.comment);
        }
        all.extend(partition_rows(context, &info, &columns)?);
        if extended {
            all.extend(details(&info));
        }
    }
    rows::optional(COLUMNS, all)
}

/// The columns that the table is laid out by.
pub(super) fn partition_columns(context: &Context<'_>, info: &TableInfo) -> Result<Vec<String>> {
    match (&info.location, info.format) {
        (Some(location), aerostat_metastore::Format::Delta) => {
            Ok(context.session.metastore().snapshot(location, None)?.partition_columns)
        }
        _ => Ok(info.columns.as_ref().map(|columns| columns.partition_columns.clone()).unwrap_or_default()),
    }
}

fn partition_rows(context: &Context<'_>, info: &TableInfo, columns: &[(String, FieldRef)]) -> Result<Vec<Row>> {
    let partitions = partition_columns(context, info)?;
    if partitions.is_empty() {
        return Ok(Vec::new());
    }
    let mut all = vec![
        row("# Partition Information", ""),
        [Some("# col_name".to_owned()), Some("data_type".to_owned()), Some("comment".to_owned())],
    ];
    for (name, field) in columns.iter().filter(|(name, _)| partitions.contains(name)) {
        all.push(column_row(name.clone(), field)?);
    }
    Ok(all)
}

fn details(info: &TableInfo) -> Vec<Row> {
    let mut all = vec![
        row("", ""),
        row("# Detailed Table Information", ""),
        row("Catalog", CATALOG),
        row("Database", &info.name.schema),
        row("Table", &info.name.table),
        row("Owner", &info.owner),
        row("Created Time", info.created_at.format("%a %b %d %H:%M:%S UTC %Y").to_string()),
        row("Created By", concat!("Aerostat ", env!("CARGO_PKG_VERSION"))),
        row("Type", info.kind.name()),
    ];
    if info.kind != TableKind::View {
        all.push(row("Provider", info.format.name()));
    }
    all.extend(info.comment.as_ref().map(|comment| row("Comment", comment)));
    all.extend(info.location.as_ref().map(|location| row("Location", location.display().to_string())));
    if !info.properties.is_empty() {
        let pairs: Vec<String> = info.properties.iter().map(|(key, value)| format!("{key}={value}")).collect();
        all.push(row("Table Properties", format!("[{}]", pairs.join(","))));
    }
    if let Some(view) = &info.view {
        all.push(row("View Text", &view.text));
        all.push(row("View Catalog and Namespace", format!("{CATALOG}.{}", view.current_schema)));
    }
    all
}

/// `DESCRIBE DATABASE [EXTENDED] name`.
pub(super) fn schema(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let extended = cursor.take("EXTENDED");
    let name = schema_name(cursor)?;
    cursor.end()?;
    let info = context.session.metastore().schema(&name)?;
    let mut all = vec![
        ["Catalog Name".to_owned(), CATALOG.to_owned()],
        ["Namespace Name".to_owned(), info.name],
        ["Comment".to_owned(), info.comment.unwrap_or_default()],
        ["Location".to_owned(), info.location.display().to_string()],
        ["Owner".to_owned(), info.owner],
    ];
    if extended {
        let pairs: Vec<String> = info.properties.iter().map(|(key, value)| format!("({key},{value})")).collect();
        all.push(["Properties".to_owned(), format!("({})", pairs.join(", "))]);
    }
    rows::texts(["info_name", "info_value"], all)
}

/// `DESCRIBE FUNCTION [EXTENDED] name`.
pub(super) fn function(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    cursor.take("EXTENDED");
    let span = cursor.span();
    let name = cursor.identifier("a function")?;
    cursor.end()?;
    let names = context.core.registry.names();
    if !names.contains(&name.to_lowercase()) {
        return Err(Error::not_found_among(Object::Function, &name, names).with_span(span));
    }
    rows::texts(["function_desc"], vec![[format!("Function: {}", name.to_lowercase())]])
}

/// `DESCRIBE QUERY query`: the columns of its result.
pub(super) fn query(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let statement = cursor.rest("a query")?;
    let planned = query::plan(&Catalog::new(context.core, context.session), &statement)?;
    let fields = planned.plan.schema().fields().clone();
    let all = planned.names.into_iter().zip(fields.iter()).map(|(name, field)| column_row(name, field));
    rows::optional(COLUMNS, all.collect::<Result<_>>()?)
}
