//! Every statement that Spark, Hive or Databricks know: executed, or refused by an error that names it.

use aerostat_error::{Error, Kind};
use aerostat_session::Session;
use serde_json::Value;
use tempfile::TempDir;

use super::corpus::folder;

/// What the statements speak of: tables, a view and a database.
fn world() -> (TempDir, Session) {
    let (root, session) = super::session();
    let text = "CREATE DATABASE db1;
         CREATE TABLE t AS SELECT 1 AS id, 'a' AS name;
         CREATE TABLE s AS SELECT 2 AS id, 'b' AS name;
         CREATE TABLE db1.t AS SELECT 1 AS id, 'a' AS name;
         CREATE VIEW v AS SELECT * FROM t";
    session.execute(text).unwrap();
    (root, session)
}

/// What can be seen of the world.
fn state(session: &Session) -> String {
    let shown = ["SHOW DATABASES", "SHOW TABLES", "SHOW TABLES IN db1", "SELECT * FROM t", "DESCRIBE EXTENDED t"];
    shown.iter().map(|sql| session.sql(sql).unwrap().to_string()).collect()
}

#[test]
fn every_statement_is_executed_or_refused_by_name() {
    let Some(folder) = folder() else { return };
    let text = std::fs::read_to_string(folder.join("statements.json")).unwrap();
    let statements: Vec<Value> = serde_json::from_str(&text).unwrap();
    let (mut executed, mut refused) = (0, 0);
    let mut wrong = Vec::new();
    let (mut _root, mut session) = world();
    let mut before = state(&session);
    for statement in &statements {
        let sql = statement["sql"].as_str().unwrap();
        match session.execute(sql) {
            Ok(_) => {
                executed += 1;
                if !["SHOW", "DESC", "SELE", "EXPL", "SET"].iter().any(|harmless| sql.starts_with(harmless)) {
                    (_root, session) = world();
                    before = state(&session);
                }
            }
            Err(error) if names(&error, sql) => {
                refused += 1;
                assert_eq!(state(&session), before, "half executed: {sql}");
            }
            Err(error) => wrong.push(format!("{sql}\n  {}", error.render(sql))),
        }
    }
    println!("{executed} executed, {refused} refused by name, of {}", statements.len());
    assert!(wrong.is_empty(), "neither executed nor refused by name:\n{}", wrong.join("\n"));
    assert!(executed >= 60, "{executed} executed");
}

/// Whether an error says what of the statement is at fault: what is not supported, or an object that is not there or
/// there already, as the statement names it.
fn names(error: &Error, sql: &str) -> bool {
    let mut quoted = error.message().split('`').skip(1).step_by(2);
    match error.kind() {
        Kind::NotSupported => {
            let mut words = error.message().split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 2);
            let capital = |word: &str| word.chars().all(char::is_uppercase) && sql.to_uppercase().contains(word);
            words.any(capital) || quoted.any(|part| sql.contains(part))
        }
        Kind::NotFound(_) | Kind::AlreadyExists(_) | Kind::InvalidArgument | Kind::Io => {
            quoted.any(|part| sql.contains(part.trim_start_matches("default.")))
        }
        _ => false,
    }
}
