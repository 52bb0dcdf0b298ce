//! A `WITH` inside of a query that names what a `WITH` around it names: Spark takes the inner one, the engine refuses both.
//! So the inner one goes by another name, and what is read from it is called as before.

use std::ops::ControlFlow;

use sqlparser::ast::{Query, TableFactor, Visit, VisitMut, Visitor, VisitorMut, With};

use super::ast::{alias, parts};

/// Gives other names to queries of `WITH` clauses that hide those around.
pub(super) fn rename(query: &mut Query) {
    let mut clauses = Clauses(0);
    let _ = Visit::visit(query, &mut clauses);
    if clauses.0 > 1 {
        let _ = VisitMut::visit(query, &mut Rename { scopes: Vec::new(), renamed: 0 });
    }
}

/// How many `WITH` clauses there are.
struct Clauses(usize);

impl Visitor for Clauses {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        self.0 += usize::from(query.with.is_some());
        ControlFlow::Continue(())
    }
}

/// What a query of a `WITH` clause is called, and the name that it goes by.
type Names = Vec<(String, String)>;

struct Rename {
    /// The clauses around, the innermost last, with what of them may be read so far. They are put back when their query is
    /// done, as their own queries see less than those after them.
    scopes: Vec<(Option<With>, Names)>,
    renamed: usize,
}

impl Rename {
    /// The name that a name goes by.
    fn find(&self, name: &str) -> Option<&str> {
        let mut known = self.scopes.iter().rev().flat_map(|(_, names)| names.iter().rev());
        known.find(|(called, _)| called == name).map(|(_, goes_by)| goes_by.as_str())
    }

    fn enter(&mut self, with: &mut With) {
        for cte in &mut with.cte_tables {
            let called = cte.alias.name.value.clone();
            let around =
                self.scopes.iter().rev().skip(1).any(|(_, names)| names.iter().any(|(name, _)| *name == called));
            if around {
                self.renamed += 1;
                cte.alias.name.value = format!("{called}#{}", self.renamed);
            }
            let names = (called, cte.alias.name.value.clone());
            if with.recursive {
                self.know(names.clone());
            }
            let _ = VisitMut::visit(&mut cte.query, self);
            if !with.recursive {
                self.know(names);
            }
        }
    }

    fn know(&mut self, names: (String, String)) {
        if let Some((_, known)) = self.scopes.last_mut() {
            known.push(names);
        }
    }
}

impl VisitorMut for Rename {
    type Break = ();

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<()> {
        let mut with = query.with.take();
        self.scopes.push((None, Names::new()));
        if let Some(with) = &mut with {
            self.enter(with);
        }
        if let Some((kept, _)) = self.scopes.last_mut() {
            *kept = with;
        }
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, query: &mut Query) -> ControlFlow<()> {
        query.with = self.scopes.pop().and_then(|(with, _)| with);
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<()> {
        if let TableFactor::Table { name, alias: called, args: None, version: None, .. } = factor
            && let [ident] = parts(name).as_slice()
            && let Some(goes_by) = self.find(&ident.value).filter(|goes_by| *goes_by != ident.value)
        {
            let ident = (*ident).clone();
            let mut renamed = ident.clone();
            renamed.value = goes_by.to_owned();
            called.get_or_insert_with(|| alias(ident, Vec::new()));
            *name = vec![renamed].into();
        }
        ControlFlow::Continue(())
    }
}
