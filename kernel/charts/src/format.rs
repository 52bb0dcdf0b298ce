//! Numbers as people read them.

/// `1,234,567.5`: grouped, with at most so many decimals, without needless zeros.
pub(crate) fn grouped(number: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", number.abs());
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let part = part.trim_end_matches('0');
    let whole = aerostat_error::grouped(whole, ",");
    let sign = if number < 0.0 && text.contains(|c: char| ('1'..='9').contains(&c)) { "-" } else { "" };
    let point = if part.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{part}")
}

/// A value: five significant digits, or all of those before the point.
pub(crate) fn value(number: f64) -> String {
    if number != 0.0 && number.abs() < 1e-4 {
        return format!("{number:.3e}");
    }
    let before = if number == 0.0 { 1.0 } else { number.abs().log10().floor() + 1.0 };
    grouped(number, (5.0 - before).clamp(0.0, 8.0) as usize)
}

/// How many decimals the multiples of a step need.
pub(crate) fn decimals(step: f64) -> usize {
    (-step.log10().floor()).clamp(0.0, 12.0) as usize
}

/// The number at a tick of an axis whose largest number is `largest`: from a million on in millions, billions, trillions.
pub(crate) fn tick(number: f64, decimals: usize, largest: f64) -> String {
    let units = [(1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k")];
    let unit = units.into_iter().find(|(unit, _)| number.abs() >= *unit).filter(|_| largest >= 1e6);
    match unit {
        Some((unit, name)) => format!("{}{name}", grouped(number / unit, 3)),
        None => grouped(number, decimals),
    }
}

/// Ten significant digits: what differs after them is the order in which numbers were added.
pub(crate) fn rounded(number: f64) -> f64 {
    format!("{number:.9e}").parse().unwrap_or(number)
}
