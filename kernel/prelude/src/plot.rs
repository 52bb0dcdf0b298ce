//! Charts of frames. They are drawn by the kernel.

use std::fmt;

use aerostat_bridge::Value;
use polars::prelude::LazyFrame;

use crate::{Result, kernel};

/// A chart that is being described: options first, then the kind.
#[derive(Clone)]
pub struct Plot {
    plan: LazyFrame,
    options: Vec<Value>,
}

/// A chart. As the last expression of a cell, or by `display`, it is shown.
#[derive(Clone)]
pub struct Chart {
    /// Its MIME bundle, as JSON.
    pub(crate) bundle: String,
}

impl Plot {
    pub(crate) fn new(plan: LazyFrame) -> Self {
        Self { plan, options: Vec::new() }
    }

    /// The title above the chart.
    pub fn title(self, title: impl AsRef<str>) -> Self {
        self.option("title", Value::str(title.as_ref()))
    }

    /// The label of the x axis, instead of the column's name.
    pub fn x_label(self, label: impl AsRef<str>) -> Self {
        self.option("x_label", Value::str(label.as_ref()))
    }

    /// The label of the y axis, instead of the columns' names.
    pub fn y_label(self, label: impl AsRef<str>) -> Self {
        self.option("y_label", Value::str(label.as_ref()))
    }

    /// One series for each value of a column.
    pub fn color(self, column: impl AsRef<str>) -> Self {
        self.option("color", Value::str(column.as_ref()))
    }

    /// Whether the series of bars and areas stand on each other.
    pub fn stacked(self, stacked: bool) -> Self {
        self.option("stacked", Value::Bool(stacked))
    }

    /// Into how many ranges a histogram divides the values, about.
    pub fn bins(self, bins: usize) -> Self {
        self.option("bins", Value::Int(bins as i128))
    }

    /// Width and height in pixels.
    pub fn size(self, width: u32, height: u32) -> Self {
        self.option("size", Value::List(vec![Value::Int(width.into()), Value::Int(height.into())]))
    }

    /// Lines, one for each column of `y`. Nulls are gaps.
    pub fn line(self, x: impl AsRef<str>, y: impl Names) -> Result<Chart> {
        self.draw("line", Some(x.as_ref()), y)
    }

    /// Upright bars, those of several columns side by side. Values of one category are added up.
    pub fn bar(self, x: impl AsRef<str>, y: impl Names) -> Result<Chart> {
        self.draw("bar", Some(x.as_ref()), y)
    }

    /// Lying bars, for long labels. Values of one category are added up.
    pub fn barh(self, x: impl AsRef<str>, y: impl Names) -> Result<Chart> {
        self.draw("barh", Some(x.as_ref()), y)
    }

    /// Filled lines, those of several columns on each other.
    pub fn area(self, x: impl AsRef<str>, y: impl Names) -> Result<Chart> {
        self.draw("area", Some(x.as_ref()), y)
    }

    /// One dot a row.
    pub fn scatter(self, x: impl AsRef<str>, y: impl Names) -> Result<Chart> {
        self.draw("scatter", Some(x.as_ref()), y)
    }

    /// How many values lie in each of equally wide ranges.
    pub fn hist(self, columns: impl Names) -> Result<Chart> {
        self.draw("hist", None, columns)
    }

    /// A box plot of each column, or with `color` one for each value of that column.
    pub fn box_plot(self, columns: impl Names) -> Result<Chart> {
        self.draw("box_plot", None, columns)
    }

    /// The parts that the categories have in the sum of a column.
    pub fn pie(self, category: impl AsRef<str>, value: impl AsRef<str>) -> Result<Chart> {
        self.draw("pie", Some(category.as_ref()), value.as_ref())
    }

    fn option(mut self, name: &str, value: Value) -> Self {
        self.options.extend([Value::str(name), value]);
        self
    }

    fn draw(self, kind: &str, x: Option<&str>, y: impl Names) -> Result<Chart> {
        let y = y.names().into_iter().map(Value::Str).collect();
        let plan = Value::Plan(Box::new(self.plan));
        let args =
            vec![plan, Value::str(kind), Value::option(x.map(Value::str)), Value::List(y), Value::List(self.options)];
        let bundle = kernel::call("plot", args)?.text().ok_or_else(crate::session::misunderstood)?;
        Ok(Chart { bundle })
    }
}

/// The name of a column, or several.
pub trait Names {
    /// The names.
    fn names(self) -> Vec<String>;
}

impl Names for &str {
    fn names(self) -> Vec<String> {
        vec![self.to_owned()]
    }
}

impl Names for String {
    fn names(self) -> Vec<String> {
        vec![self]
    }
}

impl<S: AsRef<str>> Names for Vec<S> {
    fn names(self) -> Vec<String> {
        self.as_slice().names()
    }
}

impl<S: AsRef<str>, const N: usize> Names for [S; N] {
    fn names(self) -> Vec<String> {
        self.as_slice().names()
    }
}

impl<S: AsRef<str>> Names for &[S] {
    fn names(self) -> Vec<String> {
        self.iter().map(|name| name.as_ref().to_owned()).collect()
    }
}

impl fmt::Debug for Chart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Chart")
    }
}
