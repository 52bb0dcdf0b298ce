//! Completion: methods of the receiver's type, variables, functions, columns inside `col("`, tables inside `table("`,
//! files inside readers.

mod probe;

use std::path::Path;

use polars::prelude::{DataFrame, LazyFrame};

use crate::check;
use crate::notebook::Notebook;
use crate::parse;
use crate::table::TABLE;
use crate::ty::{Accepts, Ty};

pub(crate) use self::probe::receiver_type;

/// What may stand at a place in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completions {
    /// Byte offset at which the replaced text begins.
    pub start: usize,
    /// Byte offset at which it ends.
    pub end: usize,
    /// What may replace it.
    pub matches: Vec<Completion>,
}

/// One way to complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The text.
    pub text: String,
    /// What it is: `method`, `function`, `variable`, `column`, `table`, ...
    pub kind: &'static str,
}

/// Functions whose string argument names a table.
const TABLE_ARGUMENT: [&str; 3] = ["table", "save_as_table", "insert_into"];

pub(crate) fn complete(notebook: &Notebook, code: &str, cursor: usize) -> Completions {
    let cursor = floor_boundary(code, cursor);
    let before = &code[..cursor];
    if let Some(quote) = parse::open(before).text {
        let is_string = before[quote..].starts_with('"');
        let matches = if is_string { inside_string(notebook, code, quote, cursor) } else { Vec::new() };
        let start = if is_string { quote + 1 } else { cursor };
        return finish(start, cursor, &code[start..cursor], matches);
    }
    let start = before
        .rfind(|c: char| !c.is_alphanumeric() && c != '_')
        .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
    let lead = before[..start].trim_end();
    let matches = if let Some(receiver) = lead.strip_suffix('.').filter(|lead| !lead.ends_with('.')) {
        members(&probe::receiver_type(notebook, receiver))
    } else if let Some(owner) = lead.strip_suffix("::").map(last_word) {
        associated(owner)
    } else {
        field_names(lead).unwrap_or_else(|| names(notebook, &before[..start]))
    };
    finish(start, cursor, &code[start..cursor], matches)
}

fn of(kind: &'static str) -> impl Fn(&str) -> Completion {
    move |name| Completion { text: name.to_owned(), kind }
}

/// The methods and fields of a type.
fn members(ty: &Option<Ty>) -> Vec<Completion> {
    let Some(ty) = ty.as_ref().filter(|ty| **ty != Ty::Any) else { return Vec::new() };
    let methods = TABLE.methods_of(ty).map(|method| of("method")(method.name));
    let row = if let Ty::Native(name) = ty { TABLE.type_row(name) } else { None };
    let fields = row.into_iter().flat_map(|row| &row.fields).map(|field| of("field")(field.name));
    methods.chain(fields).collect()
}

/// Functions and variants behind `Owner::`.
fn associated(owner: &str) -> Vec<Completion> {
    TABLE.members(Some(owner)).into_iter().map(of("function")).collect()
}

/// The fields of the struct of options that is being written, if the text ends where one of them is expected.
fn field_names(lead: &str) -> Option<Vec<Completion>> {
    let (at, _) = *parse::open(lead).brackets.last().filter(|(_, open)| *open == '{')?;
    let row = TABLE.type_row(last_word(&lead[..at])).filter(|row| !row.fields.is_empty())?;
    let expects = lead.ends_with(['{', ',']);
    expects.then(|| row.fields.iter().map(|field| of("field")(field.name)).collect())
}

/// Keeps what begins like the text that is already there, in order.
fn finish(start: usize, end: usize, prefix: &str, mut matches: Vec<Completion>) -> Completions {
    let wanted = prefix.to_lowercase();
    matches.retain(|completion| completion.text.to_lowercase().starts_with(&wanted));
    matches.sort_by(|a, b| a.text.cmp(&b.text));
    matches.dedup();
    Completions { start, end, matches }
}

/// Everything that may begin an expression.
fn names(notebook: &Notebook, before: &str) -> Vec<Completion> {
    let seen = probe::variables(notebook, before);
    // Code that does not parse even when it is closed: the variables of earlier cells at least.
    let variables: Vec<Completion> =
        seen.into_iter().chain(notebook.scope.names()).map(|name| of("variable")(&name)).collect();
    let functions = TABLE.members(None).into_iter().map(of("function"));
    let types = TABLE.type_names().map(of("type"));
    let macros = check::macro_names().map(|name| of("macro")(&format!("{name}!")));
    let keywords = ["let", "let mut", "if", "else", "for", "in", "while", "loop", "match", "true", "false"];
    let keywords = keywords.into_iter().map(of("keyword"));
    variables.into_iter().chain(functions).chain(types).chain(macros).chain(keywords).collect()
}

fn inside_string(notebook: &Notebook, code: &str, quote: usize, cursor: usize) -> Vec<Completion> {
    let call = code[..quote].trim_end_matches(|c: char| "([&, \"".contains(c) || c.is_whitespace());
    let function = last_word(call);
    if TABLE_ARGUMENT.contains(&function) {
        return tables(notebook);
    }
    if names_files(function) {
        return files(&code[quote + 1..cursor]);
    }
    // In `sort(["a", "b` only the innermost call counts.
    let listed = code[..quote].rfind('[').map(|open| last_word(code[..open].trim_end_matches(['(', '&', ' '])));
    if !names_columns(function) && !listed.is_some_and(names_columns) && !indexes_a_frame(notebook, &code[..quote]) {
        return Vec::new();
    }
    match probe::columns(notebook, &code[..=quote]) {
        Some(columns) => columns.iter().map(|name| of("column")(name)).collect(),
        None => columns(notebook, code),
    }
}

/// Whether a text in the arguments of a function or method is the path of a file. `new` is a function of many types.
fn names_files(function: &str) -> bool {
    let takes = |callable: &crate::table::Callable| callable.params.iter().any(|(name, _)| *name == "path");
    function != "new" && TABLE.callables().any(|callable| callable.name == function && takes(callable))
}

/// Whether what follows is the index of a frame, as in `frame["`.
fn indexes_a_frame(notebook: &Notebook, before: &str) -> bool {
    let frame = before.trim_end().strip_suffix('[');
    frame.and_then(|frame| probe::receiver_type(notebook, frame)) == Some(Ty::Native("DataFrame"))
}

/// Whether a text in the arguments of a function or method can be the name of a column.
fn names_columns(function: &str) -> bool {
    let by_type = |ty: &Ty| match ty {
        Ty::Accepts(Accepts::IntoExpr | Accepts::IntoExprs | Accepts::Names) => true,
        Ty::Vec(inner) | Ty::Option(inner) => matches!(**inner, Ty::Accepts(Accepts::IntoExpr) | Ty::Native("Expr")),
        ty => *ty == Ty::Native("Expr"),
    };
    let by_name = |(name, ty): &(&'static str, Ty)| *ty == Ty::Str && matches!(*name, "name" | "column" | "existing");
    let takes = |callable: &&crate::table::Callable| {
        callable.name == function
            && matches!(callable.owner, None | Some("DataFrame" | "LazyFrame" | "LazyGroupBy" | "Expr" | "Writer"))
            && callable.params.iter().any(|param| by_type(&param.1) || by_name(param))
    };
    TABLE.callables().any(|callable| takes(&callable))
}

/// The columns of the frames that the cell names, or of all frames if it names none.
fn columns(notebook: &Notebook, code: &str) -> Vec<Completion> {
    let scope = notebook.scope.read();
    let frames: Vec<_> =
        scope.iter().filter_map(|(name, variable)| Some((name, column_names(&variable.value)?))).collect();
    let named: Vec<_> = frames.iter().filter(|(name, _)| has_word(code, name)).collect();
    let chosen: Vec<_> = if named.is_empty() { frames.iter().collect() } else { named };
    let names = chosen.into_iter().flat_map(|(_, columns)| columns);
    names.map(|name| Completion { text: name.clone(), kind: "column" }).collect()
}

fn column_names(value: &crate::value::Value) -> Option<Vec<String>> {
    if let Some(frame) = value.downcast_ref::<DataFrame>() {
        return Some(frame.get_column_names().into_iter().map(ToString::to_string).collect());
    }
    let schema = value.downcast_ref::<LazyFrame>()?.clone().collect_schema().ok()?;
    Some(schema.iter_names().map(ToString::to_string).collect())
}

fn tables(notebook: &Notebook) -> Vec<Completion> {
    let metastore = notebook.cx.session.metastore();
    let current = notebook.cx.session.current_schema();
    let mut names: Vec<String> = notebook.cx.session.temp_views();
    for schema in metastore.schemas().unwrap_or_default() {
        for table in metastore.tables(&schema.name).unwrap_or_default() {
            if schema.name.eq_ignore_ascii_case(&current) {
                names.push(table.name.table.clone());
            }
            names.push(format!("{}.{}", schema.name, table.name.table));
        }
    }
    names.into_iter().map(|text| Completion { text, kind: "table" }).collect()
}

fn files(typed: &str) -> Vec<Completion> {
    let folder = typed.rfind('/').map_or("", |slash| &typed[..=slash]);
    let listed = std::fs::read_dir(if folder.is_empty() { Path::new(".") } else { Path::new(folder) });
    let entries = listed.into_iter().flatten().filter_map(Result::ok).filter_map(|entry| {
        let slash = if entry.file_type().ok()?.is_dir() { "/" } else { "" };
        Some(format!("{folder}{}{slash}", entry.file_name().to_str()?))
    });
    entries.map(|text| Completion { text, kind: "path" }).collect()
}

fn last_word(text: &str) -> &str {
    let end = text.trim_end();
    let start = end
        .rfind(|c: char| !c.is_alphanumeric() && c != '_')
        .map_or(0, |at| at + end[at..].chars().next().map_or(1, char::len_utf8));
    &end[start..]
}

fn has_word(code: &str, word: &str) -> bool {
    code.split(|c: char| !c.is_alphanumeric() && c != '_').any(|found| found == word)
}

pub(crate) fn floor_boundary(code: &str, cursor: usize) -> usize {
    let mut cursor = cursor.min(code.len());
    while !code.is_char_boundary(cursor) {
        cursor -= 1;
    }
    cursor
}
