//! What is skipped by bounds of values: never a row that is asked for, whoever wrote the bounds.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aerostat_metastore::TableName;
use aerostat_session::Session;
use deltalake_core::arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch};
use deltalake_core::parquet::arrow::ArrowWriter;
use serde_json::{Value, json};

use super::{row, rows, run, session};

fn location(session: &Session, table: &str) -> PathBuf {
    session.metastore().table(&TableName::new("default", table)).unwrap().location.unwrap()
}

/// Each condition with the number of rows for which it holds.
fn counts(session: &Session, table: &str, conditions: &[(&str, usize)]) {
    for (condition, expected) in conditions {
        let count = row(session, &format!("SELECT count(*) FROM {table} WHERE {condition}"));
        assert_eq!(count, expected.to_string(), "{table}: {condition}");
    }
}

/// A file as arrow-rs writes it, with bounds in which there is no NaN, of the file and of its pages.
fn write_with_arrow(path: &Path, x: &[f64]) {
    let n: Vec<i64> = (0_i64..).take(x.len()).collect();
    let columns: [(&str, ArrayRef); 2] =
        [("n", Arc::new(Int64Array::from(n))), ("x", Arc::new(Float64Array::from(x.to_vec())))];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

/// Puts other bounds into an entry of a table's log.
fn restate(location: &Path, version: i64, restated: impl Fn(&mut Value)) {
    let path = location.join(format!("_delta_log/{version:020}.json"));
    let entry = fs::read_to_string(&path).unwrap();
    let lines = entry.lines().map(|line| {
        let mut action: Value = serde_json::from_str(line).unwrap();
        if let Some(stats) = action.pointer("/add/stats").and_then(Value::as_str) {
            let mut stats = serde_json::from_str(stats).unwrap();
            restated(&mut stats);
            action["add"]["stats"] = stats.to_string().into();
        }
        action.to_string()
    });
    fs::write(&path, lines.collect::<Vec<_>>().join("\n")).unwrap();
}

#[test]
fn numbers_beside_nan_are_found() {
    let (_root, session) = session();
    run(
        &session,
        "CREATE TABLE t (n INT, x DOUBLE, y FLOAT);
         INSERT INTO t VALUES (0, 9, 9);
         INSERT INTO t SELECT n, CAST(text AS DOUBLE), CAST(text AS FLOAT) FROM VALUES (1, '1'), (2, 'NaN') AS v(n, text);
         CREATE TABLE p USING parquet AS SELECT * FROM t",
    );
    for table in ["t", "p"] {
        counts(
            &session,
            table,
            &[("x < 5", 1), ("x = 1", 1), ("x > 5", 2), ("x > 10", 1), ("isnan(x)", 1), ("y < 5", 1), ("y > 10", 1)],
        );
        counts(&session, table, &[("x < 5 AND n = 1", 1), ("x < 5 OR n = 0", 2), ("x IS NULL", 0), ("n > 1", 1)]);
        // Bounds that are found while the query runs: the least so far, and what the other side of a join has.
        assert_eq!(rows(&session, &format!("SELECT x FROM {table} ORDER BY x LIMIT 1")), ["1.0"]);
        assert_eq!(rows(&session, &format!("SELECT x FROM {table} ORDER BY x DESC LIMIT 1")), ["NaN"]);
        let joined = format!("SELECT t.n FROM {table} AS t JOIN (VALUES (1.0D)) AS s(x) ON t.x = s.x");
        assert_eq!(rows(&session, &joined), ["1"]);
    }
}

/// Where a file has many pages, polars' bounds are wrong also for the numbers around NaN.
#[test]
fn numbers_on_a_page_with_nan_are_found() {
    let (_root, session) = session();
    run(
        &session,
        "CREATE TABLE t AS SELECT CASE id WHEN 200000 THEN CAST('NaN' AS DOUBLE) WHEN 200001 THEN -1D ELSE CAST(id % 1000 AS DOUBLE) END AS x
         FROM range(300000)",
    );
    counts(&session, "t", &[("x < 0", 1), ("x = -1", 1), ("x > 5000", 1), ("x > 998", 301)]);
    assert_eq!(rows(&session, "SELECT x FROM t ORDER BY x LIMIT 1"), ["-1.0"]);
}

#[test]
fn footers_of_other_writers_do_not_hide_nan() {
    let (root, session) = session();
    let folder = root.path().join("files");
    fs::create_dir(&folder).unwrap();
    write_with_arrow(&folder.join("a.parquet"), &[1.0, f64::NAN, 2.0]);
    write_with_arrow(&folder.join("b.parquet"), &[3.0, 4.0]);
    run(&session, &format!("CREATE TABLE f (n BIGINT, x DOUBLE) USING parquet LOCATION '{}'", folder.display()));
    counts(&session, "f", &[("x > 10", 1), ("x > 2", 3), ("x < 2", 1), ("n > 1", 1), ("n = 0 AND x < 3", 1)]);
    assert_eq!(rows(&session, "SELECT x FROM f ORDER BY x DESC LIMIT 1"), ["NaN"]);
}

#[test]
fn bounds_in_logs_of_other_writers_are_not_taken_at_their_word() {
    let (_root, session) = session();
    let large = "12345678901234567890123456789012345.67";
    run(
        &session,
        &format!(
            "CREATE TABLE t (n INT, at TIMESTAMP, x DOUBLE, d DECIMAL(38, 2));
             INSERT INTO t SELECT 1, TIMESTAMP'2024-01-31 12:00:00.000500Z', CAST('NaN' AS DOUBLE), {large}BD"
        ),
    );
    // Spark cuts times to milliseconds, delta-rs leaves NaN out, and numbers of JSON are no decimals.
    restate(&location(&session, "t"), 1, |stats| {
        let at = "2024-01-31T12:00:00.000Z";
        let d: Value = serde_json::from_str(large).unwrap();
        for bounds in ["minValues", "maxValues"] {
            stats[bounds] = json!({ "n": 1, "at": at, "x": 1.0, "d": d });
        }
    });
    let conditions = [
        ("at > TIMESTAMP'2024-01-31 12:00:00.000200Z'".to_owned(), 1),
        ("at > TIMESTAMP'2024-01-31 12:00:01Z'".to_owned(), 0),
        ("x > 5".to_owned(), 1),
        ("isnan(x)".to_owned(), 1),
        (format!("d = {large}BD"), 1),
        ("n = 1".to_owned(), 1),
    ];
    let conditions: Vec<(&str, usize)> =
        conditions.iter().map(|(condition, count)| (condition.as_str(), *count)).collect();
    counts(&session, "t", &conditions);
    for (condition, expected) in conditions {
        let changed = row(&session, &format!("UPDATE t SET n = 1 WHERE {condition}"));
        assert_eq!(changed, expected.to_string(), "{condition}");
        if expected > 0 {
            run(&session, "RESTORE TABLE t TO VERSION AS OF 1");
        }
    }
    // What is certain still rules out files.
    let plan = row(&session, "EXPLAIN SELECT * FROM t WHERE n > 1");
    assert!(!plan.contains(".parquet"), "{plan}");
}
