//! A chart as a picture in SVG, drawn on plotters' backend.

mod canvas;
mod marks;
mod plot;

use canvas::{Anchor, Canvas, FAINT, SMALL, TEXT, cut, width};
use plot::{Plot, Ruler};

use crate::boxes;
use crate::figure::{Content, Figure};
use crate::request::Kind;
use crate::scale::Domain;

pub(crate) use plot::fit_side_by_side;

/// The longest that a name in the legend may get.
const LEGEND: f64 = 170.0;
const LINE: f64 = 18.0;
const MARGIN: f64 = 16.0;

/// The chart as SVG that needs nothing else.
pub(crate) fn picture(figure: &Figure) -> String {
    let mut page = String::new();
    let mut canvas = Canvas::new(&mut page, figure.size);
    let top = header(&mut canvas, figure);
    let right = legend(&mut canvas, figure, top);
    match &figure.content {
        Content::Points(points) if figure.kind == Kind::BarH => {
            let (x, y) = (Ruler::numbers(points.y), Ruler::of(&points.x));
            let plot = Plot::new(&mut canvas, figure, x, y, top, right);
            marks::bars(&mut canvas, figure, points, &plot);
        }
        Content::Points(points) => {
            let plot = Plot::new(&mut canvas, figure, Ruler::of(&points.x), Ruler::numbers(points.y), top, right);
            marks::points(&mut canvas, figure, points, &plot);
        }
        Content::Bins(bins) => {
            let first = bins.edges.first().copied().unwrap_or(0.0);
            let range = Domain { low: first, high: bins.edges.last().copied().unwrap_or(first + 1.0) };
            let plot = Plot::new(&mut canvas, figure, Ruler::numbers(range), Ruler::numbers(bins.counts), top, right);
            marks::bins(&mut canvas, figure, bins, &plot);
        }
        Content::Boxes(all) => {
            let names: Vec<String> = all.iter().map(|one| one.name.clone()).collect();
            let values = Ruler::numbers(boxes::domain(all));
            let plot = Plot::new(&mut canvas, figure, Ruler::Bands(&names), values, top, right);
            marks::boxes(&mut canvas, all, &plot);
        }
        Content::Slices(slices) => {
            let (width, height) = (right - MARGIN, f64::from(figure.size.1) - top);
            let radius = (width.min(height) / 2.0 - 34.0).max(10.0);
            marks::slices(&mut canvas, figure, slices, (MARGIN + width / 2.0, top + height / 2.0), radius);
        }
    }
    canvas.finish();
    page
}

/// Title and notes; where the chart may begin below them.
fn header(canvas: &mut Canvas<'_>, figure: &Figure) -> f64 {
    let room = f64::from(figure.size.0) - 2.0 * MARGIN;
    let mut y = MARGIN;
    if let Some(title) = &figure.title {
        canvas.text(&cut(title, 15.0, room), (MARGIN, y + 4.0), 15.0, TEXT, Anchor::Start);
        y += 24.0;
    }
    if !figure.notes.is_empty() {
        canvas.text(&cut(&figure.notes.join("; "), SMALL, room), (MARGIN, y + 2.0), SMALL, FAINT, Anchor::Start);
        y += 20.0;
    }
    y + 4.0
}

/// The names of the colours, on the right; where the chart must end before them.
fn legend(canvas: &mut Canvas<'_>, figure: &Figure, top: f64) -> f64 {
    let whole = f64::from(figure.size.0) - MARGIN;
    let names = figure.legend();
    let title = figure.color.as_deref().unwrap_or_default();
    let widest = names.iter().map(|name| width(name, SMALL)).fold(width(title, SMALL), f64::max).min(LEGEND);
    if names.is_empty() {
        return whole;
    }
    let left = whole - widest - 22.0;
    let mut y = top + 8.0;
    if !title.is_empty() {
        canvas.text(&cut(title, SMALL, LEGEND), (left, y), SMALL, FAINT, Anchor::Start);
        y += LINE;
    }
    for (at, name) in names.iter().enumerate() {
        canvas.rectangle((left, y - 5.0), (left + 11.0, y + 6.0), figure.paint(at), 1.0);
        canvas.text(&cut(name, SMALL, LEGEND), (left + 17.0, y), SMALL, TEXT, Anchor::Start);
        y += LINE;
    }
    left - 18.0
}
