//! `%who` and `%whos`.

use aerostat_error::Result;
use aerostat_session::Output;

use super::Call;
use crate::notebook::{Notebook, Shown};

pub(super) fn who(notebook: &mut Notebook, call: &Call<'_>) -> Result<Shown> {
    call.no_args()?;
    let names: Vec<String> = variables(notebook).into_iter().map(|[name, ..]| name).collect();
    let text = if names.is_empty() { "There are no variables.".to_owned() } else { names.join("  ") };
    notebook.output.stdout(&format!("{text}\n"));
    Ok(Shown::default())
}

pub(super) fn whos(notebook: &mut Notebook, call: &Call<'_>) -> Result<Shown> {
    call.no_args()?;
    let rows = variables(notebook);
    let text = match rows.is_empty() {
        true => "There are no variables.\n".to_owned(),
        false => table(["Variable", "Type", "Value"].map(str::to_owned), &rows),
    };
    notebook.output.stdout(&text);
    Ok(Shown::default())
}

/// The variables of the notebook, and those that live in the process of compiled cells: name, type, value.
fn variables(notebook: &Notebook) -> Vec<[String; 3]> {
    let here = notebook.interpreter.notebook().variables().into_iter().map(|v| [v.name, v.type_name, v.summary]);
    let compiled = notebook.compiled.variables().iter();
    let there = compiled.map(|(name, known)| [name.clone(), known.ty.clone(), "in compiled cells".to_owned()]);
    let mut rows: Vec<[String; 3]> = here.chain(there).collect();
    rows.sort();
    rows
}

/// The rows under a heading, in columns.
fn table(heading: [String; 3], rows: &[[String; 3]]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().chain([&heading]).map(|row| row[column].chars().count());
        cells.max().unwrap_or(0)
    };
    let (first, second) = (width(0), width(1));
    let line =
        |[name, kind, value]: &[String; 3]| format!("{name:first$}  {kind:second$}  {value}").trim_end().to_owned();
    let rule = "-".repeat(first + second + 4 + width(2));
    let lines: Vec<String> = [line(&heading), rule].into_iter().chain(rows.iter().map(line)).collect();
    lines.join("\n") + "\n"
}
