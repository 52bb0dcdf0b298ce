//! The five numbers of a box plot, and what lies outside of them.

use aerostat_error::{Result, counted};

use crate::format::grouped;
use crate::rows::{Group, Rows};
use crate::scale::Domain;

/// One box.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct BoxOf {
    pub(crate) name: String,
    /// How many values there are.
    pub(crate) values: usize,
    /// The smallest and the largest usual value: not further from the box than one and a half times its height.
    pub(crate) whiskers: (f64, f64),
    pub(crate) quartiles: (f64, f64),
    pub(crate) median: f64,
    /// Values beyond the whiskers.
    pub(crate) outliers: Vec<f64>,
}

/// More boxes are too many to compare.
const MOST_BOXES: usize = 40;
/// How many unusual values of a box are drawn.
const MOST_OUTLIERS: usize = 200;

/// A box for each series that has values.
pub(crate) fn boxes(rows: &Rows<'_>, notes: &mut Vec<String>) -> Result<Vec<BoxOf>> {
    let series = rows.series();
    let missing = series.iter().flat_map(|group| &group.values).filter(|(_, value)| value.is_none()).count();
    if missing > 0 {
        notes.push(format!("{} without a value left out", counted(missing, "row")));
    }
    let mut boxes: Vec<BoxOf> = series.into_iter().filter_map(summary).collect();
    if boxes.len() > MOST_BOXES {
        notes.push(format!("the first {MOST_BOXES} of {} boxes", grouped(boxes.len() as f64, 0)));
        boxes.truncate(MOST_BOXES);
    }
    let outliers: usize = boxes.iter().map(|one| one.outliers.len()).sum();
    boxes.iter_mut().for_each(|one| thin(&mut one.outliers));
    let shown: usize = boxes.iter().map(|one| one.outliers.len()).sum();
    if shown < outliers {
        notes.push(format!("{} of {}", grouped(shown as f64, 0), counted(outliers, "outlier")));
    }
    Ok(boxes)
}

/// The range of all that is drawn.
pub(crate) fn domain(boxes: &[BoxOf]) -> Domain {
    let ends =
        boxes.iter().flat_map(|one| [one.whiskers.0, one.whiskers.1].into_iter().chain(one.outliers.iter().copied()));
    Domain::of(ends).unwrap_or(Domain { low: 0.0, high: 1.0 }).with_zero_if_near().nice()
}

fn summary(group: Group) -> Option<BoxOf> {
    let mut sorted: Vec<f64> = group.values.iter().filter_map(|(_, value)| *value).collect();
    sorted.sort_by(f64::total_cmp);
    let (low, median, high) = (quantile(&sorted, 0.25)?, quantile(&sorted, 0.5)?, quantile(&sorted, 0.75)?);
    let reach = 1.5 * (high - low);
    let is_usual = |value: &&f64| (low - reach..=high + reach).contains(*value);
    let whiskers = (*sorted.iter().find(is_usual)?, *sorted.iter().rev().find(is_usual)?);
    let outliers = sorted.iter().filter(|value| !is_usual(value)).copied().collect();
    Some(BoxOf { name: group.name, values: sorted.len(), whiskers, quartiles: (low, high), median, outliers })
}

/// The value below which the part `q` of the values lies, interpolated linearly.
fn quantile(sorted: &[f64], q: f64) -> Option<f64> {
    let position = q * sorted.len().checked_sub(1)? as f64;
    let (below, above) = (sorted[position.floor() as usize], sorted[position.ceil() as usize]);
    Some(below + (above - below) * position.fract())
}

/// Leaves the extremes and, evenly, some of what is between them.
fn thin(sorted: &mut Vec<f64>) {
    if sorted.len() > MOST_OUTLIERS {
        let step = (sorted.len() - 1) as f64 / (MOST_OUTLIERS - 1) as f64;
        *sorted = (0..MOST_OUTLIERS).map(|at| sorted[(at as f64 * step).round() as usize]).collect();
    }
}
