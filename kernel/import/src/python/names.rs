//! The names that a piece of Python gives a meaning.

use tree_sitter::Node;

/// All names that `node` assigns, declares, deletes or imports, wherever inside it; rather too many than too few.
pub(super) fn assigned(node: Node<'_>, python: &str) -> Vec<String> {
    let mut names = Vec::new();
    collect(node, python, &mut names);
    names
}

fn collect(node: Node<'_>, python: &str, names: &mut Vec<String>) {
    let targets: &[&str] = match node.kind() {
        "assignment" | "augmented_assignment" | "for_statement" | "for_in_clause" => &["left"],
        "named_expression" | "function_definition" | "class_definition" | "aliased_import" => &["name", "alias"],
        "import_statement" | "import_from_statement" => &["name"],
        "as_pattern" => &["alias"],
        _ => &[],
    };
    let mut cursor = node.walk();
    for field in targets {
        node.children_by_field_name(field, &mut cursor).for_each(|target| identifiers(target, python, names));
    }
    if matches!(node.kind(), "delete_statement" | "global_statement" | "nonlocal_statement") {
        identifiers(node, python, names);
    }
    let children: Vec<Node<'_>> = node.named_children(&mut cursor).collect();
    children.into_iter().for_each(|child| collect(child, python, names));
}

fn identifiers(node: Node<'_>, python: &str, names: &mut Vec<String>) {
    if node.kind() == "identifier" {
        names.push(python[node.byte_range()].to_owned());
    }
    let mut cursor = node.walk();
    let children: Vec<Node<'_>> = node.named_children(&mut cursor).collect();
    children.into_iter().for_each(|child| identifiers(child, python, names));
}
