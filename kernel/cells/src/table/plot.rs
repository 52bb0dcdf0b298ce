//! Charts.

use aerostat_charts::Chart;
use aerostat_error::Result;
use aerostat_session::Plot;
use polars::prelude::*;

use super::{Table, methods, types};
use crate::convert::Names;

/// Adds the rows of this file.
pub(super) fn register(table: &mut Table) {
    table.add_types(type_rows());
    table.add_callables(methods! {
        DataFrame {
            /// Begins a chart: options such as `title`, then the kind, e.g. `df.plot().title("Sales").line("month", "sales")?`.
            fn plot() -> Plot = |this, cx| cx.session.plot(this.lazy());
        }
        LazyFrame {
            /// Begins a chart: options such as `title`, then the kind, e.g. `plan.plot().title("Sales").line("month", "sales")?`.
            fn plot() -> Plot = |this, cx| cx.session.plot(this);
        }
        Plot {
            /// The title above the chart.
            fn title(title: String) -> Plot = |this| this.title(&title);
            /// The label of the x axis, instead of the column's name.
            fn x_label(label: String) -> Plot = |this| this.x_label(&label);
            /// The label of the y axis, instead of the columns' names.
            fn y_label(label: String) -> Plot = |this| this.y_label(&label);
            /// One series for each value of a column.
            fn color(column: String) -> Plot = |this| this.color(&column);
            /// Whether the series of bars and areas stand on each other. Areas do and bars do not, if nothing is said.
            fn stacked(stacked: bool) -> Plot = |this| this.stacked(stacked);
            /// Into how many ranges a histogram divides the values, about.
            fn bins(bins: usize) -> Plot = |this| this.bins(bins);
            /// Width and height in pixels.
            fn size(width: u32, height: u32) -> Plot = |this| this.size(width, height);
            /// Lines, one for each column of `y`. Nulls are gaps.
            fn line(x: String, y: Names) -> Result<Chart> = |this| this.line(&x, y);
            /// Upright bars, those of several columns side by side. Values of one category are added up.
            fn bar(x: String, y: Names) -> Result<Chart> = |this| this.bar(&x, y);
            /// Lying bars, for long labels. Values of one category are added up.
            fn barh(x: String, y: Names) -> Result<Chart> = |this| this.barh(&x, y);
            /// Filled lines, those of several columns on each other.
            fn area(x: String, y: Names) -> Result<Chart> = |this| this.area(&x, y);
            /// One dot a row.
            fn scatter(x: String, y: Names) -> Result<Chart> = |this| this.scatter(&x, y);
            /// How many values lie in each of equally wide ranges.
            fn hist(columns: Names) -> Result<Chart> = |this| this.hist(columns);
            /// A box plot of each column, or with `color` one for each value of that column.
            fn box_plot(columns: Names) -> Result<Chart> = |this| this.box_plot(columns);
            /// The parts that the categories have in the sum of a column.
            fn pie(category: String, value: String) -> Result<Chart> = |this| this.pie(&category, &value);
        }
    });
}

types! {
    /// A chart that is being described: options first, then the kind.
    Plot = |_plot| "Plot".into();
    /// A chart. As the last expression of a cell, or by `display`, it is shown.
    Chart = |chart| chart.text();
}
