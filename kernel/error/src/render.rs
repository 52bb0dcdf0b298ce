//! Layout of an error under the line of source that it points to.

use crate::{Error, Span};

/// `[ENAME] message`, the SQLSTATE of a condition, the marked line if the span lies within `source`, and the hint.
pub(crate) fn render(error: &Error, source: &str) -> String {
    let mut text = format!("[{}] {}", error.ename(), error.message());
    if let Some(condition) = error.condition() {
        text.push_str(&format!(" (SQLSTATE {})", condition.sqlstate));
    }
    if let Some(report) = error.report() {
        text.push('\n');
        text.push_str(report);
    } else if let Some(marked) = error.span().and_then(|span| mark(source, span)) {
        text.push('\n');
        text.push_str(&marked);
    }
    if let Some(hint) = error.hint() {
        text.push_str("\nhint: ");
        text.push_str(hint);
    }
    text
}

/// The first line that `span` touches, numbered, with carets under the part that it covers.
fn mark(source: &str, span: Span) -> Option<String> {
    let before = source.get(..span.start)?;
    source.get(span.start..span.end)?;
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = source[line_start..].lines().next().unwrap_or_default();
    let number = (before.matches('\n').count() + 1).to_string();
    let column = source[line_start..span.start].chars().count();
    let covered = source[span.start..span.end.min(line_start + line.len()).max(span.start)].chars().count();
    // Tabs are kept, so that the carets stay under the text whatever a tab's width is.
    let pad: String = line.chars().take(column).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
    Some(format!("  {number} | {line}\n  {:width$}   {pad}{}", "", "^".repeat(covered.max(1)), width = number.len()))
}
