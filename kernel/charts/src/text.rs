//! A chart in a few lines of text.

use aerostat_error::counted;

use crate::figure::{Axis, Content, Figure, Points};
use crate::format::{grouped, value};
use crate::request::Kind;
use crate::scale::{Domain, are_years};

/// What the chart shows: its kind and columns, the range of each series, and the notes.
pub(crate) fn summary(figure: &Figure) -> String {
    let mut lines: Vec<String> = figure.title.iter().cloned().collect();
    lines.push(headline(figure));
    lines.extend(contents(&figure.content));
    lines.extend(figure.notes.iter().map(|note| format!("({note})")));
    lines.join("\n")
}

fn headline(figure: &Figure) -> String {
    let kind = match figure.kind {
        Kind::Line => "Line chart",
        Kind::Bar => "Bar chart",
        Kind::BarH => "Horizontal bar chart",
        Kind::Area => "Area chart",
        Kind::Scatter => "Scatter plot",
        Kind::Hist => "Histogram",
        Kind::BoxPlot => "Box plot",
        Kind::Pie => "Pie chart",
    };
    let stacked = if figure.stacked && figure.legend().len() > 1 { ", stacked" } else { "" };
    let by = match (&figure.color, figure.kind) {
        (Some(color), Kind::BoxPlot) => format!(" by {color}"),
        (_, Kind::BoxPlot) => String::new(),
        (Some(color), _) => format!(", coloured by {color}"),
        _ => String::new(),
    };
    match figure.kind {
        Kind::Hist => format!("{kind} of {}{by}{stacked}", figure.x_label),
        Kind::BoxPlot => format!("{kind} of {}{by}", figure.y_label),
        _ if figure.x_label.is_empty() => format!("{kind} of {}{by}{stacked}", figure.y_label),
        _ => format!("{kind} of {} by {}{by}{stacked}", figure.y_label, figure.x_label),
    }
}

fn contents(content: &Content) -> Vec<String> {
    match content {
        Content::Points(points) => [axis(points)].into_iter().chain(points.series.iter().map(series)).collect(),
        Content::Bins(bins) => {
            let width = value(bins.edges[1] - bins.edges[0]);
            let (first, last) = (bins.edges.first().copied(), bins.edges.last().copied());
            let ranges = format!(
                "{} of {width}, {} to {}",
                counted(bins.edges.len() - 1, "bin"),
                value(first.unwrap_or(0.0)),
                value(last.unwrap_or(0.0)),
            );
            let numbers = bins
                .series
                .iter()
                .map(|(name, counts)| format!("{name}: {}", counted(counts.iter().sum::<u64>() as usize, "value")));
            [ranges].into_iter().chain(numbers).collect()
        }
        Content::Boxes(boxes) => boxes
            .iter()
            .map(|one| {
                let (low, high) = one.quartiles;
                let (least, most) = one.whiskers;
                let [least, low, median, high, most] = [least, low, one.median, high, most].map(value);
                format!("{}: {least} | {low} | {median} | {high} | {most}", one.name)
            })
            .collect(),
        Content::Slices(slices) => {
            let whole: f64 = slices.iter().map(|(_, value)| value).sum();
            let line = |(name, part): &(String, f64)| {
                format!("{name}: {} ({} %)", value(*part), grouped(100.0 * part / whole, 1))
            };
            slices.iter().map(line).collect()
        }
    }
}

fn axis(points: &Points) -> String {
    match &points.x {
        Axis::Categories(names) => match names.as_slice() {
            [] => "no categories".to_owned(),
            [only] => format!("1 category: {only}"),
            [first, .., last] => format!("{}: {first} to {last}", counted(names.len(), "category")),
        },
        Axis::Numbers(domain) if are_years(*domain) => format!("{} to {}", domain.low, domain.high),
        Axis::Numbers(domain) => format!("{} to {}", value(domain.low), value(domain.high)),
        Axis::Times(Domain { low, high }) => format!("{} to {}", moment(*low), moment(*high)),
    }
}

/// A date, with the time of the day if it is not midnight.
pub(crate) fn moment(milliseconds: f64) -> String {
    let text = chrono::DateTime::from_timestamp_millis(milliseconds as i64)
        .map(|moment| moment.format("%Y-%m-%d %H:%M:%S").to_string());
    text.map_or_else(String::new, |text| text.trim_end_matches(" 00:00:00").to_owned())
}

fn series(series: &crate::figure::Series) -> String {
    let values = || series.points.iter().filter_map(|(_, value)| *value);
    match Domain::of(values()) {
        None => format!("{}: no values", series.name),
        Some(Domain { low, high }) => {
            format!("{}: {}, {} to {}", series.name, counted(values().count(), "value"), value(low), value(high))
        }
    }
}
