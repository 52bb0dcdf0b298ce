//! `INSERT OVERWRITE DIRECTORY`, `LOAD DATA`.

use std::collections::BTreeMap;

use aerostat_error::Error;
use aerostat_metastore::{Format, TableKind};
use aerostat_session::{local_path, logless};

use super::cursor::Cursor;
use super::properties::pairs;
use super::storage::Storage;
use super::{Context, Rows, partition};

/// `'path' [USING format [OPTIONS (..)] | ROW FORMAT .. STORED AS ..] query`.
pub(super) fn insert(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let span = cursor.span();
    let mut path = match cursor.comes("USING") {
        true => None,
        false => Some(cursor.string("a path")?),
    };
    let mut storage = Storage::text();
    let mut options = BTreeMap::new();
    loop {
        if cursor.take("OPTIONS") {
            options.extend(pairs(cursor)?);
        } else if !storage.clause(cursor)? {
            break;
        }
    }
    let query = cursor.rest("a query")?;
    let (format, mut options) = storage.finish(options)?;
    path = options.remove("path").or(path);
    let path = path.ok_or_else(|| Error::invalid_argument("a path is missing").with_span(span))?;
    let mut rows = context.gather(&query)?;
    let writer = context.session.write(rows.frame()?).mode("overwrite").format(format.name());
    options.iter().fold(writer, |writer, (name, value)| writer.option(name, value)).save(&path)?;
    Ok(None)
}

/// `[LOCAL] INPATH 'path' [OVERWRITE] INTO TABLE name [PARTITION (..)]`.
pub(super) fn load(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    // What is on another machine in Hive is moved; what is on this one is copied.
    let copies = cursor.take("LOCAL");
    cursor.expect("INPATH")?;
    let path = local_path(&cursor.string("a path")?)?;
    let overwrites = cursor.take("OVERWRITE");
    cursor.expect("INTO TABLE")?;
    let span = cursor.span();
    let name = context.qualify(&cursor.name("a table")?)?;
    let given = if cursor.take("PARTITION") { cursor.list(partition::value)? } else { Vec::new() };
    cursor.end()?;
    let info = context.session.metastore().table(&name).map_err(|error| error.with_span(span))?;
    let refused = |what: &str| Error::not_supported(format!("LOAD DATA into {what} is not supported")).with_span(span);
    match (info.kind, info.format) {
        (TableKind::View, _) => return Err(refused(&format!("the view `{name}`"))),
        (_, Format::Delta) => {
            let hint = "insert the rows of the files: `INSERT INTO t SELECT * FROM parquet.`/path``";
            return Err(refused(&format!("the Delta table `{name}`")).with_hint(hint));
        }
        _ => {}
    }
    let values = match given.is_empty() && logless::is_unpartitioned(&info) {
        true => BTreeMap::new(),
        false => logless::partition_values(&info, &given, true)?,
    };
    logless::load(context.session, &info, &path, &logless::Load { values, copies, overwrites }).map(|()| None)
}
