//! `DESCRIBE ..`, with Spark's columns.

use aerostat_error::{Error, Object, Result};
use aerostat_metastore::{CATALOG, Format, Statistics, TableInfo, TableKind};
use aerostat_session::Relation;
use aerostat_session::hive::LIBRARY;
use datafusion::arrow::datatypes::FieldRef;
use polars::prelude::Column;

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
    let span = cursor.span();
    if cursor.comes("PARTITION") {
        return Err(Error::not_supported("DESCRIBE .. PARTITION is not supported")
            .with_span(span)
            .with_hint("SHOW PARTITIONS lists the partitions of a table"));
    }
    if !cursor.is_at_end() {
        let column = cursor.identifier("a column")?;
        cursor.end()?;
        return one_column(context, &parts, &column, extended).map_err(|error| error.with_span(span));
    }
    let columns = super::columns_of(context, &parts)?;
    let mut all = Vec::new();
    for (name, field) in &columns {
        all.push(column_row(name.clone(), field)?);
    }
    // A frame of the session hides a table of the same name, and has nothing more to tell.
    let relation = context.session.resolve(&parts)?;
    let temporary = matches!(relation, Relation::Frame { .. } | Relation::Query { .. });
    if !temporary && let Some(info) = context.session.metastore().find_table(&context.qualify(&parts)?)? {
        for (row, column) in all.iter_mut().zip(info.view.iter().flat_map(|view| &view.columns)) {
            row[2].clone_from(&column.comment);
        }
        let declared = info.columns.iter().flat_map(|columns| columns.schema.fields().iter());
        for (row, field) in all.iter_mut().zip(declared) {
            row[2] = field.metadata().get("comment").cloned();
        }
        let comments: Vec<Option<String>> = all.iter().map(|row| row[2].clone()).collect();
        all.extend(partition_rows(context, &info, &columns, &comments)?);
        if extended {
            all.extend(details(&info, statistics(context, &info)?));
        }
    }
    rows::optional(COLUMNS, all)
}

/// `DESCRIBE table column`, with what `ANALYZE TABLE` has counted in it if `extended`.
fn one_column(context: &Context<'_>, parts: &[String], column: &str, extended: bool) -> Rows {
    let columns = super::columns_of(context, parts)?;
    let found = columns.iter().find(|(name, _)| name.to_lowercase() == column.to_lowercase());
    let names = columns.iter().map(|(name, _)| name);
    let (name, field) = found.ok_or_else(|| Error::not_found_among(Object::Column, column, names))?;
    let [_, dtype, comment] = column_row(name.clone(), field)?;
    let null = || Some("NULL".to_owned());
    let mut all = vec![
        [Some("col_name".to_owned()), Some(name.clone())],
        [Some("data_type".to_owned()), dtype],
        [Some("comment".to_owned()), comment.or_else(null)],
    ];
    if extended {
        let info = context.session.metastore().find_table(&context.qualify(parts)?)?;
        let counted = info.map(|info| statistics(context, &info)).transpose()?.flatten();
        let counted = counted.and_then(|counted| counted.columns.get(name).cloned()).unwrap_or_default();
        let number = |number: Option<u64>| number.map(|number| number.to_string());
        for (what, value) in [
            ("min", counted.min),
            ("max", counted.max),
            ("num_nulls", number(counted.nulls)),
            ("distinct_count", number(counted.distinct)),
            ("avg_col_len", number(counted.average_length)),
            ("max_col_len", number(counted.longest)),
            ("histogram", None),
        ] {
            all.push([Some(what.to_owned()), value.or_else(null)]);
        }
    }
    rows::optional(["info_name", "info_value"], all)
}

/// What was counted in the table, if it is still so.
fn statistics(context: &Context<'_>, info: &TableInfo) -> Result<Option<Statistics>> {
    let Some(counted) = &info.statistics else { return Ok(None) };
    let files = context.session.files(info)?;
    let same = files.is_some_and(|files| {
        files.files.len() == counted.files && files.files.iter().map(|file| file.size).sum::<u64>() == counted.bytes
    });
    Ok(same.then(|| counted.clone()))
}

/// The columns that the table is laid out by.
pub(super) fn partition_columns(context: &Context<'_>, info: &TableInfo) -> Result<Vec<String>> {
    match (&info.location, info.format) {
        (Some(location), Format::Delta) => Ok(context.session.metastore().snapshot(location, None)?.partition_columns),
        _ => Ok(info.columns.as_ref().map(|columns| columns.partition_columns.clone()).unwrap_or_default()),
    }
}

fn partition_rows(
    context: &Context<'_>,
    info: &TableInfo,
    columns: &[(String, FieldRef)],
    comments: &[Option<String>],
) -> Result<Vec<Row>> {
    let partitions = partition_columns(context, info)?;
    if partitions.is_empty() {
        return Ok(Vec::new());
    }
    let mut all = vec![
        row("# Partition Information", ""),
        [Some("# col_name".to_owned()), Some("data_type".to_owned()), Some("comment".to_owned())],
    ];
    for ((name, field), comment) in columns.iter().zip(comments).filter(|((name, _), _)| partitions.contains(name)) {
        let [name, dtype, _] = column_row(name.clone(), field)?;
        all.push([name, dtype, comment.clone()]);
    }
    Ok(all)
}

fn details(info: &TableInfo, statistics: Option<Statistics>) -> Vec<Row> {
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
        let provider = if info.options.contains_key(LIBRARY) { "hive" } else { info.format.name() };
        all.push(row("Provider", provider));
    }
    all.extend(info.comment.as_ref().map(|comment| row("Comment", comment)));
    all.extend(info.location.as_ref().map(|location| row("Location", location.display().to_string())));
    if !info.properties.is_empty() {
        let pairs: Vec<String> = info.properties.iter().map(|(key, value)| format!("{key}={value}")).collect();
        all.push(row("Table Properties", format!("[{}]", pairs.join(","))));
    }
    if let Some(Statistics { bytes, rows, .. }) = statistics {
        let rows = rows.map_or_else(String::new, |rows| format!(", {rows} rows"));
        all.push(row("Statistics", format!("{bytes} bytes{rows}")));
    }
    if info.kind != TableKind::View && info.format != Format::Delta {
        all.extend(storage_rows(info));
    }
    if let Some(view) = &info.view {
        all.push(row("View Text", &view.text));
        all.push(row("View Catalog and Namespace", format!("{CATALOG}.{}", view.current_schema)));
    }
    all
}

/// `SHOW TABLE EXTENDED [IN schema] LIKE pattern`: of each table, what `DESCRIBE EXTENDED` says and its columns.
pub(super) fn tables(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let schema = super::show::in_schema(cursor)?.unwrap_or_else(|| context.session.current_schema());
    cursor.expect("LIKE")?;
    let pattern = cursor.string("a pattern")?;
    let span = cursor.span();
    if cursor.comes("PARTITION") {
        return Err(Error::not_supported("SHOW TABLE EXTENDED .. PARTITION is not supported").with_span(span));
    }
    cursor.end()?;
    let mut all = Vec::new();
    for info in context.session.metastore().tables(&schema)? {
        if rows::fits(&info.name.table, Some(&pattern)) {
            let text = information(context, &info)?;
            all.push((info.name.schema, info.name.table, text));
        }
    }
    rows::frame(vec![
        Column::new("namespace".into(), all.iter().map(|row| row.0.as_str()).collect::<Vec<_>>()),
        Column::new("tableName".into(), all.iter().map(|row| row.1.as_str()).collect::<Vec<_>>()),
        Column::new("isTemporary".into(), vec![false; all.len()]),
        Column::new("information".into(), all.iter().map(|row| row.2.as_str()).collect::<Vec<_>>()),
    ])
}

fn information(context: &Context<'_>, info: &TableInfo) -> Result<String> {
    let named = details(info, statistics(context, info)?).into_iter().skip(2);
    let mut lines: Vec<String> =
        named.map(|[name, value, _]| format!("{}: {}", name.unwrap_or_default(), value.unwrap_or_default())).collect();
    lines.push("Schema: root".to_owned());
    for (name, field) in super::columns_of(context, &[info.name.schema.clone(), info.name.table.clone()])? {
        lines.push(format!(" |-- {name}: {} (nullable = {})", type_name(field.data_type())?, field.is_nullable()));
    }
    lines.push(String::new());
    Ok(lines.join("\n"))
}

/// How the files of a table without a log are read, by the classes that Hive has for it.
fn storage_rows(info: &TableInfo) -> Vec<Row> {
    let (serde, input, output) = match info.format {
        Format::Text => (
            info.options.get(LIBRARY).map(String::as_str),
            Some("org.apache.hadoop.mapred.TextInputFormat"),
            Some("org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"),
        ),
        Format::Parquet => (
            Some("org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"),
            Some("org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"),
            Some("org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat"),
        ),
        _ => (None, None, None),
    };
    let classes = [("Serde Library", serde), ("InputFormat", input), ("OutputFormat", output)];
    let mut all: Vec<Row> = classes.into_iter().filter_map(|(name, class)| Some(row(name, class?))).collect();
    let options = info.options.iter().filter(|(name, _)| name.as_str() != LIBRARY);
    let options: Vec<String> = options.map(|(name, value)| format!("{name}={value}")).collect();
    if !options.is_empty() {
        all.push(row("Storage Properties", format!("[{}]", options.join(", "))));
    }
    if info.columns.as_ref().is_some_and(|columns| !columns.partition_columns.is_empty()) {
        all.push(row("Partition Provider", "Catalog"));
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

/// `DESCRIBE QUERY query`: the columns of its result.
pub(super) fn query(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let statement = cursor.rest("a query")?;
    let planned = query::plan(&Catalog::new(context.core, context.session), &statement)?;
    let fields = planned.plan.schema().fields().clone();
    let all = planned.names.into_iter().zip(fields.iter()).map(|(name, field)| column_row(name, field));
    rows::optional(COLUMNS, all.collect::<Result<_>>()?)
}
