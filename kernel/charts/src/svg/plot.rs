//! The rectangle in which data are drawn, its axes, and where a value is in it.

use super::canvas::{AXIS, Anchor, At, Canvas, FAINT, GRID, SMALL, TEXT, cut, width};
use crate::figure::{Axis, Figure};
use crate::scale::{Domain, are_years};
use crate::ticks;

/// The longest that labels of categories may get, below and beside the chart.
const LABEL_BELOW: f64 = 110.0;
const LABEL_BESIDE: f64 = 220.0;

/// What one axis shows.
pub(super) enum Ruler<'a> {
    /// Bands, one a label.
    Bands(&'a [String]),
    /// Ticks in a range.
    Ticks(Domain, Vec<(f64, String)>),
}

impl<'a> Ruler<'a> {
    pub(super) fn of(axis: &'a Axis) -> Self {
        match axis {
            Axis::Categories(names) => Self::Bands(names),
            Axis::Numbers(domain) => Self::Ticks(*domain, plain_years(*domain)),
            Axis::Times(domain) => Self::Ticks(*domain, ticks::times(*domain)),
        }
    }

    pub(super) fn numbers(domain: Domain) -> Self {
        Self::Ticks(domain, ticks::numbers(domain))
    }

    /// Where a position lies: 0 at the low end, 1 at the high end. That of a band is its middle.
    fn part(&self, position: f64) -> f64 {
        match self {
            Self::Bands(names) => (position + 0.5) / names.len().max(1) as f64,
            Self::Ticks(domain, _) => domain.part(position),
        }
    }

    /// The width of the widest label.
    fn widest(&self) -> f64 {
        match self {
            Self::Bands(names) => names.iter().map(|name| width(name, SMALL)).fold(0.0, f64::max),
            Self::Ticks(_, ticks) => ticks.iter().map(|(_, label)| width(label, SMALL)).fold(0.0, f64::max),
        }
    }
}

fn plain_years(domain: Domain) -> Vec<(f64, String)> {
    let mut ticks = ticks::numbers(domain);
    if are_years(domain) {
        ticks.iter_mut().for_each(|(_, label)| *label = label.replace(',', ""));
    }
    ticks
}

/// Whether the labels fit below bands that together have this width.
pub(crate) fn fit_side_by_side(names: &[String], room: f64) -> bool {
    let widest = names.iter().map(|name| width(name, SMALL)).fold(0.0, f64::max);
    (widest + 8.0) * names.len() as f64 <= room
}

/// The rectangle of the data between its two rulers.
pub(super) struct Plot<'a> {
    x: Ruler<'a>,
    y: Ruler<'a>,
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl<'a> Plot<'a> {
    /// Makes room for the axes in the rectangle from `top`, and draws them.
    pub(super) fn new(
        canvas: &mut Canvas<'_>,
        figure: &Figure,
        x: Ruler<'a>,
        y: Ruler<'a>,
        top: f64,
        right: f64,
    ) -> Self {
        let beside = y.widest().min(LABEL_BESIDE);
        let (_, height) = figure.size;
        let left = 14.0 + beside + if label(figure, false).is_empty() { 10.0 } else { 30.0 };
        let turned = matches!(x, Ruler::Bands(names) if !fit_side_by_side(names, right - left));
        let below = if turned { x.widest().min(LABEL_BELOW) } else { SMALL };
        let bottom = f64::from(height) - 18.0 - below - if label(figure, true).is_empty() { 4.0 } else { 22.0 };
        let plot = Self { x, y, left, top, right, bottom };
        plot.draw(canvas, figure, turned);
        plot
    }

    /// Where a point is.
    pub(super) fn at(&self, x: f64, y: f64) -> At {
        let (width, height) = (self.right - self.left, self.bottom - self.top);
        // Bands beside the chart are read from the top down.
        let up = match self.y {
            Ruler::Bands(_) => 1.0 - self.y.part(y),
            Ruler::Ticks(..) => self.y.part(y),
        };
        (self.left + self.x.part(x) * width, self.bottom - up * height)
    }

    /// The width of a band.
    pub(super) fn band(&self) -> f64 {
        match (&self.x, &self.y) {
            (Ruler::Bands(names), _) => (self.right - self.left) / names.len().max(1) as f64,
            (_, Ruler::Bands(names)) => (self.bottom - self.top) / names.len().max(1) as f64,
            _ => 0.0,
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, figure: &Figure, turned: bool) {
        let is_tall = matches!(self.y, Ruler::Bands(_));
        match &self.y {
            Ruler::Ticks(_, ticks) => {
                for (value, label) in ticks {
                    let y = self.bottom - self.y.part(*value) * (self.bottom - self.top);
                    canvas.line((self.left, y), (self.right, y), GRID, 1);
                    canvas.text(label, (self.left - 7.0, y), SMALL, TEXT, Anchor::End);
                }
            }
            Ruler::Bands(names) => {
                let every = (SMALL / self.band()).ceil().max(1.0) as usize;
                for (at, name) in names.iter().enumerate().step_by(every) {
                    let (_, y) = self.at(0.0, at as f64);
                    canvas.text(&cut(name, SMALL, LABEL_BESIDE), (self.left - 7.0, y), SMALL, TEXT, Anchor::End);
                }
            }
        }
        match &self.x {
            Ruler::Ticks(_, ticks) => {
                for (value, label) in ticks {
                    let (x, _) = self.at(*value, 0.0);
                    let top = if is_tall { self.top } else { self.bottom };
                    canvas.line(
                        (x, top),
                        (x, self.bottom + if is_tall { 0.0 } else { 4.0 }),
                        if is_tall { GRID } else { AXIS },
                        1,
                    );
                    canvas.text(label, (x, self.bottom + 7.0), SMALL, TEXT, Anchor::Below);
                }
            }
            Ruler::Bands(names) => self.band_labels(canvas, names, turned),
        }
        let (from, to) = if is_tall {
            ((self.left, self.top), (self.left, self.bottom))
        } else {
            ((self.left, self.bottom), (self.right, self.bottom))
        };
        canvas.line(from, to, AXIS, 1);
        let ((middle, _), (_, centre)) = (((self.left + self.right) / 2.0, 0.0), (0.0, (self.top + self.bottom) / 2.0));
        let bottom = f64::from(figure.size.1) - 14.0;
        canvas.text(label(figure, true), (middle, bottom), SMALL + 1.0, FAINT, Anchor::Middle);
        canvas.text(label(figure, false), (14.0, centre), SMALL + 1.0, FAINT, Anchor::Sideways);
    }

    fn band_labels(&self, canvas: &mut Canvas<'_>, names: &[String], turned: bool) {
        let every = if turned { ((SMALL + 2.0) / self.band()).ceil().max(1.0) as usize } else { 1 };
        for (at, name) in names.iter().enumerate().step_by(every) {
            let (x, _) = self.at(at as f64, 0.0);
            match turned {
                true => {
                    canvas.text(&cut(name, SMALL, LABEL_BELOW), (x, self.bottom + 7.0), SMALL, TEXT, Anchor::Upwards)
                }
                false => canvas.text(name, (x, self.bottom + 7.0), SMALL, TEXT, Anchor::Below),
            }
        }
    }
}

/// The label of the horizontal or the vertical axis; lying bars have theirs exchanged.
fn label(figure: &Figure, horizontal: bool) -> &str {
    match horizontal != (figure.kind == crate::Kind::BarH) {
        true => &figure.x_label,
        false => &figure.y_label,
    }
}
