//! `MERGE`.

use aerostat_error::{Error, Result, Span};
use aerostat_session::write::{self, Action, Assignment, Clause, Merge, When};
use polars::prelude::{IntoLazy, LazyFrame};
use sqlparser::tokenizer::Token;

use super::cursor::Cursor;
use super::target::{alias, assignments, column, target};
use super::{Context, Rows, rows};
use crate::query;

/// `MERGE INTO name [[AS] alias] USING source [[AS] alias] ON condition WHEN ..`.
pub(super) fn run(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    merge(cursor, context, false)
}

/// `MERGE WITH SCHEMA EVOLUTION INTO ..`: the table gets the columns that only the source has.
pub(super) fn evolve(cursor: &mut Cursor<'_>, context: &Context<'_>) -> Rows {
    merge(cursor, context, true)
}

fn merge(cursor: &mut Cursor<'_>, context: &Context<'_>, evolves: bool) -> Rows {
    let target = target(cursor)?;
    cursor.expect("USING")?;
    let source = Source::read(cursor)?;
    cursor.expect("ON")?;
    let on = cursor.fragment("a condition", &["WHEN"])?;
    let mut clauses = Vec::new();
    while cursor.take("WHEN") {
        clauses.push(clause(cursor)?);
    }
    cursor.end()?;
    if clauses.is_empty() {
        return Err(cursor.expected("WHEN MATCHED or WHEN NOT MATCHED"));
    }
    check_order(&clauses)?;
    let rows = source.run(context)?;
    let merge = Merge { target, source: source.name, on, clauses, evolves };
    let merged = write::merge(context.session, &merge, rows)?;
    rows::counts(&[
        ("num_affected_rows", merged.updated + merged.deleted + merged.inserted),
        ("num_updated_rows", merged.updated),
        ("num_deleted_rows", merged.deleted),
        ("num_inserted_rows", merged.inserted),
    ])
}

/// A table, view, frame or query in parentheses, and what it is called.
struct Source {
    query: String,
    /// So many bytes of the query are not the user's; what follows begins there in his text.
    prefix: usize,
    at: usize,
    name: String,
}

impl Source {
    fn read(cursor: &mut Cursor<'_>) -> Result<Self> {
        let start = cursor.span();
        let (query, prefix, at, own) = if cursor.symbol(&Token::LParen) {
            let query = cursor.within("a query")?;
            cursor.expect_symbol(&Token::RParen)?;
            (query.text, 0, query.at, None)
        } else {
            let own = cursor.name("a table")?.pop();
            let all = "SELECT * FROM ";
            (format!("{all}{}", cursor.text_from(start)), all.len(), start.start, own)
        };
        let name = alias(cursor)?.or(own).unwrap_or_else(|| "source".to_owned());
        Ok(Self { query, prefix, at, name })
    }

    fn run(&self, context: &Context<'_>) -> Result<LazyFrame> {
        let rows = query::run_text(context.core, context.session, &self.query, &[]);
        rows.map(IntoLazy::lazy).map_err(|error| match error.span() {
            Some(span) if span.start >= self.prefix => {
                let place = |offset: usize| offset - self.prefix + self.at;
                error.without_span().with_span(Span::new(place(span.start), place(span.end)))
            }
            _ => error.without_span(),
        })
    }
}

/// What follows `WHEN`.
fn clause(cursor: &mut Cursor<'_>) -> Result<Clause> {
    let when = if cursor.take("MATCHED") {
        When::Matched
    } else {
        cursor.expect("NOT MATCHED")?;
        if cursor.take("BY SOURCE") {
            When::NotMatchedBySource
        } else {
            cursor.take("BY TARGET");
            When::NotMatched
        }
    };
    let condition = if cursor.take("AND") { Some(cursor.fragment("a condition", &["THEN"])?) } else { None };
    cursor.expect("THEN")?;
    Ok(Clause { when, condition, action: action(cursor, when)? })
}

fn action(cursor: &mut Cursor<'_>, when: When) -> Result<Action> {
    if when == When::NotMatched {
        cursor.expect("INSERT")?;
        return insert(cursor);
    }
    if cursor.take("DELETE") {
        return Ok(Action::Delete);
    }
    cursor.expect("UPDATE SET")?;
    let span = cursor.span();
    match cursor.symbol(&Token::Mul) {
        true if when == When::NotMatchedBySource => {
            Err(Error::invalid_argument("`UPDATE SET *` has nothing to take the values from").with_span(span))
        }
        true => Ok(Action::Update(None)),
        false => Ok(Action::Update(Some(assignments(cursor, &["WHEN"])?))),
    }
}

/// `*` or `(columns) VALUES (values)`, after `INSERT`.
fn insert(cursor: &mut Cursor<'_>) -> Result<Action> {
    if cursor.symbol(&Token::Mul) {
        return Ok(Action::Insert(None));
    }
    let columns = cursor.list(column)?;
    cursor.expect("VALUES")?;
    let span = cursor.span();
    let values = cursor.list(|cursor| cursor.fragment("a value", &[]))?;
    if columns.len() != values.len() {
        let message = format!("{} columns are to be filled, but there are {} values", columns.len(), values.len());
        return Err(Error::invalid_argument(message).with_span(span));
    }
    let pairs = columns.into_iter().zip(values).map(|(column, value)| Assignment { column, value });
    Ok(Action::Insert(Some(pairs.collect())))
}

/// What comes behind a clause without a condition, of the same kind, is never reached.
fn check_order(clauses: &[Clause]) -> Result<()> {
    for (at, clause) in clauses.iter().enumerate() {
        if clause.condition.is_none() && clauses[at + 1..].iter().any(|other| other.when == clause.when) {
            let message = "only the last of several WHEN clauses of a kind may be without a condition";
            return Err(Error::invalid_argument(message).with_hint("add `AND condition` to those before it"));
        }
    }
    Ok(())
}
