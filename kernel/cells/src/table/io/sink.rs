//! Where plans read from and write to without passing through memory.

use std::sync::Arc;

use polars::io::utils::sync_on_close::SyncOnCloseType;
use polars::prelude::*;

use crate::table::natives::SharedSchema;
use crate::table::{Table, constants, functions, methods, types, variants};

types! {
    /// Files, or bytes in memory, that are read as one.
    ScanSources = |sources| format!("{sources:?}");
    /// How files are read, whatever their format.
    UnifiedScanArgs [default] { schema: Option<SharedSchema>, hive_options: HiveOptions, rechunk: bool, cache: bool, glob: bool,
        projection: Option<Arc<[PlSmallStr]>>, row_index: Option<RowIndex>, missing_columns_policy: MissingColumnsPolicy,
        extra_columns_policy: ExtraColumnsPolicy, include_file_paths: Option<PlSmallStr> } = |args| format!("{args:?}");
    /// Whether folders such as `year=2024` give columns.
    HiveOptions [default] { enabled: Option<bool>, hive_start_idx: usize, schema: Option<SharedSchema>, try_parse_dates: bool }
        = |options| format!("{options:?}");
    /// A column that numbers the rows.
    RowIndex [blank] { name: PlSmallStr, offset: u32 } = |index| format!("{index:?}");
    /// Where a plan writes to: one file, or a folder.
    SinkDestination = |destination| format!("{destination:?}");
    /// The file that a plan writes to.
    SinkTarget = |target| format!("{target:?}");
    /// The format that a plan writes.
    FileWriteFormat = |format| format!("{format:?}");
    /// How a plan writes, whatever the format.
    UnifiedSinkArgs [default] { mkdir: bool, maintain_order: bool, sync_on_close: SyncOnCloseType } = |args| format!("{args:?}");
    /// Whether files are on disk before the writer goes on.
    SyncOnCloseType [default] = |sync| format!("{sync:?}");
    /// How CSV files are written.
    CsvWriterOptions [default] { include_bom: bool, include_header: bool } = |options| format!("{options:?}");
    /// How files of JSON lines are written.
    NDJsonWriterOptions [default] = |options| format!("{options:?}");
}

impl crate::table::Blank for RowIndex {
    fn blank() -> Self {
        Self { name: PlSmallStr::EMPTY, offset: 0 }
    }
}

/// Adds the rows of this file.
pub(super) fn register(table: &mut Table) {
    table.add_types(type_rows());
    table.add_types(variants! {
        /// One file.
        SinkDestination::File { target: SinkTarget } = SinkDestination::File { target: SinkTarget::Path(PlRefPath::new("")) };
    });
    table.add_constants(constants! { SyncOnCloseType { None, Data, All } });
    table.add_callables(functions! {
        ScanSources {
            /// Files by their paths.
            fn Paths(paths: Vec<PlRefPath>) -> ScanSources = ScanSources::Paths(paths.into());
        }
        PlRefPath {
            /// A path: a string in a cell.
            fn new(path: String) -> String = path;
        }
        SinkTarget {
            /// A file by its path.
            fn Path(path: PlRefPath) -> SinkTarget;
        }
        FileWriteFormat {
            /// Parquet.
            fn Parquet(options: ParquetWriteOptions) -> FileWriteFormat = FileWriteFormat::Parquet(Arc::new(options));
            /// Arrow IPC.
            fn Ipc(options: IpcWriterOptions) -> FileWriteFormat;
            /// CSV.
            fn Csv(options: CsvWriterOptions) -> FileWriteFormat;
            /// JSON lines.
            fn NDJson(options: NDJsonWriterOptions) -> FileWriteFormat;
        }
        HiveOptions {
            /// Folders give columns.
            fn new_enabled() -> HiveOptions;
            /// Folders are only folders.
            fn new_disabled() -> HiveOptions;
        }
    });
    table.add_callables(methods! {
        LazyFrame {
            /// A plan that writes its rows when it is collected, without holding them all in memory.
            fn sink(sink_type: SinkDestination, file_format: FileWriteFormat, unified_sink_args: UnifiedSinkArgs)
                -> PolarsResult<LazyFrame>;
        }
        SinkTarget {
            /// The path.
            fn to_display_string() -> String;
        }
    });
}
