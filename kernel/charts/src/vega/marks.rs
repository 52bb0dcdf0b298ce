//! The marks of each kind of chart.

use serde_json::{Map, Value, json};

use super::{NUMBER, category, color, position, quantity};
use crate::boxes::BoxOf;
use crate::figure::{Axis, Figure, Points};
use crate::format::{grouped, rounded, value};
use crate::histogram::Bins;
use crate::palette::COLORS;
use crate::request::Kind;
use crate::scale::Domain;

/// Lines with no more points than this show them.
const FEW: usize = 120;

/// Lines, bars, areas, dots.
pub(super) fn points(figure: &Figure, points: &Points) -> Value {
    let (lying, grouped) = (figure.kind == Kind::BarH, !figure.stacked && points.series.len() > 1);
    let along = position(figure, &points.x, lying);
    let mut across = quantity("y", &figure.y_label, points.y);
    let is_bar = matches!(figure.kind, Kind::Bar | Kind::BarH);
    if is_bar || figure.kind == Kind::Area {
        across["stack"] = if figure.stacked { "zero".into() } else { Value::Null };
    }
    let tooltip = tooltip(figure, &points.x);
    let mut encoding = Map::new();
    let (x, y) = if lying { ("y", "x") } else { ("x", "y") };
    encoding.insert(x.into(), along);
    encoding.insert(y.into(), across);
    encoding.insert("tooltip".into(), tooltip);
    if is_bar && grouped {
        let names = figure.legend();
        encoding.insert(format!("{x}Offset"), json!({ "field": "series", "type": "nominal", "sort": names }));
    }
    let mut chart = json!({ "data": { "values": values(figure, points) }, "mark": mark(figure, points) });
    if let Some(color) = color(figure) {
        encoding.insert("color".into(), color);
        // A click on the legend brings out a series.
        chart["params"] =
            json!([{ "name": "chosen", "select": { "type": "point", "fields": ["series"] }, "bind": "legend" }]);
        let full = if figure.kind == Kind::Area { 0.75 } else { 1.0 };
        encoding.insert("opacity".into(), json!({ "condition": { "param": "chosen", "value": full }, "value": 0.15 }));
    }
    chart["encoding"] = encoding.into();
    chart
}

fn mark(figure: &Figure, points: &Points) -> Value {
    let few = points.series.iter().map(|series| series.points.len()).sum::<usize>() <= FEW;
    let mut mark = match figure.kind {
        Kind::Line if few => json!({ "type": "line", "strokeWidth": 2, "point": { "size": 28 } }),
        Kind::Line => json!({ "type": "line", "strokeWidth": 1.5 }),
        Kind::Area => json!({ "type": "area", "line": { "strokeWidth": 1.5 }, "opacity": 0.75 }),
        Kind::Scatter => json!({ "type": "point", "filled": true, "size": 30, "opacity": 0.6 }),
        _ => json!({ "type": "bar" }),
    };
    if figure.legend().is_empty() {
        mark["color"] = COLORS[0].into();
    }
    mark
}

/// One object a point, points without a value included: lines break there.
fn values(figure: &Figure, points: &Points) -> Vec<Value> {
    let has_color = !figure.legend().is_empty();
    let place = |x: f64| match &points.x {
        Axis::Categories(names) => names.get(x as usize).map_or(Value::Null, |name| name.as_str().into()),
        _ => rounded(x).into(),
    };
    let rows = points.series.iter().flat_map(|series| {
        series.points.iter().map(move |(x, y)| {
            let mut row = json!({ "x": place(*x), "y": y.map(rounded) });
            if has_color {
                row["series"] = series.name.as_str().into();
            }
            row
        })
    });
    rows.collect()
}

fn tooltip(figure: &Figure, axis: &Axis) -> Value {
    let at = match axis {
        Axis::Categories(_) => json!({ "field": "x", "type": "nominal", "title": figure.x_label }),
        Axis::Numbers(_) => json!({ "field": "x", "type": "quantitative", "title": figure.x_label }),
        Axis::Times(domain) => {
            let is_daily = (domain.high - domain.low) > 10.0 * 86_400_000.0;
            let unit = if is_daily { "utcyearmonthdate" } else { "utcyearmonthdatehoursminutesseconds" };
            json!({ "field": "x", "type": "temporal", "timeUnit": unit, "title": figure.x_label })
        }
    };
    let many = !figure.legend().is_empty();
    let series = json!({ "field": "series", "type": "nominal", "title": figure.color.as_deref().unwrap_or("series") });
    let label = if many && figure.color.is_none() { "value" } else { &figure.y_label };
    let number = json!({ "field": "y", "type": "quantitative", "title": label, "format": NUMBER });
    let fields = [Some(at), many.then_some(series), Some(number)];
    Value::Array(fields.into_iter().flatten().collect())
}

/// A histogram.
pub(super) fn bins(figure: &Figure, bins: &Bins) -> Value {
    let has_color = !figure.legend().is_empty();
    let rows = bins.series.iter().flat_map(|(name, counts)| {
        counts.iter().enumerate().filter(|(_, count)| **count > 0).map(move |(at, count)| {
            let (from, to) = (rounded(bins.edges[at]), rounded(bins.edges[at + 1]));
            let mut row =
                json!({ "x": from, "x2": to, "y": count, "range": format!("{} to {}", value(from), value(to)) });
            if has_color {
                row["series"] = name.as_str().into();
            }
            row
        })
    });
    let (first, last) = (bins.edges.first().copied().unwrap_or(0.0), bins.edges.last().copied().unwrap_or(1.0));
    let mut x = quantity("x", &figure.x_label, Domain { low: first, high: last });
    x["bin"] = json!({ "binned": true });
    x["axis"]["grid"] = false.into();
    let mut y = quantity("y", &figure.y_label, bins.counts);
    y["stack"] = if figure.stacked { "zero".into() } else { Value::Null };
    let mut tooltip = vec![
        json!({ "field": "range", "type": "nominal", "title": figure.x_label }),
        json!({ "field": "y", "type": "quantitative", "title": figure.y_label, "format": NUMBER }),
    ];
    let mut encoding = json!({ "x": x, "x2": { "field": "x2" }, "y": y });
    let mut mark = json!({ "type": "bar", "binSpacing": 1 });
    match color(figure) {
        Some(color) => {
            tooltip.insert(1, json!({ "field": "series", "type": "nominal", "title": figure.color }));
            encoding["color"] = color;
        }
        None => mark["color"] = COLORS[0].into(),
    }
    if !figure.stacked {
        mark["opacity"] = 0.6.into();
    }
    encoding["tooltip"] = tooltip.into();
    json!({ "data": { "values": rows.collect::<Vec<Value>>() }, "mark": mark, "encoding": encoding })
}

/// Box plots.
pub(super) fn boxes(figure: &Figure, boxes: &[BoxOf], domain: Domain) -> Value {
    let rows = boxes.iter().map(|one| {
        json!({
            "x": one.name, "values": one.values, "least": rounded(one.whiskers.0), "low": rounded(one.quartiles.0),
            "median": rounded(one.median), "high": rounded(one.quartiles.1), "most": rounded(one.whiskers.1),
        })
    });
    let outliers = boxes.iter().flat_map(|one| one.outliers.iter().map(|y| json!({ "x": one.name, "y": rounded(*y) })));
    let names: Vec<String> = boxes.iter().map(|one| one.name.clone()).collect();
    let x = category(figure, &names, false);
    let y = |field: &str| quantity(field, &figure.y_label, domain);
    let number =
        |field: &str, title: &str| json!({ "field": field, "type": "quantitative", "title": title, "format": NUMBER });
    let tooltip = json!([
        { "field": "x", "type": "nominal", "title": figure.color.as_deref().unwrap_or("column") },
        number("values", "values"), number("most", "upper whisker"), number("high", "upper quartile"),
        number("median", "median"), number("low", "lower quartile"), number("least", "lower whisker"),
    ]);
    // No wider than a hand, and narrower where there are many.
    let width = (f64::from(figure.size.0) / boxes.len().max(1) as f64 * 0.5).clamp(4.0, 90.0);
    json!({
        "data": { "values": rows.collect::<Vec<Value>>() },
        "encoding": { "x": x },
        "layer": [
            { "mark": { "type": "rule", "color": "#888888" }, "encoding": { "y": y("least"), "y2": { "field": "most" }, "tooltip": tooltip } },
            { "mark": { "type": "bar", "color": COLORS[4], "size": width }, "encoding": { "y": y("low"), "y2": { "field": "high" }, "tooltip": tooltip } },
            { "mark": { "type": "tick", "color": "#000000", "size": width, "thickness": 2 }, "encoding": { "y": y("median"), "tooltip": tooltip } },
            {
                "data": { "values": outliers.collect::<Vec<Value>>() },
                "mark": { "type": "point", "color": COLORS[0], "size": 14, "opacity": 0.5 },
                "encoding": { "y": y("y"), "tooltip": [number("y", "outlier")] },
            },
        ],
    })
}

/// A pie.
pub(super) fn slices(figure: &Figure, slices: &[(String, f64)]) -> Value {
    let whole: f64 = slices.iter().map(|(_, part)| part).sum();
    let rows = slices.iter().enumerate().map(|(at, (name, part))| {
        let percent = format!("{} %", grouped(100.0 * part / whole, 1));
        // Thin slices have no room for a label.
        let label = if part / whole >= 0.04 { percent.as_str() } else { "" };
        json!({ "series": name, "y": rounded(*part), "percent": percent, "label": label, "at": at })
    });
    let radius = f64::from(figure.size.0.min(figure.size.1)) / 2.0 - 50.0;
    let mut color = color(figure).unwrap_or(Value::Null);
    color["title"] = figure.x_label.as_str().into();
    json!({
        "data": { "values": rows.collect::<Vec<Value>>() },
        "encoding": {
            "theta": { "field": "y", "type": "quantitative", "stack": true },
            "order": { "field": "at", "type": "quantitative" },
            "color": color,
            "tooltip": [
                { "field": "series", "type": "nominal", "title": figure.x_label },
                { "field": "y", "type": "quantitative", "title": figure.y_label, "format": NUMBER },
                { "field": "percent", "type": "nominal", "title": "part" },
            ],
        },
        "layer": [
            { "mark": { "type": "arc", "outerRadius": radius, "stroke": "#ffffff", "strokeWidth": 1 } },
            { "mark": { "type": "text", "radius": radius + 22.0, "fontSize": 11 }, "encoding": { "text": { "field": "label", "type": "nominal" }, "color": { "value": "#8A8A8A" } } },
        ],
    })
}
