//! Columns that queries come back to: kept in memory, and right whatever happens to the table.

use std::fs;

use aerostat_session::Session;

use super::{row, rows, run, session};

/// Runs the query until its columns are cached; the rows are the same each time.
fn repeated(session: &Session, query: &str) -> Vec<String> {
    let first = rows(session, query);
    for _ in 0..3 {
        assert_eq!(rows(session, query), first, "{query}");
    }
    first
}

fn is_cached(session: &Session, query: &str) -> bool {
    row(session, &format!("EXPLAIN {query}")).contains("cached columns=")
}

/// Columns of every type, with nulls, in two partitions.
const OF_ALL_TYPES: &str = "CREATE TABLE t USING delta PARTITIONED BY (part) AS
    SELECT CAST(id AS INT) AS n, id * 3 AS big, id / 4 AS x, CAST(id / 4 AS FLOAT) AS y, id % 3 = 0 AS yes,
        CAST(id AS DECIMAL(15, 2)) AS money, concat('a text of more than twelve bytes ', id % 7) AS long,
        IF(id % 5 = 0, NULL, CAST(id AS STRING)) AS short, CAST(CAST(id AS STRING) AS BINARY) AS bytes,
        date_add(DATE'2024-01-01', CAST(id % 1000 AS INT)) AS day, timestamp_seconds(id) AS time,
        array(id, id + 1) AS list, named_struct('a', id, 'b', 'x') AS both, id % 2 AS part
    FROM range(1000)";

#[test]
fn cached_columns_have_the_values_that_were_read() {
    let (_root, session) = session();
    run(&session, OF_ALL_TYPES);
    let query = "SELECT * FROM t ORDER BY n";
    let first = repeated(&session, query);
    assert_eq!(first.len(), 1000);
    assert!(is_cached(&session, query));
    // Others of the same columns, in another order, and beside columns that are not cached.
    assert_eq!(
        repeated(&session, "SELECT part, sum(n), sum(money), count(short) FROM t GROUP BY part ORDER BY part"),
        ["0|249500|249500.00|400", "1|250000|250000.00|400"]
    );
    assert_eq!(repeated(&session, "SELECT long, n FROM t WHERE short = '8'"), ["a text of more than twelve bytes 1|8"]);
    assert_eq!(
        repeated(&session, "SELECT a.n FROM t AS a JOIN t AS b ON a.n = b.big WHERE a.n BETWEEN 3 AND 9 ORDER BY 1"),
        ["3", "6", "9"]
    );
    assert_eq!(repeated(&session, "SELECT count(*), count(n) FROM t"), ["1000|1000"]);
}

#[test]
fn only_what_a_filter_needs_is_cached() {
    let (_root, session) = session();
    run(&session, "CREATE TABLE t AS SELECT id AS n, id % 10 AS d FROM range(1000000)");
    let all = "SELECT sum(d) FROM t";
    assert_eq!(repeated(&session, all), ["4500000"]);
    let few = "SELECT sum(d) FROM t WHERE n < 10";
    assert_eq!(repeated(&session, few), ["45"]);
    let groups = |query| {
        let plan = row(&session, &format!("EXPLAIN {query}"));
        let (_, rest) = plan.split_once("row_groups=").unwrap_or_else(|| panic!("{plan}"));
        rest.split_once(',').unwrap().0.parse::<usize>().unwrap()
    };
    assert!(groups(all) > 1);
    assert_eq!(groups(few), 1);
}

#[test]
fn changes_of_a_table_are_seen_beside_its_cached_columns() {
    let (root, session) = session();
    for format in ["delta", "parquet"] {
        run(&session, &format!("CREATE OR REPLACE TABLE t USING {format} AS SELECT id AS n, 'a' AS s FROM range(10)"));
        let query = "SELECT count(*), sum(n), min(s), max(s) FROM t WHERE n < 100";
        assert_eq!(repeated(&session, query), ["10|45|a|a"]);
        assert!(is_cached(&session, query), "{format}");
        run(&session, "INSERT INTO t VALUES (10, 'b')");
        assert_eq!(repeated(&session, query), ["11|55|a|b"]);
        run(&session, "INSERT OVERWRITE t VALUES (1, 'c')");
        assert_eq!(repeated(&session, query), ["1|1|c|c"]);
        run(&session, "DROP TABLE t");
    }
    run(&session, "CREATE TABLE t AS SELECT id AS n FROM range(10)");
    let query = "SELECT sum(n) FROM t";
    assert_eq!(repeated(&session, query), ["45"]);
    run(&session, "UPDATE t SET n = 100 WHERE n = 9");
    assert_eq!(repeated(&session, query), ["136"]);
    run(&session, "DELETE FROM t WHERE n > 50");
    assert_eq!(repeated(&session, query), ["36"]);
    assert_eq!(repeated(&session, "SELECT sum(n) FROM t VERSION AS OF 0"), ["45"]);
    run(&session, "ALTER TABLE t ADD COLUMN m STRING; INSERT INTO t VALUES (0, 'new')");
    assert_eq!(repeated(&session, "SELECT sum(n), count(m), max(m) FROM t"), ["36|1|new"]);

    // A file that another program puts in the place of one that is cached.
    run(&session, "CREATE TABLE f (n BIGINT) USING parquet; INSERT INTO f VALUES (1)");
    assert_eq!(repeated(&session, "SELECT sum(n) FROM f"), ["1"]);
    run(&session, "CREATE TABLE other USING parquet AS SELECT id AS n FROM range(5)");
    let file = |table: &str| {
        let folder = root.path().join("warehouse").join(table);
        let mut files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        files.find(|path| path.extension().is_some_and(|extension| extension == "parquet")).unwrap()
    };
    fs::copy(file("other"), file("f")).unwrap();
    assert_eq!(repeated(&session, "SELECT sum(n) FROM f"), ["10"]);
}

#[test]
fn rows_that_a_query_finds_out_not_to_need_are_left_out() {
    let (_root, session) = session();
    run(
        &session,
        "CREATE TABLE t AS SELECT id AS n, id % 1000 AS k, IF(id % 7 = 0, NULL, id % 10) AS d FROM range(300000);
         CREATE TABLE few AS SELECT * FROM VALUES (3, 'three'), (5, 'five'), (5000, 'none') AS v(k, name);
         CREATE TABLE narrow AS SELECT CAST(id % 100 - 50 AS INT) AS k, id AS n FROM range(300000);
         CREATE TABLE edge AS SELECT id AS a, id + 1 AS b FROM range(100000)",
    );
    for (query, expected) in [
        ("SELECT count(*), sum(n) FROM t JOIN few ON t.k = few.k", "600|89702400"),
        ("SELECT count(*), count(name) FROM t LEFT JOIN few ON t.k = few.k", "300000|600"),
        ("SELECT count(*), count(n) FROM t RIGHT JOIN few ON t.k = few.k", "601|600"),
        ("SELECT count(*) FROM t WHERE k IN (SELECT k FROM few)", "600"),
        ("SELECT count(*) FROM t WHERE k NOT IN (SELECT k FROM few)", "299400"),
        ("SELECT count(*) FROM t JOIN few ON t.d <=> few.k", "51429"),
        ("SELECT count(*) FROM t JOIN VALUES (3L), (NULL) AS v(k) ON t.d <=> v.k", "68573"),
        (
            "SELECT count(*), sum(n) FROM narrow JOIN VALUES (-50), (49), (77) AS v(k) ON narrow.k = v.k",
            "6000|899997000",
        ),
        ("SELECT count(*) FROM t JOIN t AS u ON t.n = u.n JOIN few ON u.k = few.k WHERE few.name = 'three'", "300"),
        ("SELECT min(n), max(n) FROM (SELECT n FROM t ORDER BY n DESC LIMIT 3)", "299997|299999"),
        (
            "WITH RECURSIVE walk(at) AS (SELECT 0L UNION ALL SELECT b FROM walk JOIN edge ON at = a WHERE b < 20)
             SELECT count(*), max(at) FROM walk",
            "20|19",
        ),
    ] {
        assert_eq!(repeated(&session, query), [expected], "{query}");
        assert!(is_cached(&session, query), "{query}");
    }
}

#[test]
fn two_tables_have_a_file_under_types_of_their_own() {
    let (root, session) = session();
    let folder = root.path().join("shared");
    let location = format!("USING parquet LOCATION '{}'", folder.display());
    run(&session, &format!("CREATE TABLE narrow (n INT) {location}; INSERT INTO narrow VALUES (1), (2)"));
    run(&session, &format!("CREATE TABLE wide (n BIGINT) {location}"));
    for _ in 0..2 {
        for (table, dtype) in [("narrow", "int"), ("wide", "bigint")] {
            assert_eq!(
                repeated(&session, &format!("SELECT sum(n), max(typeof(n)) FROM {table}")),
                [format!("3|{dtype}")]
            );
        }
    }
}

#[test]
fn the_cache_is_cleared() {
    let (_root, session) = session();
    run(&session, "CREATE TABLE t AS SELECT id AS n FROM range(10)");
    let query = "SELECT sum(n) FROM t";
    assert_eq!(repeated(&session, query), ["45"]);
    assert!(is_cached(&session, query));
    run(&session, "CLEAR CACHE");
    assert!(!is_cached(&session, query));
    assert_eq!(repeated(&session, query), ["45"]);
}

#[test]
fn conditions_of_cached_texts_hold_for_the_rows_that_they_held_for() {
    let (_root, session) = session();
    run(
        &session,
        "CREATE TABLE t AS SELECT id AS n, IF(id % 5 = 0, NULL, concat('group ', id % 7)) AS g,
             IF(id % 7 = 0, NULL, concat('other ', id % 3)) AS h, IF(id % 100 = 0, 'x', '12') AS digits,
             CAST(NULL AS STRING) AS nothing FROM range(70000)",
    );
    // Of 35 numbers that follow each other, 28 are no multiples of 5, four of each remainder by 7.
    for (condition, expected) in [
        ("g = 'group 3'", 8_000),
        ("g <> 'group 3'", 48_000),
        ("g IS NULL", 14_000),
        ("g IS NOT NULL", 56_000),
        ("g LIKE '%5' OR g IS NULL", 22_000),
        ("coalesce(g, 'none') = 'none'", 14_000),
        ("upper(g) IN ('GROUP 1', 'GROUP 2')", 16_000),
        ("g IN ('group 1', NULL)", 8_000),
        ("g NOT IN ('group 1', 'group 2')", 40_000),
        ("g = 'group 3' AND n < 35", 4),
        ("n >= 35 AND g = 'group 3'", 7_996),
        ("g = 'group 35'", 0),
        ("g > 'group 4' AND h = 'other 1' AND n < 105", 8),
        ("substr(g, 7) = substr(h, 7) AND n < 21", 2),
        ("nothing IS NULL AND g = 'group 0'", 8_000),
        ("coalesce(nothing, 'b') = 'a'", 0),
        ("digits <> 'x' AND CAST(digits AS INT) = 12", 69_300),
    ] {
        let query = format!("SELECT count(*), count(g), count(digits) FROM t WHERE {condition}");
        let first = repeated(&session, &query);
        assert!(first[0].starts_with(&format!("{expected}|")), "{condition}: {first:?}");
        assert!(is_cached(&session, &query), "{condition}");
    }
    assert_eq!(
        repeated(&session, "SELECT g, count(*), min(n) FROM t WHERE h IS NULL GROUP BY g ORDER BY g"),
        ["NULL|2000|0", "group 0|8000|7"]
    );
}
