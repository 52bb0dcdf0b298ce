//! Texts as files of Parquet mostly have them: each text once, and for each row the place of its own among them.
//!
//! They stay so in the cache, in a quarter of the room, until a query is given rows. A condition of such a column is asked
//! once for each text, not for each row.

use std::sync::Arc;

use datafusion::arrow::array::{
    Array as _, ArrayRef, AsArray, BooleanArray, DictionaryArray, Int32Array, RecordBatch, RecordBatchOptions,
    new_null_array,
};
use datafusion::arrow::buffer::BooleanBuffer;
use datafusion::arrow::compute::{cast, concat, concat_batches, take};
use datafusion::arrow::datatypes::{DataType, Field, Int32Type, Schema, SchemaRef};
use datafusion::common::{Result, internal_datafusion_err};
use datafusion::parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use datafusion::parquet::arrow::async_reader::{AsyncFileReader, ParquetRecordBatchStreamBuilder};
use datafusion::parquet::arrow::{ProjectionMask, parquet_to_arrow_schema};
use datafusion::parquet::basic::{ConvertedType, Encoding};
use datafusion::parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, RowGroupMetaData};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::utils::{collect_columns, reassign_expr_columns};
use futures::TryStreamExt as _;

use super::cached::passing;

/// Whether a row group has this column of a table as distinct texts. Writers that have given up on it part of the way say
/// so, or else take more time to be read.
pub(super) fn is_packed(group: &RowGroupMetaData, field: &Field) -> bool {
    let is_packed = |chunk: &ColumnChunkMetaData| {
        chunk.column_path().parts() == [field.name().as_str()]
            && chunk.column_descr().converted_type() == ConvertedType::UTF8
            && chunk.dictionary_page_offset().is_some()
            && chunk
                .page_encoding_stats_mask()
                .is_none_or(|mask| mask.is_only(Encoding::RLE_DICTIONARY) || mask.is_only(Encoding::PLAIN_DICTIONARY))
    };
    *field.data_type() == DataType::Utf8View && group.columns().iter().any(is_packed)
}

/// These columns of a row group, which it has as distinct texts.
pub(super) async fn decode(
    file: Box<dyn AsyncFileReader>,
    footer: &Arc<ParquetMetaData>,
    row_group: usize,
    fields: &[&Field],
) -> Result<Vec<ArrayRef>> {
    let stored = footer.file_metadata();
    let schema = parquet_to_arrow_schema(stored.schema_descr(), stored.key_value_metadata())?;
    let packed = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let is_wanted = |name: &str| fields.iter().any(|field| field.name() == name);
    let read_as = schema.fields().iter().map(|field| match is_wanted(field.name()) {
        true => Arc::new(field.as_ref().clone().with_data_type(packed.clone())),
        false => Arc::clone(field),
    });
    let read_as = Schema::new_with_metadata(read_as.collect::<Vec<_>>(), schema.metadata().clone());
    let options = ArrowReaderOptions::new().with_schema(Arc::new(read_as));
    let columns = ProjectionMask::columns(stored.schema_descr(), fields.iter().map(|field| field.name().as_str()));
    let rows = usize::try_from(footer.row_group(row_group).num_rows()).unwrap_or_default();
    let metadata = ArrowReaderMetadata::try_new(Arc::clone(footer), options)?;
    let batches = ParquetRecordBatchStreamBuilder::new_with_metadata(file, metadata)
        .with_row_groups(vec![row_group])
        .with_projection(columns)
        .with_batch_size(rows.max(1))
        .build()?;
    let schema = Arc::clone(batches.schema());
    let rows = concat_batches(&schema, &batches.try_collect::<Vec<_>>().await?)?;
    let column = |field: &&Field| {
        let column = rows.column_by_name(field.name());
        let column = column.ok_or_else(|| internal_datafusion_err!("a file has no column `{}`", field.name()))?;
        let texts = column.as_dictionary::<Int32Type>();
        let texts = DictionaryArray::try_new(texts.keys().clone(), cast(texts.values(), field.data_type())?)?;
        Ok(Arc::new(texts) as ArrayRef)
    };
    fields.iter().map(column).collect()
}

/// The columns as they are: `schema` with the types that they have.
pub(super) fn rows(schema: &Schema, columns: Vec<ArrayRef>, rows: usize) -> Result<RecordBatch> {
    let typed =
        |(field, column): (&Arc<Field>, &ArrayRef)| field.as_ref().clone().with_data_type(column.data_type().clone());
    let schema = Schema::new(schema.fields().iter().zip(&columns).map(typed).collect::<Vec<_>>());
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    Ok(RecordBatch::try_new_with_options(Arc::new(schema), columns, &options)?)
}

/// The rows with the columns that `schema` says, which may be theirs already.
pub(super) fn unpacked(rows: RecordBatch, schema: &SchemaRef) -> Result<RecordBatch> {
    if Arc::ptr_eq(rows.schema_ref(), schema) {
        return Ok(rows);
    }
    let column = |column: &ArrayRef| match column.as_dictionary_opt::<Int32Type>() {
        Some(texts) => Ok(take(texts.values(), texts.keys(), None)?),
        None => Ok(Arc::clone(column)),
    };
    let columns = rows.columns().iter().map(column).collect::<Result<_>>()?;
    let options = RecordBatchOptions::new().with_row_count(Some(rows.num_rows()));
    Ok(RecordBatch::try_new_with_options(Arc::clone(schema), columns, &options)?)
}

/// A condition of one column of distinct texts: what it says of each.
pub(super) struct ByText {
    /// The place of the column.
    column: usize,
    passing: Vec<bool>,
    /// Whether null passes.
    null: bool,
}

impl ByText {
    /// What the condition says of the texts that these rows have, if it is of one such column and can say it of all.
    pub(super) fn new(condition: &Arc<dyn PhysicalExpr>, rows: &RecordBatch) -> Result<Option<Self>> {
        let columns = collect_columns(condition);
        let Some(column) = columns.iter().next().filter(|_| columns.len() == 1) else { return Ok(None) };
        let Some(texts) = rows.column(column.index()).as_dictionary_opt::<Int32Type>() else { return Ok(None) };
        let texts = texts.values();
        let alone = Arc::new(Schema::new(vec![Field::new(column.name(), texts.data_type().clone(), true)]));
        let condition = reassign_expr_columns(Arc::clone(condition), &alone)?;
        let with_null = concat(&[texts, &new_null_array(texts.data_type(), 1)])?;
        // A condition before it may leave out what this one fails on.
        let Ok(passing) = passing(&RecordBatch::try_new(alone, vec![with_null])?, &condition) else { return Ok(None) };
        let mut passing: Vec<bool> = passing.values().iter().collect();
        let null = passing.pop().unwrap_or_default();
        Ok(Some(Self { column: column.index(), passing, null }))
    }

    /// For which rows it holds.
    pub(super) fn passing(&self, rows: &RecordBatch) -> BooleanArray {
        let texts: &Int32Array = rows.column(self.column).as_dictionary::<Int32Type>().keys();
        let places = texts.values();
        let holds = |at: usize| match texts.is_null(at) {
            true => self.null,
            false => self.passing[places[at] as usize],
        };
        BooleanBuffer::collect_bool(texts.len(), holds).into()
    }
}
