//! Help with code, for any thread: completion, inspection, completeness. The protocol's cursors count code points.

use std::sync::{Arc, PoisonError, RwLock};

use aerostat_cells::{Completeness, Completion, Completions, Interpreter};
use aerostat_protocol::content::{
    CompleteReply, CompleteRequest, InspectReply, InspectRequest, IsCompleteReply, Object,
};
use aerostat_session::{MimeBundle, Session};
use serde_json::json;

use super::compiled::CompiledName;
use super::magic::{self, Place};
use super::segment::{self, Part, Segment};
use super::sql_help;

/// The parts of a notebook that can be looked at while a cell runs.
pub(super) struct View {
    pub(super) cells: aerostat_cells::Notebook,
    pub(super) session: Session,
    pub(super) compiled: Vec<CompiledName>,
}

impl View {
    /// Of a notebook without compiled cells.
    pub(super) fn new(session: &Session, interpreter: &Interpreter) -> Self {
        Self { cells: interpreter.notebook(), session: session.clone(), compiled: Vec::new() }
    }

    /// What could stand at `cursor` of Rust `code`: what the cell language knows, and what compiled cells have defined.
    fn complete(&self, code: &str, cursor: usize) -> Completions {
        let mut completions = self.cells.complete(code, cursor);
        let typed = &code[completions.start..cursor.max(completions.start)];
        let after_dot = code[..completions.start].ends_with(['.', ':']);
        let names = self.compiled.iter().filter(|compiled| !after_dot && compiled.name.starts_with(typed));
        completions.matches.extend(names.map(CompiledName::completion));
        completions
    }

    /// What is known of the name at `cursor` of Rust `code`.
    fn inspect(&self, code: &str, cursor: usize, detail: u8) -> Option<MimeBundle> {
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        let start = code[..cursor].trim_end_matches(is_name).len();
        let end = code.len() - code[cursor..].trim_start_matches(is_name).len();
        let compiled = self.compiled.iter().find(|compiled| compiled.name == code[start..end]);
        compiled.map(CompiledName::explain).or_else(|| self.cells.inspect(code, cursor, detail))
    }
}

/// Answers questions about code. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Help(Arc<RwLock<View>>);

impl Help {
    /// Help that follows `view` when the notebook changes its session.
    pub(super) fn new(view: Arc<RwLock<View>>) -> Self {
        Self(view)
    }

    /// The view that it follows.
    pub(super) fn shared(&self) -> Arc<RwLock<View>> {
        self.0.clone()
    }

    /// What could stand at the cursor.
    pub(crate) fn complete(&self, asked: &CompleteRequest) -> CompleteReply {
        let code = &asked.code;
        let Completions { start, end, matches } = self.completions(code, byte_offset(code, asked.cursor_pos));
        let (cursor_start, cursor_end) = (code_points(code, start), code_points(code, end));
        let types: Vec<_> = matches
            .iter()
            .map(|Completion { text, kind }| {
                json!({ "start": cursor_start, "end": cursor_end, "text": text, "type": kind })
            })
            .collect();
        // JupyterLab shows the kinds of the matches that it finds under this name.
        let metadata = Object::from_iter([("_jupyter_types_experimental".to_owned(), types.into())]);
        let matches = matches.into_iter().map(|completion| completion.text).collect();
        CompleteReply { matches, cursor_start, cursor_end, metadata }
    }

    /// What stands at the cursor.
    pub(crate) fn inspect(&self, asked: &InspectRequest) -> InspectReply {
        let cursor = byte_offset(&asked.code, asked.cursor_pos);
        match self.inspection(&asked.code, cursor, asked.detail_level) {
            Some(bundle) => InspectReply { found: true, data: bundle.0, ..InspectReply::default() },
            None => InspectReply::default(),
        }
    }

    /// Whether `code` could be run as it is.
    pub(crate) fn is_complete(&self, code: &str) -> IsCompleteReply {
        match segment::split(Part::whole(code), |code| self.is_open(code)).last() {
            // The body of a cell magic ends with a blank line, as in IPython.
            Some(Segment::Magic { place: Place::Cell, body, .. }) if !body.text.ends_with('\n') => {
                IsCompleteReply::Incomplete { indent: String::new() }
            }
            Some(Segment::Rust(rust)) => match self.view(|view| view.cells.is_complete(rust.text)) {
                Completeness::Complete => IsCompleteReply::Complete,
                Completeness::Incomplete { indent } => IsCompleteReply::Incomplete { indent },
                Completeness::Invalid => IsCompleteReply::Invalid,
            },
            _ => IsCompleteReply::Complete,
        }
    }

    /// Whether the Rust `code` waits for more.
    pub(super) fn is_open(&self, code: &str) -> bool {
        !code.trim().is_empty()
            && matches!(self.view(|view| view.cells.is_complete(code)), Completeness::Incomplete { .. })
    }

    /// What is known of a name: a magic, or anything of the cell language.
    pub(super) fn explain(&self, name: &str, detail: u8) -> Option<MimeBundle> {
        match name.starts_with('%') {
            true => magic::explain(name).map(MimeBundle::text),
            false => self.view(|view| view.inspect(name, name.len(), detail)),
        }
    }

    /// The names of the variables.
    pub(super) fn names(&self) -> Vec<String> {
        self.view(|view| view.cells.variables().into_iter().map(|variable| variable.name).collect())
    }

    fn completions(&self, code: &str, cursor: usize) -> Completions {
        let line_start = code[..cursor].rfind('\n').map_or(0, |newline| newline + 1);
        if let Some(completions) = magic::complete(&code[line_start..cursor], line_start) {
            return completions;
        }
        match self.segment_at(code, cursor) {
            Some(Segment::Rust(rust)) => {
                let inner = self.view(|view| view.complete(rust.text, cursor - rust.at));
                Completions { start: inner.start + rust.at, end: inner.end + rust.at, matches: inner.matches }
            }
            Some(segment) if segment.is_sql_at(cursor) => self.view(|view| sql_help::complete(view, code, cursor)),
            segment => match segment.and_then(|segment| segment.inner()).filter(|inner| inner.at <= cursor) {
                Some(inner) => {
                    let Completions { start, end, matches } = self.completions(inner.text, cursor - inner.at);
                    Completions { start: start + inner.at, end: end + inner.at, matches }
                }
                None => Completions { start: cursor, end: cursor, matches: Vec::new() },
            },
        }
    }

    fn inspection(&self, code: &str, cursor: usize, detail: u8) -> Option<MimeBundle> {
        match self.segment_at(code, cursor)? {
            Segment::Rust(rust) => self.view(|view| view.inspect(rust.text, cursor - rust.at, detail)),
            Segment::Inspect { name, .. } => self.explain(name.text, detail),
            Segment::Magic { place, name, .. } if cursor <= name.at + name.text.len() => {
                magic::explain(&format!("{}{}", place.prefix(), name.text)).map(MimeBundle::text)
            }
            segment if segment.is_sql_at(cursor) => self.view(|view| sql_help::inspect(view, code, cursor)),
            segment => {
                let inner = segment.inner().filter(|inner| inner.at <= cursor)?;
                self.inspection(inner.text, cursor - inner.at, detail)
            }
        }
    }

    /// The last segment that begins before the cursor.
    fn segment_at<'a>(&self, code: &'a str, cursor: usize) -> Option<Segment<'a>> {
        let begins = |segment: &Segment<'_>| match segment {
            Segment::Rust(part) | Segment::Shell(part) => part.at,
            Segment::Inspect { name, .. } => name.at,
            Segment::Magic { place, name, .. } => name.at - place.prefix().len(),
        };
        let segments = segment::split(Part::whole(code), |code| self.is_open(code));
        segments.into_iter().rev().find(|segment| begins(segment) <= cursor)
    }

    pub(super) fn view<T>(&self, look: impl FnOnce(&View) -> T) -> T {
        look(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The byte offset of a cursor in code points; the end of the code for one that is missing or beyond.
fn byte_offset(code: &str, cursor: Option<usize>) -> usize {
    cursor.and_then(|cursor| code.char_indices().nth(cursor)).map_or(code.len(), |(offset, _)| offset)
}

fn code_points(code: &str, offset: usize) -> usize {
    code[..offset].chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_count_code_points() {
        let code = "é𝒳x";
        assert_eq!([0, 1, 2, 3, 9].map(|cursor| byte_offset(code, Some(cursor))), [0, 2, 6, 7, 7]);
        assert_eq!(byte_offset(code, None), 7);
        assert_eq!([0, 2, 6, 7].map(|offset| code_points(code, offset)), [0, 1, 2, 3]);
    }
}
