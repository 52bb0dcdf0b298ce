//! Files that become tables, and rows that are many.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};

use aerostat_session::Session;
use polars::prelude::*;

use super::{columns, row, rows, run, session};

fn refused(session: &Session, sql: &str) -> (String, String) {
    let error = session.execute(sql).expect_err(sql);
    (error.ename(), error.render(sql))
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

#[test]
fn files_are_loaded_once() {
    let (_root, session) = session();
    let folder = tempfile::tempdir().unwrap();
    let from = folder.path().display().to_string();
    write(folder.path(), "a.csv", "id,name\n1,x\n2,y\n");
    write(folder.path(), "deep/b.csv", "id,name\n3,z\n");
    run(&session, "CREATE TABLE t (id INT, name STRING, n INT DEFAULT 7)");
    let copy = format!("COPY INTO t FROM '{from}' FILEFORMAT = CSV FORMAT_OPTIONS ('header' = 'true')");
    assert_eq!(columns(&session, &copy), ["num_affected_rows", "num_inserted_rows", "num_skipped_corrupt_files"]);
    assert_eq!(rows(&session, "SELECT * FROM t ORDER BY id"), ["1|x|7", "2|y|7", "3|z|7"]);
    assert_eq!(row(&session, &copy), "0|0|0");
    // A file that has been loaded is passed over, also if it has changed; what is new comes.
    write(folder.path(), "a.csv", "id,name\n9,w\n");
    write(folder.path(), "c.csv", "id,name\n4,v\n");
    assert_eq!(row(&session, &copy), "1|1|0");
    // The log remembers across its checkpoints.
    for id in 100..112 {
        run(&session, &format!("INSERT INTO t (id) VALUES ({id})"));
    }
    assert_eq!(row(&session, &copy), "0|0|0");
    assert_eq!(row(&session, "SELECT count(*) FROM t WHERE id < 100"), "4");
    assert_eq!(row(&session, &format!("{copy} COPY_OPTIONS ('force' = 'true')")), "3|3|0");
    write(folder.path(), "e.csv", "id,name\n6,u\n");
    assert_eq!(row(&session, &format!("{copy} COPY_OPTIONS ('force' = 'true')")), "4|4|0");
    assert_eq!(row(&session, &copy), "0|0|0", "what is new has been loaded, too");

    // Some of the files, and what is made of them.
    run(&session, "CREATE TABLE u (key BIGINT, label STRING)");
    let made = format!("(SELECT id * 10 AS key, upper(name) FROM '{from}' WHERE id > 3)");
    let options =
        "FILEFORMAT = CSV FILES = ('a.csv', 'c.csv') FORMAT_OPTIONS ('header' = 'true', 'inferSchema' = 'true')";
    assert_eq!(row(&session, &format!("COPY INTO u (key, label) FROM {made} {options}")), "2|2|0");
    assert_eq!(rows(&session, "SELECT * FROM u ORDER BY key"), ["40|V", "90|W"]);
    run(&session, "CREATE TABLE w (id INT)");
    let some =
        format!("COPY INTO w FROM '{from}' FILEFORMAT = CSV PATTERN = 'deep/*.csv' FORMAT_OPTIONS ('header' = 'true')");
    let (ename, text) = refused(&session, &some);
    assert_eq!(ename, "INVALID_ARGUMENT");
    assert!(text.contains("`name`") && text.contains("mergeSchema"), "{text}");
    assert_eq!(row(&session, &format!("{some} COPY_OPTIONS ('mergeSchema' = 'true')")), "1|1|0");
    assert_eq!(rows(&session, "SELECT id, name FROM w"), ["3|z"]);

    write(folder.path(), "rows.json", "{\"id\": 5, \"name\": \"q\"}\n");
    assert_eq!(row(&session, &format!("COPY INTO t FROM '{from}/*.json' FILEFORMAT = JSON")), "1|1|0");
    assert_eq!(row(&session, "SELECT name FROM t WHERE id = 5"), "q");
    assert_eq!(
        refused(&session, &format!("COPY INTO t FROM '{from}' FILEFORMAT = CSV FILES = ('d.csv')")).0,
        "FILE_NOT_FOUND"
    );
    run(&session, "CREATE TABLE plain (id INT) USING parquet");
    assert_eq!(refused(&session, &format!("COPY INTO plain FROM '{from}' FILEFORMAT = CSV")).0, "NOT_SUPPORTED");
}

#[test]
fn files_are_loaded_once_by_all_that_load_them_at_once() {
    let (root, session) = session();
    let folder = tempfile::tempdir().unwrap();
    let copy = format!("COPY INTO t FROM '{}' FILEFORMAT = JSON", folder.path().display());
    run(&session, "CREATE TABLE t (id INT)");
    let (loaders, rounds) = (3, 8);
    let start = Barrier::new(loaders);
    std::thread::scope(|scope| {
        for loader in 0..loaders {
            let (start, copy, folder) = (&start, &copy, folder.path());
            let session = Session::open(root.path(), Arc::new(aerostat_sql::Engine::new().unwrap())).unwrap();
            scope.spawn(move || {
                for round in 0..rounds {
                    if loader == 0 {
                        write(folder, &format!("{round}.json"), "{\"id\": 7}\n");
                    }
                    start.wait();
                    if let Err(error) = session.execute(copy) {
                        assert_eq!(error.ename(), "CONFLICT", "{error}");
                    }
                    start.wait();
                }
            });
        }
    });
    assert_eq!(row(&session, "SELECT count(*) FROM t"), rounds.to_string());
}

#[test]
fn files_of_parquet_get_a_log() {
    let (_root, session) = session();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("files").display().to_string();
    run(
        &session,
        &format!(
            "CREATE EXTERNAL TABLE p (id INT, name STRING, year INT) STORED AS PARQUET PARTITIONED BY (year) LOCATION '{path}';
             INSERT INTO p VALUES (1, 'a', 2023), (2, NULL, 2024), (3, 'c', NULL)"
        ),
    );
    run(&session, "CONVERT TO DELTA p");
    assert_eq!(rows(&session, "SELECT * FROM p ORDER BY id"), ["1|a|2023", "2|NULL|2024", "3|c|NULL"]);
    assert_eq!(rows(&session, "SELECT id FROM p WHERE year = 2024"), ["2"]);
    run(&session, "UPDATE p SET name = 'b' WHERE id = 2; INSERT INTO p VALUES (4, 'd', 2023); CONVERT TO DELTA p");
    assert_eq!(row(&session, "SELECT count(*), max(name) FROM p"), "4|d");
    assert_eq!(row(&session, "SELECT count(*) FROM p VERSION AS OF 0"), "3");
    let plan = row(&session, "EXPLAIN SELECT * FROM p WHERE id > 3");
    assert_eq!(plan.matches(".parquet").count(), 1, "{plan}");

    let other = folder.path().join("other").display().to_string();
    run(&session, &format!("INSERT OVERWRITE DIRECTORY '{other}' USING parquet SELECT 1 AS a, 'x' AS b"));
    run(&session, &format!("CONVERT TO DELTA parquet.`{other}` NO STATISTICS"));
    assert_eq!(row(&session, &format!("SELECT * FROM delta.`{other}`")), "1|x");
    run(&session, &format!("CREATE TABLE d USING delta LOCATION '{other}'; INSERT INTO d VALUES (2, 'y')"));
    assert_eq!(row(&session, "SELECT sum(a) FROM d"), "3");

    let (ename, text) = refused(&session, &format!("CONVERT TO DELTA parquet.`{path}x` PARTITIONED BY (year INT)"));
    assert_eq!(ename, "FILE_NOT_FOUND", "{text}");
    run(&session, "CREATE TABLE c (a INT) USING csv");
    assert_eq!(refused(&session, "CONVERT TO DELTA c").0, "NOT_SUPPORTED");
}

#[test]
fn numbers_that_mean_something_else_in_files_give_no_bounds() {
    let (_root, session) = session();
    let folder = tempfile::tempdir().unwrap();
    let noon = 1_706_702_400_i64;
    let mut frame = df!("id" => [1_i64], "millis" => [noon * 1_000], "nanos" => [noon * 1_000_000_000], "many" => [4_000_000_000_u32])
        .unwrap()
        .lazy()
        .with_columns([
            col("millis").cast(DataType::Datetime(TimeUnit::Milliseconds, None)),
            col("nanos").cast(DataType::Datetime(TimeUnit::Nanoseconds, None)),
        ])
        .collect()
        .unwrap();
    ParquetWriter::new(fs::File::create(folder.path().join("a.parquet")).unwrap()).finish(&mut frame).unwrap();
    let columns = "id BIGINT, millis TIMESTAMP_NTZ, nanos TIMESTAMP_NTZ, many BIGINT";
    run(&session, &format!("CREATE TABLE p ({columns}) USING parquet LOCATION '{}'", folder.path().display()));
    run(&session, "CONVERT TO DELTA p");
    let at = "TIMESTAMP_NTZ'2024-01-31 12:00:00'";
    for (column, value) in [("millis", at), ("nanos", at), ("many", "4000000000"), ("id", "1")] {
        assert_eq!(row(&session, &format!("SELECT count(*) FROM p WHERE {column} = {value}")), "1", "{column}");
    }
    let plan = row(&session, "EXPLAIN SELECT * FROM p WHERE id > 1");
    assert!(!plan.contains(".parquet"), "{plan}");
}

/// More than is kept in memory.
#[test]
fn many_rows_go_into_a_table() {
    let (_root, session) = session();
    let query = "SELECT id, id % 3 AS part, repeat(CAST(id AS STRING), 100) AS text FROM range(200000)";
    run(&session, &format!("CREATE TABLE t PARTITIONED BY (part) AS {query}"));
    run(&session, &format!("INSERT INTO t {query}"));
    let expected = "400000|39999800000|3|200000";
    assert_eq!(row(&session, "SELECT count(*), sum(id), count(DISTINCT part), count(DISTINCT text) FROM t"), expected);
    run(
        &session,
        &format!("SET spark.sql.sources.partitionOverwriteMode = dynamic; INSERT OVERWRITE t {query} WHERE id % 3 = 1"),
    );
    assert_eq!(row(&session, "SELECT count(*), count(DISTINCT part) FROM t"), "333333|3");
    run(&session, "CREATE TABLE c USING csv AS SELECT id FROM t WHERE part = 1");
    assert_eq!(row(&session, "SELECT count(*), sum(id) FROM c"), "66667|6666700000");
}

#[test]
fn a_with_may_stand_before_an_insert() {
    let (_root, session) = session();
    run(&session, "CREATE TABLE t (a INT, b INT) CLUSTERED BY (a) SORTED BY (b DESC) INTO 4 BUCKETS");
    run(
        &session,
        "WITH x AS (SELECT 1 AS a, 2 AS b), y AS (SELECT b, a FROM x) INSERT INTO t SELECT * FROM x UNION ALL SELECT b, a FROM x",
    );
    assert_eq!(rows(&session, "SELECT * FROM t ORDER BY a"), ["1|2", "2|1"]);
    run(&session, "WITH x AS (SELECT 5 AS n) INSERT OVERWRITE TABLE t (b) SELECT n FROM x");
    assert_eq!(rows(&session, "SELECT * FROM t"), ["NULL|5"]);
    assert_eq!(refused(&session, "CREATE TABLE u (a INT) CLUSTERED BY (b) INTO 4 BUCKETS").0, "COLUMN_NOT_FOUND");
}

/// A table of text with a value of each kind that text has, bad ones among them.
fn text_table(session: &Session, folder: &Path) {
    let rows = (0..500).map(|n| format!("{n},{}.5,name {},2024-03-31 0{}:30:00,{}\n", n % 7, n % 11, n % 10, n % 3));
    write(folder, "rows.csv", &format!("id,x,Name,at,part\n{}oops,,,never,1\n", rows.collect::<String>()));
    let columns = "id INT, x DOUBLE, Name STRING, at TIMESTAMP, part INT";
    let path = folder.display();
    run(session, &format!("CREATE TABLE text ({columns}) USING csv OPTIONS (path '{path}', header 'true')"));
}

#[test]
fn columns_of_text_go_into_tables_as_they_are_read() {
    let (_root, session) = session();
    let folder = tempfile::tempdir().unwrap();
    text_table(&session, folder.path());
    for zone in ["UTC", "Europe/Berlin", "+05:30"] {
        run(
            &session,
            &format!(
                "SET TIME ZONE '{zone}';
                 CREATE OR REPLACE TABLE plain AS SELECT * FROM text;
                 CREATE OR REPLACE TABLE plain_computed AS SELECT * FROM text WHERE id IS NULL OR id >= 0;
                 CREATE OR REPLACE TABLE plain_gathered AS SELECT * FROM text ORDER BY id;
                 CREATE OR REPLACE TABLE some PARTITIONED BY (part) AS SELECT at AS moment, part, Name, id AS ID FROM text;
                 CREATE OR REPLACE TABLE some_computed PARTITIONED BY (part) AS
                     SELECT at AS moment, part, Name, abs(id) AS ID FROM text;
                 CREATE OR REPLACE TABLE some_gathered PARTITIONED BY (part) AS
                     SELECT at AS moment, part, Name, abs(id) AS ID FROM text ORDER BY id;
                 INSERT INTO some (ID, part) SELECT part, id FROM text LIMIT 10;
                 INSERT INTO some_computed (ID, part) SELECT abs(part), id FROM text WHERE id < 10;
                 INSERT INTO some_gathered (ID, part) SELECT abs(part), id FROM text WHERE id < 10 ORDER BY id"
            ),
        );
        for table in ["plain", "some"] {
            let all = |table: &str| session.sql(&format!("SELECT * FROM {table} ORDER BY ALL")).unwrap();
            let read = all(table);
            assert_eq!(read.height(), if table == "plain" { 501 } else { 511 });
            for other in ["computed", "gathered"] {
                let made = all(&format!("{table}_{other}"));
                assert!(read.equals_missing(&made), "{zone}, {other}: {read} {made}");
                assert_eq!(read.schema(), made.schema(), "{zone}, {other}");
            }
        }
    }
    // Views are their queries, and a table of text is filled from itself.
    run(
        &session,
        "CREATE VIEW renamed (number, word) AS SELECT id, name FROM text; CREATE TABLE v AS SELECT * FROM renamed",
    );
    assert_eq!(columns(&session, "SELECT * FROM v"), ["number", "word"]);
    assert_eq!(row(&session, "SELECT sum(number), count(word) FROM v"), "124750|500");
    run(&session, "INSERT INTO text SELECT * FROM text; INSERT OVERWRITE text SELECT * FROM text");
    assert_eq!(row(&session, "SELECT sum(id), count(*) FROM text"), "249500|1002");
}

/// Of these rows nothing has to be known but each by itself: they are made while polars reads and writes.
#[test]
fn rows_of_text_are_calculated_with_on_their_way_into_a_table() {
    let (root, session) = session();
    let folder = tempfile::tempdir().unwrap();
    text_table(&session, folder.path());
    let query = "SELECT id * 2 AS twice, upper(Name) AS name, date_format(at, 'HH:mm') AS time, id % 3 AS third
                 FROM (SELECT *, x - 0.5 AS rest FROM text WHERE id < 300) WHERE rest IN (5, 6)";
    run(&session, &format!("CREATE TABLE made PARTITIONED BY (third) AS {query}"));
    // 42 times two of seven rows, and row 299.
    assert_eq!(row(&session, "SELECT count(*), sum(twice), count(DISTINCT third) FROM made"), "85|25630|3");
    let all = |from: &str| rows(&session, &format!("SELECT twice, name, time, third FROM {from} ORDER BY twice"));
    assert_eq!(all("made"), all(&format!("({query})")));
    assert_eq!(all("made")[0], "10|NAME 5|05:30|2");
    run(&session, "INSERT INTO made SELECT id, Name, NULL, 1 FROM text WHERE Name = 'name 3' AND x < 1");
    assert_eq!(row(&session, "SELECT count(*), sum(twice) FROM made WHERE time IS NULL"), "7|1715");
    run(&session, "CREATE TABLE random AS SELECT rand() AS r FROM text");
    assert_eq!(row(&session, "SELECT count(DISTINCT r) > 490 FROM random"), "true");

    // A column may be chosen more than once, and under another's name.
    for made in ["abs(n)", "n"] {
        let query = format!("SELECT n, s AS id, {made} AS s FROM (SELECT id AS n, Name AS s FROM text WHERE id < 3)");
        run(&session, &format!("CREATE OR REPLACE TABLE swapped AS {query}"));
        assert_eq!(rows(&session, "SELECT * FROM swapped ORDER BY n"), ["0|name 0|0", "1|name 1|1", "2|name 2|2"]);
    }

    // A row for which a step fails: the error is the step's, and nothing is left.
    let failing = "SELECT IF(id = 400, raise_error(concat('row ', id)), id) AS id FROM text";
    let (ename, text) = refused(&session, &format!("CREATE TABLE failed AS {failing}"));
    assert_eq!((ename.as_str(), text.contains("row 400")), ("USER_RAISED_EXCEPTION", true), "{text}");
    assert_eq!(refused(&session, "SELECT * FROM failed").0, "TABLE_NOT_FOUND");
    let made = || (row(&session, "SELECT count(*) FROM made"), files(&root.path().join("warehouse/made")));
    let before = made();
    assert_eq!(refused(&session, &format!("INSERT INTO made SELECT id, '', '', 0 FROM ({failing})")).0, ename);
    assert_eq!(made(), before);
}

/// A union, be it of one scan, is a step that all rows pass, and hides that rows need not be read to be counted.
#[test]
fn files_of_text_are_one_scan() {
    let (_root, session) = session();
    let folder = tempfile::tempdir().unwrap();
    text_table(&session, folder.path());
    fs::copy(folder.path().join("rows.csv"), folder.path().join("more.csv")).unwrap();
    let counted = session.table("text").unwrap().select([len()]);
    let plan = counted.describe_optimized_plan().unwrap();
    assert!(plan.contains("FAST COUNT") && !plan.contains("UNION"), "{plan}");
    assert_eq!(row(&session, "SELECT count(*), sum(id) FROM text"), "1002|249500");
}

/// Rows of text for which a condition does not hold are not given to the engine.
#[test]
fn conditions_are_asked_while_text_is_read() {
    let (_root, session) = session();
    let folder = tempfile::tempdir().unwrap();
    text_table(&session, folder.path());
    let is_asked_while_reading = |query: &str| {
        let plan = row(&session, &format!("EXPLAIN {query}"));
        plan.contains("filter=") && !plan.contains("FilterExec")
    };
    // Half past five there is half past three or midnight in UTC, which text is in.
    for (zone, half_past_five) in [("UTC", "2|20"), ("Europe/Berlin", "2|16"), ("+05:30", "0|NULL")] {
        run(&session, &format!("SET TIME ZONE '{zone}'"));
        for (condition, expected) in [
            ("Name = 'name 3' AND x < 1", "7|1715"),
            ("id IS NULL", "1|NULL"),
            ("id % 100 = 7 OR Name LIKE '%10'", "49|12068"),
            ("date_format(at, 'HH:mm') = '05:30' AND id < 20", half_past_five),
            ("at = TIMESTAMP'2024-03-31 05:30:00' AND id < 20", half_past_five),
            ("part = 1 AND id < 10", "3|12"),
            ("id < 0", "0|NULL"),
        ] {
            let query = format!("SELECT count(*), sum(id) FROM text WHERE {condition}");
            assert_eq!(row(&session, &query), expected, "{zone}: {condition}");
            assert!(is_asked_while_reading(&query), "{condition}");
        }
    }
    assert_eq!(rows(&session, "SELECT id FROM text WHERE Name = 'name 3' LIMIT 2"), ["3", "14"]);
    assert_eq!(row(&session, "SELECT count(*) FROM (SELECT * FROM text LIMIT 10) WHERE id >= 5"), "5");
    // What is something else each time is left to the engine.
    let random = "SELECT count(*) FROM text WHERE rand() >= 0";
    assert_eq!((row(&session, random), is_asked_while_reading(random)), ("501".to_owned(), false));
    let failing = "SELECT id FROM text WHERE IF(id = 400, raise_error(concat('row ', id)), true)";
    let (ename, text) = refused(&session, failing);
    assert_eq!((ename.as_str(), text.contains("row 400")), ("USER_RAISED_EXCEPTION", true), "{text}");
}

/// Rows have been given on when the last one turns out not to fit: they are not given again.
#[test]
fn rows_before_one_that_does_not_fit_come_once() {
    let (_root, session) = session();
    let folder = tempfile::tempdir().unwrap();
    let lines: String = (0..300_000).map(|n| format!("{n},{}\n", n % 7)).collect();
    write(folder.path(), "rows.csv", &format!("{lines}oops,1\n"));
    let path = folder.path().display();
    run(&session, &format!("CREATE TABLE text (id INT, n INT) USING csv OPTIONS (path '{path}')"));
    // The second time it is known of the file.
    for _ in 0..2 {
        assert_eq!(row(&session, "SELECT count(*), count(id), sum(id) FROM text"), "300001|300000|44999850000");
        assert_eq!(row(&session, "SELECT count(*), min(id), max(id) FROM text WHERE n = 1"), "42858|1|299993");
    }
}

/// A frame is collected while a query is planned, so a query is planned once.
#[test]
fn a_frame_on_its_way_into_a_table_is_collected_once() {
    let (_root, session) = session();
    let times = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&times);
    let count = move |rows: DataFrame| {
        counted.fetch_add(1, Ordering::Relaxed);
        Ok(rows)
    };
    let frame = df!("id" => [1, 2, 3]).unwrap().lazy();
    session.bind_frame("counted", frame.map(count, AllowedOptimizations::empty(), None, None));
    run(&session, "CREATE TABLE t AS SELECT id * 2 AS twice FROM counted");
    assert_eq!((times.load(Ordering::Relaxed), row(&session, "SELECT sum(twice) FROM t")), (1, "12".to_owned()));
}

fn files(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| if path.is_dir() { files(&path) } else { 1 }).sum()
}
