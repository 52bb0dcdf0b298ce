//! A version of a Delta table, or a table of Parquet files without a log: of its files those are skipped that cannot
//! have what is asked for.

use std::fs;
use std::sync::Arc;

use aerostat_metastore::{DataFile, Snapshot};
use async_trait::async_trait;
use datafusion::arrow::datatypes::{DataType, Field, FieldRef, Schema, SchemaRef};
use datafusion::catalog::{Session as Planner, TableProvider};
use datafusion::common::stats::Precision;
use datafusion::common::{DFSchema, Result, ScalarValue, Statistics};
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::parquet::CachedParquetFileReaderFactory;
use datafusion::datasource::physical_plan::{
    FileGroup, FileScanConfigBuilder, ParquetFileReaderFactory, ParquetSource,
};
use datafusion::datasource::source::DataSourceExec;
use datafusion::datasource::table_schema::TableSchema;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::logical_expr::utils::conjunction;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown, TableType};
use datafusion::object_store::{ObjectMeta, path::Path};
use datafusion::physical_optimizer::pruning::{PruningPredicate, PruningPredicateBuilder};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::empty::EmptyExec;

use super::FILE_NAME;
use super::cache::{ColumnCache, FileId};
use super::cached::{CachedScan, Portion};
use super::footers::{self, Unbounded};
use super::statistics::{FileStatistics, typed};
use crate::functions::external;

/// A version of a Delta table. Its schema has the columns of the files first, then those of the partitions.
#[derive(Debug)]
pub(crate) struct DeltaTable {
    snapshot: Snapshot,
    schema: TableSchema,
}

impl DeltaTable {
    pub(crate) fn new(snapshot: Snapshot, files: bool) -> Self {
        let is_partition = |field: &FieldRef| snapshot.partition_columns.contains(field.name());
        let fields = snapshot.schema.fields();
        // Columns that are never null are in files that could have nulls.
        let in_files = fields.iter().filter(|field| !is_partition(field));
        let in_files: Vec<Field> = in_files
            .map(|field| field.as_ref().clone().with_nullable(true).with_data_type(as_view(field.data_type())))
            .collect();
        let of_partitions: Vec<FieldRef> = snapshot
            .partition_columns
            .iter()
            .filter_map(|name| fields.iter().find(|field| field.name() == name).cloned())
            // All rows of a file have the same name as they have the same values of partitions.
            .chain(files.then(|| Arc::new(Field::new(FILE_NAME, DataType::Utf8, false))))
            .collect();
        let schema =
            TableSchema::builder(Arc::new(Schema::new(in_files))).with_table_partition_cols(of_partitions).build();
        Self { snapshot, schema }
    }

    /// The files that may have rows for which all of `filters` hold.
    pub(crate) fn files(&self, planner: &dyn Planner, filters: &[Expr]) -> Result<Vec<&DataFile>> {
        needed(&self.snapshot, &self.schema(), predicate(planner, &self.schema(), filters)?.as_ref())
    }

    /// All files of the version.
    pub(crate) fn all_files(&self) -> impl Iterator<Item = &DataFile> {
        self.snapshot.files.iter()
    }

    /// What opens the files, and keeps the footers that it has read.
    fn opener(planner: &dyn Planner) -> Result<Arc<dyn ParquetFileReaderFactory>> {
        let runtime = planner.runtime_env();
        let store = runtime.object_store(ObjectStoreUrl::local_filesystem())?;
        let footers = runtime.cache_manager.get_file_metadata_cache();
        Ok(Arc::new(Unbounded(CachedParquetFileReaderFactory::new(store, footers))))
    }

    /// The scan through the cache, if some of these columns were asked for before and there is room for them.
    async fn cached(
        &self,
        planner: &dyn Planner,
        files: &[PartitionedFile],
        columns: &[usize],
        predicate: Option<&PruningPredicate>,
        known: &Statistics,
    ) -> Result<Option<CachedScan>> {
        let Some(cache) = planner.config().get_extension::<ColumnCache>() else { return Ok(None) };
        let in_files = self.schema.file_schema().fields();
        let (places, wanted): (Vec<usize>, Vec<&FieldRef>) =
            columns.iter().enumerate().filter_map(|(place, at)| Some((place, in_files.get(*at)?))).unzip();
        let ids: Vec<FileId> = files.iter().map(|file| FileId::from(&file.object_meta)).collect();
        let again = places.into_iter().zip(cache.asked(&ids, &wanted));
        let kept: Vec<usize> = again.filter_map(|(place, again)| again.then_some(place)).collect();
        if kept.is_empty() {
            return Ok(None);
        }
        let opener = Self::opener(planner)?;
        let (mut portions, mut bytes) = (Vec::new(), 0);
        for file in files {
            let footer = footers::read(opener.as_ref(), file).await?;
            let Some(row_groups) = footers::row_groups(&footer, &self.schema(), predicate)? else {
                return Ok(None);
            };
            bytes += row_groups.iter().map(|at| footers::decoded_size(footer.row_group(*at), &wanted)).sum::<usize>();
            portions.extend(row_groups.into_iter().map(|at| Portion::new(file, &footer, at)));
        }
        let schema = Arc::new(self.schema().project(columns)?);
        Ok((bytes <= cache.capacity).then(|| CachedScan {
            cache,
            reader: self.reader(Arc::clone(&opener)),
            opener,
            threads: planner.config().target_partitions().min(portions.len()).max(1),
            portions: portions.into(),
            columns: columns.into(),
            kept: kept.into(),
            schema,
            statistics: Arc::new(known.clone().project(Some(&columns))),
            conditions: Vec::new(),
            hints: Vec::new(),
        }))
    }

    fn reader(&self, opener: Arc<dyn ParquetFileReaderFactory>) -> Arc<ParquetSource> {
        Arc::new(ParquetSource::new(self.schema.clone()).with_parquet_file_reader_factory(opener))
    }

    fn partitioned(&self, file: &DataFile) -> Result<PartitionedFile> {
        // A file of a table without a log may be replaced by another of its name, whose footer is not the one kept.
        let modified = fs::metadata(&file.path).and_then(|metadata| metadata.modified()).map(Into::into);
        let meta = ObjectMeta {
            location: Path::from_absolute_path(&file.path).map_err(|error| external(not_a_path(file, &error)))?,
            last_modified: modified.unwrap_or_default(),
            size: file.size,
            e_tag: None,
            version: None,
        };
        let values = self.schema.table_partition_cols().iter().map(|field| {
            if field.name() == FILE_NAME {
                return Ok(ScalarValue::from(super::file_name(file)));
            }
            let value = file.partition_values.get(field.name()).and_then(Option::as_deref);
            ScalarValue::try_from_array(&typed(&[value], field.data_type())?, 0)
        });
        Ok(PartitionedFile::new_from_meta(meta).with_partition_values(values.collect::<Result<_>>()?))
    }
}

/// The files of `snapshot` that may have rows for which the predicate holds.
pub(super) fn needed<'s>(
    snapshot: &'s Snapshot,
    schema: &SchemaRef,
    predicate: Option<&PruningPredicate>,
) -> Result<Vec<&'s DataFile>> {
    let files: Vec<&DataFile> = snapshot.files.iter().collect();
    let Some(predicate) = predicate else { return Ok(files) };
    let schema = Arc::clone(schema);
    let statistics = FileStatistics { files: &files, schema, partitions: &snapshot.partition_columns };
    let wanted = predicate.prune(&statistics)?;
    Ok(files.into_iter().zip(wanted).filter_map(|(file, wanted)| wanted.then_some(file)).collect())
}

/// What tells of bounds whether there can be rows between them for which all of `filters` hold.
pub(super) fn predicate(
    planner: &dyn Planner,
    schema: &SchemaRef,
    filters: &[Expr],
) -> Result<Option<PruningPredicate>> {
    let Some(filter) = conjunction(filters.iter().cloned()) else { return Ok(None) };
    let filter = planner.create_physical_expr(filter, &DFSchema::try_from(Arc::clone(schema))?)?;
    PruningPredicateBuilder::new().with_file_schema(Arc::clone(schema)).try_build(filter).map(Some)
}

fn not_a_path(file: &DataFile, error: &dyn std::fmt::Display) -> aerostat_error::Error {
    aerostat_error::Error::internal(format!("`{}` is no path: {error}", file.path.display()))
}

/// The type that a column is read as: texts become views, which are not copied.
pub(super) fn as_view(dtype: &DataType) -> DataType {
    match dtype {
        DataType::Utf8 | DataType::LargeUtf8 => DataType::Utf8View,
        DataType::Binary | DataType::LargeBinary => DataType::BinaryView,
        other => other.clone(),
    }
}

#[async_trait]
impl TableProvider for DeltaTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(self.schema.table_schema())
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>> {
        Ok(vec![TableProviderFilterPushDown::Inexact; filters.len()])
    }

    fn statistics(&self) -> Option<Statistics> {
        let rows = self.snapshot.files.iter().map(|file| file.num_records).sum::<Option<u64>>()?;
        let unknown = Statistics::new_unknown(&self.schema());
        Some(Statistics { num_rows: Precision::Exact(usize::try_from(rows).ok()?), ..unknown })
    }

    async fn scan(
        &self,
        planner: &dyn Planner,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let predicate = predicate(planner, &self.schema(), filters)?;
        let files = needed(&self.snapshot, &self.schema(), predicate.as_ref())?;
        if files.is_empty() {
            let schema = match projection {
                Some(columns) => Arc::new(self.schema().project(columns)?),
                None => self.schema(),
            };
            return Ok(Arc::new(EmptyExec::new(schema)));
        }
        let partitions = &self.snapshot.partition_columns;
        let known = FileStatistics { files: &files, schema: self.schema(), partitions }.together(projection);
        let files = files.into_iter().map(|file| self.partitioned(file)).collect::<Result<Vec<_>>>()?;
        if let (Some(columns), None) = (projection, limit)
            && let Some(scan) = self.cached(planner, &files, columns, predicate.as_ref(), &known).await?
        {
            return Ok(DataSourceExec::from_data_source(scan));
        }
        let reader = self.reader(Self::opener(planner)?);
        let groups = FileGroup::new(files).split_files(planner.config().target_partitions());
        let scan = FileScanConfigBuilder::new(ObjectStoreUrl::local_filesystem(), reader)
            .with_file_groups(groups)
            .with_statistics(known)
            .with_projection_indices(projection.cloned())?
            .with_limit(limit)
            .build();
        Ok(DataSourceExec::from_data_source(scan))
    }
}
