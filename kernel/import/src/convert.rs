//! Cells of the original to cells of this kernel.

use serde_json::{Value, json};

use crate::python::{Translator, words};
use crate::report::{Left, Report};
use crate::source::{Cell, Language, Note};
use crate::{Imported, forms};

/// How much of a line the report shows.
const SHOWN: usize = 80;

/// Converts all cells.
pub(crate) fn convert(note: Note) -> Imported {
    let of = |language| note.cells.iter().filter(move |cell| cell.language == language).map(|cell| cell.text.as_str());
    let python: Vec<&str> = of(Language::Python).collect();
    let python = Translator::new(of(Language::Sql).flat_map(words), &python);
    let mut converter = Converter { python, cells: Vec::new(), report: Report::default() };
    for (index, cell) in note.cells.iter().enumerate() {
        converter.cell(index + 1, cell);
    }
    Imported { cells: converter.cells, report: converter.report }
}

struct Converter {
    cells: Vec<Value>,
    report: Report,
    python: Translator,
}

impl Converter {
    fn cell(&mut self, number: usize, cell: &Cell) {
        *self.report.cells.entry(cell.language.name().to_owned()).or_default() += 1;
        if let Some(title) = &cell.title {
            self.push("markdown", &format!("### {title}"));
        }
        match &cell.language {
            Language::Markdown => self.push("markdown", &cell.text),
            _ if !cell.enabled => self.push("raw", &cell.text),
            Language::Sql => self.sql(&cell.text),
            Language::Shell => self.push("code", &format!("%%sh\n{}", cell.text)),
            Language::Python => self.python(number, &cell.text),
            Language::Scala | Language::Other(_) => {
                self.quote(&cell.language, &cell.text);
                self.push("code", "");
                self.left(number, &cell.language, None, &cell.text);
            }
        }
    }

    fn sql(&mut self, text: &str) {
        let (sql, widgets) = forms::split(text);
        if let Some(widgets) = widgets {
            self.push("code", &widgets);
        }
        self.push("code", &format!("%%sql\n{sql}"));
    }

    fn python(&mut self, number: usize, text: &str) {
        self.quote(&Language::Python, text);
        let translated = self.python.translate(text);
        self.report.translated += translated.statements;
        for (line, text) in &translated.left {
            self.left(number, &Language::Python, Some(*line), text);
        }
        self.push("code", &translated.rust);
    }

    /// The original, for whoever finishes the translation.
    fn quote(&mut self, language: &Language, text: &str) {
        // A fence that is longer than any in the text.
        let fence = "`".repeat(text.split(|c| c != '`').map(str::len).max().unwrap_or(0).max(2) + 1);
        self.push("markdown", &format!("{fence}{}\n{text}\n{fence}", language.name()));
    }

    fn left(&mut self, cell: usize, language: &Language, line: Option<usize>, text: &str) {
        let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim();
        let cut = first.char_indices().nth(SHOWN).map(|(end, _)| format!("{}…", &first[..end]));
        let text = cut.unwrap_or_else(|| first.to_owned());
        self.report.left.push(Left { cell, language: language.name().to_owned(), line, text });
    }

    fn push(&mut self, kind: &str, source: &str) {
        let id = format!("cell-{}", self.cells.len() + 1);
        let lines: Vec<&str> = source.split_inclusive('\n').collect();
        let mut cell = json!({ "cell_type": kind, "id": id, "metadata": {}, "source": lines });
        if kind == "code" {
            cell["execution_count"] = Value::Null;
            cell["outputs"] = json!([]);
        }
        self.cells.push(cell);
    }
}
