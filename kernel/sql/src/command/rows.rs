//! Frames made of the rows that a command answers with.

use aerostat_error::Result;
use aerostat_session::errors::from_polars;
use polars::prelude::{Column, DataFrame};

/// A frame with columns of texts.
pub(super) fn texts<const N: usize>(names: [&str; N], rows: Vec<[String; N]>) -> Result<Option<DataFrame>> {
    let columns = names.iter().enumerate().map(|(at, name)| {
        let values: Vec<&str> = rows.iter().map(|row| row[at].as_str()).collect();
        Column::new((*name).into(), values)
    });
    frame(columns.collect())
}

/// A frame with columns of texts, of which some may be null.
pub(super) fn optional<const N: usize>(names: [&str; N], rows: Vec<[Option<String>; N]>) -> Result<Option<DataFrame>> {
    let columns = names.iter().enumerate().map(|(at, name)| {
        let values: Vec<Option<&str>> = rows.iter().map(|row| row[at].as_deref()).collect();
        Column::new((*name).into(), values)
    });
    frame(columns.collect())
}

/// A row of numbers.
pub(super) fn counts(counts: &[(&str, u64)]) -> Result<Option<DataFrame>> {
    let column = |(name, count): &(&str, u64)| Column::new((*name).into(), [i64::try_from(*count).unwrap_or(i64::MAX)]);
    frame(counts.iter().map(column).collect())
}

/// The frame of these columns.
pub(super) fn frame(columns: Vec<Column>) -> Result<Option<DataFrame>> {
    DataFrame::new_infer_height(columns).map(Some).map_err(from_polars)
}

/// Whether a name fits a pattern of `SHOW ..  LIKE`: `*` is anything, `|` is or, and case does not count.
pub(super) fn fits(name: &str, pattern: Option<&str>) -> bool {
    let Some(pattern) = pattern else { return true };
    let name = name.to_lowercase();
    pattern.to_lowercase().split('|').any(|pattern| {
        let parts: Vec<&str> = pattern.trim().split(['*', '%']).collect();
        let [first, middle @ .., last] = parts.as_slice() else { return name == pattern.trim() };
        let Some(mut rest) = name.strip_prefix(first) else { return false };
        for part in middle {
            match rest.find(part) {
                Some(at) => rest = &rest[at + part.len()..],
                None => return false,
            }
        }
        rest.ends_with(last)
    })
}
