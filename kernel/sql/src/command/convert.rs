//! `CONVERT TO DELTA`: files of Parquet get a log, and stay where they are.

use aerostat_error::{Error, Result};
use aerostat_metastore::{Format, TableInfo, TableKind, TableName, TableSchema};
use aerostat_session::{local_path, logless};
use datafusion::arrow::datatypes::{Field, Schema};

use super::cursor::Cursor;
use super::declared::{self, partition, same};
use super::{Context, Rows};

/// `table [NO STATISTICS] [PARTITIONED BY (column type, ..)]`; the table may be a path: `` parquet.`/path` ``.
pub(super) fn run(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let span = cursor.span();
    let parts = cursor.name("a table")?;
    let statistics = !cursor.take("NO STATISTICS");
    let partitions = if cursor.take("PARTITIONED BY") { cursor.list(partition)? } else { Vec::new() };
    let partitions: Vec<Field> = partitions.into_iter().filter_map(|(_, field)| field).collect();
    cursor.end()?;
    let located = |error: Error| error.with_span(span);
    let (info, is_table) = match parts.as_slice() {
        [format, path] if format.eq_ignore_ascii_case("parquet") && path.contains('/') => {
            (of_path(context, path, &partitions).map_err(located)?, false)
        }
        _ => (context.session.metastore().table(&context.qualify(&parts)?).map_err(located)?, true),
    };
    match (info.format, info.kind) {
        (_, TableKind::View) => return Err(located(Error::invalid_argument(format!("`{}` is a view", info.name)))),
        // There is nothing to do.
        (Format::Delta, _) => return Ok(None),
        (Format::Parquet, _) => {}
        (format, _) => {
            let message = format!("CONVERT TO DELTA of files of `{}` is not supported", format.name());
            return Err(located(
                Error::not_supported(message).with_hint("make a table of the rows: `CREATE TABLE t AS SELECT ..`"),
            ));
        }
    }
    let snapshot = if is_table { logless::snapshot(context.session, &info)? } else { logless::found(&info)? };
    let files = logless::described(context.session, &snapshot, statistics)?;
    let columns = TableSchema { schema: snapshot.schema, partition_columns: snapshot.partition_columns };
    let name = is_table.then_some(&info.name);
    context.session.metastore().convert(&snapshot.location, columns, files, name).map_err(located)?;
    Ok(None)
}

/// A folder of files as if it were a table.
fn of_path(context: &Context<'_>, path: &str, partitions: &[Field]) -> Result<TableInfo> {
    let location = std::path::absolute(local_path(path)?)
        .map_err(|error| Error::io(format!("resolving the path `{path}`"), &error))?;
    let format = if location.join("_delta_log").is_dir() { Format::Delta } else { Format::Parquet };
    let (mut fields, found) = match format {
        Format::Delta => (Vec::new(), Vec::new()),
        _ => declared::of_files(context, format, &Default::default(), &location)?,
    };
    for name in &found {
        // The types of partitions are in no file: those that are given count.
        if let (Some(field), Some(given)) = (
            fields.iter_mut().find(|field| same(field.name(), name)),
            partitions.iter().find(|field| same(field.name(), name)),
        ) {
            *field = given.clone().with_name(field.name());
        }
    }
    if let Some(unknown) = partitions.iter().find(|field| !found.iter().any(|name| same(name, field.name()))) {
        return Err(Error::invalid_argument(format!(
            "the files of `{path}` are not in folders by `{}`",
            unknown.name()
        )));
    }
    let columns = TableSchema { schema: std::sync::Arc::new(Schema::new(fields)), partition_columns: found };
    Ok(TableInfo::of_files(TableName::new("parquet", path), format, location, columns))
}
