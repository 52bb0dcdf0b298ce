//! What a name in a query stands for, as something that the planner can scan.

mod delta;
mod files;
mod frame;

use std::sync::Arc;

use aerostat_error::Result;
use aerostat_metastore::{DataFile, Format, Snapshot};
use aerostat_session::{Relation, Session};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::TableProvider;

pub(crate) use delta::DeltaTable;
use files::{FilesTable, read_by_polars};
pub(crate) use frame::FrameTable;

/// A table and its columns in their order, which need not be that of the provider.
pub(crate) struct Table {
    pub(crate) provider: Arc<dyn TableProvider>,
    pub(crate) columns: Vec<String>,
}

impl Table {
    /// A relation of the session that is not a view.
    pub(crate) fn new(session: &Session, relation: &Relation) -> Result<Self> {
        match (snapshot(session, relation)?, relation) {
            (Some(snapshot), Relation::Table(info)) if read_by_polars(info.format) => {
                let columns = names(&snapshot.schema);
                Ok(Self { provider: Arc::new(FilesTable::new(session, info, snapshot)?), columns })
            }
            (Some(snapshot), _) => {
                let columns = names(&snapshot.schema);
                Ok(Self { provider: Arc::new(DeltaTable::new(snapshot)), columns })
            }
            (None, _) => Ok(Self::of_frame(Arc::new(FrameTable::new(session, session.scan(relation)?)?))),
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

/// The files of a relation, if the metastore or a log knows them.
fn snapshot(session: &Session, relation: &Relation) -> Result<Option<Snapshot>> {
    match relation {
        Relation::Table(info) => session.files(info),
        Relation::Version(_, snapshot) => Ok(Some(snapshot.clone())),
        Relation::Path { format: Format::Delta, path } => session.metastore().snapshot(path, None).map(Some),
        _ => Ok(None),
    }
}

/// `year=2024/month=1`: the partition that a file belongs to.
pub(crate) fn partition_name(columns: &[String], file: &DataFile) -> String {
    let value = |column: &String| file.partition_values.get(column).cloned().flatten();
    let pairs = columns.iter().map(|column| format!("{column}={}", value(column).as_deref().unwrap_or("null")));
    pairs.collect::<Vec<_>>().join("/")
}
