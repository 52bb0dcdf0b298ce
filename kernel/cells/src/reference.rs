//! The reference of everything that a cell can name, written from the table.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::check::macro_names;
use crate::inspect::documentation;
use crate::table::{Callable, TABLE, TypeRow};

const TITLE: &str = "\
# What cells can name

Written by `aerostat docs cells` from the table that also checks, runs, completes and explains cells. Signatures are those
that cells know: references are transparent, so `&self` is `self`, and strings of every kind are `String`.
";

/// The reference as a page of Markdown.
pub fn reference() -> String {
    let mut page = TITLE.to_owned();
    let mut owners: BTreeMap<&str, Vec<&Callable>> = BTreeMap::new();
    for callable in TABLE.callables() {
        owners.entry(callable.owner.unwrap_or_default()).or_default().push(callable);
    }
    let with_rows = owners.keys().copied().filter(|owner| !owner.is_empty());
    let names: BTreeSet<&str> = TABLE.type_names().chain(with_rows).collect();
    // Writing to a string cannot fail.
    let _ = contents(&mut page, &names);
    let _ = section(&mut page, "Functions", None, owners.get("").map_or(&[], Vec::as_slice));
    let macros: Vec<String> = macro_names().map(|name| format!("`{name}!`")).collect();
    let _ = writeln!(page, "\n## Macros\n\n{}", macros.join(", "));
    for name in names {
        let _ = section(&mut page, name, TABLE.type_row(name), owners.get(name).map_or(&[], Vec::as_slice));
    }
    page
}

fn contents(page: &mut String, names: &BTreeSet<&str>) -> std::fmt::Result {
    let link = |name: &str| format!("[{name}](#{})", name.to_lowercase());
    let links: Vec<String> = ["Functions", "Macros"].into_iter().chain(names.iter().copied()).map(link).collect();
    writeln!(page, "\n{}", links.join(" · "))
}

fn section(page: &mut String, name: &str, row: Option<&TypeRow>, callables: &[&Callable]) -> std::fmt::Result {
    writeln!(page, "\n## {name}")?;
    if let Some(row) = row {
        writeln!(page, "\n{}", row.doc)?;
        let fields: Vec<String> = row.fields.iter().map(|field| format!("`{}: {}`", field.name, field.ty)).collect();
        if !fields.is_empty() {
            writeln!(page, "\nFields: {}", fields.join(", "))?;
        }
    }
    let mut variants: Vec<&str> =
        TABLE.constants().filter(|constant| constant.owner == Some(name)).map(|constant| constant.name).collect();
    variants.sort_unstable();
    if !variants.is_empty() {
        let variants: Vec<String> = variants.iter().map(|variant| format!("`{name}::{variant}`")).collect();
        writeln!(page, "\nValues: {}", variants.join(", "))?;
    }
    let mut lines: Vec<String> = callables.iter().map(|callable| line(callable)).collect();
    lines.sort_unstable();
    lines.dedup();
    if !lines.is_empty() {
        writeln!(page, "\n{}", lines.join("\n"))?;
    }
    Ok(())
}

/// A signature without its owner, linked to polars' own page, and the doc line.
fn line(callable: &Callable) -> String {
    let signature = callable.signature();
    let owner = callable.owner.map(|owner| format!("{owner}::")).unwrap_or_default();
    let signature = signature.replacen(&owner, if callable.receiver.is_some() { "" } else { &owner }, 1);
    let signature = signature.trim_start_matches("fn ");
    let link = documentation(callable).map(|link| format!(" [docs]({link})")).unwrap_or_default();
    format!("- `{signature}`: {}{link}", callable.doc)
}
