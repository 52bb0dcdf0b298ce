//! Databricks' notebooks as source: one file in the default language, in which comments part the cells and hold those
//! of other languages.

use crate::directive;
use crate::source::{Cell, Language, Note};

/// How the comments of a language begin.
const COMMENTS: [&str; 3] = ["#", "--", "//"];

/// The cells of the file `name`, if its first line says that it is such a notebook.
pub(crate) fn parse(name: &str, text: &str) -> Option<Note> {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let comment =
        COMMENTS.into_iter().find(|comment| first.trim_end() == format!("{comment} Databricks notebook source"))?;
    let default = match comment {
        "--" => Language::Sql,
        "//" => Language::Scala,
        _ if name.to_lowercase().ends_with(".r") => Language::Other("r".into()),
        _ => Language::Python,
    };
    let border = format!("{comment} COMMAND ----------");
    let mut cells = vec![Vec::new()];
    for line in rest.lines() {
        match line.trim_end() == border {
            true => cells.push(Vec::new()),
            false => cells.last_mut()?.push(line),
        }
    }
    Some(Note { cells: cells.iter().filter_map(|lines| cell(lines, comment, &default)).collect() })
}

/// The cell in `lines`, unless it is empty.
fn cell(lines: &[&str], comment: &str, default: &Language) -> Option<Cell> {
    let (title_mark, magic_mark) = (format!("{comment} DBTITLE 1,"), format!("{comment} MAGIC"));
    let title = lines.iter().find_map(|line| line.strip_prefix(&title_mark)).map(|title| title.trim().to_owned());
    let lines = lines.iter().filter(|line| !line.starts_with(&title_mark));
    let uncommented = lines.map(|line| match line.strip_prefix(&magic_mark) {
        Some(magic) => magic.strip_prefix(' ').unwrap_or(magic),
        None => line,
    });
    let text = uncommented.collect::<Vec<_>>().join("\n");
    let (language, text) = directive::split(text.trim_matches('\n'), default);
    (!text.trim().is_empty()).then(|| Cell { title, language, text: text.trim_end().to_owned(), enabled: true })
}
