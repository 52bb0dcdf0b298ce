//! PySpark to the cell language, statement by statement, as far as the translation is certain.
//!
//! A [`Translator`] goes through the Python cells of a notebook in order and remembers what its variables hold. A
//! statement is translated if every part of it is understood; otherwise it becomes a comment, and the variables that
//! it assigns are forgotten, so that nothing that follows is translated with a wrong idea of them.

mod call;
mod expression;
mod literal;
mod names;

use std::collections::BTreeMap;

use tree_sitter::{Node, Parser};

use self::expression::{Kind, Piece};
use crate::rust::is_variable;

/// What cells before have left behind.
#[derive(Default)]
pub(crate) struct Translator {
    variables: BTreeMap<String, Kind>,
    /// Names of the environment, such as `spark`, that the notebook has given another meaning.
    hidden: Vec<String>,
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
    /// Translates a cell.
    pub(crate) fn translate(&mut self, python: &str) -> Translated {
        let mut translated = Translated::default();
        let mut parser = Parser::new();
        let tree = match parser.set_language(&tree_sitter_python::LANGUAGE.into()) {
            Ok(()) => parser.parse(python, None),
            Err(_) => None,
        };
        match tree.as_ref().map(|tree| tree.root_node()).filter(|root| !root.has_error()) {
            Some(root) => {
                let mut cursor = root.walk();
                let statements: Vec<Node<'_>> = root.named_children(&mut cursor).collect();
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
                self.variables.insert(name.to_owned(), kind);
                Outcome::Line(format!("let {name} = {text};"))
            }
            _ => Outcome::Left,
        }
    }

    fn forget(&mut self, names: impl IntoIterator<Item = String>) {
        for name in names {
            self.variables.remove(&name);
            self.hidden.push(name);
        }
    }
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
