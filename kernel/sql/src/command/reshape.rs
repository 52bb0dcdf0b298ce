//! Columns of tables without a log: `ALTER TABLE .. ADD COLUMNS`, `REPLACE COLUMNS`, `RENAME COLUMN`, `CHANGE COLUMN`.
//!
//! What changes is how files are read; they stay as they are.

use std::sync::Arc;

use aerostat_error::{Error, Object, Result};
use aerostat_metastore::{DEFAULT_VALUE, Format, TableInfo, TableKind, TableSchema};
use datafusion::arrow::datatypes::{Field, FieldRef, Schema};
use sqlparser::tokenizer::Token;

use super::cursor::Cursor;
use super::declared::{column, for_files, same, typed};
use super::{Context, Rows, default};

/// The changes there are.
const CHANGES: &[&str] =
    &["ADD COLUMNS", "ADD COLUMN", "REPLACE COLUMNS", "RENAME COLUMN", "CHANGE COLUMN", "CHANGE", "ALTER COLUMN"];

/// One of the changes, if it comes and the table is one without a log.
pub(super) fn alter(cursor: &mut Cursor<'_>, context: &Context<'_>, parts: &[String]) -> Result<Option<Rows>> {
    if !CHANGES.iter().any(|change| cursor.comes(change)) {
        return Ok(None);
    }
    let info = context.session.metastore().table(&context.qualify(parts)?)?;
    let Some(columns) = info.columns.clone().filter(|_| info.kind != TableKind::View && info.format != Format::Delta)
    else {
        return Ok(None);
    };
    let span = cursor.span();
    let changed = match cursor.take_any(CHANGES) {
        Some("ADD COLUMNS" | "ADD COLUMN") => added(&columns, fields(cursor)?),
        Some("REPLACE COLUMNS") => replaced(&columns, fields(cursor)?),
        change => changed(cursor, &info, &columns, change == Some("RENAME COLUMN")),
    };
    cursor.end()?;
    if let Ok(columns) = &changed {
        default::check(context, columns.schema.fields().iter().map(|field| field.as_ref()))?;
    }
    let changed = changed.and_then(|columns| for_files(info.format, &info.options, &columns));
    let changed = changed.map_err(|error| error.with_span(span))?;
    Ok(Some(context.session.metastore().set_columns(&info.name, &changed).map(|()| None)))
}

/// Columns, with or without parentheses around them.
fn fields(cursor: &mut Cursor<'_>) -> Result<Vec<Field>> {
    if cursor.peek().is_some_and(|token| token.token == Token::LParen) {
        return cursor.list(column);
    }
    let mut fields = vec![column(cursor)?];
    while cursor.symbol(&Token::Comma) {
        fields.push(column(cursor)?);
    }
    Ok(fields)
}

fn of(columns: &TableSchema, fields: Vec<FieldRef>) -> TableSchema {
    TableSchema { schema: Arc::new(Schema::new(fields)), partition_columns: columns.partition_columns.clone() }
}

/// New columns come behind those that are in the files, and before those of partitions.
fn added(columns: &TableSchema, new: Vec<Field>) -> Result<TableSchema> {
    if let Some(field) = new.iter().find(|field| default::of(field).is_some()) {
        let name = field.name();
        return Err(Error::not_supported(format!("a DEFAULT of the new column `{name}` is not supported")).with_hint(
            format!("add it without, then `ALTER COLUMN {name} SET DEFAULT ..`: rows that are there have null"),
        ));
    }
    let taken = new.iter().find(|field| columns.schema.fields().iter().any(|other| same(other.name(), field.name())));
    match taken {
        Some(field) => Err(Error::already_exists(Object::Column, field.name())),
        None => Ok(of(columns, columns.schema.fields().iter().cloned().chain(new.into_iter().map(Arc::new)).collect())),
    }
}

/// Other columns in the files; those of partitions stay.
fn replaced(columns: &TableSchema, new: Vec<Field>) -> Result<TableSchema> {
    let partitions = columns.partition_columns.iter().filter_map(|name| columns.schema.field_with_name(name).ok());
    let partitions = partitions.map(|field| Arc::new(field.clone()));
    Ok(of(columns, new.into_iter().map(Arc::new).chain(partitions).collect()))
}

/// `old new type [COMMENT ..]`, `name TYPE type`, `name COMMENT 'text'`, `name SET DEFAULT value`, `name DROP DEFAULT`, or
/// if it `renames`, `old TO new`.
fn changed(cursor: &mut Cursor<'_>, info: &TableInfo, columns: &TableSchema, renames: bool) -> Result<TableSchema> {
    let old = cursor.identifier("a column")?;
    let fields = columns.schema.fields();
    let found = fields.iter().position(|field| same(field.name(), &old));
    let names = fields.iter().map(|field| field.name().as_str());
    let at = found.ok_or_else(|| Error::not_found_among(Object::Column, &old, names))?;
    let name = fields[at].name().clone();
    let mut metadata = fields[at].metadata().clone();
    let field = if renames {
        cursor.expect("TO")?;
        fields[at].as_ref().clone().with_name(cursor.identifier("a column")?)
    } else if cursor.take("COMMENT") {
        metadata.insert("comment".to_owned(), cursor.string("a comment")?);
        fields[at].as_ref().clone().with_metadata(metadata)
    } else if cursor.take("SET DEFAULT") {
        metadata.insert(DEFAULT_VALUE.to_owned(), cursor.fragment("a value", &[])?.text);
        fields[at].as_ref().clone().with_metadata(metadata)
    } else if cursor.take("DROP DEFAULT") {
        metadata.remove(DEFAULT_VALUE);
        fields[at].as_ref().clone().with_metadata(metadata)
    } else if cursor.take("TYPE") {
        typed(cursor, name.clone())?
    } else {
        let new = cursor.identifier("a column")?;
        let new = if same(&new, &name) { name.clone() } else { new };
        typed(cursor, new)?
    };
    let is_partition = columns.partition_columns.contains(&name);
    if is_partition && (field.name() != &name || field.data_type() != fields[at].data_type()) {
        return Err(Error::not_supported(format!("CHANGE COLUMN of the partition column `{name}` is not supported")));
    }
    if field.name() != &name && !matches!(info.format, Format::Csv | Format::Text) {
        return Err(Error::not_supported(format!(
            "CHANGE COLUMN to another name is not supported: `{}` finds its columns in {} files by their names",
            info.name,
            info.format.name()
        ))
        .with_hint("make another table of it: `CREATE TABLE u USING parquet AS SELECT a AS b FROM t`"));
    }
    let mut fields: Vec<FieldRef> = fields.iter().cloned().collect();
    fields[at] = Arc::new(field);
    Ok(of(columns, fields))
}
