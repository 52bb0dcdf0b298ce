//! Tables and schemas as frames, with Spark's columns.

use aerostat_error::Result;
use polars::prelude::{Column, DataFrame};

use crate::Session;
use crate::errors::from_polars;

/// `SHOW TABLES`: the tables and views of the current schema, then the temporary views.
pub(crate) fn tables(session: &Session) -> Result<DataFrame> {
    let stored = session.metastore().tables(&session.current_schema())?;
    let stored = stored.into_iter().map(|info| (info.name.schema, info.name.table, false));
    let views = session.temp_views().into_iter().map(|name| (String::new(), name, true));
    let rows: Vec<(String, String, bool)> = stored.chain(views).collect();
    frame(vec![
        Column::new("namespace".into(), rows.iter().map(|row| row.0.as_str()).collect::<Vec<_>>()),
        Column::new("tableName".into(), rows.iter().map(|row| row.1.as_str()).collect::<Vec<_>>()),
        Column::new("isTemporary".into(), rows.iter().map(|row| row.2).collect::<Vec<_>>()),
    ])
}

/// `SHOW DATABASES`.
pub(crate) fn databases(session: &Session) -> Result<DataFrame> {
    let names: Vec<String> = session.metastore().schemas()?.into_iter().map(|schema| schema.name).collect();
    frame(vec![Column::new("namespace".into(), names)])
}

fn frame(columns: Vec<Column>) -> Result<DataFrame> {
    DataFrame::new_infer_height(columns).map_err(from_polars)
}
