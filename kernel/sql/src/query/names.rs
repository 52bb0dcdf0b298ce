//! Second pass over a query: which columns the result has, by the names that Spark gives them.
//!
//! Inside the planner every name is in lower case, which makes names case-insensitive. What the user typed, and what
//! the tables call their columns, is kept here beside it and put back on the result.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;

use datafusion::common::DFSchema;
use sqlparser::ast::{
    Expr, ExprWithAlias, Ident, ObjectName, PivotValueSource, Query, Select, SelectItem, SetExpr, TableAlias,
    TableFactor, VisitMut, VisitorMut,
};

use super::ast::{literal_text, parts};
use super::generator;
use super::render::Renderer;
use crate::script::Script;

/// The names of a query's columns as they are shown.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// Of each item of the outermost `SELECT`; none for a wildcard.
    items: Vec<Option<String>>,
    /// Of columns that were named in the text, by their name in lower case.
    typed: HashMap<String, String>,
    /// The table behind an alias.
    aliases: HashMap<String, String>,
}

/// Names every unnamed expression of every `SELECT` in the query.
pub(crate) fn label(script: &Script<'_>, query: &mut Query) -> Names {
    // What stands behind `|>` has columns of its own.
    let body = query.pipe_operators.is_empty().then(|| outermost(&query.body)).flatten();
    let outermost = body.map_or(std::ptr::null(), std::ptr::from_ref);
    let mut labels = Labels { script, outermost, names: Names::default() };
    let _ = query.visit(&mut labels);
    labels.names
}

/// The `SELECT` whose columns name the result.
fn outermost(body: &SetExpr) -> Option<&Select> {
    match body {
        SetExpr::Select(select) => Some(select),
        SetExpr::Query(query) => outermost(&query.body),
        SetExpr::SetOperation { left, .. } => outermost(left),
        _ => None,
    }
}

/// Gives the columns that the outermost `SELECT` names itself other names than its wildcards may have; whether there
/// were any. What is shown has been noted before.
pub(crate) fn separate(body: &mut SetExpr) -> bool {
    let select = match body {
        SetExpr::Select(select) => select,
        SetExpr::Query(query) => return separate(&mut query.body),
        _ => return false,
    };
    let mut separated = false;
    for (at, item) in select.projection.iter_mut().enumerate() {
        if let SelectItem::UnnamedExpr(Expr::Identifier(_) | Expr::CompoundIdentifier(_)) = item {
            set_alias(item, format!("#{at}"));
            separated = true;
        }
    }
    separated
}

struct Labels<'a> {
    script: &'a Script<'a>,
    /// Told from the others by where it is.
    outermost: *const Select,
    names: Names,
}

impl VisitorMut for Labels<'_> {
    type Break = ();

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<()> {
        let relations = relations(select);
        let renderer = Renderer { script: self.script, relations };
        let mut taken: HashMap<String, Option<String>> = HashMap::new();
        let mut shown = Vec::new();
        for item in &mut select.projection {
            shown.push(self.label(&renderer, item, &mut taken));
        }
        // What the outermost names is shown there; what others name is shown where a wildcard stands for it.
        if std::ptr::eq(select, self.outermost) {
            self.names.items = shown.into_iter().map(|column| column.map(|(_, shown)| shown)).collect();
        } else {
            self.names.typed.extend(shown.into_iter().flatten());
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<()> {
        if let TableFactor::Table { name, alias: Some(alias), args: None, .. } = factor {
            self.names.aliases.insert(alias.name.value.clone(), joined(name));
        }
        if let TableFactor::Pivot { value_source: PivotValueSource::List(values), aggregate_functions, .. } = factor {
            for ExprWithAlias { expr, alias } in values.iter().chain(aggregate_functions.iter()) {
                match (alias, literal_text(expr)) {
                    (Some(alias), _) => self.remember(alias),
                    (None, Some(text)) => drop(self.names.typed.insert(text.to_lowercase(), text.to_owned())),
                    (None, None) => {}
                }
            }
        }
        for column in alias_of(factor).into_iter().flat_map(|alias| &alias.columns) {
            self.remember(&column.name);
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<()> {
        for cte in query.with.iter().flat_map(|with| &with.cte_tables) {
            for column in &cte.alias.columns {
                self.remember(&column.name);
            }
        }
        ControlFlow::Continue(())
    }
}

impl Labels<'_> {
    fn renderer(&self) -> Renderer<'_> {
        Renderer { script: self.script, relations: HashSet::new() }
    }

    fn remember(&mut self, ident: &Ident) {
        let typed = self.renderer().typed(ident);
        self.names.typed.insert(ident.value.clone(), typed);
    }

    /// Names an item, if it is one column: its name and what it is shown as.
    fn label(
        &mut self,
        renderer: &Renderer<'_>,
        item: &mut SelectItem,
        taken: &mut HashMap<String, Option<String>>,
    ) -> Option<(String, String)> {
        let (shown, column) = match item {
            SelectItem::ExprWithAlias { alias, .. } => (renderer.typed(alias), None),
            SelectItem::ExprWithAliases { aliases, .. } => {
                aliases.iter().for_each(|alias| self.remember(alias));
                return None;
            }
            SelectItem::UnnamedExpr(expr) if generator::is_call(expr) => return None,
            SelectItem::UnnamedExpr(expr) => (renderer.name(expr), plain_column(renderer, expr)),
            SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..) => return None,
        };
        let mut name = shown.to_lowercase();
        // Two columns of one name are told apart by their relations, if they have any.
        let clash = taken.get(&name).is_some_and(|other| column.is_none() || other.is_none() || *other == column);
        if clash {
            name = format!("{name}#{}", taken.len());
        }
        taken.insert(name.clone(), column.clone());
        if clash || column.is_none() {
            set_alias(item, name.clone());
        }
        Some((name, shown))
    }
}

/// What the columns of this `SELECT` may be qualified with.
pub(super) fn relations(select: &Select) -> HashSet<String> {
    let mut relations = HashSet::new();
    let factors = select
        .from
        .iter()
        .flat_map(|table| std::iter::once(&table.relation).chain(table.joins.iter().map(|join| &join.relation)));
    for factor in factors {
        match (alias_of(factor), factor) {
            (Some(alias), _) => relations.insert(alias.name.value.clone()),
            (None, TableFactor::Table { name, .. }) => {
                parts(name).last().is_some_and(|last| relations.insert(last.value.clone()))
            }
            _ => false,
        };
    }
    relations.extend(select.lateral_views.iter().map(|view| joined(&view.lateral_view_name)));
    relations
}

/// The whole name of a column that needs no alias to be called by its last part.
fn plain_column(renderer: &Renderer<'_>, expr: &Expr) -> Option<String> {
    match expr {
        Expr::Identifier(ident) => Some(ident.value.clone()),
        Expr::CompoundIdentifier(parts) => {
            let relation = parts.len().checked_sub(2).and_then(|at| parts.get(at))?;
            renderer.relations.contains(&relation.value).then(|| expr.to_string())
        }
        _ => None,
    }
}

fn set_alias(item: &mut SelectItem, name: String) {
    match item {
        SelectItem::ExprWithAlias { alias, .. } => alias.value = name,
        SelectItem::UnnamedExpr(expr) => {
            let (expr, alias) = (super::ast::take(expr), Ident::with_quote('`', name));
            *item = SelectItem::ExprWithAlias { expr, alias };
        }
        _ => {}
    }
}

fn alias_of(factor: &TableFactor) -> Option<&TableAlias> {
    match factor {
        TableFactor::Table { alias, .. }
        | TableFactor::Derived { alias, .. }
        | TableFactor::Function { alias, .. }
        | TableFactor::NestedJoin { alias, .. }
        | TableFactor::Pivot { alias, .. }
        | TableFactor::Unpivot { alias, .. } => alias.as_ref(),
        _ => None,
    }
}

fn joined(name: &ObjectName) -> String {
    parts(name).iter().map(|part| part.value.as_str()).collect::<Vec<_>>().join(".")
}

impl Names {
    /// Notes how a column is shown that is called so in lower case.
    pub(super) fn remember(&mut self, name: &str, shown: &str) {
        self.typed.insert(name.to_owned(), shown.to_owned());
    }

    /// The names to show over the columns of the planned query. `tables` has the columns of the tables that it reads
    /// as these call them, by table and name in lower case.
    pub(crate) fn of(&self, schema: &DFSchema, tables: &HashMap<(String, String), String>) -> Vec<String> {
        let width = schema.fields().len();
        let first_wildcard = self.items.iter().position(Option::is_none).unwrap_or(self.items.len());
        let after_wildcard = self.items.iter().rev().take_while(|item| item.is_some()).count();
        schema
            .iter()
            .enumerate()
            .map(|(at, (relation, field))| {
                let from_end = width - at;
                let item = if at < first_wildcard {
                    self.items[at].clone()
                } else if from_end <= after_wildcard {
                    self.items[self.items.len() - from_end].clone()
                } else {
                    None
                };
                item.or_else(|| {
                    let relation = relation?.to_string();
                    let table = self.aliases.get(&relation).unwrap_or(&relation);
                    tables.get(&(table.clone(), field.name().clone())).cloned()
                })
                .or_else(|| self.typed.get(field.name()).cloned())
                .or_else(|| {
                    // Of several tables always the same one.
                    let known = tables.iter().filter(|((_, name), _)| name == field.name());
                    known.min().map(|(_, shown)| shown.clone())
                })
                .unwrap_or_else(|| field.name().clone())
            })
            .collect()
    }
}

/// The names with `_1`, `_2`, .. added where one comes again: a frame cannot have two columns of one name.
pub(crate) fn unique(names: Vec<String>) -> Vec<String> {
    let mut taken: HashSet<String> = names.iter().cloned().collect();
    let mut seen = HashSet::new();
    names
        .into_iter()
        .map(|name| {
            if seen.insert(name.clone()) {
                return name;
            }
            let fresh = (1..).map(|n| format!("{name}_{n}")).find(|fresh| taken.insert(fresh.clone()));
            fresh.unwrap_or(name)
        })
        .collect()
}
