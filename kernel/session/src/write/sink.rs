//! A frame as Parquet files, written while it is computed: polars' streaming engine, in bounded memory.
//!
//! What the log wants to know of a file is taken from the file's own footer, so that the rows are seen once. Two
//! things are not in footers and are watched as the rows pass: whether a column of floats has NaN, by which Parquet's
//! bounds are no bounds, and whether a column that must not be null is.

use std::fs::{self, File};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use aerostat_error::{Error, Result};
use deltalake_core::parquet::file::metadata::ParquetMetaDataReader;
use polars::io::utils::file::Writable;
use polars::prelude::{
    Engine, Expr, IdxSize, LazyFrame, ParquetCompression, ParquetWriteOptions, PlanCallback, PolarsError, PolarsResult,
    Schema, SchemaRef, col,
};
use polars_plan::dsl::file_provider::{FileProviderArgs, FileProviderReturn, FileProviderType};
use polars_plan::dsl::sink::UnifiedSinkArgs;
use polars_plan::dsl::{FileWriteFormat, PartitionStrategy, SinkDestination, SpecialEq};

use super::parts::Layout;
use super::staged::{Register, Staged};
use super::watch::Watch;
use crate::delta::statistics;
use crate::errors::from_polars;
use crate::files::reference;
use crate::read::strict;

/// Runs the query of `frame`, whose columns are `schema`, and writes its rows below `folder`.
pub(super) fn write(
    frame: LazyFrame,
    schema: &SchemaRef,
    folder: &Path,
    layout: &Layout,
    compression: ParquetCompression,
) -> Result<Staged> {
    strict::first(frame, |frame| write_as_it_is(frame, schema, folder, layout, compression))
}

fn write_as_it_is(
    frame: LazyFrame,
    schema: &SchemaRef,
    folder: &Path,
    layout: &Layout,
    compression: ParquetCompression,
) -> Result<Staged> {
    let failed = |source| Error::io(format!("writing folder `{}`", folder.display()), &source);
    fs::create_dir_all(folder).map_err(failed)?;
    let staged = Staged::new(folder);
    let watch = Arc::new(Watch::new(schema, &layout.required));
    let refusal = Arc::new(Refusal::default());
    let destination = SinkDestination::Partitioned {
        base_path: reference(folder)?,
        file_path_provider: Some(provider(staged.register(), Arc::clone(&refusal))),
        partition_strategy: strategy(&layout.partition_columns),
        max_rows_per_file: IdxSize::try_from(layout.rows_per_file).unwrap_or(IdxSize::MAX),
        approximate_bytes_per_file: u64::MAX,
    };
    let format = FileWriteFormat::Parquet(Arc::new(ParquetWriteOptions { compression, ..Default::default() }));
    let args = UnifiedSinkArgs { mkdir: true, ..Default::default() };
    let written = watch
        .clone()
        .over(frame)
        .sink(destination, format, args)
        .and_then(|sink| sink.collect_with_engine(Engine::Streaming));
    match written {
        Ok(_) => {}
        Err(error) => return Err(watch.refusal().or_else(|| refusal.take()).unwrap_or_else(|| from_polars(error))),
    }
    describe(&staged, schema, layout, &watch)?;
    staged.sync()?;
    Ok(staged)
}

fn strategy(partition_columns: &[String]) -> PartitionStrategy {
    let keys: Vec<Expr> = partition_columns.iter().map(|name| col(name.as_str())).collect();
    match keys.is_empty() {
        true => PartitionStrategy::FileSize,
        false => PartitionStrategy::Keyed { keys, include_keys: false, keys_pre_grouped: false },
    }
}

/// An error of ours that polars carries as a text only.
#[derive(Default)]
struct Refusal(Mutex<Option<Error>>);

impl Refusal {
    fn note(&self, error: Error) -> PolarsError {
        let text = error.to_string();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
        PolarsError::ComputeError(text.into())
    }

    fn take(&self) -> Option<Error> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Creates the files that polars asks for.
fn provider(register: Register, refusal: Arc<Refusal>) -> FileProviderType {
    let open = move |args: FileProviderArgs| -> PolarsResult<FileProviderReturn> {
        let file = register.create(&args.partition_keys, "parquet").map_err(|error| refusal.note(error))?;
        Ok(FileProviderReturn::Writable(Writable::Local(file)))
    };
    FileProviderType::Function(PlanCallback::Rust(SpecialEq::new(Arc::new(open))))
}

/// Notes what the footers say. Of a table, a file without rows is none: its log says what its columns are.
fn describe(staged: &Staged, schema: &SchemaRef, layout: &Layout, watch: &Watch) -> Result<()> {
    let in_files: Schema = schema
        .iter()
        .filter(|(name, _)| !layout.partition_columns.iter().any(|key| key == name.as_str()))
        .map(|(name, dtype)| (name.clone(), dtype.clone()))
        .collect();
    let mut parts = staged.parts();
    for part in parts.iter_mut() {
        let path = staged.folder().join(&part.path);
        let file = File::open(&path).map_err(|source| Error::io(format!("reading `{}`", path.display()), &source))?;
        let footer = ParquetMetaDataReader::new()
            .parse_and_finish(&file)
            .map_err(|error| Error::internal(format!("`{}` was written wrongly: {error}", path.display())))?;
        part.size = file.metadata().map_err(|source| Error::io("reading a file's size", &source))?.len();
        part.rows = u64::try_from(footer.file_metadata().num_rows()).unwrap_or_default();
        part.statistics = layout.for_log.then(|| statistics(&footer, &in_files, &|name| watch.has_nan(name)));
    }
    if layout.for_log {
        parts.retain(|part| part.rows > 0 || fs::remove_file(staged.folder().join(&part.path)).is_err());
    }
    Ok(())
}
