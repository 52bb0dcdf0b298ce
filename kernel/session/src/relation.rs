//! What a name stands for.

use std::path::PathBuf;
use std::sync::Arc;

use aerostat_error::{Error, Kind, Object, Result};
use aerostat_metastore::{Format, Snapshot, TableInfo, TableKind};
use polars::prelude::LazyFrame;

use crate::views::Identity;
use crate::{GLOBAL_TEMP, Session, Shown, ViewQuery, join_name, travel};

/// Where a frame with a name comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// `create_or_replace_temp_view` or `CREATE TEMPORARY VIEW`.
    TempView,
    /// `CREATE GLOBAL TEMPORARY VIEW`: in the schema `global_temp`.
    GlobalTempView,
    /// A variable of the notebook.
    Variable,
}

/// What a name in a query stands for.
#[derive(Clone)]
pub enum Relation {
    /// A frame of this session.
    Frame {
        /// The name as it was first given.
        name: String,
        /// The rows.
        frame: LazyFrame,
        /// A temporary view or a variable.
        origin: Origin,
    },
    /// A temporary view that is a query: SQL text, for the SQL engine to plan.
    Query {
        /// The name as it was first given.
        name: String,
        /// The query.
        query: Arc<ViewQuery>,
        /// One of the kinds of temporary views.
        origin: Origin,
    },
    /// A table of the metastore.
    Table(TableInfo),
    /// A table of the metastore as it was at an earlier version: `t@v3`.
    Version(TableInfo, Snapshot),
    /// A view of the metastore: SQL text, for the SQL engine to plan.
    View(TableInfo),
    /// Files named by their path: `` parquet.`/data/x.parquet` ``.
    Path {
        /// What the files hold.
        format: Format,
        /// A file, folder or glob.
        path: PathBuf,
    },
}

/// What one to three `parts` stand for in a query while `current_schema` is in use.
pub(crate) fn resolve(session: &Session, parts: &[String], current_schema: &str) -> Result<Relation> {
    if let [name] = parts
        && let Some(relation) = frame(session, name, current_schema)?
    {
        return Ok(relation);
    }
    lasting(session, parts, current_schema)
}

/// What `parts` stand for where a table is asked for, as in Spark: a temporary view or a table. A variable is meant only
/// where neither is there.
pub(crate) fn resolve_table(session: &Session, parts: &[String], current_schema: &str) -> Result<Relation> {
    if let [name] = parts {
        if let Some(view) = of_session(session, Origin::TempView, name)? {
            return Ok(view);
        }
        let variable = of_session(session, Origin::Variable, name).transpose();
        if let Some(variable) = variable
            && stored(session, name, current_schema)?.is_none()
        {
            return variable;
        }
    }
    lasting(session, parts, current_schema)
}

/// What `parts` stand for but for temporary views and variables.
fn lasting(session: &Session, parts: &[String], current_schema: &str) -> Result<Relation> {
    let name = session.metastore().qualify(parts, current_schema)?;
    if name.schema.eq_ignore_ascii_case(GLOBAL_TEMP) {
        return of_session(session, Origin::GlobalTempView, &name.table)?
            .ok_or_else(|| Error::not_found_among(Object::Table, &name.to_string(), session.global_temp_views()));
    }
    match session.metastore().find_table(&name)? {
        Some(info) => Ok(of_metastore(info)),
        None => match (travel::version(session, &name)?, path(parts)) {
            (Some(relation), _) | (None, Some(relation)) => Ok(relation),
            (None, None) => Err(not_found(session, parts, &name.schema, session.metastore().table(&name).err())),
        },
    }
}

fn of_metastore(info: TableInfo) -> Relation {
    match info.kind {
        TableKind::View => Relation::View(info),
        TableKind::Managed | TableKind::External => Relation::Table(info),
    }
}

/// The table or view of the metastore that an unqualified name stands for.
fn stored(session: &Session, name: &str, current_schema: &str) -> Result<Option<TableInfo>> {
    let qualified = session.metastore().qualify(&[name.to_owned()], current_schema)?;
    session.metastore().find_table(&qualified)
}

/// The frame of this name. A temporary view hides a table, as in Spark; a variable that hides either is ambiguous, unless
/// it is what it hides.
fn frame(session: &Session, name: &str, current_schema: &str) -> Result<Option<Relation>> {
    let view = of_session(session, Origin::TempView, name)?;
    let Some(variable) = of_session(session, Origin::Variable, name)? else { return Ok(view) };
    if let Some(view) = view {
        if is_same(&view, &variable) {
            return Ok(Some(view));
        }
        return Err(ambiguous(name, "the temporary view")
            .with_hint(format!("rename the variable, or drop the view with `DROP VIEW {}`", join_name(&[name]))));
    }
    if let Some(info) = stored(session, name, current_schema)? {
        if is_scan(session, &variable, &info) {
            return Ok(None);
        }
        let table = join_name(&[&info.name.schema, &info.name.table]);
        return Err(ambiguous(name, &format!("the table `{table}`"))
            .with_hint(format!("write `{table}` for the table, or rename the variable")));
    }
    Ok(Some(variable))
}

/// What the session itself has under this name.
fn of_session(session: &Session, origin: Origin, name: &str) -> Result<Option<Relation>> {
    let shown = session.shown(origin, name)?;
    Ok(shown.map(|(name, shown)| match shown {
        Shown::Frame(frame) => Relation::Frame { name, frame, origin },
        Shown::Query(query) => Relation::Query { name, query, origin },
    }))
}

/// Whether a view shows the very plan that is in the variable.
fn is_same(view: &Relation, variable: &Relation) -> bool {
    match (view, variable) {
        (Relation::Frame { frame: view, .. }, Relation::Frame { frame: variable, .. }) => {
            Identity::of(view).is_some_and(|identity| identity.is_of(variable))
        }
        _ => false,
    }
}

/// Whether a variable is what `session.table` gave for the table, and nothing was done with it.
fn is_scan(session: &Session, variable: &Relation, table: &TableInfo) -> bool {
    matches!(variable, Relation::Frame { frame, .. } if session.has_given(&table.name, frame))
}

fn ambiguous(name: &str, other: &str) -> Error {
    let message = format!("`{name}` is both a variable of the notebook and {other}");
    Error::new(Kind::Ambiguous(Object::Table), message)
}

/// `` parquet.`/data/x.parquet` ``, when there is no schema of that name.
fn path(parts: &[String]) -> Option<Relation> {
    let [format, path] = parts else { return None };
    let format = Format::named(format).ok()?;
    path.contains(['/', '.', '*']).then(|| Relation::Path { format, path: path.into() })
}

/// The metastore's error; for an unqualified name the frames of the session are candidates as well.
fn not_found(session: &Session, parts: &[String], schema: &str, error: Option<Error>) -> Error {
    let error = error.unwrap_or_else(|| Error::not_found(Object::Table, join_name(parts)));
    let [name] = parts else { return error };
    let tables = session.metastore().tables(schema).unwrap_or_default();
    let names = tables.into_iter().map(|info| info.name.table).chain(session.frame_names());
    error.with_hint_opt(aerostat_error::did_you_mean(name, names))
}
