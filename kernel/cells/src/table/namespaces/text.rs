//! The namespaces of strings, categories and bytes.

use polars::prelude::*;

use super::namespaces;
use crate::convert::IntoExpr;

namespaces! {
    /// Operations on strings.
    StringNameSpace = str {
        /// Whether the string contains the text, taken literally.
        fn contains_literal(pat: IntoExpr) -> Expr;
        /// Whether the string matches the regular expression; `strict`: an invalid one is an error.
        fn contains(pat: IntoExpr, strict: bool) -> Expr;
        /// Whether the string contains any of the patterns.
        fn contains_any(patterns: IntoExpr, ascii_case_insensitive: bool) -> Expr;
        /// Whether the string ends with the text.
        fn ends_with(sub: IntoExpr) -> Expr;
        /// Whether the string begins with the text.
        fn starts_with(sub: IntoExpr) -> Expr;
        /// The string's bytes in hexadecimal.
        fn hex_encode() -> Expr;
        /// The bytes that the hexadecimal digits stand for.
        fn hex_decode(strict: bool) -> Expr;
        /// The string's bytes in Base64.
        fn base64_encode() -> Expr;
        /// The bytes that the Base64 text stands for.
        fn base64_decode(strict: bool) -> Expr;
        /// A group of the first match of the regular expression.
        fn extract(pat: IntoExpr, group_index: usize) -> Expr;
        /// Every match of the regular expression, as a list.
        fn extract_all(pat: IntoExpr) -> Expr;
        /// Fills the beginning up to a length.
        fn pad_start(length: IntoExpr, fill_char: char) -> Expr;
        /// Fills the end up to a length.
        fn pad_end(length: IntoExpr, fill_char: char) -> Expr;
        /// Fills the beginning with zeros up to a length.
        fn zfill(length: IntoExpr) -> Expr;
        /// The byte position of the text, taken literally.
        fn find_literal(pat: IntoExpr) -> Expr;
        /// The byte position of the first match.
        fn find(pat: IntoExpr, strict: bool) -> Expr;
        /// How often the pattern matches.
        fn count_matches(pat: IntoExpr, literal: bool) -> Expr;
        /// Parses into a date, time or datetime.
        fn strptime(dtype: DataType, options: StrptimeOptions, ambiguous: IntoExpr) -> Expr;
        /// Parses into a date.
        fn to_date(options: StrptimeOptions) -> Expr;
        /// Parses into a datetime.
        fn to_datetime(time_unit: Option<TimeUnit>, time_zone: Option<TimeZone>, options: StrptimeOptions,
            ambiguous: IntoExpr) -> Expr;
        /// Parses into a time of day.
        fn to_time(options: StrptimeOptions) -> Expr;
        /// Splits into a list.
        fn split(by: IntoExpr) -> Expr;
        /// Splits into a list, keeping the separators.
        fn split_inclusive(by: IntoExpr) -> Expr;
        /// Splits at most `n` times into a struct of `n + 1` fields.
        fn split_exact(by: IntoExpr, n: usize) -> Expr;
        /// Splits into a struct of `n` fields, the rest in the last.
        fn splitn(by: IntoExpr, n: usize) -> Expr;
        /// Replaces the first match.
        fn replace(pat: IntoExpr, value: IntoExpr, literal: bool) -> Expr;
        /// Replaces the first `n` matches.
        fn replace_n(pat: IntoExpr, value: IntoExpr, literal: bool, n: i64) -> Expr;
        /// Replaces every match.
        fn replace_all(pat: IntoExpr, value: IntoExpr, literal: bool) -> Expr;
        /// The string from back to front.
        fn reverse() -> Expr;
        /// Removes characters at both ends; white space for `lit(NULL)`.
        fn strip_chars(matches: IntoExpr) -> Expr;
        /// Removes characters at the beginning.
        fn strip_chars_start(matches: IntoExpr) -> Expr;
        /// Removes characters at the end.
        fn strip_chars_end(matches: IntoExpr) -> Expr;
        /// Removes a prefix.
        fn strip_prefix(prefix: IntoExpr) -> Expr;
        /// Removes a suffix.
        fn strip_suffix(suffix: IntoExpr) -> Expr;
        /// Lower case.
        fn to_lowercase() -> Expr;
        /// Upper case.
        fn to_uppercase() -> Expr;
        /// The length in bytes.
        fn len_bytes() -> Expr;
        /// The length in characters.
        fn len_chars() -> Expr;
        /// A part, by position and length in characters.
        fn slice(offset: IntoExpr, length: IntoExpr) -> Expr;
        /// The first `n` characters.
        fn head(n: IntoExpr) -> Expr;
        /// The last `n` characters.
        fn tail(n: IntoExpr) -> Expr;
        /// The value at a JSON path, as a string.
        fn json_path_match(pat: IntoExpr) -> Expr;
        /// Parses JSON into a type.
        fn json_decode(dtype: DataType) -> Expr;
        /// The string with regular-expression characters escaped.
        fn escape_regex() -> Expr;
        /// The groups of the regular expression, as a struct.
        fn extract_groups(pat: &str) -> PolarsResult<Expr>;
        /// Joins all strings of the column into one.
        fn join(delimiter: &str, ignore_nulls: bool) -> Expr;
        /// Replaces every occurrence of each of several texts.
        fn replace_many(patterns: Expr, replace_with: Expr, ascii_case_insensitive: bool, leftmost: bool) -> Expr;
        /// The texts of a list that occur, as a list.
        fn extract_many(patterns: Expr, ascii_case_insensitive: bool, overlapping: bool, leftmost: bool) -> Expr;
        /// The byte positions of the texts of a list, as a list.
        fn find_many(patterns: Expr, ascii_case_insensitive: bool, overlapping: bool, leftmost: bool) -> Expr;
        /// Parses into exact decimals with so many digits after the point.
        fn to_decimal(scale: usize) -> Expr;
        /// Parses into integers written in a base.
        fn to_integer(base: Expr, dtype: Option<DataType>, strict: bool) -> Expr;
        /// Splits at most `n` times into a struct, keeping the separators.
        fn split_exact_inclusive(by: Expr, n: usize) -> Expr;
        /// Splits where the regular expression matches.
        fn split_regex(pat: Expr, strict: bool) -> Expr;
        /// Splits after each match of the regular expression.
        fn split_regex_inclusive(pat: Expr, strict: bool) -> Expr;
        /// The string in a Unicode normal form.
        fn normalize(form: UnicodeForm) -> Expr;
    }
    /// Operations on categories.
    CategoricalNameSpace = cat {
        /// The categories that the column knows.
        fn get_categories() -> Expr;
        /// The length of each category in bytes.
        fn len_bytes() -> Expr;
        /// The length of each category in characters.
        fn len_chars() -> Expr;
        /// Whether the category begins with the text.
        fn starts_with(prefix: String) -> Expr;
        /// Whether the category ends with the text.
        fn ends_with(suffix: String) -> Expr;
        /// A part of each category, as a string.
        fn slice(offset: i64, length: Option<usize>) -> Expr;
        /// Numbers read as the categories of a type.
        fn to(dtype: DataType, strict: bool) -> Expr;
        /// The numbers that stand for the categories.
        fn physical() -> Expr;
    }
    /// Operations on bytes.
    BinaryNameSpace = binary {
        /// Whether the bytes occur.
        fn contains_literal(pat: Expr) -> Expr;
        /// Whether the value ends with the bytes.
        fn ends_with(sub: Expr) -> Expr;
        /// Whether the value begins with the bytes.
        fn starts_with(sub: Expr) -> Expr;
        /// The number of bytes.
        fn size_bytes() -> Expr;
        /// The bytes that the hexadecimal digits stand for.
        fn hex_decode(strict: bool) -> Expr;
        /// The bytes in hexadecimal.
        fn hex_encode() -> Expr;
        /// The bytes that the Base64 text stands for.
        fn base64_decode(strict: bool) -> Expr;
        /// The bytes in Base64.
        fn base64_encode() -> Expr;
        /// The bytes read as numbers.
        fn reinterpret(to_type: DataType, is_little_endian: bool) -> Expr;
        /// A part of the bytes.
        fn slice(offset: Expr, length: Expr) -> Expr;
        /// The first `n` bytes.
        fn head(n: Expr) -> Expr;
        /// The last `n` bytes.
        fn tail(n: Expr) -> Expr;
        /// The byte at a position.
        fn get(index: Expr, null_on_oob: bool) -> Expr;
    }
}
