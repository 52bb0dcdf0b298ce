//! polars' own CSV readers and writers.

use std::num::NonZeroUsize;
use std::sync::Arc;

use aerostat_error::Result;
use polars::prelude::*;

use super::stream::{Sink, Source, movable};
use crate::lend::Absent;
use crate::table::natives::SharedSchema;
use crate::table::{Callable, Table, constants, functions, methods, types};

types! {
    /// How a CSV file is read.
    CsvReadOptions [default] = |options| format!("{options:?}");
    /// How the text of a CSV file is taken apart.
    CsvParseOptions [default] = |options| format!("{options:?}");
    /// polars' own CSV reader, as a plan.
    LazyCsvReader = |_reader| "LazyCsvReader".into();
    /// Whether text that is not UTF-8 is an error.
    CsvEncoding [default] = |encoding| format!("{encoding:?}");
    /// What stands for null in a CSV file.
    NullValues = |values| format!("{values:?}");
    /// When fields are put into quotes.
    QuoteStyle [default] = |style| format!("{style:?}");
}

movable! {
    /// polars' own CSV reader.
    CsvReading(CsvReader<Source>) as "CsvReader" {
        /// With options.
        fn with_options(options: CsvReadOptions);
        /// Whether each column is put into one piece of memory.
        fn set_rechunk(rechunk: bool);
    }
    /// polars' own CSV writer.
    CsvWriting(CsvWriter<Sink>) as "CsvWriter" {
        /// Whether a mark of the byte order comes first.
        fn include_bom(include_bom: bool);
        /// Whether the first line names the columns.
        fn include_header(include_header: bool);
        /// The character between fields.
        fn with_separator(separator: u8);
        /// How many rows are written at once.
        fn with_batch_size(batch_size: NonZeroUsize);
        /// How dates are written.
        fn with_date_format(format: Option<PlSmallStr>);
        /// How times of day are written.
        fn with_time_format(format: Option<PlSmallStr>);
        /// How datetimes are written.
        fn with_datetime_format(format: Option<PlSmallStr>);
        /// Whether floats are written with an exponent.
        fn with_float_scientific(scientific: Option<bool>);
        /// How many decimals floats are written with.
        fn with_float_precision(precision: Option<usize>);
        /// Whether decimals have a comma.
        fn with_decimal_comma(decimal_comma: bool);
        /// The character around fields.
        fn with_quote_char(char: u8);
        /// What stands for null.
        fn with_null_value(null_value: PlSmallStr);
        /// What ends a line.
        fn with_line_terminator(line_terminator: PlSmallStr);
        /// When fields are put into quotes.
        fn with_quote_style(quote_style: QuoteStyle);
        /// On so many threads.
        fn n_threads(n_threads: usize);
    }
}

/// Adds the rows of this file.
pub(super) fn register(table: &mut Table) {
    table.add_types(type_rows());
    table.add_types(movable_types());
    table.add_constants(constants! {
        CsvEncoding { Utf8, LossyUtf8 }
        QuoteStyle { Necessary, Always, NonNumeric, Never }
    });
    for rows in [movable_rows(), options(), lazy(), ends(), starts()] {
        table.add_callables(rows);
    }
}

fn options() -> Vec<Callable> {
    methods! {
        CsvReadOptions {
            /// With a path to read from.
            fn with_path(path: Option<String>) -> CsvReadOptions;
            /// Whether each column is put into one piece of memory.
            fn with_rechunk(rechunk: bool) -> CsvReadOptions;
            /// On so many threads.
            fn with_n_threads(n_threads: Option<usize>) -> CsvReadOptions;
            /// Whether memory is saved at the cost of speed.
            fn with_low_memory(low_memory: bool) -> CsvReadOptions;
            /// At most so many rows.
            fn with_n_rows(n_rows: Option<usize>) -> CsvReadOptions;
            /// With the number of the row as a column.
            fn with_row_index(row_index: Option<RowIndex>) -> CsvReadOptions;
            /// Only some columns, by name.
            fn with_columns(columns: Option<Arc<[PlSmallStr]>>) -> CsvReadOptions;
            /// Only some columns, by position.
            fn with_projection(projection: Option<Arc<Vec<usize>>>) -> CsvReadOptions;
            /// The names and types of all columns.
            fn with_schema(schema: Option<SharedSchema>) -> CsvReadOptions;
            /// The types of some columns, by name.
            fn with_schema_overwrite(schema_overwrite: Option<SharedSchema>) -> CsvReadOptions;
            /// The types of the first columns, by position.
            fn with_dtype_overwrite(dtype_overwrite: Option<Arc<Vec<DataType>>>) -> CsvReadOptions;
            /// How the text is taken apart.
            fn with_parse_options(parse_options: CsvParseOptions) -> CsvReadOptions;
            /// Whether the first line names the columns.
            fn with_has_header(has_header: bool) -> CsvReadOptions;
            /// How much is read at once.
            fn with_chunk_size(chunk_size: usize) -> CsvReadOptions;
            /// Rows to skip at the beginning.
            fn with_skip_rows(skip_rows: usize) -> CsvReadOptions;
            /// Lines to skip at the beginning, whatever is in them.
            fn with_skip_lines(skip_lines: usize) -> CsvReadOptions;
            /// Rows to skip below the header.
            fn with_skip_rows_after_header(skip_rows_after_header: usize) -> CsvReadOptions;
            /// How many rows decide the types; all for `None`.
            fn with_infer_schema_length(infer_schema_length: Option<usize>) -> CsvReadOptions;
            /// How many files decide the types.
            fn with_infer_schema_files(infer_schema_files: NonZeroUsize) -> CsvReadOptions;
            /// Whether an empty file is an error.
            fn with_raise_if_empty(raise_if_empty: bool) -> CsvReadOptions;
            /// Whether fields that do not parse become null.
            fn with_ignore_errors(ignore_errors: bool) -> CsvReadOptions;
            /// The new names of all columns.
            fn with_column_names_overwrite(names: Vec<PlSmallStr>) -> CsvReadOptions
                = |this| this.with_column_names_overwrite(names.into());
            /// How the text is taken apart.
            fn get_parse_options() -> CsvParseOptions = |this| (*this.get_parse_options()).clone();
        }
        CsvParseOptions {
            /// The character between fields.
            fn with_separator(separator: u8) -> CsvParseOptions;
            /// The character around fields; none for `None`.
            fn with_quote_char(quote_char: Option<u8>) -> CsvParseOptions;
            /// The character at the end of a line.
            fn with_eol_char(eol_char: u8) -> CsvParseOptions;
            /// Whether text that is not UTF-8 is an error.
            fn with_encoding(encoding: CsvEncoding) -> CsvParseOptions;
            /// What stands for null.
            fn with_null_values(null_values: Option<NullValues>) -> CsvParseOptions;
            /// Whether an empty field is null, or an empty string.
            fn with_missing_is_null(missing_is_null: bool) -> CsvParseOptions;
            /// Whether lines with too many fields are cut.
            fn with_truncate_ragged_lines(truncate_ragged_lines: bool) -> CsvParseOptions;
            /// Whether dates are recognised.
            fn with_try_parse_dates(try_parse_dates: bool) -> CsvParseOptions;
            /// Whether decimals have a comma.
            fn with_decimal_comma(decimal_comma: bool) -> CsvParseOptions;
            /// What begins a line that is a comment.
            fn with_comment_prefix(comment_prefix: Option<&str>) -> CsvParseOptions;
        }
    }
}

fn lazy() -> Vec<Callable> {
    methods! {
        LazyCsvReader {
            /// Whether each column is put into one piece of memory.
            fn with_rechunk(rechunk: bool) -> LazyCsvReader;
            /// On so many threads.
            fn with_n_threads(n_threads: Option<usize>) -> LazyCsvReader;
            /// Whether memory is saved at the cost of speed.
            fn with_low_memory(low_memory: bool) -> LazyCsvReader;
            /// At most so many rows.
            fn with_n_rows(n_rows: Option<usize>) -> LazyCsvReader;
            /// With the number of the row as a column.
            fn with_row_index(row_index: Option<RowIndex>) -> LazyCsvReader;
            /// The names and types of all columns.
            fn with_schema(schema: Option<SharedSchema>) -> LazyCsvReader;
            /// Whether the first line names the columns.
            fn with_has_header(has_header: bool) -> LazyCsvReader;
            /// How much is read at once.
            fn with_chunk_size(chunk_size: usize) -> LazyCsvReader;
            /// Rows to skip at the beginning.
            fn with_skip_rows(skip_rows: usize) -> LazyCsvReader;
            /// Lines to skip at the beginning, whatever is in them.
            fn with_skip_lines(skip_lines: usize) -> LazyCsvReader;
            /// Rows to skip below the header.
            fn with_skip_rows_after_header(offset: usize) -> LazyCsvReader;
            /// How many rows decide the types; all for `None`.
            fn with_infer_schema_length(infer_schema_length: Option<usize>) -> LazyCsvReader;
            /// How many files decide the types.
            fn with_infer_schema_files(infer_schema_files: NonZeroUsize) -> LazyCsvReader;
            /// Whether an empty file is an error.
            fn with_raise_if_empty(raise_if_empty: bool) -> LazyCsvReader;
            /// Whether fields that do not parse become null.
            fn with_ignore_errors(ignore_errors: bool) -> LazyCsvReader;
            /// The character between fields.
            fn with_separator(separator: u8) -> LazyCsvReader;
            /// The character around fields; none for `None`.
            fn with_quote_char(quote_char: Option<u8>) -> LazyCsvReader;
            /// The character at the end of a line.
            fn with_eol_char(eol_char: u8) -> LazyCsvReader;
            /// Whether text that is not UTF-8 is an error.
            fn with_encoding(encoding: CsvEncoding) -> LazyCsvReader;
            /// What stands for null.
            fn with_null_values(null_values: Option<NullValues>) -> LazyCsvReader;
            /// Whether an empty field is null, or an empty string.
            fn with_missing_is_null(missing_is_null: bool) -> LazyCsvReader;
            /// Whether lines with too many fields are cut.
            fn with_truncate_ragged_lines(truncate_ragged_lines: bool) -> LazyCsvReader;
            /// Whether dates are recognised.
            fn with_try_parse_dates(try_parse_dates: bool) -> LazyCsvReader;
            /// Whether decimals have a comma.
            fn with_decimal_comma(decimal_comma: bool) -> LazyCsvReader;
            /// What begins a line that is a comment.
            fn with_comment_prefix(comment_prefix: Option<PlSmallStr>) -> LazyCsvReader;
            /// The types of some columns, by name.
            fn with_dtype_overwrite(schema: Option<SharedSchema>) -> LazyCsvReader;
            /// The types of the first columns, by position.
            fn with_dtype_overwrite_by_position(dtypes: Option<Arc<Vec<DataType>>>) -> LazyCsvReader;
            /// Whether a file that is read twice is kept.
            fn with_cache(cache: bool) -> LazyCsvReader;
            /// Whether the path is a pattern.
            fn with_glob(toggle: bool) -> LazyCsvReader;
            /// With the path of the file as a column.
            fn with_include_file_paths(include_file_paths: Option<PlSmallStr>) -> LazyCsvReader;
            /// What happens where a file lacks a column.
            fn with_missing_columns_policy(policy: Option<MissingColumnsPolicy>) -> LazyCsvReader;
            /// The new names of all columns.
            fn with_column_names_overwrite(names: Vec<PlSmallStr>) -> LazyCsvReader
                = |this| this.with_column_names_overwrite(names.into());
            /// Options of remote files: none.
            fn with_cloud_options(cloud_options: Option<Absent>) -> LazyCsvReader
                = |this| this.with_cloud_options(cloud_options.map(Absent::never));
            /// The plan that reads the file.
            fn finish() -> PolarsResult<LazyFrame>;
        }
    }
}

/// What readers and writers end with.
fn ends() -> Vec<Callable> {
    methods! {
        CsvReading {
            /// Reads the table.
            fn finish() -> PolarsResult<DataFrame> = |this| this.take()?.finish();
        }
        CsvWriting {
            /// Writes a table.
            fn finish(df: &mut DataFrame) -> PolarsResult<()> = |this| this.with(|writer| writer.finish(df))?;
        }
        CsvReadOptions {
            /// A reader of the file at the path, or at the one given before.
            fn try_into_reader_with_file_path(path: Option<String>) -> Result<CsvReading> = |this| file_reader(this,
                path);
            /// A reader of an open file or a buffer.
            fn into_reader_with_file_handle(reader: Source) -> CsvReading
                = |this| CsvReading::new(this.into_reader_with_file_handle(reader));
        }
    }
}

fn file_reader(options: CsvReadOptions, path: Option<String>) -> Result<CsvReading> {
    let path = path.map(Into::into).or_else(|| options.path.clone());
    // polars asserts that exactly one path is given.
    let path = path.ok_or_else(|| aerostat_error::Error::invalid_argument("no path is given"))?;
    let file = std::fs::File::open(&path).map_err(|error| aerostat_error::Error::io(path.display(), &error))?;
    Ok(CsvReading::new(options.into_reader_with_file_handle(Box::new(file))))
}

/// What readers and writers begin with.
fn starts() -> Vec<Callable> {
    functions! {
        CsvReader {
            /// A reader of an open file or a buffer.
            fn new(reader: Source) -> CsvReading = CsvReading::new(CsvReader::new(reader));
        }
        CsvWriter {
            /// A writer to an open file or a buffer.
            fn new(buffer: Sink) -> CsvWriting = CsvWriting::new(CsvWriter::new(buffer));
        }
        NullValues {
            /// One text, in all columns.
            fn AllColumnsSingle(value: PlSmallStr) -> NullValues;
            /// Several texts, in all columns.
            fn AllColumns(values: Vec<PlSmallStr>) -> NullValues;
            /// A text for each of some columns.
            fn Named(values: Vec<(PlSmallStr, PlSmallStr)>) -> NullValues;
        }
        LazyCsvReader {
            /// A reader of a file, folder or pattern.
            fn new(path: PlRefPath) -> LazyCsvReader;
            /// A reader of several files.
            fn new_paths(paths: Vec<PlRefPath>) -> LazyCsvReader = LazyCsvReader::new_paths(paths.into());
            /// A reader of sources.
            fn new_with_sources(sources: ScanSources) -> LazyCsvReader;
        }
    }
}
