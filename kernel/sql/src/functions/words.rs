//! More functions of texts: distances, masks, numbers in other bases, parts between separators.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, Int32Array, ListBuilder, StringArray, StringBuilder};
use datafusion::arrow::datatypes::{DataType, Int64Type};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::ScalarUDF;

use super::udf::{Plain, list_of, text_at, texts};

/// The functions.
pub(super) fn functions() -> Vec<ScalarUDF> {
    use DataType::{Int32, Int64, Utf8};
    vec![
        Plain::udf("_levenshtein", vec![vec![Utf8, Utf8, Int64]], Int32, levenshtein),
        Plain::udf("conv", vec![vec![Utf8, Int64, Int64]], Utf8, conv),
        Plain::udf("_mask", vec![vec![Utf8, Utf8, Utf8, Utf8, Utf8]], Utf8, mask),
        Plain::udf("split_part", vec![vec![Utf8, Utf8, Int64]], Utf8, split_part),
        Plain::udf(
            "sentences",
            vec![vec![Utf8], vec![Utf8, Utf8], vec![Utf8, Utf8, Utf8]],
            list_of(list_of(Utf8)),
            sentences,
        ),
        Plain::udf("_locate", vec![vec![Utf8, Utf8, Int64]], Int32, locate),
    ]
}

/// Rows of texts as texts, null where one of them is.
fn by_rows<T>(args: &[ArrayRef], each: impl Fn(&[&str], usize) -> Result<Option<T>>) -> Result<Vec<Option<T>>> {
    let columns: Vec<&StringArray> = args.iter().map_while(|arg| texts(arg).ok()).collect();
    let rows = args.first().map_or(0, |arg| arg.len());
    (0..rows)
        .map(|row| match columns.iter().map(|column| text_at(column, row)).collect::<Option<Vec<_>>>() {
            Some(values) if args.iter().all(|arg| arg.is_valid(row)) => each(&values, row),
            _ => Ok(None),
        })
        .collect()
}

fn as_texts(values: Vec<Option<String>>) -> Result<ArrayRef> {
    Ok(Arc::new(values.into_iter().collect::<StringArray>()))
}

/// How many characters to insert, delete or replace; -1 if more than the limit, which is none below 0.
fn levenshtein(args: &[ArrayRef]) -> Result<ArrayRef> {
    let limits = args[2].as_primitive::<Int64Type>();
    let distances = by_rows(args, |values, row| {
        let distance = distance(values[0], values[1]);
        let limit = limits.value(row);
        Ok(Some(if limit >= 0 && i64::from(distance) > limit { -1 } else { distance }))
    })?;
    Ok(Arc::new(distances.into_iter().collect::<Int32Array>()))
}

fn distance(left: &str, right: &str) -> i32 {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<i32> = (0..=right.len() as i32).collect();
    for (at, l) in left.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], at as i32 + 1);
        for (column, r) in right.iter().enumerate() {
            let replaced = diagonal + i32::from(l != *r);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[right.len()]
}

/// A number from one base to another, as an unsigned number of 64 bits unless the base to write in is negative.
fn conv(args: &[ArrayRef]) -> Result<ArrayRef> {
    let (from, to) = (args[1].as_primitive::<Int64Type>(), args[2].as_primitive::<Int64Type>());
    as_texts(by_rows(args, |values, row| Ok(converted(values[0], from.value(row), to.value(row))))?)
}

fn converted(text: &str, from: i64, to: i64) -> Option<String> {
    let (from, radix) = (u32::try_from(from).ok()?, u64::try_from(to.abs()).ok()?);
    if !(2..=36).contains(&from) || !(2..=36).contains(&radix) {
        return None;
    }
    let text = text.trim();
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let digits = digits.chars().map_while(|c| c.to_digit(from));
    let value = digits.fold(0_u64, |value, digit| {
        value.checked_mul(from.into()).and_then(|value| value.checked_add(digit.into())).unwrap_or(u64::MAX)
    });
    let value = if negative { value.wrapping_neg() } else { value };
    let signed = to < 0 && (value as i64) < 0;
    let mut rest = if signed { (value as i64).unsigned_abs() } else { value };
    let mut reversed = Vec::new();
    while rest > 0 || reversed.is_empty() {
        reversed.push(char::from_digit((rest % radix) as u32, radix as u32)?.to_ascii_uppercase());
        rest /= radix;
    }
    Some(if signed { "-" } else { "" }.chars().chain(reversed.into_iter().rev()).collect())
}

/// Letters and digits replaced by one of their kind; what is not given, as an empty text, stays.
fn mask(args: &[ArrayRef]) -> Result<ArrayRef> {
    let value = texts(&args[0])?;
    let given: Vec<&StringArray> = args[1..].iter().map(texts).collect::<Result<_>>()?;
    let masked = (0..value.len()).map(|row| {
        let [upper, lower, digit, other]: [Option<&str>; 4] = std::array::from_fn(|at| text_at(given[at], row));
        text_at(value, row).map(|text| {
            text.chars()
                .map(|c| {
                    let by = match c {
                        c if c.is_uppercase() => upper,
                        c if c.is_lowercase() => lower,
                        c if c.is_ascii_digit() => digit,
                        _ => other,
                    };
                    by.and_then(|by| by.chars().next()).unwrap_or(c)
                })
                .collect::<String>()
        })
    });
    Ok(Arc::new(masked.collect::<StringArray>()))
}

/// The part so far from the beginning, or from the end; empty if there are not so many.
fn split_part(args: &[ArrayRef]) -> Result<ArrayRef> {
    let numbers = args[2].as_primitive::<Int64Type>();
    as_texts(by_rows(args, |values, row| {
        let parts: Vec<&str> = match values[1] {
            "" => vec![values[0]],
            separator => values[0].split(separator).collect(),
        };
        let at = match numbers.value(row) {
            0 => return exec_err!("the parts of split_part begin at 1"),
            number @ 1.. => usize::try_from(number - 1).ok(),
            number => usize::try_from(parts.len() as i64 + number).ok(),
        };
        Ok(Some(at.and_then(|at| parts.get(at)).copied().unwrap_or_default().to_owned()))
    })?)
}

/// The words of each sentence.
fn sentences(args: &[ArrayRef]) -> Result<ArrayRef> {
    let mut lists = ListBuilder::new(ListBuilder::new(StringBuilder::new()));
    for text in texts(&args[0])? {
        let Some(text) = text else {
            lists.append_null();
            continue;
        };
        for sentence in text.split_inclusive(['.', '!', '?']) {
            let words: Vec<&str> = sentence
                .split(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '-'))
                .filter(|word| !word.is_empty())
                .collect();
            if words.is_empty() {
                continue;
            }
            for word in words {
                lists.values().values().append_value(word);
            }
            lists.values().append(true);
        }
        lists.append(true);
    }
    Ok(Arc::new(lists.finish()))
}

/// `_locate(part, text, start)`: where the part is, from the character `start` on; 0 if it is not there.
fn locate(args: &[ArrayRef]) -> Result<ArrayRef> {
    let starts = args[2].as_primitive::<Int64Type>();
    let places = by_rows(args, |values, row| {
        let (part, text, start) = (values[0], values[1], starts.value(row));
        let Ok(skipped) = usize::try_from(start - 1) else { return Ok(Some(0)) };
        let Some(from) = text.char_indices().map(|(at, _)| at).chain([text.len()]).nth(skipped) else {
            return Ok(Some(0));
        };
        let found = text[from..].find(part).map(|at| text[..from + at].chars().count() as i32 + 1);
        Ok(Some(found.unwrap_or(0)))
    })?;
    Ok(Arc::new(places.into_iter().collect::<Int32Array>()))
}
