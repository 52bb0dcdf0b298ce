//! What a `use polars::prelude::*` brings in: `pub use` followed to where things are defined.

use std::collections::{HashMap, HashSet};

use syn::UseTree;

use super::sources::{Function, Sources};

/// Functions and types by the names they are exported under.
#[derive(Clone, Default)]
pub struct Exports {
    pub functions: HashMap<String, Function>,
    pub types: HashSet<String>,
}

/// What module `path` exports.
pub fn of(sources: &Sources, path: &str) -> Exports {
    Resolver { sources, known: HashMap::new() }.module(path)
}

struct Resolver<'a> {
    sources: &'a Sources,
    /// Modules that were resolved, or are being resolved: modules re-export each other in circles.
    known: HashMap<String, Exports>,
}

impl Resolver<'_> {
    fn module(&mut self, path: &str) -> Exports {
        if let Some(known) = self.known.get(path) {
            return known.clone();
        }
        let Some(module) = self.sources.modules.get(path) else { return Exports::default() };
        let functions = module.functions.iter().map(|function| (function.name.clone(), function.clone())).collect();
        let mut exports = Exports { functions, types: module.types.clone() };
        self.known.insert(path.to_owned(), exports.clone());
        for tree in &module.uses {
            self.tree(path, path, true, tree, &mut exports);
        }
        self.known.insert(path.to_owned(), exports.clone());
        exports
    }

    /// Follows a `use` tree below `at`, as written in `module`; `first`: no segment has been read yet.
    fn tree(&mut self, module: &str, at: &str, first: bool, tree: &UseTree, into: &mut Exports) {
        match tree {
            UseTree::Path(path) => {
                let next = self.segment(module, at, first, &path.ident.to_string());
                self.tree(module, &next, false, &path.tree, into);
            }
            UseTree::Group(group) => group.items.iter().for_each(|item| self.tree(module, at, first, item, into)),
            UseTree::Glob(_) => {
                let found = self.module(at);
                into.types.extend(found.types);
                for (name, function) in found.functions {
                    into.functions.entry(name).or_insert(function);
                }
            }
            UseTree::Name(name) => self.name(at, &name.ident.to_string(), &name.ident.to_string(), into),
            UseTree::Rename(name) => self.name(at, &name.ident.to_string(), &name.rename.to_string(), into),
        }
    }

    fn segment(&self, module: &str, at: &str, first: bool, name: &str) -> String {
        match (first, name) {
            (_, "super") => at.rsplit_once("::").map_or(at, |(parent, _)| parent).to_owned(),
            (true, "self") => module.to_owned(),
            (true, "crate") => module.split("::").next().unwrap_or_default().to_owned(),
            (true, "arrow") => "polars_arrow".to_owned(),
            (true, name) if !self.sources.modules.contains_key(&format!("{module}::{name}")) => name.to_owned(),
            _ => format!("{at}::{name}"),
        }
    }

    fn name(&mut self, at: &str, name: &str, renamed: &str, into: &mut Exports) {
        let found = self.module(at);
        if let Some(function) = found.functions.get(name) {
            into.functions.entry(renamed.to_owned()).or_insert_with(|| function.clone());
        }
        if found.types.contains(name) {
            into.types.insert(renamed.to_owned());
        }
    }
}
