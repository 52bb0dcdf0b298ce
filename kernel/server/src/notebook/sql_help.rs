//! Help with SQL: names of tables and of their columns.

use aerostat_cells::{Completion, Completions};
use aerostat_session::{MimeBundle, Relation, Session, display, split_name};
use polars::prelude::SchemaRef;

use super::help::View;

/// The tables, and the columns of the tables that `code` speaks of, that the word before `cursor` could become.
pub(super) fn complete(view: &View, code: &str, cursor: usize) -> Completions {
    let start = word_start(code, cursor);
    let typed = code[start..cursor].to_lowercase();
    let mut matches = tables(view);
    matches.extend(columns(view, &code[..start]));
    matches.extend(columns(view, &code[cursor..]));
    matches.retain(|completion| completion.text.to_lowercase().starts_with(&typed));
    matches.sort_by(|a, b| a.text.cmp(&b.text));
    matches.dedup_by(|a, b| a.text == b.text);
    Completions { start, end: cursor, matches }
}

/// The columns of the table whose name is at `cursor`.
pub(super) fn inspect(view: &View, code: &str, cursor: usize) -> Option<MimeBundle> {
    let name = &code[word_start(code, cursor)..word_end(code, cursor)];
    let schema = schema(&view.session, name)?;
    Some(MimeBundle::text(format!("{name}\n{}", display::schema_tree(&schema))))
}

/// Temporary views, variables, tables of the current schema, and tables of every schema with the schema's name.
fn tables(view: &View) -> Vec<Completion> {
    let metastore = view.session.metastore();
    let tables = |schema: &str| metastore.tables(schema).unwrap_or_default().into_iter().map(|table| table.name);
    let schemas = metastore.schemas().unwrap_or_default();
    let own = tables(&view.session.current_schema()).map(|name| (name.table, "table"));
    let qualified = schemas.iter().flat_map(|schema| tables(&schema.name)).map(|name| (name.to_string(), "table"));
    let views = view.session.temp_views().into_iter().map(|name| (name, "view"));
    let frames = view.cells.variables().into_iter().filter(|variable| variable.type_name.ends_with("Frame"));
    let frames = frames.map(|variable| (variable.name, "variable"));
    let names = own.chain(qualified).chain(views).chain(frames);
    names.map(|(text, kind)| Completion { text, kind }).collect()
}

/// The columns of all tables that are named in `code`.
fn columns(view: &View, code: &str) -> Vec<Completion> {
    let schemas = code.split(|c| !is_name(c)).filter_map(|name| schema(&view.session, name));
    let names = schemas.flat_map(|schema| schema.iter_names().map(ToString::to_string).collect::<Vec<_>>());
    names.map(|text| Completion { text, kind: "column" }).collect()
}

/// The columns of a table or frame. Those of a view are not known without planning its query.
fn schema(session: &Session, name: &str) -> Option<SchemaRef> {
    let relation = session.resolve(&split_name(name).ok()?).ok()?;
    match relation {
        Relation::Frame { .. } | Relation::Table(_) | Relation::Version(..) => {
            session.scan(&relation).ok()?.collect_schema().ok()
        }
        Relation::View(_) | Relation::Query { .. } | Relation::Path { .. } => None,
    }
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.')
}

fn word_start(code: &str, cursor: usize) -> usize {
    code[..cursor].trim_end_matches(is_name).len()
}

fn word_end(code: &str, cursor: usize) -> usize {
    code.len() - code[cursor..].trim_start_matches(is_name).len()
}
