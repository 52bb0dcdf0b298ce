//! A frame as a table to look around in: sorted by a click on a column's name, searched by typing.
//!
//! The rows are all in the page, so nothing is lost where scripts do not run: a frontend that takes scripts and styles out
//! of what it does not trust shows a plain table, and so does paper.

use std::fmt::Write;

use aerostat_error::counted;
use polars::prelude::{AnyValue, Column, DataFrame};

use super::html::{escape, number};

/// A table has no more rows than this,
const ROWS: usize = 1000;
/// and no more cells: a page has to carry them.
const CELLS: usize = 20_000;
/// Longer texts are cut.
const CHARS: usize = 2000;

const SCRIPT: &str = include_str!("table.js");
const STYLE: &str = include_str!("table.css");

/// How many rows of a frame with so many columns are shown.
pub fn table_rows(width: usize) -> usize {
    (CELLS / width.max(1)).clamp(1, ROWS)
}

/// The frame as a table that sorts and searches; `is_all` if no rows follow those that the frame has.
pub fn table_html(frame: &DataFrame, is_all: bool) -> String {
    let shown = frame.head(Some(table_rows(frame.width())));
    let mut html = format!("<div class=\"aerostat-table\"><style>{STYLE}</style>");
    let _ = write!(html, "<small>{}</small>", notice(shown.height(), frame, is_all));
    html.push_str("<div><table class=\"dataframe\"><thead><tr>");
    for column in shown.columns() {
        let _ = write!(html, "<th{}>{}</th>", class(number(column)), escape(column.name()));
    }
    html.push_str("</tr><tr>");
    for (column, whole) in shown.columns().iter().zip(frame.columns()) {
        let _ = write!(html, "<th{}>{}</th>", class(number(column)), escape(&kind(whole)));
    }
    html.push_str("</tr></thead><tbody>");
    for row in 0..shown.height() {
        html.push_str("<tr>");
        shown.columns().iter().for_each(|column| cell(&mut html, column, row));
        html.push_str("</tr>");
    }
    let _ = write!(html, "</tbody></table></div><script>{SCRIPT}</script></div>");
    html
}

fn notice(shown: usize, frame: &DataFrame, is_all: bool) -> String {
    let columns = counted(frame.width(), "column");
    match (shown < frame.height(), is_all) {
        (true, true) => format!("the first {shown} of {} rows, {columns}", frame.height()),
        (false, true) => format!("{}, {columns}", counted(shown, "row")),
        (_, false) => format!("the first {shown} rows, and there are more; {columns}"),
    }
}

/// The type, and how many values are missing.
fn kind(column: &Column) -> String {
    match column.null_count() {
        0 => column.dtype().to_string(),
        nulls => format!("{}, {nulls} null", column.dtype()),
    }
}

fn cell(html: &mut String, column: &Column, row: usize) {
    let (text, exact) = match column.get(row) {
        Ok(AnyValue::Null) | Err(_) => return html.push_str("<td class=\"null\">null</td>"),
        Ok(AnyValue::Float64(value)) => (AnyValue::Float64(value).to_string(), value.to_string()),
        Ok(AnyValue::Float32(value)) => (AnyValue::Float32(value).to_string(), value.to_string()),
        Ok(value) => {
            let text = value.get_str().map_or_else(|| value.to_string(), str::to_owned);
            (text.clone(), text)
        }
    };
    let text = match text.char_indices().nth(CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    };
    // What the text leaves out of a number is told when the mouse is over it.
    let title = if number(column).is_empty() || text == exact {
        String::new()
    } else {
        format!(" title=\"{}\"", escape(&exact))
    };
    let _ = write!(html, "<td{}{title}>{}</td>", class(number(column)), escape(&text));
}

fn class(name: &str) -> String {
    if name.is_empty() { String::new() } else { format!(" class=\"{name}\"") }
}
