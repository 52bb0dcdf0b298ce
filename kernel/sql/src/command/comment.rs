//! `COMMENT ON`.

use aerostat_error::Error;

use super::cursor::Cursor;
use super::{Context, Rows};

/// `COMMENT ON TABLE | VIEW | DATABASE name IS 'text' | NULL`.
pub(super) fn run(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let span = cursor.span();
    let on = cursor.take_any(&["TABLE", "VIEW", "DATABASE", "SCHEMA", "NAMESPACE", "COLUMN"]);
    let on = on.ok_or_else(|| cursor.expected("TABLE"))?;
    let parts = cursor.name("a table")?;
    cursor.expect("IS")?;
    let comment = if cursor.take("NULL") { None } else { Some(cursor.string("a comment")?) };
    cursor.end()?;
    if let ("DATABASE" | "SCHEMA" | "NAMESPACE", Some(schema)) = (on, parts.last()) {
        return context.session.metastore().set_schema_comment(schema, comment.as_deref()).map(|()| None);
    }
    if !matches!(on, "TABLE" | "VIEW") {
        return Err(Error::not_supported(format!("COMMENT ON {on} is not supported"))
            .with_span(span)
            .with_hint("say ALTER TABLE .. ALTER COLUMN .. COMMENT"));
    }
    let name = context.qualify(&parts)?;
    context.session.metastore().set_comment(&name, comment.as_deref())?;
    Ok(None)
}
