//! `UPDATE`.

use aerostat_session::write;

use super::cursor::Cursor;
use super::target::{assignments, condition, target};
use super::{Context, Rows, rows};

/// `UPDATE name [[AS] alias] SET column = value, .. [WHERE condition]`.
pub(super) fn run(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let target = target(cursor)?;
    cursor.expect("SET")?;
    let assignments = assignments(cursor, &["WHERE"])?;
    let condition = condition(cursor, &[])?;
    cursor.end()?;
    let updated = write::update(context.session, &target, &assignments, condition.as_ref())?;
    rows::counts(&[("num_affected_rows", updated)])
}
