//! `SET`, `RESET`, `REFRESH`, `UNCACHE`.

use aerostat_error::{Error, Object};
use polars::prelude::IntoLazy;
use sqlparser::tokenizer::Token;

use super::cursor::Cursor;
use super::{Context, Rows, rows};

/// The settings that mean something to Spark users, and the one value that each has here.
const SETTINGS: &[(&str, &str)] = &[
    ("spark.sql.ansi.enabled", "false"),
    ("spark.sql.caseSensitive", "false"),
    ("spark.sql.catalogImplementation", "aerostat"),
    ("spark.sql.session.timeZone", "UTC"),
    ("spark.sql.sources.default", "delta"),
];

/// Settings of how work is spread over machines: there is one machine, so that any value is honoured.
const IRRELEVANT: &[&str] = &[
    "spark.sql.adaptive.",
    "spark.sql.autoBroadcastJoinThreshold",
    "spark.sql.shuffle.",
    "spark.sql.files.",
    "spark.executor.",
    "spark.driver.",
    "spark.default.parallelism",
    "spark.sql.execution.arrow.",
];

/// `SET`, `SET key`, `SET key = value`.
pub(super) fn set(cursor: &mut Cursor<'_>, _context: &Context<'_>) -> Rows {
    if cursor.is_at_end() || (cursor.symbol(&Token::Minus) && cursor.take("v")) {
        cursor.end()?;
        let all = SETTINGS.iter().map(|(key, value)| [(*key).to_owned(), (*value).to_owned()]).collect();
        return rows::texts(["key", "value"], all);
    }
    let span = cursor.span();
    let key = super::properties::key(cursor)?;
    let value = if cursor.symbol(&Token::Eq) { Some(rest(cursor)) } else { None };
    if value.is_none() {
        cursor.end()?;
    }
    let known = SETTINGS.iter().find(|(name, _)| name.eq_ignore_ascii_case(&key));
    let has = match (known, value) {
        (Some((_, fixed)), None) => (*fixed).to_owned(),
        (Some((_, fixed)), Some(value)) if value.eq_ignore_ascii_case(fixed) => value,
        (Some((name, fixed)), Some(value)) => {
            return Err(Error::not_supported(format!("`{name}` cannot be set to `{value}`"))
                .with_span(span)
                .with_hint(format!("it is always `{fixed}`")));
        }
        (None, value) if IRRELEVANT.iter().any(|prefix| key.starts_with(prefix)) => {
            value.unwrap_or_else(|| "<undefined>".to_owned())
        }
        (None, _) => {
            let names = SETTINGS.iter().map(|(name, _)| *name);
            return Err(Error::not_found_among(Object::Setting, &key, names).with_span(span));
        }
    };
    rows::texts(["key", "value"], vec![[key, has]])
}

/// The rest of the statement as it was typed, without quotes around it.
fn rest(cursor: &mut Cursor<'_>) -> String {
    let start = cursor.span();
    while cursor.next().is_some() {}
    let text = cursor.text_from(start).trim();
    let bare = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\''));
    bare.unwrap_or(text).to_owned()
}

/// `RESET [key]`: every setting has the value that it starts with.
pub(super) fn reset(cursor: &mut Cursor<'_>, _context: &Context<'_>) -> Rows {
    if !cursor.is_at_end() {
        super::properties::key(cursor)?;
    }
    cursor.end()?;
    Ok(None)
}

/// `REFRESH TABLE t`, `UNCACHE TABLE [IF EXISTS] t`: nothing is cached, so the table only has to be there.
pub(super) fn refresh(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let if_exists = cursor.take("IF EXISTS");
    let parts = cursor.name("a table")?;
    cursor.end()?;
    match context.session.resolve(&parts) {
        Err(error) if if_exists && super::is_missing(&error, Object::Table) => Ok(None),
        found => found.map(|_| None),
    }
}

/// `CACHE [LAZY] TABLE name [OPTIONS (..)] [AS query]`: what is read stays in the memory of the system anyway. With a
/// query, its rows are kept as a temporary view.
pub(super) fn cache(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let span = cursor.span();
    let parts = cursor.name("a table")?;
    if cursor.take("OPTIONS") {
        super::properties::pairs(cursor)?;
    }
    let is_view = cursor.take("AS") || cursor.comes("SELECT") || cursor.comes("WITH");
    if !is_view {
        cursor.end()?;
        return context.session.resolve(&parts).map(|_| None).map_err(|error| error.with_span(span));
    }
    let query = cursor.rest("a query")?;
    let [name] = parts.as_slice() else {
        return Err(Error::invalid_argument("a temporary view is in no database").with_span(span));
    };
    let frame = context.query(&query)?.lazy();
    context.session.create_or_replace_temp_view(&aerostat_session::join_name(&[name]), frame)?;
    Ok(None)
}

/// `CLEAR CACHE`: nothing is cached.
pub(super) fn uncache_all(cursor: &mut Cursor<'_>, _context: &Context<'_>) -> Rows {
    cursor.end()?;
    Ok(None)
}
