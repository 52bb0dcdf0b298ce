//! polars' own Parquet readers and writers.

use polars::polars_utils::compression::ZstdLevel;
use polars::prelude::*;

use super::stream::{Sink, Source, movable};
use crate::lend::Absent;
use crate::table::natives::SharedSchema;
use crate::table::{Table, constants, functions, methods, types};

types! {
    /// How Parquet files are read.
    ScanArgsParquet [default] { n_rows: Option<usize>, parallel: ParallelStrategy, row_index: Option<RowIndex>,
        hive_options: HiveOptions, use_statistics: bool, schema: Option<SharedSchema>, low_memory: bool, rechunk: bool,
        cache: bool, glob: bool, include_file_paths: Option<PlSmallStr>, allow_missing_columns: bool }
        = |_args| "ScanArgsParquet".into();
    /// What is read in parallel.
    ParallelStrategy [default] = |strategy| format!("{strategy:?}");
    /// How pages are compressed.
    ParquetCompression [default] = |compression| format!("{compression:?}");
    /// Which statistics are written.
    StatisticsOptions [default] { min_value: bool, max_value: bool, distinct_count: bool, null_count: bool }
        = |options| format!("{options:?}");
    /// How Parquet files are written.
    ParquetWriteOptions [default] { compression: ParquetCompression, statistics: StatisticsOptions,
        row_group_size: Option<usize>, data_page_size: Option<usize> } = |options| format!("{options:?}");
}

movable! {
    /// polars' own Parquet writer.
    ParquetWriting(ParquetWriter<Sink>) as "ParquetWriter" {
        /// How pages are compressed.
        fn with_compression(compression: ParquetCompression);
        /// Which statistics are written.
        fn with_statistics(statistics: StatisticsOptions);
        /// How many rows a row group has.
        fn with_row_group_size(size: Option<usize>);
        /// How many bytes a page has.
        fn with_data_page_size(limit: Option<usize>);
        /// Whether columns are written in parallel.
        fn set_parallel(parallel: bool);
    }
    /// polars' own Parquet reader.
    ParquetReading(ParquetReader<Source>) as "ParquetReader" {
        /// Whether memory is saved at the cost of speed.
        fn set_low_memory(low_memory: bool);
        /// What is read in parallel.
        fn read_parallel(parallel: ParallelStrategy);
        /// Only a part of the rows.
        fn with_slice(slice: Option<(usize, usize)>);
        /// Only some columns, by name.
        fn with_columns(columns: Option<Vec<String>>);
        /// Only some columns, by position.
        fn with_projection(projection: Option<Vec<usize>>);
        /// With the number of the row as a column.
        fn with_row_index(row_index: Option<RowIndex>);
        /// With columns that folders give.
        fn with_hive_partition_columns(columns: Option<Vec<Series>>);
        /// Whether each column is put into one piece of memory.
        fn set_rechunk(rechunk: bool);
    }
}

/// Adds the rows of this file.
pub(super) fn register(table: &mut Table) {
    table.add_types(type_rows());
    table.add_types(movable_types());
    table.add_callables(movable_rows());
    table.add_constants(constants! {
        ParallelStrategy { None, Columns, RowGroups, Prefiltered, Auto }
        ParquetCompression { Uncompressed, Snappy, Lz4Raw }
    });
    table.add_callables(functions! {
        ParquetCompression {
            /// Gzip at its own level.
            fn Gzip(level: Option<Absent>) -> ParquetCompression = ParquetCompression::Gzip(level.map(Absent::never));
            /// Brotli at its own level.
            fn Brotli(level: Option<Absent>) -> ParquetCompression
                = ParquetCompression::Brotli(level.map(Absent::never));
            /// Zstandard at a level.
            fn Zstd(level: Option<ZstdLevel>) -> ParquetCompression;
        }
        ZstdLevel {
            /// A level from 1 to 22.
            fn try_new(level: i32) -> PolarsResult<ZstdLevel>;
        }
        StatisticsOptions {
            /// No statistics.
            fn empty() -> StatisticsOptions;
            /// All statistics.
            fn full() -> StatisticsOptions;
        }
        ParquetWriter {
            /// A writer to an open file or a buffer.
            fn new(writer: Sink) -> ParquetWriting = ParquetWriting::new(ParquetWriter::new(writer));
        }
        ParquetReader {
            /// A reader of an open file or a buffer.
            fn new(reader: Source) -> ParquetReading = ParquetReading::new(ParquetReader::new(reader));
        }
        LazyFrame {
            /// polars' own Parquet reader, as a plan.
            fn scan_parquet(path: PlRefPath, args: ScanArgsParquet) -> PolarsResult<LazyFrame>;
            /// Several Parquet files as one plan.
            fn scan_parquet_files(paths: Vec<PlRefPath>, args: ScanArgsParquet) -> PolarsResult<LazyFrame>
                = LazyFrame::scan_parquet_files(paths.into(), args);
            /// Sources of Parquet as one plan.
            fn scan_parquet_sources(sources: ScanSources, args: ScanArgsParquet) -> PolarsResult<LazyFrame>;
        }
    });
    table.add_callables(methods! {
        ParquetWriting {
            /// Metadata to write into the file: none.
            fn with_key_value_metadata(key_value_metadata: Option<Absent>) -> ParquetWriting
                = |this| ParquetWriting::new(this.take()?.with_key_value_metadata(key_value_metadata.map(Absent::never)));
            /// Writes a table; the size of the file.
            fn finish(df: &mut DataFrame) -> PolarsResult<u64> = |this| this.take()?.finish(df);
        }
        ParquetReading {
            /// The number of rows.
            fn num_rows() -> PolarsResult<usize> = |this| this.with(ParquetReader::num_rows)?;
            /// Reads the table.
            fn finish() -> PolarsResult<DataFrame> = |this| this.take()?.finish();
        }
        ParquetWriteOptions {
            /// Which newer types of Arrow are written.
            fn compat_level() -> CompatLevel;
            /// A writer with these options.
            fn to_writer(f: Sink) -> ParquetWriting = |this| ParquetWriting::new(this.to_writer(f));
        }
    });
}
