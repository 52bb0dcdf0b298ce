//! Makes Rust of the snippets in `tests/corpus`: a module for each file, a function for each snippet.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// A title and the code below it.
struct Snippet {
    title: String,
    code: String,
}

fn main() -> io::Result<()> {
    let folder = Path::new("../../tests/corpus");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    files.sort();
    let (mut modules, mut list) = (String::new(), String::new());
    let setup: String =
        parse(&fs::read_to_string(folder.join("setup.txt"))?).into_iter().map(|part| part.code).collect();
    let names: Vec<&str> = setup.lines().filter_map(|line| line.strip_prefix("let ")?.split(' ').next()).collect();
    let names = names.join(", ");
    for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "txt")) {
        println!("cargo::rerun-if-changed={}", file.display());
        let snippets = parse(&fs::read_to_string(file)?);
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if name != "setup" {
            write_module(&name, &names, &snippets, &mut modules, &mut list);
        }
    }
    let text = format!(
        "{}\n{modules}\n/// Every snippet.\npub const SNIPPETS: &[Snippet] = &[\n{list}];\n\n\
         /// The code that every snippet begins with.\npub const SETUP: &str = {setup:?};\n",
        write_setup(&setup, &names)
    );
    fs::write(Path::new(&env::var("OUT_DIR").unwrap_or_default()).join("corpus.rs"), text)
}

/// Paragraphs that begin with a title, `# ..`.
fn parse(text: &str) -> Vec<Snippet> {
    let mut snippets: Vec<Snippet> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix("# "), snippets.last_mut()) {
            (Some(title), _) => snippets.push(Snippet { title: title.to_owned(), code: String::new() }),
            (None, Some(snippet)) if !line.is_empty() => {
                snippet.code.push_str(line);
                snippet.code.push('\n');
            }
            _ => {}
        }
    }
    snippets
}

/// The tables that the set-up names, as a struct, and the function that makes them.
fn write_setup(code: &str, names: &str) -> String {
    let fields = names.replace(", ", ": DataFrame, ");
    format!(
        "/// The tables that every snippet finds.\n#[derive(Clone)]\npub(super) struct Tables {{ {fields}: DataFrame }}\n\n\
         pub(super) fn tables() -> Result<Tables, Failure> {{\n{code}Ok(Tables {{ {names} }})\n}}\n"
    )
}

fn write_module(name: &str, names: &str, snippets: &[Snippet], modules: &mut String, list: &mut String) {
    let _ = writeln!(modules, "mod {name} {{\n    use super::prelude::*;\n");
    for (index, Snippet { title, code }) in snippets.iter().enumerate() {
        let _ = writeln!(
            modules,
            "/// {title}\npub(super) fn snippet_{index}(cell: Cell<'_>) -> Result<String, Failure> {{"
        );
        let _ = writeln!(modules, "let Cell {{ session, dir, tables: Tables {{ {names} }} }} = cell;");
        let _ = writeln!(modules, "let shown = {{\n{code}}};\nOk(shown.cell_text())\n}}\n");
        let _ = writeln!(
            list,
            "Snippet {{ file: {name:?}, title: {title:?}, code: {code:?}, compiled: {name}::snippet_{index} }},"
        );
    }
    modules.push_str("}\n\n");
}
