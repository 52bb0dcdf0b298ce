//! Notebooks of Zeppelin and Databricks as notebooks of this kernel.
//!
//! A file goes through three stages, each a module or a family of them:
//!
//! - [`zeppelin`], [`databricks`] and [`jupyter`]: a format to a [`source::Note`], cells with the language they are in;
//! - [`convert`]: each cell to cells of this kernel. Markdown, SQL and shell scripts run as they are. Python and Scala
//!   are quoted above a cell of Rust, which has those calls of PySpark that have a certain translation ([`python`]);
//! - [`report`]: what is left to do.
//!
//! Certain means that the translation does what the original did. A statement of which any part is not understood is
//! not translated, nor is one that uses a variable that such a statement has assigned: the new notebook may stop where
//! something is missing, but it never goes on with something else.

mod convert;
mod databricks;
mod directive;
mod forms;
mod jupyter;
mod python;
mod report;
mod rust;
mod source;
mod zeppelin;

use aerostat_error::{Error, Result};
use serde_json::{Value, json};

pub use report::{Left, Report};

/// A notebook that has been converted.
#[derive(Debug)]
pub struct Imported {
    cells: Vec<Value>,
    /// What came of its cells.
    pub report: Report,
}

impl Imported {
    /// The notebook as Jupyter stores it, for the kernel that `kernelspec` names.
    pub fn notebook(&self, kernelspec: &Value) -> Value {
        json!({
            "cells": self.cells,
            "metadata": { "kernelspec": kernelspec, "language_info": { "name": "rust", "file_extension": ".rs" } },
            "nbformat": 4,
            "nbformat_minor": 5,
        })
    }
}

/// Converts the notebook in the file `name`, whose contents are `text`. The contents decide which format it is.
pub fn import(name: &str, text: &str) -> Result<Imported> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let note = match databricks::parse(name, text) {
        Some(note) => note,
        None => {
            let json: Value = serde_json::from_str(text).map_err(|error| unknown(name, &error))?;
            match json.get("paragraphs") {
                Some(_) => zeppelin::parse(&json)?,
                None if json.get("cells").is_some() => jupyter::parse(&json)?,
                None => {
                    return Err(Error::invalid_argument(format!("`{name}` has neither paragraphs nor cells"))
                        .with_hint(FORMATS));
                }
            }
        }
    };
    Ok(convert::convert(note))
}

const FORMATS: &str = "notebooks of Zeppelin (`.zpln`, `.json`) and of Databricks (exported as source, `.py`, `.sql`, \
                       `.scala` or `.r`, or as `.ipynb`) can be imported";

fn unknown(name: &str, error: &serde_json::Error) -> Error {
    Error::invalid_argument(format!("`{name}` is not a notebook: {error}")).with_hint(FORMATS)
}
