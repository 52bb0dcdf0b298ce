//! Names of types, from how the compiler writes them to how a cell can.

/// The module that cells are compiled in.
pub(crate) const MODULE: &str = "aerostat_cell";

/// Types of the standard library that are defined elsewhere than where they can be named.
const STANDARD: &[(&str, &str)] = &[
    ("std::collections::hash::map::", "std::collections::hash_map::"),
    ("std::collections::hash::set::", "std::collections::hash_set::"),
    ("alloc::collections::btree::map::", "std::collections::btree_map::"),
    ("alloc::collections::btree::set::", "std::collections::btree_set::"),
    ("alloc::collections::vec_deque::", "std::collections::vec_deque::"),
    ("alloc::collections::binary_heap::", "std::collections::binary_heap::"),
    ("alloc::collections::linked_list::", "std::collections::linked_list::"),
    ("std::sync::poison::mutex::", "std::sync::"),
    ("std::sync::poison::rwlock::", "std::sync::"),
    ("std::sync::once_lock::", "std::sync::"),
    ("std::sync::lazy_lock::", "std::sync::"),
    ("std::thread::join_handle::", "std::thread::"),
    ("std::io::cursor::", "std::io::"),
    ("std::io::buffered::bufreader::", "std::io::"),
    ("std::io::buffered::bufwriter::", "std::io::"),
    ("std::ffi::os_str::", "std::ffi::"),
    ("alloc::ffi::c_str::", "std::ffi::"),
    ("core::iter::traits::iterator::", "std::iter::"),
    ("core::num::wrapping::", "std::num::"),
    ("core::ops::range::", "std::ops::"),
    ("core::num::nonzero::", "std::num::"),
    ("core::net::ip_addr::", "std::net::"),
    ("core::ops::function::", "std::ops::"),
    ("alloc::", "std::"),
    ("core::", "std::"),
];

/// The type that the compiler calls `name`, as a cell can write it; `None` for a type that has no name.
///
/// A type of another crate may be defined deep inside it. Such a type is called by its last name if a `use` brings that
/// into scope, and otherwise looked for at the root of its crate, where most crates offer their types.
pub(crate) fn written(name: &str, used: &dyn Fn(&str) -> bool) -> Option<String> {
    if name.contains("{{") || name.starts_with("fn(") || name.contains("&") {
        return None;
    }
    let mut text = String::new();
    let mut rest = name;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | ':')).unwrap_or(rest.len());
        if end == 0 {
            let length = rest.chars().next().map_or(1, char::len_utf8);
            text.push_str(&rest[..length]);
            rest = &rest[length..];
        } else {
            text.push_str(&path(&rest[..end], used));
            rest = &rest[end..];
        }
    }
    Some(text)
}

fn path(path: &str, used: &dyn Fn(&str) -> bool) -> String {
    let Some((root, inner)) = path.split_once("::") else { return path.to_owned() };
    let last = path.rsplit("::").next().unwrap_or(path);
    match root {
        "ctx" => inner.strip_prefix(MODULE).map_or(inner, |inner| inner.trim_start_matches("::")).to_owned(),
        "std" | "core" | "alloc" => {
            let found =
                STANDARD.iter().find_map(|(defined, named)| Some(format!("{named}{}", path.strip_prefix(defined)?)));
            format!("::{}", found.unwrap_or_else(|| path.to_owned()))
        }
        "chrono" => format!("::aerostat_prelude::chrono::{last}"),
        _ if root.starts_with("polars") => format!("polars::prelude::{last}"),
        _ if used(last) => last.to_owned(),
        _ => format!("::{root}::{last}"),
    }
}
