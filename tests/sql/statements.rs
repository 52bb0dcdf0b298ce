//! Every statement that Spark, Hive or Databricks know: executed, or refused by an error that names it.

use aerostat_error::Kind;
use aerostat_session::Session;
use serde_json::Value;

use super::corpus::folder;

/// What the statements speak of: two tables, a view and a database.
fn world(session: &Session) {
    let text = "CREATE DATABASE db1;
         CREATE TABLE t AS SELECT 1 AS id, 'a' AS name;
         CREATE TABLE s AS SELECT 2 AS id, 'b' AS name;
         CREATE TABLE db1.t AS SELECT 1 AS id, 'a' AS name;
         CREATE VIEW v AS SELECT * FROM t";
    session.execute(text).unwrap();
}

#[test]
fn every_statement_is_executed_or_refused_by_name() {
    let Some(folder) = folder() else { return };
    let text = std::fs::read_to_string(folder.join("statements.json")).unwrap();
    let statements: Vec<Value> = serde_json::from_str(&text).unwrap();
    let (mut executed, mut refused) = (0, 0);
    let mut wrong = Vec::new();
    for statement in &statements {
        let sql = statement["sql"].as_str().unwrap();
        let (_root, session) = super::session();
        world(&session);
        match session.execute(sql) {
            Ok(_) => executed += 1,
            Err(error) if names(&error, sql) => refused += 1,
            Err(error) => wrong.push(format!("{sql}\n  {}", error.render(sql))),
        }
    }
    println!("{executed} executed, {refused} refused by name, of {}", statements.len());
    assert!(wrong.is_empty(), "neither executed nor refused by name:\n{}", wrong.join("\n"));
}

/// Whether an error says what of the statement is at fault: what is not supported, or an object that is not there or
/// there already, as the statement names it.
fn names(error: &aerostat_error::Error, sql: &str) -> bool {
    let quoted: Vec<&str> = error.message().split('`').skip(1).step_by(2).collect();
    match error.kind() {
        Kind::NotSupported => {
            let words = error.message().split([' ', '`', ':']).filter(|word| word.len() > 2);
            words.clone().any(|word| word.chars().all(|c| c.is_uppercase()) && sql.to_uppercase().contains(word))
                || quoted.iter().any(|part| sql.contains(part))
        }
        Kind::NotFound(_) | Kind::AlreadyExists(_) | Kind::InvalidArgument | Kind::Io => {
            quoted.iter().any(|part| sql.contains(part.trim_start_matches("default.").trim_start_matches("file://")))
        }
        _ => false,
    }
}
