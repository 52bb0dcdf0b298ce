//! A frame as an HTML table.
//!
//! The class `dataframe` brings the looks that JupyterLab and nbconvert give to tables; the style adds what they lack
//! and takes its colours from JupyterLab's theme, or from the text around it elsewhere.

use std::fmt::Write;

use aerostat_error::grouped;
use polars::prelude::{AnyValue, Column, DataFrame};

/// A frame with more rows shows this many at each end.
const END_ROWS: usize = 10;
/// A frame with no more rows shows all of them.
const ALL_ROWS: usize = 30;
/// A frame with more columns shows half of this many at each end.
const ALL_COLUMNS: usize = 60;
/// Longer texts are cut; the whole text shows when the mouse is over it,
const CELL_CHARS: usize = 80;
/// unless it is longer than this.
const TITLE_CHARS: usize = 2000;

const STYLE: &str = "<style>\
.aerostat-frame table.dataframe{border-collapse:collapse;border:none}\
.aerostat-frame table.dataframe :is(th,td){text-align:left;white-space:pre;max-width:40em;overflow:hidden;text-overflow:ellipsis;padding:.25em .7em}\
.aerostat-frame table.dataframe .n{text-align:right;font-variant-numeric:tabular-nums}\
.aerostat-frame table.dataframe thead tr:last-child th{font-weight:normal;border-bottom:1px solid var(--jp-border-color1,currentcolor)}\
.aerostat-frame :is(.null,.gap,small,thead tr:last-child th){opacity:.6}\
</style>";

/// The frame as an HTML table: shape, names, dtypes, first and last rows.
pub fn frame_html(frame: &DataFrame) -> String {
    let rows = ends(frame.height(), ALL_ROWS, END_ROWS);
    let columns = ends(frame.width(), ALL_COLUMNS, ALL_COLUMNS / 2);
    let columns: Vec<Option<&Column>> = columns.into_iter().map(|at| at.map(|at| &frame.columns()[at])).collect();
    let mut html = format!("<div class=\"aerostat-frame\">{STYLE}<small>{}</small>", shape(frame));
    html.push_str("<table class=\"dataframe\"><thead>");
    line(&mut html, "th", &columns, |column| cell(column.name(), number(column)));
    line(&mut html, "th", &columns, |column| cell(&column.dtype().to_string(), number(column)));
    html.push_str("</thead><tbody>");
    for row in rows {
        match row {
            Some(row) => line(&mut html, "td", &columns, |column| value(column, row)),
            None => line(&mut html, "td", &columns, |_| Cell { class: "gap", title: None, text: "…".into() }),
        }
    }
    html.push_str("</tbody></table></div>");
    html
}

/// `shape: (541_909, 8)`, as polars writes it.
fn shape(frame: &DataFrame) -> String {
    let [height, width] = [frame.height(), frame.width()].map(|number| grouped(&number.to_string(), "_"));
    format!("shape: ({height}, {width})")
}

/// The indices below `len` that are shown, with a gap if there are more than `all`.
fn ends(len: usize, all: usize, end: usize) -> Vec<Option<usize>> {
    if len <= all {
        return (0..len).map(Some).collect();
    }
    (0..end).map(Some).chain([None]).chain((len - end..len).map(Some)).collect()
}

struct Cell {
    class: &'static str,
    title: Option<String>,
    text: String,
}

fn line(html: &mut String, tag: &str, columns: &[Option<&Column>], content: impl Fn(&Column) -> Cell) {
    html.push_str("<tr>");
    for column in columns {
        let cell = column.map_or(Cell { class: "gap", title: None, text: "…".into() }, &content);
        let class = if cell.class.is_empty() { String::new() } else { format!(" class=\"{}\"", cell.class) };
        let title = cell.title.map(|title| format!(" title=\"{}\"", escape(&title))).unwrap_or_default();
        // Writing to a string cannot fail.
        let _ = write!(html, "<{tag}{class}{title}>{}</{tag}>", escape(&cell.text));
    }
    html.push_str("</tr>");
}

fn value(column: &Column, row: usize) -> Cell {
    match column.get(row) {
        Ok(AnyValue::Null) | Err(_) => Cell { class: "null", title: None, text: "null".into() },
        Ok(value) => match value.get_str() {
            Some(text) => cell(text, ""),
            None => cell(&value.to_string(), number(column)),
        },
    }
}

pub(super) fn number(column: &Column) -> &'static str {
    if column.dtype().is_numeric() { "n" } else { "" }
}

fn cell(text: &str, class: &'static str) -> Cell {
    match text.char_indices().nth(CELL_CHARS) {
        None => Cell { class, title: None, text: text.to_owned() },
        Some((end, _)) => {
            let title = text.chars().take(TITLE_CHARS).collect();
            Cell { class, title: Some(title), text: format!("{}…", &text[..end]) }
        }
    }
}

pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
