//! `RESTORE`.

use aerostat_error::{Error, Result};
use aerostat_session::AsOf;
use aerostat_session::write::Target;
use aerostat_session::zone::Zone;
use sqlparser::tokenizer::Token;

use super::cursor::Cursor;
use super::{Context, Rows, rows};

/// `RESTORE [TABLE] name TO VERSION AS OF n` or `TO TIMESTAMP AS OF 'time'`.
pub(super) fn run(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    cursor.take("TABLE");
    let parts = cursor.name("a table")?;
    cursor.expect("TO")?;
    let as_of = as_of(cursor, Zone::of_setting(&context.session.settings().time_zone))?;
    cursor.end()?;
    let metastore = context.session.metastore();
    let location = Target::of(&parts).snapshot(context.session)?.location;
    let version = match as_of {
        AsOf::Version(version) => version,
        AsOf::Time(time) => metastore.version_at(&location, time)?,
    };
    let restored = metastore.restore(&location, version)?;
    rows::counts(&[
        ("table_size_after_restore", restored.table_size),
        ("num_of_files_after_restore", restored.num_files),
        ("num_removed_files", restored.num_removed),
        ("num_restored_files", restored.num_restored),
        ("removed_files_size", restored.removed_size),
        ("restored_files_size", restored.restored_size),
    ])
}

/// `VERSION AS OF n` or `TIMESTAMP AS OF 'time'`.
fn as_of(cursor: &mut Cursor<'_>, zone: Zone) -> Result<AsOf> {
    if cursor.take("TIMESTAMP AS OF") {
        let span = cursor.span();
        return AsOf::time(&cursor.string("a time")?, zone).map_err(|error| error.with_span(span));
    }
    cursor.expect("VERSION AS OF")?;
    let span = cursor.span();
    let number = match cursor.next().map(|token| &token.token) {
        Some(Token::Number(number, _)) => number.parse().ok(),
        _ => None,
    };
    number.map(AsOf::Version).ok_or_else(|| Error::syntax("expected the number of a version").with_span(span))
}
