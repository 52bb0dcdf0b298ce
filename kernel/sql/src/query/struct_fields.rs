//! `SELECT s.*` of a column of structs: all of its fields as columns. The engine has it of tables only.

use std::collections::HashSet;
use std::ops::ControlFlow;

use datafusion::arrow::datatypes::{DataType, FieldRef, Fields};
use sqlparser::ast::{
    Expr, Ident, Query, Select, SelectItem, SelectItemQualifiedWildcardKind, VisitMut, VisitorMut,
    WildcardAdditionalOptions,
};

use super::ast::{excepted, name_of, parts};
use super::names::{Names, relations};
use super::part::{FieldsOf, Parts, selects};

/// Lists the fields of structs in the place of their wildcards.
pub(super) fn list(query: &mut Query, names: &mut Names, fields_of: FieldsOf<'_>) {
    let _ = query.visit(&mut Structs { parts: Parts::new(fields_of), names });
}

struct Structs<'a> {
    parts: Parts<'a>,
    names: &'a mut Names,
}

impl VisitorMut for Structs<'_> {
    type Break = ();

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<()> {
        self.parts.enter(query);
        for select in selects(&mut query.body) {
            self.select(select);
        }
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _: &mut Query) -> ControlFlow<()> {
        self.parts.leave();
        ControlFlow::Continue(())
    }
}

impl Structs<'_> {
    fn select(&mut self, select: &mut Select) {
        if !select.projection.iter().any(|item| wildcard_of(item).is_some()) {
            return;
        }
        let tables = relations(select);
        let mut taken: HashSet<String> = select.projection.iter().filter_map(name_of).collect();
        let mut listed = Vec::new();
        for item in std::mem::take(&mut select.projection) {
            let column =
                wildcard_of(&item).filter(|(name, _)| name.last().is_some_and(|last| !tables.contains(&last.value)));
            let fields = column.and_then(|(column, options)| {
                let fields = self.fields(select, &column)?;
                self.columns(&column, &fields, options, &mut taken)
            });
            match fields {
                Some(fields) => listed.extend(fields),
                None => listed.push(item),
            }
        }
        select.projection = listed;
    }

    /// The fields of a column, if it is of structs.
    fn fields(&self, select: &Select, column: &[Ident]) -> Option<Fields> {
        let item = SelectItem::UnnamedExpr(match column {
            [only] => Expr::Identifier(only.clone()),
            _ => Expr::CompoundIdentifier(column.to_vec()),
        });
        let mut alone = super::ast::select(vec![item], select.from.first()?.relation.clone());
        alone.from = select.from.clone();
        alone.lateral_views = select.lateral_views.clone();
        match self.parts.fields(alone)?.first()?.data_type() {
            DataType::Struct(fields) => Some(fields.clone()),
            _ => None,
        }
    }

    fn columns(
        &mut self,
        column: &[Ident],
        fields: &Fields,
        options: &WildcardAdditionalOptions,
        taken: &mut HashSet<String>,
    ) -> Option<Vec<SelectItem>> {
        let all: Vec<String> = fields.iter().map(|field| field.name().to_lowercase()).collect();
        let except = excepted(options, |name| all.iter().any(|known| known == name))?;
        let kept = fields.iter().zip(all).filter(|(_, name)| !except.contains(&name.as_str()));
        let item = |(field, mut name): (&FieldRef, String)| {
            // Two columns of one name are told apart, though they are shown alike.
            if !taken.insert(name.clone()) {
                name = format!("{name}#{}", taken.len());
                taken.insert(name.clone());
            }
            self.names.remember(&name, field.name());
            let whole = column.iter().cloned().chain([Ident::new(field.name())]).collect();
            SelectItem::ExprWithAlias { expr: Expr::CompoundIdentifier(whole), alias: Ident::with_quote('`', name) }
        };
        Some(kept.map(item).collect())
    }
}

/// What a qualified wildcard is of.
fn wildcard_of(item: &SelectItem) -> Option<(Vec<Ident>, &WildcardAdditionalOptions)> {
    match item {
        SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(name), options) => {
            Some((parts(name).into_iter().cloned().collect(), options))
        }
        _ => None,
    }
}
