//! What came of a notebook's cells, and what is left to do.

use std::collections::BTreeMap;
use std::fmt;

/// A statement, or a whole cell, that was not translated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// The number of the cell in the original, from 1.
    pub cell: usize,
    /// What it is written in.
    pub language: String,
    /// The number of the line in the cell, from 1; none for a whole cell.
    pub line: Option<usize>,
    /// The beginning of what is left.
    pub text: String,
}

/// What came of a notebook.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many cells there were, by language.
    pub cells: BTreeMap<String, usize>,
    /// How many statements of Python were translated.
    pub translated: usize,
    /// What is left to do, in order.
    pub left: Vec<Left>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts: Vec<String> = self.cells.iter().map(|(language, count)| format!("{count} {language}")).collect();
        writeln!(f, "{} cells: {}", self.cells.values().sum::<usize>(), counts.join(", "))?;
        if self.cells.contains_key("python") {
            writeln!(f, "statements of Python translated: {}", self.translated)?;
        }
        if self.left.is_empty() {
            return writeln!(f, "nothing is left to translate");
        }
        writeln!(f, "left to translate:")?;
        self.left.iter().try_for_each(|left| {
            let line = left.line.map(|line| format!(", line {line}")).unwrap_or_default();
            writeln!(f, "  cell {} ({}){line}: {}", left.cell, left.language, left.text)
        })
    }
}
