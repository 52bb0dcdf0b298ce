//! Columns of strings as columns of the types that were asked for.

use polars::prelude::{DataType, Expr, PlSmallStr, StrptimeOptions, col, lit};

/// A column to be read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Target {
    pub(super) name: PlSmallStr,
    pub(super) dtype: DataType,
    /// The notation of its dates or timestamps, as C writes it.
    pub(super) format: Option<String>,
}

impl Target {
    pub(super) fn new(name: &PlSmallStr, dtype: DataType) -> Self {
        Self { name: name.clone(), dtype, format: None }
    }

    /// The column of strings as what it should be; what does not fit is an error if `strict`, else null.
    pub(super) fn parsed(&self, strict: bool) -> Expr {
        let text = col(self.name.clone());
        match (&self.dtype, &self.format) {
            (DataType::Date | DataType::Datetime(..), Some(format)) => parse(text, &self.dtype, format, strict),
            (DataType::Date, None) => parse(text, &self.dtype, "%Y-%m-%d", strict),
            (DataType::Datetime(..), None) => {
                let spaced = text.str().replace(lit("T"), lit(" "), true);
                parse(spaced, &self.dtype, "%Y-%m-%d %H:%M:%S%.f", strict)
            }
            _ if strict => text.strict_cast(self.dtype.clone()),
            _ => text.cast(self.dtype.clone()),
        }
    }
}

/// Much faster than polars' readers, which look for the notation in every value anew.
pub(super) fn parse(text: Expr, dtype: &DataType, format: &str, strict: bool) -> Expr {
    let options = StrptimeOptions { format: Some(format.into()), strict, exact: true, cache: true };
    match dtype {
        DataType::Datetime(unit, zone) => text.str().to_datetime(Some(*unit), zone.clone(), options, lit("raise")),
        _ => text.str().to_date(options),
    }
}
