//! `DELETE` and `UPDATE`, as SQL and frames have them.

use std::collections::BTreeMap;

use aerostat_error::{Error, Object, Result};
use aerostat_metastore::{Basis, Change, DEFAULT_VALUE, DataFile, Format, Removal, Snapshot};
use polars::prelude::{DataFrame, Expr, IntoLazy, JoinType, Schema, col, lit, when};

use super::columns::{by_position, find, same_name};
use super::encode::Encoding;
use super::fragment::{Fragment, NOWHERE, Text, quoted};
use super::parts::{Layout, rows_per_file};
use super::rewrite::{
    ATTEMPTS, Deletion, FILE, ROW, TARGET, columns, joined, numbered, per_file, starved, with_numbers,
};
use super::stage::stage;
use super::table::writable;
use crate::options::Options;
use crate::{Relation, Session, join_name};

/// A table whose rows are to be changed, and the name that it has in the user's SQL.
#[derive(Clone, Debug)]
pub struct Target {
    /// Its name, in one to three parts, or a path: `` delta.`/path` ``.
    pub parts: Vec<String>,
    /// Its alias; its own name if there is none.
    pub alias: Option<String>,
}

impl Target {
    /// A table by its name.
    pub fn of(parts: &[String]) -> Self {
        Self { parts: parts.to_vec(), alias: None }
    }

    pub(super) fn alias(&self) -> &str {
        let own = self.parts.last().map(String::as_str).unwrap_or_default();
        self.alias.as_deref().unwrap_or(own)
    }

    /// The newest version of the table.
    pub fn snapshot(&self, session: &Session) -> Result<Snapshot> {
        match session.resolve_table(&self.parts)? {
            Relation::Table(info) | Relation::View(info) => writable(session, &info),
            Relation::Path { format: Format::Delta, path } => session.metastore().snapshot(&path, None),
            Relation::Version(info, _) => {
                Err(Error::invalid_argument(format!("an earlier version of `{}` cannot be changed", info.name))
                    .with_hint("`RESTORE TABLE` makes it the newest version"))
            }
            Relation::Frame { .. } | Relation::Query { .. } | Relation::Path { .. } => {
                let message = format!("`{}` is not a table whose rows can be changed", join_name(&self.parts));
                Err(Error::invalid_argument(message).with_hint("only Delta tables are changed row by row"))
            }
        }
    }
}

/// `column = value`, for a column of the table.
#[derive(Clone, Debug)]
pub struct Assignment {
    /// The column, where it stands.
    pub column: Fragment,
    /// The value, in SQL.
    pub value: Fragment,
}

/// How files are written that take the place of others.
pub(super) fn rewriting() -> Result<Layout> {
    let options = Options::default();
    Ok(Layout {
        encoding: Encoding::new(Format::Delta, &options)?,
        partition_columns: Vec::new(),
        rows_per_file: rows_per_file(&options)?,
        required: Vec::new(),
        for_log: true,
    })
}

/// Makes a change anew until no other process comes first. `make` returns none if there is nothing to change.
pub(super) fn repeated<T>(
    session: &Session,
    target: &Target,
    mut make: impl FnMut(&Snapshot) -> Result<Option<T>>,
) -> Result<T> {
    for _ in 0..ATTEMPTS {
        session.interrupt().check()?;
        if let Some(done) = make(&target.snapshot(session)?)? {
            return Ok(done);
        }
    }
    Err(starved(&join_name(&target.parts)))
}

/// The value of an assignment; `DEFAULT` is what the column is where nothing is given.
pub(super) fn spelled(base: &Snapshot, column: &str, value: &Fragment) -> Fragment {
    match value.text.trim().eq_ignore_ascii_case("default") {
        true => default_of(base, column).unwrap_or_else(|| Fragment { text: "NULL".to_owned(), at: value.at }),
        false => value.clone(),
    }
}

/// What a column is where nothing is given, if that is not null.
pub(super) fn default_of(base: &Snapshot, column: &str) -> Option<Fragment> {
    let value = base.schema.field_with_name(column).ok()?.metadata().get(DEFAULT_VALUE)?;
    Some(Fragment { text: value.clone(), at: NOWHERE })
}

/// Deletes the rows for which `condition` holds, all if there is none; how many that were.
pub fn delete(session: &Session, target: &Target, condition: Option<&Fragment>) -> Result<u64> {
    let layout = rewriting()?;
    repeated(session, target, |base| {
        let deletion = Deletion::find(session, base, target.alias(), condition)?;
        if deletion.is_empty() {
            return Ok(Some(0));
        }
        let kept = deletion.kept(session, base, &layout)?;
        let copied = kept.as_ref().map_or(0, |kept| kept.rows());
        let mut change = Change::new("DELETE");
        change.parameters = predicate(condition);
        change.metrics = metrics(&[("numDeletedRows", deletion.rows), ("numCopiedRows", copied)]);
        change.removal = deletion.removal();
        change.files = kept.iter().flat_map(|kept| kept.files()).collect();
        change.basis = Basis::Version;
        if session.metastore().commit(base, change)?.is_none() {
            return Ok(None);
        }
        kept.into_iter().for_each(|kept| kept.keep());
        Ok(Some(deletion.rows))
    })
}

/// Sets columns of the rows for which `condition` holds, of all if there is none; how many that were.
pub fn update(
    session: &Session,
    target: &Target,
    assignments: &[Assignment],
    condition: Option<&Fragment>,
) -> Result<u64> {
    let layout = rewriting()?;
    repeated(session, target, |base| {
        let schema = columns(base)?;
        let assigned = assigned(&schema, assignments)?;
        let mut text = Text::default();
        text.add(&format!("SELECT {FILE}, {ROW}"));
        for (at, (assignment, column)) in assignments.iter().zip(&assigned).enumerate() {
            text.add(", ")
                .add_user(&spelled(base, column, &assignment.value))
                .add(&format!(" AS {}", value_column(0, at)));
        }
        text.add(&format!(" FROM {TARGET} AS {}", quoted(target.alias())));
        if let Some(condition) = condition {
            text.add(" WHERE ").add_user(condition);
        }
        let engine = session.engine();
        let placed = |error: Error| text.placed(error);
        let files = engine.candidates(session, &text.sql, (TARGET, base), &[]).map_err(placed)?;
        let rows = numbered(base, with_numbers(&files))?;
        let hits = engine.query(session, &text.sql, &[(TARGET, rows)]).map_err(placed)?;
        let counts = per_file(&hits)?;
        if counts.is_empty() {
            return Ok(Some(0));
        }
        let touched: Vec<DataFile> = with_numbers(&files)
            .filter(|(number, _)| counts.contains_key(number))
            .map(|(_, file)| file.clone())
            .collect();
        let rows = numbered(base, with_numbers(&files).filter(|(number, _)| counts.contains_key(number)))?;
        let values = fitted(session, &hits, 0, &assigned, &schema)?;
        let mut known = vec![col(FILE), col(ROW), lit(true).alias(HIT)];
        known.extend(values);
        let all = joined(rows, hits.lazy().select(known), JoinType::Left);
        let staged = stage(session, all.select(replaced(&schema, &assigned)), base, &layout)?;
        let updated = counts.values().sum();
        let mut change = Change::new("UPDATE");
        change.parameters = predicate(condition);
        let copied = staged.rows().saturating_sub(updated);
        change.metrics = metrics(&[("numUpdatedRows", updated), ("numCopiedRows", copied)]);
        change.removal = Removal::Files(touched.into_iter().map(|file| file.path).collect());
        change.files = staged.files();
        change.basis = Basis::Version;
        if session.metastore().commit(base, change)?.is_none() {
            return Ok(None);
        }
        staged.keep();
        Ok(Some(updated))
    })
}

/// Marks the rows that are changed.
pub(super) const HIT: &str = "__aerostat_hit";

/// The column of a query that has the value of an assignment.
pub(super) fn value_column(clause: usize, assignment: usize) -> String {
    format!("__aerostat_{clause}_{assignment}")
}

/// The table's columns that are assigned to, in the order of the assignments.
pub(super) fn assigned(schema: &Schema, assignments: &[Assignment]) -> Result<Vec<String>> {
    let mut found: Vec<String> = Vec::new();
    for Assignment { column, .. } in assignments {
        let place = aerostat_error::Span::new(column.at, column.at + column.text.len());
        let parts = crate::split_name(&column.text)?;
        let name = parts.last().map(String::as_str).unwrap_or_default();
        let Some((name, _)) = find(schema, name) else {
            let of_field = parts.len() > 1 && parts.iter().any(|part| find(schema, part).is_some());
            if of_field {
                return Err(Error::not_supported(format!("setting a field of a struct: `{}`", join_name(&parts)))
                    .with_span(place)
                    .with_hint("set the whole column: `named_struct(..)` makes a new struct"));
            }
            let names: Vec<&str> = schema.iter_names().map(|name| name.as_str()).collect();
            return Err(crate::errors::unknown_column(name, &names).with_span(place));
        };
        if found.iter().any(|other| same_name(other, name)) {
            return Err(Error::already_exists(Object::Column, name).with_span(place).with_hint("it is set twice"));
        }
        found.push(name.to_owned());
    }
    Ok(found)
}

/// The values of assignments in the types of the columns that they go to.
pub(super) fn fitted(
    session: &Session,
    hits: &DataFrame,
    clause: usize,
    assigned: &[String],
    table: &Schema,
) -> Result<Vec<Expr>> {
    let (mut from, mut to) = (Schema::default(), Schema::default());
    for (at, name) in assigned.iter().enumerate() {
        let value = value_column(clause, at);
        let dtype = hits.column(&value).map_err(crate::errors::from_polars)?.dtype().clone();
        from.insert(value.as_str().into(), dtype);
        let Some((name, dtype)) = find(table, name) else { continue };
        to.insert(name.into(), dtype.clone());
    }
    let fitted = by_position(session, &from, &to)?;
    Ok(fitted.into_iter().enumerate().map(|(at, value)| value.alias(value_column(clause, at))).collect())
}

/// The table's columns, with the new values where there are some.
fn replaced(schema: &Schema, assigned: &[String]) -> Vec<Expr> {
    let column = |name: &str| match assigned.iter().position(|other| other == name) {
        None => col(name),
        Some(at) => when(col(HIT).is_not_null()).then(col(value_column(0, at))).otherwise(col(name)).alias(name),
    };
    schema.iter_names().map(|name| column(name)).collect()
}

/// What the history says of a condition.
pub(super) fn predicate(condition: Option<&Fragment>) -> BTreeMap<String, String> {
    let conditions: Vec<&str> = condition.iter().map(|condition| condition.text.as_str()).collect();
    BTreeMap::from([("predicate".to_owned(), serde_json::json!(conditions).to_string())])
}

pub(super) fn metrics(pairs: &[(&str, u64)]) -> BTreeMap<String, u64> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect()
}
