//! `DROP TABLE`, `TRUNCATE TABLE`.

use aerostat_error::{Error, Kind};
use aerostat_metastore::{Format, TableKind};
use aerostat_session::logless::{self, Replaced};
use polars::prelude::{DataFrame, IntoLazy};

use super::cursor::Cursor;
use super::{Context, Rows, partition};

/// `DROP TABLE [IF EXISTS] name`.
pub(super) fn drop(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let if_exists = cursor.take("IF EXISTS");
    let name = context.qualify(&cursor.name("a table")?)?;
    let span = cursor.span();
    if cursor.take("PURGE") {
        return Err(Error::not_supported("DROP TABLE .. PURGE is not supported")
            .with_span(span)
            .with_hint("dropped tables go to the folder `.trash` of the metastore"));
    }
    cursor.end()?;
    match context.session.metastore().drop_table(&name) {
        Err(error) if if_exists && matches!(error.kind(), Kind::NotFound(_)) => Ok(None),
        dropped => dropped.map(|()| None),
    }
}

/// `TRUNCATE TABLE name [PARTITION (..)]`.
pub(super) fn truncate(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let name = context.qualify(&cursor.name("a table")?)?;
    let span = cursor.span();
    let given = if cursor.take("PARTITION") { Some(cursor.list(partition::value)?) } else { None };
    cursor.end()?;
    let info = context.session.metastore().table(&name)?;
    match (&info.location, info.kind, given) {
        (Some(_), TableKind::Managed, None) if info.format != Format::Delta => {
            let schema = info.columns.as_ref().map(|columns| aerostat_session::arrow::from_schema(&columns.schema));
            let none = DataFrame::empty_with_schema(&schema.transpose()?.unwrap_or_default());
            logless::insert(context.session, &info, none.lazy(), &Replaced::Everything)?;
            Ok(None)
        }
        (Some(_), TableKind::Managed, Some(given)) if info.format != Format::Delta => {
            let values = logless::partition_values(&info, &given, false)?;
            partition::empty(context, &info, &values)
        }
        (Some(_), _, Some(_)) => {
            Err(Error::not_supported("TRUNCATE TABLE .. PARTITION is not supported for a Delta table").with_span(span))
        }
        (Some(location), TableKind::Managed, None) => {
            let base = context.session.metastore().snapshot(location, None)?;
            context.session.metastore().overwrite(&base, Vec::new(), None)?;
            Ok(None)
        }
        _ => Err(Error::not_supported(format!("`{name}` is not a managed table and cannot be truncated"))),
    }
}
