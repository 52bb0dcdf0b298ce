//! The rules of the house that a compiler does not check: layers, file headers and lengths, documents that are true.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What each crate must not depend on, directly or through others; a name ending in `*` stands for a family.
const FORBIDDEN: [(&str, &[&str]); 12] = [
    ("aerostat-error", &["aerostat-*", "polars*", "datafusion*", "zeromq"]),
    ("aerostat-protocol", &["aerostat-session", "aerostat-sql", "aerostat-cells", "polars*", "datafusion*"]),
    ("aerostat-import", &["aerostat-session", "aerostat-sql", "aerostat-cells", "polars*", "datafusion*", "zeromq"]),
    ("aerostat-datasets", &["aerostat-*", "polars*", "datafusion*", "zeromq"]),
    ("aerostat-metastore", &["aerostat-session", "aerostat-sql", "aerostat-cells", "polars*", "datafusion*", "zeromq"]),
    (
        "aerostat-charts",
        &["aerostat-session", "aerostat-sql", "aerostat-cells", "aerostat-protocol", "datafusion*", "zeromq"],
    ),
    ("aerostat-bridge", &["aerostat-*", "datafusion*", "zeromq"]),
    ("aerostat-prelude", &["aerostat-session", "aerostat-sql", "aerostat-cells", "datafusion*", "zeromq", "evcxr"]),
    ("aerostat-session", &["aerostat-sql", "aerostat-cells", "aerostat-protocol", "datafusion*", "zeromq"]),
    ("aerostat-compiled", &["aerostat-sql", "aerostat-cells", "aerostat-protocol", "datafusion*", "zeromq"]),
    ("aerostat-sql", &["aerostat-cells", "aerostat-protocol", "zeromq"]),
    ("aerostat-cells", &["aerostat-sql", "aerostat-protocol", "datafusion*", "zeromq"]),
];

/// No file is longer than this; about 200 lines is usual.
const LONGEST_FILE: usize = 500;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every file that belongs to the project and is text.
fn files() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = ["Cargo.toml", "Makefile", "README.md"].map(|name| root().join(name)).into();
    let mut folders: Vec<PathBuf> =
        [".ci", "benches", "kernel", "kernelspec", "notebooks", "tests"].map(|name| root().join(name)).into();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && !name.starts_with('.') && name != "__pycache__" {
                folders.push(path);
            } else if path.is_file() && !name.ends_with(".png") {
                found.push(path);
            }
        }
    }
    found
}

fn rust_files() -> impl Iterator<Item = (PathBuf, String)> {
    let sources = files().into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    sources.map(|path| (path.clone(), fs::read_to_string(&path).unwrap()))
}

/// Everything that a package depends on, directly or through others, those for its tests left out.
fn dependencies(package: &str) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--locked", "--edges=normal", "--prefix=none", "--package", package])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let names = String::from_utf8(output.stdout).unwrap();
    names.lines().filter_map(|line| line.split(' ').next()).filter(|&name| name != package).map(str::to_owned).collect()
}

#[test]
fn crates_keep_to_their_layers() {
    for (package, forbidden) in FORBIDDEN {
        let dependencies = dependencies(package);
        for &pattern in forbidden {
            let is_meant =
                |name: &&String| pattern.strip_suffix('*').map_or(*name == pattern, |family| name.starts_with(family));
            let found = dependencies.iter().find(is_meant);
            assert_eq!(found, None, "a dependency of {package} that `cargo tree -p {package}` explains");
        }
    }
}

#[test]
fn every_source_file_says_what_it_is_for() {
    for (path, text) in rust_files() {
        let first = text.lines().next().unwrap_or_default();
        assert!(first.starts_with("//! "), "{} does not open with a `//!` line", path.display());
    }
}

#[test]
fn no_source_file_is_too_long() {
    for (path, text) in rust_files() {
        let lines = text.lines().count();
        assert!(lines <= LONGEST_FILE, "{} has {lines} lines; is there a seam to split it at?", path.display());
    }
}

#[test]
fn nothing_is_left_unfinished_or_tied_to_a_machine() {
    // Put together here, so that this file does not find itself.
    let marks =
        [("TO", "DO"), ("FIX", "ME"), ("todo", "!("), ("/ro", "ot/"), ("/ho", "me/")].map(|(a, b)| format!("{a}{b}"));
    for path in files() {
        let text = fs::read_to_string(&path).unwrap();
        for mark in &marks {
            assert!(!text.contains(mark.as_str()), "{} contains {mark}", path.display());
        }
    }
}

#[test]
fn the_map_has_every_crate() {
    let map = read("kernel/ARCHITECTURE.md");
    for entry in fs::read_dir(root().join("kernel")).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_dir())
    {
        let title = format!("`kernel/{}`", entry.file_name().to_string_lossy());
        assert!(map.contains(&title), "kernel/ARCHITECTURE.md does not explain {title}");
    }
}

#[test]
fn the_readme_names_targets_that_exist() {
    let readme = read("README.md");
    let makefile = read("Makefile");
    let mut words = readme.split(|c: char| c.is_whitespace() || c == '`');
    let mut named = 0;
    while let Some(word) = words.next() {
        if word == "make" {
            let target = words.next().unwrap_or_default();
            let rule = format!("\n.PHONY: {target}\n");
            assert!(makefile.contains(&rule), "README.md says `make {target}`, which the Makefile does not have");
            named += 1;
        }
    }
    assert!(named >= 2, "README.md does not say how to build and test");
}

#[test]
fn the_readme_names_commands_that_exist() {
    let readme = read("README.md");
    let commands: Vec<&str> = readme.split(['`', '\n']).filter(|code| code.starts_with("aerostat ")).collect();
    assert!(commands.len() >= 4, "README.md does not show the command line");
    for command in commands {
        let mut words = command.split_whitespace().skip(1);
        let name = words.next().unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_aerostat")).args([name, "--help"]).output().unwrap();
        assert!(output.status.success(), "README.md says `{command}`, but there is no command `{name}`");
        let help = String::from_utf8(output.stdout).unwrap();
        for option in words.filter(|word| word.starts_with("--")) {
            assert!(help.contains(option), "README.md says `{command}`, but `aerostat {name}` has no option {option}");
        }
    }
}
