//! Functions of text that the engine lacks or does otherwise than Spark.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, ListBuilder, StringArray, StringBuilder};
use datafusion::arrow::datatypes::{DataType, Field, Float64Type, Int64Type};
use datafusion::common::{Result, exec_datafusion_err};
use datafusion::logical_expr::ScalarUDF;
use regex::Regex;

use super::udf::{Plain, text_at, texts};

/// The functions.
pub(super) fn functions() -> Vec<ScalarUDF> {
    use DataType::{Float64, Int64, Utf8};
    let list = DataType::List(Arc::new(Field::new_list_field(Utf8, true)));
    vec![
        Plain::udf("initcap", vec![vec![Utf8]], Utf8, initcap),
        Plain::udf("format_number", vec![vec![Float64, Int64]], Utf8, format_number),
        Plain::udf("_split", vec![vec![Utf8, Utf8, Int64]], list.clone(), split),
        Plain::udf("regexp_extract", vec![vec![Utf8, Utf8, Int64]], Utf8, extract),
        Plain::udf("regexp_extract_all", vec![vec![Utf8, Utf8, Int64]], list, extract_all),
        Plain::udf("regexp_replace", vec![vec![Utf8, Utf8, Utf8]], Utf8, replace),
    ]
}

/// Regular expressions as they come along the rows: nearly always the same one in all.
#[derive(Default)]
struct Regexes {
    last: Option<(String, Regex)>,
}

impl Regexes {
    fn get(&mut self, text: &str) -> Result<&Regex> {
        if self.last.as_ref().is_none_or(|(last, _)| last != text) {
            let regex = Regex::new(text).map_err(|error| exec_datafusion_err!("`{text}` is no pattern: {error}"))?;
            self.last = Some((text.to_owned(), regex));
        }
        match &self.last {
            Some((_, regex)) => Ok(regex),
            None => Err(exec_datafusion_err!("no pattern")),
        }
    }
}

/// A capital at the beginning and after each space, small letters elsewhere.
fn initcap(args: &[ArrayRef]) -> Result<ArrayRef> {
    let capitalised = texts(&args[0])?.iter().map(|text| {
        text.map(|text| {
            let mut start = true;
            text.chars().fold(String::with_capacity(text.len()), |mut result, c| {
                match start {
                    true => result.extend(c.to_uppercase()),
                    false => result.extend(c.to_lowercase()),
                }
                start = c == ' ';
                result
            })
        })
    });
    Ok(Arc::new(capitalised.collect::<StringArray>()))
}

/// `1,234,567.89` with so many decimals, rounded half to even as Java does.
fn format_number(args: &[ArrayRef]) -> Result<ArrayRef> {
    let (numbers, decimals) = (args[0].as_primitive::<Float64Type>(), args[1].as_primitive::<Int64Type>());
    let formatted = numbers.iter().zip(decimals).map(|(number, decimals)| {
        let text = format!("{:.*}", usize::try_from(decimals?).ok()?, number?);
        let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("-", digits));
        let (whole, fraction) = digits.find('.').map_or((digits, ""), |point| digits.split_at(point));
        let mut grouped = String::new();
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at) % 3 == 0 {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        Some(format!("{sign}{grouped}{fraction}"))
    });
    Ok(Arc::new(formatted.collect::<StringArray>()))
}

/// Parts between matches: at most `limit` if that is positive; with 0, empty parts at the end are dropped.
fn split(args: &[ArrayRef]) -> Result<ArrayRef> {
    let (values, patterns, limits) = (texts(&args[0])?, texts(&args[1])?, args[2].as_primitive::<Int64Type>());
    let mut regexes = Regexes::default();
    let mut lists = ListBuilder::new(StringBuilder::new());
    for row in 0..values.len() {
        let (Some(value), Some(pattern)) = (text_at(values, row), text_at(patterns, row)) else {
            lists.append_null();
            continue;
        };
        for part in parts(value, regexes.get(pattern)?, limits.value(row)) {
            lists.values().append_value(part);
        }
        lists.append(true);
    }
    Ok(Arc::new(lists.finish()))
}

fn parts<'t>(value: &'t str, regex: &Regex, limit: i64) -> Vec<&'t str> {
    let most = usize::try_from(limit).ok().filter(|most| *most > 0).unwrap_or(usize::MAX);
    let mut parts = Vec::new();
    let mut start = 0;
    for found in regex.find_iter(value) {
        // As in Java, an empty match at the very beginning gives no empty part, and none at the very end counts.
        if parts.len() + 1 >= most || found.is_empty() && (found.end() == 0 || found.start() == value.len()) {
            continue;
        }
        parts.push(&value[start..found.start()]);
        start = found.end();
    }
    parts.push(&value[start..]);
    if limit == 0 {
        while parts.len() > 1 && parts.last().is_some_and(|part| part.is_empty()) {
            parts.pop();
        }
    }
    parts
}

/// A group of the first match; empty if there is no match or the group took no part.
fn extract(args: &[ArrayRef]) -> Result<ArrayRef> {
    let (values, patterns, groups) = (texts(&args[0])?, texts(&args[1])?, args[2].as_primitive::<Int64Type>());
    let mut regexes = Regexes::default();
    let extracted = (0..values.len()).map(|row| {
        let (Some(value), Some(pattern)) = (text_at(values, row), text_at(patterns, row)) else { return Ok(None) };
        let regex = regexes.get(pattern)?;
        let group = group(regex, groups.value(row))?;
        let found = regex.captures(value).and_then(|captures| captures.get(group));
        Ok(Some(found.map_or("", |found| found.as_str())))
    });
    Ok(Arc::new(extracted.collect::<Result<StringArray>>()?))
}

fn extract_all(args: &[ArrayRef]) -> Result<ArrayRef> {
    let (values, patterns, groups) = (texts(&args[0])?, texts(&args[1])?, args[2].as_primitive::<Int64Type>());
    let mut regexes = Regexes::default();
    let mut lists = ListBuilder::new(StringBuilder::new());
    for row in 0..values.len() {
        let (Some(value), Some(pattern)) = (text_at(values, row), text_at(patterns, row)) else {
            lists.append_null();
            continue;
        };
        let regex = regexes.get(pattern)?;
        let group = group(regex, groups.value(row))?;
        for captures in regex.captures_iter(value) {
            lists.values().append_value(captures.get(group).map_or("", |found| found.as_str()));
        }
        lists.append(true);
    }
    Ok(Arc::new(lists.finish()))
}

fn group(regex: &Regex, group: i64) -> Result<usize> {
    let groups = regex.captures_len();
    usize::try_from(group)
        .ok()
        .filter(|group| *group < groups)
        .ok_or_else(|| exec_datafusion_err!("the pattern `{regex}` has {} groups, not {group}", groups - 1))
}

/// Every match replaced; `$1` stands for the first group.
fn replace(args: &[ArrayRef]) -> Result<ArrayRef> {
    let (values, patterns, replacements) = (texts(&args[0])?, texts(&args[1])?, texts(&args[2])?);
    let mut regexes = Regexes::default();
    let replaced =
        (0..values.len()).map(|row| match (text_at(values, row), text_at(patterns, row), text_at(replacements, row)) {
            (Some(value), Some(pattern), Some(replacement)) => {
                Ok(Some(regexes.get(pattern)?.replace_all(value, braced(replacement)).into_owned()))
            }
            _ => Ok(None),
        });
    Ok(Arc::new(replaced.collect::<Result<StringArray>>()?))
}

/// Java's `$1x` and `\$` as this library's `${1}x` and `$$`.
fn braced(replacement: &str) -> String {
    let mut result = String::new();
    let mut chars = replacement.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('$') => result.push_str("$$"),
                Some(escaped) => result.push(escaped),
                None => {}
            },
            '$' => {
                let mut group = String::new();
                while let Some(digit) = chars.next_if(char::is_ascii_digit) {
                    group.push(digit);
                }
                result.push_str(&format!("${{{group}}}"));
            }
            c => result.push(c),
        }
    }
    result
}
