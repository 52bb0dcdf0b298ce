//! The columns that a statement declares.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;

use aerostat_error::{Error, Result};
use aerostat_metastore::{DEFAULT_VALUE, Format, TableSchema};
use aerostat_session::hive::{LIBRARY, OPEN_CSV, class_name};
use aerostat_session::{arrow as bridge, logless, types};
use datafusion::arrow::datatypes::{DataType, Field, FieldRef, Schema};
use polars::prelude::Schema as FrameSchema;
use sqlparser::tokenizer::Token;

use super::Context;
use super::cursor::Cursor;

/// `name type [NOT NULL] [DEFAULT value] [COMMENT 'text']`.
pub(super) fn column(cursor: &mut Cursor<'_>) -> Result<Field> {
    let name = cursor.identifier("a column")?;
    typed(cursor, name)
}

/// The rest of a column, behind its name.
pub(super) fn typed(cursor: &mut Cursor<'_>, name: String) -> Result<Field> {
    let span = cursor.span();
    let text = cursor.type_text()?;
    let dtype = types::parse(&text).and_then(|dtype| types::storable(&name, &dtype)).map_err(|e| e.with_span(span))?;
    let (mut required, mut metadata) = (false, HashMap::new());
    loop {
        let span = cursor.span();
        if cursor.take("NOT NULL") {
            required = true;
        } else if cursor.take("DEFAULT") {
            let value = cursor.fragment("a value", &["COMMENT", "NOT NULL", "FIRST", "AFTER"])?;
            metadata.insert(DEFAULT_VALUE.to_owned(), value.text);
        } else if cursor.take("COMMENT") {
            metadata.insert("comment".to_owned(), cursor.string("a comment")?);
        } else if let Some(constraint) = cursor.take_any(&["GENERATED", "PRIMARY KEY", "CHECK"]) {
            return Err(Error::not_supported(format!("{constraint} is not supported"))
                .with_span(span)
                .with_hint("nothing would make sure of it"));
        } else {
            break;
        }
    }
    let schema = bridge::to_schema(&FrameSchema::from_iter([(name.as_str().into(), dtype)]))?;
    Ok(schema.field(0).clone().with_nullable(!required).with_metadata(metadata))
}

/// A column that was declared, or one that is declared here.
pub(super) fn partition(cursor: &mut Cursor<'_>) -> Result<(String, Option<Field>)> {
    let name = cursor.identifier("a column")?;
    let ends = cursor.peek().is_none_or(|token| matches!(token.token, Token::Comma | Token::RParen));
    let field = if ends { None } else { Some(typed(cursor, name.clone())?) };
    Ok((name, field))
}

/// Whether two names are one.
pub(super) fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// The field of a planner's column, as a table has it.
pub(super) fn renamed(field: &FieldRef, name: String) -> Result<Field> {
    let schema = Arc::new(Schema::new(vec![field.as_ref().clone().with_name(name)]));
    let plain = of_frame(&bridge::from_schema(&schema)?)?;
    let comment = field.metadata().get("comment").map(|text| ("comment".to_owned(), text.clone()));
    let plain = plain.into_iter().next().unwrap_or_else(|| Field::new("", DataType::Null, true));
    Ok(plain.with_metadata(comment.into_iter().collect()))
}

/// The columns of a table for the rows of a frame.
pub(super) fn of_frame(schema: &FrameSchema) -> Result<Vec<Field>> {
    let stored = schema.iter().map(|(name, dtype)| Ok((name.clone(), types::storable(name, dtype)?)));
    let stored = stored.collect::<Result<FrameSchema>>()?;
    Ok(bridge::to_schema(&stored)?.fields().iter().map(|field| field.as_ref().clone()).collect())
}

/// The columns that files say they have, and those of them that are in the names of folders.
pub(super) fn of_files(
    context: &Context<'_>,
    format: Format,
    options: &BTreeMap<String, String>,
    location: &Path,
) -> Result<(Vec<Field>, Vec<String>)> {
    if options.contains_key(LIBRARY) {
        return Err(Error::invalid_argument("a table of text needs columns")
            .with_hint("give them behind its name: `CREATE EXTERNAL TABLE t (a INT, b STRING) ..`"));
    }
    let path = location.to_string_lossy();
    let reader = options.iter().fold(context.session.read(), |reader, (name, value)| reader.option(name, value));
    let mut frame = reader.load_as(format, &path)?;
    let schema = context.session.run(move || frame.collect_schema())?;
    Ok((of_frame(&schema)?, logless::partition_columns(location)?))
}

/// The columns as the files at `location` spell them, where these find their columns by name: case counts there, and a
/// column that is not found is null in all rows. What cannot be read says so when it is queried.
pub(super) fn spelled_as_in(
    context: &Context<'_>,
    format: Format,
    location: &Path,
    declared: &[Field],
) -> Result<Vec<Field>> {
    let by_name = matches!(format, Format::Parquet | Format::Json | Format::Ipc);
    let Some(file) = logless::first_file(location)?.filter(|_| by_name) else { return Ok(declared.to_vec()) };
    let Ok(mut frame) = context.session.read().load_as(format, &file.to_string_lossy()) else {
        return Ok(declared.to_vec());
    };
    let Ok(schema) = context.session.run(move || frame.collect_schema()) else { return Ok(declared.to_vec()) };
    let spelled = |field: &Field| match schema.iter_names().find(|name| same(name, field.name())) {
        Some(name) if schema.get(field.name()).is_none() => field.clone().with_name(name.as_str()),
        _ => field.clone(),
    };
    Ok(declared.iter().map(spelled).collect())
}

/// The columns in the order in which tables without a log have them, those of partitions last. `OpenCSVSerde` makes
/// texts of all that is in its files, and so does a line without a SerDe.
pub(super) fn for_files(
    format: Format,
    options: &BTreeMap<String, String>,
    declared: &TableSchema,
) -> Result<TableSchema> {
    let is_partition = |field: &&FieldRef| declared.partition_columns.contains(field.name());
    let class = options.get(LIBRARY).map(|class| class_name(class));
    let texts = format == Format::Text && class == Some(class_name(OPEN_CSV));
    let in_files = declared.schema.fields().iter().filter(|field| !is_partition(field));
    let mut fields: Vec<Field> = in_files
        .map(|field| match texts {
            true => field.as_ref().clone().with_data_type(DataType::Utf8View),
            false => field.as_ref().clone(),
        })
        .collect();
    if format == Format::Text && class.is_none() {
        let strings = [DataType::Utf8, DataType::Utf8View];
        if fields.len() != 1 || !strings.contains(fields[0].data_type()) {
            return Err(Error::invalid_argument("a table USING text has one column, of type STRING")
                .with_hint("for several, say ROW FORMAT DELIMITED FIELDS TERMINATED BY ','"));
        }
    }
    for name in &declared.partition_columns {
        fields.extend(declared.schema.field_with_name(name).ok().cloned());
    }
    let schema = Arc::new(Schema::new(fields));
    Ok(TableSchema { schema, partition_columns: declared.partition_columns.clone() })
}
