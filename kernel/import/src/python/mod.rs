//! PySpark to the cell language, statement by statement, as far as the translation is certain.
//!
//! A [`Translator`] goes through the Python cells of a notebook in order and remembers what its variables hold. A
//! statement is translated if every part of it is understood; otherwise it becomes a comment, and the variables that
//! it assigns are forgotten, so that nothing that follows is translated with a wrong idea of them.

mod call;
mod expression;
mod literal;
mod mentions;
mod names;

use std::collections::{BTreeMap, BTreeSet};

use tree_sitter::{Node, Parser, Tree};

use self::expression::{Kind, Piece};
use crate::rust::is_variable;

pub(crate) use self::mentions::words;

/// What cells before have left behind.
#[derive(Default)]
pub(crate) struct Translator {
    variables: BTreeMap<String, Kind>,
    /// Names of the environment, such as `spark`, that the notebook has given another meaning.
    hidden: Vec<String>,
    /// Words of the notebook's SQL, in lower case. A frame that is called like a table would be ambiguous there.
    tables: BTreeSet<String>,
}

/// A cell in Rust.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Translated {
    /// Its text; what is left is in comments.
    pub(crate) rust: String,
    /// How many statements were translated.
    pub(crate) statements: usize,
    /// The lines, from 1, and the texts of the statements that were not.
    pub(crate) left: Vec<(usize, String)>,
}

/// What becomes of a statement.
enum Outcome {
    Line(String),
    /// It has no counterpart and needs none.
    Nothing,
    /// It is not understood.
    Left,
}

impl Translator {
    /// A translator for a notebook that speaks of these tables in SQL, and of those in its Python cells.
    pub(crate) fn new(tables: impl IntoIterator<Item = String>, python: &[&str]) -> Self {
        let mentioned = python.iter().flat_map(|python| {
            parse(python).map(|tree| mentions::tables(tree.root_node(), python)).unwrap_or_default()
        });
        Self { tables: tables.into_iter().chain(mentioned).collect(), ..Self::default() }
    }

    /// Translates a cell.
    pub(crate) fn translate(&mut self, python: &str) -> Translated {
        let mut translated = Translated::default();
        match parse(python) {
            Some(tree) => {
                let mut cursor = tree.walk();
                let statements: Vec<Node<'_>> = tree.root_node().named_children(&mut cursor).collect();
                statements.into_iter().for_each(|node| self.statement(node, python, &mut translated));
            }
            None => {
                // Nobody knows what it assigns.
                self.variables.clear();
                translated.leave(1, python);
            }
        }
        translated
    }

    fn statement(&mut self, node: Node<'_>, python: &str, translated: &mut Translated) {
        let text = &python[node.byte_range()];
        let outcome = match node.kind() {
            "comment" => Outcome::Line(text.replacen('#', "//", 1)),
            "import_statement" | "import_from_statement" => {
                self.forget(names::assigned(node, python));
                Outcome::Nothing
            }
            "expression_statement" => self.expression_statement(node, python),
            _ => Outcome::Left,
        };
        match outcome {
            Outcome::Line(line) => {
                translated.statements += usize::from(node.kind() != "comment");
                translated.push(&line);
            }
            Outcome::Nothing => {}
            Outcome::Left => {
                self.forget(names::assigned(node, python));
                translated.leave(node.start_position().row + 1, text);
            }
        }
    }

    fn expression_statement(&mut self, node: Node<'_>, python: &str) -> Outcome {
        let Some(inner) = node.named_child(0).filter(|_| node.named_child_count() == 1) else { return Outcome::Left };
        if inner.kind() == "assignment" {
            return self.assignment(inner, python);
        }
        match self.expression(inner, python) {
            Some(piece) => Outcome::Line(format!("{};", piece.text)),
            None => Outcome::Left,
        }
    }

    fn assignment(&mut self, node: Node<'_>, python: &str) -> Outcome {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
            return Outcome::Left;
        };
        let name = &python[left.byte_range()];
        if name == "spark" && python[right.byte_range()].ends_with(".getOrCreate()") {
            return Outcome::Nothing;
        }
        if left.kind() != "identifier" || node.child_by_field_name("type").is_some() || !is_variable(name) {
            return Outcome::Left;
        }
        match self.expression(right, python) {
            Some(Piece { text, kind }) if kind.is_value() => {
                self.forget([name.to_owned()]);
                let variable = self.variable(name, &kind);
                self.variables.insert(name.to_owned(), kind);
                Outcome::Line(format!("let {variable} = {text};"))
            }
            _ => Outcome::Left,
        }
    }

    /// What a variable is called in Rust.
    fn variable(&self, name: &str, kind: &Kind) -> String {
        let is_ambiguous = kind.is_table() && self.tables.contains(&name.to_lowercase());
        if is_ambiguous { format!("{name}_frame") } else { name.to_owned() }
    }

    fn forget(&mut self, names: impl IntoIterator<Item = String>) {
        for name in names {
            self.variables.remove(&name);
            self.hidden.push(name);
        }
    }
}

/// The syntax tree of a cell, if all of it is Python.
fn parse(python: &str) -> Option<Tree> {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_python::LANGUAGE.into()).ok()?;
    parser.parse(python, None).filter(|tree| !tree.root_node().has_error())
}

impl Translated {
    fn push(&mut self, line: &str) {
        if !self.rust.is_empty() {
            self.rust.push('\n');
        }
        self.rust.push_str(line);
    }

    fn leave(&mut self, line: usize, python: &str) {
        self.push("// left to translate:");
        python.lines().for_each(|line| self.push(format!("// {line}").trim_end()));
        self.left.push((line, python.to_owned()));
    }
}

#[cfg(test)]
mod tests;
