//! Magics that list what there is.

use aerostat_error::Result;
use aerostat_session::{Output, display};

use super::{Call, Place, spellings};
use crate::notebook::{Notebook, Shown};

pub(super) fn tables(notebook: &mut Notebook, call: &Call<'_>) -> Result<Shown> {
    call.no_args()?;
    Ok(Shown::result(display::frame_bundle(&notebook.session.tables()?)))
}

pub(super) fn databases(notebook: &mut Notebook, call: &Call<'_>) -> Result<Shown> {
    call.no_args()?;
    Ok(Shown::result(display::frame_bundle(&notebook.session.databases()?)))
}

pub(super) fn lsmagic(notebook: &mut Notebook, call: &Call<'_>) -> Result<Shown> {
    call.no_args()?;
    let list = |wanted: Place| -> String {
        let fit = spellings().filter(|(place, ..)| *place == wanted);
        fit.map(|(_, magic, spelling)| format!("  {spelling:<12} {}\n", first_sentence(magic.doc))).collect()
    };
    let (line, cell) = (list(Place::Line), list(Place::Cell));
    let way = notebook.way.map_or_else(String::new, |way| format!(" The last Rust was {}.", way.word()));
    notebook.output.stdout(&format!(
        "Line magics:\n{line}\nCell magics:\n{cell}\n`?%NAME` explains one. `!COMMAND` runs a shell command.\n\n\
         Rust is interpreted; what needs closures, functions, types or other crates is compiled.{way}\n"
    ));
    Ok(Shown::default())
}

fn first_sentence(doc: &str) -> &str {
    doc.find(". ").map_or(doc, |end| &doc[..=end])
}
