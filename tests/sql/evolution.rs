//! Tables whose columns change: other names, other places, defaults, new ones that a merge brings, and those that replace
//! all others.

use aerostat_session::Session;
use polars::prelude::{IntoLazy, df};

use super::{columns, row, rows, run, session};

fn refused(session: &Session, sql: &str) -> (String, String) {
    let error = session.execute(sql).expect_err(sql);
    (error.ename(), error.render(sql))
}

#[test]
fn columns_are_renamed_dropped_and_moved() {
    let (_root, session) = session();
    run(
        &session,
        "CREATE TABLE t (id INT COMMENT 'key', Name STRING, price DOUBLE NOT NULL, day INT) PARTITIONED BY (day)",
    );
    run(&session, "INSERT INTO t VALUES (1, 'a', 1.5, 1), (2, NULL, 2.5, 2); INSERT INTO t VALUES (3, 'c', 3.5, NULL)");
    run(&session, "ALTER TABLE t RENAME COLUMN name TO Label; ALTER TABLE t RENAME COLUMN day TO weekday");
    assert_eq!(columns(&session, "SELECT * FROM t"), ["id", "Label", "price", "weekday"]);
    assert_eq!(rows(&session, "SELECT * FROM t ORDER BY id"), ["1|a|1.5|1", "2|NULL|2.5|2", "3|c|3.5|NULL"]);
    assert_eq!(rows(&session, "SELECT id FROM t WHERE weekday = 2"), ["2"]);
    assert_eq!(rows(&session, "DESCRIBE t")[0], "id|int|key");
    run(&session, "INSERT INTO t (label, id, price, weekday) VALUES ('d', 4, 4.5, 1)");
    assert_eq!(refused(&session, "INSERT INTO t (id, label, weekday) VALUES (5, 'e', 1)").0, "CONSTRAINT_VIOLATION");
    run(&session, "ALTER TABLE t ALTER COLUMN price FIRST; ALTER TABLE t ALTER COLUMN id AFTER Label");
    assert_eq!(columns(&session, "SELECT * FROM t"), ["price", "Label", "id", "weekday"]);
    run(&session, "ALTER TABLE t DROP COLUMN label; ALTER TABLE t DROP COLUMN IF EXISTS nowhere");
    assert_eq!(rows(&session, "SELECT * FROM t ORDER BY id"), ["1.5|1|1", "2.5|2|2", "3.5|3|NULL", "4.5|4|1"]);
    // As it was.
    assert_eq!(columns(&session, "SELECT * FROM t VERSION AS OF 2"), ["id", "Name", "price", "day"]);
    assert_eq!(row(&session, "SELECT name FROM t VERSION AS OF 2 WHERE day = 1"), "a");

    assert_eq!(refused(&session, "ALTER TABLE t RENAME COLUMN id TO PRICE").0, "COLUMN_ALREADY_EXISTS");
    assert_eq!(refused(&session, "ALTER TABLE t RENAME COLUMN nowhere TO x").0, "COLUMN_NOT_FOUND");
    assert_eq!(refused(&session, "ALTER TABLE t DROP COLUMN nowhere").0, "COLUMN_NOT_FOUND");
    assert_eq!(refused(&session, "ALTER TABLE t DROP COLUMN weekday").0, "INVALID_ARGUMENT");
    assert_eq!(refused(&session, "ALTER TABLE t RENAME COLUMN id.x TO y").0, "NOT_SUPPORTED");
    run(&session, "ALTER TABLE t ADD CONSTRAINT positive CHECK (price > 0)");
    let (ename, text) = refused(&session, "ALTER TABLE t RENAME COLUMN price TO cost");
    assert_eq!(ename, "INVALID_ARGUMENT");
    assert!(text.contains("DROP CONSTRAINT positive"), "{text}");
    run(&session, "ALTER TABLE t RENAME COLUMN id TO ident; ALTER TABLE t CHANGE COLUMN ident number BIGINT");
    assert_eq!(rows(&session, "SELECT sum(number), typeof(sum(number)) FROM t"), ["10|bigint"]);
    assert_eq!(refused(&session, "INSERT INTO t VALUES (-1.0, 9, 9)").0, "CONSTRAINT_VIOLATION");
}

#[test]
fn what_is_not_given_has_the_default_of_its_column() {
    let (_root, session) = session();
    run(
        &session,
        "CREATE TABLE t (id INT NOT NULL, name STRING DEFAULT 'none' COMMENT 'its name', n DECIMAL(10, 2) DEFAULT 1 + 0.5,
             day DATE DEFAULT DATE '2024-01-31', at TIMESTAMP DEFAULT current_timestamp())
         TBLPROPERTIES ('delta.feature.allowColumnDefaults' = 'supported')",
    );
    run(&session, "INSERT INTO t (id) VALUES (1); INSERT INTO t (n, id) SELECT 7, 2");
    run(&session, "INSERT INTO t VALUES (3, DEFAULT, DEFAULT, default, NULL), (4, 'x', 2, DATE '2000-01-01', DEFAULT)");
    run(&session, "INSERT INTO t (id, name) VALUES (5, DEFAULT)");
    assert_eq!(
        rows(&session, "SELECT id, name, n, day, at IS NOT NULL FROM t ORDER BY id"),
        [
            "1|none|1.50|2024-01-31|true",
            "2|none|7.00|2024-01-31|true",
            "3|none|1.50|2024-01-31|false",
            "4|x|2.00|2000-01-01|true",
            "5|none|1.50|2024-01-31|true",
        ]
    );
    run(
        &session,
        "ALTER TABLE t ALTER COLUMN name SET DEFAULT upper('y'); ALTER TABLE t ALTER COLUMN day DROP DEFAULT",
    );
    run(&session, "UPDATE t SET name = DEFAULT, day = DEFAULT WHERE id = 4");
    assert_eq!(row(&session, "SELECT name, day FROM t WHERE id = 4"), "Y|NULL");
    run(
        &session,
        "MERGE INTO t USING (SELECT explode(array(1, 9)) AS id) s ON t.id = s.id
         WHEN MATCHED THEN UPDATE SET n = DEFAULT WHEN NOT MATCHED THEN INSERT (id, n) VALUES (s.id, DEFAULT)",
    );
    assert_eq!(
        rows(&session, "SELECT id, name, n, day FROM t WHERE id IN (1, 9) ORDER BY id"),
        ["1|none|1.50|2024-01-31", "9|Y|1.50|NULL"]
    );
    let lacking = df!("id" => [10, 11]).unwrap().lazy();
    session.write(lacking).mode("append").save_as_table("t").unwrap();
    assert_eq!(
        rows(&session, "SELECT id, name, n, day, at IS NOT NULL FROM t WHERE id > 9 ORDER BY id"),
        ["10|Y|1.50|NULL|true", "11|Y|1.50|NULL|true"]
    );
    let shown = row(&session, "SHOW CREATE TABLE t");
    assert!(shown.contains("name STRING DEFAULT upper('y') COMMENT 'its name'"), "{shown}");

    assert_eq!(refused(&session, "INSERT INTO t (name) VALUES ('a')").0, "CONSTRAINT_VIOLATION");
    let (_, text) = refused(&session, "CREATE TABLE u (a INT, b INT DEFAULT a + 1)");
    assert!(text.contains("the default of column `b`"), "{text}");
    assert_eq!(refused(&session, "ALTER TABLE t ALTER COLUMN n SET DEFAULT nowhere").0, "COLUMN_NOT_FOUND");
    assert_eq!(refused(&session, "ALTER TABLE t ADD COLUMNS (z INT DEFAULT 1)").0, "NOT_SUPPORTED");
    assert_eq!(row(&session, "SELECT count(*) FROM t"), "8");
}

#[test]
fn a_merge_with_schema_evolution_brings_the_columns_of_its_source() {
    let (_root, session) = session();
    run(&session, "CREATE TABLE t AS SELECT * FROM VALUES (1, 'a'), (2, 'b') AS t(id, name)");
    run(&session, "CREATE TABLE s AS SELECT * FROM VALUES (2, 20, true), (3, 30, false) AS s(id, Qty, flag)");
    let plain = "MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *";
    assert_eq!(refused(&session, plain).0, "INVALID_ARGUMENT");
    let counts = row(
        &session,
        "MERGE WITH SCHEMA EVOLUTION INTO t USING s ON t.id = s.id WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *",
    );
    assert_eq!(counts, "2|1|0|1");
    assert_eq!(columns(&session, "SELECT * FROM t"), ["id", "name", "Qty", "flag"]);
    assert_eq!(rows(&session, "SELECT * FROM t ORDER BY id"), ["1|a|NULL|NULL", "2|b|20|true", "3|NULL|30|false"]);
    // Only what is assigned to comes along.
    run(&session, "CREATE TABLE u AS SELECT 1 AS id");
    run(
        &session,
        "MERGE WITH SCHEMA EVOLUTION INTO u USING s ON u.id = s.id WHEN NOT MATCHED THEN INSERT (id, qty) VALUES (s.id, s.qty)",
    );
    assert_eq!(columns(&session, "SELECT * FROM u"), ["id", "Qty"]);
    assert_eq!(rows(&session, "SELECT * FROM u ORDER BY id"), ["1|NULL", "2|20", "3|30"]);
    // The columns come along also where no row does.
    run(&session, "CREATE TABLE w AS SELECT 9 AS id");
    let none = "MERGE WITH SCHEMA EVOLUTION INTO w USING s ON w.id = s.id WHEN MATCHED THEN UPDATE SET *";
    assert_eq!(row(&session, none), "0|0|0|0");
    assert_eq!(columns(&session, "SELECT * FROM w"), ["id", "Qty", "flag"]);
    assert_eq!(rows(&session, "SELECT * FROM w"), ["9|NULL|NULL"]);
}

#[test]
fn a_table_that_is_replaced_keeps_nothing_but_its_history() {
    let (_root, session) = session();
    for again in [
        "CREATE OR REPLACE TABLE t (id INT)",
        "CREATE OR REPLACE TABLE t AS SELECT CAST(id AS INT) AS id FROM range(2)",
    ] {
        run(&session, "CREATE OR REPLACE TABLE t (id INT NOT NULL) COMMENT 'old' TBLPROPERTIES ('a' = 'b')");
        run(&session, "ALTER TABLE t ADD CONSTRAINT positive CHECK (id > 0); INSERT INTO t VALUES (1)");
        run(&session, again);
        run(&session, "DELETE FROM t; INSERT INTO t VALUES (-1), (NULL)");
        assert_eq!(rows(&session, "SELECT id FROM t ORDER BY id"), ["NULL", "-1"]);
        assert_eq!(rows(&session, "SHOW TBLPROPERTIES t"), Vec::<String>::new());
        let described = rows(&session, "DESCRIBE EXTENDED t").join(" ; ");
        assert!(!described.contains("old"), "{described}");
        let operation =
            if again.contains("SELECT") { "CREATE OR REPLACE TABLE AS SELECT" } else { "CREATE OR REPLACE TABLE" };
        let history = rows(&session, "DESCRIBE HISTORY t").join(" ; ");
        assert!(history.contains(&format!("|{operation}|")) && history.contains("|ADD CONSTRAINT|"), "{history}");
    }
}

#[test]
fn tables_without_a_log_have_defaults_and_new_names_too() {
    let (_root, session) = session();
    run(&session, "CREATE TABLE c (id INT, name STRING DEFAULT 'none') USING csv; INSERT INTO c (id) VALUES (1)");
    run(&session, "ALTER TABLE c RENAME COLUMN name TO label; ALTER TABLE c ALTER COLUMN label SET DEFAULT 'x' || 'y'");
    run(
        &session,
        "INSERT INTO c VALUES (2, DEFAULT); ALTER TABLE c ALTER COLUMN label DROP DEFAULT; INSERT INTO c (id) VALUES (3)",
    );
    assert_eq!(rows(&session, "SELECT id, label FROM c ORDER BY id"), ["1|none", "2|xy", "3|NULL"]);
    run(&session, "CREATE TABLE p (id INT, name STRING) USING parquet");
    assert_eq!(refused(&session, "ALTER TABLE p RENAME COLUMN name TO label").0, "NOT_SUPPORTED");
    assert_eq!(refused(&session, "ALTER TABLE c ALTER COLUMN label SET DEFAULT nowhere").0, "COLUMN_NOT_FOUND");
}
