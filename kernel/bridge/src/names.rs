//! What Rust in a cell can name without a `use`: polars' prelude, and what else the signatures of polars speak of.

pub use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
pub use std::fs::File;
pub use std::io::Cursor;
pub use std::num::NonZeroUsize;
pub use std::rc::Rc;
pub use std::sync::Arc;

pub use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta, Timelike};
pub use polars::chunked_array::cast::CastOptions;
pub use polars::chunked_array::flags::StatisticsFlags;
pub use polars::frame::PivotColumnNaming;
pub use polars::io::utils::sync_on_close::SyncOnCloseType;
// Eager functions of the same names make these ambiguous otherwise.
pub use polars::lazy::dsl::{
    business_day_count, date_range, max_horizontal, mean_horizontal, min_horizontal, sum_horizontal, time_range,
};
pub use polars::polars_compute::rolling::RollingQuantileParams;
pub use polars::polars_utils::compression::ZstdLevel;
pub use polars::prelude::*;
pub use polars::series::IsSorted;
pub use polars::series::ops::NullBehavior;
