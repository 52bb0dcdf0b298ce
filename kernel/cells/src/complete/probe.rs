//! A look at the cell as far as the cursor: what is typed there is put in, what is open is closed, and the whole is
//! checked like any cell.

use crate::check::{self, CURSOR, Probe};
use crate::columns;
use crate::notebook::Notebook;
use crate::parse;
use crate::ty::Ty;

/// What may have to follow for the text to be whole: nothing, the end of a statement, or the block of an `if` or `for`.
const ENDINGS: [&str; 4] = ["", ";", " {}", " => {}"];

/// The type of the expression that ends `before`.
pub(crate) fn receiver_type(notebook: &Notebook, before: &str) -> Option<Ty> {
    probe(notebook, &format!("{}.{CURSOR}()", before.trim_end()), |probe| probe.receiver)
}

/// The variables that can be named behind `before`.
pub(super) fn variables(notebook: &Notebook, before: &str) -> Vec<String> {
    let seen = |probe: Probe| Some(probe.variables).filter(|names| !names.is_empty());
    probe(notebook, &format!("{before}{CURSOR}"), seen).unwrap_or_default()
}

/// The columns of the frame that a string behind the quote at the end of `before` can name.
pub(super) fn columns(notebook: &Notebook, before: &str) -> Option<Vec<String>> {
    probe(notebook, &format!("{before}{CURSOR}\""), |probe| {
        columns::columns_at(&notebook.cx, &notebook.scope, &probe.checked?, CURSOR)
    })
}

fn probe<T>(notebook: &Notebook, text: &str, found: impl Fn(Probe) -> Option<T>) -> Option<T> {
    let closing: Vec<&str> = parse::open(text).brackets.iter().rev().map(|(_, open)| closed(*open)).collect();
    // A block may end a statement that wants a semicolon, as in `let x = match y { .. }`.
    let closings = [closing.concat(), closing.concat().replace('}', "};")];
    let endings = closings.iter().flat_map(|closing| ENDINGS.map(|ending| format!("{text}{ending}{closing};")));
    endings.into_iter().find_map(|cell| {
        let statements = parse::parse(&cell).ok()?;
        found(check::probe(&cell, &statements, &notebook.scope))
    })
}

fn closed(open: char) -> &'static str {
    match open {
        '(' => ")",
        '[' => "]",
        _ => "}",
    }
}
