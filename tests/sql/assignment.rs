//! Values on their way into columns of other types: converted as Spark's `spark.sql.storeAssignmentPolicy=ANSI` does,
//! whatever the mode of the session and the kind of the table.

use polars::prelude::*;

use super::{row, rows, run, session};

fn texts(column: &str) -> String {
    format!("CAST({column} AS STRING)")
}

#[test]
fn numbers_are_cut_to_whole_ones_and_decimals_are_rounded() {
    for using in ["", "USING parquet"] {
        let (_root, session) = session();
        run(&session, &format!("CREATE TABLE t (i INT, d DECIMAL(10,1), l BIGINT, s STRING) {using}"));
        run(&session, "INSERT INTO t VALUES (2.7, 0.25, 2.5D, 1.50), (-2.7, -0.25, -2.5D, NULL)");
        run(&session, "INSERT INTO t (d, s, i) SELECT 0.15D, 1e10D, 3.9D");
        run(&session, "INSERT INTO t BY NAME SELECT 9L AS i, DATE'2024-01-31' AS s");
        let all = format!("SELECT i, d, l, s FROM t ORDER BY {}", texts("i"));
        assert_eq!(
            rows(&session, &all),
            ["-2|-0.3|-2|NULL", "2|0.3|2|1.50", "3|0.2|NULL|1.0E10", "9|NULL|NULL|2024-01-31"]
        );
    }
}

#[test]
fn what_a_column_cannot_hold_is_refused() {
    for using in ["", "USING parquet"] {
        let (_root, session) = session();
        run(&session, &format!("CREATE TABLE t (i INT, d DECIMAL(10,1), l BIGINT, xs ARRAY<INT>) {using}"));
        for (column, value) in [
            ("i", "3000000000"),
            ("i", "3e10"),
            ("d", "12345678901.5"),
            ("l", "double('NaN')"),
            ("xs", "array(3000000000)"),
        ] {
            let error = session.execute(&format!("INSERT INTO t ({column}) VALUES ({value})")).unwrap_err();
            let condition = error.condition().unwrap_or_else(|| panic!("{value}: {error}"));
            assert_eq!(condition.name, "CAST_OVERFLOW_IN_TABLE_INSERT", "{value}: {error}");
            assert!(error.message().starts_with(&format!("column `{column}`: ")), "{error}");
        }
        for (column, value) in [("i", "'5'"), ("i", "true"), ("i", "DATE'2024-01-31'"), ("xs", "array('a')")] {
            let error = session.execute(&format!("INSERT INTO t ({column}) VALUES ({value})")).unwrap_err();
            assert_eq!(error.ename(), "INVALID_ARGUMENT", "{value}: {error}");
        }
        assert!(rows(&session, "SELECT * FROM t").is_empty());
    }
}

#[test]
fn changed_rows_are_assigned_alike() {
    let (_root, session) = session();
    run(
        &session,
        "CREATE TABLE t (id INT, i INT, d DECIMAL(10,1) DEFAULT 1.25)
         TBLPROPERTIES ('delta.feature.allowColumnDefaults' = 'supported')",
    );
    run(&session, "INSERT INTO t (id, i) VALUES (1, 0), (2, 0)");
    assert_eq!(row(&session, "SELECT DISTINCT d FROM t"), "1.3", "a default is assigned as well");
    run(&session, "UPDATE t SET i = 2.7, d = 0.25D WHERE id = 1");
    run(
        &session,
        "MERGE INTO t USING (SELECT * FROM VALUES (2, 3.7, 0.35), (3, -3.7, 0.45) AS v(id, i, d)) AS s ON t.id = s.id
         WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *",
    );
    assert_eq!(rows(&session, "SELECT * FROM t ORDER BY id"), ["1|2|0.3", "2|3|0.4", "3|-3|0.5"]);
    let error = session.execute("UPDATE t SET i = 3000000000").unwrap_err();
    assert_eq!(error.condition().map(|condition| condition.name), Some("CAST_OVERFLOW_IN_TABLE_INSERT"), "{error}");
}

#[test]
fn parts_are_assigned_as_wholes_are() {
    let (_root, session) = session();
    run(&session, "CREATE TABLE t (xs ARRAY<INT>, s STRUCT<x: INT, y: STRING>)");
    run(&session, "INSERT INTO t VALUES (array(1.5, NULL, 2.7), named_struct('x', 2.7, 'y', 1.50)), (NULL, NULL)");
    run(&session, "INSERT INTO t VALUES (array(NULL), named_struct('x', NULL, 'y', true))");
    run(&session, "UPDATE t SET xs = array(-1.5) WHERE xs IS NULL");
    let all = format!("SELECT {}, {} FROM t", texts("xs"), texts("s"));
    let mut found = rows(&session, &all);
    found.sort();
    assert_eq!(found, ["[-1]|NULL", "[1, null, 2]|{2, 1.50}", "[null]|{null, true}"]);
}

#[test]
fn days_and_times_go_by_the_clock_of_the_session() {
    for using in ["", "USING parquet"] {
        let (_root, session) = session();
        run(&session, &format!("CREATE TABLE t (s STRING, dt DATE, ts TIMESTAMP) {using}"));
        run(&session, "SET spark.sql.session.timeZone = Europe/Berlin");
        let time = "TIMESTAMP'2024-06-01 00:30:00'";
        run(&session, &format!("INSERT INTO t VALUES ({time}, {time}, DATE'2024-06-01')"));
        if using.is_empty() {
            run(&session, &format!("UPDATE t SET s = {time}, dt = {time}, ts = DATE'2024-06-01'"));
        }
        let all = format!("SELECT s, dt, {} FROM t", texts("ts"));
        assert_eq!(row(&session, &all), "2024-06-01 00:30:00|2024-06-01|2024-06-01 00:00:00", "{using}");
        run(&session, "SET spark.sql.session.timeZone = UTC");
        assert_eq!(row(&session, &all), "2024-06-01 00:30:00|2024-06-01|2024-05-31 22:00:00", "{using}");
    }
}

#[test]
fn frames_are_assigned_alike() {
    let (_root, session) = session();
    run(&session, "CREATE TABLE t (i INT, s STRING, ts TIMESTAMP)");
    run(&session, "SET spark.sql.session.timeZone = Europe/Berlin");
    let days = df!("i" => [2.7], "s" => [1e10], "ts" => ["2024-06-01"]).unwrap().lazy();
    let days = days.with_column(col("ts").cast(DataType::Date));
    session.write(days.clone()).insert_into("t").unwrap();
    let by_name = days.select([lit(3i32).alias("i"), lit("x").alias("s"), col("ts")]);
    session.write(by_name).mode("append").save_as_table("t").unwrap();
    let all = format!("SELECT i, s, {} FROM t ORDER BY i", texts("ts"));
    assert_eq!(rows(&session, &all), ["2|1.0E10|2024-06-01 00:00:00", "3|x|2024-06-01 00:00:00"]);
}

#[test]
fn a_partition_of_truth_values_has_a_name() {
    for using in ["", "USING parquet"] {
        let (_root, session) = session();
        run(&session, &format!("CREATE TABLE t (v INT, b BOOLEAN) {using} PARTITIONED BY (b)"));
        run(
            &session,
            "INSERT INTO t PARTITION (b = true) VALUES (1); INSERT INTO t PARTITION (b = 'FALSE') VALUES (2)",
        );
        run(&session, "INSERT OVERWRITE t PARTITION (b = TRUE) VALUES (3)");
        assert_eq!(rows(&session, "SELECT v, b FROM t ORDER BY v"), ["2|false", "3|true"], "{using}");
        assert_eq!(rows(&session, "SHOW PARTITIONS t"), ["b=false", "b=true"], "{using}");
        let error = session.execute("INSERT INTO t PARTITION (b = 'x') VALUES (3)").unwrap_err();
        assert_eq!(error.message(), "`x` is no value of column `b` of type `boolean`", "{using}");
    }
}
