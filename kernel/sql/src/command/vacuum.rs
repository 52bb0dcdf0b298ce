//! `VACUUM`.

use std::fs;
use std::path::{Path, PathBuf};

use aerostat_error::{Error, Result};
use aerostat_session::write::Target;
use chrono::{TimeDelta, Utc};
use sqlparser::tokenizer::Token;

use super::cursor::Cursor;
use super::session::RETENTION;
use super::{Context, Rows, rows};

/// Files are kept for a week after the last version that needs them, as in Delta.
const DEFAULT_HOURS: f64 = 168.0;

/// `VACUUM name [FULL] [RETAIN n HOURS] [DRY RUN]`. A dry run answers with the files that would go, else with the
/// table's folder.
pub(super) fn run(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let parts = cursor.name("a table")?;
    cursor.take("FULL");
    let hours = if cursor.take("RETAIN") { hours(cursor, context)? } else { DEFAULT_HOURS };
    let dry = cursor.take("DRY RUN");
    cursor.end()?;
    let location = Target::of(&parts).snapshot(context.session)?.location;
    #[expect(clippy::cast_possible_truncation, reason = "it is cut to whole seconds, and saturates")]
    let kept = TimeDelta::try_seconds((hours * 3600.0) as i64);
    let cutoff = kept.and_then(|kept| Utc::now().checked_sub_signed(kept));
    let Some(cutoff) = cutoff else {
        return Err(Error::invalid_argument(format!("{hours} hours are more than there is history")));
    };
    let leftovers = context.session.metastore().leftovers(&location, cutoff)?;
    if dry {
        return rows::texts(["path"], leftovers.iter().map(|path| [path.display().to_string()]).collect());
    }
    remove(&location, &leftovers)?;
    rows::texts(["path"], vec![[location.display().to_string()]])
}

/// `n HOURS`, after `RETAIN`.
fn hours(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Result<f64> {
    let span = cursor.span();
    let number = match cursor.next().map(|token| &token.token) {
        Some(Token::Number(number, _)) => number.parse::<f64>().ok().filter(|hours| hours.is_finite()),
        _ => None,
    };
    let hours = number.ok_or_else(|| Error::syntax("expected a number of hours").with_span(span))?;
    cursor.expect("HOURS")?;
    if hours < DEFAULT_HOURS && context.session.settings().retention_check {
        let message = format!("files of the last {DEFAULT_HOURS} hours may be in use by readers and writers");
        return Err(Error::invalid_argument(message)
            .with_span(span)
            .with_hint(format!("if nobody uses the table: `SET {RETENTION} = false`")));
    }
    Ok(hours)
}

/// Removes the files, and the folders that are empty then.
fn remove(location: &Path, leftovers: &[PathBuf]) -> Result<()> {
    for path in leftovers {
        match fs::remove_file(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(Error::io(format!("removing `{}`", path.display()), &error));
            }
            _ => {}
        }
        let above = path.ancestors().skip(1).take_while(|folder| *folder != location && folder.starts_with(location));
        for folder in above.filter(|folder| !folder.ends_with("_delta_log")) {
            // It stays if something else is in it.
            if fs::remove_dir(folder).is_err() {
                break;
            }
        }
    }
    Ok(())
}
