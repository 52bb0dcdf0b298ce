//! The rows of a query as they come, for an engine that goes on with them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aerostat_error::Result;
use polars::prelude::{DataFrame, Engine, LazyFrame, PlanCallback, PolarsResult};

use crate::Session;
use crate::read::strict;

/// Runs the query and gives its rows to `take` in their order, until that says that it wants no more.
///
/// Where text turns out not to fit, it is read again from its beginning, and what has been given is passed over.
pub(crate) fn stream(
    session: &Session,
    frame: LazyFrame,
    take: impl Fn(DataFrame) -> PolarsResult<bool> + Send + Sync + 'static,
) -> Result<()> {
    let (take, given) = (Arc::new(take), Arc::new(AtomicUsize::new(0)));
    strict::first(frame, |frame| {
        let (take, given, came) = (Arc::clone(&take), Arc::clone(&given), AtomicUsize::new(0));
        let give = move |rows: DataFrame| {
            let (height, before) = (rows.height(), came.fetch_add(rows.height(), Ordering::Relaxed));
            let known = given.load(Ordering::Relaxed).saturating_sub(before);
            if known > 0 && known >= height {
                return Ok(false);
            }
            let new = rows.slice(i64::try_from(known).unwrap_or(i64::MAX), height);
            let enough = take(new)?;
            given.store(before + height, Ordering::Relaxed);
            Ok(enough)
        };
        session.run(move || {
            frame.sink_batches(PlanCallback::new(give), true, None)?.collect_with_engine(Engine::Streaming)
        })
    })?;
    Ok(())
}
