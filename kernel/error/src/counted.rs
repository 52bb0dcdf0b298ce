//! Numbers of things in sentences.

/// So many of something: `1 row`, `21,759,408 rows`, `2 categories`.
pub fn counted(count: usize, what: &str) -> String {
    let number = grouped(&count.to_string(), ",");
    match what.strip_suffix('y') {
        _ if count == 1 => format!("{number} {what}"),
        Some(stem) => format!("{number} {stem}ies"),
        None => format!("{number} {what}s"),
    }
}

/// Digits in groups of three.
pub fn grouped(digits: &str, separator: &str) -> String {
    let groups = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join(separator)
}
