//! `SHOW ..`, with Spark's columns.

use aerostat_error::Result;
use aerostat_metastore::{CATALOG, TableInfo, TableKind};
use aerostat_session::hive::LIBRARY;
use aerostat_session::{GLOBAL_TEMP, join_name};
use polars::prelude::Column;

use super::cursor::Cursor;
use super::schema::schema_name;
use super::{Context, Rows, rows};

/// `[IN | FROM schema]`.
pub(super) fn in_schema(cursor: &mut Cursor<'_>) -> Result<Option<String>> {
    match cursor.take_any(&["IN", "FROM"]) {
        Some(_) => schema_name(cursor).map(Some),
        None => Ok(None),
    }
}

/// `[LIKE] 'pattern'` up to the end.
pub(super) fn pattern(cursor: &mut Cursor<'_>) -> Result<Option<String>> {
    let like = cursor.take("LIKE");
    let pattern = if like || !cursor.is_at_end() { Some(cursor.string("a pattern")?) } else { None };
    cursor.end()?;
    Ok(pattern)
}

/// `SHOW CATALOGS`.
pub(super) fn catalogs(cursor: &mut Cursor<'_>, _context: &Context<'_>) -> Rows {
    let pattern = pattern(cursor)?;
    let all = [CATALOG].into_iter().filter(|name| rows::fits(name, pattern.as_deref()));
    rows::texts(["catalog"], all.map(|name| [name.to_owned()]).collect())
}

/// `SHOW DATABASES [LIKE pattern]`.
pub(super) fn schemas(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let pattern = pattern(cursor)?;
    let all = context.session.metastore().schemas()?.into_iter().map(|schema| schema.name);
    rows::texts(["namespace"], all.filter(|name| rows::fits(name, pattern.as_deref())).map(|name| [name]).collect())
}

/// `SHOW CURRENT NAMESPACE`.
pub(super) fn current(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    cursor.end()?;
    rows::texts(["catalog", "namespace"], vec![[CATALOG.to_owned(), context.session.current_schema()]])
}

/// `SHOW TABLES [IN schema] [LIKE pattern]`: tables, views and temporary views.
pub(super) fn tables(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    listing(cursor, context, "tableName", |_| true)
}

/// `SHOW VIEWS [IN schema] [LIKE pattern]`.
pub(super) fn views(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    listing(cursor, context, "viewName", |info| info.kind == TableKind::View)
}

fn listing(cursor: &mut Cursor<'_>, context: &Context<'_>, column: &str, of: fn(&TableInfo) -> bool) -> Rows {
    let schema = in_schema(cursor)?.unwrap_or_else(|| context.session.current_schema());
    let pattern = pattern(cursor)?;
    let stored: Vec<(String, String, bool)> = if schema.eq_ignore_ascii_case(GLOBAL_TEMP) {
        let views = context.session.global_temp_views().into_iter();
        views.map(|name| (GLOBAL_TEMP.to_owned(), name, true)).collect()
    } else {
        let stored = context.session.metastore().tables(&schema)?.into_iter().filter(of);
        stored.map(|info| (info.name.schema, info.name.table, false)).collect()
    };
    let temporary = context.session.temp_views().into_iter().map(|name| (String::new(), name, true));
    let all = stored.into_iter().chain(temporary).filter(|row| rows::fits(&row.1, pattern.as_deref()));
    let all: Vec<(String, String, bool)> = all.collect();
    rows::frame(vec![
        Column::new("namespace".into(), all.iter().map(|row| row.0.as_str()).collect::<Vec<_>>()),
        Column::new(column.into(), all.iter().map(|row| row.1.as_str()).collect::<Vec<_>>()),
        Column::new("isTemporary".into(), all.iter().map(|row| row.2).collect::<Vec<_>>()),
    ])
}

/// `SHOW COLUMNS IN table [IN schema]`.
pub(super) fn columns(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    if cursor.take_any(&["IN", "FROM"]).is_none() {
        return Err(cursor.expected("IN"));
    }
    let mut parts = cursor.name("a table")?;
    if let Some(schema) = in_schema(cursor)? {
        parts.insert(0, schema);
    }
    cursor.end()?;
    let columns = super::columns_of(context, &parts)?;
    rows::texts(["col_name"], columns.into_iter().map(|(name, _)| [name]).collect())
}

/// `SHOW TBLPROPERTIES table [(key)]`.
pub(super) fn properties(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let parts = cursor.name("a table")?;
    let keys = if cursor.is_at_end() { Vec::new() } else { cursor.list(super::properties::key)? };
    cursor.end()?;
    let info = context.session.metastore().table(&context.qualify(&parts)?)?;
    let Some(key) = keys.into_iter().next() else {
        return rows::texts(["key", "value"], info.properties.into_iter().map(|(key, value)| [key, value]).collect());
    };
    let missing = || format!("table {} does not have property: {key}", info.name);
    let comment = info.comment.clone().filter(|_| key == "comment");
    let value = info.properties.get(&key).cloned().or(comment).unwrap_or_else(missing);
    rows::texts(["key", "value"], vec![[key, value]])
}

/// `SHOW CREATE TABLE table`: a statement that makes such a table again.
pub(super) fn create_table(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let parts = cursor.name("a table")?;
    cursor.take("AS SERDE");
    cursor.end()?;
    let info = context.session.metastore().table(&context.qualify(&parts)?)?;
    let name = join_name(&[CATALOG, &info.name.schema, &info.name.table]);
    let mut lines = match &info.view {
        Some(view) => {
            let columns = view
                .columns
                .iter()
                .map(|column| join_name(&[&column.name]) + &comment_clause(column.comment.as_deref()));
            let columns: Vec<String> = columns.collect();
            let columns = if columns.is_empty() { String::new() } else { format!(" ({})", columns.join(", ")) };
            vec![format!("CREATE VIEW {name}{columns}")]
        }
        None => created_table(context, &info, &parts, &name)?,
    };
    if let Some(comment) = &info.comment {
        lines.push(format!("COMMENT {}", quoted(comment)));
    }
    if !info.properties.is_empty() {
        lines.push(format!("TBLPROPERTIES ({})", pairs(&info.properties)));
    }
    lines.extend(info.view.map(|view| format!("AS {}", view.text)));
    rows::texts(["createtab_stmt"], vec![[lines.join("\n")]])
}

fn created_table(context: &Context<'_>, info: &TableInfo, parts: &[String], name: &str) -> Result<Vec<String>> {
    let mut columns = Vec::new();
    let declared = info.columns.as_ref().map(|columns| columns.schema.fields().clone());
    for (at, (column, field)) in super::columns_of(context, parts)?.into_iter().enumerate() {
        let dtype = crate::query::schema::type_sql(field.data_type())?;
        let declared = declared.as_ref().and_then(|fields| fields.get(at));
        let comment = declared.unwrap_or(&field).metadata().get("comment").map(String::as_str);
        let default = super::default::of(declared.unwrap_or(&field))
            .map_or_else(String::new, |value| format!(" DEFAULT {value}"));
        columns.push(format!("  {} {dtype}{default}{}", join_name(&[&column]), comment_clause(comment)));
    }
    let mut lines = vec![format!("CREATE TABLE {name} (\n{})", columns.join(",\n"))];
    lines.extend(storage_clauses(info));
    let partitions = super::describe::partition_columns(context, info)?;
    if !partitions.is_empty() {
        let partitions: Vec<String> = partitions.iter().map(|column| join_name(&[column])).collect();
        lines.push(format!("PARTITIONED BY ({})", partitions.join(", ")));
    }
    if let (TableKind::External, Some(location)) = (info.kind, &info.location) {
        lines.push(format!("LOCATION {}", quoted(&location.display().to_string())));
    }
    Ok(lines)
}

/// `USING format OPTIONS (..)`, or what Hive says for it.
fn storage_clauses(info: &TableInfo) -> Vec<String> {
    let mut options = info.options.clone();
    match options.remove(LIBRARY) {
        Some(class) => {
            let mut lines = vec![format!("ROW FORMAT SERDE {}", quoted(&class))];
            if !options.is_empty() {
                lines.push(format!("WITH SERDEPROPERTIES ({})", pairs(&options)));
            }
            lines.push("STORED AS TEXTFILE".to_owned());
            lines
        }
        None if options.is_empty() => vec![format!("USING {}", info.format.name())],
        None => vec![format!("USING {}", info.format.name()), format!("OPTIONS ({})", pairs(&options))],
    }
}

fn comment_clause(comment: Option<&str>) -> String {
    comment.map_or_else(String::new, |comment| format!(" COMMENT {}", quoted(comment)))
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

fn pairs(pairs: &std::collections::BTreeMap<String, String>) -> String {
    pairs.iter().map(|(key, value)| format!("{} = {}", quoted(key), quoted(value))).collect::<Vec<_>>().join(", ")
}
