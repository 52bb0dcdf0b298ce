//! Tables as they were: `t@v3` is version 3 of `t`, and `t@20240131120000000` what it was at that time, told by the
//! clocks of the session's zone.

use aerostat_error::{Error, Result};
use aerostat_metastore::{Format, Snapshot, TableInfo, TableName};
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

use crate::zone::Zone;
use crate::{Relation, Session};

/// How Delta writes a time behind `@`; what is missing at its end is zero.
const FORMAT: &str = "%Y%m%d%H%M%S%3f";
const FORMAT_LENGTH: usize = 17;

/// Which version of a table is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsOf {
    /// This one.
    Version(i64),
    /// The one that was the newest at this time.
    Time(DateTime<Utc>),
}

impl AsOf {
    /// The time that Spark's users write: a date, or a date and a time of day, in `zone` unless it says another.
    pub fn time(text: &str, zone: Zone) -> Result<Self> {
        let text = text.trim();
        let local = |format: &str| NaiveDateTime::parse_from_str(text, format).ok();
        let day = || NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0);
        let formats = ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"];
        let zoned = DateTime::parse_from_rfc3339(text).ok().map(|time| time.to_utc());
        let clock = || formats.iter().find_map(|format| local(format)).or_else(day);
        zoned.or_else(|| instant(clock()?, zone)).map(Self::Time).ok_or_else(|| {
            Error::invalid_argument(format!("`{text}` is not a time"))
                .with_hint("write it like '2024-01-31' or '2024-01-31 12:00:00'")
        })
    }

    /// The last part of a name, after `@`: `v3`, digits as Delta has them, or a time as [`AsOf::time`] reads it.
    fn suffix(text: &str, zone: Zone) -> Option<Self> {
        if let Some(version) = text.strip_prefix(['v', 'V']) {
            return version.parse().ok().map(Self::Version);
        }
        let digits = text.len() >= 8 && text.len() <= FORMAT_LENGTH && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits {
            return Self::time(text, zone).ok();
        }
        let padded = format!("{text:0<FORMAT_LENGTH$}");
        instant(NaiveDateTime::parse_from_str(&padded, FORMAT).ok()?, zone).map(Self::Time)
    }
}

/// The instant at which the clocks of a zone show this.
fn instant(clock: NaiveDateTime, zone: Zone) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_micros(zone.instant(clock.and_utc().timestamp_micros())?)
}

/// The version of a table that a name with `@` stands for, if there is such a table.
pub(crate) fn version(session: &Session, name: &TableName) -> Result<Option<Relation>> {
    let Some((table, suffix)) = name.table.rsplit_once('@') else { return Ok(None) };
    let zone = Zone::of_setting(&session.settings().time_zone);
    let Some(as_of) = AsOf::suffix(suffix, zone) else { return Ok(None) };
    let plain = TableName::new(name.schema.clone(), table);
    let Some(info) = session.metastore().find_table(&plain)? else { return Ok(None) };
    let snapshot = snapshot(session, &info, as_of)?;
    Ok(Some(Relation::Version(info, snapshot)))
}

/// The contents of a table at a version.
pub(crate) fn snapshot(session: &Session, info: &TableInfo, as_of: AsOf) -> Result<Snapshot> {
    let (Some(location), Format::Delta) = (&info.location, info.format) else {
        return Err(Error::not_supported(format!("`{}` has no earlier versions", info.name))
            .with_hint("Delta tables keep them; views and files do not"));
    };
    let version = match as_of {
        AsOf::Version(version) => version,
        AsOf::Time(time) => session.metastore().version_at(location, time)?,
    };
    session.metastore().snapshot(location, Some(version))
}
