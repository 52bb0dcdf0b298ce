//! What a name in a query stands for, as something that the planner can scan.

mod delta;
mod frame;

use std::sync::Arc;

use aerostat_error::Result;
use aerostat_metastore::{Format, Snapshot};
use aerostat_session::{Relation, Session};
use datafusion::catalog::TableProvider;

pub(crate) use frame::FrameTable;

/// The rows of a relation that is not a view, with the names that its columns have.
pub(crate) fn provider(session: &Session, relation: &Relation) -> Result<Arc<dyn TableProvider>> {
    match delta_snapshot(session, relation)? {
        Some(snapshot) => Ok(Arc::new(delta::DeltaTable::new(snapshot))),
        None => Ok(Arc::new(FrameTable::new(session, session.scan(relation)?)?)),
    }
}

/// The newest version of a relation that is a Delta table.
fn delta_snapshot(session: &Session, relation: &Relation) -> Result<Option<Snapshot>> {
    let location = match relation {
        Relation::Table(info) if info.format == Format::Delta => info.location.as_deref(),
        Relation::Path { format: Format::Delta, path } => Some(path.as_path()),
        _ => None,
    };
    location.map(|location| session.metastore().snapshot(location, None)).transpose()
}
