//! What to draw: the kind of chart, the columns, and how it looks.

use aerostat_error::{Error, Object, Result};
use polars::prelude::{DataFrame, DataType, Expr, LazyFrame, NULL, Schema, col, len, lit, when};

use crate::figure::{Chart, Content, Figure};
use crate::rows::Rows;
use crate::{boxes, histogram, pie, points};

/// A kind of chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Lines through the points of each series.
    Line,
    /// Upright bars, those of several series side by side or stacked.
    Bar,
    /// Bars that lie: for long labels.
    BarH,
    /// Lines with the area below them filled.
    Area,
    /// One dot a row.
    Scatter,
    /// How many values lie in each of equally wide ranges.
    Hist,
    /// Quartiles, the range of the usual values, and the unusual ones.
    BoxPlot,
    /// Parts of a whole.
    Pie,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 8] =
        [Self::Line, Self::Bar, Self::BarH, Self::Area, Self::Scatter, Self::Hist, Self::BoxPlot, Self::Pie];

    /// The name of the method that draws it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::Bar => "bar",
            Self::BarH => "barh",
            Self::Area => "area",
            Self::Scatter => "scatter",
            Self::Hist => "hist",
            Self::BoxPlot => "box_plot",
            Self::Pie => "pie",
        }
    }

    /// The kind that is called `name`.
    pub fn named(name: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(|| {
            let names = Self::ALL.map(|kind| format!("`{}`", kind.name())).join(", ");
            Error::invalid_argument(format!("there is no chart `{name}`")).with_hint(format!("charts are {names}"))
        })
    }

    /// Whether the chart is of the distribution of values, so that no column says where they stand.
    pub fn is_distribution(self) -> bool {
        matches!(self, Self::Hist | Self::BoxPlot)
    }

    /// Whether the values of one category are added up before they are drawn.
    fn adds_up(self) -> bool {
        matches!(self, Self::Bar | Self::BarH | Self::Pie)
    }
}

/// How a chart looks, beside its kind and columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// The title; none if not given.
    pub title: Option<String>,
    /// The label of the x axis; the column's name if not given.
    pub x_label: Option<String>,
    /// The label of the y axis; the column's name if not given.
    pub y_label: Option<String>,
    /// The column whose values tell the series apart.
    pub color: Option<String>,
    /// Whether the series of bars and areas stand on each other; areas do, bars do not, if not given.
    pub stacked: Option<bool>,
    /// Into how many ranges a histogram divides the values, about.
    pub bins: Option<usize>,
    /// Width and height in pixels.
    pub size: Option<(u32, u32)>,
}

/// What to draw.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The kind of chart.
    pub kind: Kind,
    /// The column of the x axis, or of the categories.
    pub x: Option<String>,
    /// The columns of the values, one series each.
    pub y: Vec<String>,
    /// How it looks.
    pub options: Options,
}

/// The smallest and largest width or height that makes sense.
const SIZES: std::ops::RangeInclusive<u32> = 100..=4000;
/// As many bars of a histogram as anybody can tell apart.
const MOST_BINS: usize = 500;

impl Request {
    /// The rows to draw, of a frame with this schema. Columns are called by their roles: `x`, `color`, `y0`, `y1`, ..,
    /// and `rows`, the number of rows that were added up.
    pub fn plan(&self, frame: LazyFrame, schema: &Schema) -> Result<LazyFrame> {
        self.check(schema)?;
        let keys = [("x", &self.x), ("color", &self.options.color)];
        let keys: Vec<Expr> =
            keys.into_iter().filter_map(|(role, name)| Some(col(name.as_ref()?.as_str()).alias(role))).collect();
        let values: Vec<Expr> =
            self.y.iter().enumerate().map(|(at, name)| col(name.as_str()).alias(role(at))).collect();
        let chosen = frame.select([keys, values].concat());
        if !self.kind.adds_up() {
            return Ok(chosen);
        }
        let keys = [self.x.is_some().then(|| col("x")), self.options.color.is_some().then(|| col("color"))];
        let keys: Vec<Expr> = keys.into_iter().flatten().collect();
        let sums = (0..self.y.len()).map(|at| {
            let value = col(role(at)).cast(DataType::Float64);
            // A category without any value has no bar; its sum would be 0.
            when(value.clone().count().gt(lit(0))).then(value.sum()).otherwise(lit(NULL)).alias(role(at))
        });
        Ok(chosen.group_by_stable(keys).agg(sums.chain([len().alias("rows")]).collect::<Vec<Expr>>()))
    }

    /// The chart of the rows that [`Request::plan`] gave.
    pub fn draw(&self, frame: &DataFrame) -> Result<Chart> {
        let rows = Rows::new(self, frame)?;
        let mut notes = Vec::new();
        let content = match self.kind {
            Kind::Hist => Content::Bins(histogram::bins(&rows, self.options.bins, &mut notes)?),
            Kind::BoxPlot => Content::Boxes(boxes::boxes(&rows, &mut notes)?),
            Kind::Pie => Content::Slices(pie::slices(&rows, &mut notes)?),
            _ => Content::Points(points::points(self, &rows, &mut notes)?),
        };
        Ok(Chart::new(Figure::new(self, content, notes)))
    }

    /// Whether the series of bars and areas stand on each other.
    pub(crate) fn is_stacked(&self) -> bool {
        matches!(self.kind, Kind::Bar | Kind::BarH | Kind::Area | Kind::Hist)
            && self.options.stacked.unwrap_or(!matches!(self.kind, Kind::Bar | Kind::BarH))
    }

    /// Finds what cannot be drawn before anything runs.
    fn check(&self, schema: &Schema) -> Result<()> {
        let Options { color, size, bins, .. } = &self.options;
        let names: Vec<&str> = schema.iter_names().map(|name| name.as_str()).collect();
        for name in self.x.iter().chain(color).chain(&self.y) {
            if !schema.contains(name) {
                return Err(Error::not_found_among(Object::Column, name, &names));
            }
        }
        if self.y.is_empty() {
            return Err(Error::invalid_argument(format!("`{}` needs a column of values", self.kind.name())));
        }
        for (name, dtype) in self.y.iter().filter_map(|name| Some((name, schema.get(name)?))) {
            self.check_number(name, dtype)?;
        }
        if let Some(color) = color.as_ref().filter(|_| self.y.len() > 1) {
            let message = format!("colour by `{color}` goes with one column of values, but here are {}", self.y.len());
            return Err(Error::invalid_argument(message).with_hint("leave out `color`, or draw one column at a time"));
        }
        if self.kind == Kind::Pie && (self.y.len() > 1 || color.is_some()) {
            let hint = "give one column of categories and one of values";
            return Err(Error::invalid_argument("a pie shows one column of values, by the categories").with_hint(hint));
        }
        if let Some((width, height)) = size.filter(|(width, height)| !SIZES.contains(width) || !SIZES.contains(height))
        {
            let (least, most) = (SIZES.start(), SIZES.end());
            let message = format!("a chart of {width} by {height} pixels cannot be drawn");
            return Err(Error::invalid_argument(message).with_hint(format!("each may be from {least} to {most}")));
        }
        match bins {
            Some(bins) if !(1..=MOST_BINS).contains(bins) => {
                Err(Error::invalid_argument(format!("a histogram has from 1 to {MOST_BINS} bins, not {bins}")))
            }
            _ => Ok(()),
        }
    }

    fn check_number(&self, name: &str, dtype: &DataType) -> Result<()> {
        if dtype.is_primitive_numeric() || dtype.is_decimal() || dtype.is_null() {
            return Ok(());
        }
        let message = format!("`{}` draws numbers, but column `{name}` is of type {dtype}", self.kind.name());
        Err(Error::invalid_argument(message).with_hint("cast it, or choose a column of numbers"))
    }
}

/// What the column of the series `at` is called in the plan.
pub(crate) fn role(at: usize) -> String {
    format!("y{at}")
}
