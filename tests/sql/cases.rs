//! Expressions with the answers that Spark gave: `cases/*.txt`, written by `answers.py`.
//!
//! A line is `expression --> type: value`, or the condition and SQLSTATE of the error; values are what `CAST(.. AS
//! STRING)` makes of them. A whole query has its rows for an answer, in no order. `SET` and `CREATE` are statements for
//! the lines after them.

use std::path::PathBuf;

use aerostat_session::Session;
use polars::prelude::*;

use super::session;

/// Runs every line of a file.
fn check(file: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/sql/cases").join(file);
    let text = std::fs::read_to_string(path).unwrap();
    let (_root, session) = session();
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let Some((expression, expected)) = line.split_once(" --> ") else {
            session.execute(line).unwrap();
            continue;
        };
        count += 1;
        let got = answer(&session, expression);
        if got != expected && !allowed(&got, expected) {
            wrong.push(format!("{expression}\n    is {got}\n    not {expected}"));
        }
    }
    println!("{file}: {} of {count} as Spark has it", count - wrong.len());
    assert!(count > 0 && wrong.is_empty(), "{} of {count} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// Doubles may differ in the last digit, and conditions may lack the part after their point.
fn allowed(got: &str, expected: &str) -> bool {
    match (got.strip_prefix("double: "), expected.strip_prefix("double: ")) {
        (Some(got), Some(expected)) => match (got.parse::<f64>(), expected.parse::<f64>()) {
            (Ok(got), Ok(expected)) => (got - expected).abs() <= 1e-14 * expected.abs(),
            _ => false,
        },
        _ => {
            let short = |text: &str| {
                let (name, state) = text.strip_prefix('[')?.split_once("] ")?;
                Some((name.split('.').next()?.to_owned(), state.to_owned()))
            };
            short(got).is_some_and(|got| Some(got) == short(expected))
        }
    }
}

const QUERIES: &[&str] = &["SELECT", "WITH", "VALUES", "TABLE", "FROM"];

fn answer(session: &Session, expression: &str) -> String {
    if expression.split(' ').next().is_some_and(|word| QUERIES.contains(&word)) {
        return match session.sql(expression) {
            Err(error) => condition(&error).unwrap_or_else(|| error.render(expression)),
            Ok(frame) => {
                let mut rows: Vec<String> = (0..frame.height()).map(|row| super::line(&frame, row)).collect();
                rows.sort();
                rows.join(" ; ")
            }
        };
    }
    let sql = format!("SELECT typeof(x), CAST(x AS STRING) FROM (SELECT {expression} AS x)");
    match session.sql(&sql) {
        Err(error) => condition(&error).unwrap_or_else(|| error.render(&sql)),
        Ok(frame) => {
            let dtype = cell(&frame, 0, 0).unwrap_or_default();
            let values: Vec<String> = (0..frame.height()).map(|row| shown(cell(&frame, 1, row))).collect();
            format!("{dtype}: {}", values.join(" ; "))
        }
    }
}

fn condition(error: &aerostat_error::Error) -> Option<String> {
    error.condition().map(|condition| format!("[{}] {}", condition.name, condition.sqlstate))
}

fn cell(frame: &DataFrame, column: usize, row: usize) -> Option<String> {
    frame.columns()[column].str().unwrap().get(row).map(str::to_owned)
}

fn shown(value: Option<String>) -> String {
    let Some(value) = value else { return "NULL".to_owned() };
    let plain = !value.is_empty() && value == value.trim() && value != "NULL" && !value.contains('\n');
    if plain { value } else { serde_json::to_string(&value).unwrap() }
}

macro_rules! cases {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                check(concat!(stringify!($name), ".txt"));
            }
        )*

        #[test]
        fn every_file_is_run() {
            let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/sql/cases");
            let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
            let mut names: Vec<String> =
                files.map(|file| file.file_stem().unwrap().to_string_lossy().into_owned()).collect();
            names.sort();
            assert_eq!(names, [$(stringify!($name)),*]);
        }
    };
}

cases! { aggregates ansi arrays casts conditions dates hashes json lambdas numbers queries regex text types windows zone }
