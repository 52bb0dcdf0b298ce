//! `UPDATE`, `DELETE` and `MERGE`: rows change, and only the files that have them are written anew.

use std::collections::BTreeSet;
use std::path::PathBuf;

use aerostat_metastore::{Snapshot, TableName};
use aerostat_session::Session;

use super::{columns, row, rows, run, session};

fn snapshot(session: &Session, table: &str) -> Snapshot {
    let info = session.metastore().table(&TableName::new("default", table)).unwrap();
    session.metastore().snapshot(&info.location.unwrap(), None).unwrap()
}

fn files(session: &Session, table: &str) -> BTreeSet<PathBuf> {
    snapshot(session, table).files.iter().map(|file| file.path.clone()).collect()
}

fn refused(session: &Session, sql: &str) -> (String, String) {
    let error = session.execute(sql).expect_err(sql);
    (error.ename(), error.render(sql))
}

/// A table in three files of three ids each: 1 to 3, 4 to 6, 7 to 9.
fn table() -> (tempfile::TempDir, Session) {
    let (root, session) = session();
    run(&session, "CREATE TABLE t (id BIGINT, name STRING, price DOUBLE)");
    for start in [1, 4, 7] {
        let values: Vec<String> = (start..start + 3).map(|id| format!("({id}, 'n{id}', {id}.5)")).collect();
        run(&session, &format!("INSERT INTO t VALUES {}", values.join(", ")));
    }
    (root, session)
}

#[test]
fn deleted_rows_are_gone_and_other_files_stay() {
    let (_root, session) = table();
    let before = files(&session, "t");
    assert_eq!(before.len(), 3);
    assert_eq!(columns(&session, "DELETE FROM t WHERE id = 100"), ["num_affected_rows"]);
    assert_eq!(files(&session, "t"), before, "nothing was to be deleted, so nothing is committed");
    assert_eq!(snapshot(&session, "t").version, 3);
    assert_eq!(row(&session, "DELETE FROM t AS x WHERE x.id BETWEEN 5 AND 6 OR x.name IS NULL"), "2");
    let after = files(&session, "t");
    assert_eq!((before.intersection(&after).count(), after.len()), (2, 3));
    assert_eq!(rows(&session, "SELECT id FROM t ORDER BY id"), ["1", "2", "3", "4", "7", "8", "9"]);
    // Files of which all rows go are not written anew.
    assert_eq!(row(&session, "DELETE FROM t WHERE id > 4"), "3");
    assert_eq!(files(&session, "t").len(), 2);
    assert!(files(&session, "t").is_subset(&after));
    assert_eq!(row(&session, "DELETE FROM t"), "4");
    assert_eq!(rows(&session, "SELECT * FROM t"), [""; 0]);
}

#[test]
fn conditions_may_ask_other_tables_and_null_is_not_true() {
    let (_root, session) = table();
    run(&session, "INSERT INTO t VALUES (NULL, 'null', NULL)");
    run(&session, "CREATE TABLE gone AS SELECT * FROM VALUES (2), (9) AS v (id)");
    assert_eq!(row(&session, "DELETE FROM t WHERE id IN (SELECT id FROM gone)"), "2");
    assert_eq!(row(&session, "DELETE FROM t WHERE id <> 1 AND price < 5"), "2");
    assert_eq!(rows(&session, "SELECT name FROM t ORDER BY id NULLS LAST"), ["n1", "n5", "n6", "n7", "n8", "null"]);
}

#[test]
fn updates_set_values_of_the_old_row_and_cast_them() {
    let (_root, session) = table();
    let before = files(&session, "t");
    let update = "UPDATE t SET name = concat(name, '!'), price = id * 2, id = id + 100 WHERE id IN (2, 3)";
    assert_eq!(row(&session, update), "2");
    assert_eq!(before.intersection(&files(&session, "t")).count(), 2);
    let expected = ["102|n2!|4.0", "103|n3!|6.0"];
    assert_eq!(rows(&session, "SELECT * FROM t WHERE id > 100 ORDER BY id"), expected);
    assert_eq!(row(&session, "SELECT count(*), sum(id) FROM t"), "9|245");
    assert_eq!(row(&session, "UPDATE t SET name = NULL"), "9");
    assert_eq!(row(&session, "SELECT count(name), count(*) FROM t"), "0|9");
    let (ename, text) = refused(&session, "UPDATE t SET nmae = 'x'");
    assert_eq!(ename, "COLUMN_NOT_FOUND");
    assert!(text.contains("  1 | UPDATE t SET nmae = 'x'\n                   ^^^^"), "{text}");
    let (ename, text) = refused(&session, "UPDATE t SET id = 1 WHERE prise > 1");
    assert_eq!(ename, "COLUMN_NOT_FOUND");
    assert!(text.contains("^^^^^") && text.contains("did you mean `price`?"), "{text}");
    assert_eq!(refused(&session, "UPDATE t SET id = 'abc'").0, "INVALID_ARGUMENT");
    assert_eq!(refused(&session, "UPDATE t SET id = 1, ID = 2").0, "COLUMN_ALREADY_EXISTS");
}

#[test]
fn partitions_are_pruned_and_values_move_between_them() {
    let (_root, session) = session();
    run(&session, "CREATE TABLE p (v INT, day STRING) PARTITIONED BY (day)");
    run(&session, "INSERT INTO p VALUES (1, 'a'), (2, 'a'), (3, 'b'), (4, NULL)");
    let before = files(&session, "p");
    assert_eq!(row(&session, "DELETE FROM p WHERE day = 'a'"), "2");
    assert!(files(&session, "p").is_subset(&before), "a partition that goes as a whole is not written");
    assert_eq!(row(&session, "UPDATE p SET day = 'c' WHERE v = 3"), "1");
    assert_eq!(row(&session, "UPDATE p SET day = 'd' WHERE day IS NULL"), "1");
    assert_eq!(rows(&session, "SELECT v, day FROM p ORDER BY v"), ["3|c", "4|d"]);
}

#[test]
fn merges_update_delete_and_insert() {
    let (_root, session) = table();
    run(
        &session,
        "CREATE TABLE s AS SELECT * FROM VALUES (1, 'one'), (2, 'two'), (20, 'new'), (21, 'skip') AS v (id, name)",
    );
    let merge = "MERGE INTO t USING s ON t.id = s.id
        WHEN MATCHED AND s.id = 2 THEN DELETE
        WHEN MATCHED THEN UPDATE SET t.name = s.name, price = t.price + 1
        WHEN NOT MATCHED AND s.name <> 'skip' THEN INSERT (id, name) VALUES (s.id, upper(name))
        WHEN NOT MATCHED BY SOURCE AND t.id = 9 THEN UPDATE SET name = 'last'";
    let names = ["num_affected_rows", "num_updated_rows", "num_deleted_rows", "num_inserted_rows"];
    assert_eq!(columns(&session, &merge.replace("t.id = s.id", "false")), names);
    run(&session, "RESTORE TABLE t TO VERSION AS OF 3");
    let before = files(&session, "t");
    assert_eq!(row(&session, merge), "4|2|1|1");
    assert_eq!(before.intersection(&files(&session, "t")).count(), 1, "the file of 4 to 6 is as it was");
    let expected = ["1|one|2.5", "3|n3|3.5", "4|n4|4.5", "5|n5|5.5", "6|n6|6.5", "7|n7|7.5", "8|n8|8.5", "9|last|9.5"];
    assert_eq!(rows(&session, "SELECT * FROM t WHERE id < 10 ORDER BY id"), expected);
    assert_eq!(row(&session, "SELECT * FROM t WHERE id >= 10"), "20|NEW|NULL");
}

#[test]
fn merges_take_all_columns_and_queries_as_sources() {
    let (_root, session) = table();
    let merge = "MERGE INTO t AS target USING (SELECT id + 5 AS ID, 'x' AS name, 0 AS price FROM t WHERE id < 6) AS new
        ON target.id = new.id WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *";
    assert_eq!(row(&session, merge), "5|4|0|1");
    assert_eq!(row(&session, "SELECT count(*), sum(price), max(id) FROM t WHERE name = 'x'"), "5|0.0|10");
    assert_eq!(row(&session, "MERGE INTO t USING t AS s ON t.id = s.id WHEN MATCHED THEN DELETE"), "10|0|10|0");
    assert_eq!(row(&session, merge), "0|0|0|0");
}

#[test]
fn a_row_that_several_rows_of_the_source_would_change_is_an_error() {
    let (_root, session) = table();
    run(&session, "CREATE TABLE s AS SELECT * FROM VALUES (1, 'a'), (1, 'b') AS v (id, name)");
    let before = snapshot(&session, "t").version;
    let (ename, text) =
        refused(&session, "MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN UPDATE SET name = s.name");
    assert_eq!(ename, "COMPUTE_ERROR");
    assert!(text.contains("several rows of the source match one row"), "{text}");
    assert_eq!(snapshot(&session, "t").version, before);
    let one = "MERGE INTO t USING s ON t.id = s.id WHEN MATCHED AND s.name = 'b' THEN UPDATE SET name = s.name";
    assert_eq!(row(&session, one), "1|1|0|0");
    assert_eq!(row(&session, "MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN DELETE"), "1|0|1|0");
    let two = "MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN DELETE WHEN MATCHED AND s.id = 1 THEN DELETE";
    assert_eq!(refused(&session, two).0, "INVALID_ARGUMENT");
}

#[test]
fn views_and_frames_are_not_changed() {
    let (_root, session) = table();
    run(&session, "CREATE VIEW v AS SELECT * FROM t");
    run(&session, "CREATE TEMPORARY VIEW w AS SELECT 1 AS id");
    for table in ["v", "w"] {
        assert_eq!(refused(&session, &format!("DELETE FROM {table}")).0, "INVALID_ARGUMENT", "{table}");
    }
    assert_eq!(refused(&session, "UPDATE nowhere SET id = 1").0, "TABLE_NOT_FOUND");
}

#[test]
fn changes_that_race_have_the_effect_of_one_after_the_other() {
    let (root, session) = session();
    run(&session, "CREATE TABLE c AS SELECT 0 AS n");
    let (writers, each) = (3, 5);
    std::thread::scope(|scope| {
        for _ in 0..writers {
            scope.spawn(|| {
                let session =
                    Session::open(root.path(), std::sync::Arc::new(aerostat_sql::Engine::new().unwrap())).unwrap();
                for _ in 0..each {
                    run(&session, "UPDATE c SET n = n + 1");
                }
            });
        }
    });
    assert_eq!(row(&session, "SELECT n FROM c"), (writers * each).to_string());
    assert_eq!(snapshot(&session, "c").version, writers * each);
}
