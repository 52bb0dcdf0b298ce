//! How frames and schemas look in a notebook and on a terminal.

mod html;
mod show;
mod table;
mod tree;

use polars::prelude::DataFrame;

use crate::MimeBundle;

pub(crate) use html::escape as escape_html;
pub use html::frame_html;
pub use show::show_text;
pub use table::{table_html, table_rows};
pub use tree::schema_tree;

/// The frame as polars prints it.
pub fn frame_text(frame: &DataFrame) -> String {
    frame.to_string()
}

/// The frame as text and HTML.
pub fn frame_bundle(frame: &DataFrame) -> MimeBundle {
    MimeBundle::text(frame_text(frame)).with("text/html", frame_html(frame))
}

/// The frame as text, and as a table to look around in; `is_all` if no rows follow those that the frame has.
pub fn table_bundle(frame: &DataFrame, is_all: bool) -> MimeBundle {
    MimeBundle::text(frame_text(frame)).with("text/html", table_html(frame, is_all))
}
