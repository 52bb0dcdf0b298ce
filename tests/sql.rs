//! SQL through a session: Spark's own answers, every kind of statement, tables of both front ends, errors.

mod assignment;
mod cache;
mod cases;
mod changes;
mod commands;
mod corpus;
mod definitions;
mod errors;
mod evolution;
mod functions;
mod hive;
mod limits;
mod loading;
mod names;
mod partitions;
mod pruning;
mod queries;
mod roundtrip;
mod statements;
mod versions;
mod views;

use std::sync::Arc;

use aerostat_session::Session;
use aerostat_sql::Engine;
use polars::prelude::*;
use tempfile::TempDir;

/// A session on a metastore of its own, which lives as long as the folder.
pub fn session() -> (TempDir, Session) {
    let root = tempfile::tempdir().unwrap();
    let session = Session::open(root.path(), Arc::new(Engine::new().unwrap())).unwrap();
    (root, session)
}

/// Runs statements.
pub fn run(session: &Session, sql: &str) {
    session.execute(sql).unwrap_or_else(|error| panic!("{}", error.render(sql)));
}

/// The rows of a query as text: values separated by `|`, nulls as `NULL`.
pub fn rows(session: &Session, sql: &str) -> Vec<String> {
    let frame = session.sql(sql).unwrap_or_else(|error| panic!("{}", error.render(sql)));
    (0..frame.height()).map(|row| line(&frame, row)).collect()
}

/// The one row of a query.
pub fn row(session: &Session, sql: &str) -> String {
    let rows = rows(session, sql);
    assert_eq!(rows.len(), 1, "{sql}: {rows:?}");
    rows[0].clone()
}

fn line(frame: &DataFrame, row: usize) -> String {
    let values = frame.columns().iter().map(|column| match column.get(row).unwrap() {
        AnyValue::Null => "NULL".to_owned(),
        AnyValue::String(text) => text.to_owned(),
        AnyValue::Float64(number) => format!("{number:?}"),
        value => value.str_value().into_owned(),
    });
    values.collect::<Vec<_>>().join("|")
}

/// The names of the columns of a query.
pub fn columns(session: &Session, sql: &str) -> Vec<String> {
    session.sql(sql).unwrap().get_column_names().iter().map(|name| name.to_string()).collect()
}
