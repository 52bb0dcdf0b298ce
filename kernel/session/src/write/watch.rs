//! What is looked at in the rows as they pass by on their way to a file.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use aerostat_error::{Error, Kind};
use polars::prelude::{DataFrame, LazyFrame, OptFlags, PlSmallStr, PolarsError, PolarsResult, SchemaRef};

/// Watches for NaN in floats, and for null where there must be none.
pub(super) struct Watch {
    floats: Vec<(PlSmallStr, AtomicBool)>,
    required: Vec<PlSmallStr>,
    refusal: Mutex<Option<Error>>,
}

impl Watch {
    pub(super) fn new(schema: &SchemaRef, required: &[String]) -> Self {
        let floats = schema.iter().filter(|(_, dtype)| dtype.is_float());
        Self {
            floats: floats.map(|(name, _)| (name.clone(), AtomicBool::new(false))).collect(),
            required: required.iter().map(|name| name.as_str().into()).collect(),
            refusal: Mutex::new(None),
        }
    }

    /// The frame, watched while it is computed.
    pub(super) fn over(self: Arc<Self>, frame: LazyFrame) -> LazyFrame {
        if self.floats.is_empty() && self.required.is_empty() {
            return frame;
        }
        let see = move |rows: DataFrame| -> PolarsResult<DataFrame> { self.see(&rows).map(|()| rows) };
        frame.map(see, OptFlags::STREAMING, None, Some("watch"))
    }

    fn see(&self, rows: &DataFrame) -> PolarsResult<()> {
        for (name, found) in self.floats.iter().filter(|(_, found)| !found.load(Ordering::Relaxed)) {
            if rows.column(name)?.is_nan()?.any() {
                found.store(true, Ordering::Relaxed);
            }
        }
        match self.required.iter().find(|name| rows.column(name).is_ok_and(|column| column.null_count() > 0)) {
            None => Ok(()),
            Some(name) => Err(self.refuse(name)),
        }
    }

    fn refuse(&self, name: &str) -> PolarsError {
        let error = Error::new(Kind::Violation, format!("column `{name}` is NOT NULL, and null is written to it"));
        self.refusal.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
        PolarsError::ComputeError("a column that is not null".into())
    }

    /// Whether a column of floats had a NaN.
    pub(super) fn has_nan(&self, name: &str) -> bool {
        self.floats.iter().any(|(float, found)| float == name && found.load(Ordering::Relaxed))
    }

    /// Why the rows were refused, if they were.
    pub(super) fn refusal(&self) -> Option<Error> {
        self.refusal.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
