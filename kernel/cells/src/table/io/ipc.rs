//! polars' own readers and writers of Arrow IPC: files and streams.

use std::sync::Arc;

use polars::polars_utils::compression::ZstdLevel;
use polars::prelude::*;

use super::stream::{Sink, Source, movable};
use crate::table::natives::SharedSchema;
use crate::table::{Table, constants, functions, methods, types};

types! {
    /// How values are compressed.
    IpcCompression = |compression| format!("{compression:?}");
    /// A level of Zstandard, 1 to 22.
    ZstdLevel [default] = |level| format!("{level:?}");
    /// Which newer types of Arrow are written.
    CompatLevel = |level| format!("{level:?}");
    /// How IPC files are read.
    IpcScanOptions [default] { record_batch_statistics: bool } = |options| format!("{options:?}");
    /// How IPC files are written.
    IpcWriterOptions [default] { compression: Option<IpcCompression>, compat_level: CompatLevel,
        record_batch_size: Option<usize>, record_batch_statistics: bool } = |options| format!("{options:?}");
}

movable! {
    /// polars' own writer of IPC files.
    IpcWriting(IpcWriter<Sink>) as "IpcWriter" {
        /// How values are compressed.
        fn with_compression(compression: Option<IpcCompression>);
        /// Which newer types of Arrow are written.
        fn with_compat_level(compat_level: CompatLevel);
        /// How many rows a batch has.
        fn with_record_batch_size(record_batch_size: Option<usize>);
        /// Whether statistics of batches are written.
        fn with_record_batch_statistics(record_batch_statistics: bool);
        /// Whether columns are written in parallel.
        fn with_parallel(parallel: bool);
    }
    /// polars' own writer of IPC streams.
    IpcStreamWriting(IpcStreamWriter<Sink>) as "IpcStreamWriter" {
        /// How values are compressed.
        fn with_compression(compression: Option<IpcCompression>);
        /// Which newer types of Arrow are written.
        fn with_compat_level(compat_level: CompatLevel);
    }
    /// polars' own reader of IPC files.
    IpcReading(IpcReader<Source>) as "IpcReader" {
        /// At most so many rows.
        fn with_n_rows(num_rows: Option<usize>);
        /// Only some columns, by name.
        fn with_columns(columns: Option<Vec<String>>);
        /// With the number of the row as a column.
        fn with_row_index(row_index: Option<RowIndex>);
        /// Only some columns, by position.
        fn with_projection(projection: Option<Vec<usize>>);
        /// Whether each column is put into one piece of memory.
        fn set_rechunk(rechunk: bool);
        /// With columns that folders give.
        fn with_hive_partition_columns(columns: Option<Vec<Series>>);
    }
    /// polars' own reader of IPC streams.
    IpcStreamReading(IpcStreamReader<Source>) as "IpcStreamReader" {
        /// At most so many rows.
        fn with_n_rows(num_rows: Option<usize>);
        /// Only some columns, by name.
        fn with_columns(columns: Option<Vec<String>>);
        /// With the number of the row as a column.
        fn with_row_index(row_index: Option<RowIndex>);
        /// Only some columns, by position.
        fn with_projection(projection: Option<Vec<usize>>);
        /// Whether each column is put into one piece of memory.
        fn set_rechunk(rechunk: bool);
    }
}

/// Adds the rows of this file.
pub(super) fn register(table: &mut Table) {
    table.add_types(type_rows());
    table.add_types(movable_types());
    table.add_callables(movable_rows());
    table.add_constants(constants! { IpcCompression { LZ4 } });
    table.add_callables(functions! {
        IpcCompression {
            /// Zstandard at a level.
            fn ZSTD(level: ZstdLevel) -> IpcCompression;
        }
        CompatLevel {
            /// All types that polars writes.
            fn newest() -> CompatLevel;
            /// Only types that every reader of Arrow knows.
            fn oldest() -> CompatLevel;
        }
        IpcWriter {
            /// A writer to an open file or a buffer.
            fn new(writer: Sink) -> IpcWriting = IpcWriting::new(IpcWriter::new(writer));
        }
        IpcStreamWriter {
            /// A writer to an open file or a buffer.
            fn new(writer: Sink) -> IpcStreamWriting = IpcStreamWriting::new(IpcStreamWriter::new(writer));
        }
        IpcReader {
            /// A reader of an open file or a buffer.
            fn new(reader: Source) -> IpcReading = IpcReading::new(IpcReader::new(reader));
        }
        IpcStreamReader {
            /// A reader of an open file or a buffer.
            fn new(reader: Source) -> IpcStreamReading = IpcStreamReading::new(IpcStreamReader::new(reader));
        }
        LazyFrame {
            /// polars' own reader of IPC files, as a plan.
            fn scan_ipc(path: PlRefPath, options: IpcScanOptions, unified_scan_args: UnifiedScanArgs)
                -> PolarsResult<LazyFrame>;
            /// Sources of IPC as one plan.
            fn scan_ipc_sources(sources: ScanSources, options: IpcScanOptions, unified_scan_args: UnifiedScanArgs)
                -> PolarsResult<LazyFrame>;
        }
    });
    table.add_callables(methods! {
        IpcWriting {
            /// Writes a table.
            fn finish(df: &mut DataFrame) -> PolarsResult<()> = |this| this.with(|writer| writer.finish(df))?;
        }
        IpcStreamWriting {
            /// Writes a table.
            fn finish(df: &mut DataFrame) -> PolarsResult<()> = |this| this.with(|writer| writer.finish(df))?;
        }
        IpcReading {
            /// Reads the table.
            fn finish() -> PolarsResult<DataFrame> = |this| this.take()?.finish();
        }
        IpcStreamReading {
            /// Names and types of the columns.
            fn schema() -> PolarsResult<SharedSchema> = |this| this.with(IpcStreamReader::schema)?.map(Arc::new);
            /// Reads the table.
            fn finish() -> PolarsResult<DataFrame> = |this| this.take()?.finish();
        }
        IpcWriterOptions {
            /// A writer with these options.
            fn to_writer(writer: Sink) -> IpcWriting = |this| IpcWriting::new(this.to_writer(writer));
        }
    });
}
