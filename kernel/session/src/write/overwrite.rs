//! What an overwrite replaces: everything, the partitions that the new rows are in, those that were named, or the rows
//! of a condition.

use std::collections::{BTreeMap, BTreeSet};

use aerostat_error::{Error, Kind, Result};
use aerostat_metastore::{Basis, Change, Removal, Snapshot, changed_meanwhile};
use polars::prelude::{Expr, IntoLazy};

use super::columns::find;
use super::rewrite::{ATTEMPTS, Deletion};
use super::stage::{shown, stage, violation};
use super::table::Job;
use super::{Fragment, Writer};
use crate::arrow::from_schema;
use crate::delta::partition_text;
use crate::options::invalid;

/// Values of partition columns, as the log writes them.
type Values = BTreeMap<String, Option<String>>;

/// What was asked to be replaced.
pub(super) enum Overwrite {
    /// All rows.
    Everything,
    /// The partitions with these values, of which not all columns need be named. With the flag, only those that the new
    /// rows are in.
    Partitions(Vec<(String, Option<String>)>, bool),
    /// The rows for which this holds.
    Where(Fragment),
}

impl Overwrite {
    /// Takes the options.
    pub(super) fn new(writer: &Writer) -> Result<Self> {
        let dynamic = is_dynamic(writer)?;
        let condition = writer.options.get("replaceWhere").map(Fragment::of);
        Ok(match (condition.or_else(|| writer.replaced.clone()), &writer.partition) {
            (Some(condition), _) => Self::Where(condition),
            (None, Some(values)) => Self::Partitions(values.clone(), dynamic),
            (None, None) if dynamic => Self::Partitions(Vec::new(), true),
            (None, None) => Self::Everything,
        })
    }
}

/// Whether an overwrite replaces only the partitions that the new rows are in: by the option, else by the setting.
pub(super) fn is_dynamic(writer: &Writer) -> Result<bool> {
    match writer.options.get("partitionOverwriteMode") {
        None => Ok(writer.session.settings().dynamic_partition_overwrite),
        Some(mode) if mode.eq_ignore_ascii_case("dynamic") => Ok(true),
        Some(mode) if mode.eq_ignore_ascii_case("static") => Ok(false),
        Some(mode) => Err(invalid("partitionOverwriteMode", mode, "`static` or `dynamic`")),
    }
}

/// Replaces what was asked for by the columns of the job's frame.
pub(super) fn overwritten(job: &Job, what: &Overwrite, base: &Snapshot, columns: Vec<Expr>) -> Result<()> {
    match what {
        Overwrite::Everything => job.overwrite_all(base, columns, None),
        Overwrite::Partitions(..) if base.partition_columns.is_empty() => job.overwrite_all(base, columns, None),
        Overwrite::Partitions(values, dynamic) => {
            let named = named(base, values)?;
            partitions(job, base, columns, named, *dynamic)
        }
        Overwrite::Where(condition) => replace_where(job, base, columns, condition),
    }
}

fn partitions(job: &Job, base: &Snapshot, columns: Vec<Expr>, named: Values, dynamic: bool) -> Result<()> {
    let frame = job.writer.frame.clone().select(columns);
    let staged = stage(&job.writer.session, frame, base, &job.layout)?;
    let files = staged.files();
    let all_named = named.len() == base.partition_columns.len();
    let replaced: BTreeSet<Values> = match dynamic && !all_named {
        true => files.iter().map(|file| file.partition_values.clone()).collect(),
        false => BTreeSet::from([named]),
    };
    let removal = Removal::Partitions(replaced.into_iter().collect());
    let change = Change { files, removal, ..job.change("Overwrite", base) };
    job.commit(base, change, staged)
}

/// The values by the table's own names for its columns, as the log writes them.
fn named(base: &Snapshot, values: &[(String, Option<String>)]) -> Result<Values> {
    let schema = from_schema(&base.schema)?;
    let named = values.iter().map(|(name, value)| {
        let (name, dtype) = find(&schema, name)
            .filter(|(name, _)| base.partition_columns.iter().any(|column| column == name))
            .ok_or_else(|| {
                Error::invalid_argument(format!("the table is not partitioned by `{name}`"))
                    .with_hint(format!("it is partitioned by {}", base.partition_columns.join(", ")))
            })?;
        Ok((name.to_owned(), partition_text(name, dtype, value.as_deref())?))
    });
    named.collect()
}

/// Deletes the rows of the condition and adds those of the frame, for which it must hold.
fn replace_where(job: &Job, first: &Snapshot, columns: Vec<Expr>, condition: &Fragment) -> Result<()> {
    let session = &job.writer.session;
    let rows = session.collect(job.writer.frame.clone().select(columns))?;
    let rows = rows.lazy();
    if let Some(row) = violation(session, &condition.text, rows.clone())? {
        let message = format!("a new row does not fit the condition `{}`: {}", condition.text, shown(&row)?);
        return Err(Error::new(Kind::Violation, message)
            .with_hint("rows that would not be replaced by the next write must not be added"));
    }
    let mut base = first.clone();
    for _ in 0..ATTEMPTS {
        let deletion = Deletion::find(session, &base, job.place.alias(), Some(condition))?;
        let added = stage(session, rows.clone(), &base, &job.layout)?;
        let kept = deletion.kept(session, &base, &job.layout)?;
        let mut change = job.change("Overwrite", &base);
        change.parameters.insert("predicate".to_owned(), condition.text.clone());
        change.removal = deletion.removal();
        change.basis = Basis::Version;
        change.files = added.files();
        change.files.extend(kept.iter().flat_map(|kept| kept.files()));
        if job.metastore().commit(&base, change)?.is_some() {
            added.keep();
            kept.into_iter().for_each(|kept| kept.keep());
            return Ok(());
        }
        base = job.metastore().snapshot(&base.location, None)?;
        // The rows are in the columns of the first version.
        if base.schema != first.schema {
            return Err(changed_meanwhile("columns"));
        }
    }
    Err(super::rewrite::starved(&job.place.to_string()))
}
