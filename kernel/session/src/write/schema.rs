//! Changes of what a table is: its columns, and the constraints on its rows.

use std::sync::Arc;

use aerostat_error::{Error, Kind, Object, Result};
use aerostat_metastore::{Basis, Change, DEFAULT_VALUE, Snapshot, TableSchema, constraint_property};
use deltalake_core::arrow::datatypes::{Field, FieldRef, Schema, SchemaRef};
use polars::prelude::{Expr, col};

use super::columns::{by_name, same_name};
use super::modify::{Target, repeated};
use super::reshape::rewritten;
use super::stage::{shown, violation};
use crate::arrow::from_schema;
use crate::errors::unknown_column;
use crate::{Session, delta, types};

/// Where a new column goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnPlace {
    /// Behind all others.
    Last,
    /// Before all others.
    First,
    /// Behind this one.
    After(String),
}

impl ColumnPlace {
    /// The position among these columns.
    pub(super) fn among(&self, fields: &[FieldRef]) -> Result<usize> {
        Ok(match self {
            Self::Last => fields.len(),
            Self::First => 0,
            Self::After(name) => position(fields, name)? + 1,
        })
    }
}

/// Adds columns, which are null in the rows that are there.
pub fn add_columns(session: &Session, target: &Target, new: &[(Field, ColumnPlace)]) -> Result<()> {
    if let Some((field, _)) = new.iter().find(|(field, _)| !field.is_nullable()) {
        return Err(Error::invalid_argument(format!("the new column `{}` cannot be NOT NULL", field.name()))
            .with_hint("it is null in the rows that are there: fill it first, then `ALTER COLUMN .. SET NOT NULL`"));
    }
    if let Some((field, _)) = new.iter().find(|(field, _)| field.metadata().contains_key(DEFAULT_VALUE)) {
        let name = field.name();
        return Err(Error::not_supported(format!("a DEFAULT of the new column `{name}` is not supported")).with_hint(
            format!("add it without, then `ALTER COLUMN {name} SET DEFAULT ..`: rows that are there have null"),
        ));
    }
    repeated(session, target, |base| {
        let mut fields: Vec<FieldRef> = base.schema.fields().iter().cloned().collect();
        for (field, place) in new {
            if let Some(there) = fields.iter().find(|there| same_name(there.name(), field.name())) {
                return Err(Error::already_exists(Object::Column, there.name()));
            }
            fields.insert(place.among(&fields)?, Arc::new(field.clone()));
        }
        let change = Change { columns: Some(columns(base, fields)), ..Change::new("ADD COLUMNS") };
        committed(session, base, change)
    })
}

/// Gives a column a wider type, in which every value that it has can be, and the comment of `to`, if it has one. The
/// files are written anew.
pub fn retype_column(session: &Session, target: &Target, column: &str, to: &Field) -> Result<()> {
    repeated(session, target, |base| {
        let mut fields: Vec<FieldRef> = base.schema.fields().iter().cloned().collect();
        let at = position(&fields, column)?;
        let old = Arc::clone(&fields[at]);
        let mut metadata = old.metadata().clone();
        metadata.extend(to.metadata().clone());
        fields[at] = Arc::new(old.as_ref().clone().with_data_type(to.data_type().clone()).with_metadata(metadata));
        let new = columns(base, fields);
        if old.data_type() == to.data_type() {
            return committed(session, base, Change { columns: Some(new), ..Change::new("CHANGE COLUMN") });
        }
        let (from, wide) = (from_schema(&base.schema)?, from_schema(&new.schema)?);
        let values = by_name(session, &from, &wide, false).map_err(|_| {
            let name = |schema: &polars::prelude::Schema| schema.get(old.name()).map(types::name).unwrap_or_default();
            let message = format!("column `{}` cannot become `{}`: it is `{}`", old.name(), name(&wide), name(&from));
            Error::invalid_argument(message).with_hint("only a type that holds every value of the old one can be taken")
        })?;
        rewritten(session, base, values, new, Change::new("CHANGE COLUMN"))
    })
}

/// Says what a column is for.
pub fn comment_column(session: &Session, target: &Target, column: &str, comment: &str) -> Result<()> {
    repeated(session, target, |base| {
        let mut fields: Vec<FieldRef> = base.schema.fields().iter().cloned().collect();
        let at = position(&fields, column)?;
        let mut metadata = fields[at].metadata().clone();
        metadata.insert("comment".to_owned(), comment.to_owned());
        fields[at] = Arc::new(fields[at].as_ref().clone().with_metadata(metadata));
        let change = Change { columns: Some(columns(base, fields)), ..Change::new("CHANGE COLUMN") };
        committed(session, base, change)
    })
}

/// Says of a column that it is never null, which must be so, or that it may be.
pub fn require_column(session: &Session, target: &Target, column: &str, required: bool) -> Result<()> {
    repeated(session, target, |base| {
        let mut fields: Vec<FieldRef> = base.schema.fields().iter().cloned().collect();
        let at = position(&fields, column)?;
        let name = fields[at].name().clone();
        if fields[at].is_nullable() != required {
            return Ok(Some(()));
        }
        if required {
            let nulls: Vec<Expr> = vec![col(name.as_str()).null_count()];
            let nulls = session.collect(delta::scan(base)?.select(nulls))?;
            let nulls = nulls.column(&name).and_then(|column| column.get(0)?.try_extract::<u64>());
            let nulls = nulls.map_err(crate::errors::from_polars)?;
            if nulls > 0 {
                let message = format!("column `{name}` is null in {nulls} rows");
                return Err(Error::new(Kind::Violation, message).with_hint("fill or delete these rows first"));
            }
        }
        fields[at] = Arc::new(fields[at].as_ref().clone().with_nullable(!required));
        let change = Change { columns: Some(columns(base, fields)), ..Change::new("CHANGE COLUMN") };
        committed(session, base, change)
    })
}

/// Adds a `CHECK` constraint, which must hold in all rows that are there.
pub fn add_constraint(session: &Session, target: &Target, name: &str, condition: &str) -> Result<()> {
    repeated(session, target, |base| {
        if base.constraints().contains_key(&name.to_lowercase()) {
            return Err(Error::invalid_argument(format!("the constraint `{name}` exists already"))
                .with_hint(format!("drop it first: `ALTER TABLE .. DROP CONSTRAINT {name}`")));
        }
        if let Some(row) = violation(session, condition, delta::scan(base)?)? {
            let message = format!("the constraint `{name}` ({condition}) does not hold for a row: {}", shown(&row)?);
            return Err(Error::new(Kind::Violation, message));
        }
        let mut change = Change::new("ADD CONSTRAINT");
        change.parameters = [("name".to_owned(), name.to_owned()), ("expr".to_owned(), condition.to_owned())].into();
        change.configuration = [(constraint_property(name), Some(condition.to_owned()))].into();
        committed(session, base, change)
    })
}

/// Drops a `CHECK` constraint.
pub fn drop_constraint(session: &Session, target: &Target, name: &str, if_exists: bool) -> Result<()> {
    repeated(session, target, |base| {
        let constraints = base.constraints();
        if !constraints.contains_key(&name.to_lowercase()) {
            let error = Error::invalid_argument(format!("the table has no constraint `{name}`"));
            let near = aerostat_error::did_you_mean(name, constraints.keys());
            return if if_exists { Ok(Some(())) } else { Err(error.with_hint_opt(near)) };
        }
        let mut change = Change::new("DROP CONSTRAINT");
        change.parameters = [("name".to_owned(), name.to_owned())].into();
        change.configuration = [(constraint_property(name), None)].into();
        committed(session, base, change)
    })
}

pub(super) fn committed(session: &Session, base: &Snapshot, change: Change) -> Result<Option<()>> {
    let change = Change { basis: Basis::Version, ..change };
    Ok(session.metastore().commit(base, change)?.map(drop))
}

pub(super) fn columns(base: &Snapshot, fields: Vec<FieldRef>) -> TableSchema {
    let schema: SchemaRef = Arc::new(Schema::new(fields));
    TableSchema { schema, partition_columns: base.partition_columns.clone() }
}

pub(super) fn position(fields: &[FieldRef], name: &str) -> Result<usize> {
    fields.iter().position(|field| same_name(field.name(), name)).ok_or_else(|| {
        let names: Vec<&str> = fields.iter().map(|field| field.name().as_str()).collect();
        unknown_column(name, &names)
    })
}
