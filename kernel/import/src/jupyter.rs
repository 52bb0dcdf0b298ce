//! Jupyter's notebooks, as Databricks exports them; those of PySpark from elsewhere are much the same.

use aerostat_error::{Error, Result};
use serde_json::Value;

use crate::directive;
use crate::source::{Cell, Language, Note};

/// The cells of a notebook.
pub(crate) fn parse(notebook: &Value) -> Result<Note> {
    let cells = notebook["cells"]
        .as_array()
        .ok_or_else(|| Error::invalid_argument("the `cells` of the notebook are not a list"))?;
    let default = default_language(notebook);
    let cells = cells.iter().filter_map(|cell| {
        let text = source(&cell["source"]);
        let (language, text) = match cell["cell_type"].as_str() {
            Some("code") => directive::split(&text, &default),
            Some("markdown") => directive::split(&text, &Language::Markdown),
            _ => (Language::Other("text".into()), text.as_str()),
        };
        (!text.trim().is_empty()).then(|| Cell {
            title: title(cell),
            language,
            text: text.trim_matches('\n').to_owned(),
            enabled: true,
        })
    });
    Ok(Note { cells: cells.collect() })
}

fn default_language(notebook: &Value) -> Language {
    let metadata = &notebook["metadata"];
    let named = [
        &metadata["application/vnd.databricks.v1+notebook"]["language"],
        &metadata["language_info"]["name"],
        &metadata["kernelspec"]["language"],
    ];
    Language::named(named.into_iter().find_map(Value::as_str).unwrap_or("python"))
}

/// The text of a cell, which is stored whole or line by line.
fn source(source: &Value) -> String {
    match source {
        Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect(),
        other => other.as_str().unwrap_or_default().to_owned(),
    }
}

fn title(cell: &Value) -> Option<String> {
    let databricks = &cell["metadata"]["application/vnd.databricks.v1+cell"];
    let is_shown = databricks["showTitle"].as_bool().unwrap_or(false);
    databricks["title"].as_str().filter(|title| is_shown && !title.is_empty()).map(str::to_owned)
}
