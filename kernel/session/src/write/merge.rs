//! `MERGE`: a table takes over what a source says of its rows.
//!
//! Three queries are put together of the user's conditions and values: the pairs of rows that match, the rows of the
//! source without a match, and the rows of the table without one. Each gives, row by row, the number of the first clause
//! whose condition holds, and the values of its assignments. From these the files that change are written anew.

use std::collections::{BTreeMap, BTreeSet};

use aerostat_error::{Error, Kind, Result};
use aerostat_metastore::{Basis, Change, DataFile, Removal, Snapshot, TableSchema};
use polars::prelude::{
    DataFrame, Expr, IdxSize, IntoLazy, JoinType, LazyFrame, NULL, Schema, UnionArgs, col, concat_lf_diagonal, lit,
    when,
};

use super::columns::{find, same_name, widened};
use super::fragment::{Fragment, NOWHERE, Text, quoted};
use super::modify::{
    Assignment, Target, assigned, default_of, fitted, metrics, repeated, rewriting, spelled, value_column,
};
use super::rewrite::{FILE, ROW, TARGET, columns, joined, numbered, per_file, with_numbers};
use super::stage::stage;
use super::staged::Staged;
use crate::Session;
use crate::errors::from_polars;
use crate::scan::stacked;

const SOURCE: &str = "__aerostat_source";
/// The number of the clause that a row is for, from 1; 0 if none is.
const CLAUSE: &str = "__aerostat_clause";

/// A `MERGE` without its source.
#[derive(Clone, Debug)]
pub struct Merge {
    /// The table.
    pub target: Target,
    /// What the source is called.
    pub source: String,
    /// Which rows match.
    pub on: Fragment,
    /// What to do, in the order in which it is tried.
    pub clauses: Vec<Clause>,
    /// Whether the table gets the columns that only the source has.
    pub evolves: bool,
}

/// A `WHEN .. THEN ..`.
#[derive(Clone, Debug)]
pub struct Clause {
    /// For which rows it is.
    pub when: When,
    /// For which of them.
    pub condition: Option<Fragment>,
    /// What is done.
    pub action: Action,
}

/// For which rows a clause is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Pairs of rows that match.
    Matched,
    /// Rows of the source that nothing matches.
    NotMatched,
    /// Rows of the table that nothing matches.
    NotMatchedBySource,
}

/// What a clause does.
#[derive(Clone, Debug)]
pub enum Action {
    /// The table's row goes.
    Delete,
    /// Columns of the table's row are set; none given means all, from the source's columns of the same names.
    Update(Option<Vec<Assignment>>),
    /// A row is added; none given means all columns, from the source's columns of the same names.
    Insert(Option<Vec<Assignment>>),
}

/// What a `MERGE` has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// Rows that were changed.
    pub updated: u64,
    /// Rows that have gone.
    pub deleted: u64,
    /// Rows that have come.
    pub inserted: u64,
}

/// Merges the rows of `source` into the table.
pub fn merge(session: &Session, merge: &Merge, source: LazyFrame) -> Result<Merged> {
    // Once: what it is must not depend on how often it is asked.
    let source = session.collect(source)?;
    let layout = rewriting()?;
    repeated(session, &merge.target, |there| {
        let wider = evolved(merge, there, &source)?;
        let base = wider.as_ref().unwrap_or(there);
        let plan = Plan::new(merge, base, &source)?;
        let files = plan.candidates(session)?;
        let matched = plan.run(session, When::Matched, &files)?;
        plan.refuse_ambiguous(session, matched.as_ref())?;
        let missed = plan.run(session, When::NotMatchedBySource, &files)?;
        let added = plan.run(session, When::NotMatched, &files)?;
        let merged = plan.counted(session, &matched, &missed, &added)?;
        let changes: Vec<&Found> = matched.iter().chain(&missed).collect();
        let mut numbers: BTreeSet<IdxSize> = BTreeSet::new();
        for found in &changes {
            numbers.extend(per_file(&found.rows)?.into_keys());
        }
        if numbers.is_empty() && merged.inserted == 0 && wider.is_none() {
            return Ok(Some(merged));
        }
        let touched = || with_numbers(&files).filter(|(number, _)| numbers.contains(number));
        let mut frames = Vec::new();
        if !numbers.is_empty() {
            frames.push(plan.rewritten(session, numbered(base, touched())?, &changes)?);
        }
        frames.extend(plan.inserted(session, added.as_ref())?);
        // There are none if the columns are all that changes.
        let staged = stacked(frames)?.map(|rows| stage(session, rows, base, &layout)).transpose()?;
        let written = staged.as_ref().map_or(0, Staged::rows);
        let copied = written.saturating_sub(merged.updated + merged.inserted);
        let mut change = Change::new("MERGE");
        change.parameters = BTreeMap::from([("predicate".to_owned(), merge.on.text.clone())]);
        change.metrics = metrics(&[
            ("numSourceRows", u64::try_from(source.height()).unwrap_or_default()),
            ("numTargetRowsInserted", merged.inserted),
            ("numTargetRowsUpdated", merged.updated),
            ("numTargetRowsDeleted", merged.deleted),
            ("numTargetRowsCopied", copied),
            ("numOutputRows", written),
        ]);
        change.removal = match numbers.is_empty() {
            true => Removal::Nothing,
            false => Removal::Files(touched().map(|(_, file)| file.path.clone()).collect()),
        };
        change.files = staged.iter().flat_map(Staged::files).collect();
        change.basis = Basis::Version;
        change.columns = wider.as_ref().map(|wider| TableSchema {
            schema: wider.schema.clone(),
            partition_columns: wider.partition_columns.clone(),
        });
        if session.metastore().commit(there, change)?.is_none() {
            return Ok(None);
        }
        staged.into_iter().for_each(Staged::keep);
        Ok(Some(merged))
    })
}

/// A `MERGE` into one version of the table.
struct Plan<'a> {
    merge: &'a Merge,
    base: &'a Snapshot,
    source: &'a DataFrame,
    schema: Schema,
    /// Of each clause, the columns that it sets, with their values. `*` is spelled out.
    assignments: Vec<(Vec<String>, Vec<Fragment>)>,
}

/// What a query found: rows for which a clause is, with their clause and its values.
struct Found {
    rows: DataFrame,
}

impl<'a> Plan<'a> {
    fn new(merge: &'a Merge, base: &'a Snapshot, source: &'a DataFrame) -> Result<Self> {
        let schema = columns(base)?;
        let spelled = merge.clauses.iter().map(|clause| match &clause.action {
            Action::Delete => Ok((Vec::new(), Vec::new())),
            Action::Update(Some(given)) => set(base, &schema, given),
            Action::Insert(Some(given)) => set(base, &schema, given).map(|set| with_defaults(base, set)),
            Action::Update(None) => all_columns(&schema, source.schema(), merge),
            Action::Insert(None) => {
                all_columns(&schema, source.schema(), merge).map(|columns| with_defaults(base, columns))
            }
        });
        let assignments = spelled.collect::<Result<Vec<_>>>()?;
        Ok(Self { merge, base, source, schema, assignments })
    }

    /// The clauses of a kind, with their numbers.
    fn clauses(&self, when: When) -> impl Iterator<Item = (usize, &Clause)> {
        let numbered = self.merge.clauses.iter().enumerate().map(|(at, clause)| (at + 1, clause));
        numbered.filter(move |(_, clause)| clause.when == when)
    }

    fn values(&self, clause: usize) -> &[Fragment] {
        self.assignments.get(clause - 1).map_or(&[], |(_, values)| values)
    }

    fn names(&self, clause: usize) -> &[String] {
        self.assignments.get(clause - 1).map_or(&[], |(names, _)| names)
    }

    /// The files that have rows that matter.
    fn candidates(&self, session: &Session) -> Result<Vec<DataFile>> {
        if self.clauses(When::NotMatchedBySource).next().is_some() {
            return Ok(self.base.files.to_vec());
        }
        let mut text = Text::default();
        text.add("SELECT 1 FROM ");
        self.pairs(&mut text, "INNER JOIN", true);
        let given = [(SOURCE, self.source.clone().lazy())];
        let found = session.engine().candidates(session, &text.sql, (TARGET, self.base), &given);
        found.map_err(|error| text.placed(error))
    }

    /// `target JOIN source ON condition`, or the other way round.
    fn pairs(&self, text: &mut Text, join: &str, target_first: bool) {
        let target = format!("{TARGET} AS {}", quoted(self.merge.target.alias()));
        let source = format!("{SOURCE} AS {}", quoted(&self.merge.source));
        let (first, second) = if target_first { (target, source) } else { (source, target) };
        text.add(&format!("{first} {join} {second} ON ")).add_user(&self.merge.on);
    }

    /// The rows for which a clause of this kind is.
    fn run(&self, session: &Session, when: When, files: &[DataFile]) -> Result<Option<Found>> {
        if self.clauses(when).next().is_none() {
            return Ok(None);
        }
        let mut text = Text::default();
        text.add("SELECT ");
        if when != When::NotMatched {
            let alias = quoted(self.merge.target.alias());
            text.add(&format!("{alias}.{FILE}, {alias}.{ROW}, "));
        }
        text.add("CASE");
        for (number, _) in self.clauses(when) {
            text.add(" WHEN ");
            self.guard(&mut text, when, number);
            text.add(&format!(" THEN {number}"));
        }
        text.add(&format!(" ELSE 0 END AS {CLAUSE}"));
        for (number, _) in self.clauses(when) {
            for (at, value) in self.values(number).iter().enumerate() {
                text.add(", CASE WHEN ");
                self.guard(&mut text, when, number);
                text.add(" THEN ").add_user(value).add(&format!(" END AS {}", value_column(number, at)));
            }
        }
        text.add(" FROM ");
        match when {
            When::Matched => self.pairs(&mut text, "INNER JOIN", true),
            When::NotMatched => self.unmatched(&mut text, &self.merge.source, false),
            When::NotMatchedBySource => self.unmatched(&mut text, self.merge.target.alias(), true),
        }
        let target = numbered(self.base, with_numbers(files))?;
        let given = [(TARGET, target), (SOURCE, self.source.clone().lazy())];
        let rows = session.engine().query(session, &text.sql, &given).map_err(|error| text.placed(error))?;
        let rows = session.collect(rows.lazy().filter(col(CLAUSE).gt(lit(0))))?;
        Ok(Some(Found { rows }))
    }

    /// The rows of one side that nothing on the other matches, under the name of that side.
    fn unmatched(&self, text: &mut Text, alias: &str, target_first: bool) {
        let alias = quoted(alias);
        text.add(&format!("(SELECT {alias}.* FROM "));
        self.pairs(text, "LEFT ANTI JOIN", target_first);
        text.add(&format!(") AS {alias}"));
    }

    /// That the clause is the first whose condition holds.
    fn guard(&self, text: &mut Text, when: When, number: usize) {
        text.add("(true");
        for (other, clause) in self.clauses(when).take_while(|(other, _)| *other <= number) {
            let not = if other < number { "NOT " } else { "" };
            text.add(&format!(" AND {not}coalesce("));
            match &clause.condition {
                Some(condition) => text.add_user(condition),
                None => text.add("true"),
            };
            text.add(", false)");
        }
        text.add(")");
    }

    /// A row of the table that several rows of the source would change has no one outcome.
    fn refuse_ambiguous(&self, session: &Session, matched: Option<&Found>) -> Result<()> {
        let Some(found) = matched else { return Ok(()) };
        let clauses: Vec<&Clause> = self.clauses(When::Matched).map(|(_, clause)| clause).collect();
        if let [Clause { action: Action::Delete, condition: None, .. }] = clauses.as_slice() {
            return Ok(());
        }
        let rows = found.rows.clone().lazy().select([col(FILE), col(ROW)]);
        let distinct = session.collect(rows.unique(None, Default::default()))?;
        if distinct.height() == found.rows.height() {
            return Ok(());
        }
        let message = "several rows of the source match one row of the table and would change it";
        Err(Error::new(Kind::Compute, message)
            .with_hint("make the condition after ON stricter, or leave one row for each match in the source"))
    }

    fn counted(
        &self,
        session: &Session,
        matched: &Option<Found>,
        missed: &Option<Found>,
        added: &Option<Found>,
    ) -> Result<Merged> {
        let mut merged = Merged::default();
        for found in matched.iter().chain(missed) {
            let rows = found.rows.clone().lazy().select([col(FILE), col(ROW), col(CLAUSE)]);
            // A row that goes, goes once, however many rows of the source say so.
            let rows = session.collect(rows.unique(None, Default::default()))?;
            let gone = u64::try_from(clause_rows(&rows, &self.deleting())?.height()).unwrap_or_default();
            merged.deleted += gone;
            merged.updated += u64::try_from(rows.height()).unwrap_or_default() - gone;
        }
        merged.inserted = added.as_ref().map_or(0, |found| u64::try_from(found.rows.height()).unwrap_or_default());
        Ok(merged)
    }

    fn deleting(&self) -> Vec<usize> {
        let clauses = self.merge.clauses.iter().enumerate();
        clauses.filter(|(_, clause)| matches!(clause.action, Action::Delete)).map(|(at, _)| at + 1).collect()
    }

    /// The rows of files after the changes.
    fn rewritten(&self, session: &Session, rows: LazyFrame, changes: &[&Found]) -> Result<LazyFrame> {
        let mut known = Vec::new();
        let mut changed: Vec<usize> = Vec::new();
        for found in changes {
            for (number, clause) in self.merge.clauses.iter().enumerate().map(|(at, clause)| (at + 1, clause)) {
                if clause.when == When::NotMatched || !has_clause(&found.rows, number)? {
                    continue;
                }
                let rows = clause_rows(&found.rows, &[number])?;
                let mut kept = vec![col(FILE), col(ROW), lit(i64::try_from(number).unwrap_or_default()).alias(CLAUSE)];
                kept.extend(fitted(session, &rows, number, self.names(number), &self.schema)?);
                let rows = rows.lazy().select(kept);
                // A row that goes may be in several pairs.
                let goes = matches!(clause.action, Action::Delete);
                known.push(if goes { rows.unique(None, Default::default()) } else { rows });
                changed.push(number);
            }
        }
        let known = concat_lf_diagonal(known, UnionArgs::default()).map_err(from_polars)?;
        let gone = self.deleting();
        let is_gone = gone.iter().fold(lit(false), |gone, number| gone.or(is_clause(*number)));
        let rows = joined(rows, known, JoinType::Left).filter(is_gone.not());
        Ok(rows.select(self.schema.iter_names().map(|name| self.value(name, &changed)).collect::<Vec<Expr>>()))
    }

    /// The value of a column after the changes.
    fn value(&self, name: &str, changed: &[usize]) -> Expr {
        let mut value = col(name);
        for number in changed {
            if let Some(at) = self.names(*number).iter().position(|other| other == name) {
                value = when(is_clause(*number)).then(col(value_column(*number, at))).otherwise(value);
            }
        }
        value.alias(name)
    }

    /// The rows that come.
    fn inserted(&self, session: &Session, added: Option<&Found>) -> Result<Vec<LazyFrame>> {
        let Some(found) = added else { return Ok(Vec::new()) };
        let mut frames = Vec::new();
        for (number, _) in self.clauses(When::NotMatched) {
            if !has_clause(&found.rows, number)? {
                continue;
            }
            let rows = clause_rows(&found.rows, &[number])?;
            let values = fitted(session, &rows, number, self.names(number), &self.schema)?;
            let columns = self.schema.iter().map(|(name, dtype)| {
                match self.names(number).iter().position(|other| other == name.as_str()) {
                    Some(at) => col(value_column(number, at)).alias(name.clone()),
                    None => lit(NULL).cast(dtype.clone()).alias(name.clone()),
                }
            });
            let columns: Vec<Expr> = columns.collect();
            frames.push(rows.lazy().select(values).select(columns));
        }
        Ok(frames)
    }
}

/// The columns that are set, and their values.
type Values = (Vec<String>, Vec<Fragment>);

fn set(base: &Snapshot, schema: &Schema, given: &[Assignment]) -> Result<Values> {
    let names = assigned(schema, given)?;
    let values = given.iter().zip(&names).map(|(assignment, name)| spelled(base, name, &assignment.value)).collect();
    Ok((names, values))
}

/// The columns of a new row, those included for which nothing is given, but which are not null then.
fn with_defaults(base: &Snapshot, (mut names, mut values): Values) -> Values {
    for field in base.schema.fields().iter().filter(|field| !names.contains(field.name())).collect::<Vec<_>>() {
        if let Some(value) = default_of(base, field.name()) {
            names.push(field.name().clone());
            values.push(value);
        }
    }
    (names, values)
}

/// The table with the columns that the source has besides, where these are to be taken over: for a `*`, all of them, else
/// those that are assigned to.
fn evolved(merge: &Merge, base: &Snapshot, source: &DataFrame) -> Result<Option<Snapshot>> {
    if !merge.evolves {
        return Ok(None);
    }
    let given = |action: &Action| match action {
        Action::Update(Some(given)) | Action::Insert(Some(given)) => given.clone(),
        _ => Vec::new(),
    };
    let all = merge.clauses.iter().any(|clause| matches!(clause.action, Action::Update(None) | Action::Insert(None)));
    let named: Vec<Assignment> = merge.clauses.iter().flat_map(|clause| given(&clause.action)).collect();
    let is_taken = |name: &str| {
        all || named.iter().any(|assignment| {
            crate::split_name(&assignment.column.text)
                .is_ok_and(|parts| parts.last().is_some_and(|last| same_name(last, name)))
        })
    };
    let taken: Schema = source
        .schema()
        .iter()
        .filter(|(name, _)| is_taken(name))
        .map(|(name, dtype)| (name.clone(), dtype.clone()))
        .collect();
    Ok(widened(&taken, &base.schema)?.map(|schema| Snapshot { schema, ..base.clone() }))
}

/// Each column of the table from the source's column of that name. What the source lacks stays as it is where the table
/// takes over what the source has.
fn all_columns(table: &Schema, source: &Schema, merge: &Merge) -> Result<Values> {
    let alias = merge.source.as_str();
    let (mut names, mut values) = (Vec::new(), Vec::new());
    for name in table.iter_names() {
        let Some((own, _)) = find(source, name) else {
            if merge.evolves {
                continue;
            }
            let message = format!("the source has no column `{name}`, which `*` would take from it");
            return Err(Error::invalid_argument(message).with_hint("name the columns and their values"));
        };
        names.push(name.to_string());
        values.push(Fragment { text: format!("{}.{}", quoted(alias), quoted(own)), at: NOWHERE });
    }
    Ok((names, values))
}

fn is_clause(number: usize) -> Expr {
    col(CLAUSE).eq(lit(i64::try_from(number).unwrap_or_default())).fill_null(lit(false))
}

fn has_clause(rows: &DataFrame, number: usize) -> Result<bool> {
    Ok(clause_rows(rows, &[number])?.height() > 0)
}

/// The rows that are for one of these clauses.
fn clause_rows(rows: &DataFrame, numbers: &[usize]) -> Result<DataFrame> {
    let wanted = numbers.iter().fold(lit(false), |any, number| any.or(is_clause(*number)));
    rows.clone().lazy().filter(wanted).collect().map_err(from_polars)
}
