//! How frames and schemas look in a notebook and on a terminal.

use polars::prelude::{DataFrame, Schema};

use crate::MimeBundle;

/// The frame as polars prints it.
pub fn frame_text(frame: &DataFrame) -> String {
    frame.to_string()
}

/// The frame as an HTML table: shape, names, dtypes, first and last rows.
pub fn frame_html(_frame: &DataFrame) -> String {
    String::new()
}

/// The frame as text and HTML.
pub fn frame_bundle(frame: &DataFrame) -> MimeBundle {
    MimeBundle::text(frame_text(frame)).with("text/html", frame_html(frame))
}

/// The first `n` rows as Spark's `show` prints them; `truncate` cuts long values to 20 characters.
pub fn show_text(_frame: &DataFrame, _n: usize, _truncate: bool) -> String {
    String::new()
}

/// The schema as Spark's `printSchema` prints it.
pub fn schema_tree(_schema: &Schema) -> String {
    String::new()
}
