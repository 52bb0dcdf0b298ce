//! Overwriting parts of tables, columns that come and widen, and constraints that every writer keeps.

use aerostat_session::Session;
use polars::prelude::*;

use super::{row, rows, run, session};

fn refused(session: &Session, sql: &str) -> (String, String) {
    let error = session.execute(sql).expect_err(sql);
    (error.ename(), error.message().to_owned())
}

fn days() -> (tempfile::TempDir, Session) {
    let (root, session) = session();
    run(&session, "CREATE TABLE p (v INT, day INT, hour STRING) PARTITIONED BY (day, hour)");
    run(&session, "INSERT INTO p VALUES (1, 1, 'a'), (2, 1, 'b'), (3, 2, 'a'), (4, NULL, 'a')");
    (root, session)
}

const ALL: &str = "SELECT v, day, hour FROM p ORDER BY v";

#[test]
fn a_named_partition_is_overwritten() {
    let (_root, session) = days();
    run(&session, "INSERT OVERWRITE TABLE p PARTITION (day = '1', hour = 'a') SELECT 10");
    assert_eq!(rows(&session, ALL), ["2|1|b", "3|2|a", "4|NULL|a", "10|1|a"]);
    run(&session, "INSERT OVERWRITE p PARTITION (day = 1, hour) VALUES (11, 'c')");
    assert_eq!(rows(&session, ALL), ["3|2|a", "4|NULL|a", "11|1|c"], "all hours of the day");
    run(&session, "INSERT OVERWRITE p PARTITION (day = NULL, hour = 'a') SELECT 12");
    assert_eq!(rows(&session, ALL), ["3|2|a", "11|1|c", "12|NULL|a"]);
    run(&session, "INSERT INTO p PARTITION (day = 2, hour = 'z') VALUES (13)");
    assert_eq!(row(&session, "SELECT day, hour FROM p WHERE v = 13"), "2|z");
    assert_eq!(refused(&session, "INSERT OVERWRITE p PARTITION (v = 1) SELECT 1, 'a'").0, "INVALID_ARGUMENT");
    assert_eq!(
        refused(&session, "INSERT OVERWRITE p PARTITION (day = 'x', hour = 'a') SELECT 1").0,
        "CAST_INVALID_INPUT"
    );
    assert_eq!(rows(&session, ALL).len(), 4);
}

#[test]
fn partitions_are_overwritten_that_new_rows_are_in() {
    let (_root, session) = days();
    run(&session, "SET spark.sql.sources.partitionOverwriteMode = dynamic");
    run(&session, "INSERT OVERWRITE p VALUES (10, 1, 'a'), (11, 3, 'a')");
    assert_eq!(rows(&session, ALL), ["2|1|b", "3|2|a", "4|NULL|a", "10|1|a", "11|3|a"]);
    run(&session, "INSERT OVERWRITE p SELECT * FROM p WHERE false");
    assert_eq!(rows(&session, ALL).len(), 5, "no rows are in no partition");
    run(&session, "SET spark.sql.sources.partitionOverwriteMode = static");
    let frame = df!("v" => [20], "day" => [1], "hour" => ["b"]).unwrap().lazy();
    let writer = session.write(frame.clone()).mode("overwrite").option("partitionOverwriteMode", "dynamic");
    writer.save_as_table("p").unwrap();
    assert_eq!(rows(&session, ALL), ["3|2|a", "4|NULL|a", "10|1|a", "11|3|a", "20|1|b"]);
    session.write(frame).mode("overwrite").save_as_table("p").unwrap();
    assert_eq!(rows(&session, ALL), ["20|1|b"]);
}

#[test]
fn the_rows_of_a_condition_are_replaced() {
    let (_root, session) = days();
    run(&session, "INSERT INTO p REPLACE WHERE day = 1 VALUES (10, 1, 'x')");
    assert_eq!(rows(&session, ALL), ["3|2|a", "4|NULL|a", "10|1|x"]);
    let (ename, message) = refused(&session, "INSERT INTO p REPLACE WHERE v > 3 VALUES (1, 1, 'x')");
    assert_eq!(ename, "CONSTRAINT_VIOLATION", "{message}");
    assert_eq!(rows(&session, ALL).len(), 3);
    let frame = df!("v" => [3], "day" => [9], "hour" => ["n"]).unwrap().lazy();
    session.write(frame).mode("overwrite").option("replaceWhere", "v = 3").save_as_table("p").unwrap();
    assert_eq!(rows(&session, ALL), ["3|9|n", "4|NULL|a", "10|1|x"]);
}

#[test]
fn rows_are_not_put_in_the_place_of_others_once_the_columns_have_changed() {
    let (root, session) = days();
    let before = rows(&session, ALL);
    let other = Session::open(root.path(), std::sync::Arc::new(aerostat_sql::Engine::new().unwrap())).unwrap();
    // While the new rows are computed, somebody else changes the table.
    let frame = df!("v" => [30], "day" => [1], "hour" => ["a"]).unwrap().lazy().map(
        move |rows| {
            run(&other, "ALTER TABLE p ADD COLUMNS (note STRING)");
            Ok(rows)
        },
        Default::default(),
        None,
        None,
    );
    let writer = session.write(frame).mode("overwrite").option("replaceWhere", "day = 1");
    let error = writer.save_as_table("p").unwrap_err();
    assert_eq!(error.ename(), "CONFLICT", "{error}");
    assert_eq!(error.message(), "the columns of the table were changed meanwhile");
    assert_eq!(rows(&session, ALL), before);
}

#[test]
fn columns_come_and_widen() {
    let (_root, session) = session();
    run(&session, "CREATE TABLE t (a INT, c INT)");
    run(&session, "INSERT INTO t VALUES (1, 2)");
    run(&session, "ALTER TABLE t ADD COLUMNS (b STRING COMMENT 'between' AFTER a, z INT)");
    assert_eq!(rows(&session, "SELECT * FROM t"), ["1|NULL|2|NULL"]);
    run(&session, "INSERT INTO t VALUES (3, 'x', 4, 5)");
    run(&session, "ALTER TABLE t ALTER COLUMN a TYPE BIGINT");
    assert_eq!(rows(&session, "DESCRIBE t"), ["a|bigint|NULL", "b|string|between", "c|int|NULL", "z|int|NULL"]);
    run(&session, "INSERT INTO t (a) VALUES (5000000000)");
    assert_eq!(rows(&session, "SELECT a, b FROM t ORDER BY a"), ["1|NULL", "3|x", "5000000000|NULL"]);
    assert_eq!(refused(&session, "ALTER TABLE t ALTER COLUMN a TYPE INT").0, "INVALID_ARGUMENT");
    assert_eq!(refused(&session, "ALTER TABLE t ADD COLUMNS (B INT)").0, "COLUMN_ALREADY_EXISTS");
    let frame = df!("a" => [6i64], "new" => ["n"]).unwrap().lazy();
    let error = session.write(frame.clone()).mode("append").save_as_table("t").unwrap_err();
    assert!(error.hint().unwrap().contains("mergeSchema"), "{error}");
    session.write(frame).mode("append").option("mergeSchema", true).save_as_table("t").unwrap();
    assert_eq!(rows(&session, "SELECT a, new FROM t WHERE a IN (1, 6) ORDER BY a"), ["1|NULL", "6|n"]);
}

#[test]
fn constraints_hold_for_every_writer() {
    let (_root, session) = session();
    run(&session, "CREATE TABLE t (id INT NOT NULL, price DOUBLE)");
    run(&session, "INSERT INTO t VALUES (1, 2.0)");
    run(&session, "ALTER TABLE t ADD CONSTRAINT positive CHECK (price > 0)");
    let violation = "CONSTRAINT_VIOLATION";
    let version = |session: &Session| session.sql("DESCRIBE HISTORY t").unwrap().height();
    let before = version(&session);
    for statement in [
        "INSERT INTO t VALUES (NULL, 1.0)",
        "INSERT INTO t (price) VALUES (1.0)",
        "INSERT INTO t VALUES (2, -1.0)",
        "INSERT INTO t VALUES (2, NULL)",
        "INSERT OVERWRITE t VALUES (2, 0.0)",
        "UPDATE t SET price = -price",
        "UPDATE t SET id = NULL WHERE id = 1",
        "MERGE INTO t USING (SELECT 5 AS id) AS s ON t.id = s.id WHEN NOT MATCHED THEN INSERT (id) VALUES (s.id)",
    ] {
        assert_eq!(refused(&session, statement).0, violation, "{statement}");
    }
    let frame = df!("id" => [Some(1), None], "price" => [1.0, 1.0]).unwrap().lazy();
    let error = session.write(frame).mode("append").save_as_table("t").unwrap_err();
    assert_eq!(
        (error.ename().as_str(), error.message()),
        (violation, "column `id` is NOT NULL, and null is written to it")
    );
    let frame = df!("id" => [1], "price" => [-1.5]).unwrap().lazy();
    let error = session.write(frame).mode("append").save_as_table("t").unwrap_err();
    let message = "the constraint `positive` (price > 0) does not hold for a row: id = 1, price = -1.5";
    assert_eq!((error.ename().as_str(), error.message()), (violation, message));
    assert_eq!((version(&session), rows(&session, "SELECT * FROM t")), (before, vec!["1|2.0".to_owned()]));

    assert_eq!(refused(&session, "ALTER TABLE t ADD CONSTRAINT more CHECK (price > 100)").0, violation);
    assert_eq!(refused(&session, "ALTER TABLE t DROP CONSTRAINT positiv").0, "INVALID_ARGUMENT");
    run(&session, "ALTER TABLE t DROP CONSTRAINT IF EXISTS nothing");
    run(&session, "ALTER TABLE t DROP CONSTRAINT positive");
    run(&session, "ALTER TABLE t ALTER COLUMN id DROP NOT NULL");
    run(&session, "INSERT INTO t VALUES (NULL, -1.0)");
    assert_eq!(refused(&session, "ALTER TABLE t ALTER COLUMN id SET NOT NULL").0, violation);
}
