//! `DESCRIBE HISTORY` and `DESCRIBE DETAIL`, with Delta's columns.

use aerostat_error::Result;
use aerostat_metastore::{CATALOG, Commit, Format};
use aerostat_session::errors::from_polars;
use aerostat_session::write::Target;
use aerostat_session::{Relation, join_name};
use chrono::{DateTime, Utc};
use polars::prelude::{
    AnyValue, Column, DataFrame, DataType, Field, IntoColumn, IntoLazy, IntoSeries, NULL, NamedFrom, Series,
    StructChunked, lit,
};
use serde_json::Value;
use sqlparser::tokenizer::Token;

use super::cursor::Cursor;
use super::undrop::times;
use super::{Context, Rows, rows};

/// `DESCRIBE HISTORY name [LIMIT n]`: what happened to a Delta table, the newest first.
pub(super) fn history(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let parts = cursor.name("a table")?;
    let limit = match cursor.take("LIMIT") {
        true => Some(number(cursor)?),
        false => None,
    };
    cursor.end()?;
    let location = Target::of(&parts).snapshot(context.session)?.location;
    let commits = context.session.metastore().history(&location, limit)?;
    let versions: Vec<i64> = commits.iter().map(|commit| commit.version).collect();
    let blind: Vec<Option<bool>> = commits.iter().map(|commit| commit.info["isBlindAppend"].as_bool()).collect();
    let read: Vec<Option<i64>> = commits.iter().map(|commit| commit.info["readVersion"].as_i64()).collect();
    let columns = vec![
        Column::new("version".into(), versions),
        times("timestamp", commits.iter().map(|commit| Some(commit.timestamp)))?,
        texts("userId", &commits),
        texts("userName", &commits),
        texts("operation", &commits),
        maps("operationParameters", &commits)?,
        texts("clusterId", &commits),
        Column::new("readVersion".into(), read),
        texts("isolationLevel", &commits),
        Column::new("isBlindAppend".into(), blind),
        maps("operationMetrics", &commits)?,
        texts("userMetadata", &commits),
        texts("engineInfo", &commits),
    ];
    let frame = DataFrame::new_infer_height(columns).map_err(from_polars)?.lazy();
    // Of jobs and notebooks of Databricks; there are none here, but what reads the columns finds them.
    let text = |name: &str| Field::new(name.into(), DataType::String);
    let job = ["jobId", "jobName", "jobRunId", "runId", "jobOwnerId", "triggerType"].map(text);
    let names = ["version", "timestamp", "userId", "userName", "operation", "operationParameters", "job", "notebook"];
    let more = ["clusterId", "readVersion", "isolationLevel", "isBlindAppend", "operationMetrics", "userMetadata"];
    let order = names.into_iter().chain(more).chain(["engineInfo"]).map(polars::prelude::col);
    let frame = frame
        .with_columns([
            lit(NULL).cast(DataType::Struct(job.to_vec())).alias("job"),
            lit(NULL).cast(DataType::Struct(vec![text("notebookId")])).alias("notebook"),
        ])
        .select(order.collect::<Vec<_>>());
    context.session.collect(frame).map(Some)
}

fn number(cursor: &mut Cursor<'_>) -> Result<usize> {
    let span = cursor.span();
    let number = match cursor.next().map(|token| &token.token) {
        Some(Token::Number(number, _)) => number.parse().ok(),
        _ => None,
    };
    number.ok_or_else(|| aerostat_error::Error::syntax("expected a number").with_span(span))
}

fn texts(name: &str, commits: &[Commit]) -> Column {
    Column::new(name.into(), commits.iter().map(|commit| commit.info[name].as_str()).collect::<Vec<Option<&str>>>())
}

/// A column of maps, which a frame has as lists of entries.
fn maps(name: &str, commits: &[Commit]) -> Result<Column> {
    let maps = commits.iter().map(|commit| {
        let entries = commit.info[name].as_object()?;
        Some(entries.iter().map(|(key, value)| (key.clone(), shown(value))).collect())
    });
    entries(name, maps.collect())
}

fn shown(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

type Entries = Vec<(String, Option<String>)>;

fn entries(name: &str, maps: Vec<Option<Entries>>) -> Result<Column> {
    let values = maps.iter().map(|map| match map {
        None => Ok(AnyValue::Null),
        Some(map) => entry_series(map).map(AnyValue::List),
    });
    column(name, &values.collect::<Result<Vec<_>>>()?, entry_series(&[])?.dtype())
}

/// A column of lists.
fn column(name: &str, lists: &[AnyValue<'_>], item: &DataType) -> Result<Column> {
    let dtype = DataType::List(Box::new(item.clone()));
    let column = Series::from_any_values_and_dtype(name.into(), lists, &dtype, true).map_err(from_polars)?;
    Ok(column.into_column())
}

fn entry_series(entries: &[(String, Option<String>)]) -> Result<Series> {
    let keys: Vec<&str> = entries.iter().map(|(key, _)| key.as_str()).collect();
    let values: Vec<Option<&str>> = entries.iter().map(|(_, value)| value.as_deref()).collect();
    let fields = [Series::new("key".into(), keys), Series::new("value".into(), values)];
    let entries = StructChunked::from_series("".into(), entries.len(), fields.iter()).map_err(from_polars)?;
    Ok(entries.into_series())
}

/// `DESCRIBE DETAIL name`: of what a table consists.
pub(super) fn detail(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let parts = cursor.name("a table")?;
    cursor.end()?;
    let snapshot = Target::of(&parts).snapshot(context.session)?;
    let info = match context.session.resolve(&parts)? {
        Relation::Table(info) => Some(info),
        _ => None,
    };
    let name = info.as_ref().map(|info| join_name(&[CATALOG, &info.name.schema, &info.name.table]));
    let comment = info.as_ref().and_then(|info| info.comment.clone()).or(snapshot.details.description.clone());
    let newest = context.session.metastore().history(&snapshot.location, Some(1))?;
    let modified: Option<DateTime<Utc>> = newest.first().map(|commit| commit.timestamp);
    let size: u64 = snapshot.files.iter().map(|file| file.size).sum();
    let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let details = &snapshot.details;
    let mut properties: Entries =
        details.configuration.iter().map(|(key, value)| (key.clone(), Some(value.clone()))).collect();
    let own = info.iter().flat_map(|info| &info.properties);
    properties.extend(own.map(|(key, value)| (key.clone(), Some(value.clone()))));
    rows::frame(vec![
        Column::new("format".into(), [Format::Delta.name()]),
        Column::new("id".into(), [details.id.as_str()]),
        Column::new("name".into(), [name.or(details.name.clone())]),
        Column::new("description".into(), [comment]),
        Column::new("location".into(), [format!("file:{}", snapshot.location.display())]),
        times("createdAt", std::iter::once(details.created_at))?,
        times("lastModified", std::iter::once(modified))?,
        list("partitionColumns", &snapshot.partition_columns)?,
        list("clusteringColumns", &[])?,
        Column::new("numFiles".into(), [count(u64::try_from(snapshot.files.len()).unwrap_or_default())]),
        Column::new("sizeInBytes".into(), [count(size)]),
        entries("properties", vec![Some(properties)])?,
        Column::new("minReaderVersion".into(), [details.min_reader_version]),
        Column::new("minWriterVersion".into(), [details.min_writer_version]),
        list("tableFeatures", &features(details))?,
    ])
}

/// The features that a table declares, and those that its protocol's version includes.
fn features(details: &aerostat_metastore::Details) -> Vec<String> {
    let mut features = details.features.clone();
    features.extend(aerostat_metastore::included_features(details.min_writer_version));
    features.sort();
    features.dedup();
    features
}

/// A column with one list of texts.
fn list(name: &str, texts: &[String]) -> Result<Column> {
    column(name, &[AnyValue::List(Series::new("".into(), texts))], &DataType::String)
}
