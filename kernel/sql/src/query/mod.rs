//! Queries: parsed as Spark does, rewritten into what DataFusion knows, planned and run by it.
//!
//! The passes over the parsed query, in order: [`travel`] names the versions of tables, [`syntax`] makes it plain,
//! where [`time_windows`] puts windows of time beside the rows and [`shadowed`] renames what hides another `WITH`, [`names`] notes
//! how Spark names its columns, [`struct_fields`] lists the fields of structs, [`using`] says which the common columns of joins
//! are, [`sets`] makes joins of `EXCEPT ALL` and the like, [`existence`] counts of `EXISTS` and `IN` among values, [`file_names`] asks tables for the names of their files, [`inline`]
//! puts the bodies of users' functions in the place of calls, [`clauses`] moves generators into `FROM`, [`calls`] replaces
//! functions. The planner then asks [`catalog`] for tables, [`relation`] for relations that only Spark has, and [`operators`]
//! for operators that depend on types.

mod aliases;
pub(crate) mod ast;
pub(crate) mod calls;
pub(crate) mod catalog;
mod clauses;
mod decimals;
pub(crate) mod errors;
mod existence;
mod file_names;
mod generator;
mod inline;
pub(crate) mod membership;
mod named_windows;
mod names;
pub(crate) mod operators;
mod parse;
mod part;
mod pivot;
pub(crate) mod relation;
mod render;
mod row_wise;
mod run;
pub(crate) mod schema;
mod sessions;
mod sets;
mod shadowed;
mod special;
mod struct_fields;
mod syntax;
mod template;
mod time_windows;
mod travel;
mod using;

use std::sync::Arc;

use aerostat_error::{Error, Result};
use aerostat_metastore::{DataFile, Snapshot};
use aerostat_session::{Gathered, Given, Session, join_name};
use datafusion::arrow::datatypes::{FieldRef, Fields};
use datafusion::execution::SessionState;
use datafusion::logical_expr::LogicalPlan;
use datafusion::sql::planner::{ParserOptions, SqlToRel};
use polars::prelude::DataFrame;
use sqlparser::ast as sql;

pub(crate) use catalog::{Catalog, Outer};
pub(crate) use run::{Incoming, explain};

use crate::Core;
use crate::script::{Script, Statement};

/// How many aliases of a query may be used by later items of their `SELECT`.
const MAX_ALIASES: usize = 32;

/// A query that has been planned, and the names of its columns as they are shown.
pub(crate) struct Planned {
    pub(crate) plan: LogicalPlan,
    pub(crate) names: Vec<String>,
    /// What it was planned with, to be run with the same settings, functions and current time.
    pub(crate) state: Arc<SessionState>,
}

/// Plans a query.
pub(crate) fn plan(catalog: &Catalog<'_>, statement: &Statement<'_>) -> Result<Planned> {
    let mut query = parse::query(statement)?;
    let located = |error: Error| error.with_span(statement.span);
    travel::resolve(catalog, &mut query).map_err(located)?;
    syntax::plain(&mut query, statement.script).map_err(located)?;
    let mut names = names::label(statement.script, &mut query);
    list_columns(catalog, statement, &mut query, &mut names);
    rewrite(catalog, statement, &mut query)?;
    let plan = planned(catalog, query).map_err(|error| errors::placed(&error, statement))?;
    let names = names.of(plan.schema(), &catalog.columns());
    Ok(Planned { plan, names, state: catalog.shared_state() })
}

/// The passes that need to know which columns there are.
fn list_columns(catalog: &Catalog<'_>, statement: &Statement<'_>, query: &mut sql::Query, names: &mut names::Names) {
    let fields_of = |part| fields_within(catalog, statement, part);
    struct_fields::list(query, names, &fields_of);
    using::resolve(query, &fields_of);
}

/// The passes that follow.
fn rewrite(catalog: &Catalog<'_>, statement: &Statement<'_>, query: &mut sql::Query) -> Result<()> {
    let registry = &catalog.core().registry;
    let located = |error: Error| error.with_span(statement.span);
    sets::count(query);
    existence::count(query);
    file_names::ask(query).map_err(located)?;
    inline::expand(catalog, query).map_err(located)?;
    clauses::move_generators(query, registry).map_err(located)?;
    calls::rewrite(query, registry, catalog.session(), statement.script)
}

/// The columns of a part of a query, if it can be planned by itself.
fn fields_within(catalog: &Catalog<'_>, statement: &Statement<'_>, mut part: sql::Query) -> Option<Fields> {
    rewrite(catalog, statement, &mut part).ok()?;
    let plan = planned(catalog, part).ok()?;
    Some(plan.schema().fields().clone())
}

/// The plan of a query. Two things turn out only when it is planned, and it is planned again: a column that is not there
/// may be an alias further left in the same `SELECT`, as columns come before aliases; and `a, *` may have `a` twice.
fn planned(catalog: &Catalog<'_>, mut query: sql::Query) -> datafusion::common::Result<LogicalPlan> {
    let options = ParserOptions::from(&catalog.state().config_options().sql_parser);
    // An alias that is made of its own name would go on for ever.
    for _ in 0..MAX_ALIASES {
        let statement = sql::Statement::Query(Box::new(query.clone()));
        let planned = SqlToRel::new_with_options(catalog, options).sql_statement_to_plan(statement);
        let Err(error) = &planned else { return planned };
        let changed = match errors::missing_column(error) {
            Some(name) => aliases::replace(&mut query, name),
            None => errors::is_duplicate(error) && names::separate(&mut query.body),
        };
        if !changed {
            return planned;
        }
    }
    SqlToRel::new_with_options(catalog, options).sql_statement_to_plan(sql::Statement::Query(Box::new(query)))
}

/// Plans the one query of a text that is not the user's: of a view.
pub(crate) fn plan_text(catalog: &Catalog<'_>, text: &str) -> Result<Planned> {
    let script = Script::new(text);
    match script.statements()?.as_slice() {
        [statement] => plan(catalog, statement),
        _ => Err(Error::invalid_argument("the text of a view must be one query")),
    }
}

/// Runs the one query of a text that may use the given frames; places of errors are in the text.
pub(crate) fn run_text(core: &Core, session: &Session, text: &str, given: Given<'_>) -> Result<DataFrame> {
    let catalog = Catalog::new(core, session).with_frames(given)?;
    run::collect(core, session, plan_text(&catalog, text)?)
}

/// The files of a table that the query of a text may need, in which the table goes by a name.
pub(crate) fn candidates(
    core: &Core,
    session: &Session,
    text: &str,
    (name, table): (&str, &Snapshot),
    given: Given<'_>,
) -> Result<Vec<DataFile>> {
    let catalog = Catalog::new(core, session).with_frames(given)?.with_table(name, table)?;
    let planned = plan_text(&catalog, text)?;
    run::files(&catalog, planned.plan).map_err(|error| errors::plain(&error))
}

/// The columns of a table, view or frame.
pub(crate) fn columns_of(core: &Core, session: &Session, parts: &[String]) -> Result<Vec<(String, FieldRef)>> {
    let planned = plan_text(&Catalog::new(core, session), &format!("SELECT * FROM {}", join_name(parts)));
    let planned = planned.map_err(Error::without_span)?;
    Ok(planned.names.into_iter().zip(planned.plan.schema().fields().iter().cloned()).collect())
}

/// Runs a query whose rows are to go into a table.
pub(crate) fn gather(core: &Core, session: &Session, statement: &Statement<'_>) -> Result<Gathered> {
    let planned = plan(&Catalog::new(core, session), statement)?;
    run::gather(core, session, planned).map_err(|error| error.with_span(statement.span))
}

/// [`gather`] for rows that are to go into a table other than those of whose files polars reads.
pub(crate) fn incoming(core: &Core, session: &Session, statement: &Statement<'_>) -> Result<Incoming> {
    let planned = plan(&Catalog::new(core, session), statement)?;
    run::incoming(core, session, planned).map_err(|error| error.with_span(statement.span))
}

/// [`gather`] for the one query of a text that may use the given frames.
pub(crate) fn gather_text(core: &Core, session: &Session, text: &str, given: Given<'_>) -> Result<Gathered> {
    let catalog = Catalog::new(core, session).with_frames(given)?;
    run::gather(core, session, plan_text(&catalog, text)?)
}

/// Runs a query.
pub(crate) fn run(core: &Core, session: &Session, statement: &Statement<'_>) -> Result<DataFrame> {
    let planned = plan(&Catalog::new(core, session), statement)?;
    run::collect(core, session, planned).map_err(|error| error.with_span(statement.span))
}
