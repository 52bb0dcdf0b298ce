//! Columns of strings as columns of the types that were asked for.

use polars::prelude::{DataType, Expr, PlSmallStr, StrptimeOptions, col, lit};

/// The notation of dates and timestamps; ISO 8601 where it is not given.
pub(super) struct Formats<'a> {
    pub(super) date: Option<&'a str>,
    pub(super) timestamp: Option<&'a str>,
}

/// Converts the given columns; what does not fit is an error if `strict`, else null.
pub(super) fn from_strings<'s>(
    columns: impl Iterator<Item = (&'s PlSmallStr, &'s DataType)>,
    formats: &Formats<'_>,
    strict: bool,
) -> Vec<Expr> {
    columns.map(|(name, dtype)| from_string(col(name.clone()), dtype, formats, strict)).collect()
}

fn from_string(text: Expr, dtype: &DataType, formats: &Formats<'_>, strict: bool) -> Expr {
    let options = |format: Option<&str>| StrptimeOptions {
        format: format.map(PlSmallStr::from_str),
        strict,
        exact: true,
        cache: true,
    };
    match dtype {
        DataType::Date => text.str().to_date(options(formats.date)),
        DataType::Datetime(unit, None) => {
            text.str().to_datetime(Some(*unit), None, options(formats.timestamp), lit("raise"))
        }
        // Text with a zone is an instant; text without one is taken as UTC, the only zone that sessions know of.
        DataType::Datetime(unit, zone) => {
            text.str().to_datetime(Some(*unit), zone.clone(), options(formats.timestamp), lit("raise"))
        }
        other if strict => text.strict_cast(other.clone()),
        other => text.cast(other.clone()),
    }
}
