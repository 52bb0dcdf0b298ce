//! Completion: methods of the receiver's type, variables, functions, columns inside `col("`, tables inside `table("`,
//! files inside readers.

use std::path::Path;

use polars::prelude::{DataFrame, LazyFrame};

use crate::check;
use crate::notebook::Notebook;
use crate::table::TABLE;
use crate::ty::Ty;

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

/// Functions whose string argument names a column.
const COLUMN_ARGUMENT: [&str; 16] = [
    "col",
    "cols",
    "column",
    "sum",
    "mean",
    "avg",
    "median",
    "min",
    "max",
    "sort",
    "select",
    "drop",
    "group_by",
    "rename",
    "partition_by",
    "by_name",
];
/// Functions whose string argument names a table.
const TABLE_ARGUMENT: [&str; 3] = ["table", "save_as_table", "insert_into"];
/// Functions whose string argument names a file.
const FILE_ARGUMENT: [&str; 8] =
    ["read_csv", "read_parquet", "read_json", "csv", "parquet", "json", "ipc", "scan_parquet"];

pub(crate) fn complete(notebook: &Notebook, code: &str, cursor: usize) -> Completions {
    let cursor = floor_boundary(code, cursor);
    let before = &code[..cursor];
    let mut matches = match open_string(before) {
        Some(quote) => {
            let start = quote + 1;
            return finish(start, cursor, &code[start..cursor], inside_string(notebook, code, quote, cursor));
        }
        None => Vec::new(),
    };
    let start = before
        .rfind(|c: char| !c.is_alphanumeric() && c != '_')
        .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
    let prefix = &code[start..cursor];
    let lead = before[..start].trim_end();
    if lead.ends_with('.') && !lead.ends_with("..") {
        let ty = receiver_type(notebook, &lead[..lead.len() - 1]);
        if let Some(ty) = ty {
            matches.extend(TABLE.methods_of(&ty).map(|method| Completion { text: method.name.into(), kind: "method" }));
        }
    } else if let Some(owner) = lead.strip_suffix("::").map(last_word) {
        matches.extend(
            TABLE.members(Some(owner)).into_iter().map(|name| Completion { text: name.into(), kind: "function" }),
        );
    } else {
        matches = names(notebook);
    }
    finish(start, cursor, prefix, matches)
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
fn names(notebook: &Notebook) -> Vec<Completion> {
    let of = |kind| move |name: &str| Completion { text: name.to_owned(), kind };
    let scope = notebook.scope.read();
    let variables = scope.iter().map(|(name, _)| of("variable")(name));
    let functions = TABLE.members(None).into_iter().map(of("function"));
    let types = TABLE.type_names().map(of("type"));
    let macros = check::MACROS.iter().map(|name| of("macro")(&format!("{name}!")));
    let keywords = ["let", "let mut", "if", "else", "for", "in", "while", "loop", "match", "true", "false"];
    let keywords = keywords.into_iter().map(of("keyword"));
    variables.chain(functions).chain(types).chain(macros).chain(keywords).collect()
}

fn inside_string(notebook: &Notebook, code: &str, quote: usize, cursor: usize) -> Vec<Completion> {
    let call = code[..quote].trim_end_matches(|c: char| "([&, \"".contains(c) || c.is_whitespace());
    let function = last_word(call);
    if TABLE_ARGUMENT.contains(&function) {
        return tables(notebook);
    }
    if FILE_ARGUMENT.contains(&function) {
        return files(&code[quote + 1..cursor]);
    }
    // In `sort(["a", "b` only the innermost call counts, and any list of names may be columns.
    let listed = code[..quote].rfind('[').map(|open| last_word(code[..open].trim_end_matches(['(', '&', ' '])));
    if COLUMN_ARGUMENT.contains(&function) || listed.is_some_and(|function| COLUMN_ARGUMENT.contains(&function)) {
        return columns(notebook, code);
    }
    Vec::new()
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
    let metastore = notebook.session.metastore();
    let current = notebook.session.current_schema();
    let mut names: Vec<String> = notebook.session.temp_views().into_iter().map(|(name, _)| name).collect();
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

/// The type of the expression that ends `before`, as far as its beginning is known.
pub(crate) fn receiver_type(notebook: &Notebook, before: &str) -> Option<Ty> {
    let before = before.trim_end();
    let start = expression_start(before);
    let expr = syn::parse_str::<syn::Expr>(before[start..].trim()).ok()?;
    type_of(notebook, &expr)
}

/// A look at types without errors: what cannot be told is `None`.
fn type_of(notebook: &Notebook, expr: &syn::Expr) -> Option<Ty> {
    match expr {
        syn::Expr::Path(path) if path.path.get_ident().is_some() => {
            let name = path.path.get_ident()?.to_string();
            notebook.scope.read().get(&name).map(|variable| variable.ty.clone())
        }
        syn::Expr::Path(path) => {
            let mut segments = path.path.segments.iter().rev().map(|segment| segment.ident.to_string());
            let (name, owner) = (segments.next()?, segments.next()?);
            TABLE.constant(Some(&owner), &name).map(|constant| constant.ty.clone())
        }
        syn::Expr::MethodCall(call) => {
            let receiver = type_of(notebook, &call.receiver)?;
            let method = TABLE.method(&receiver, &call.method.to_string())?;
            let mut bindings = crate::ty::Bindings::default();
            bindings.fits(method.receiver.as_ref()?, &receiver);
            Some(bindings.apply(&method.ret))
        }
        syn::Expr::Call(call) => {
            let syn::Expr::Path(path) = &*call.func else { return None };
            let mut segments = path.path.segments.iter().rev().map(|segment| segment.ident.to_string());
            let (name, owner) = (segments.next()?, segments.next());
            TABLE.function(owner.as_deref(), &name).map(|function| function.ret.clone())
        }
        syn::Expr::Try(attempt) => match type_of(notebook, &attempt.expr)? {
            Ty::Result(inner) | Ty::Option(inner) => Some(*inner),
            other => Some(other),
        },
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(_), .. }) => Some(Ty::Str),
        syn::Expr::Array(_) => Some(Ty::vec(Ty::Any)),
        syn::Expr::Macro(mac) if mac.mac.path.is_ident("df") => Some(Ty::result(Ty::Native("DataFrame"))),
        syn::Expr::Macro(mac) if mac.mac.path.is_ident("format") => Some(Ty::Str),
        syn::Expr::Macro(mac) if mac.mac.path.is_ident("vec") => Some(Ty::vec(Ty::Any)),
        syn::Expr::Paren(paren) => type_of(notebook, &paren.expr),
        syn::Expr::Reference(reference) => type_of(notebook, &reference.expr),
        syn::Expr::Binary(binary) => type_of(notebook, &binary.left),
        _ => None,
    }
}

/// Where the expression that ends the text begins: back over words, dots, `?`, `::` and whole brackets.
fn expression_start(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut start = text.len();
    let mut quoted = false;
    for (at, c) in text.char_indices().rev() {
        match c {
            '"' => quoted = !quoted,
            _ if quoted => {}
            ')' | ']' | '}' => depth += 1,
            '(' | '[' | '{' if depth == 0 => break,
            '(' | '[' | '{' => depth -= 1,
            _ if depth > 0 => {}
            c if c.is_alphanumeric() || "_.?:!".contains(c) => {}
            // A chain may be broken over lines, before its dots.
            c if c.is_whitespace() && text[at..].trim_start().starts_with('.') => {}
            _ => break,
        }
        start = at;
    }
    start
}

fn open_string(before: &str) -> Option<usize> {
    let mut open = None;
    let mut escaped = false;
    for (at, c) in before.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if open.is_some() => escaped = true,
            '"' => open = if open.is_some() { None } else { Some(at) },
            _ => {}
        }
    }
    open
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
