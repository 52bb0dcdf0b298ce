//! JSON with Spark's options.

use std::fs::File;
use std::num::NonZeroUsize;
use std::sync::Arc;

use aerostat_error::Result;
use polars::functions::concat_df_diagonal;
use polars::prelude::{
    DataFrame, DataType, Expr, IntoLazy, JsonReader, LazyFrame, NDJsonReadOptions, PlRefPath, PolarsResult, Schema,
    SchemaRef, SerReader,
};
use polars_plan::dsl::{DslPlan, FileScanDsl, ScanSources, UnifiedScanArgs};

use super::csv::fail_fast;
use super::typed::Target;
use crate::Session;
use crate::files::Files;
use crate::formats::translate;
use crate::options::Options;

/// Options of Spark that are not honoured.
const REFUSED: &[&str] = &[
    "allowBackslashEscapingAnyCharacter",
    "allowComments",
    "allowNonNumericNumbers",
    "allowNumericLeadingZeros",
    "allowSingleQuotes",
    "allowUnquotedControlChars",
    "allowUnquotedFieldNames",
    "columnNameOfCorruptRecord",
    "dropFieldIfAllNull",
    "encoding",
    "lineSep",
    "locale",
    "prefersDecimal",
    "primitivesAsString",
    "samplingRatio",
    "timeZone",
    "timestampNTZFormat",
];

/// Bytes of lines that are parsed together.
const CHUNK: NonZeroUsize = NonZeroUsize::new(1 << 18).unwrap();

/// The files as a frame. Without a schema, all values are looked at to find the types.
pub(super) fn read(session: &Session, options: &Options, schema: Option<SchemaRef>, files: Files) -> Result<LazyFrame> {
    let strict = fail_fast(options)?;
    let array = options.flag("multiLine")?.unwrap_or(false);
    let date = options.get("dateFormat").map(translate).transpose()?;
    let timestamp = options.get("timestampFormat").map(translate).transpose()?;
    options.finish("JSON", REFUSED)?;
    let parsed = schema.as_deref().map(parsed);
    let frame = if array { arrays(session, files.paths, parsed)? } else { lines(files, parsed, strict) };
    let Some(schema) = schema else { return Ok(frame) };
    let texts = schema.iter().filter(|(_, dtype)| is_text(dtype)).map(|(name, dtype)| {
        let format = if *dtype == DataType::Date { date.clone() } else { timestamp.clone() };
        Target { format, ..Target::new(name, dtype.clone()) }.parsed(strict)
    });
    Ok(frame.with_columns(texts.collect::<Vec<Expr>>()))
}

/// The schema with strings for the types that JSON writes as strings.
fn parsed(schema: &Schema) -> SchemaRef {
    let text = |dtype: &DataType| if is_text(dtype) { DataType::String } else { dtype.clone() };
    Arc::new(schema.iter().map(|(name, dtype)| (name.clone(), text(dtype))).collect())
}

fn is_text(dtype: &DataType) -> bool {
    matches!(dtype, DataType::Date | DataType::Datetime(..) | DataType::Decimal(..))
}

fn lines(files: Files, schema: Option<SchemaRef>, strict: bool) -> LazyFrame {
    let options = NDJsonReadOptions {
        n_threads: None,
        infer_schema_length: None,
        chunk_size: CHUNK,
        low_memory: false,
        ignore_errors: !strict && schema.is_some(),
        schema,
        schema_overwrite: None,
    };
    let args = UnifiedScanArgs { hive_options: files.hive_options, glob: false, ..UnifiedScanArgs::default() };
    LazyFrame::from(DslPlan::Scan {
        sources: ScanSources::Paths(files.paths.into_iter().collect()),
        unified_scan_args: Box::new(args),
        scan_type: Box::new(FileScanDsl::NDJson { options }),
        cached_ir: Default::default(),
    })
}

/// Each file is one array; polars reads such files at once and whole.
fn arrays(session: &Session, paths: Vec<PlRefPath>, schema: Option<SchemaRef>) -> Result<LazyFrame> {
    session.run(move || {
        let frames = paths.iter().map(|path| array(path, schema.clone())).collect::<PolarsResult<Vec<_>>>()?;
        Ok(concat_df_diagonal(&frames)?.lazy())
    })
}

fn array(path: &PlRefPath, schema: Option<SchemaRef>) -> PolarsResult<DataFrame> {
    let reader = JsonReader::new(File::open(path.as_std_path())?).infer_schema_len(None);
    match schema {
        Some(schema) => reader.with_schema(schema).finish(),
        None => reader.finish(),
    }
}
