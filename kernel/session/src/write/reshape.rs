//! Columns of a table under another name, in another place, or gone; and what they are where nothing is given.
//!
//! Files know their columns by name, so where names change they are written anew. Delta's column mapping would spare
//! that, but takes the table away from readers that do not know it.

use std::sync::Arc;

use aerostat_error::{Error, Object, Result};
use aerostat_metastore::{Basis, Change, DEFAULT_VALUE, Removal, Snapshot, TableSchema};
use deltalake_core::arrow::datatypes::{FieldRef, Schema};
use polars::prelude::{Expr, col};

use super::columns::same_name;
use super::modify::{Target, metrics, repeated, rewriting};
use super::schema::{ColumnPlace, columns, committed, position};
use super::stage::stage;
use crate::{Session, delta};

/// Gives a column another name. The files are written anew.
pub fn rename_column(session: &Session, target: &Target, column: &str, to: &str) -> Result<()> {
    repeated(session, target, |base| {
        let mut fields: Vec<FieldRef> = base.schema.fields().to_vec();
        let at = position(&fields, column)?;
        let old = fields[at].name().clone();
        if let Some(other) = fields.iter().find(|field| same_name(field.name(), to) && field.name() != &old) {
            return Err(Error::already_exists(Object::Column, other.name()));
        }
        refuse_in_constraints(base, &old)?;
        fields[at] = Arc::new(fields[at].as_ref().clone().with_name(to));
        let partition_columns =
            base.partition_columns.iter().map(|name| if *name == old { to.to_owned() } else { name.clone() });
        let new = TableSchema { partition_columns: partition_columns.collect(), schema: Arc::new(Schema::new(fields)) };
        let old = base.schema.fields().iter().map(|field| col(field.name().as_str()));
        let values = old.zip(new.schema.fields()).map(|(old, new)| old.alias(new.name().as_str())).collect();
        let mut change = Change::new("RENAME COLUMN");
        change.parameters =
            [("oldColumnPath".to_owned(), column.to_owned()), ("newColumnPath".to_owned(), to.to_owned())].into();
        rewritten(session, base, values, new, change)
    })
}

/// Takes columns away. The files are written anew.
pub fn drop_columns(session: &Session, target: &Target, gone: &[String], if_exists: bool) -> Result<()> {
    repeated(session, target, |base| {
        let mut fields: Vec<FieldRef> = base.schema.fields().to_vec();
        for name in gone {
            let at = match position(&fields, name) {
                Ok(at) => at,
                Err(_) if if_exists => continue,
                Err(error) => return Err(error),
            };
            let name = fields[at].name().clone();
            if base.partition_columns.contains(&name) {
                return Err(Error::invalid_argument(format!("the table is partitioned by column `{name}`"))
                    .with_hint("write the table anew: `CREATE OR REPLACE TABLE t AS SELECT ..`"));
            }
            refuse_in_constraints(base, &name)?;
            fields.remove(at);
        }
        if fields.len() == base.schema.fields().len() {
            return Ok(Some(()));
        }
        let values = fields.iter().map(|field| col(field.name().as_str())).collect();
        let mut change = Change::new("DROP COLUMNS");
        change.parameters = [("columns".to_owned(), serde_json::json!(gone).to_string())].into();
        rewritten(session, base, values, columns(base, fields), change)
    })
}

/// Puts a column in another place.
pub fn move_column(session: &Session, target: &Target, column: &str, place: &ColumnPlace) -> Result<()> {
    repeated(session, target, |base| {
        let mut fields: Vec<FieldRef> = base.schema.fields().to_vec();
        let moved = fields.remove(position(&fields, column)?);
        let at = place.among(&fields)?;
        fields.insert(at, moved);
        committed(session, base, Change { columns: Some(columns(base, fields)), ..Change::new("CHANGE COLUMN") })
    })
}

/// Says what a column is in new rows for which nothing is given, in SQL; null if nothing is said.
pub fn default_column(session: &Session, target: &Target, column: &str, default: Option<&str>) -> Result<()> {
    repeated(session, target, |base| {
        let mut fields: Vec<FieldRef> = base.schema.fields().to_vec();
        let at = position(&fields, column)?;
        let mut metadata = fields[at].metadata().clone();
        match default {
            Some(value) => metadata.insert(DEFAULT_VALUE.to_owned(), value.to_owned()),
            None => metadata.remove(DEFAULT_VALUE),
        };
        fields[at] = Arc::new(fields[at].as_ref().clone().with_metadata(metadata));
        committed(session, base, Change { columns: Some(columns(base, fields)), ..Change::new("CHANGE COLUMN") })
    })
}

/// Commits the rows of `base` with other columns, made of its own by `values`.
pub(super) fn rewritten(
    session: &Session,
    base: &Snapshot,
    values: Vec<Expr>,
    new: TableSchema,
    change: Change,
) -> Result<Option<()>> {
    let mut target = base.clone();
    target.schema.clone_from(&new.schema);
    target.partition_columns.clone_from(&new.partition_columns);
    let staged = stage(session, delta::scan(base)?.select(values), &target, &rewriting()?)?;
    let mut change = Change { columns: Some(new), removal: Removal::Everything, basis: Basis::Version, ..change };
    change.files = staged.files();
    change.metrics = metrics(&[("numCopiedRows", staged.rows())]);
    if session.metastore().commit(base, change)?.is_none() {
        return Ok(None);
    }
    staged.keep();
    Ok(Some(()))
}

/// A column that a constraint speaks of has to stay what it is.
fn refuse_in_constraints(base: &Snapshot, column: &str) -> Result<()> {
    let words = |text: &str| {
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '_').map(str::to_owned);
        words.collect::<Vec<String>>()
    };
    let speaks = |condition: &String| {
        words(condition).iter().any(|word| same_name(word, column)) || condition.contains(&format!("`{column}`"))
    };
    match base.constraints().into_iter().find(|(_, condition)| speaks(condition)) {
        Some((name, condition)) => {
            Err(Error::invalid_argument(format!("the constraint `{name}` ({condition}) is on column `{column}`"))
                .with_hint(format!("drop it first: `ALTER TABLE .. DROP CONSTRAINT {name}`")))
        }
        None => Ok(()),
    }
}
