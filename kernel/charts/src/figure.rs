//! A chart, ready to be written down.

use serde_json::Value;

use crate::boxes::BoxOf;
use crate::histogram::Bins;
use crate::palette::COLORS;
use crate::request::{Kind, Request};
use crate::scale::Domain;
use crate::{svg, text, vega};

/// A chart. Cheap enough to keep: it holds what is drawn, not the frame.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart(Figure);

impl Chart {
    pub(crate) fn new(figure: Figure) -> Self {
        Self(figure)
    }

    /// The chart as a specification of Vega-Lite 5, with its data inside.
    pub fn vega_lite(&self) -> Value {
        vega::specification(&self.0)
    }

    /// The chart as a picture that needs nothing else.
    pub fn svg(&self) -> String {
        svg::picture(&self.0)
    }

    /// What the chart shows, in a few lines.
    pub fn text(&self) -> String {
        text::summary(&self.0)
    }
}

/// Everything that a chart shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Figure {
    pub(crate) kind: Kind,
    pub(crate) title: Option<String>,
    pub(crate) x_label: String,
    pub(crate) y_label: String,
    /// What the colours stand for.
    pub(crate) color: Option<String>,
    pub(crate) stacked: bool,
    pub(crate) size: (u32, u32),
    pub(crate) content: Content,
    /// What was left out or added up, one sentence each.
    pub(crate) notes: Vec<String>,
}

/// What is drawn.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Content {
    /// Lines, bars, areas, dots.
    Points(Points),
    /// A histogram.
    Bins(Bins),
    /// Box plots.
    Boxes(Vec<BoxOf>),
    /// A pie: labels and values.
    Slices(Vec<(String, f64)>),
}

/// Series over a common axis.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Points {
    pub(crate) x: Axis,
    pub(crate) y: Domain,
    pub(crate) series: Vec<Series>,
}

/// What the positions of points are.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Axis {
    /// Indices of these labels.
    Categories(Vec<String>),
    /// Numbers.
    Numbers(Domain),
    /// Milliseconds since 1970.
    Times(Domain),
}

/// Points with one colour: position, and value or gap.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Series {
    pub(crate) name: String,
    pub(crate) points: Vec<(f64, Option<f64>)>,
}

/// Pixels of a chart of which nobody says how wide it is.
pub const WIDTH: u32 = 720;
/// Pixels of a chart of which nobody says how high it is; lying bars take what they need.
pub const HEIGHT: u32 = 400;
/// What a lying bar takes, and what stands around all of them.
const ROW: usize = 22;
const ROOM: usize = 110;
const TALLEST: usize = 1200;

impl Figure {
    pub(crate) fn new(request: &Request, content: Content, notes: Vec<String>) -> Self {
        let options = &request.options;
        let names = request.y.join(", ");
        let (x, y) = match request.kind {
            Kind::Hist => (names, "count".to_owned()),
            Kind::BoxPlot => (options.color.clone().unwrap_or_default(), names),
            _ => (request.x.clone().unwrap_or_default(), names),
        };
        Self {
            kind: request.kind,
            title: options.title.clone(),
            x_label: options.x_label.clone().unwrap_or(x),
            y_label: options.y_label.clone().unwrap_or(y),
            color: options.color.clone(),
            // One series alone stands on nothing, and its gaps stay gaps.
            stacked: request.is_stacked() && !matches!(&content, Content::Points(points) if points.series.len() <= 1),
            size: options.size.unwrap_or((WIDTH, height(&content, request))),
            content,
            notes,
        }
    }

    /// The names that the colours stand for; none if there is only one colour.
    pub(crate) fn legend(&self) -> Vec<&str> {
        let names: Vec<&str> = match &self.content {
            Content::Points(points) => points.series.iter().map(|series| series.name.as_str()).collect(),
            Content::Bins(bins) => bins.series.iter().map(|(name, _)| name.as_str()).collect(),
            Content::Boxes(_) => vec![],
            Content::Slices(slices) => slices.iter().map(|(name, _)| name.as_str()).collect(),
        };
        let needless = names.len() <= 1 && self.color.is_none() && self.kind != Kind::Pie;
        if needless { vec![] } else { names }
    }

    /// The colour of the series `at`.
    pub(crate) fn paint(&self, at: usize) -> &'static str {
        COLORS[at % COLORS.len()]
    }
}

/// Lying bars get the room they need.
fn height(content: &Content, request: &Request) -> u32 {
    match content {
        Content::Points(Points { x: Axis::Categories(names), series, .. }) if request.kind == Kind::BarH => {
            let bars = if request.is_stacked() { names.len() } else { names.len() * series.len().max(1) };
            (ROOM + ROW * bars).clamp(HEIGHT as usize / 2, TALLEST) as u32
        }
        _ => HEIGHT,
    }
}
