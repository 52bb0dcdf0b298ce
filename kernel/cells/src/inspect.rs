//! Inspection: what is known of the name under the cursor.

use aerostat_session::{MimeBundle, display};
use polars::prelude::{DataFrame, LazyFrame};

use crate::complete::{floor_boundary, receiver_type};
use crate::notebook::{Notebook, summary};
use crate::scope::Variable;
use crate::table::{Callable, TABLE};
use crate::ty::Ty;

pub(crate) fn inspect(notebook: &Notebook, code: &str, cursor: usize, detail: u8) -> Option<MimeBundle> {
    let (start, end) = word_at(code, floor_boundary(code, cursor))?;
    let word = &code[start..end];
    let lead = code[..start].trim_end();
    if let Some(receiver) = lead.strip_suffix('.') {
        let ty = receiver_type(notebook, receiver)?;
        return TABLE.methods_named(&ty, word).next().map(describe);
    }
    if let Some(path) = lead.strip_suffix("::") {
        let owner = path.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next()?;
        return match TABLE.function(Some(owner), word) {
            Some(function) => Some(describe(function)),
            None => TABLE
                .constant(Some(owner), word)
                .map(|constant| MimeBundle::text(format!("{owner}::{word}: {}", constant.ty))),
        };
    }
    if let Some(variable) = notebook.scope.read().get(word).cloned() {
        return Some(describe_variable(word, &variable, detail));
    }
    if let Some(function) = TABLE.function(None, word) {
        return Some(describe(function));
    }
    let row = TABLE.type_row(word)?;
    let fields: Vec<String> = row.fields.iter().map(|field| format!("    {}: {}", field.name, field.ty)).collect();
    let fields = if fields.is_empty() { String::new() } else { format!("\n\nFields:\n{}", fields.join("\n")) };
    let values = TABLE.constants().filter(|constant| constant.owner == Some(row.name));
    let mut values: Vec<&str> = values.map(|constant| constant.name).collect();
    values.sort_unstable();
    let values = if values.is_empty() { String::new() } else { format!("\n\nValues: {}", values.join(", ")) };
    Some(MimeBundle::text(format!("{}\n\n{}{fields}{values}", row.name, row.doc)))
}

fn describe(callable: &Callable) -> MimeBundle {
    let mut text = format!("{}\n\n{}", callable.signature(), callable.doc);
    if let Some(link) = documentation(callable) {
        text.push_str(&format!("\n\n{link}"));
    }
    MimeBundle::text(text)
}

/// The documentation of the version of polars that cells are built with.
const POLARS: &str = "https://docs.rs/polars/0.55.2/polars/";
const CHRONO: &str = "https://docs.rs/chrono/0.4/chrono/";

/// Methods of polars' types that are not polars' own: Spark's users know them.
const OWN_NAMES: [&str; 9] = [
    "show",
    "print_schema",
    "describe",
    "write",
    "create_or_replace_temp_view",
    "plot",
    "display",
    "display_handle",
    "clear_output",
];

/// Where a row of polars or chrono is documented.
pub(crate) fn documentation(callable: &Callable) -> Option<String> {
    let name = callable.name;
    if OWN_NAMES.contains(&name) {
        return None;
    }
    match callable.owner {
        None => Some(format!("{POLARS}prelude/fn.{name}.html")),
        Some("Expr") => Some(format!("{POLARS}prelude/enum.Expr.html#method.{name}")),
        Some(owner @ ("DataFrame" | "LazyFrame" | "Series" | "LazyGroupBy")) => {
            Some(format!("{POLARS}prelude/struct.{owner}.html#method.{name}"))
        }
        // Where a page is inside of the modules is for the search of the documentation to say.
        Some(owner) => {
            let home = match (TABLE.type_row(owner)?.path)().split("::").next()? {
                "chrono" => CHRONO,
                "aerostat_session" | "aerostat_charts" => return None,
                _ => POLARS,
            };
            Some(format!("{home}?search={owner}::{name}"))
        }
    }
}

fn describe_variable(name: &str, variable: &Variable, detail: u8) -> MimeBundle {
    let mut text = format!("{name}: {}\n\n{}", variable.ty, summary(variable));
    let frame = variable.value.downcast_ref::<DataFrame>();
    let schema = match frame {
        Some(frame) => Some(frame.schema().clone()),
        None => variable.value.downcast_ref::<LazyFrame>().and_then(|plan| plan.clone().collect_schema().ok()),
    };
    if let Some(schema) = schema {
        text.push_str(&format!("\n\n{}", display::schema_tree(&schema)));
    }
    match frame {
        Some(frame) if detail > 0 => text.push_str(&format!("\n{}", display::frame_text(&frame.head(Some(5))))),
        None if detail > 0 && !matches!(variable.ty, Ty::Native(_)) => {
            text.push_str(&format!("\n\n{}", variable.value.debug(true)));
        }
        _ => {}
    }
    MimeBundle::text(text)
}

/// The word that the cursor is in or behind.
fn word_at(code: &str, cursor: usize) -> Option<(usize, usize)> {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    let start = code[..cursor].char_indices().rev().take_while(|(_, c)| part(*c)).last().map_or(cursor, |(at, _)| at);
    let end = code[cursor..].find(|c| !part(c)).map_or(code.len(), |at| cursor + at);
    (start < end).then_some((start, end))
}
