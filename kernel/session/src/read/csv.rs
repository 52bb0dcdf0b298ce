//! CSV with Spark's options.

use std::sync::Arc;

use aerostat_error::{Error, Result};
use polars::io::HiveOptions;
use polars::prelude::{
    CommentPrefix, CsvEncoding, CsvParseOptions, CsvReadOptions, DataType, Expr, LazyFrame, NullValues, PlSmallStr,
    Schema, SchemaRef,
};
use polars_plan::dsl::{DslBuilder, ScanSources, UnifiedScanArgs};

use super::infer;
use super::typed::Target;
use crate::Session;
use crate::errors::from_polars;
use crate::files::Files;
use crate::formats::translate;
use crate::options::{Options, invalid};

/// Options of Spark that are not honoured.
const REFUSED: &[&str] = &[
    "charToEscapeQuoteEscaping",
    "columnNameOfCorruptRecord",
    "emptyValue",
    "enableDateTimeParsingFallback",
    "ignoreLeadingWhiteSpace",
    "ignoreTrailingWhiteSpace",
    "lineSep",
    "locale",
    "maxCharsPerColumn",
    "maxColumns",
    "nanValue",
    "negativeInf",
    "positiveInf",
    "preferDate",
    "samplingRatio",
    "timestampNTZFormat",
    "timeZone",
    "unescapedQuoteHandling",
];

/// The files as a frame: with the given schema, with types found in the values, or all strings.
pub(super) fn read(session: &Session, options: &Options, schema: Option<SchemaRef>, files: Files) -> Result<LazyFrame> {
    let csv = Csv::new(options, files)?;
    options.finish("CSV", REFUSED)?;
    match schema {
        // The schema counts by position.
        Some(schema) => csv.frame(&infer::formats(session, &csv, &schema)?, csv.fail_fast),
        None if csv.infer => infer::read(session, &csv),
        None => csv.untyped(session),
    }
}

/// What the options say, and the files.
pub(super) struct Csv {
    files: Files,
    parse: CsvParseOptions,
    header: bool,
    /// Lines before the header, or before the first row.
    skipped: usize,
    infer: bool,
    fail_fast: bool,
    pub(super) date_format: Option<String>,
    pub(super) timestamp_format: Option<String>,
}

impl Csv {
    fn new(options: &Options, files: Files) -> Result<Self> {
        Ok(Self {
            files,
            parse: parse_options(options)?,
            header: options.flag("header")?.unwrap_or(false),
            skipped: skipped(options)?,
            infer: options.flag("inferSchema")?.unwrap_or(false),
            fail_fast: fail_fast(options)?,
            date_format: options.get("dateFormat").map(translate).transpose()?,
            timestamp_format: options.get("timestampFormat").map(translate).transpose()?,
        })
    }

    /// Without a header, the columns are `_c0`, `_c1`, ..
    fn untyped(&self, session: &Session) -> Result<LazyFrame> {
        self.strings(&self.suggested(session, 0)?, true)
    }

    /// The schema that the first lines suggest; no lines suggest strings.
    pub(super) fn suggested(&self, session: &Session, lines: usize) -> Result<SchemaRef> {
        self.schema(session, CsvReadOptions { infer_schema_length: Some(lines), ..self.options() })
    }

    /// The schema of the files without their folders, with Spark's names for columns that have none.
    fn schema(&self, session: &Session, options: CsvReadOptions) -> Result<SchemaRef> {
        let mut frame = self.scan(options, HiveOptions::new_disabled())?;
        let schema = session.run(move || frame.collect_schema())?;
        if self.header {
            return Ok(schema);
        }
        let fields = schema.iter_values().enumerate();
        Ok(Arc::new(fields.map(|(index, dtype)| (PlSmallStr::from(format!("_c{index}")), dtype.clone())).collect()))
    }

    /// The columns of `schema` as strings.
    pub(super) fn strings(&self, schema: &SchemaRef, strict: bool) -> Result<LazyFrame> {
        let strings: Vec<Target> = schema.iter_names().map(|name| Target::new(name, DataType::String)).collect();
        self.frame(&strings, strict)
    }

    /// The columns as they should be read; what does not fit is an error if `strict`, else null.
    pub(super) fn frame(&self, targets: &[Target], strict: bool) -> Result<LazyFrame> {
        let read = |target: &Target| if parses(&target.dtype) { target.dtype.clone() } else { DataType::String };
        let schema: Schema = targets.iter().map(|target| (target.name.clone(), read(target))).collect();
        // Lines with more values than columns are cut, unless asked to fail.
        let parse_options = self.parse.clone().with_truncate_ragged_lines(!(strict && self.fail_fast)).into();
        let schema = Some(schema.into());
        let options = CsvReadOptions { schema, ignore_errors: !strict, parse_options, ..self.options() };
        let frame = self.scan(options, self.files.hive_options.clone())?;
        let rest = targets.iter().filter(|target| !parses(&target.dtype)).map(|target| target.parsed(strict));
        Ok(frame.with_columns(rest.collect::<Vec<Expr>>()))
    }

    fn options(&self) -> CsvReadOptions {
        CsvReadOptions {
            has_header: self.header,
            skip_lines: self.skipped,
            parse_options: Arc::new(self.parse.clone()),
            raise_if_empty: false,
            ..CsvReadOptions::default()
        }
    }

    fn scan(&self, options: CsvReadOptions, hive_options: HiveOptions) -> Result<LazyFrame> {
        let sources = ScanSources::Paths(self.files.paths.iter().cloned().collect());
        let args = UnifiedScanArgs { hive_options, glob: false, ..UnifiedScanArgs::default() };
        Ok(DslBuilder::scan_csv(sources, options, args).map_err(from_polars)?.build().into())
    }
}

/// Whether polars' reader makes the type itself, and fast.
fn parses(dtype: &DataType) -> bool {
    dtype.is_integer()
        || dtype.is_float()
        || matches!(dtype, DataType::Boolean | DataType::String | DataType::Decimal(..))
}

fn parse_options(options: &Options) -> Result<CsvParseOptions> {
    let separator = match options.byte("sep")? {
        Some(separator) => Some(separator),
        None => options.byte("delimiter")?,
    };
    let quote = match options.get("quote") {
        Some("") => None,
        _ => Some(options.byte("quote")?.unwrap_or(b'"')),
    };
    escape(options, quote)?;
    encoding(options)?;
    options.only("multiLine", "true")?;
    options.only("enforceSchema", "true")?;
    let nulls = options.get("nullValue").filter(|value| !value.is_empty());
    Ok(CsvParseOptions::default()
        .with_separator(separator.unwrap_or(b','))
        .with_quote_char(quote)
        .with_null_values(nulls.map(|value| NullValues::AllColumnsSingle(value.into())))
        .with_comment_prefix(options.byte("comment")?.map(CommentPrefix::Single))
        // As Java decodes, with a replacement character for what is no UTF-8.
        .with_encoding(CsvEncoding::LossyUtf8))
}

/// Databricks' option for preambles.
fn skipped(options: &Options) -> Result<usize> {
    let Some(value) = options.get("skipRows") else { return Ok(0) };
    value.parse().map_err(|_| invalid("skipRows", value, "a number of lines"))
}

/// Polars reads doubled quotes only.
fn escape(options: &Options, quote: Option<u8>) -> Result<()> {
    match (options.byte("escape")?, quote) {
        (Some(escape), Some(quote)) if escape != quote => {
            Err(Error::not_supported("quotes in CSV can only be escaped by doubling them")
                .with_hint(format!("leave the option out, or set it to `{}`", quote as char)))
        }
        _ => Ok(()),
    }
}

fn encoding(options: &Options) -> Result<()> {
    let encoding = options.get("encoding").or_else(|| options.get("charset")).unwrap_or("UTF-8");
    match encoding.to_uppercase().as_str() {
        "UTF-8" | "UTF8" | "US-ASCII" => Ok(()),
        _ => Err(Error::not_supported(format!("encoding `{encoding}` is not supported"))
            .with_hint("convert the file first, e.g. with `!iconv -f latin1 -t utf8 in.csv > out.csv`")),
    }
}

pub(super) fn fail_fast(options: &Options) -> Result<bool> {
    match options.get("mode").map(str::to_uppercase).as_deref() {
        None | Some("PERMISSIVE") => Ok(false),
        Some("FAILFAST") => Ok(true),
        Some("DROPMALFORMED") => Err(Error::not_supported("mode `DROPMALFORMED` is not supported")
            .with_hint("read with mode `PERMISSIVE`, which gives null for what does not fit, and filter")),
        Some(other) => Err(invalid("mode", other, "`PERMISSIVE` or `FAILFAST`")),
    }
}
