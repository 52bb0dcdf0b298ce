//! Colours that people with any kind of colour vision can tell apart, on white and on dark grey.

/// The palette of Okabe and Ito without black, which a dark page swallows; the pale yellow comes last.
pub(crate) const COLORS: [&str; 8] =
    ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#999999", "#F0E442"];

/// A colour as red, green and blue.
pub(crate) fn rgb(color: &str) -> (u8, u8, u8) {
    let part = |at: usize| color.get(at..at + 2).and_then(|digits| u8::from_str_radix(digits, 16).ok()).unwrap_or(0);
    (part(1), part(3), part(5))
}
