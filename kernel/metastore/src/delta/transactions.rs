//! What applications have noted in a log, so as not to do it twice: its `txn` actions.
//!
//! delta-rs looks for one name at a time and replays the log for each; here one pass looks for all of them.

use std::collections::HashSet;

use buoyant_kernel::actions::LOG_TXN_SCHEMA;
use buoyant_kernel::engine::arrow_data::ArrowEngineData;
use buoyant_kernel::{DeltaResult, Engine, Snapshot};
use deltalake_core::arrow::array::{AsArray as _, RecordBatch, StringArray};
use url::Url;

/// Which of these the log of the table at `root` has by `version`.
pub(super) fn happened(engine: &dyn Engine, root: &Url, version: u64, names: &[String]) -> DeltaResult<Vec<bool>> {
    let snapshot = Snapshot::builder_for(root).at_version(version).build(engine)?;
    let mut missing: HashSet<&str> = names.iter().map(String::as_str).collect();
    for batch in snapshot.log_segment().read_actions(engine, LOG_TXN_SCHEMA.clone())? {
        let batch = ArrowEngineData::try_from_engine_data(batch?.actions)?;
        for name in noted(batch.record_batch()).into_iter().flatten().flatten() {
            missing.remove(name);
        }
        if missing.is_empty() {
            break;
        }
    }
    Ok(names.iter().map(|name| !missing.contains(name.as_str())).collect())
}

/// The names in a part of the log.
fn noted(actions: &RecordBatch) -> Option<&StringArray> {
    actions.column_by_name("txn")?.as_struct_opt()?.column_by_name("appId")?.as_string_opt()
}
