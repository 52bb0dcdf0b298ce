//! `input_file_name()`: a column that the table of a `SELECT` has where it is asked for.

use std::ops::ControlFlow;

use aerostat_error::{Condition, Error};
use sqlparser::ast::{
    ExceptSelectItem, Expr, Ident, ObjectNamePart, Query, Select, SelectItem, TableFactor, VisitMut, VisitorMut,
    WildcardAdditionalOptions,
};

use super::ast::{args, function_name, string};
use crate::table::FILE_NAME;

/// What stands behind the name of a table that is to have the column.
const MARK: &str = "#files";

/// The name without the mark, if it has one.
pub(super) fn unmarked(name: &str) -> Option<&str> {
    name.strip_suffix(MARK)
}

/// Gives the table of each `SELECT` that asks for names of files the column that has them.
pub(super) fn ask(query: &mut Query) -> Result<(), Error> {
    match query.visit(&mut Selects) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(error) => Err(error),
    }
}

struct Selects;

impl VisitorMut for Selects {
    type Break = Error;

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<Error> {
        match of_select(select) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => ControlFlow::Break(error),
        }
    }
}

fn of_select(select: &mut Select) -> Result<(), Error> {
    let none = select.from.is_empty();
    let mut calls =
        Calls { replacement: if none { string("") } else { Expr::Identifier(Ident::new(FILE_NAME)) }, found: false };
    let _: ControlFlow<()> = select.projection.visit(&mut calls);
    let _: ControlFlow<()> = select.selection.visit(&mut calls);
    let _: ControlFlow<()> = select.group_by.visit(&mut calls);
    let _: ControlFlow<()> = select.having.visit(&mut calls);
    if !calls.found || none {
        return Ok(());
    }
    match select.from.as_mut_slice() {
        [table] if table.joins.is_empty() => mark(&mut table.relation)?,
        _ => {
            return Err(Error::invalid_argument("`input_file_name()` is of one table, and this is a join")
                .with_condition(Condition::MULTI_SOURCES)
                .with_hint("ask for it in a subquery of the table"));
        }
    }
    select.projection.iter_mut().for_each(leave_out);
    Ok(())
}

fn mark(relation: &mut TableFactor) -> Result<(), Error> {
    if let TableFactor::Table { name, alias, args: None, .. } = relation
        && let Some(ObjectNamePart::Identifier(table)) = name.0.last_mut()
    {
        let own = table.clone();
        alias.get_or_insert_with(|| super::ast::alias(own, Vec::new()));
        table.value.push_str(MARK);
        return Ok(());
    }
    Err(of_query())
}

/// What only a query says is in no file.
pub(super) fn of_query() -> Error {
    Error::not_supported("`input_file_name()` is known where a table is read, and this is a query")
        .with_hint("ask for it in the inner query, as a column of that")
}

/// `*` does not have the column.
fn leave_out(item: &mut SelectItem) {
    let (SelectItem::Wildcard(options) | SelectItem::QualifiedWildcard(_, options)) = item else { return };
    let WildcardAdditionalOptions { opt_except, .. } = options;
    let column = Ident::new(FILE_NAME);
    match opt_except {
        Some(except) => except.additional_elements.push(column),
        None => *opt_except = Some(ExceptSelectItem { first_element: column, additional_elements: Vec::new() }),
    }
}

struct Calls {
    replacement: Expr,
    found: bool,
}

impl VisitorMut for Calls {
    type Break = ();

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if let Expr::Function(function) = expr
            && function_name(function).is_some_and(|name| name.value == "input_file_name")
            && args(function).is_some_and(|args| args.is_empty())
        {
            self.found = true;
            *expr = self.replacement.clone();
        }
        ControlFlow::Continue(())
    }
}
