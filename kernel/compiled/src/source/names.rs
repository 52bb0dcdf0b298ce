//! Names in a cell.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};

/// Every name in the tokens that can stand for a variable or an item, those in `{}` of format strings included: fields and
/// methods cannot.
pub(crate) fn mentioned(tokens: &TokenStream) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    collect(tokens, &mut names);
    names
}

fn collect(tokens: &TokenStream, names: &mut BTreeSet<String>) {
    // One dot stands before a field or a method, two before the end of a range.
    let mut dots = 0;
    for token in tokens.clone() {
        let before = std::mem::take(&mut dots);
        match token {
            TokenTree::Group(group) => collect(&group.stream(), names),
            TokenTree::Ident(name) if before != 1 => drop(names.insert(name.to_string())),
            TokenTree::Literal(literal) => names.extend(captured(&literal.to_string())),
            TokenTree::Punct(mark) if mark.as_char() == '.' => dots = before + 1,
            TokenTree::Ident(_) | TokenTree::Punct(_) => {}
        }
    }
}

/// The names that a string captures, should it be the format of a macro.
fn captured(literal: &str) -> impl Iterator<Item = String> + '_ {
    literal.split('{').skip(1).filter_map(|rest| {
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let is_name = rest.starts_with(|c: char| c.is_alphabetic() || c == '_');
        is_name.then(|| rest[..end].to_owned())
    })
}

/// The variables that a pattern binds, and whether they are mutable.
pub(super) fn bound(pattern: &syn::Pat) -> Vec<(String, bool)> {
    struct Bound(Vec<(String, bool)>);
    impl<'ast> Visit<'ast> for Bound {
        fn visit_pat_ident(&mut self, pattern: &'ast syn::PatIdent) {
            // A name in capitals is a constant or a variant.
            if !pattern.ident.to_string().starts_with(char::is_uppercase) {
                self.0.push((pattern.ident.to_string(), pattern.mutability.is_some()));
            }
            visit::visit_pat_ident(self, pattern);
        }
    }
    let mut names = Bound(Vec::new());
    names.visit_pat(pattern);
    names.0
}
