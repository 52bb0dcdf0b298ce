//! Numbers in the form of a pattern such as `$99,999.00`: `to_char(number, pattern)` and `to_number(text, pattern)`.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, StringArray};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Result, exec_datafusion_err, exec_err};
use datafusion::logical_expr::ScalarUDF;

use super::udf::{Plain, text_at, texts};

/// `_number_text(digits, pattern)`, `_text_number(text, pattern)` and `_try_text_number(text, pattern)`: the numbers are
/// texts here, so that no digit is lost.
pub(super) fn functions() -> Vec<ScalarUDF> {
    let two = || vec![vec![DataType::Utf8, DataType::Utf8]];
    vec![
        Plain::udf("_number_text", two(), DataType::Utf8, |args| each(args, |value, format| Ok(format.write(value)))),
        Plain::udf("_text_number", two(), DataType::Utf8, |args| {
            each(args, |value, format| match format.read(value) {
                Some(number) => Ok(Some(number)),
                None => exec_err!("the text '{value}' has not the form '{}'", format.text),
            })
        }),
        Plain::udf("_try_text_number", two(), DataType::Utf8, |args| {
            each(args, |value, format| Ok(format.read(value)))
        }),
    ]
}

fn each(args: &[ArrayRef], convert: impl Fn(&str, &Format<'_>) -> Result<Option<String>>) -> Result<ArrayRef> {
    let (values, formats) = (texts(&args[0])?, texts(&args[1])?);
    let converted = values.iter().enumerate().map(|(row, value)| match (value, text_at(formats, row)) {
        (Some(value), Some(format)) => {
            let format =
                Format::new(format).ok_or_else(|| exec_datafusion_err!("`{format}` is no pattern of numbers"))?;
            convert(value, &format)
        }
        _ => Ok(None),
    });
    Ok(Arc::new(converted.collect::<Result<StringArray>>()?))
}

/// Where the sign stands.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Sign {
    None,
    Before,
    After,
    /// Negative numbers between angle brackets.
    Brackets,
}

/// A pattern that has been taken apart.
#[derive(Debug)]
pub(crate) struct Format<'f> {
    text: &'f str,
    whole: Vec<char>,
    fraction: Vec<char>,
    dollar: bool,
    sign: Sign,
}

impl<'f> Format<'f> {
    /// The pattern, if it is one.
    pub(crate) fn new(text: &'f str) -> Option<Self> {
        let upper = text.to_uppercase().replace('G', ",").replace('D', ".");
        let mut rest = upper.as_str();
        let mut sign = Sign::None;
        for (mark, place) in [("PR", Sign::Brackets), ("MI", Sign::After), ("S", Sign::After)] {
            if let Some(shorter) = rest.strip_suffix(mark) {
                (rest, sign) = (shorter, place);
                break;
            }
        }
        for mark in ["MI", "S"] {
            if let (Some(shorter), Sign::None) = (rest.strip_prefix(mark), sign) {
                (rest, sign) = (shorter, Sign::Before);
            }
        }
        let (dollar, rest) = rest.strip_prefix('$').map_or((false, rest), |rest| (true, rest));
        let (whole, fraction) = rest.split_once('.').unwrap_or((rest, ""));
        let valid =
            whole.chars().all(|c| matches!(c, '0' | '9' | ',')) && fraction.chars().all(|c| matches!(c, '0' | '9'));
        (valid && !rest.is_empty()).then(|| Self {
            text,
            whole: whole.chars().collect(),
            fraction: fraction.chars().collect(),
            dollar,
            sign,
        })
    }

    /// How many digits a number of this form has, and how many of them after the point.
    pub(crate) fn precision(&self) -> (usize, usize) {
        (self.whole.iter().filter(|c| **c != ',').count() + self.fraction.len(), self.fraction.len())
    }

    /// A plain number in this form; `#` where it does not fit.
    fn write(&self, number: &str) -> Option<String> {
        let (negative, digits) = number.strip_prefix('-').map_or((false, number), |digits| (true, digits));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let whole = whole.trim_start_matches('0');
        let places = self.whole.iter().filter(|c| **c != ',').count();
        let fits = whole.len() <= places;
        let mut given = whole.chars();
        let mut missing = places.saturating_sub(whole.len());
        let mut begun = false;
        let mut shown = String::new();
        for c in &self.whole {
            shown.push(match c {
                ',' if begun => ',',
                ',' => ' ',
                _ if !fits => '#',
                '0' if missing > 0 => {
                    missing -= 1;
                    begun = true;
                    '0'
                }
                _ if missing > 0 => {
                    missing -= 1;
                    ' '
                }
                _ => {
                    begun = true;
                    given.next()?
                }
            });
        }
        if !self.fraction.is_empty() {
            shown.push('.');
            let digits = fraction.chars().chain(std::iter::repeat('0')).take(self.fraction.len());
            shown.extend(digits.map(|digit| if fits { digit } else { '#' }));
        }
        if self.dollar {
            let at = shown.find(|c| c != ' ').unwrap_or(0);
            shown.insert(at, '$');
        }
        Some(match (self.sign, negative) {
            (Sign::Before, true) => format!("-{shown}"),
            (Sign::Before, false) => format!("+{shown}"),
            (Sign::After, true) => format!("{shown}-"),
            (Sign::After, false) => format!("{shown}+"),
            (Sign::Brackets, true) => format!("<{shown}>"),
            (Sign::None, true) => format!("-{shown}"),
            (Sign::Brackets | Sign::None, false) => shown,
        })
    }

    /// The plain number in a text of this form.
    fn read(&self, text: &str) -> Option<String> {
        let text = text.trim();
        let brackets = text.strip_prefix('<').and_then(|text| text.strip_suffix('>'));
        let (mut rest, mut negative) = (brackets.unwrap_or(text), brackets.is_some());
        if self.sign != Sign::None {
            for mark in ['-', '+'] {
                if let Some(shorter) = rest.strip_prefix(mark).or(rest.strip_suffix(mark)) {
                    (rest, negative) = (shorter, negative || mark == '-');
                }
            }
        }
        let rest = rest.strip_prefix('$').filter(|_| self.dollar).unwrap_or(rest).replace(',', "");
        let (whole, fraction) = rest.split_once('.').unwrap_or((&rest, ""));
        let (digits, after) = self.precision();
        let numeric = whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit());
        let fits =
            whole.len() <= digits - after && fraction.len() <= after && !(whole.is_empty() && fraction.is_empty());
        (numeric && fits).then(|| format!("{}{whole}.{fraction}0", if negative { "-" } else { "" }))
    }
}
