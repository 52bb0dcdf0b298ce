//! Parquet files as a lazy frame.

use aerostat_error::Result;
use polars::io::HiveOptions;
use polars::prelude::{LazyFrame, ParquetOptions, PlRefPath, SchemaRef};
use polars_plan::dsl::{
    CastColumnsPolicy, DslBuilder, ExtraColumnsPolicy, MissingColumnsPolicy, ScanSources, UnifiedScanArgs,
};

use crate::errors::from_polars;

/// The rows of the files. With a `schema` nothing is opened before the frame is collected.
pub(crate) fn scan(paths: Vec<PlRefPath>, schema: Option<SchemaRef>, args: UnifiedScanArgs) -> Result<LazyFrame> {
    let options = ParquetOptions { schema, ..ParquetOptions::default() };
    let sources = ScanSources::Paths(paths.into_iter().collect());
    Ok(DslBuilder::scan_parquet(sources, options, args).map_err(from_polars)?.build().into())
}

/// Files may lack columns that others have, and may have been written with types that widen safely.
pub(crate) fn lenient() -> UnifiedScanArgs {
    UnifiedScanArgs {
        hive_options: HiveOptions::new_disabled(),
        glob: false,
        missing_columns_policy: MissingColumnsPolicy::Insert,
        extra_columns_policy: ExtraColumnsPolicy::Ignore,
        cast_columns_policy: CastColumnsPolicy {
            integer_upcast: true,
            float_upcast: true,
            datetime_nanoseconds_downcast: true,
            datetime_milliseconds_upcast: true,
            datetime_convert_timezone: true,
            missing_struct_fields: MissingColumnsPolicy::Insert,
            extra_struct_fields: ExtraColumnsPolicy::Ignore,
            ..CastColumnsPolicy::ERROR_ON_MISMATCH
        },
        ..UnifiedScanArgs::default()
    }
}
