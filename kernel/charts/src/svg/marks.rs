//! What stands for the data: lines, areas, dots, bars, boxes, slices.

use std::f64::consts::TAU;

use super::canvas::{AXIS, Anchor, At, Canvas, FAINT, SMALL, TEXT, WHITE};
use super::plot::Plot;
use crate::boxes::BoxOf;
use crate::figure::{Figure, Points, Series};
use crate::format::grouped;
use crate::histogram::Bins;
use crate::palette::COLORS;
use crate::points::Stacks;
use crate::request::Kind;

/// Lines with no more points than this show them, as in [`crate::vega`].
const FEW: usize = 120;

/// Upright charts of series.
pub(super) fn points(canvas: &mut Canvas<'_>, figure: &Figure, points: &Points, plot: &Plot<'_>) {
    match figure.kind {
        Kind::Area if figure.stacked => stacked_areas(canvas, figure, points, plot),
        Kind::Area => each(figure, points, |series, color| area(canvas, series, plot, color)),
        Kind::Scatter => each(figure, points, |series, color| dots(canvas, series, plot, color)),
        Kind::Line => {
            let few = points.series.iter().map(|series| series.points.len()).sum::<usize>() <= FEW;
            each(figure, points, |series, color| line(canvas, series, plot, color, few));
        }
        _ => bars(canvas, figure, points, plot),
    }
}

fn each(figure: &Figure, points: &Points, mut draw: impl FnMut(&Series, &str)) {
    points.series.iter().enumerate().for_each(|(at, series)| draw(series, figure.paint(at)));
}

/// The points between gaps, each run by itself.
fn runs(series: &Series) -> impl Iterator<Item = Vec<(f64, f64)>> {
    let parts = series.points.split(|(_, y)| y.is_none());
    parts.filter(|run| !run.is_empty()).map(|run| run.iter().filter_map(|(x, y)| Some((*x, (*y)?))).collect())
}

fn line(canvas: &mut Canvas<'_>, series: &Series, plot: &Plot<'_>, color: &str, few: bool) {
    for run in runs(series) {
        let places: Vec<At> = run.iter().map(|(x, y)| plot.at(*x, *y)).collect();
        canvas.path(places.iter().copied(), color, 2);
        // A point between two gaps would be invisible.
        if few || places.len() == 1 {
            places.iter().for_each(|at| canvas.dot(*at, 3, color, 1.0));
        }
    }
}

fn dots(canvas: &mut Canvas<'_>, series: &Series, plot: &Plot<'_>, color: &str) {
    runs(series).flatten().for_each(|(x, y)| canvas.dot(plot.at(x, y), 3, color, 0.6));
}

fn area(canvas: &mut Canvas<'_>, series: &Series, plot: &Plot<'_>, color: &str) {
    for run in runs(series) {
        let outline: Vec<At> = run.iter().map(|(x, y)| plot.at(*x, *y)).collect();
        let floor: Vec<At> = run.iter().rev().map(|(x, _)| plot.at(*x, 0.0)).collect();
        canvas.polygon(outline.iter().copied().chain(floor), color, 0.6);
        canvas.path(outline, color, 2);
    }
}

fn stacked_areas(canvas: &mut Canvas<'_>, figure: &Figure, points: &Points, plot: &Plot<'_>) {
    let mut stacks = Stacks::default();
    for (at, series) in points.series.iter().enumerate() {
        let reach: Vec<(f64, f64, f64)> = series
            .points
            .iter()
            .map(|(x, y)| {
                let (from, to) = stacks.push(*x, y.unwrap_or(0.0));
                (*x, from, to)
            })
            .collect();
        let outline: Vec<At> = reach.iter().map(|(x, _, to)| plot.at(*x, *to)).collect();
        let floor: Vec<At> = reach.iter().rev().map(|(x, from, _)| plot.at(*x, *from)).collect();
        canvas.polygon(outline.iter().copied().chain(floor), figure.paint(at), 0.75);
        canvas.path(outline, figure.paint(at), 2);
    }
}

/// Bars, upright or lying, side by side or on each other.
pub(super) fn bars(canvas: &mut Canvas<'_>, figure: &Figure, points: &Points, plot: &Plot<'_>) {
    let lanes = if figure.stacked { 1 } else { points.series.len().max(1) } as f64;
    let band = plot.band();
    let lane = band * 0.8 / lanes;
    let lying = figure.kind == Kind::BarH;
    let mut stacks = Stacks::default();
    for (at, series) in points.series.iter().enumerate() {
        // From the middle of the band to the edges of this series' lane.
        let start = if figure.stacked { -lane / 2.0 } else { (at as f64 - lanes / 2.0) * lane };
        let end = start + (lane - if lane > 6.0 { 1.0 } else { 0.0 }).max(1.0);
        for (x, y) in &series.points {
            let Some(y) = *y else { continue };
            let (from, to) = if figure.stacked { stacks.push(*x, y) } else { (0.0, y) };
            let (from, to) = if lying {
                let ((x0, middle), (x1, _)) = (plot.at(from, *x), plot.at(to, *x));
                ((x0, middle + start), (x1, middle + end))
            } else {
                let ((middle, y0), (_, y1)) = (plot.at(*x, from), plot.at(*x, to));
                ((middle + start, y0), (middle + end, y1))
            };
            canvas.rectangle(from, to, figure.paint(at), 1.0);
        }
    }
}

/// A histogram.
pub(super) fn bins(canvas: &mut Canvas<'_>, figure: &Figure, bins: &Bins, plot: &Plot<'_>) {
    let mut stacks = Stacks::default();
    for (at, (_, counts)) in bins.series.iter().enumerate() {
        for (bin, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            let (left, right) = (bins.edges[bin], bins.edges[bin + 1]);
            let (from, to) = if figure.stacked { stacks.push(left, *count as f64) } else { (0.0, *count as f64) };
            let ((x0, y0), (x1, y1)) = (plot.at(left, from), plot.at(right, to));
            let gap = if x1 - x0 > 3.0 { 1.0 } else { 0.0 };
            canvas.rectangle((x0, y0), (x1 - gap, y1), figure.paint(at), if figure.stacked { 1.0 } else { 0.6 });
        }
    }
}

/// Box plots.
pub(super) fn boxes(canvas: &mut Canvas<'_>, boxes: &[BoxOf], plot: &Plot<'_>) {
    let half = (plot.band() * 0.25).clamp(2.0, 45.0);
    for (at, one) in boxes.iter().enumerate() {
        let place = |value: f64| plot.at(at as f64, value);
        let (middle, _) = place(one.median);
        let beside = |value: f64, by: f64| (middle + by, place(value).1);
        canvas.line(place(one.whiskers.0), place(one.whiskers.1), AXIS, 1);
        for end in [one.whiskers.0, one.whiskers.1] {
            canvas.line(beside(end, -half / 2.0), beside(end, half / 2.0), AXIS, 1);
        }
        canvas.rectangle(beside(one.quartiles.0, -half), beside(one.quartiles.1, half), COLORS[4], 1.0);
        canvas.line(beside(one.median, -half), beside(one.median, half), TEXT, 2);
        one.outliers.iter().for_each(|value| canvas.ring(place(*value), 3, COLORS[0]));
    }
}

/// A pie.
pub(super) fn slices(canvas: &mut Canvas<'_>, figure: &Figure, slices: &[(String, f64)], centre: At, radius: f64) {
    let whole: f64 = slices.iter().map(|(_, part)| part).sum();
    // From the top, clockwise.
    let at = |turn: f64, radius: f64| (centre.0 + radius * (turn * TAU).sin(), centre.1 - radius * (turn * TAU).cos());
    let mut turn = 0.0;
    for (index, (_, part)) in slices.iter().enumerate() {
        let (from, to) = (turn, turn + part / whole);
        let steps = ((to - from) * 180.0).ceil().max(1.0);
        let arc = (0..=steps as usize).map(|step| at(from + (to - from) * step as f64 / steps, radius));
        canvas.polygon([centre].into_iter().chain(arc), figure.paint(index), 1.0);
        if to - from >= 0.04 {
            let label = format!("{} %", grouped(100.0 * part / whole, 1));
            canvas.text(&label, at((from + to) / 2.0, radius + 20.0), SMALL, FAINT, Anchor::Middle);
        }
        turn = to;
    }
    // Lines between the slices, over all of them.
    let mut turn = 0.0;
    for (_, part) in slices.iter().filter(|_| slices.len() > 1) {
        canvas.line(centre, at(turn, radius), WHITE, 1);
        turn += part / whole;
    }
}
