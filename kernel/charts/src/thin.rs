//! Fewer points, where there are more than a screen can show.

use aerostat_error::counted;

use crate::figure::Series;
use crate::format::grouped;

/// How many points of a line are drawn, at most: about two for each pixel of its width.
const PATH: usize = 2000;
/// How many dots are drawn, at most.
const DOTS: usize = 4000;

/// Of each run of points of a line only the smallest and the largest, so that its outline stays.
pub(crate) fn paths(series: &mut [Series], notes: &mut Vec<String>) {
    let longest = series.iter().map(|series| series.points.len()).max().unwrap_or(0);
    if longest <= PATH {
        return;
    }
    let run = longest.div_ceil(PATH / 2);
    notes.push(format!("the smallest and largest of every {}", counted(run, "row")));
    for series in series {
        series.points = series.points.chunks(run).flat_map(outline).collect();
    }
}

/// The smallest and the largest point of a run and its first gap, in their order.
fn outline(run: &[(f64, Option<f64>)]) -> Vec<(f64, Option<f64>)> {
    let values = || run.iter().enumerate().filter_map(|(at, (_, y))| Some((at, (*y)?)));
    let least = values().min_by(|a, b| a.1.total_cmp(&b.1));
    let most = values().max_by(|a, b| a.1.total_cmp(&b.1));
    let gap = run.iter().position(|(_, y)| y.is_none());
    let mut kept: Vec<usize> = [least.map(|(at, _)| at), most.map(|(at, _)| at), gap].into_iter().flatten().collect();
    kept.sort_unstable();
    kept.dedup();
    kept.into_iter().map(|at| run[at]).collect()
}

/// Every so many dots only one. Dots without a value are left out.
pub(crate) fn dots(series: &mut [Series], notes: &mut Vec<String>) {
    let all: usize = series.iter().map(|series| series.points.len()).sum();
    series.iter_mut().for_each(|series| series.points.retain(|(_, y)| y.is_some()));
    let there: usize = series.iter().map(|series| series.points.len()).sum();
    if all > there {
        notes.push(format!("{} without y left out", counted(all - there, "row")));
    }
    if there <= DOTS {
        return;
    }
    let step = there.div_ceil(DOTS);
    for series in series.iter_mut() {
        series.points = series.points.iter().step_by(step).copied().collect();
    }
    let shown: usize = series.iter().map(|series| series.points.len()).sum();
    notes.push(format!("{} of {}, one in {step}", grouped(shown as f64, 0), counted(there, "row")));
}
