//! The tables that a cell speaks of.

use tree_sitter::Node;

use super::literal;

/// The methods that take SQL or the name of a table.
const METHODS: [&str; 7] =
    ["createOrReplaceTempView", "createTempView", "insertInto", "registerTempTable", "saveAsTable", "sql", "table"];

/// The words in what such methods are called with.
pub(super) fn tables(root: Node<'_>, python: &str) -> Vec<String> {
    let mut words = Vec::new();
    calls(root, python, &mut words);
    words
}

/// The words of SQL, in lower case.
pub(crate) fn words(sql: &str) -> impl Iterator<Item = String> {
    let words = sql.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty());
    words.map(str::to_lowercase)
}

fn calls(node: Node<'_>, python: &str, found: &mut Vec<String>) {
    let function = node.child_by_field_name("function").filter(|_| node.kind() == "call");
    let method = function.and_then(|function| function.child_by_field_name("attribute"));
    if method.is_some_and(|method| METHODS.contains(&&python[method.byte_range()]))
        && let Some(arguments) = node.child_by_field_name("arguments")
    {
        strings(arguments, python, found);
    }
    let mut cursor = node.walk();
    let children: Vec<Node<'_>> = node.named_children(&mut cursor).collect();
    children.into_iter().for_each(|child| calls(child, python, found));
}

fn strings(node: Node<'_>, python: &str, found: &mut Vec<String>) {
    if let Some(text) = literal::string(node, python) {
        return found.extend(words(&text));
    }
    let mut cursor = node.walk();
    let children: Vec<Node<'_>> = node.named_children(&mut cursor).collect();
    children.into_iter().for_each(|child| strings(child, python, found));
}
