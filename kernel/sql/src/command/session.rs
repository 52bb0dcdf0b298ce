//! `SET`, `SET TIME ZONE`, `RESET`, `REFRESH`, `UNCACHE`.

use aerostat_error::{Error, Object, Result};
use aerostat_session::Settings;
use aerostat_session::zone::Zone;
use polars::prelude::IntoLazy;
use sqlparser::tokenizer::Token;

use super::cursor::Cursor;
use super::{Context, Rows, rows};

/// A setting of the session: its name, its value, and how it takes another.
type Setting = (&'static str, fn(&Settings) -> String, Change);
/// Changes a setting; none if it always has the value that it has.
type Change = Option<fn(&mut Settings, &str) -> Result<()>>;

const ANSI: &str = "spark.sql.ansi.enabled";
const TIME_ZONE: &str = "spark.sql.session.timeZone";
const OVERWRITE: &str = "spark.sql.sources.partitionOverwriteMode";
/// The setting that keeps `VACUUM` from removing what may be in use.
pub(super) const RETENTION: &str = "spark.databricks.delta.retentionDurationCheck.enabled";

/// The settings that mean something to Spark users.
const SETTINGS: &[Setting] = &[
    // Partitions are dynamic wherever Hive would ask for leave.
    ("hive.exec.dynamic.partition", |_| "true".to_owned(), None),
    ("hive.exec.dynamic.partition.mode", |_| "nonstrict".to_owned(), None),
    (RETENTION, |settings| settings.retention_check.to_string(), Some(set_retention)),
    (ANSI, |settings| settings.ansi.to_string(), Some(set_ansi)),
    ("spark.sql.caseSensitive", |_| "false".to_owned(), None),
    ("spark.sql.catalogImplementation", |_| "aerostat".to_owned(), None),
    (TIME_ZONE, |settings| settings.time_zone.clone(), Some(set_time_zone)),
    ("spark.sql.sources.default", |_| "delta".to_owned(), None),
    (OVERWRITE, |settings| overwrite_mode(settings).to_owned(), Some(set_overwrite_mode)),
];

fn set_ansi(settings: &mut Settings, value: &str) -> Result<()> {
    settings.ansi = value.to_lowercase().parse().map_err(|_| {
        Error::invalid_argument(format!("`{ANSI}` cannot be `{value}`")).with_hint("it is `true` or `false`")
    })?;
    Ok(())
}

fn set_retention(settings: &mut Settings, value: &str) -> Result<()> {
    settings.retention_check = value.to_lowercase().parse().map_err(|_| {
        Error::invalid_argument(format!("`{RETENTION}` cannot be `{value}`")).with_hint("it is `true` or `false`")
    })?;
    Ok(())
}

fn set_time_zone(settings: &mut Settings, value: &str) -> Result<()> {
    settings.time_zone = Zone::parse(value)?.to_string();
    Ok(())
}

fn overwrite_mode(settings: &Settings) -> &'static str {
    if settings.dynamic_partition_overwrite { "DYNAMIC" } else { "STATIC" }
}

fn set_overwrite_mode(settings: &mut Settings, value: &str) -> Result<()> {
    settings.dynamic_partition_overwrite = match value.to_lowercase().as_str() {
        "dynamic" => true,
        "static" => false,
        _ => {
            return Err(Error::invalid_argument(format!("`{OVERWRITE}` cannot be `{value}`"))
                .with_hint("it is `static` or `dynamic`"));
        }
    };
    Ok(())
}

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
pub(super) fn set(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let settings = context.session.settings();
    if cursor.is_at_end() || (cursor.symbol(&Token::Minus) && cursor.take("v")) {
        cursor.end()?;
        let all = SETTINGS.iter().map(|(key, value, _)| [(*key).to_owned(), value(&settings)]).collect();
        return rows::texts(["key", "value"], all);
    }
    let span = cursor.span();
    let key = super::properties::key(cursor)?;
    let value = if cursor.symbol(&Token::Eq) { Some(rest(cursor)) } else { None };
    if value.is_none() {
        cursor.end()?;
    }
    let has = match SETTINGS.iter().find(|(name, ..)| name.eq_ignore_ascii_case(&key)) {
        Some(setting) => assigned(setting, value, context).map_err(|error| error.with_span(span))?,
        None if IRRELEVANT.iter().any(|prefix| key.starts_with(prefix)) => {
            value.unwrap_or_else(|| "<undefined>".to_owned())
        }
        None => {
            let names = SETTINGS.iter().map(|(name, ..)| *name);
            return Err(Error::not_found_among(Object::Setting, &key, names).with_span(span));
        }
    };
    rows::texts(["key", "value"], vec![[key, has]])
}

/// Gives a setting the value, if there is one; the value that it has then.
fn assigned((name, read, change): &Setting, value: Option<String>, context: &Context<'_>) -> Result<String> {
    let mut settings = context.session.settings();
    let before = read(&settings);
    match (value, change) {
        (None, _) => Ok(before),
        (Some(value), Some(change)) => {
            change(&mut settings, &value)?;
            let after = read(&settings);
            context.session.set_settings(settings);
            Ok(after)
        }
        (Some(value), None) if value.eq_ignore_ascii_case(&before) => Ok(value),
        (Some(value), None) => Err(Error::not_supported(format!("`{name}` cannot be set to `{value}`"))
            .with_hint(format!("it is always `{before}`"))),
    }
}

/// `SET TIME ZONE LOCAL`, `SET TIME ZONE 'Europe/Berlin'`, `SET TIME ZONE INTERVAL '1' HOUR`.
pub(super) fn set_zone(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let span = cursor.span();
    let zone = if cursor.take("LOCAL") {
        Settings::default().time_zone
    } else if cursor.take("INTERVAL") {
        interval_zone(cursor)?
    } else {
        cursor.string("a time zone")?
    };
    cursor.end()?;
    let mut settings = context.session.settings();
    set_time_zone(&mut settings, &zone).map_err(|error| error.with_span(span))?;
    let zone = settings.time_zone.clone();
    context.session.set_settings(settings);
    rows::texts(["key", "value"], vec![[TIME_ZONE.to_owned(), zone]])
}

/// The zone so far from UTC: `'1' HOUR`, `10 HOURS`, `'05:30' HOUR TO MINUTE`.
fn interval_zone(cursor: &mut Cursor<'_>) -> Result<String> {
    let minus = cursor.symbol(&Token::Minus);
    let typed = match cursor.peek().map(|token| token.token.clone()) {
        Some(Token::Number(digits, _)) => {
            cursor.next();
            digits
        }
        _ => cursor.string("a number of hours")?,
    };
    if cursor.take_any(&["HOUR TO MINUTE", "HOUR TO SECOND", "HOURS", "HOUR"]).is_none() {
        return Err(cursor.expected("HOUR"));
    }
    let (negative, digits) = typed.strip_prefix('-').map_or((minus, typed.as_str()), |digits| (true, digits));
    let (hours, minutes) = digits.split_once(':').unwrap_or((digits, "00"));
    Ok(format!("{}{hours:0>2}:{}", if negative { '-' } else { '+' }, minutes.get(..2).unwrap_or("00")))
}

/// The rest of the statement as it was typed, without quotes around it.
fn rest(cursor: &mut Cursor<'_>) -> String {
    let start = cursor.span();
    while cursor.next().is_some() {}
    let text = cursor.text_from(start).trim();
    let bare = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\''));
    bare.unwrap_or(text).to_owned()
}

/// `RESET [key]`: the settings, or one of them, as they were at the start.
pub(super) fn reset(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let key = if cursor.is_at_end() { None } else { Some(super::properties::key(cursor)?) };
    cursor.end()?;
    let mut settings = context.session.settings();
    for (name, read, change) in SETTINGS {
        let wanted = key.as_ref().is_none_or(|key| name.eq_ignore_ascii_case(key));
        if let (true, Some(change)) = (wanted, change) {
            change(&mut settings, &read(&Settings::default()))?;
        }
    }
    context.session.set_settings(settings);
    Ok(None)
}

/// `REFRESH TABLE t`, `UNCACHE TABLE [IF EXISTS] t`: what is cached is never out of date, so the table only has to be
/// there.
pub(super) fn refresh(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    let if_exists = cursor.take("IF EXISTS");
    let parts = cursor.name("a table")?;
    cursor.end()?;
    match context.session.resolve(&parts) {
        Err(error) if if_exists && super::is_missing(&error, Object::Table) => Ok(None),
        found => found.map(|_| None),
    }
}

/// `CACHE [LAZY] TABLE name [OPTIONS (..)] [AS query]`: what queries come back to is cached anyway. With a query, its
/// rows are kept as a temporary view.
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

/// `CLEAR CACHE`: forgets the columns that are cached.
pub(super) fn uncache_all(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    cursor.end()?;
    context.core.columns.clear();
    Ok(None)
}
