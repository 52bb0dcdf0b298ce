//! Pieces of Rust.

/// A string literal; raw where that reads better.
pub(crate) fn string(text: &str) -> String {
    let is_plain = |c: char| !c.is_control() && c != '"' && c != '\\';
    if text.chars().all(is_plain) {
        return format!("\"{text}\"");
    }
    // A raw string cannot hold a lone carriage return.
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return format!("{text:?}");
    }
    let longest = text.split('"').skip(1).map(|after| after.len() - after.trim_start_matches('#').len()).max();
    let hashes = "#".repeat(longest.map_or(0, |longest| longest + 1));
    format!("r{hashes}\"{text}\"{hashes}")
}

/// Whether a variable can have this name.
pub(crate) fn is_variable(name: &str) -> bool {
    const RESERVED: [&str; 54] = [
        "_", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn",
        "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
        "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "Self", "session", "static",
        "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where",
        "while", "yield",
    ];
    !RESERVED.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_literals() {
        assert_eq!(string("a b"), r#""a b""#);
        assert_eq!(string("say \"x\""), r###"r#"say "x""#"###);
        assert_eq!(string("a\"#b"), "r##\"a\"#b\"##");
        assert_eq!(string("a\\d\nb"), "r\"a\\d\nb\"");
        assert_eq!(string("a\r\nb"), r#""a\r\nb""#);
    }
}
