//! Whether the patterns of a `match` cover every value.
//!
//! The patterns are rows of a matrix whose columns are taken apart one after the other: a column of booleans, options or
//! results splits the rows by constructor, a column without constructors keeps those that match anything.

use crate::node::Pattern;
use crate::value::Value;

/// What patterns cover.
pub(super) enum Coverage {
    /// Every value.
    Whole,
    /// All but values like this.
    Missing(String),
    /// Perhaps every value, by listing all of them.
    Unknown,
}

/// What the patterns of a `match` without guards cover.
pub(super) fn coverage<'p>(patterns: impl Iterator<Item = &'p Pattern>) -> Coverage {
    let rows: Vec<Vec<&Pattern>> = patterns.map(|pattern| vec![pattern]).collect();
    match missing(&rows, 1) {
        None => Coverage::Whole,
        Some(example) if example.iter().any(|part| part == LISTED) => Coverage::Unknown,
        Some(example) => Coverage::Missing(example.join(", ")),
    }
}

/// Whether a pattern matches every value of its type.
pub(super) fn is_irrefutable(pattern: &Pattern) -> bool {
    match pattern {
        // A vector of the length that the pattern names, which only running tells for a vector.
        Pattern::Slice { before, rest, after } => before.iter().chain(after).chain(rest.as_deref()).all(is_irrefutable),
        other => missing(&[vec![other]], 1).is_none(),
    }
}

/// Stands for a value that is not matched unless the values are all listed.
const LISTED: &str = "";

/// Stands for a pattern that matches anything.
const ANYTHING: &Pattern = &Pattern::Ignore;

type Row<'p> = Vec<&'p Pattern>;

/// A value of each column that no row matches.
fn missing(rows: &[Row<'_>], columns: usize) -> Option<Vec<String>> {
    if columns == 0 {
        return rows.is_empty().then(Vec::new);
    }
    let rows: Vec<Row<'_>> = rows.iter().flat_map(|row| opened(row)).collect();
    if rows.iter().any(|row| matches!(row[0], Pattern::Slice { .. })) {
        return missing_slice(&rows, columns);
    }
    let splits = rows.iter().find_map(|row| constructors(row[0]));
    let Some(constructors) = splits else {
        let rest: Vec<Row<'_>> =
            rows.iter().filter(|row| matches!(row[0], Pattern::Ignore)).map(|row| row[1..].to_vec()).collect();
        // Of the kinds of values of frames no list is whole: polars has more than patterns take apart.
        let listed = !rows.iter().any(|row| matches!(row[0], Pattern::Scalar(..)))
            && rows.iter().any(|row| matches!(row[0], Pattern::Range { .. } | Pattern::Literal(Value::Native(_))));
        let example = missing(&rest, columns - 1)?;
        let first = if listed { LISTED } else { "_" };
        return Some(std::iter::once(first.to_owned()).chain(example).collect());
    };
    constructors.iter().find_map(|constructor| {
        let inside: Vec<Row<'_>> = rows.iter().filter_map(|row| constructor.inside(row)).collect();
        let mut example = missing(&inside, columns - 1 + constructor.arity)?;
        let rest = example.split_off(constructor.arity);
        let listed = example.iter().any(|part| part == LISTED);
        let first = if listed { LISTED.to_owned() } else { constructor.write(&example) };
        Some(std::iter::once(first).chain(rest).collect())
    })
}

/// [`missing`] for a first column of vectors: every length must be matched, up to one from which on all are.
fn missing_slice(rows: &[Row<'_>], columns: usize) -> Option<Vec<String>> {
    let others_match = |row: &&Row<'_>| row[1..].iter().all(|pattern| is_irrefutable(pattern));
    let rows: Vec<&Row<'_>> = rows.iter().filter(others_match).collect();
    let lengths = rows.iter().filter_map(|row| match row[0] {
        slice @ Pattern::Slice { before, rest, after } if is_irrefutable(slice) => {
            Some((before.len() + after.len(), rest.is_some()))
        }
        _ => None,
    });
    let lengths: Vec<(usize, bool)> = lengths.collect();
    let open = lengths.iter().filter(|(_, open)| *open).map(|(length, _)| *length).min();
    let whole = open.is_some_and(|open| (0..open).all(|length| lengths.contains(&(length, false))));
    let anything = rows.iter().any(|row| matches!(row[0], Pattern::Ignore));
    (!whole && !anything).then(|| vec![LISTED.to_owned(); columns])
}

/// A row with alternatives written out, and names and bindings taken off the first pattern.
fn opened<'p>(row: &Row<'p>) -> Vec<Row<'p>> {
    let with = |first: &'p Pattern| std::iter::once(first).chain(row[1..].iter().copied()).collect::<Row<'p>>();
    match row[0] {
        Pattern::Any(alternatives) => alternatives.iter().flat_map(|alternative| opened(&with(alternative))).collect(),
        Pattern::Bind { inner: Some(inner), .. } => opened(&with(inner)),
        Pattern::Bind { inner: None, .. } => vec![with(ANYTHING)],
        _ => vec![row.clone()],
    }
}

/// One way to make a value.
struct Constructor {
    name: &'static str,
    arity: usize,
}

/// All ways to make a value of the type that a pattern is for, if they can be told.
fn constructors(pattern: &Pattern) -> Option<Vec<Constructor>> {
    let make = |list: &[(&'static str, usize)]| {
        Some(list.iter().map(|(name, arity)| Constructor { name, arity: *arity }).collect())
    };
    match pattern {
        Pattern::Some(_) | Pattern::None => make(&[("Some", 1), ("None", 0)]),
        Pattern::Ok(_) | Pattern::Err(_) => make(&[("Ok", 1), ("Err", 1)]),
        Pattern::Literal(Value::Bool(_)) => make(&[("true", 0), ("false", 0)]),
        Pattern::Tuple(items) => make(&[("(", items.len())]),
        _ => None,
    }
}

impl Constructor {
    /// What a row says of the parts of a value that is made this way; nothing if it does not match one.
    fn inside<'p>(&self, row: &Row<'p>) -> Option<Row<'p>> {
        let parts: Vec<&'p Pattern> = match (row[0], self.name) {
            (Pattern::Ignore, _) => vec![ANYTHING; self.arity],
            (Pattern::Some(inner), "Some") | (Pattern::Ok(inner), "Ok") | (Pattern::Err(inner), "Err") => vec![inner],
            (Pattern::None, "None") | (Pattern::Literal(Value::Bool(true)), "true") => Vec::new(),
            (Pattern::Literal(Value::Bool(false)), "false") => Vec::new(),
            (Pattern::Tuple(items), "(") => items.iter().collect(),
            _ => return None,
        };
        Some(parts.into_iter().chain(row[1..].iter().copied()).collect())
    }

    fn write(&self, parts: &[String]) -> String {
        match (self.name, self.arity) {
            ("(", _) => format!("({})", parts.join(", ")),
            (name, 0) => name.to_owned(),
            (name, _) => format!("{name}({})", parts.join(", ")),
        }
    }
}
