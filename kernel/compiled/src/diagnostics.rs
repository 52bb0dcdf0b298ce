//! The compiler's errors, with the lines of the cell in place of those of the text that was compiled.

use aerostat_error::{Error, Kind, Span};
use evcxr::CompilationError;
use serde_json::Value;

use crate::generate::Lines;

/// The file that evcxr has compiled.
const FILE: &str = "src/lib.rs";

/// Where the lines of a cell are in the text that was compiled.
pub(crate) struct Places<'a> {
    /// The cell.
    code: &'a str,
    lines: &'a Lines,
    /// How many lines stand before those that `lines` knows.
    before: usize,
}

impl<'a> Places<'a> {
    /// `module`, whose lines `lines` knows, stands somewhere in `compiled`.
    pub(crate) fn new(code: &'a str, lines: &'a Lines, module: &str, compiled: &str) -> Self {
        let at = compiled.find(module.trim_end()).unwrap_or(0);
        Self { code, lines, before: compiled[..at].matches('\n').count() }
    }

    /// The line of the cell that a line of the compiled text is.
    fn line(&self, compiled: usize) -> Option<usize> {
        self.lines.in_cell(compiled.checked_sub(self.before)?)
    }

    /// The place in the cell of a line and column of the compiled text, up to the end of the line.
    pub(crate) fn span(&self, line: usize, column: usize) -> Option<Span> {
        let line = self.line(line)?;
        let text = self.code.lines().nth(line - 1)?;
        let start = self.code.split_inclusive('\n').take(line - 1).map(str::len).sum::<usize>();
        let skipped = text.chars().take(column.saturating_sub(1)).map(char::len_utf8).sum::<usize>();
        Some(Span::new(start + skipped, start + text.trim_end().len().max(skipped)))
    }
}

/// The lines of the compiled text that an error speaks of, those that a macro came from included, and whether the error
/// is there.
pub(crate) fn lines_of(error: &CompilationError) -> Vec<(usize, bool)> {
    let spans = error.json["spans"].as_array().into_iter().flatten();
    let line = |span: &Value| outermost(span)?["line_start"].as_u64().and_then(|line| usize::try_from(line).ok());
    spans.filter_map(|span| Some((line(span)?, span["is_primary"] == true))).collect()
}

fn outermost(span: &Value) -> Option<&Value> {
    match span["file_name"].as_str() {
        Some(FILE) => Some(span),
        _ => span["expansion"].as_object().and_then(|_| outermost(&span["expansion"]["span"])),
    }
}

/// Whether it is an error, and not a remark.
pub(crate) fn is_error(error: &CompilationError) -> bool {
    error.json["level"] == "error" || error.json.is_null()
}

/// All errors as one.
pub(crate) fn error(errors: &[CompilationError], places: &Places<'_>) -> Error {
    let errors: Vec<&CompilationError> = errors.iter().filter(|error| is_error(error)).collect();
    let Some(first) = errors.first() else { return Error::new(Kind::Compile, "the compiler failed without a word") };
    let more = match errors.len() - 1 {
        0 => String::new(),
        1 => " (and 1 more error)".to_owned(),
        more => format!(" (and {more} more errors)"),
    };
    let report: Vec<String> = errors.iter().map(|error| report(error, places)).collect();
    let error = Error::new(Kind::Compile, format!("{}{more}", first.message())).with_report(report.join("\n"));
    match primary(first).and_then(|(line, column)| places.span(line, column)) {
        Some(span) => error.with_span(span),
        None => error,
    }
}

fn primary(error: &CompilationError) -> Option<(usize, usize)> {
    let mut spans = error.json["spans"].as_array()?.iter().filter(|span| span["is_primary"] == true);
    let span = spans.find_map(outermost)?;
    let number = |name: &str| Some(usize::try_from(span[name].as_u64()?).unwrap_or(0));
    Some((number("line_start")?, number("column_start")?))
}

/// The error as the compiler prints it; lines of the code around the cell are left out.
fn report(error: &CompilationError, places: &Places<'_>) -> String {
    let rendered = error.json["rendered"].as_str().map(str::to_owned).unwrap_or_else(|| error.message());
    let mut ours = true;
    let lines = rendered.lines().filter_map(|line| {
        if let Some((arrow, place)) = arrow(line) {
            ours = place.starts_with(FILE);
            return if ours { moved_place(arrow, place, places) } else { Some(line.to_owned()) };
        }
        match numbered(line).filter(|_| ours) {
            Some((number, width)) => places.line(number).map(|moved| format!("{moved:<width$}{}", &line[width..])),
            None => Some(line.to_owned()),
        }
    });
    let lines: Vec<String> = lines.filter(|line| !line.starts_with("For more information about")).collect();
    lines.join("\n").trim_end().to_owned()
}

/// `  --> ` and `src/lib.rs:12:5`.
fn arrow(line: &str) -> Option<(&str, &str)> {
    let mark = line.find("--> ").or_else(|| line.find("::: "))?;
    line[..mark].trim().is_empty().then(|| line.split_at(mark + 4))
}

fn moved_place(arrow: &str, place: &str, places: &Places<'_>) -> Option<String> {
    let mut numbers = place.strip_prefix(FILE)?.trim_start_matches(':').split(':');
    let line = places.line(numbers.next()?.parse().ok()?)?;
    Some(format!("{arrow}cell:{line}:{}", numbers.next().unwrap_or("1")))
}

/// The number of a line of source, and the width of the column in which it stands.
fn numbered(line: &str) -> Option<(usize, usize)> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let spaces = line[digits..].bytes().take_while(|byte| *byte == b' ').count();
    let bar = line[digits + spaces..].starts_with(['|', '+', '-', '~']);
    Some((line[..digits].parse().ok().filter(|_| bar)?, digits + spaces))
}
