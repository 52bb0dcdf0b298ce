//! Partitions of tables without a log: `ALTER TABLE .. PARTITION`, `MSCK REPAIR TABLE`, `SHOW PARTITIONS`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use aerostat_error::{Error, Object, Result};
use aerostat_metastore::{Format, Partition, TableInfo, TableKind};
use aerostat_session::logless::{self, Replaced};
use aerostat_session::{arrow as bridge, local_path};
use polars::prelude::{DataFrame, IntoLazy};
use sqlparser::tokenizer::Token;

use super::cursor::Cursor;
use super::{Context, Rows, rows};
use crate::table::partition_name;

/// A value of each partition column, by name; `None` is null.
type Values = BTreeMap<String, Option<String>>;

/// `column = value`.
pub(super) fn value(cursor: &mut Cursor<'_>) -> Result<(String, Option<String>)> {
    let (column, value) = item(cursor)?;
    let value = value.ok_or_else(|| cursor.expected("= and a value"))?;
    Ok((column, value))
}

/// `column [= value]`: without a value, the rows say it.
pub(super) fn item(cursor: &mut Cursor<'_>) -> Result<(String, Option<Option<String>>)> {
    let column = cursor.identifier("a column")?;
    if !cursor.symbol(&Token::Eq) {
        return Ok((column, None));
    }
    let span = cursor.span();
    // `DATE '2024-01-01'` is the text of it.
    cursor.take_any(&["DATE", "TIMESTAMP"]);
    let negative = cursor.symbol(&Token::Minus);
    let value = match cursor.next().map(|token| &token.token) {
        Some(Token::SingleQuotedString(text) | Token::DoubleQuotedString(text)) if !negative => Some(text.clone()),
        Some(Token::Number(number, _)) if negative => Some(format!("-{number}")),
        Some(Token::Number(number, _)) => Some(number.clone()),
        Some(Token::Word(word)) if !negative && word.value.eq_ignore_ascii_case("null") => None,
        Some(Token::Word(word))
            if !negative && ["true", "false"].iter().any(|b| word.value.eq_ignore_ascii_case(b)) =>
        {
            Some(word.value.to_lowercase())
        }
        _ => return Err(cursor.expected("a value").with_span(span)),
    };
    Ok((column, Some(value)))
}

/// `ADD [IF NOT EXISTS] PARTITION (..) [LOCATION ..] ..`, if it comes.
pub(super) fn alter(cursor: &mut Cursor<'_>, context: &Context<'_>, parts: &[String]) -> Result<Option<Rows>> {
    let rows = if cursor.take("ADD IF NOT EXISTS PARTITION") {
        add(cursor, &table(context, parts, "ADD PARTITION")?, context, true)
    } else if cursor.take("ADD PARTITION") {
        add(cursor, &table(context, parts, "ADD PARTITION")?, context, false)
    } else if cursor.take("DROP IF EXISTS PARTITION") {
        drop(cursor, &table(context, parts, "DROP PARTITION")?, context, true)
    } else if cursor.take("DROP PARTITION") {
        drop(cursor, &table(context, parts, "DROP PARTITION")?, context, false)
    } else if cursor.take("RECOVER PARTITIONS") {
        cursor.end()?;
        recover(context, &table(context, parts, "RECOVER PARTITIONS")?, true, false)
    } else if cursor.take("PARTITION") {
        change(cursor, &table(context, parts, "PARTITION")?, context)
    } else {
        return Ok(None);
    };
    Ok(Some(rows))
}

/// The table, if its partitions are added and not found in a log.
fn table(context: &Context<'_>, parts: &[String], change: &str) -> Result<TableInfo> {
    let info = context.session.metastore().table(&context.qualify(parts)?)?;
    match (info.kind, info.format) {
        (TableKind::View, _) => {
            Err(Error::invalid_argument(format!("`{}` is a view and has no partitions", info.name)))
        }
        (_, Format::Delta) => {
            Err(Error::not_supported(format!("{change} of the Delta table `{}` is not supported", info.name))
                .with_hint("the log of a Delta table knows its partitions: insert and delete rows"))
        }
        _ if info.columns.as_ref().is_none_or(|columns| columns.partition_columns.is_empty()) => {
            Err(Error::invalid_argument(format!("`{}` is not partitioned", info.name)))
        }
        _ => Ok(info),
    }
}

fn add(cursor: &mut Cursor<'_>, info: &TableInfo, context: &Context<'_>, if_not_exists: bool) -> Rows {
    let mut partitions = Vec::new();
    loop {
        let values = logless::partition_values(info, &cursor.list(value)?, true)?;
        let location = match cursor.take("LOCATION") {
            true => std::path::absolute(local_path(&cursor.string("a path")?)?)
                .map_err(|error| Error::io("resolving a path", &error))?,
            false => logless::folder(info, &values)?,
        };
        partitions.push(Partition { values, location });
        if !cursor.take("PARTITION") {
            break;
        }
    }
    cursor.end()?;
    context.session.metastore().add_partitions(&info.name, &partitions, if_not_exists).map(|()| None)
}

fn drop(cursor: &mut Cursor<'_>, info: &TableInfo, context: &Context<'_>, if_exists: bool) -> Rows {
    let known = context.session.metastore().partitions(&info.name)?;
    let mut dropped: BTreeSet<Values> = BTreeSet::new();
    loop {
        let given = logless::partition_values(info, &cursor.list(value)?, false)?;
        let before = dropped.len();
        dropped.extend(known.iter().map(|partition| &partition.values).filter(|values| fits(values, &given)).cloned());
        if dropped.len() == before && !if_exists {
            return Err(Error::not_found(Object::Partition, shown(&given)));
        }
        if !cursor.symbol(&Token::Comma) {
            break;
        }
        cursor.expect("PARTITION")?;
    }
    cursor.take("PURGE");
    cursor.end()?;
    let dropped: Vec<Values> = dropped.into_iter().collect();
    let folders = context.session.metastore().drop_partitions(&info.name, &dropped, true)?;
    if info.kind == TableKind::Managed {
        folders.iter().try_for_each(remove)?;
    }
    Ok(None)
}

/// Whether a partition has the values that are given.
fn fits(values: &Values, given: &Values) -> bool {
    given.iter().all(|(column, value)| values.get(column) == Some(value))
}

fn shown(values: &Values) -> String {
    let pairs = values.iter().map(|(column, value)| format!("{column}={}", value.as_deref().unwrap_or("null")));
    pairs.collect::<Vec<_>>().join("/")
}

fn remove(folder: &PathBuf) -> Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::io(format!("removing `{}`", folder.display()), &error))
        }
        _ => Ok(()),
    }
}

/// `(..) RENAME TO PARTITION (..)` or `(..) SET LOCATION ..`.
fn change(cursor: &mut Cursor<'_>, info: &TableInfo, context: &Context<'_>) -> Rows {
    let from = logless::partition_values(info, &cursor.list(value)?, true)?;
    let known = context.session.metastore().partitions(&info.name)?;
    let partition = known.into_iter().find(|partition| partition.values == from);
    let partition = partition.ok_or_else(|| Error::not_found(Object::Partition, shown(&from)))?;
    let to = if cursor.take("SET LOCATION") {
        let location = std::path::absolute(local_path(&cursor.string("a path")?)?)
            .map_err(|error| Error::io("resolving a path", &error))?;
        cursor.end()?;
        Partition { values: from.clone(), location }
    } else {
        cursor.expect("RENAME TO PARTITION")?;
        let values = logless::partition_values(info, &cursor.list(value)?, true)?;
        cursor.end()?;
        renamed(info, &partition, values)?
    };
    context.session.metastore().rename_partition(&info.name, &from, &to)?;
    if info.kind == TableKind::Managed && to.location != partition.location && partition.location.is_dir() {
        let moved = to.location.parent().map_or(Ok(()), std::fs::create_dir_all);
        moved.and_then(|()| std::fs::rename(&partition.location, &to.location)).map_err(|error| {
            // The files are where they were, and so is the partition.
            let _ = context.session.metastore().rename_partition(&info.name, &to.values, &partition);
            Error::io(format!("moving `{}`", partition.location.display()), &error)
        })?;
    }
    Ok(None)
}

/// The partition under other values. The folder of a managed table goes with it; others are somebody else's.
fn renamed(info: &TableInfo, partition: &Partition, values: Values) -> Result<Partition> {
    let location = match info.kind {
        TableKind::Managed => logless::folder(info, &values)?,
        _ => partition.location.clone(),
    };
    Ok(Partition { values, location })
}

/// `MSCK REPAIR TABLE name [ADD | DROP | SYNC PARTITIONS]`.
pub(super) fn repair(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let parts = cursor.name("a table")?;
    let what = cursor.take_any(&["ADD PARTITIONS", "DROP PARTITIONS", "SYNC PARTITIONS"]);
    cursor.end()?;
    let info = table(context, &parts, "REPAIR TABLE")?;
    recover(context, &info, what != Some("DROP PARTITIONS"), what.is_some_and(|what| what != "ADD PARTITIONS"))
}

/// Adds the partitions that there are folders for, and drops those that there are none for.
fn recover(context: &Context<'_>, info: &TableInfo, adds: bool, drops: bool) -> Rows {
    let metastore = context.session.metastore();
    if adds {
        metastore.add_partitions(&info.name, &logless::recovered(info)?, true)?;
    }
    if drops {
        let known = metastore.partitions(&info.name)?;
        let gone = known.into_iter().filter(|partition| !partition.location.is_dir());
        let gone: Vec<Values> = gone.map(|partition| partition.values).collect();
        metastore.drop_partitions(&info.name, &gone, true)?;
    }
    Ok(None)
}

/// `SHOW PARTITIONS table [PARTITION (..)]`.
pub(super) fn show(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let parts = cursor.name("a table")?;
    let given = if cursor.take("PARTITION") { cursor.list(value)? } else { Vec::new() };
    cursor.end()?;
    let info = context.session.metastore().table(&context.qualify(&parts)?)?;
    let unpartitioned = || Error::invalid_argument(format!("`{}` is not partitioned", info.name));
    let all: BTreeSet<String> = match info.format {
        _ if info.kind == TableKind::View => return Err(unpartitioned()),
        Format::Delta => {
            let files = context.session.files(&info)?.ok_or_else(unpartitioned)?;
            if files.partition_columns.is_empty() {
                return Err(unpartitioned());
            }
            let given: Values = given.into_iter().collect();
            let files_of = files.files.iter().filter(|file| fits(&file.partition_values, &given));
            files_of.map(|file| partition_name(&files.partition_columns, file)).collect()
        }
        _ => {
            let given = match given.is_empty() {
                true => Values::new(),
                false => logless::partition_values(&info, &given, false)?,
            };
            let info = table(context, &parts, "SHOW PARTITIONS")?;
            let known = context.session.metastore().partitions(&info.name)?;
            let known = known.into_iter().filter(|partition| fits(&partition.values, &given));
            known.map(|partition| logless::partition_name(&info, &partition.values)).collect::<Result<_>>()?
        }
    };
    rows::texts(["partition"], all.into_iter().map(|partition| [partition]).collect())
}

/// Takes all rows out of the partitions with these values, which stay.
pub(super) fn empty(context: &Context<'_>, info: &TableInfo, given: &Values) -> Rows {
    let known = context.session.metastore().partitions(&info.name)?;
    let schema = info.columns.as_ref().map(|columns| bridge::from_schema(&columns.schema)).transpose()?;
    let none = DataFrame::empty_with_schema(&schema.unwrap_or_default());
    for partition in known.into_iter().filter(|partition| fits(&partition.values, given)) {
        logless::insert(context.session, info, none.clone().lazy(), &Replaced::Partitions(partition.values))?;
    }
    Ok(None)
}
