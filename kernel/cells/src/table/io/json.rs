//! polars' own JSON readers and writers.

use std::num::NonZeroUsize;

use aerostat_error::Result;
use polars::prelude::*;

use super::stream::{Sink, Source, movable};
use crate::convert::Arg;
use crate::lend::Absent;
use crate::table::natives::SharedSchema;
use crate::table::{Table, constants, functions, methods, types};
use crate::ty::Ty;
use crate::value::{Native, Value};

/// polars' `JsonFormat`, which cannot be cloned.
#[derive(Clone, Copy, Debug)]
pub enum Format {
    Json,
    JsonLines,
}

impl Arg for JsonFormat {
    type Out = Self;
    fn ty() -> Ty {
        Ty::Native(Format::NAME)
    }
    fn take(value: Value) -> Result<Self> {
        value.downcast().map(|format| match format {
            Format::Json => Self::Json,
            Format::JsonLines => Self::JsonLines,
        })
    }
}

types! {
    /// One array of objects, or one object a line.
    Format as "JsonFormat" = |format| format!("{format:?}");
    /// polars' own reader of JSON lines, as a plan.
    LazyJsonLineReader = |_reader| "LazyJsonLineReader".into();
}

movable! {
    /// polars' own JSON writer.
    JsonWriting(JsonWriter<Sink>) as "JsonWriter" {
        /// One array of objects, or one object a line.
        fn with_json_format(format: JsonFormat);
    }
    /// polars' own JSON reader.
    JsonReading(JsonReader<'static, Source>) as "JsonReader" {
        /// The names and types of all columns.
        fn with_schema(schema: SharedSchema);
        /// How many rows decide the types; all for `None`.
        fn infer_schema_len(max_records: Option<NonZeroUsize>);
        /// How many rows are parsed at once.
        fn with_batch_size(batch_size: NonZeroUsize);
        /// Only some columns, by name.
        fn with_projection(projection: Option<Vec<PlSmallStr>>);
        /// One array of objects, or one object a line.
        fn with_json_format(format: JsonFormat);
        /// Whether values that do not parse become null.
        fn with_ignore_errors(ignore: bool);
        /// Whether each column is put into one piece of memory.
        fn set_rechunk(rechunk: bool);
    }
}

/// Adds the rows of this file.
pub(super) fn register(table: &mut Table) {
    table.add_types(type_rows());
    table.add_types(movable_types());
    table.add_callables(movable_rows());
    table.add_constants(constants! { Format { Json, JsonLines } });
    table.add_callables(functions! {
        JsonWriter {
            /// A writer to an open file or a buffer.
            fn new(buffer: Sink) -> JsonWriting = JsonWriting::new(JsonWriter::new(buffer));
        }
        JsonReader {
            /// A reader of an open file or a buffer.
            fn new(reader: Source) -> JsonReading = JsonReading::new(JsonReader::new(reader));
        }
        LazyJsonLineReader {
            /// A reader of a file, folder or pattern.
            fn new(path: PlRefPath) -> LazyJsonLineReader;
            /// A reader of several files.
            fn new_paths(paths: Vec<PlRefPath>) -> LazyJsonLineReader = LazyJsonLineReader::new_paths(paths.into());
            /// A reader of sources.
            fn new_with_sources(sources: ScanSources) -> LazyJsonLineReader;
        }
    });
    table.add_callables(methods! {
        JsonWriting {
            /// Writes a table.
            fn finish(df: &mut DataFrame) -> PolarsResult<()> = |this| this.with(|writer| writer.finish(df))?;
        }
        JsonReading {
            /// Reads the table.
            fn finish() -> PolarsResult<DataFrame> = |this| this.take()?.finish();
        }
        LazyJsonLineReader {
            /// With the number of the row as a column.
            fn with_row_index(row_index: Option<RowIndex>) -> LazyJsonLineReader;
            /// Whether values that do not parse become null.
            fn with_ignore_errors(ignore_errors: bool) -> LazyJsonLineReader;
            /// At most so many rows.
            fn with_n_rows(num_rows: Option<usize>) -> LazyJsonLineReader;
            /// How many rows decide the types; all for `None`.
            fn with_infer_schema_length(num_rows: Option<NonZeroUsize>) -> LazyJsonLineReader;
            /// The names and types of all columns.
            fn with_schema(schema: Option<SharedSchema>) -> LazyJsonLineReader;
            /// The types of some columns, by name.
            fn with_schema_overwrite(schema_overwrite: Option<SharedSchema>) -> LazyJsonLineReader;
            /// Whether memory is saved at the cost of speed.
            fn low_memory(toggle: bool) -> LazyJsonLineReader;
            /// How many rows are parsed at once.
            fn with_batch_size(batch_size: Option<NonZeroUsize>) -> LazyJsonLineReader;
            /// With the path of the file as a column.
            fn with_include_file_paths(include_file_paths: Option<PlSmallStr>) -> LazyJsonLineReader;
            /// Whether each column is put into one piece of memory.
            fn with_rechunk(toggle: bool) -> LazyJsonLineReader;
            /// Options of remote files: none.
            fn with_cloud_options(cloud_options: Option<Absent>) -> LazyJsonLineReader
                = |this| this.with_cloud_options(cloud_options.map(Absent::never));
            /// The plan that reads the file.
            fn finish() -> PolarsResult<LazyFrame>;
        }
    });
}
