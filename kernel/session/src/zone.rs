//! Time zones: between instants, which are kept in UTC, and the wall clock of a zone.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use aerostat_error::{Error, Result};
use chrono::offset::LocalResult;
use chrono::{DateTime, FixedOffset, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::{OffsetName, Tz};

/// A zone by its name, or so many hours and minutes from UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zone {
    /// `Europe/Berlin`.
    Named(Tz),
    /// `+02:00`.
    Fixed(FixedOffset),
}

/// UTC, in which an instant and its wall clock are the same number.
pub const UTC: Zone = Zone::Named(Tz::UTC);

impl Zone {
    /// The zone that a text names as Java does: `Europe/Berlin`, `UTC`, `Z`, `+2`, `GMT+02:00`, `PST`.
    pub fn parse(text: &str) -> Result<Self> {
        let name = text.trim();
        let unknown = || {
            Error::invalid_argument(format!("time zone `{text}` does not exist"))
                .with_hint("name one as `Europe/Berlin`, or so far from UTC: `+02:00`")
        };
        if ["Z", "UTC", "GMT", "UT"].iter().any(|utc| name.eq_ignore_ascii_case(utc)) {
            return Ok(UTC);
        }
        let offset = ["UTC", "GMT", "UT"].iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name);
        if offset.starts_with(['+', '-']) {
            return parse_offset(offset).map(Self::Fixed).ok_or_else(unknown);
        }
        let full = SHORT.iter().find(|(short, _)| name.eq_ignore_ascii_case(short)).map_or(name, |(_, full)| *full);
        full.parse().map(Self::Named).map_err(|_| unknown())
    }

    /// The zone of a setting, which has been parsed before: the last one is at hand, as it is asked for with every batch.
    pub fn of_setting(name: &str) -> Self {
        static LAST: Mutex<Option<(String, Zone)>> = Mutex::new(None);
        if name == "UTC" {
            return UTC;
        }
        let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
        match last.as_ref() {
            Some((known, zone)) if known == name => *zone,
            _ => {
                let zone = Zone::parse(name).unwrap_or(UTC);
                *last = Some((name.to_owned(), zone));
                zone
            }
        }
    }

    /// Whether an instant and its wall clock are the same number.
    pub fn is_utc(self) -> bool {
        self == UTC
    }

    /// The wall clock at an instant, both in microseconds.
    pub fn local(self, micros: i64) -> Option<i64> {
        if self.is_utc() {
            return Some(micros);
        }
        let instant = DateTime::<Utc>::from_timestamp_micros(micros)?.naive_utc();
        micros.checked_add(i64::from(self.offset_at(instant).local_minus_utc()) * 1_000_000)
    }

    /// The instant at which the wall clock shows a time: of two, the first; of none, as if the clock had not been set
    /// forward yet.
    pub fn instant(self, local: i64) -> Option<i64> {
        if self.is_utc() {
            return Some(local);
        }
        let clock = DateTime::<Utc>::from_timestamp_micros(local)?.naive_utc();
        let found = match self {
            Self::Named(zone) => zone.offset_from_local_datetime(&clock).map(|offset| offset.fix()),
            Self::Fixed(offset) => LocalResult::Single(offset),
        };
        let offset = match found {
            LocalResult::Single(offset) | LocalResult::Ambiguous(offset, _) => offset,
            LocalResult::None => self.offset_at(clock.checked_sub_signed(TimeDelta::days(1))?),
        };
        local.checked_sub(i64::from(offset.local_minus_utc()) * 1_000_000)
    }

    /// The offset at an instant.
    pub fn offset_at(self, instant: NaiveDateTime) -> FixedOffset {
        match self {
            Self::Named(zone) => zone.offset_from_utc_datetime(&instant).fix(),
            Self::Fixed(offset) => offset,
        }
    }

    /// What the zone is called at an instant: `PDT`.
    pub fn abbreviation(self, instant: NaiveDateTime) -> String {
        match self {
            Self::Named(zone) => {
                let offset = zone.offset_from_utc_datetime(&instant);
                offset.abbreviation().map_or_else(|| offset.fix().to_string(), str::to_owned)
            }
            Self::Fixed(offset) => format!("GMT{offset}"),
        }
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(zone) => f.write_str(zone.name()),
            Self::Fixed(offset) => offset.fmt(f),
        }
    }
}

/// `+2`, `-03:30`, `+0530`, `+01:00:00`.
fn parse_offset(text: &str) -> Option<FixedOffset> {
    let (sign, digits) = text.split_at_checked(1)?;
    let parts: Vec<&str> = match digits.len() {
        4 if !digits.contains(':') => vec![digits.get(..2)?, digits.get(2..)?],
        _ => digits.split(':').collect(),
    };
    let number = |at: usize| parts.get(at).map_or(Some(0), |part| part.parse::<i32>().ok().filter(|n| *n < 60));
    let seconds = number(0).filter(|hours| *hours <= 18)? * 3600 + number(1)? * 60 + number(2)?;
    FixedOffset::east_opt(if sign == "-" { -seconds } else { seconds })
}

/// Java's short names.
const SHORT: &[(&str, &str)] = &[
    ("ACT", "Australia/Darwin"),
    ("AET", "Australia/Sydney"),
    ("AST", "America/Anchorage"),
    ("BST", "Asia/Dhaka"),
    ("CST", "America/Chicago"),
    ("CTT", "Asia/Shanghai"),
    ("ECT", "Europe/Paris"),
    ("EST", "America/Panama"),
    ("IST", "Asia/Kolkata"),
    ("JST", "Asia/Tokyo"),
    ("MST", "America/Phoenix"),
    ("NET", "Asia/Yerevan"),
    ("NST", "Pacific/Auckland"),
    ("PST", "America/Los_Angeles"),
    ("VST", "Asia/Ho_Chi_Minh"),
];
