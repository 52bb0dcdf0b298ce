//! What a name in a query stands for, as something that the planner can scan.

mod delta;
mod frame;

use std::sync::Arc;

use aerostat_error::Result;
use aerostat_metastore::{Format, Snapshot};
use aerostat_session::{Relation, Session};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::TableProvider;

use delta::DeltaTable;
pub(crate) use frame::FrameTable;

/// A table and its columns in their order, which need not be that of the provider.
pub(crate) struct Table {
    pub(crate) provider: Arc<dyn TableProvider>,
    pub(crate) columns: Vec<String>,
}

impl Table {
    /// A relation of the session that is not a view.
    pub(crate) fn new(session: &Session, relation: &Relation) -> Result<Self> {
        match delta_snapshot(session, relation)? {
            Some(snapshot) => {
                let columns = names(&snapshot.schema);
                Ok(Self { provider: Arc::new(DeltaTable::new(snapshot)), columns })
            }
            None => Ok(Self::of_frame(Arc::new(FrameTable::new(session, session.scan(relation)?)?))),
        }
    }

    /// A frame.
    pub(crate) fn of_frame(frame: Arc<FrameTable>) -> Self {
        Self { columns: names(&frame.schema()), provider: frame }
    }
}

fn names(schema: &SchemaRef) -> Vec<String> {
    schema.fields().iter().map(|field| field.name().clone()).collect()
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
