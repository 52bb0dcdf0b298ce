//! A chart as a specification of Vega-Lite 5, which JupyterLab shows by itself.
//!
//! Text and lines are left to the theme: JupyterLab has one for dark pages. Data are inside, rounded, under short names;
//! the columns' names are in the titles, where dots and brackets mean nothing special.

mod marks;

use serde_json::{Value, json};

use crate::boxes;
use crate::figure::{Axis, Content, Figure};
use crate::format::rounded;
use crate::palette::COLORS;
use crate::scale::{Domain, are_years};

const SCHEMA: &str = "https://vega.github.io/schema/vega-lite/v5.json";

/// From a million on axes count in millions; Vega says G where people say billion.
const LARGE: f64 = 1e6;
const LARGE_LABEL: &str = "replace(format(datum.value, '.4~s'), 'G', 'B')";

/// Of more labels than this some are left out.
const MANY: usize = 40;

/// Numbers in tooltips.
pub(crate) const NUMBER: &str = ",.8~r";

/// The chart's specification.
pub(crate) fn specification(figure: &Figure) -> Value {
    let (width, height) = figure.size;
    let mut whole = json!({
        "$schema": SCHEMA,
        "width": width,
        "height": height,
        "autosize": { "type": "fit", "contains": "padding" },
        "config": {
            "view": { "stroke": null },
            "axis": { "gridOpacity": 0.35, "labelFontSize": 11, "titleFontSize": 12, "titleFontWeight": "normal", "titlePadding": 8 },
            "legend": { "labelFontSize": 11, "titleFontSize": 12, "titleFontWeight": "normal", "labelLimit": 180 },
            "title": { "anchor": "start", "fontSize": 15, "subtitleFontSize": 11, "offset": 12 },
        },
    });
    if let Some(title) = title(figure) {
        whole["title"] = title;
    }
    let content = match &figure.content {
        Content::Points(points) => marks::points(figure, points),
        Content::Bins(bins) => marks::bins(figure, bins),
        Content::Boxes(boxes) => marks::boxes(figure, boxes, boxes::domain(boxes)),
        Content::Slices(slices) => marks::slices(figure, slices),
    };
    if let (Value::Object(whole), Value::Object(content)) = (&mut whole, content) {
        whole.extend(content);
    }
    whole
}

/// The title with the notes below; the notes alone are no title, and look like none.
fn title(figure: &Figure) -> Option<Value> {
    let notes = figure.notes.join("; ");
    match &figure.title {
        Some(title) if notes.is_empty() => Some(json!({ "text": title })),
        Some(title) => Some(json!({ "text": title, "subtitle": notes })),
        None if notes.is_empty() => None,
        None => Some(json!({ "text": notes, "fontSize": 11, "fontWeight": "normal" })),
    }
}

/// The channel of values.
fn quantity(field: &str, label: &str, domain: Domain) -> Value {
    let mut axis = json!({ "tickCount": 6 });
    if domain.high.abs().max(domain.low.abs()) >= LARGE {
        axis["labelExpr"] = LARGE_LABEL.into();
    }
    let scale = json!({ "domain": [rounded(domain.low), rounded(domain.high)], "nice": false });
    json!({ "field": field, "type": "quantitative", "title": label, "scale": scale, "axis": axis })
}

/// The channel of positions.
fn position(figure: &Figure, axis: &Axis, lying: bool) -> Value {
    match axis {
        Axis::Categories(names) => category(figure, names, lying),
        Axis::Numbers(domain) => {
            let mut channel = quantity("x", &figure.x_label, *domain);
            channel["axis"]["grid"] = false.into();
            channel["axis"]["format"] = if are_years(*domain) { "d" } else { ",~r" }.into();
            channel
        }
        Axis::Times(domain) => json!({
            "field": "x", "type": "temporal", "title": figure.x_label,
            "scale": { "type": "utc", "domain": [domain.low, domain.high] },
            "axis": { "grid": false, "labelOverlap": true },
        }),
    }
}

/// The channel of categories, in their order; labels that would not fit side by side are turned.
fn category(figure: &Figure, names: &[String], lying: bool) -> Value {
    let mut axis =
        json!({ "labelOverlap": names.len() > MANY, "labelLimit": if lying { 240 } else { 140 }, "maxExtent": 300 });
    if !lying {
        // What the axis of values takes, and the legend.
        let beside = if figure.legend().is_empty() { 70.0 } else { 190.0 };
        let room = f64::from(figure.size.0) - beside;
        axis["labelAngle"] = if crate::svg::fit_side_by_side(names, room) { 0 } else { -45 }.into();
    }
    json!({ "field": "x", "type": "nominal", "title": figure.x_label, "sort": names, "axis": axis })
}

/// The channel of colours: none where there is only one.
fn color(figure: &Figure) -> Option<Value> {
    let names = figure.legend();
    let title = figure.color.as_ref().map_or(Value::Null, |title| title.as_str().into());
    let colors: Vec<&str> = names.iter().zip(COLORS.iter().cycle()).map(|(_, color)| *color).collect();
    let scale = json!({ "domain": names, "range": colors });
    (!names.is_empty())
        .then(|| json!({ "field": "series", "type": "nominal", "title": title, "sort": names, "scale": scale }))
}
