//! `DELETE`.

use aerostat_session::write;

use super::cursor::Cursor;
use super::target::{condition, target};
use super::{Context, Rows, rows};

/// `DELETE FROM name [[AS] alias] [WHERE condition]`.
pub(super) fn run(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let target = target(cursor)?;
    let condition = condition(cursor, &[])?;
    cursor.end()?;
    let deleted = write::delete(context.session, &target, condition.as_ref())?;
    rows::counts(&[("num_affected_rows", deleted)])
}
