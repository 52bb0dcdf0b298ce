//! Expressions.

use tree_sitter::Node;

use super::{Translator, literal};
use crate::rust;

/// A piece of Rust and what it stands for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) kind: Kind,
}

/// What an expression stands for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// A DataFrame.
    Frame,
    /// A LazyFrame.
    Plan,
    Text,
    Number,
    Boolean,
    /// A reader, and the format that was named.
    Reader(Option<String>),
    /// A writer, and the format that was named.
    Writer(Option<String>),
    /// `spark`, the session.
    Spark,
    /// `spark.catalog`.
    Catalog,
    /// `dbutils`.
    Utilities,
    /// `dbutils.widgets`.
    Widgets,
    /// `z`, the context of Zeppelin.
    Zeppelin,
    /// Nothing: something was done.
    Unit,
}

impl Kind {
    /// Whether a variable can hold it.
    pub(super) fn is_value(&self) -> bool {
        matches!(self, Self::Frame | Self::Plan | Self::Text | Self::Number | Self::Boolean)
    }

    /// Whether it has rows.
    pub(super) fn is_table(&self) -> bool {
        matches!(self, Self::Frame | Self::Plan)
    }
}

impl Piece {
    pub(super) fn new(text: impl Into<String>, kind: Kind) -> Self {
        Self { text: text.into(), kind }
    }
}

impl Translator {
    /// The expression in Rust, if it is understood.
    pub(super) fn expression(&self, node: Node<'_>, python: &str) -> Option<Piece> {
        let text = &python[node.byte_range()];
        match node.kind() {
            "identifier" => self.name(text),
            "string" | "concatenated_string" => {
                Some(Piece::new(rust::string(&literal::string(node, python)?), Kind::Text))
            }
            "integer" | "float" => Some(Piece::new(literal::number(text)?, Kind::Number)),
            "true" => Some(Piece::new("true", Kind::Boolean)),
            "false" => Some(Piece::new("false", Kind::Boolean)),
            "parenthesized_expression" => self.expression(node.named_child(0)?, python),
            "attribute" => self.attribute(node, python),
            "call" => self.call(node, python),
            _ => None,
        }
    }

    /// A variable, or what the environment of the original calls so.
    fn name(&self, name: &str) -> Option<Piece> {
        if let Some(kind) = self.variables.get(name) {
            return Some(Piece::new(self.variable(name, kind), kind.clone()));
        }
        let kind = match name {
            "spark" | "sqlContext" => Kind::Spark,
            "dbutils" => Kind::Utilities,
            "z" => Kind::Zeppelin,
            _ => return None,
        };
        self.is_given(name).then(|| Piece::new("session", kind))
    }

    /// Whether `name` still means what it means in a new notebook.
    pub(super) fn is_given(&self, name: &str) -> bool {
        !self.hidden.iter().any(|hidden| hidden == name)
    }

    fn attribute(&self, node: Node<'_>, python: &str) -> Option<Piece> {
        let object = self.expression(node.child_by_field_name("object")?, python)?;
        let name = &python[node.child_by_field_name("attribute")?.byte_range()];
        let text = object.text;
        match (object.kind, name) {
            (Kind::Spark, "read") => Some(Piece::new(format!("{text}.read()"), Kind::Reader(None))),
            (Kind::Spark, "catalog") => Some(Piece::new(text, Kind::Catalog)),
            (Kind::Utilities, "widgets") => Some(Piece::new(text, Kind::Widgets)),
            (kind, "write") if kind.is_table() => Some(Piece::new(format!("{text}.write()"), Kind::Writer(None))),
            _ => None,
        }
    }
}
