//! Literals of Python.

use tree_sitter::Node;

/// The value of a string without placeholders; `None` for one whose escapes are not the usual ones.
pub(super) fn string(node: Node<'_>, python: &str) -> Option<String> {
    match node.kind() {
        "concatenated_string" => {
            let mut cursor = node.walk();
            let parts: Vec<Node<'_>> = node.named_children(&mut cursor).collect();
            parts.into_iter().map(|part| string(part, python)).collect()
        }
        "string" => {
            let text = &python[node.byte_range()];
            let quote = text.find(['"', '\''])?;
            let (prefix, quoted) = text.split_at(quote);
            let quotes = if quoted.starts_with("\"\"\"") || quoted.starts_with("'''") { 3 } else { 1 };
            let content = quoted.get(quotes..quoted.len() - quotes)?;
            match prefix.to_lowercase().as_str() {
                "r" => Some(content.to_owned()),
                "" | "u" => unescaped(content),
                _ => None,
            }
        }
        _ => None,
    }
}

fn unescaped(content: &str) -> Option<String> {
    let mut text = String::new();
    let mut rest = content.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => match rest.next()? {
                '\n' => {}
                'n' => text.push('\n'),
                't' => text.push('\t'),
                same @ ('\\' | '\'' | '"') => text.push(same),
                _ => return None,
            },
            _ => text.push(c),
        }
    }
    Some(text)
}

/// A decimal number that Rust writes alike and that fits what a literal is there.
pub(super) fn number(text: &str) -> Option<String> {
    let is_int = text.parse::<i32>().is_ok() && (text == "0" || !text.starts_with('0'));
    let is_float = text.contains('.') && text.parse::<f64>().is_ok() && !text.ends_with('.') && !text.starts_with('.');
    (is_int || is_float).then(|| text.to_owned())
}
