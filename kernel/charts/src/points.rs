//! Rows as series of points over a common axis.

use std::collections::BTreeMap;

use aerostat_error::{Error, Result, counted};
use polars::prelude::DataType;

use crate::figure::{Axis, Points, Series};
use crate::format::grouped;
use crate::palette::COLORS;
use crate::request::{Kind, Request};
use crate::rows::{self, Group, Rows};
use crate::scale::Domain;
use crate::thin;

/// More bars are too thin to see, and more labels too many to read.
const MOST_BARS: usize = 200;
const MOST_LABELS: usize = 1000;

/// Where the rows stand: `None` for those that stand nowhere.
type Positions = Vec<Option<f64>>;

/// The points of a chart of lines, bars, areas or dots.
pub(crate) fn points(request: &Request, rows: &Rows<'_>, notes: &mut Vec<String>) -> Result<Points> {
    let (axis, positions) = axis(request.kind, rows, notes)?;
    if rows.counted > rows.len {
        notes.push(format!("sums of {}", counted(rows.counted, "row")));
    }
    let mut series: Vec<Series> = rows.series().into_iter().map(|group| place(group, &positions)).collect();
    keep_largest(&mut series, notes);
    let is_path = matches!(request.kind, Kind::Line | Kind::Area);
    if is_path && !matches!(axis, Axis::Categories(_)) {
        series.iter_mut().for_each(|series| series.points.sort_by(|a, b| a.0.total_cmp(&b.0)));
    }
    match request.kind {
        Kind::Line | Kind::Area => thin::paths(&mut series, notes),
        Kind::Scatter => thin::dots(&mut series, notes),
        _ => {}
    }
    let y = values(request, &series);
    Ok(Points { x: fitted(axis, &series, request.kind), y, series })
}

fn axis(kind: Kind, rows: &Rows<'_>, notes: &mut Vec<String>) -> Result<(Axis, Positions)> {
    let column = rows.x.ok_or_else(|| Error::invalid_argument(format!("`{}` needs a column for x", kind.name())))?;
    let is_bar = matches!(kind, Kind::Bar | Kind::BarH);
    let everything = Domain { low: 0.0, high: 1.0 };
    let (axis, positions) = match column.dtype() {
        dtype if !is_bar && (dtype.is_primitive_numeric() || dtype.is_decimal()) => {
            (Axis::Numbers(everything), rows::numbers(column)?)
        }
        DataType::Date | DataType::Datetime(..) if !is_bar => (Axis::Times(everything), rows::moments(column)?),
        _ => {
            let (mut names, places) = rows::categories(column);
            let most = if is_bar { MOST_BARS } else { MOST_LABELS };
            if names.len() > most {
                notes.push(format!("the first {most} of {} categories", grouped(names.len() as f64, 0)));
                names.truncate(most);
            }
            (Axis::Categories(names), places.into_iter().map(|at| (at < most).then_some(at as f64)).collect())
        }
    };
    let nowhere = positions.iter().filter(|position| position.is_none()).count();
    if nowhere > 0 && !matches!(axis, Axis::Categories(_)) {
        notes.push(format!("{} without x left out", counted(nowhere, "row")));
    }
    Ok((axis, positions))
}

fn place(group: Group, positions: &Positions) -> Series {
    let points = group.values.iter().filter_map(|(row, value)| Some((positions[*row]?, *value)));
    Series { points: points.collect(), name: group.name }
}

/// Leaves as many series as there are colours: those with the largest totals, in their old order.
fn keep_largest(series: &mut Vec<Series>, notes: &mut Vec<String>) {
    let most = COLORS.len();
    if series.len() <= most {
        return;
    }
    let total = |series: &Series| series.points.iter().filter_map(|(_, value)| *value).map(f64::abs).sum::<f64>();
    let mut ranks: Vec<(usize, f64)> = series.iter().map(total).enumerate().collect();
    ranks.sort_by(|a, b| b.1.total_cmp(&a.1));
    let kept: Vec<usize> = ranks.into_iter().take(most).map(|(at, _)| at).collect();
    notes.push(format!("the {most} largest of {} series", grouped(series.len() as f64, 0)));
    let mut at = 0..;
    series.retain(|_| at.next().is_some_and(|at| kept.contains(&at)));
}

/// The axis of x with the range that the points need.
fn fitted(axis: Axis, series: &[Series], kind: Kind) -> Axis {
    let positions = series.iter().flat_map(|series| &series.points).map(|(position, _)| *position);
    let domain = Domain::of(positions).unwrap_or(Domain { low: 0.0, high: 1.0 });
    match axis {
        Axis::Numbers(_) if kind == Kind::Scatter => Axis::Numbers(domain.nice()),
        Axis::Numbers(_) => Axis::Numbers(domain.widened()),
        Axis::Times(_) => Axis::Times(domain.widened()),
        categories => categories,
    }
}

/// The range of the values, or of the tops of what stands on each other.
fn values(request: &Request, series: &[Series]) -> Domain {
    let points = series.iter().flat_map(|series| &series.points);
    let domain = if request.is_stacked() {
        let mut stacks = Stacks::default();
        Domain::of(points.filter_map(|(x, y)| Some(stacks.push(*x, (*y)?).1)))
    } else {
        Domain::of(points.filter_map(|(_, y)| *y))
    };
    let domain = domain.unwrap_or(Domain { low: 0.0, high: 1.0 });
    match request.kind {
        Kind::Line | Kind::Scatter => domain.with_zero_if_near().nice(),
        _ => domain.with_zero().nice(),
    }
}

/// What stands on each other at each position: positive values upwards, negative ones downwards.
#[derive(Default)]
pub(crate) struct Stacks(BTreeMap<u64, (f64, f64)>);

impl Stacks {
    /// Puts a value on the others at its position; from where to where it reaches.
    pub(crate) fn push(&mut self, x: f64, y: f64) -> (f64, f64) {
        let (up, down) = self.0.entry(x.to_bits()).or_default();
        let top = if y >= 0.0 { up } else { down };
        let from = *top;
        *top += y;
        (from, *top)
    }
}
