//! Numbers with so many digits after the point.
//!
//! A double counts as the shortest decimal that reads back as it, which is the one that is shown: 1.005 rounds to 1.01,
//! though the double is a little less.

/// The powers of ten that doubles have just so, and products with which are rounded but once.
const EXACT_POWER: i64 = 22;

/// Below it doubles have every whole number.
const EXACT_WHOLE: f64 = (1_u64 << 53) as f64;

/// So far before or after the point no double has digits.
const MOST_DIGITS: i64 = 400;

/// To which of the two nearest numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// The nearer, or of two as near, the one further from zero.
    HalfUp,
    /// The nearer, or of two as near, the even one.
    HalfEven,
    Up,
    Down,
}

impl How {
    /// `value` in steps of `step`.
    pub(super) fn steps(self, value: i128, step: i128) -> i128 {
        let (down, rest) = (value.div_euclid(step), value.rem_euclid(step));
        // Twice the rest may be more than there is room for.
        let half = rest.cmp(&(step - rest));
        let up = match self {
            _ if rest == 0 => false,
            Self::Up => true,
            Self::Down => false,
            Self::HalfUp => half.is_gt() || half.is_eq() && value > 0,
            Self::HalfEven => half.is_gt() || half.is_eq() && down % 2 != 0,
        };
        down + i128::from(up)
    }

    fn whole(self, value: f64) -> f64 {
        match self {
            Self::HalfUp => value.round(),
            Self::HalfEven => value.round_ties_even(),
            Self::Up => value.ceil(),
            Self::Down => value.floor(),
        }
    }
}

/// Ten to the power, if there is room for it.
pub(super) fn power(exponent: i64) -> Option<i128> {
    10_i128.checked_pow(u32::try_from(exponent).ok()?)
}

/// A double rounded to so many digits.
pub(super) fn rounded(value: f64, digits: i64, how: How) -> f64 {
    if !value.is_finite() {
        return value;
    }
    // Beyond there are no digits.
    let digits = digits.clamp(-MOST_DIGITS, MOST_DIGITS);
    if let Some(whole) = surely(value, digits, how) {
        let power = power_of_ten(digits.abs());
        // As a decimal, what is rounded to nothing has no sign.
        return 0.0 + if digits < 0 { whole * power } else { whole / power };
    }
    let (shortest, exponent) = shortest(value);
    match steps(shortest, exponent, digits, how) {
        Some(steps) if digits < -exponent => format!("{steps}e{}", -digits).parse().unwrap_or(value),
        _ => value,
    }
}

/// A double in steps of ten to the power of `-digits`, if there is room for it.
pub(super) fn scaled(value: f64, digits: i64) -> Option<i128> {
    if !value.is_finite() {
        return None;
    }
    if let Some(whole) = surely(value, digits, How::HalfUp) {
        return Some(whole as i128);
    }
    let (shortest, exponent) = shortest(value);
    steps(shortest, exponent, digits, How::HalfUp)
}

/// The number of steps, if it is the same for all decimals that read as this double: the usual case.
fn surely(value: f64, digits: i64, how: How) -> Option<f64> {
    if digits.abs() > EXACT_POWER {
        return None;
    }
    let power = power_of_ten(digits.abs());
    let steps = if digits < 0 { value / power } else { value * power };
    // Half a last digit from the decimal to the double, as much again from the calculation.
    let doubt = steps.abs() * f64::EPSILON * 2.0;
    let (least, most) = (how.whole(steps - doubt), how.whole(steps + doubt));
    (least == most && least.abs() < EXACT_WHOLE).then_some(least)
}

fn power_of_ten(exponent: i64) -> f64 {
    10_f64.powi(exponent as i32)
}

/// The shortest decimal that reads as this double: digits, and the power of ten that they are multiplied by.
fn shortest(value: f64) -> (i128, i64) {
    let text = format!("{value:e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let fraction = mantissa.split_once('.').map_or(0, |(_, fraction)| fraction.len() as i64);
    let digits = mantissa.replace('.', "").parse().unwrap_or_default();
    (digits, exponent.parse::<i64>().unwrap_or_default() - fraction)
}

/// `value` times ten to the power of `exponent` in steps of ten to the power of `-digits`.
fn steps(value: i128, exponent: i64, digits: i64, how: How) -> Option<i128> {
    match exponent + digits {
        more @ 0.. => value.checked_mul(power(more)?),
        fewer => Some(power(-fewer).map_or(0, |step| how.steps(value, step))),
    }
}
