//! How many values lie in each of equally wide ranges.

use aerostat_error::{Error, Result, counted};

use crate::palette::COLORS;
use crate::rows::Rows;
use crate::scale::Domain;
use crate::ticks::nice_step;

/// The ranges of a histogram, and how many values of each series lie in each.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bins {
    /// Where the ranges begin, and where the last one ends.
    pub(crate) edges: Vec<f64>,
    pub(crate) series: Vec<(String, Vec<u64>)>,
    /// The range of the counts.
    pub(crate) counts: Domain,
}

/// Into how many ranges values are divided, about, if nobody says.
const USUAL: usize = 30;

/// Divides the values into ranges between round numbers.
pub(crate) fn bins(rows: &Rows<'_>, wanted: Option<usize>, notes: &mut Vec<String>) -> Result<Bins> {
    let series = rows.series();
    if series.len() > COLORS.len() {
        let message = format!("a histogram shows at most {} series, but here are {}", COLORS.len(), series.len());
        return Err(
            Error::invalid_argument(message).with_hint("filter the rows, or colour by a column with fewer values")
        );
    }
    let values = || series.iter().flat_map(|group| &group.values).map(|(_, value)| *value);
    let missing = values().filter(Option::is_none).count();
    if missing > 0 {
        notes.push(format!("{} without a value left out", counted(missing, "row")));
    }
    let domain = Domain::of(values().flatten()).unwrap_or(Domain { low: 0.0, high: 1.0 }).widened();
    let step = nice_step((domain.high - domain.low) / wanted.unwrap_or(USUAL) as f64);
    let first = (domain.low / step).floor();
    // The largest value belongs to the last range, also where it is that range's end.
    let many = ((domain.high / step).ceil() - first).max(1.0) as usize;
    let edges = (0..=many).map(|at| (first + at as f64) * step).collect();
    let counted = |values: Vec<(usize, Option<f64>)>| {
        let mut counts = vec![0; many];
        for value in values.into_iter().filter_map(|(_, value)| value) {
            let bin = ((value / step).floor() - first).max(0.0) as usize;
            counts[bin.min(many - 1)] += 1;
        }
        counts
    };
    let series: Vec<(String, Vec<u64>)> = series.into_iter().map(|group| (group.name, counted(group.values))).collect();
    let totals = (0..many).map(|bin| series.iter().map(|(_, counts)| counts[bin]).sum::<u64>() as f64);
    let counts = Domain { low: 0.0, high: totals.fold(1.0, f64::max) }.nice();
    Ok(Bins { edges, series, counts })
}
