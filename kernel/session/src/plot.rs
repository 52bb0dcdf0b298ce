//! Charts of frames: options first, then the kind, which fetches the rows and draws them.

use aerostat_charts::{Chart, Kind, Options, Request};
use aerostat_error::Result;
use polars::prelude::LazyFrame;

use crate::errors::from_polars;
use crate::{MimeBundle, Session};

/// Draws a frame. Bars and slices of one category are added up; lines and dots that are too many are thinned out, and the
/// chart says so.
#[derive(Clone)]
pub struct Plot {
    session: Session,
    frame: LazyFrame,
    options: Options,
}

impl Plot {
    pub(crate) fn new(session: &Session, frame: LazyFrame) -> Self {
        Self { session: session.clone(), frame, options: Options::default() }
    }

    /// The title above the chart.
    pub fn title(mut self, title: &str) -> Self {
        self.options.title = Some(title.to_owned());
        self
    }

    /// The label of the x axis, instead of the column's name.
    pub fn x_label(mut self, label: &str) -> Self {
        self.options.x_label = Some(label.to_owned());
        self
    }

    /// The label of the y axis, instead of the columns' names.
    pub fn y_label(mut self, label: &str) -> Self {
        self.options.y_label = Some(label.to_owned());
        self
    }

    /// One series for each value of a column.
    pub fn color(mut self, column: &str) -> Self {
        self.options.color = Some(column.to_owned());
        self
    }

    /// Whether the series of bars and areas stand on each other. Areas do and bars do not, if nothing is said.
    pub fn stacked(mut self, stacked: bool) -> Self {
        self.options.stacked = Some(stacked);
        self
    }

    /// Into how many ranges a histogram divides the values, about: they are between round numbers.
    pub fn bins(mut self, bins: usize) -> Self {
        self.options.bins = Some(bins);
        self
    }

    /// Width and height in pixels.
    pub fn size(mut self, width: u32, height: u32) -> Self {
        self.options.size = Some((width, height));
        self
    }

    /// All options at once.
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Lines: one for each column of `y`.
    pub fn line<S: AsRef<str>>(self, x: &str, y: impl IntoIterator<Item = S>) -> Result<Chart> {
        self.draw(Kind::Line, Some(x), y)
    }

    /// Upright bars, those of several columns side by side.
    pub fn bar<S: AsRef<str>>(self, x: &str, y: impl IntoIterator<Item = S>) -> Result<Chart> {
        self.draw(Kind::Bar, Some(x), y)
    }

    /// Lying bars, for long labels.
    pub fn barh<S: AsRef<str>>(self, x: &str, y: impl IntoIterator<Item = S>) -> Result<Chart> {
        self.draw(Kind::BarH, Some(x), y)
    }

    /// Filled lines, those of several columns on each other.
    pub fn area<S: AsRef<str>>(self, x: &str, y: impl IntoIterator<Item = S>) -> Result<Chart> {
        self.draw(Kind::Area, Some(x), y)
    }

    /// One dot a row.
    pub fn scatter<S: AsRef<str>>(self, x: &str, y: impl IntoIterator<Item = S>) -> Result<Chart> {
        self.draw(Kind::Scatter, Some(x), y)
    }

    /// How many values of a column lie in each of equally wide ranges.
    pub fn hist<S: AsRef<str>>(self, columns: impl IntoIterator<Item = S>) -> Result<Chart> {
        self.draw(Kind::Hist, None, columns)
    }

    /// A box plot of each column, or with `color` one for each value of that column.
    pub fn box_plot<S: AsRef<str>>(self, columns: impl IntoIterator<Item = S>) -> Result<Chart> {
        self.draw(Kind::BoxPlot, None, columns)
    }

    /// The parts that the categories have in the sum of a column.
    pub fn pie(self, category: &str, value: &str) -> Result<Chart> {
        self.draw(Kind::Pie, Some(category), [value])
    }

    /// A chart of any kind; `x` is `None` for the distributions.
    pub fn draw<S: AsRef<str>>(self, kind: Kind, x: Option<&str>, y: impl IntoIterator<Item = S>) -> Result<Chart> {
        let Self { session, mut frame, options } = self;
        let y = y.into_iter().map(|name| name.as_ref().to_owned()).collect();
        let request = Request { kind, x: x.map(str::to_owned), y, options };
        let schema = frame.collect_schema().map_err(from_polars)?;
        let plan = request.plan(frame, &schema)?;
        let rows = session.collect(plan)?;
        request.draw(&rows)
    }
}

/// The chart for frontends: Vega-Lite for JupyterLab, SVG for pages and paper, text for terminals.
pub fn chart_bundle(chart: &Chart) -> MimeBundle {
    MimeBundle::text(chart.text())
        .with("image/svg+xml", chart.svg())
        .with("application/vnd.vegalite.v5+json", chart.vega_lite())
}
