//! `format_number(number, pattern)`: numbers in the form of one of Java's patterns, such as `#,##0.00`.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, StringArray};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Result, exec_datafusion_err};
use datafusion::logical_expr::ScalarUDF;

use super::udf::{Plain, text_at, texts};

/// What an empty pattern stands for.
const PLAIN: &str = "#,###,###,###,###,###,##0";

/// The function: `_format_pattern(number, pattern)`, where the number is a text, so that no digit is lost.
pub(super) fn function() -> ScalarUDF {
    Plain::udf("_format_pattern", vec![vec![DataType::Utf8, DataType::Utf8]], DataType::Utf8, formatted)
}

fn formatted(args: &[ArrayRef]) -> Result<ArrayRef> {
    let (numbers, patterns) = (texts(&args[0])?, texts(&args[1])?);
    let shown = (0..numbers.len()).map(|row| match (text_at(numbers, row), text_at(patterns, row)) {
        (Some(number), Some(pattern)) => {
            let pattern = if pattern.is_empty() { PLAIN } else { pattern };
            let format =
                Pattern::new(pattern).ok_or_else(|| exec_datafusion_err!("`{pattern}` is no pattern of numbers"))?;
            Ok(Some(format.write(number)))
        }
        _ => Ok(None),
    });
    Ok(Arc::new(shown.collect::<Result<StringArray>>()?))
}

/// A pattern that has been taken apart. A second one for negative numbers, behind a semicolon, says no more than what
/// stands around these.
#[derive(Debug)]
struct Pattern {
    before: String,
    after: String,
    negative: Option<(String, String)>,
    /// Digits between two commas; 0 if there are none.
    group: usize,
    least_whole: usize,
    least_fraction: usize,
    most_fraction: usize,
    /// How many places the number moves to the left: 2 for percent.
    shift: usize,
}

impl Pattern {
    fn new(text: &str) -> Option<Self> {
        let (text, negative) = text.split_once(';').map_or((text, None), |(text, negative)| (text, Some(negative)));
        let (before, digits, after) = parts(text)?;
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let zeros = |text: &str| text.chars().filter(|c| *c == '0').count();
        // Without any zero there is one before the point, if there is a point.
        let implied = usize::from(!digits.contains('0') && digits.contains('.'));
        let valid = whole.trim_start_matches(['#', ',']).chars().all(|c| matches!(c, '0' | ','))
            && fraction.trim_start_matches('0').chars().all(|c| c == '#');
        let shift = match (before.contains('%') || after.contains('%'), before.contains('‰') || after.contains('‰'))
        {
            (true, _) => 2,
            (_, true) => 3,
            _ => 0,
        };
        let negative = match negative {
            Some(negative) => parts(negative).map(|(before, _, after)| (plain(before), plain(after))),
            None => None,
        };
        valid.then(|| Self {
            before: plain(before),
            after: plain(after),
            negative,
            group: whole.rfind(',').map_or(0, |comma| whole.len() - comma - 1),
            least_whole: zeros(whole).max(implied),
            least_fraction: zeros(fraction),
            most_fraction: fraction.len(),
            shift,
        })
    }

    fn write(&self, number: &str) -> String {
        let (is_negative, number) = number.strip_prefix('-').map_or((false, number), |number| (true, number));
        let shown = match Digits::new(number) {
            Some(digits) => self.digits(digits),
            None => match number {
                "NaN" => return "NaN".to_owned(),
                _ => "∞".to_owned(),
            },
        };
        match (&self.negative, is_negative) {
            (Some((before, after)), true) => format!("{before}{shown}{after}"),
            (_, negative) => format!("{}{}{shown}{}", if negative { "-" } else { "" }, self.before, self.after),
        }
    }

    fn digits(&self, mut number: Digits) -> String {
        number.point += self.shift as i64;
        number.round(self.most_fraction);
        let (whole, fraction) = number.around_point();
        let fraction = fraction.trim_end_matches('0');
        let fraction = format!("{fraction:0<width$}", width = self.least_fraction);
        let whole = format!("{whole:0>width$}", width = self.least_whole);
        // A pattern without a zero before the point shows none, unless nothing else would be shown.
        let whole = if whole.is_empty() && fraction.is_empty() { "0".to_owned() } else { whole };
        let point = if fraction.is_empty() { "" } else { "." };
        format!("{}{point}{fraction}", grouped(&whole, self.group))
    }
}

/// What stands before the digits, they themselves, and what stands after them.
fn parts(text: &str) -> Option<(&str, &str, &str)> {
    let is_digit = |c: char| matches!(c, '#' | '0' | ',' | '.');
    let start = text.find(is_digit)?;
    let end = text.rfind(is_digit)? + 1;
    let (before, digits, after) = (&text[..start], &text[start..end], &text[end..]);
    digits.chars().all(is_digit).then_some((before, digits, after))
}

/// The text without the quotes around what would mean something else.
fn plain(text: &str) -> String {
    text.replace("''", "\u{0}").replace('\'', "").replace('\u{0}', "'")
}

fn grouped(whole: &str, size: usize) -> String {
    if size == 0 {
        return whole.to_owned();
    }
    let first = whole.len() % size;
    let mut groups: Vec<&str> = Vec::new();
    if first > 0 {
        groups.push(&whole[..first]);
    }
    groups.extend((first..whole.len()).step_by(size).map(|at| &whole[at..at + size]));
    groups.join(",")
}

/// The digits of a number without sign, and how many of them stand before the point.
struct Digits {
    digits: Vec<u8>,
    point: i64,
}

impl Digits {
    /// Of `12.5` or `1.25E1`.
    fn new(text: &str) -> Option<Self> {
        let (mantissa, exponent) = text.split_once(['E', 'e']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
        let point = whole.len() as i64 + exponent.parse::<i64>().ok()?;
        (!digits.is_empty() && digits.iter().all(u8::is_ascii_digit)).then_some(Self { digits, point })
    }

    /// Rounds half to even.
    fn round(&mut self, fraction: usize) {
        let keep = self.point + fraction as i64;
        if keep < 0 {
            self.digits.clear();
            return;
        }
        let keep = keep as usize;
        if keep >= self.digits.len() {
            return;
        }
        let rest = self.digits.split_off(keep);
        let half = rest[0].cmp(&b'5').then_with(|| {
            if rest[1..].iter().any(|c| *c != b'0') { std::cmp::Ordering::Greater } else { std::cmp::Ordering::Equal }
        });
        let odd = self.digits.last().is_some_and(|digit| (digit - b'0') % 2 == 1);
        if half.is_lt() || half.is_eq() && !odd {
            return;
        }
        for digit in self.digits.iter_mut().rev() {
            if *digit < b'9' {
                *digit += 1;
                return;
            }
            *digit = b'0';
        }
        self.digits.insert(0, b'1');
        self.point += 1;
    }

    /// The digits before the point, without zeros at the beginning, and those after it.
    fn around_point(&self) -> (String, String) {
        let digit = |at: i64| {
            let digit = usize::try_from(at).ok().and_then(|at| self.digits.get(at));
            char::from(digit.copied().unwrap_or(b'0'))
        };
        let whole: String = (0..self.point).map(digit).collect();
        let fraction = (self.point..(self.digits.len() as i64).max(self.point)).map(digit).collect();
        (whole.trim_start_matches('0').to_owned(), fraction)
    }
}
