//! What compiled cells have left behind: items, and variables that live in their process.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{Source, mentioned};

/// What is known of a variable that lives in the process of compiled cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LivingVariable {
    /// Its type, as a cell can write it.
    pub ty: String,
    /// Whether it was declared with `mut`.
    pub mutable: bool,
    /// Whether it can be copied; one that cannot is moved into the cell that uses it, and back.
    pub(crate) copies: bool,
}

/// Everything that compiled cells have left behind.
#[derive(Clone, Default)]
pub(crate) struct State {
    items: Vec<KeptItem>,
    cells: usize,
    /// The crates that were added, as code names them.
    pub(crate) crates: BTreeSet<String>,
    pub(crate) living: BTreeMap<String, LivingVariable>,
    /// Variables whose values the process may drop.
    pub(crate) forgotten: BTreeSet<String>,
}

#[derive(Clone)]
struct KeptItem {
    key: String,
    name: Option<String>,
    text: String,
    mentioned: BTreeSet<String>,
    /// The number of the cell that it comes from.
    cell: usize,
}

impl State {
    /// The texts of the items that a cell finds; those that it replaces left out.
    pub(crate) fn items_for<'a>(&'a self, source: &'a Source<'_>) -> impl Iterator<Item = &'a str> {
        self.items.iter().filter(|item| !self.is_replaced(item, source)).map(|item| item.text.as_str())
    }

    /// Whether a cell replaces an item, or the type whose methods it holds: methods that came with a type go with it.
    fn is_replaced(&self, item: &KeptItem, source: &Source<'_>) -> bool {
        let replaced = |old: &KeptItem| source.items.iter().find(|new| new.key == old.key);
        let anew = |old: &KeptItem| replaced(old).is_some_and(|new| old.text != source.code[new.range.clone()]);
        let came_with = |of: &KeptItem| {
            of.cell == item.cell && of.name.as_ref().is_some_and(|name| item.mentioned.contains(name)) && anew(of)
        };
        replaced(item).is_some()
            || item.name.is_none() && item.key.starts_with("impl ") && self.items.iter().any(came_with)
    }

    /// The names of the items.
    pub(crate) fn item_names(&self) -> impl Iterator<Item = &str> {
        self.items.iter().filter_map(|item| item.name.as_deref())
    }

    /// Whether a `use` brings a name into scope.
    pub(crate) fn uses(&self, name: &str) -> bool {
        self.items.iter().any(|item| item.text.trim_start().starts_with("use ") && item.mentioned.contains(name))
    }

    /// Whether compiled cells have left nothing behind.
    pub(crate) fn is_empty(&self) -> bool {
        self.items.is_empty() && self.living.is_empty() && self.crates.is_empty()
    }

    /// Whether one of `names` is an item or a variable that only compiled cells can use.
    pub(crate) fn knows(&self, names: &BTreeSet<String>) -> bool {
        let others = self.crates.iter().chain(self.living.keys()).map(String::as_str);
        self.item_names().chain(others).any(|name| names.contains(name))
    }

    /// The variables of the process that lose their meaning when the items of `source` replace others: their type, or a
    /// type inside it, becomes another one under the same name.
    pub(crate) fn outdated_by(&self, source: &Source<'_>) -> BTreeSet<String> {
        let changed = source.items.iter().filter(|new| {
            self.items.iter().any(|old| old.key == new.key && old.text != source.code[new.range.clone()])
        });
        let mut types: BTreeSet<String> = changed.filter_map(|item| item.name.clone()).collect();
        let mut before = 0;
        while before != types.len() {
            before = types.len();
            let users = self.items.iter().filter(|item| !item.mentioned.is_disjoint(&types));
            let users: Vec<String> = users.filter_map(|item| item.name.clone()).collect();
            types.extend(users);
        }
        let mentions = |ty: &str| ty.parse().is_ok_and(|tokens| !mentioned(&tokens).is_disjoint(&types));
        self.living.iter().filter(|(_, variable)| mentions(&variable.ty)).map(|(name, _)| name.clone()).collect()
    }

    /// Keeps the items of a cell that was compiled.
    pub(crate) fn keep_items(&mut self, source: &Source<'_>) {
        let gone: Vec<bool> = self.items.iter().map(|item| self.is_replaced(item, source)).collect();
        // What is replaced by something of its own key is overwritten below, in its place.
        let mut gone = gone.into_iter();
        self.items.retain(|item| !gone.next().unwrap_or(false) || source.items.iter().any(|new| new.key == item.key));
        self.cells += 1;
        for item in &source.items {
            let text = source.code[item.range.clone()].to_owned();
            let mentioned = text.parse().map(|tokens| mentioned(&tokens)).unwrap_or_default();
            let kept = KeptItem { key: item.key.clone(), name: item.name.clone(), text, mentioned, cell: self.cells };
            match self.items.iter_mut().find(|old| old.key == item.key) {
                Some(old) => *old = kept,
                None => self.items.push(kept),
            }
        }
    }

    /// Forgets a variable of the process.
    pub(crate) fn forget(&mut self, name: &str) {
        if self.living.remove(name).is_some() {
            self.forgotten.insert(name.to_owned());
        }
    }

    /// Forgets all variables of a process that has ended; their names.
    pub(crate) fn lose_variables(&mut self) -> Vec<String> {
        self.forgotten.clear();
        std::mem::take(&mut self.living).into_keys().collect()
    }
}
