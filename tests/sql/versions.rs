//! Versions of tables: time travel, history, restoring, tidying up, and dropped tables that come back.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use aerostat_metastore::{Snapshot, TableName};
use aerostat_session::Session;

use super::{columns, row, rows, run, session};

fn snapshot(session: &Session, table: &str) -> Snapshot {
    let info = session.metastore().table(&TableName::new("default", table)).unwrap();
    session.metastore().snapshot(&info.location.unwrap(), None).unwrap()
}

fn refused(session: &Session, sql: &str) -> String {
    session.execute(sql).expect_err(sql).ename()
}

/// A table of which version `n` has the rows 1 to `n`.
fn table(versions: i64) -> (tempfile::TempDir, Session) {
    let (root, session) = session();
    run(&session, "CREATE TABLE t (id INT)");
    for id in 1..=versions {
        run(&session, &format!("INSERT INTO t VALUES ({id})"));
    }
    (root, session)
}

/// Gives a version's entry in the log the time it was committed at.
fn committed_at(location: &Path, version: i64, millis: i64) {
    let path = location.join(format!("_delta_log/{version:020}.json"));
    let text = fs::read_to_string(&path).unwrap();
    let (start, end) = {
        let at = text.find("\"timestamp\":").unwrap() + 12;
        (at, at + text[at..].find([',', '}']).unwrap())
    };
    fs::write(&path, format!("{}{millis}{}", &text[..start], &text[end..])).unwrap();
}

#[test]
fn a_table_is_read_as_it_was() {
    let (_root, session) = table(3);
    let location = snapshot(&session, "t").location;
    // 2024-01-01, 02, 03 and 04, all at noon.
    for version in 0..=3 {
        committed_at(&location, version, 1_704_110_400_000 + version * 86_400_000);
    }
    let count = |table: &str| row(&session, &format!("SELECT count(*) FROM {table}"));
    for (table, expected) in [
        ("t", "3"),
        ("t VERSION AS OF 1", "1"),
        ("t FOR VERSION AS OF 0", "0"),
        ("t@v2", "2"),
        ("default.t@v2", "2"),
        ("t TIMESTAMP AS OF '2024-01-03 12:00:00'", "2"),
        ("t TIMESTAMP AS OF '2024-01-03'", "1"),
        ("t@20240103120000000", "2"),
        ("t TIMESTAMP AS OF '2024-01-03' AS x WHERE x.id = 1", "1"),
        ("t VERSION AS OF 2 WHERE t.id = 2", "1"),
        ("t TIMESTAMP AS OF date_add(DATE '2024-01-02', 1)", "1"),
        ("t TIMESTAMP AS OF TIMESTAMP '2024-01-02 12:00:00' + INTERVAL 24 HOURS", "2"),
        ("t TIMESTAMP AS OF to_timestamp('20240102 13', 'yyyyMMdd HH') AS x WHERE x.id = 1", "1"),
    ] {
        assert_eq!(count(table), expected, "{table}");
    }
    let then = "CREATE TEMPORARY FUNCTION then() RETURNS BIGINT
        RETURN SELECT count(*) FROM t TIMESTAMP AS OF date_add(DATE '2024-01-02', 1)";
    session.execute(then).unwrap();
    assert_eq!(row(&session, "SELECT then()"), "1");
    let both = "SELECT count(*) FROM t JOIN t VERSION AS OF 1 AS old ON t.id = old.id";
    assert_eq!(row(&session, both), "1");
    assert_eq!(refused(&session, "SELECT * FROM t VERSION AS OF 7"), "VERSION_NOT_FOUND");
    assert_eq!(refused(&session, "SELECT * FROM t TIMESTAMP AS OF '2023-12-31'"), "VERSION_NOT_FOUND");
    assert_eq!(refused(&session, "SELECT * FROM t TIMESTAMP AS OF '2999-12-31'"), "VERSION_NOT_FOUND");
    assert_eq!(
        refused(&session, "SELECT * FROM t TIMESTAMP AS OF current_date() + INTERVAL 9 YEARS"),
        "VERSION_NOT_FOUND"
    );
    assert_eq!(refused(&session, "SELECT * FROM t TIMESTAMP AS OF to_date('soon')"), "INVALID_ARGUMENT");
    let frame =
        |name: &str, value: &str| session.read().option(name, value).table("t").and_then(|t| session.collect(t));
    assert_eq!(frame("versionAsOf", "2").unwrap().height(), 2);
    assert_eq!(frame("timestampAsOf", "2024-01-02 13:00:00").unwrap().height(), 1);
    assert_eq!(session.collect(session.table("t@v1").unwrap()).unwrap().height(), 1);
    assert_eq!(frame("versionAsOf", "x").unwrap_err().ename(), "INVALID_ARGUMENT");
    // Noon in UTC is four in the morning in Los Angeles, and later by the clocks of Tokyo.
    run(&session, "SET TIME ZONE 'America/Los_Angeles'");
    assert_eq!(count("t TIMESTAMP AS OF '2024-01-03 04:00:00'"), "2");
    assert_eq!(count("t TIMESTAMP AS OF '2024-01-03 03:59:59'"), "1");
    assert_eq!(count("t@20240103035959000"), "1");
    assert_eq!(count("t TIMESTAMP AS OF '2024-01-03T12:00:00Z'"), "2");
    assert_eq!(frame("timestampAsOf", "2024-01-03 04:00:00").unwrap().height(), 2);
    run(&session, "SET TIME ZONE 'Asia/Tokyo'");
    assert_eq!(count("t TIMESTAMP AS OF '2024-01-03 12:00:00'"), "1");
    assert_eq!(count("t TIMESTAMP AS OF '2024-01-03 21:00:00'"), "2");
    run(&session, "RESTORE TABLE t TO TIMESTAMP AS OF '2024-01-03 20:59:59'");
    assert_eq!(count("t"), "1");
}

#[test]
fn history_and_detail_have_deltas_columns() {
    let (_root, session) = table(1);
    run(&session, "DELETE FROM t WHERE id = 1");
    let names = [
        "version",
        "timestamp",
        "userId",
        "userName",
        "operation",
        "operationParameters",
        "job",
        "notebook",
        "clusterId",
        "readVersion",
        "isolationLevel",
        "isBlindAppend",
        "operationMetrics",
        "userMetadata",
        "engineInfo",
    ];
    assert_eq!(columns(&session, "DESCRIBE HISTORY t"), names);
    let history = session.sql("DESCRIBE HISTORY t").unwrap();
    let operations: Vec<&str> = history.column("operation").unwrap().str().unwrap().iter().flatten().collect();
    assert_eq!(operations, ["DELETE", "WRITE", "CREATE TABLE"]);
    assert_eq!(session.sql("DESCRIBE HISTORY t LIMIT 1").unwrap().height(), 1);
    let metrics = history.column("operationMetrics").unwrap().get(0).unwrap().to_string();
    assert!(metrics.contains("numDeletedRows"), "{metrics}");
    let names = [
        "format",
        "id",
        "name",
        "description",
        "location",
        "createdAt",
        "lastModified",
        "partitionColumns",
        "clusteringColumns",
        "numFiles",
        "sizeInBytes",
        "properties",
        "minReaderVersion",
        "minWriterVersion",
        "tableFeatures",
    ];
    assert_eq!(columns(&session, "DESCRIBE DETAIL t"), names);
    run(&session, "INSERT INTO t VALUES (5)");
    let detail = session.sql("DESCRIBE DETAIL t").unwrap();
    let text = |column: &str| detail.column(column).unwrap().get(0).unwrap().str_value().into_owned();
    let files = snapshot(&session, "t").files;
    assert_eq!((text("format"), text("name")), ("delta".into(), "spark_catalog.default.t".into()));
    assert_eq!((text("numFiles"), text("sizeInBytes")), ("1".into(), files[0].size.to_string()));
}

#[test]
fn a_table_is_restored_as_a_new_version() {
    let (_root, session) = table(3);
    run(&session, "ALTER TABLE t ADD COLUMNS (name STRING)");
    let names = [
        "table_size_after_restore",
        "num_of_files_after_restore",
        "num_removed_files",
        "num_restored_files",
        "removed_files_size",
        "restored_files_size",
    ];
    let size = |version: i64| -> u64 {
        let location = snapshot(&session, "t").location;
        session.metastore().snapshot(&location, Some(version)).unwrap().files.iter().map(|file| file.size).sum()
    };
    let (one, three) = (size(1), size(3));
    assert_eq!(columns(&session, "RESTORE TABLE t TO VERSION AS OF 3"), names);
    assert_eq!(row(&session, "RESTORE t TO VERSION AS OF 1"), format!("{one}|1|2|0|{}|0", three - one));
    assert_eq!(rows(&session, "SELECT * FROM t"), ["1"], "the columns are those of then");
    assert_eq!(row(&session, "RESTORE t TO VERSION AS OF 4"), format!("{three}|3|0|2|0|{}", three - one));
    assert_eq!(rows(&session, "SELECT * FROM t ORDER BY id"), ["1|NULL", "2|NULL", "3|NULL"]);
    assert_eq!(snapshot(&session, "t").version, 7);
    assert_eq!(refused(&session, "RESTORE TABLE t TO VERSION AS OF 70"), "VERSION_NOT_FOUND");
}

#[test]
fn optimize_makes_few_files_of_many_and_keeps_the_rows() {
    let (_root, session) = session();
    run(&session, "CREATE TABLE t (id INT, day STRING) PARTITIONED BY (day)");
    for id in 0..6 {
        run(&session, &format!("INSERT INTO t VALUES ({id}, 'a'), ({id}, 'b')"));
    }
    assert_eq!(columns(&session, "OPTIMIZE t WHERE day = 'c'"), ["path", "metrics"]);
    run(&session, "OPTIMIZE t WHERE day = 'a'");
    assert_eq!(snapshot(&session, "t").files.len(), 7);
    assert_eq!(refused(&session, "OPTIMIZE t WHERE id = 1"), "COLUMN_NOT_FOUND");
    let before = snapshot(&session, "t").version;
    run(&session, "OPTIMIZE t");
    assert_eq!(snapshot(&session, "t").files.len(), 2);
    run(&session, "OPTIMIZE t");
    assert_eq!(snapshot(&session, "t").version, before + 1, "there is nothing left to do");
    let expected: Vec<String> = (0..6).flat_map(|id| [format!("{id}|a"), format!("{id}|b")]).collect();
    assert_eq!(rows(&session, "SELECT * FROM t ORDER BY id, day"), expected);
}

#[test]
fn z_order_puts_rows_together_that_are_near_in_all_columns() {
    let (_root, session) = session();
    run(&session, "CREATE TABLE z AS SELECT x.id AS x, y.id AS y FROM range(16) AS x CROSS JOIN range(16) AS y");
    run(&session, "OPTIMIZE z ZORDER BY (x, y)");
    let order = rows(&session, "SELECT x, y FROM z");
    assert_eq!(order.len(), 256);
    // Each aligned block of 16 rows on the curve is a square of 4 by 4.
    for block in order.chunks(16) {
        let pairs: Vec<(i64, i64)> = block
            .iter()
            .map(|row| row.split_once('|').map(|(x, y)| (x.parse().unwrap(), y.parse().unwrap())).unwrap())
            .collect();
        let span =
            |of: &dyn Fn(&(i64, i64)) -> i64| pairs.iter().map(of).max().unwrap() - pairs.iter().map(of).min().unwrap();
        assert_eq!((span(&|pair| pair.0), span(&|pair| pair.1)), (3, 3), "{block:?}");
    }
    assert_eq!(refused(&session, "OPTIMIZE z ZORDER BY (nowhere)"), "COLUMN_NOT_FOUND");
}

/// Makes a file look as if it had been written long ago.
fn age(path: &Path) {
    let file = fs::File::options().write(true).open(path).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(40 * 24 * 3600)).unwrap();
}

#[test]
fn vacuum_removes_what_no_version_needs_any_more() {
    let (_root, session) = table(2);
    let location = snapshot(&session, "t").location;
    let current: Vec<PathBuf> = snapshot(&session, "t").files.iter().map(|file| file.path.clone()).collect();
    let orphan = location.join("part-orphan.parquet");
    let staged = location.join("_delta_log/_commit_1.json.tmp");
    for path in [&orphan, &staged] {
        fs::write(path, "x").unwrap();
    }
    assert_eq!(rows(&session, "VACUUM t DRY RUN"), [""; 0], "it may belong to a write that goes on");
    for path in current.iter().chain([&orphan, &staged]) {
        age(path);
    }
    run(&session, "DELETE FROM t WHERE id = 1");
    let left = rows(&session, "VACUUM t DRY RUN");
    assert_eq!(left, [staged.display().to_string(), orphan.display().to_string()]);
    assert!(orphan.exists());
    assert_eq!(refused(&session, "VACUUM t RETAIN 1 HOURS"), "INVALID_ARGUMENT");
    assert_eq!(row(&session, "VACUUM t"), location.display().to_string());
    assert!(!orphan.exists() && !staged.exists());
    assert!(current.iter().all(|path| path.exists()), "the deleted row's file is kept for a week");
    assert_eq!(row(&session, "SELECT count(*) FROM t VERSION AS OF 2"), "2");
    run(&session, "SET spark.databricks.delta.retentionDurationCheck.enabled = false");
    run(&session, "VACUUM t RETAIN 0 HOURS");
    assert_eq!(current.iter().filter(|path| path.exists()).count(), 1);
    assert_eq!(rows(&session, "SELECT id FROM t"), ["2"]);
    assert_eq!(refused(&session, "RESTORE t TO VERSION AS OF 2"), "FILE_NOT_FOUND");
}

#[test]
fn dropped_tables_come_back() {
    let (_root, session) = table(2);
    run(&session, "DROP TABLE t");
    run(&session, "CREATE TABLE t AS SELECT 'other' AS name");
    run(&session, "DROP TABLE t");
    let shown = session.sql("SHOW TABLES DROPPED IN default").unwrap();
    assert_eq!(shown.height(), 2);
    let ids: Vec<String> =
        shown.column("tableId").unwrap().str().unwrap().iter().flatten().map(str::to_owned).collect();
    run(&session, "UNDROP TABLE t");
    assert_eq!(rows(&session, "SELECT * FROM t"), ["other"], "the one that was dropped last");
    assert_eq!(refused(&session, "UNDROP TABLE t"), "TABLE_ALREADY_EXISTS");
    run(&session, "ALTER TABLE t RENAME TO u");
    run(&session, &format!("UNDROP TABLE WITH ID '{}'", ids[1]));
    assert_eq!(rows(&session, "SELECT * FROM t ORDER BY id"), ["1", "2"]);
    assert_eq!(refused(&session, "UNDROP TABLE nowhere"), "TABLE_NOT_FOUND");
    run(&session, "INSERT INTO t VALUES (3)");
    assert_eq!(rows(&session, "SHOW TABLES DROPPED"), [""; 0]);
}
