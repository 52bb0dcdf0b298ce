//! Processes that die, disks that are full, folders that cannot be written: a table is what it was, or what it was to
//! become, and never anything else.
//!
//! With the environment variable `AEROSTAT_TEST_FULL` the tests kill and race as often as it takes to be sure; without
//! it, as often as the ordinary run has time for.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use aerostat_metastore::Metastore;
use aerostat_session::Session;
use aerostat_sql::Engine;
use polars::prelude::*;
use tempfile::TempDir;
use uuid::Uuid;

use crate::support::{at_work, wait_until_at_work};

/// How often, in the ordinary run and in the full one.
fn times(ordinary: usize, full: usize) -> usize {
    if std::env::var_os("AEROSTAT_TEST_FULL").is_some() { full } else { ordinary }
}

fn open(root: &Path) -> Session {
    Session::open(root, Arc::new(Engine::new().unwrap())).unwrap()
}

/// A process of its own that does `work` in the metastore at `root`.
fn process(root: &Path, work: &str, times: usize) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::process_of_its_own", "--ignored", "--nocapture"])
        .env("AEROSTAT_TEST_ROOT", root)
        .env("AEROSTAT_TEST_WORK", work)
        .env("AEROSTAT_TEST_TIMES", times.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Waits for a process that must succeed.
fn succeeds(process: Child) {
    let output = process.wait_with_output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
}

#[test]
#[ignore = "a process of its own, started by other tests"]
fn process_of_its_own() {
    let Some(root) = std::env::var_os("AEROSTAT_TEST_ROOT") else { return };
    let root = Path::new(&root);
    let times: usize = std::env::var("AEROSTAT_TEST_TIMES").unwrap().parse().unwrap();
    match std::env::var("AEROSTAT_TEST_WORK").unwrap().as_str() {
        "everything" => {
            let session = open(root);
            at_work(root);
            everything(&session);
        }
        "append" => append(&open(root), times),
        "migrate" => drop(Metastore::open(root).unwrap()),
        "full disk" => full_disk(&open(root)),
        "read-only" => read_only(root),
        other => panic!("{other}"),
    }
}

fn run(session: &Session, sql: &str) {
    session.execute(sql).unwrap_or_else(|error| panic!("{}", error.render(sql)));
}

/// The numbers in the first row of a query.
fn numbers(session: &Session, sql: &str) -> Vec<i64> {
    let frame = session.sql(sql).unwrap_or_else(|error| panic!("{}", error.render(sql)));
    let number = |column: &Column| column.get(0).unwrap().try_extract::<i64>().unwrap_or(-1);
    frame.columns().iter().map(number).collect()
}

// ---------------------------------------------------------------------------------------------------------------
// Killed processes

/// Rows of one batch are saved together, rows of one overwrite have one value.
fn create(session: &Session) {
    run(session, "CREATE TABLE batches (batch STRING, n INT)");
    run(session, "CREATE TABLE same AS SELECT 0 AS value FROM range(5)");
    run(session, "CREATE TABLE parts (value INT, part INT) PARTITIONED BY (part)");
    run(session, "INSERT INTO parts SELECT 0, id % 4 FROM range(8)");
    run(session, "CREATE TABLE here AS SELECT 1 AS n");
}

/// Changes the tables in every way, until it is killed.
fn everything(session: &Session) {
    for round in 1_i32.. {
        let batch = Uuid::new_v4().to_string();
        let rows = df!("batch" => vec![batch; 10], "n" => (0..10).collect::<Vec<i32>>()).unwrap();
        session.write(rows.lazy()).mode("append").option("maxRecordsPerFile", 5).save_as_table("batches").unwrap();
        let rows = df!("value" => vec![round; 5]).unwrap();
        session.write(rows.lazy()).mode("overwrite").save_as_table("same").unwrap();
        let rows = df!("value" => vec![round; 4], "part" => [round % 4, round % 4, (round + 1) % 4, (round + 1) % 4]);
        let writer = session.write(rows.unwrap().lazy()).mode("overwrite").option("partitionOverwriteMode", "dynamic");
        writer.save_as_table("parts").unwrap();
        run(session, "UPDATE same SET value = value + 1");
        if round % 3 == 0 {
            run(session, "OPTIMIZE batches");
            run(session, "DELETE FROM batches WHERE batch IN (SELECT min(batch) FROM batches)");
        }
        for (from, to) in [("here", "there"), ("there", "here")] {
            run(session, &format!("ALTER TABLE {from} RENAME TO {to}"));
        }
        run(session, "CREATE TABLE short AS SELECT 7 AS n; DROP TABLE short; UNDROP TABLE short; DROP TABLE short");
    }
}

/// Fails unless every table is whole.
fn check(session: &Session) {
    let torn = "SELECT count(*) FROM (SELECT batch FROM batches GROUP BY batch HAVING count(*) <> 10)";
    assert_eq!(numbers(session, torn), [0], "half a batch was saved, or went");
    let same = numbers(session, "SELECT count(*), max(value) - min(value) FROM same");
    assert_eq!(same, [5, 0], "half of the rows were overwritten");
    let parts = "SELECT count(*), max(n), min(n), max(spread) FROM
        (SELECT part, count(*) AS n, max(value) - min(value) AS spread FROM parts GROUP BY part)";
    assert_eq!(numbers(session, parts), [4, 2, 2, 0], "half of a partition was overwritten");
    let tables = session.sql("SHOW TABLES").unwrap();
    let names: Vec<&str> = tables.column("tableName").unwrap().str().unwrap().iter().flatten().collect();
    let moved: Vec<&&str> = names.iter().filter(|name| ["here", "there"].contains(*name)).collect();
    assert_eq!(moved.len(), 1, "{names:?}");
    assert_eq!(numbers(session, &format!("SELECT n FROM {}", moved[0])), [1]);
    if names.contains(&"short") {
        assert_eq!(numbers(session, "SELECT n FROM short"), [7]);
    }
    let damage: Vec<_> = session.metastore().check().unwrap().into_iter().filter(|it| it.is_damage).collect();
    assert!(damage.is_empty(), "{damage:?}");
}

#[test]
fn killed_sessions_leave_whole_tables() {
    let root = TempDir::new().unwrap();
    create(&open(root.path()));
    let session = open(root.path());
    let (kills, started) = (times(6, 200), Instant::now());
    for kill in 0..kills {
        let mut child = process(root.path(), "everything", 0);
        // Not the same moments in each run.
        wait_until_at_work(root.path());
        std::thread::sleep(Duration::from_millis(Uuid::new_v4().as_u64_pair().0 % 600));
        child.kill().unwrap();
        child.wait().unwrap();
        check(&session);
        check(&open(root.path()));
        if kill % 10 == 9 {
            run(&session, "SET spark.databricks.delta.retentionDurationCheck.enabled = false");
            for table in ["batches", "same", "parts"] {
                run(&session, &format!("VACUUM {table} RETAIN 0 HOURS"));
            }
            check(&session);
        }
    }
    let history = session.sql("DESCRIBE HISTORY same").unwrap();
    println!("{kills} kills, {} versions of one table, {:?}", history.height(), started.elapsed());
    // A process that is killed early on a busy machine has not committed anything.
    assert!(2 * history.height() > kills, "only {} commits: the processes did not get to work", history.height());
}

#[test]
fn a_killed_migration_leaves_a_metastore_that_opens() {
    for _ in 0..times(5, 60) {
        let root = TempDir::new().unwrap();
        first_layout(root.path());
        let mut child = process(root.path(), "migrate", 0);
        std::thread::sleep(Duration::from_millis(Uuid::new_v4().as_u64_pair().0 % 60));
        child.kill().unwrap();
        child.wait().unwrap();
        let metastore = Metastore::open(root.path()).unwrap();
        assert_eq!(metastore.schema("old").unwrap().comment.as_deref(), Some("from before"));
        assert!(layout(&root.path().join("metastore.sqlite")) > 1);
    }
}

/// A metastore as the first version of Aerostat wrote it, with a schema of its own.
fn first_layout(root: &Path) {
    let file = rusqlite::Connection::open(root.join("metastore.sqlite")).unwrap();
    file.execute_batch(include_str!("../kernel/metastore/src/database/0001_names.sql")).unwrap();
    file.pragma_update(None, "application_id", 0x4165_726f).unwrap();
    file.pragma_update(None, "user_version", 1).unwrap();
    file.execute(
        "INSERT INTO schemas (name, key, comment, location, owner, created_at)
         VALUES ('old', 'old', 'from before', 'warehouse/old.db', '', 0)",
        [],
    )
    .unwrap();
}

fn layout(path: &Path) -> i64 {
    let file = rusqlite::Connection::open(path).unwrap();
    file.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
}

#[test]
fn an_upgrade_keeps_a_copy_of_what_was() {
    let root = TempDir::new().unwrap();
    first_layout(root.path());
    let metastore = Metastore::open(root.path()).unwrap();
    assert_eq!(metastore.schemas().unwrap().len(), 2);
    let copy = root.path().join("metastore.sqlite.layout-1");
    assert_eq!(layout(&copy), 1);
    let file = rusqlite::Connection::open(&copy).unwrap();
    let names: i64 = file.query_row("SELECT count(*) FROM schemas", [], |row| row.get(0)).unwrap();
    assert_eq!(names, 2, "the default schema and the one of before");
    drop(metastore);
    let newest = layout(&root.path().join("metastore.sqlite"));
    Metastore::open(root.path()).unwrap();
    assert_eq!(layout(&root.path().join("metastore.sqlite")), newest, "upgraded once");
    let copies = fs::read_dir(root.path()).unwrap().flatten().map(|entry| entry.file_name().into_string().unwrap());
    assert_eq!(copies.filter(|name| name.contains("layout-")).count(), 1);
}

// ---------------------------------------------------------------------------------------------------------------
// Processes that race

fn append(session: &Session, times: usize) {
    for _ in 0..times {
        let batch = Uuid::new_v4().to_string();
        let rows = df!("batch" => vec![batch; 10], "n" => (0..10).collect::<Vec<i32>>()).unwrap();
        session.write(rows.lazy()).mode("append").option("maxRecordsPerFile", 5).save_as_table("batches").unwrap();
    }
}

#[test]
fn appends_of_eight_processes_are_all_there() {
    let root = TempDir::new().unwrap();
    let session = open(root.path());
    run(&session, "CREATE TABLE batches (batch STRING, n INT)");
    let (processes, each) = (8, times(5, 50));
    let mut writers: Vec<Child> = (0..processes).map(|_| process(root.path(), "append", each)).collect();
    let torn = "SELECT count(*) FROM (SELECT batch FROM batches GROUP BY batch HAVING count(*) <> 10)";
    let mut seen = 0;
    while writers.iter_mut().any(|writer| writer.try_wait().unwrap().is_none()) {
        assert_eq!(numbers(&session, torn), [0], "a reader saw half a commit");
        let now = numbers(&session, "SELECT count(*) FROM batches")[0];
        assert!(now >= seen, "rows that a reader saw are gone");
        seen = now;
    }
    writers.into_iter().for_each(succeeds);
    let commits = processes * each;
    assert_eq!(
        numbers(&session, "SELECT count(*), count(DISTINCT batch) FROM batches"),
        [10 * commits as i64, commits as i64]
    );
    assert_eq!(session.sql("DESCRIBE HISTORY batches").unwrap().height(), commits + 1, "one version for each");
    println!("{commits} commits of {processes} processes");
}

/// Does both at once, each in a session of its own.
fn race(root: &Path, one: impl FnOnce(&Session) + Send, other: impl FnOnce(&Session) + Send) {
    let start = std::sync::Barrier::new(2);
    let (first, second) = (open(root), open(root));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            start.wait();
            one(&first);
        });
        scope.spawn(|| {
            start.wait();
            other(&second);
        });
    });
}

#[test]
fn overwrites_that_race_have_one_of_the_serial_results() {
    for round in 0..times(4, 50) {
        let root = TempDir::new().unwrap();
        let session = open(root.path());
        run(&session, "CREATE TABLE t AS SELECT 1 AS n; CREATE TABLE u AS SELECT 1 AS n");
        race(
            root.path(),
            |session| run(session, "INSERT OVERWRITE t SELECT 2 FROM range(3)"),
            |session| run(session, "INSERT OVERWRITE t SELECT 3 FROM range(4)"),
        );
        let outcome = numbers(&session, "SELECT min(n), max(n), count(*) FROM t");
        assert!(outcome == [2, 2, 3] || outcome == [3, 3, 4], "round {round}: {outcome:?}");
        race(
            root.path(),
            |session| run(session, "INSERT OVERWRITE u VALUES (5)"),
            |session| run(session, "INSERT INTO u VALUES (6)"),
        );
        let outcome = numbers(&session, "SELECT sum(n) FROM u");
        assert!(outcome == [5] || outcome == [11], "round {round}: {outcome:?}");
    }
}

#[test]
fn definitions_that_race_have_one_winner_and_clear_errors() {
    for _ in 0..times(3, 30) {
        let root = TempDir::new().unwrap();
        let session = open(root.path());
        run(&session, "CREATE TABLE a AS SELECT 1 AS n");
        let outcomes = std::sync::Mutex::new(Vec::new());
        let attempt = |sql: &'static str| {
            let outcomes = &outcomes;
            move |session: &Session| {
                outcomes.lock().unwrap().push(session.execute(sql).map(drop).map_err(|e| e.ename()))
            }
        };
        race(root.path(), attempt("CREATE TABLE t AS SELECT 1 AS n"), attempt("CREATE TABLE t AS SELECT 2 AS n"));
        race(root.path(), attempt("ALTER TABLE a RENAME TO b"), attempt("ALTER TABLE a RENAME TO c"));
        race(root.path(), attempt("DROP TABLE t"), attempt("DROP TABLE t"));
        let outcomes = outcomes.into_inner().unwrap();
        for (pair, ename) in outcomes.chunks(2).zip(["TABLE_ALREADY_EXISTS", "TABLE_NOT_FOUND", "TABLE_NOT_FOUND"]) {
            let lost: Vec<&String> = pair.iter().filter_map(|outcome| outcome.as_ref().err()).collect();
            assert_eq!(lost, [ename], "{outcomes:?}");
        }
        assert_eq!(session.sql("SHOW TABLES").unwrap().height(), 1);
    }
}

// ---------------------------------------------------------------------------------------------------------------
// Disks

#[test]
fn a_full_disk_leaves_the_table_as_it_was() {
    let root = TempDir::new().unwrap();
    let session = open(root.path());
    run(&session, "CREATE TABLE t AS SELECT 1 AS n");
    succeeds(process(root.path(), "full disk", 0));
    assert_eq!(numbers(&session, "SELECT count(*), sum(n) FROM t"), [1, 1]);
    assert_eq!(data_files(&root.path().join("warehouse/t")), 1, "what was begun is removed");
}

fn data_files(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path());
    entries.filter(|path| path.extension().is_some_and(|it| it == "parquet")).count()
}

/// Writes more than the process may write into one file.
fn full_disk(session: &Session) {
    let limit = libc::rlimit { rlim_cur: 100_000, rlim_max: libc::RLIM_INFINITY };
    // SAFETY: the limit is a plain struct, and a signal is ignored that nothing here handles.
    unsafe {
        libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
        assert_eq!(libc::setrlimit(libc::RLIMIT_FSIZE, &limit), 0);
    }
    let numbers: Vec<i32> = (0..200_000_i32).map(|n| n.wrapping_mul(0x9E37_79B9_u32.cast_signed())).collect();
    let rows = df!("n" => numbers).unwrap().lazy();
    let error = session.write(rows).mode("append").save_as_table("t").unwrap_err();
    assert_eq!(error.ename(), "IO_ERROR", "{error}");
    assert!(error.message().contains("File too large"), "{error}");
}

#[test]
fn a_read_only_folder_leaves_the_table_as_it_was() {
    let root = TempDir::new().unwrap();
    let session = open(root.path());
    run(&session, "CREATE TABLE t AS SELECT 1 AS n");
    let mode = |path: &Path, mode: u32| {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    for path in ["", "metastore.sqlite", "metastore.sqlite-wal", "metastore.sqlite-shm"] {
        mode(&root.path().join(path), 0o777);
    }
    mode(&root.path().join("warehouse/t"), 0o555);
    mode(&root.path().join("warehouse/t/_delta_log"), 0o555);
    succeeds(process(root.path(), "read-only", 0));
    mode(&root.path().join("warehouse/t"), 0o755);
    mode(&root.path().join("warehouse/t/_delta_log"), 0o755);
    assert_eq!(numbers(&session, "SELECT count(*), sum(n) FROM t"), [1, 1]);
}

fn read_only(root: &Path) {
    // SAFETY: the process is this test's own, and becomes one that may do less: to root nothing is read-only.
    unsafe {
        if libc::geteuid() == 0 {
            assert_eq!((libc::setgid(65_534), libc::setuid(65_534)), (0, 0));
        }
    }
    let session = open(root);
    assert_eq!(numbers(&session, "SELECT n FROM t"), [1], "it can be read");
    for statement in ["INSERT INTO t VALUES (2)", "DELETE FROM t", "UPDATE t SET n = 3"] {
        let error = session.execute(statement).unwrap_err();
        assert_eq!(error.ename(), "IO_ERROR", "{statement}: {error}");
        assert!(error.message().contains("Permission denied"), "{statement}: {error}");
    }
}

// ---------------------------------------------------------------------------------------------------------------
// Damage

#[test]
fn damage_is_found_and_not_repaired() {
    let root = TempDir::new().unwrap();
    let session = open(root.path());
    run(
        &session,
        "CREATE TABLE t AS SELECT 1 AS n; CREATE TABLE u AS SELECT 1 AS n; CREATE TABLE whole AS SELECT 1 AS n",
    );
    assert_eq!(session.metastore().check().unwrap(), []);
    fs::create_dir(root.path().join("warehouse/interrupted")).unwrap();
    let lost = fs::read_dir(root.path().join("warehouse/t")).unwrap().flatten().map(|entry| entry.path());
    let lost = lost.into_iter().find(|path| path.extension().is_some_and(|it| it == "parquet")).unwrap();
    fs::remove_file(&lost).unwrap();
    let entry = root.path().join("warehouse/u/_delta_log/00000000000000000000.json");
    fs::write(&entry, "{\"add\":").unwrap();
    let findings = open(root.path()).metastore().check().unwrap();
    let places: Vec<(&str, bool)> = findings.iter().map(|it| (it.place.as_str(), it.is_damage)).collect();
    let folder = root.path().canonicalize().unwrap().join("warehouse/interrupted");
    let expected = [("default.t", true), ("default.u", true), (folder.to_str().unwrap(), false)];
    assert_eq!(places, expected, "{findings:?}");
    assert_eq!(fs::read_to_string(&entry).unwrap(), "{\"add\":", "nothing is repaired");
    assert!(!lost.exists());
}
