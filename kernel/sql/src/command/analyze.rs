//! `ANALYZE TABLE`: counts what is in a table, for `DESCRIBE EXTENDED` to show.

use std::collections::BTreeMap;

use aerostat_error::{Error, Object, Result};
use aerostat_metastore::{ColumnStatistics, Statistics, TableInfo, TableKind};
use aerostat_session::join_name;
use datafusion::arrow::datatypes::{DataType, FieldRef};
use polars::prelude::{AnyValue, DataFrame};

use super::cursor::Cursor;
use super::{Context, Rows};
use crate::query;
use crate::script::Script;

/// `ANALYZE TABLE name [PARTITION (..)] COMPUTE STATISTICS [NOSCAN | FOR COLUMNS a, b | FOR ALL COLUMNS]`.
pub(super) fn table(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let parts = cursor.name("a table")?;
    let span = cursor.span();
    if cursor.comes("PARTITION") {
        return Err(Error::not_supported("ANALYZE TABLE .. PARTITION is not supported")
            .with_span(span)
            .with_hint("leave PARTITION out: the whole table is counted"));
    }
    cursor.expect("COMPUTE STATISTICS")?;
    let noscan = cursor.take("NOSCAN");
    let columns = if noscan { Columns::None } else { columns(cursor)? };
    cursor.end()?;
    let info = context.session.metastore().table(&context.qualify(&parts)?)?;
    analyze(context, &info, noscan, &columns).map(|()| None)
}

/// `ANALYZE TABLES [IN schema] COMPUTE STATISTICS [NOSCAN]`.
pub(super) fn tables(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let schema = super::show::in_schema(cursor)?.unwrap_or_else(|| context.session.current_schema());
    cursor.expect("COMPUTE STATISTICS")?;
    let noscan = cursor.take("NOSCAN");
    cursor.end()?;
    let tables = context.session.metastore().tables(&schema)?;
    let tables = tables.into_iter().filter(|info| info.kind != TableKind::View);
    tables.into_iter().try_for_each(|info| analyze(context, &info, noscan, &Columns::None))?;
    Ok(None)
}

/// The columns that are looked into.
enum Columns {
    None,
    These(Vec<String>),
    All,
}

fn columns(cursor: &mut Cursor<'_>) -> Result<Columns> {
    if cursor.take("FOR ALL COLUMNS") {
        return Ok(Columns::All);
    }
    if !cursor.take("FOR COLUMNS") {
        return Ok(Columns::None);
    }
    if cursor.is_at_end() {
        return Ok(Columns::All);
    }
    let mut names = vec![cursor.identifier("a column")?];
    while cursor.symbol(&sqlparser::tokenizer::Token::Comma) {
        names.push(cursor.identifier("a column")?);
    }
    Ok(Columns::These(names))
}

fn analyze(context: &Context<'_>, info: &TableInfo, noscan: bool, wanted: &Columns) -> Result<()> {
    let view = || {
        Error::invalid_argument(format!("`{}` is a view, of which nothing is stored that could be counted", info.name))
    };
    let files = context.session.files(info)?.ok_or_else(view)?;
    let bytes = files.files.iter().map(|file| file.size).sum();
    let parts = [info.name.schema.clone(), info.name.table.clone()];
    let mut statistics = Statistics { files: files.files.len(), bytes, rows: None, columns: BTreeMap::new() };
    if !noscan {
        let all = super::columns_of(context, &parts)?;
        let wanted = pick(&all, wanted)?;
        let counted = count(context, &parts, &wanted)?;
        statistics.rows = number(&counted, "rows");
        for (at, (name, field)) in wanted.iter().enumerate() {
            statistics.columns.insert(name.clone(), of_column(&counted, at, field));
        }
    }
    context.session.metastore().set_statistics(&info.name, &statistics)
}

fn pick(all: &[(String, FieldRef)], wanted: &Columns) -> Result<Vec<(String, FieldRef)>> {
    match wanted {
        Columns::None => Ok(Vec::new()),
        Columns::All => Ok(all.to_vec()),
        Columns::These(names) => {
            let pick = |name: &String| {
                let found = all.iter().find(|(column, _)| column.to_lowercase() == name.to_lowercase());
                let names = all.iter().map(|(column, _)| column);
                found.cloned().ok_or_else(|| Error::not_found_among(Object::Column, name, names))
            };
            names.iter().map(pick).collect()
        }
    }
}

/// One row with all that is counted.
fn count(context: &Context<'_>, table: &[String], columns: &[(String, FieldRef)]) -> Result<DataFrame> {
    let mut items = vec!["count(*) AS rows".to_owned()];
    for (at, (name, field)) in columns.iter().enumerate() {
        let column = join_name(&[name]);
        items.push(format!("count(*) - count({column}) AS nulls{at}"));
        if !field.data_type().is_nested() {
            items.push(format!("count(DISTINCT {column}) AS distinct{at}"));
        }
        if is_ordered(field.data_type()) {
            items.push(format!("CAST(min({column}) AS STRING) AS min{at}, CAST(max({column}) AS STRING) AS max{at}"));
        } else if is_text(field.data_type()) {
            items.push(format!("avg(length({column})) AS average{at}, max(length({column})) AS longest{at}"));
        }
    }
    let text = format!("SELECT {} FROM {}", items.join(", "), join_name(table));
    let script = Script::new(&text);
    let statements = script.statements()?;
    let statement = statements.first().ok_or_else(|| Error::internal("a query has no text"))?;
    query::run(context.core, context.session, statement).map_err(Error::without_span)
}

/// Whether Spark shows the bounds of a column.
fn is_ordered(dtype: &DataType) -> bool {
    !dtype.is_nested() && !is_text(dtype)
}

fn is_text(dtype: &DataType) -> bool {
    use DataType::{Binary, BinaryView, LargeBinary, LargeUtf8, Utf8, Utf8View};
    matches!(dtype, Utf8 | LargeUtf8 | Utf8View | Binary | LargeBinary | BinaryView)
}

fn of_column(counted: &DataFrame, at: usize, field: &FieldRef) -> ColumnStatistics {
    let width = field.data_type().primitive_width().map(|width| width as u64);
    let average = value(counted, &format!("average{at}")).and_then(|value| value.try_extract::<f64>().ok());
    ColumnStatistics {
        nulls: number(counted, &format!("nulls{at}")),
        distinct: number(counted, &format!("distinct{at}")),
        min: text(counted, &format!("min{at}")),
        max: text(counted, &format!("max{at}")),
        average_length: average.map(|average| average.ceil() as u64).or(width),
        longest: number(counted, &format!("longest{at}")).or(width),
    }
}

fn value<'f>(counted: &'f DataFrame, name: &str) -> Option<AnyValue<'f>> {
    counted.column(name).ok()?.get(0).ok().filter(|value| !value.is_null())
}

fn number(counted: &DataFrame, name: &str) -> Option<u64> {
    value(counted, name)?.try_extract().ok()
}

fn text(counted: &DataFrame, name: &str) -> Option<String> {
    value(counted, name).map(|value| value.str_value().into_owned())
}
