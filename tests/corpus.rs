//! Meaning: every snippet of `tests/corpus` gives the same result, or the same kind of error, interpreted and compiled.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use aerostat_cells::Row;
use aerostat_corpus::{SETUP, SNIPPETS, Snippet};
use tempfile::TempDir;

use crate::cells::Cells;

/// How many snippets there must be.
const GOAL: usize = 600;

/// What came of a snippet: its result as text, or the name of its error.
type Outcome = std::result::Result<String, String>;

/// Two notebooks, of which one interprets and the other lends its session to compiled code.
struct Pair {
    interpreting: Cells,
    compiled: Cells,
    folders: [TempDir; 2],
}

impl Pair {
    fn new() -> Self {
        let folders = [TempDir::new().unwrap(), TempDir::new().unwrap()];
        Self { interpreting: Cells::new(), compiled: Cells::new(), folders }
    }

    /// The outcome of both, and the error of the interpreter as its user would see it.
    fn run(&mut self, snippet: &Snippet) -> (Outcome, Outcome, String) {
        self.interpreting.run(&format!("let dir = {:?};\n{SETUP}", self.folders[0].path()));
        let ours = self.interpreting.try_run(snippet.code);
        let seen = ours.as_ref().err().map(|error| error.render(snippet.code)).unwrap_or_default();
        let run = || snippet.run(&self.compiled.session, self.folders[1].path().to_str().unwrap());
        let rust = catch_unwind(AssertUnwindSafe(run));
        let rust = rust.map_or_else(|_| Err("PANIC".into()), |result| result.map_err(|error| error.ename()));
        (ours.map_err(|error| error.ename()), rust, seen)
    }
}

#[test]
fn interpreted_and_compiled_snippets_agree() {
    let mut differing = Vec::new();
    let (mut failing, mut file, mut pair) = (0, "", Pair::new());
    for snippet in SNIPPETS {
        // A crash inside polars would leave nothing else to find it by.
        println!("{}: {}", snippet.file, snippet.title);
        // Tables of one snippet would be in the way of the next.
        if snippet.file != file || file == "session" {
            (file, pair) = (snippet.file, Pair::new());
        }
        let (ours, rust, seen) = pair.run(snippet);
        failing += usize::from(rust.is_err());
        if ours != rust {
            let Snippet { title, code, .. } = snippet;
            differing.push(format!("{file}: {title}\n{code}interpreted: {ours:?} {seen}\ncompiled:    {rust:?}\n"));
        }
    }
    println!("{} snippets, {failing} of them end with an error, {} differ", SNIPPETS.len(), differing.len());
    assert!(differing.is_empty(), "{}", differing.join("\n"));
    assert!(SNIPPETS.len() >= GOAL, "only {} snippets", SNIPPETS.len());
}

/// What snippets cannot call: it belongs to cells alone, or to the session, which has tests of its own.
const NOT_OF_POLARS: &[&str] = &[
    "Session",
    "Reader",
    "Writer",
    "Plot",
    "Captured",
    "DisplayHandle",
    "display_handle",
    "display",
    "call_udf",
    "clear_output",
    "show",
    "print_schema",
    "describe",
    "plot",
    "write",
    "create_or_replace_temp_view",
    "DataFrame::is_empty",
    "Ordering",
];

#[test]
fn every_row_of_polars_is_in_a_snippet() {
    let mut cells = Cells::new();
    cells.run(&format!("let dir = String::new();\n{SETUP}"));
    let used: BTreeSet<Row> =
        SNIPPETS.iter().flat_map(|snippet| cells.rows_of(snippet.code).unwrap_or_default()).collect();
    let full = |row: &Row| format!("{}::{}", row.owner.unwrap_or_default(), row.name);
    let of_polars = |row: &Row| {
        let named = |name: &str| NOT_OF_POLARS.contains(&name);
        row.engine && !named(row.name) && !row.owner.is_some_and(named) && !named(&full(row))
    };
    let unused: Vec<String> = aerostat_cells::rows()
        .into_iter()
        .filter(|row| of_polars(row) && !used.contains(row))
        .map(|row| full(&row))
        .collect();
    assert!(unused.is_empty(), "{} rows are in no snippet: {unused:?}", unused.len());
}

#[test]
fn snippets_have_titles_of_their_own() {
    let mut seen: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for snippet in SNIPPETS {
        assert!(!snippet.code.is_empty(), "{}: {} has no code", snippet.file, snippet.title);
        assert!(
            seen.entry(snippet.file).or_default().insert(snippet.title),
            "{}: {} twice",
            snippet.file,
            snippet.title
        );
    }
}
