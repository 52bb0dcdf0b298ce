//! Zeppelin's notes, `.zpln` or `.json`: JSON with paragraphs, whose texts begin with the name of an interpreter.

use aerostat_error::{Error, Result};
use serde_json::Value;

use crate::directive;
use crate::source::{Cell, Language, Note};

/// The cells of a note.
pub(crate) fn parse(note: &Value) -> Result<Note> {
    let paragraphs = note["paragraphs"]
        .as_array()
        .ok_or_else(|| Error::invalid_argument("the `paragraphs` of the note are not a list"))?;
    let default = default_language(note);
    let cells = paragraphs.iter().filter_map(|paragraph| {
        let text = paragraph["text"].as_str().unwrap_or_default();
        let (language, text) = directive::split(text, &default);
        (!text.trim().is_empty()).then(|| Cell {
            title: title(paragraph),
            language,
            text: text.trim_matches('\n').to_owned(),
            enabled: paragraph["config"]["enabled"].as_bool().unwrap_or(true),
        })
    });
    Ok(Note { cells: cells.collect() })
}

/// What paragraphs without an interpreter are written in.
fn default_language(note: &Value) -> Language {
    let group = note["defaultInterpreterGroup"].as_str().filter(|group| !group.is_empty());
    Language::named(group.unwrap_or("spark"))
}

/// The title, unless it is hidden.
fn title(paragraph: &Value) -> Option<String> {
    let is_shown = paragraph["config"]["title"].as_bool().unwrap_or(true);
    let title = paragraph["title"].as_str().map(str::trim).filter(|title| is_shown && !title.is_empty());
    title.map(str::to_owned)
}
