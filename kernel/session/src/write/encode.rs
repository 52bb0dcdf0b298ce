//! How files are encoded, by Spark's options.

use std::fs::File;
use std::io::BufWriter;

use aerostat_error::Result;
use aerostat_metastore::Format;
use polars::prelude::{
    CsvWriter, DataFrame, IpcWriter, JsonWriter, ParquetCompression, PolarsResult, QuoteStyle, SerWriter,
};

use crate::formats::translate;
use crate::hive::{self, Serde};
use crate::options::{Options, invalid};

/// Options of Spark's CSV writer that are not honoured.
const REFUSED: &[&str] = &[
    "charToEscapeQuoteEscaping",
    "emptyValue",
    "encoding",
    "escape",
    "escapeQuotes",
    "ignoreLeadingWhiteSpace",
    "ignoreTrailingWhiteSpace",
    "lineSep",
    "timestampNTZFormat",
    "timeZone",
];

/// How files are written.
#[derive(Clone)]
pub(super) enum Encoding {
    Parquet(ParquetCompression),
    Text(Text),
}

/// Formats of which a file is written in one piece.
#[derive(Clone)]
pub(super) enum Text {
    Csv(Csv),
    Json,
    Ipc,
    /// With so many lines of names before the rows.
    Lines(Serde, usize),
}

/// What the options of CSV say.
#[derive(Clone)]
pub(super) struct Csv {
    header: bool,
    separator: u8,
    quote: u8,
    quote_all: bool,
    null: String,
    date_format: Option<String>,
    timestamp_format: Option<String>,
}

impl Encoding {
    /// Takes the options of the format.
    pub(super) fn new(format: Format, options: &Options) -> Result<Self> {
        match format {
            Format::Parquet | Format::Delta => Ok(Self::Parquet(compression(options)?)),
            Format::Csv => {
                options.only("compression", "none")?;
                Ok(Self::Text(Text::Csv(Csv::new(options)?)))
            }
            Format::Json => {
                options.only("compression", "none")?;
                Ok(Self::Text(Text::Json))
            }
            Format::Ipc => {
                options.only("compression", "none")?;
                Ok(Self::Text(Text::Ipc))
            }
            Format::Text => {
                options.only("compression", "none")?;
                let given = hive::OPTIONS.iter().filter_map(|name| Some((*name, options.get(name)?)));
                let given = given.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
                Ok(Self::Text(Text::Lines(Serde::new(&given)?, 0)))
            }
        }
    }

    /// The names of Spark's options that are refused.
    pub(super) fn refused(&self) -> &'static [&'static str] {
        match self {
            Self::Text(Text::Csv(_)) => REFUSED,
            Self::Parquet(_) | Self::Text(Text::Json | Text::Ipc | Text::Lines(..)) => &[],
        }
    }
}

impl Text {
    pub(super) fn extension(&self) -> &'static str {
        match self {
            Self::Csv(_) => "csv",
            Self::Json => "json",
            Self::Ipc => "arrow",
            Self::Lines(..) => "txt",
        }
    }

    /// Writes all of `frame`.
    pub(super) fn write(&self, frame: &mut DataFrame, file: &File) -> PolarsResult<()> {
        match self {
            Self::Csv(csv) => csv.write(frame, file),
            Self::Json => JsonWriter::new(BufWriter::new(file)).finish(frame),
            Self::Ipc => IpcWriter::new(BufWriter::new(file)).finish(frame),
            Self::Lines(serde, header) => serde.write(frame, *header, file),
        }
    }
}

impl Csv {
    fn new(options: &Options) -> Result<Self> {
        let separator = match options.byte("sep")? {
            Some(separator) => Some(separator),
            None => options.byte("delimiter")?,
        };
        Ok(Self {
            header: options.flag("header")?.unwrap_or(false),
            separator: separator.unwrap_or(b','),
            quote: options.byte("quote")?.unwrap_or(b'"'),
            quote_all: options.flag("quoteAll")?.unwrap_or(false),
            null: options.get("nullValue").unwrap_or_default().to_owned(),
            date_format: options.get("dateFormat").map(translate).transpose()?,
            timestamp_format: options.get("timestampFormat").map(translate).transpose()?,
        })
    }

    fn write(&self, frame: &mut DataFrame, file: &File) -> PolarsResult<()> {
        CsvWriter::new(file)
            .include_header(self.header)
            .with_separator(self.separator)
            .with_quote_char(self.quote)
            .with_quote_style(if self.quote_all { QuoteStyle::Always } else { QuoteStyle::Necessary })
            .with_null_value(self.null.as_str().into())
            .with_date_format(self.date_format.as_deref().map(Into::into))
            .with_datetime_format(self.timestamp_format.as_deref().map(Into::into))
            .finish(frame)
    }
}

fn compression(options: &Options) -> Result<ParquetCompression> {
    match options.get("compression").unwrap_or("snappy").to_lowercase().as_str() {
        "none" | "uncompressed" => Ok(ParquetCompression::Uncompressed),
        "snappy" => Ok(ParquetCompression::Snappy),
        "gzip" => Ok(ParquetCompression::Gzip(None)),
        "zstd" => Ok(ParquetCompression::Zstd(None)),
        "lz4" | "lz4_raw" => Ok(ParquetCompression::Lz4Raw),
        other => Err(invalid("compression", other, "`none`, `snappy`, `gzip`, `zstd` or `lz4`")),
    }
}
