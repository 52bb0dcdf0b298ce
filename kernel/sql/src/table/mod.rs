//! What a name in a query stands for, as something that the planner can scan.

mod cache;
mod cached;
mod conditions;
mod delta;
mod files;
mod footers;
mod frame;
mod lookup;
mod packed;
mod statistics;

use std::sync::Arc;

use aerostat_error::{Error, Result};
use aerostat_metastore::{DataFile, Format, Snapshot};
use aerostat_session::{Relation, Session};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::TableProvider;

pub(crate) use cache::ColumnCache;
pub(crate) use delta::DeltaTable;
pub(crate) use files::frame_of;
use files::{FilesTable, read_by_polars};
pub(crate) use frame::FrameTable;

/// The column of the names of files, for those tables that are asked for it; it is none of their columns.
pub(crate) const FILE_NAME: &str = "__aerostat_file_name";

/// A table and its columns in their order, which need not be that of the provider.
pub(crate) struct Table {
    pub(crate) provider: Arc<dyn TableProvider>,
    pub(crate) columns: Vec<String>,
}

impl Table {
    /// A relation of the session that is not a view; `files` says whether it is asked for [`FILE_NAME`].
    pub(crate) fn new(session: &Session, relation: &Relation, files: bool) -> Result<Self> {
        match (snapshot(session, relation)?, relation) {
            (Some(snapshot), Relation::Table(info)) if read_by_polars(info.format) => {
                let columns = names(&snapshot.schema);
                Ok(Self { provider: Arc::new(FilesTable::new(session, info, snapshot, files)?), columns })
            }
            (Some(snapshot), _) => {
                let columns = names(&snapshot.schema);
                Ok(Self { provider: Arc::new(DeltaTable::new(snapshot, files)), columns })
            }
            (None, Relation::Path { .. }) if files => {
                Err(Error::not_supported("`input_file_name()` of files that are named by their path is not supported")
                    .with_hint("make a table of them: `CREATE TABLE t USING parquet LOCATION '/path'`"))
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

/// The name of a file, as Spark writes it.
fn file_name(file: &DataFile) -> String {
    format!("file://{}", file.path.display())
}

/// `year=2024/month=1`: the partition that a file belongs to.
pub(crate) fn partition_name(columns: &[String], file: &DataFile) -> String {
    let value = |column: &String| file.partition_values.get(column).cloned().flatten();
    let pairs = columns.iter().map(|column| format!("{column}={}", value(column).as_deref().unwrap_or("null")));
    pairs.collect::<Vec<_>>().join("/")
}
