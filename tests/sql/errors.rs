//! Errors of SQL: what is wrong, where, and what may have been meant.

use aerostat_error::Error;
use aerostat_session::Session;

use super::session;

fn world() -> (tempfile::TempDir, Session) {
    let (root, session) = session();
    session.execute("CREATE TABLE orders AS SELECT 1 AS id, 'x' AS country").unwrap();
    (root, session)
}

/// The error of a statement as it is shown.
fn shown(session: &Session, sql: &str) -> String {
    session.execute(sql).unwrap_err().render(sql)
}

#[test]
fn names_that_are_not_there() {
    let (_root, session) = world();
    assert_eq!(
        shown(&session, "SELECT *\nFROM ordres"),
        "[TABLE_NOT_FOUND] table `default.ordres` does not exist\n  2 | FROM ordres\n           ^^^^^^\nhint: did you mean `orders`?"
    );
    assert_eq!(
        shown(&session, "SELECT contry FROM orders"),
        "[COLUMN_NOT_FOUND] column `contry` does not exist\n  1 | SELECT contry FROM orders\n             ^^^^^^\nhint: did you mean `country`?"
    );
    let items = "FROM (SELECT array(named_struct('price', 1)) AS items)";
    assert_eq!(
        shown(&session, &format!("SELECT items.prize {items}")),
        format!(
            "[FIELD_NOT_FOUND] field `prize` does not exist\n  1 | SELECT items.prize {items}\n                   ^^^^^\nhint: did you mean `price`?"
        )
    );
    assert_eq!(
        shown(&session, "SELECT uper(country) FROM orders"),
        "[UNRESOLVED_ROUTINE] function `uper` does not exist (SQLSTATE 42883)\n  1 | SELECT uper(country) FROM orders\n             ^^^^\nhint: did you mean `upper` or `user`?"
    );
    assert_eq!(
        shown(&session, "SELECT rank() OVER v FROM orders WINDOW w AS (ORDER BY id)"),
        "[MISSING_WINDOW_SPECIFICATION] the query has no window `v` (SQLSTATE 42P20)\n  1 | SELECT rank() OVER v FROM orders WINDOW w AS (ORDER BY id)\n                         ^\nhint: add `WINDOW v AS (PARTITION BY ..)`"
    );
    assert_eq!(session.execute("USE nowhere").unwrap_err().ename(), "SCHEMA_NOT_FOUND");
}

#[test]
fn texts_that_do_not_parse() {
    let (_root, session) = world();
    assert_eq!(
        shown(&session, "SELECT 1;\nSELCT 2"),
        "[SYNTAX_ERROR] `SELCT` does not begin a statement that is known\n  2 | SELCT 2\n      ^^^^^\nhint: did you mean `SELECT`?"
    );
    assert_eq!(
        shown(&session, "SELECT * FORM orders"),
        "[SYNTAX_ERROR] expected the end of the statement, found `FORM`\n  1 | SELECT * FORM orders\n               ^^^^\nhint: did you mean `FROM`?"
    );
    assert_eq!(
        shown(&session, "DROP TABLE IF EXIST orders"),
        "[SYNTAX_ERROR] expected the end of the statement, found `EXIST`\n  1 | DROP TABLE IF EXIST orders\n                    ^^^^^"
    );
    assert_eq!(shown(&session, "SELECT 'abc").lines().next().unwrap(), "[SYNTAX_ERROR] unterminated string literal");
    assert!(shown(&session, "SELECT (1").contains("found the end"));
}

#[test]
fn queries_that_make_no_sense() {
    let (_root, session) = world();
    assert!(
        shown(&session, "SELECT id, count(*) FROM orders")
            .starts_with("[MISSING_AGGREGATION] column `id` is neither in GROUP BY nor inside an aggregate function")
    );
    let ambiguous = shown(&session, "SELECT a.id FROM orders a, orders b WHERE id = 1");
    assert!(ambiguous.starts_with("[AMBIGUOUS_COLUMN] column `id` could be that of several tables"), "{ambiguous}");
    assert!(ambiguous.contains("\n                                                ^^\n"), "{ambiguous}");
    let lateral = "SELECT * FROM orders o, LATERAL (SELECT id FROM orders p WHERE p.id = o.id LIMIT 1) x";
    let refused = "[NOT_SUPPORTED] a subquery uses columns of the query around it where they cannot be used";
    assert!(shown(&session, lateral).starts_with(refused));
    for sql in
        ["SELECT upper(id) OVER () FROM orders", "SELECT id + array(1) FROM orders", "SELECT country[0] FROM orders"]
    {
        let error = session.execute(sql).unwrap_err();
        let text = error.message();
        assert!(!text.contains("DataFusion") && !text.contains("Utf8"), "{text}");
    }
}

#[test]
fn the_first_error_ends_the_text() {
    let (_root, session) = world();
    let error = session.execute("CREATE TABLE a AS SELECT 1 AS x; SELECT nope FROM a; DROP TABLE a").unwrap_err();
    assert_eq!(error.ename(), "COLUMN_NOT_FOUND");
    assert_eq!(super::row(&session, "SELECT x FROM a"), "1");
}

#[test]
fn results_come_before_what_follows_them() {
    let (_root, session) = world();
    let mut seen = Vec::new();
    let run = session.execute_each("SELECT 1 AS a; CREATE TABLE b AS SELECT 1 AS x; SELECT nope", |outcome| {
        let is_made = session.table("b").is_ok();
        seen.push((outcome.frame.is_some(), outcome.is_last, is_made));
        Ok(())
    });
    assert_eq!(run.unwrap_err().ename(), "COLUMN_NOT_FOUND");
    assert_eq!(seen, [(true, false, false), (false, false, true)]);
    let stopped = session.execute_each("SELECT 1; DROP TABLE b", |_| Err(Error::internal("enough")));
    assert_eq!(stopped.unwrap_err().message(), "enough");
    assert_eq!(super::row(&session, "SELECT x FROM b"), "1");
}

#[test]
fn conditions_have_the_names_and_states_of_spark() {
    let (_root, session) = world();
    for (sql, name, state) in [
        ("SELECT nofunction(1)", "UNRESOLVED_ROUTINE", "42883"),
        ("SELECT upper('a', 'b')", "WRONG_NUM_ARGS", "42605"),
        ("SELECT date_format(now())", "WRONG_NUM_ARGS", "42605"),
        ("SELECT id + array(1) FROM orders", "DATATYPE_MISMATCH", "42K09"),
        ("SELECT country, count(*) FROM orders", "MISSING_AGGREGATION", "42803"),
        ("SELECT * FROM orders WHERE id = :wanted", "UNBOUND_SQL_PARAMETER", "42P02"),
        ("SELECT raise_error('no')", "USER_RAISED_EXCEPTION", "P0001"),
    ] {
        let error = session.execute(sql).unwrap_err();
        let condition = error.condition().map(|condition| (condition.name, condition.sqlstate));
        assert_eq!(condition, Some((name, state)), "{}", error.render(sql));
        assert_eq!(error.ename(), name);
        assert!(error.render(sql).contains(&format!("(SQLSTATE {state})")));
    }
}

#[test]
fn a_wrong_number_of_arguments_is_shown_where_it_is() {
    let (_root, session) = world();
    assert_eq!(
        shown(&session, "SELECT id,\n  date_format(now()) FROM orders"),
        "[WRONG_NUM_ARGS] `date_format` does not take 1 argument (SQLSTATE 42605)\n  2 |   date_format(now()) FROM orders\n        ^^^^^^^^^^^\nhint: it takes 2"
    );
}

#[test]
fn errors_of_ansi_mode_say_how_to_have_nulls() {
    let (_root, session) = world();
    session.execute("SET spark.sql.ansi.enabled = true").unwrap();
    assert!(
        shown(&session, "SELECT cast(country AS INT) FROM orders")
            .starts_with("[CAST_INVALID_INPUT] the text 'x' is no int (SQLSTATE 22018)")
    );
    assert!(shown(&session, "SELECT id / (id - 1) FROM orders").starts_with("[DIVIDE_BY_ZERO] division by zero"));
    session.execute("RESET spark.sql.ansi.enabled").unwrap();
    assert_eq!(super::row(&session, "SELECT cast(country AS INT), id / (id - 1) FROM orders"), "NULL|NULL");
}
