//! Functions of regular expressions.
//!
//! Patterns are Java's. Nearly all of them are also understood by an engine that takes linear time; those that look around
//! or refer back go to one that tries ways, as Java's does.

use std::ops::Range;
use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Int32Array, Int64Array, ListBuilder, StringArray, StringBuilder,
};
use datafusion::arrow::datatypes::{DataType, Int64Type};
use datafusion::common::{Result, exec_datafusion_err};
use datafusion::logical_expr::ScalarUDF;
use regex::Regex;

use super::udf::{Plain, list_of, text_at, texts};

/// The functions.
pub(super) fn functions() -> Vec<ScalarUDF> {
    use DataType::{Boolean, Int32, Int64, Utf8};
    let two = || vec![vec![Utf8, Utf8]];
    let with_number = || vec![vec![Utf8, Utf8, Int64]];
    vec![
        Plain::udf("_rlike", two(), Boolean, rlike),
        Plain::udf("_split", with_number(), list_of(Utf8), split),
        Plain::udf("regexp_extract", with_number(), Utf8, extract),
        Plain::udf("regexp_extract_all", with_number(), list_of(Utf8), extract_all),
        Plain::udf("_regexp_instr", two(), Int32, instr),
        Plain::udf("regexp_replace", vec![vec![Utf8, Utf8, Utf8]], Utf8, replace),
    ]
}

/// Where a match is, and then each of its groups that took part.
type Found = Vec<Option<Range<usize>>>;

enum Pattern {
    Linear(Regex),
    Backtracking { pattern: regress::Regex, groups: usize },
}

impl Pattern {
    fn new(java: &str) -> Result<Self> {
        let error = match Regex::new(&in_ascii(java)) {
            Ok(pattern) => return Ok(Self::Linear(pattern)),
            Err(error) => error,
        };
        let unicode = regress::Regex::with_flags(java, "u").or_else(|_| regress::Regex::new(java));
        match unicode {
            Ok(pattern) => Ok(Self::Backtracking { pattern, groups: count_groups(java) }),
            Err(_) => Err(exec_datafusion_err!("`{java}` is no pattern: {error}")),
        }
    }

    fn first(&self, text: &str) -> Option<Found> {
        match self {
            Self::Linear(pattern) => pattern.captures(text).map(|found| places(&found)),
            Self::Backtracking { pattern, .. } => pattern.find(text).map(|found| tried(&found)),
        }
    }

    fn all(&self, text: &str) -> Vec<Found> {
        match self {
            Self::Linear(pattern) => pattern.captures_iter(text).map(|found| places(&found)).collect(),
            Self::Backtracking { pattern, .. } => pattern.find_iter(text).map(|found| tried(&found)).collect(),
        }
    }

    fn matches(&self, text: &str) -> bool {
        match self {
            Self::Linear(pattern) => pattern.is_match(text),
            Self::Backtracking { pattern, .. } => pattern.find(text).is_some(),
        }
    }

    /// A group's number, if there is such a group.
    fn group(&self, group: i64) -> Result<usize> {
        let groups = match self {
            Self::Linear(pattern) => pattern.captures_len() - 1,
            Self::Backtracking { groups, .. } => *groups,
        };
        let number = usize::try_from(group).ok().filter(|group| *group <= groups);
        number.ok_or_else(|| exec_datafusion_err!("the pattern has {groups} groups, not {group}"))
    }
}

/// A pattern in which the classes that are of ASCII in Java say so, and what stands between `\Q` and `\E` is as it is.
/// The engine would take `\d`, `\w` and `\s` for classes of Unicode. By `\b` both mean Unicode.
fn in_ascii(java: &str) -> String {
    let mut text = String::with_capacity(java.len());
    let (mut rest, mut depth) = (java, 0_usize);
    while let Some(c) = rest.chars().next() {
        let mut length = c.len_utf8();
        if let Some(quoted) = rest.strip_prefix("\\Q") {
            let (quoted, after) = quoted.split_once("\\E").unwrap_or((quoted, ""));
            text.push_str(&regex::escape(quoted));
            rest = after;
            continue;
        }
        if let Some((class, length)) = ascii_class(rest) {
            text.push_str(&if depth == 0 { format!("[{class}]") } else { class });
            rest = &rest[length..];
            continue;
        }
        match c {
            '\\' => length += rest[length..].chars().next().map_or(0, char::len_utf8),
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        text.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    text
}

/// What a class at the beginning of a pattern is called between brackets, and its length.
fn ascii_class(pattern: &str) -> Option<(String, usize)> {
    let escaped = pattern.strip_prefix('\\')?;
    let letter = escaped.chars().next()?;
    let (name, length) = match letter.to_ascii_lowercase() {
        'd' => ("digit", 2),
        's' => ("space", 2),
        'w' => ("word", 2),
        'p' => {
            let (name, _) = escaped[1..].strip_prefix('{')?.split_once('}')?;
            (*POSIX.iter().find(|class| **class == name)?, name.len() + 4)
        }
        _ => return None,
    };
    let not = if letter.is_ascii_uppercase() { "^" } else { "" };
    Some((format!("[:{not}{}:]", name.to_lowercase()), length))
}

/// Java's names for the classes of POSIX.
const POSIX: &[&str] = &[
    "ASCII", "Alnum", "Alpha", "Blank", "Cntrl", "Digit", "Graph", "Lower", "Print", "Punct", "Space", "Upper",
    "XDigit",
];

fn places(found: &regex::Captures<'_>) -> Found {
    found.iter().map(|group| group.map(|group| group.range())).collect()
}

fn tried(found: &regress::Match) -> Found {
    std::iter::once(Some(found.range())).chain(found.captures.iter().cloned()).collect()
}

/// Opening parentheses that begin a group which is kept.
fn count_groups(pattern: &str) -> usize {
    let mut groups = 0;
    let mut chars = pattern.char_indices();
    while let Some((at, c)) = chars.next() {
        let rest = &pattern[at + c.len_utf8()..];
        match c {
            '\\' => drop(chars.next()),
            '(' if !rest.starts_with('?') => groups += 1,
            '(' if rest.starts_with("?<") && !rest.starts_with("?<=") && !rest.starts_with("?<!") => groups += 1,
            _ => {}
        }
    }
    groups
}

/// Patterns as they come along the rows: nearly always the same one in all.
#[derive(Default)]
struct Patterns {
    last: Option<(String, Pattern)>,
}

impl Patterns {
    fn get(&mut self, text: &str) -> Result<&Pattern> {
        if self.last.as_ref().is_none_or(|(last, _)| last != text) {
            self.last = Some((text.to_owned(), Pattern::new(text)?));
        }
        match &self.last {
            Some((_, pattern)) => Ok(pattern),
            None => Err(exec_datafusion_err!("no pattern")),
        }
    }
}

/// What a pattern makes of each row, null where the text or the pattern is.
fn each<T>(args: &[ArrayRef], mut apply: impl FnMut(&str, &Pattern, usize) -> Result<T>) -> Result<Vec<Option<T>>> {
    let (values, patterns) = (texts(&args[0])?, texts(&args[1])?);
    let mut known = Patterns::default();
    (0..values.len())
        .map(|row| match (text_at(values, row), text_at(patterns, row)) {
            (Some(value), Some(pattern)) => apply(value, known.get(pattern)?, row).map(Some),
            _ => Ok(None),
        })
        .collect()
}

fn number(args: &[ArrayRef], at: usize) -> &Int64Array {
    args[at].as_primitive::<Int64Type>()
}

fn rlike(args: &[ArrayRef]) -> Result<ArrayRef> {
    let matches = each(args, |value, pattern, _| Ok(pattern.matches(value)))?;
    Ok(Arc::new(matches.into_iter().collect::<BooleanArray>()))
}

/// Where the first match begins, counted from 1; 0 if there is none.
fn instr(args: &[ArrayRef]) -> Result<ArrayRef> {
    let places = each(args, |value, pattern, _| {
        let found = pattern.first(value).and_then(|found| found.into_iter().next().flatten());
        Ok(found.map_or(0, |found| value[..found.start].chars().count() as i32 + 1))
    })?;
    Ok(Arc::new(places.into_iter().collect::<Int32Array>()))
}

fn list(rows: Vec<Option<Vec<String>>>) -> ArrayRef {
    let mut lists = ListBuilder::new(StringBuilder::new());
    for row in rows {
        match row {
            Some(parts) => {
                parts.iter().for_each(|part| lists.values().append_value(part));
                lists.append(true);
            }
            None => lists.append_null(),
        }
    }
    Arc::new(lists.finish())
}

/// Parts between matches: at most `limit` if that is positive.
fn split(args: &[ArrayRef]) -> Result<ArrayRef> {
    let limits = number(args, 2);
    Ok(list(each(args, |value, pattern, row| Ok(parts(value, pattern, limits.value(row))))?))
}

fn parts(value: &str, pattern: &Pattern, limit: i64) -> Vec<String> {
    let most = usize::try_from(limit).ok().filter(|most| *most > 0).unwrap_or(usize::MAX);
    let mut parts = Vec::new();
    let mut start = 0;
    for found in pattern.all(value).into_iter().filter_map(|found| found.into_iter().next().flatten()) {
        // As in Java, an empty match at the very beginning gives no empty part, and none at the very end counts.
        if parts.len() + 1 >= most || found.is_empty() && (found.end == 0 || found.start == value.len()) {
            continue;
        }
        parts.push(value[start..found.start].to_owned());
        start = found.end;
    }
    parts.push(value[start..].to_owned());
    parts
}

fn group_text(value: &str, found: &Found, group: usize) -> String {
    found.get(group).cloned().flatten().map_or_else(String::new, |place| value[place].to_owned())
}

/// A group of the first match; empty if there is no match or the group took no part.
fn extract(args: &[ArrayRef]) -> Result<ArrayRef> {
    let groups = number(args, 2);
    let extracted = each(args, |value, pattern, row| {
        let group = pattern.group(groups.value(row))?;
        Ok(pattern.first(value).map_or_else(String::new, |found| group_text(value, &found, group)))
    })?;
    Ok(Arc::new(extracted.into_iter().collect::<StringArray>()))
}

fn extract_all(args: &[ArrayRef]) -> Result<ArrayRef> {
    let groups = number(args, 2);
    let extracted = each(args, |value, pattern, row| {
        let group = pattern.group(groups.value(row))?;
        Ok(pattern.all(value).iter().map(|found| group_text(value, found, group)).collect())
    })?;
    Ok(list(extracted))
}

/// Every match replaced; `$1` stands for the first group.
fn replace(args: &[ArrayRef]) -> Result<ArrayRef> {
    let replacements = texts(&args[2])?;
    let replaced = each(args, |value, pattern, row| {
        let Some(replacement) = text_at(replacements, row) else { return Ok(None) };
        let mut result = String::with_capacity(value.len());
        let mut start = 0;
        for found in pattern.all(value) {
            let Some(place) = found.first().cloned().flatten() else { continue };
            result.push_str(&value[start..place.start]);
            fill_in(&mut result, replacement, value, &found);
            start = place.end;
        }
        result.push_str(&value[start..]);
        Ok(Some(result))
    })?;
    Ok(Arc::new(replaced.into_iter().map(Option::flatten).collect::<StringArray>()))
}

/// Adds a replacement, in which `$1` is a group and a backslash takes the next character as it is.
fn fill_in(result: &mut String, replacement: &str, value: &str, found: &Found) {
    let mut chars = replacement.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => result.extend(chars.next()),
            '$' => {
                let mut group = 0;
                while let Some(digit) = chars.next_if(char::is_ascii_digit).and_then(|digit| digit.to_digit(10)) {
                    group = group * 10 + digit as usize;
                }
                result.push_str(&group_text(value, found, group));
            }
            c => result.push(c),
        }
    }
}
