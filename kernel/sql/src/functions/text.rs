//! Functions of text that the engine lacks or does otherwise than Spark.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray, StringArray};
use datafusion::arrow::datatypes::{DataType, Float64Type, Int64Type};
use datafusion::common::Result;
use datafusion::logical_expr::ScalarUDF;

use super::udf::{Plain, texts};

/// The functions.
pub(super) fn functions() -> Vec<ScalarUDF> {
    use DataType::{Float64, Int64, Utf8};
    vec![
        Plain::udf("initcap", vec![vec![Utf8]], Utf8, initcap),
        Plain::udf("format_number", vec![vec![Float64, Int64]], Utf8, format_number),
    ]
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
