//! Functions, global temporary views, statistics, several inserts at once, directories, owners.

use std::fs;

use super::{columns, row, rows, session};

#[test]
fn functions_of_sql_are_called_as_built_in_ones_are() {
    let (_root, session) = session();
    session
        .execute(
            "CREATE FUNCTION plus(x INT, y INT DEFAULT 10) RETURNS INT COMMENT 'adds' RETURN x + y;
             CREATE TEMPORARY FUNCTION twice(x DOUBLE) RETURNS DOUBLE RETURN plus(x, x);
             CREATE TABLE t AS SELECT * FROM VALUES (1, 'a'), (2, 'b') AS t(x, name);
             CREATE FUNCTION named(wanted STRING) RETURNS TABLE (x INT, y STRING) RETURN SELECT x, name FROM t WHERE name = wanted;
             CREATE FUNCTION most() RETURNS INT RETURN (SELECT max(x) FROM t)",
        )
        .unwrap();
    assert_eq!(row(&session, "SELECT plus(1), plus(1, 2), default.plus('3', 4.9), twice(2)"), "11|3|7|4.0");
    // A column that is called as a parameter is.
    assert_eq!(rows(&session, "SELECT plus(x, y) FROM (SELECT x, x * 10 AS y FROM t) ORDER BY 1"), ["11", "22"]);
    assert_eq!(columns(&session, "SELECT plus(1) FROM t"), ["plus(1)"]);
    assert_eq!(row(&session, "SELECT * FROM named('b')"), "2|b");
    assert_eq!(row(&session, "SELECT n.y FROM named('a') n"), "a");
    let hiding = "WITH n AS (SELECT 1 AS x) SELECT max(x) FROM (WITH n AS (SELECT x + 1 AS x FROM n) SELECT x FROM n)";
    session.execute(&format!("CREATE TEMPORARY FUNCTION hiding() RETURNS INT RETURN ({hiding})")).unwrap();
    assert_eq!(row(&session, "SELECT hiding()"), "2");
    session.execute("DROP TEMPORARY FUNCTION hiding").unwrap();
    // What a body means does not depend on who calls it.
    assert_eq!(row(&session, "WITH t AS (SELECT 9 AS x) SELECT most(), x FROM t"), "2|9");
    session.execute("CREATE DATABASE other; USE other").unwrap();
    assert_eq!(row(&session, "SELECT default.most()"), "2");
    session.execute("USE default; CREATE OR REPLACE FUNCTION plus(x INT) RETURNS STRING RETURN 'n' || x").unwrap();
    assert_eq!(row(&session, "SELECT plus(5)"), "n5");
    assert_eq!(
        rows(&session, "SHOW USER FUNCTIONS"),
        ["twice", "spark_catalog.default.most", "spark_catalog.default.named", "spark_catalog.default.plus"]
    );
    assert_eq!(
        rows(&session, "DESCRIBE FUNCTION EXTENDED most"),
        [
            "Function: spark_catalog.default.most",
            "Type:     SCALAR",
            "Input:    ",
            "Returns:  INT",
            "Body:     (SELECT max(x) FROM t)"
        ]
    );
    session.execute("DROP TEMPORARY FUNCTION twice; DROP FUNCTION plus; DROP FUNCTION IF EXISTS plus").unwrap();
    assert_eq!(session.execute("SELECT plus(1)").unwrap_err().ename(), "UNRESOLVED_ROUTINE");
}

#[test]
fn functions_that_cannot_be_called_are_not_created() {
    let (_root, session) = session();
    for (sql, ename) in [
        ("CREATE FUNCTION f(x INT) RETURNS INT RETURN nope(x)", "UNRESOLVED_ROUTINE"),
        ("CREATE FUNCTION f(x INT) RETURNS INT RETURN y", "COLUMN_NOT_FOUND"),
        ("CREATE FUNCTION f(x INT, X INT) RETURNS INT RETURN x", "INVALID_ARGUMENT"),
        ("CREATE FUNCTION f(x INT) RETURNS INT RETURN f(x)", "INVALID_ARGUMENT"),
        ("CREATE FUNCTION f AS 'com.x.F' USING JAR '/x.jar'", "NOT_SUPPORTED"),
    ] {
        assert_eq!(session.execute(sql).unwrap_err().ename(), ename, "{sql}");
    }
    assert_eq!(rows(&session, "SHOW USER FUNCTIONS"), Vec::<String>::new());
    session.execute("CREATE FUNCTION f(x INT) RETURNS INT RETURN x").unwrap();
    assert_eq!(
        session.execute("CREATE FUNCTION f(x INT) RETURNS INT RETURN x").unwrap_err().ename(),
        "FUNCTION_ALREADY_EXISTS"
    );
    let error = session.execute("SELECT f(1, 2)").unwrap_err();
    assert_eq!((error.message(), error.hint()), ("function `f` does not take 2 arguments", Some("it is `f(x INT)`")));
}

#[test]
fn global_temporary_views_are_in_their_own_database() {
    let (_root, session) = session();
    session.execute("CREATE GLOBAL TEMPORARY VIEW v AS SELECT 1 AS a").unwrap();
    assert_eq!(row(&session, "SELECT a FROM global_temp.V"), "1");
    assert_eq!(session.execute("SELECT * FROM v").unwrap_err().ename(), "TABLE_NOT_FOUND");
    assert_eq!(session.execute("CREATE GLOBAL TEMP VIEW v AS SELECT 2").unwrap_err().ename(), "VIEW_ALREADY_EXISTS");
    session.execute("CREATE OR REPLACE GLOBAL TEMP VIEW v AS SELECT 2 AS a").unwrap();
    assert_eq!(rows(&session, "SHOW VIEWS IN global_temp"), ["global_temp|v|true"]);
    assert_eq!(row(&session, "SELECT a FROM global_temp.v"), "2");
    session.execute("DROP VIEW global_temp.v").unwrap();
    assert_eq!(session.execute("SELECT * FROM global_temp.v").unwrap_err().ename(), "TABLE_NOT_FOUND");
}

#[test]
fn statistics_are_shown_as_long_as_they_are_right() {
    let (_root, session) = session();
    session
        .execute(
            "CREATE TABLE t AS SELECT * FROM VALUES (1, 'a'), (2, 'bcd'), (2, NULL) AS t(id, name);
             ANALYZE TABLE t COMPUTE STATISTICS FOR ALL COLUMNS",
        )
        .unwrap();
    let statistics = |table: &str| {
        let all = rows(&session, &format!("DESCRIBE EXTENDED {table}"));
        all.into_iter().find(|row| row.starts_with("Statistics|"))
    };
    let shown = statistics("t").unwrap();
    assert!(shown.ends_with(" bytes, 3 rows|"), "{shown}");
    assert_eq!(
        rows(&session, "DESCRIBE EXTENDED t id"),
        [
            "col_name|id",
            "data_type|int",
            "comment|NULL",
            "min|1",
            "max|2",
            "num_nulls|0",
            "distinct_count|2",
            "avg_col_len|4",
            "max_col_len|4",
            "histogram|NULL"
        ]
    );
    let name = rows(&session, "DESCRIBE EXTENDED t NAME");
    assert_eq!(name[3..8], ["min|NULL", "max|NULL", "num_nulls|1", "distinct_count|2", "avg_col_len|2"]);
    session.execute("INSERT INTO t VALUES (3, 'x')").unwrap();
    assert_eq!(statistics("t"), None, "what was counted is not so any more");
    session.execute("ANALYZE TABLES COMPUTE STATISTICS NOSCAN").unwrap();
    assert!(statistics("t").unwrap().ends_with(" bytes|"));
    assert_eq!(session.execute("DESCRIBE t nope").unwrap_err().ename(), "COLUMN_NOT_FOUND");
}

#[test]
fn one_from_fills_several_tables() {
    let (_root, session) = session();
    session
        .execute(
            "CREATE TABLE s AS SELECT * FROM VALUES (1, 'a'), (2, 'b'), (3, NULL) AS s(id, name);
             CREATE TABLE t (id INT); CREATE TABLE u (name STRING, n BIGINT);
             INSERT INTO t VALUES (9);
             FROM s
             INSERT OVERWRITE TABLE t SELECT id WHERE id > 1
             INSERT INTO u SELECT coalesce(name, '-'), count(*) GROUP BY name",
        )
        .unwrap();
    assert_eq!(rows(&session, "SELECT * FROM t ORDER BY id"), ["2", "3"]);
    assert_eq!(rows(&session, "SELECT * FROM u ORDER BY name"), ["-|1", "a|1", "b|1"]);
    assert_eq!(row(&session, "FROM s SELECT sum(id) AS n WHERE name IS NOT NULL"), "3");
    // One that cannot be done leaves the others undone.
    assert!(session.execute("FROM s INSERT INTO t SELECT id INSERT INTO u SELECT nope, 1").is_err());
    assert_eq!(row(&session, "SELECT count(*) FROM t"), "2");
}

#[test]
fn directories_are_written_and_loaded() {
    let (root, session) = session();
    let out = root.path().join("out").display().to_string();
    session
        .execute(&format!(
            "CREATE TABLE s AS SELECT * FROM VALUES (1, 'a'), (2, NULL) AS s(id, name);
             INSERT OVERWRITE DIRECTORY '{out}' USING parquet SELECT * FROM s"
        ))
        .unwrap();
    assert_eq!(rows(&session, &format!("SELECT * FROM parquet.`{out}` ORDER BY id")), ["1|a", "2|NULL"]);
    session
        .execute(&format!(
            "INSERT OVERWRITE LOCAL DIRECTORY '{out}' ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' SELECT * FROM s"
        ))
        .unwrap();
    let file = fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().path()).find(|path| path.extension().is_some());
    assert_eq!(fs::read_to_string(file.unwrap()).unwrap(), "1,a\n2,\\N\n");
    session
        .execute(&format!(
            "CREATE TABLE loaded (id INT, name STRING) PARTITIONED BY (y INT)
             ROW FORMAT DELIMITED FIELDS TERMINATED BY ',';
             LOAD DATA LOCAL INPATH '{out}' INTO TABLE loaded PARTITION (y = 1);
             LOAD DATA LOCAL INPATH '{out}' INTO TABLE loaded PARTITION (y = 1)"
        ))
        .unwrap();
    assert_eq!(row(&session, "SELECT count(*), count(name) FROM loaded WHERE y = 1"), "4|2");
    session.execute(&format!("LOAD DATA INPATH '{out}' OVERWRITE INTO TABLE loaded PARTITION (y = 1)")).unwrap();
    assert_eq!(row(&session, "SELECT count(*) FROM loaded"), "2");
    let error = session.execute(&format!("LOAD DATA INPATH '{out}' INTO TABLE loaded PARTITION (y = 1)")).unwrap_err();
    assert_eq!(error.ename(), "FILE_NOT_FOUND", "what is loaded is moved");
    let error = session.execute(&format!("LOAD DATA INPATH '{out}' INTO TABLE s")).unwrap_err();
    assert_eq!(error.ename(), "NOT_SUPPORTED");
}

#[test]
fn owners_comments_and_what_show_table_extended_says() {
    let (_root, session) = session();
    session
        .execute(
            "CREATE DATABASE d; CREATE TABLE d.t1 (id INT); CREATE TABLE d.x (id INT);
             ALTER TABLE d.t1 SET OWNER TO bob; ALTER DATABASE d SET OWNER TO USER eve; COMMENT ON DATABASE d IS 'ours'",
        )
        .unwrap();
    assert!(rows(&session, "DESCRIBE FORMATTED d.t1").contains(&"Owner|bob|".to_owned()));
    let described = rows(&session, "DESCRIBE DATABASE d");
    assert!(described.contains(&"Owner|eve".to_owned()) && described.contains(&"Comment|ours".to_owned()));
    let extended = session.sql("SHOW TABLE EXTENDED IN d LIKE 't*'").unwrap();
    assert_eq!(extended.get_column_names(), ["namespace", "tableName", "isTemporary", "information"]);
    assert_eq!(extended.height(), 1);
    let text = extended.column("information").unwrap().str().unwrap().get(0).unwrap().to_owned();
    assert!(text.contains("Table: t1\n") && text.contains("Owner: bob\n") && text.contains(" |-- id: int"), "{text}");
    session.execute("CACHE TABLE d.x; CACHE LAZY TABLE c AS SELECT 5 AS a; UNCACHE TABLE d.x").unwrap();
    assert_eq!(row(&session, "SELECT a FROM c"), "5");
}
