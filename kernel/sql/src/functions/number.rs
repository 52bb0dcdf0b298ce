//! Numbers as text, as Java writes and reads them.

use std::borrow::Cow;

/// A double as Java's `Double.toString` writes it: `1.0`, `1.0E10`, `1.0E-4`.
pub(super) fn double_text(value: f64) -> String {
    decimal_text(format!("{value:e}"), value)
}

/// A float as Java's `Float.toString` writes it.
pub(super) fn float_text(value: f32) -> String {
    decimal_text(format!("{value:e}"), f64::from(value))
}

/// From the shortest digits in scientific notation (`1.5e-3`) to Java's choice of notation.
fn decimal_text(scientific: String, value: f64) -> String {
    if !value.is_finite() {
        return if value.is_nan() {
            "NaN".into()
        } else if value > 0.0 {
            "Infinity".into()
        } else {
            "-Infinity".into()
        };
    }
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |mantissa| ("-", mantissa));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let digits: String = mantissa.chars().filter(|c| *c != '.').collect();
    let with_fraction =
        |whole: &str, fraction: &str| format!("{sign}{whole}.{}", if fraction.is_empty() { "0" } else { fraction });
    match exponent {
        -3..=-1 => with_fraction("0", &format!("{}{digits}", "0".repeat(exponent.unsigned_abs() as usize - 1))),
        0..=6 => {
            let whole = exponent as usize + 1;
            let padded = format!("{digits:0<whole$}");
            with_fraction(&padded[..whole], &padded[whole..])
        }
        _ if value == 0.0 => with_fraction("0", ""),
        _ => format!("{}E{exponent}", with_fraction(&digits[..1], &digits[1..])),
    }
}

/// A whole number in a text, as a cast reads it: space around it and a fraction are cut off.
pub(super) fn parse_integer(text: &str) -> Option<i64> {
    let text = text.trim();
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = whole.strip_prefix(['-', '+']).unwrap_or(whole);
    let valid = !(digits.is_empty() && fraction.is_empty())
        && digits.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit());
    match valid {
        true if digits.is_empty() => Some(0),
        true => whole.strip_prefix('+').unwrap_or(whole).parse().ok(),
        false => None,
    }
}

/// A number in a text with all of its digits: `1.5e2` as `150`. What is no such number stays what it is.
pub(super) fn without_exponent(text: &str) -> Cow<'_, str> {
    moved_point(text).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// More places than a decimal has are not filled up.
const MOST_PLACES: i32 = 80;

fn moved_point(text: &str) -> Option<String> {
    let (mantissa, exponent) = text.split_once(['e', 'E'])?;
    let exponent: i32 = exponent.parse().ok()?;
    let sign = if mantissa.starts_with('-') { "-" } else { "" };
    let unsigned = mantissa.strip_prefix(['-', '+']).unwrap_or(mantissa);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) || exponent.abs() > MOST_PLACES {
        return None;
    }
    let point = i32::try_from(whole.len()).ok()? + exponent;
    let length = digits.len();
    Some(match usize::try_from(point) {
        Err(_) => format!("{sign}0.{}{digits}", "0".repeat(point.unsigned_abs() as usize)),
        Ok(point) if point < length => format!("{sign}{}.{}", &digits[..point], &digits[point..]),
        Ok(point) => format!("{sign}{digits}{}", "0".repeat(point - length)),
    })
}

/// A floating-point number in a text, as a cast reads it.
pub(super) fn parse_double(text: &str) -> Option<f64> {
    let text = text.trim();
    match text.to_lowercase().as_str() {
        "nan" => Some(f64::NAN),
        "infinity" | "+infinity" | "inf" | "+inf" => Some(f64::INFINITY),
        "-infinity" | "-inf" => Some(f64::NEG_INFINITY),
        lower => {
            let number = lower.strip_suffix(['d', 'f']).unwrap_or(lower);
            let plain = number.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'+' | b'-'));
            if plain { number.parse().ok() } else { None }
        }
    }
}

/// A truth value in a text, as a cast reads it.
pub(super) fn parse_boolean(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "t" | "true" | "y" | "yes" | "1" => Some(true),
        "f" | "false" | "n" | "no" | "0" => Some(false),
        _ => None,
    }
}
