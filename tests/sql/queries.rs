//! Clauses that only Spark or Hive have, names in any case, and tables of every kind.

use polars::prelude::*;

use super::{columns, row, rows, run, session};

#[test]
fn generators_make_rows_of_one() {
    let (_root, session) = session();
    let people = df!("Id" => [1, 2], "words" => ["a b", "c"]).unwrap();
    session.bind_frame("people", people.lazy());
    let words = |sql: &str| rows(&session, sql);
    assert_eq!(words("SELECT id, explode(split(words, ' ')) AS w FROM people ORDER BY 1, 2"), ["1|a", "1|b", "2|c"]);
    assert_eq!(words("SELECT *, posexplode(split(words, ' ')) FROM people WHERE id = 2"), ["2|c|0|c"]);
    assert_eq!(words("SELECT explode(map('a', 1, 'b', 2)) AS (k, v)"), ["a|1", "b|2"]);
    assert_eq!(words("SELECT stack(2, 1, 'a', 2, 'b')"), ["1|a", "2|b"]);
    assert_eq!(words("SELECT inline(array(struct(1 AS a, 'x' AS b)))"), ["1|x"]);
    assert_eq!(
        words("SELECT p.id, v.w FROM people p LATERAL VIEW explode(split(words, ' ')) v AS w WHERE p.id = 1"),
        ["1|a", "1|b"]
    );
    assert_eq!(words("SELECT id, w FROM people LATERAL VIEW explode(array()) v AS w"), Vec::<String>::new());
    assert_eq!(
        words("SELECT id, w FROM people LATERAL VIEW OUTER explode(filter(array(1), x -> x > id)) v AS w"),
        ["1|NULL", "2|NULL"]
    );
    assert_eq!(columns(&session, "SELECT Id, explode(array(1)) FROM people"), ["Id", "col"]);
}

#[test]
fn names_are_found_in_any_case_and_shown_as_typed() {
    let (_root, session) = session();
    let frame = df!("CustomerID" => [1, 1, 2], "Unit Price" => [1.0, 2.0, 3.0]).unwrap();
    session.bind_frame("Orders", frame.lazy());
    assert_eq!(columns(&session, "SELECT * FROM ORDERS"), ["CustomerID", "Unit Price"]);
    assert_eq!(
        columns(&session, "SELECT customerid, sum(`unit price`) FROM orders GROUP BY CUSTOMERID"),
        ["customerid", "sum(unit price)"]
    );
    assert_eq!(
        columns(&session, "SELECT approx_count_distinct(customerid, 0.01) FROM orders"),
        ["approx_count_distinct(customerid)"]
    );
    assert_eq!(columns(&session, "SELECT o.* FROM orders AS o"), ["CustomerID", "Unit Price"]);
    assert_eq!(
        columns(&session, "SELECT *, 1 AS One FROM (SELECT CustomerID AS `Who Is` FROM orders)"),
        ["Who Is", "One"]
    );
    assert_eq!(
        columns(&session, "WITH T AS (SELECT * FROM orders) SELECT t.CUSTOMERID, * FROM t"),
        ["CUSTOMERID", "CustomerID", "Unit Price"]
    );
    let sums = "SELECT `sum(unit price)` AS s FROM (SELECT sum(`Unit Price`) FROM orders)";
    assert_eq!(row(&session, sums), "6.0");
    assert_eq!(
        columns(&session, "SELECT a.customerid, b.customerid FROM orders a, orders b"),
        ["customerid", "customerid_1"]
    );
}

#[test]
fn a_few_rows_of_a_variable_are_not_shared_out() {
    let (_root, session) = session();
    let mut frame = df!("k" => ["a", "b", "a"], "v" => [1, 2, 3]).unwrap().lazy();
    // This wraps the frame in another plan.
    frame.collect_schema().unwrap();
    session.bind_frame("wrapped", frame.clone());
    session.bind_frame("counted", frame.with_row_index("at", None));
    for name in ["wrapped", "counted"] {
        let query = format!("SELECT k, sum(v) AS v FROM {name} GROUP BY k ORDER BY k");
        assert_eq!(rows(&session, &query), ["a|4", "b|2"]);
        let steps = row(&session, &format!("EXPLAIN {query}"));
        // How many rows come of a plan is not known before.
        assert_eq!(steps.contains("RepartitionExec"), name == "counted" && several_cores(), "{steps}");
    }
}

fn several_cores() -> bool {
    std::thread::available_parallelism().unwrap().get() > 1
}

#[test]
fn sessions_that_are_not_made() {
    let (_root, session) = session();
    session.execute("CREATE TABLE t AS SELECT 1 AS k, TIMESTAMP '2024-01-01 00:00:00' AS ts").unwrap();
    for end in [
        "window(ts, '1 day'), session_window(ts, '1 day')",
        "ALL",
        "ROLLUP (k, session_window(ts, '1 day'))",
        "k, session_window(ts, '1 day') WITH CUBE",
    ] {
        let query = format!("SELECT k, session_window(ts, '1 day') FROM t GROUP BY {end}");
        assert_eq!(session.execute(&query).unwrap_err().ename(), "NOT_SUPPORTED", "{end}");
    }
}

#[test]
fn clauses_of_spark_and_hive() {
    let (_root, session) = session();
    let text = "CREATE TABLE sales AS SELECT * FROM VALUES ('EU', 1, 10), ('EU', 2, 20), ('US', 1, 5), (NULL, 1, 1) AS t(region, q, amount)";
    session.execute(text).unwrap();
    let rows = |sql: &str| rows(&session, sql);
    assert_eq!(rows("SELECT region FROM sales GROUP BY region ORDER BY region"), ["NULL", "EU", "US"]);
    assert_eq!(rows("SELECT region FROM sales GROUP BY region ORDER BY region DESC"), ["US", "EU", "NULL"]);
    assert_eq!(
        rows("SELECT region, sum(amount) FROM sales GROUP BY region WITH ROLLUP ORDER BY 2"),
        ["NULL|1", "US|5", "EU|30", "NULL|36"]
    );
    assert_eq!(
        rows(
            "SELECT * FROM sales PIVOT (sum(amount) AS s, count(*) AS n FOR region IN ('EU' AS europe, 'US')) ORDER BY q"
        ),
        ["1|10|1|5|1", "2|20|1|NULL|NULL"]
    );
    assert_eq!(
        columns(&session, "SELECT * FROM sales PIVOT (sum(amount) FOR region IN ('EU', 'US'))"),
        ["q", "EU", "US"]
    );
    assert_eq!(rows("SELECT * FROM (SELECT 1 AS id, 5 AS a, NULL AS b) UNPIVOT (v FOR n IN (a, b))"), ["1|a|5"]);
    assert_eq!(
        rows(
            "SELECT region, amount FROM sales QUALIFY row_number() OVER (PARTITION BY region ORDER BY amount DESC) = 1 ORDER BY 2"
        ),
        ["NULL|1", "US|5", "EU|20"]
    );
    let window = "WINDOW w AS (PARTITION BY region ORDER BY amount DESC)";
    assert_eq!(
        rows(&format!("SELECT region, amount FROM sales {window} QUALIFY row_number() OVER w = 1 ORDER BY 2")),
        ["NULL|1", "US|5", "EU|20"]
    );
    let first = format!("SELECT region, amount FROM sales {window} QUALIFY row_number() OVER w = 1");
    assert_eq!(
        rows(&format!("{first} UNION ALL SELECT 'all', 36 ORDER BY 2 DESC")),
        ["all|36", "EU|20", "US|5", "NULL|1"]
    );
    assert_eq!(
        rows(&format!("SELECT amount FROM sales {window} ORDER BY rank() OVER W DESC, amount")),
        ["10", "1", "5", "20"]
    );
    assert_eq!(
        rows(&format!(
            "SELECT sum(amount) OVER (w ROWS CURRENT ROW), max(amount) OVER v FROM sales {window}, v AS w ORDER BY 1"
        )),
        ["1|1", "5|5", "10|20", "20|20"]
    );
    assert_eq!(rows("SELECT amount + 1 AS b, b * 2 AS c FROM sales WHERE region = 'US'"), ["6|12"]);
    assert_eq!(rows("SELECT amount FROM sales CLUSTER BY amount"), ["1", "5", "10", "20"]);
    assert_eq!(rows("SELECT region FROM sales MINUS SELECT 'EU' ORDER BY 1"), ["NULL", "US"]);
    assert_eq!(rows("SELECT a.q FROM sales a LEFT ANTI JOIN sales b ON a.q = b.q AND b.region = 'US'"), ["2"]);
    assert_eq!(rows("SELECT * FROM range(2, 8, 3)"), ["2", "5"]);
    assert_eq!(rows("SELECT count(*) FROM sales TABLESAMPLE (2 ROWS)"), ["2"]);
    assert_eq!(rows("SELECT * EXCEPT (q) FROM sales WHERE amount = 5"), ["US|5"]);
    assert_eq!(
        rows("WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 3) SELECT sum(n) FROM r"),
        ["6"]
    );
    let using = "SELECT * FROM sales JOIN (SELECT 'US' AS region, 7 AS x) y USING (region)";
    assert_eq!(
        (columns(&session, using).join(","), rows(using)),
        ("region,q,amount,x".into(), vec!["US|1|5|7".into()])
    );
}

#[test]
fn a_table_of_one_front_end_is_read_by_the_other() {
    let (_root, session) = session();
    let frame = df!("Day" => ["2024-01-01", "2024-01-02", "2024-01-02"], "Value" => [1.5, 2.5, 3.5]).unwrap();
    let frame = frame.lazy().with_column(col("Day").cast(DataType::Date));
    session.write(frame).partition_by(["Day"]).save_as_table("days").unwrap();
    assert_eq!(columns(&session, "SELECT * FROM days"), ["Day", "Value"]);
    assert_eq!(
        rows(&session, "SELECT day, sum(value) FROM days GROUP BY day ORDER BY 1"),
        ["2024-01-01|1.5", "2024-01-02|6.0"]
    );
    assert_eq!(rows(&session, "SELECT value FROM days WHERE day > '2024-01-01' AND value > 3"), ["3.5"]);

    session
        .execute("CREATE TABLE sums PARTITIONED BY (day) AS SELECT day, sum(value) AS total FROM days GROUP BY day")
        .unwrap();
    let back = session.table("sums").unwrap().sort(["total"], SortMultipleOptions::default()).collect().unwrap();
    assert_eq!(back.column("total").unwrap().f64().unwrap().to_vec(), [Some(1.5), Some(6.0)]);
    assert_eq!(back.column("day").unwrap().dtype(), &DataType::Date);
}

#[test]
fn files_that_cannot_have_it_are_not_opened() {
    let (_root, session) = session();
    for day in ["2024-01-01", "2024-01-02"] {
        let frame = df!("day" => [day], "v" => [day.len() as i64]).unwrap();
        session.write(frame.lazy()).mode("append").partition_by(["day"]).save_as_table("t").unwrap();
    }
    let plan = row(&session, "EXPLAIN SELECT v FROM t WHERE day = '2024-01-02'");
    assert!(plan.contains("day=2024-01-02") && !plan.contains("day=2024-01-01"), "{plan}");
    let plan = row(&session, "EXPLAIN SELECT v FROM t WHERE v > 1000");
    assert!(!plan.contains(".parquet"), "{plan}");
}

#[test]
fn files_that_none_of_a_list_is_in_are_not_opened() {
    let (_root, session) = session();
    session
        .execute(
            "CREATE TABLE t (v INT, day DATE, n INT, s STRING) PARTITIONED BY (day, n, s);
             INSERT INTO t VALUES (1, DATE'2024-01-01', 1, '1'), (2, DATE'2024-01-02', 2, '2')",
        )
        .unwrap();
    for condition in
        ["day IN (DATE'2024-01-02')", "day IN ('2024-01-02', '2024-01-03')", "n IN (2, 3)", "n IN ('2')", "s IN (2, 3)"]
    {
        let plan = row(&session, &format!("EXPLAIN SELECT v FROM t WHERE {condition}"));
        assert!(plan.contains("day=2024-01-02") && !plan.contains("day=2024-01-01"), "{condition}: {plan}");
        assert_eq!(rows(&session, &format!("SELECT v FROM t WHERE {condition}")), ["2"], "{condition}");
    }
}

#[test]
fn files_are_queried_by_their_path() {
    let (root, session) = session();
    let folder = root.path().join("Folder With Capitals");
    let frame = df!("a" => [1, 2]).unwrap();
    session.write(frame.lazy()).parquet(folder.to_str().unwrap()).unwrap();
    assert_eq!(row(&session, &format!("SELECT sum(a) FROM parquet.`{}`", folder.display())), "3");
}

#[test]
fn a_frame_is_read_where_it_lies() {
    let (_root, session) = session();
    let frame = df!("a" => [1, 2, 3], "b" => ["x", "y", "z"]).unwrap();
    session.bind_frame("frame", frame.lazy());
    assert_eq!(row(&session, "SELECT count(*) FROM frame"), "3");
    assert_eq!(rows(&session, "SELECT b FROM frame LIMIT 1"), ["x"]);
    assert_eq!(row(&session, "SELECT sum(x.a * y.a) FROM frame x JOIN frame y ON x.a = y.a"), "14");
}

#[test]
fn nested_queries_do_not_exhaust_the_stack() {
    let (_root, session) = session();
    let deep = (0..100).fold("SELECT 1 AS x".to_owned(), |inner, n| format!("SELECT x + {n} AS x FROM ({inner})"));
    assert_eq!(row(&session, &deep), "4951");
    let sum = vec!["1"; 2000].join(" + ");
    assert_eq!(row(&session, &format!("SELECT {sum}")), "2000");
}

#[test]
fn an_interrupt_ends_a_query_and_nothing_else() {
    let (_root, session) = session();
    let interrupt = session.interrupt().clone();
    let raiser = std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(200));
        interrupt.raise();
    });
    let start = std::time::Instant::now();
    let query = "SELECT count(*) FROM range(100000) a, range(100000) b, range(100) c WHERE a.id + b.id % 7 = c.id";
    let error = session.sql(query).unwrap_err();
    assert_eq!(error.ename(), "KeyboardInterrupt");
    assert!(start.elapsed().as_millis() < 700, "{:?}", start.elapsed());
    raiser.join().unwrap();
    session.interrupt().clear();
    assert_eq!(row(&session, "SELECT 1"), "1");
}

/// Texts of tables are laid out otherwise than those of constants.
#[test]
fn texts_of_tables_and_constants_have_one_type_in_common() {
    let (_root, session) = session();
    session.execute("CREATE TABLE t AS SELECT 'a' AS s, CAST(NULL AS STRING) AS n, array('x') AS l").unwrap();
    let all = "coalesce(n, s) || '-' || CASE WHEN s = 'a' THEN s ELSE 'z' END || if(true, s, 1) || greatest(s, 'b')";
    assert_eq!(row(&session, &format!("SELECT {all} FROM t")), "a-aab");
    assert_eq!(
        row(&session, "SELECT array(s, n, 1), map('k', s, 'l', n) FROM t"),
        "[\"a\", null, \"1\"]|[{\"k\",\"a\"}, {\"l\",null}]"
    );
    assert_eq!(row(&session, "SELECT size(coalesce(l, array('y', 'z'))), coalesce(l, array(1)) FROM t"), "1|[\"x\"]");
}

#[test]
fn fields_are_taken_of_tables_whose_partitions_are_in_their_middle() {
    let (_root, session) = session();
    run(
        &session,
        "CREATE TABLE t (part INT, s STRUCT<a: INT, b: STRING>, Upper STRUCT<c: INT>) PARTITIONED BY (part);
         INSERT INTO t VALUES (1, named_struct('a', 10, 'b', 'x'), named_struct('c', 5)), (2, NULL, NULL)",
    );
    assert_eq!(rows(&session, "SELECT s.a, upper.c, s.b, part FROM t ORDER BY part"), ["10|5|x|1", "NULL|NULL|NULL|2"]);
    assert_eq!(rows(&session, "SELECT x.s.a + x.upper.c FROM t AS x WHERE s.b = 'x' AND part < 3"), ["15"]);
}

#[test]
fn a_list_of_aggregates_makes_rows() {
    let (_root, session) = session();
    let query = "SELECT explode(array(min(id), max(id))) FROM range(5)";
    assert_eq!(columns(&session, query), ["col"]);
    assert_eq!(rows(&session, query), ["0", "4"]);
}

/// Spark's own answers.
#[test]
fn joins_by_common_columns() {
    let (_root, session) = session();
    for text in [
        "CREATE TABLE a AS SELECT * FROM VALUES (10, 1), (20, 2) AS t(x, k)",
        "CREATE TABLE b AS SELECT * FROM VALUES (1, 7), (3, 8) AS t(K, m)",
        "CREATE TABLE c AS SELECT * FROM VALUES (7, 70), (9, 90) AS t(m, y)",
    ] {
        session.execute(text).unwrap();
    }
    for (query, names, wanted) in [
        ("SELECT * FROM a JOIN b USING (k)", "k|x|m", &["1|10|7"][..]),
        ("SELECT * EXCEPT (x) FROM a JOIN b USING (k)", "k|m", &["1|7"]),
        ("SELECT * FROM a JOIN b USING (k) JOIN c USING (m)", "m|k|x|y", &["7|1|10|70"]),
        ("SELECT * FROM a JOIN b ON a.k = b.k JOIN c USING (m)", "m|x|k|K|y", &["7|10|1|1|70"]),
        ("SELECT * FROM a RIGHT JOIN b USING (k) ORDER BY m", "K|x|m", &["1|10|7", "3|NULL|8"]),
        (
            "SELECT * FROM a FULL JOIN b USING (k) FULL JOIN c USING (m) ORDER BY m, k",
            "m|k|x|y",
            &["NULL|2|20|NULL", "7|1|10|70", "8|3|NULL|NULL", "9|NULL|NULL|90"],
        ),
        (
            "SELECT * FROM a FULL JOIN b USING (k) LEFT JOIN (SELECT 3 AS k, 'three' AS word) USING (k) ORDER BY k",
            "k|x|m|word",
            &["1|10|7|NULL", "2|20|NULL|NULL", "3|NULL|8|three"],
        ),
        ("SELECT x FROM a FULL JOIN b USING (k) ORDER BY k DESC", "x", &["NULL", "20", "10"]),
        (
            "SELECT k, count(*) AS n FROM a FULL JOIN b USING (k) GROUP BY k HAVING k > 1 ORDER BY k",
            "k|n",
            &["2|1", "3|1"],
        ),
        ("SELECT m FROM a RIGHT JOIN b USING (k) WHERE k IN (SELECT k FROM a) OR k = 3 ORDER BY m", "m", &["7", "8"]),
        ("SELECT * FROM b NATURAL JOIN c", "m|K|y", &["7|1|70"]),
        ("SELECT * FROM a NATURAL FULL JOIN b ORDER BY k", "k|x|m", &["1|10|7", "2|20|NULL", "3|NULL|8"]),
        ("WITH d AS (SELECT 1 AS k, 5 AS z) SELECT * FROM a JOIN d USING (k)", "k|x|z", &["1|10|5"]),
        ("SELECT * FROM a LEFT SEMI JOIN b USING (k)", "k|x", &["1|10"]),
        ("SELECT k + 1 AS n, * FROM a RIGHT JOIN b USING (k) ORDER BY n", "n|K|x|m", &["2|1|10|7", "4|3|NULL|8"]),
    ] {
        assert_eq!(
            (columns(&session, query).join("|"), rows(&session, query)),
            (names.into(), wanted.iter().map(ToString::to_string).collect()),
            "{query}"
        );
    }
}

/// Spark's own answers.
#[test]
fn the_fields_of_structs_as_columns() {
    let (_root, session) = session();
    session
        .execute(
            "CREATE TABLE events AS SELECT 1 AS id, named_struct('City', 'Rome', 'Size', 3) AS place, array(named_struct('sku', 'a'), named_struct('sku', 'b')) AS items",
        )
        .unwrap();
    for (query, names, wanted) in [
        ("SELECT place.* FROM events", "City|Size", &["Rome|3"][..]),
        ("SELECT id, e.place.* EXCEPT (size), id + 1 AS n FROM events e", "id|City|n", &["1|Rome|2"]),
        ("SELECT id, s.* FROM (SELECT 1 AS id, named_struct('id', 2, 'x', 3) AS s)", "id|id_1|x", &["1|2|3"]),
        (
            "SELECT data.* FROM (SELECT from_json('{\"a\": 1, \"b\": \"x\"}', 'a INT, b STRING') AS data)",
            "a|b",
            &["1|x"],
        ),
        ("SELECT id, item.* FROM events LATERAL VIEW explode(items) AS item", "id|sku", &["1|a", "1|b"]),
        (
            "WITH c AS (SELECT place AS p FROM events) SELECT count(*) AS n FROM (SELECT p.* FROM c) WHERE city = 'Rome'",
            "n",
            &["1"],
        ),
        ("SELECT e.*, place.city FROM (SELECT id, place FROM events) e WHERE e.place.size = 3", "id|place|city", &[]),
    ] {
        assert_eq!(columns(&session, query).join("|"), names, "{query}");
        assert!(wanted.is_empty() || rows(&session, query) == wanted, "{query}");
    }
}

/// Spark's own answers.
#[test]
fn rows_in_subqueries() {
    let (_root, session) = session();
    session
        .execute("CREATE TABLE p AS SELECT * FROM VALUES (1, 'a'), (2, 'b'), (3, NULL), (4, 'd') AS t(n, s); CREATE TABLE q AS SELECT * FROM VALUES (1, 'a'), (2, 'x'), (3, 'c') AS t(n, s)")
        .unwrap();
    assert_eq!(rows(&session, "SELECT n FROM p WHERE (n, s) IN (SELECT n, s FROM q) ORDER BY n"), ["1"]);
    assert_eq!(rows(&session, "SELECT n FROM p WHERE (n, s) NOT IN (SELECT n, s FROM q) ORDER BY n"), ["2", "4"]);
    assert_eq!(rows(&session, "SELECT n FROM p WHERE n > 3 OR (n, s) IN (SELECT n, s FROM q) ORDER BY n"), ["1", "4"]);
}

/// Rows of a group that follow each other are one row before they are looked up; scattered ones are not.
#[test]
fn groups_are_the_same_however_their_rows_lie() {
    let (_root, session) = session();
    // Ten rows of each key follow each other, then 100,000 keys come in turns; in the end some have no key.
    let rows_of = |key: &str| format!("SELECT id, CAST({key} AS STRING) AS k, id % 7 AS n FROM range(100000)");
    run(
        &session,
        &format!(
            "CREATE TABLE runs AS {}; CREATE TABLE turns AS {};
             CREATE TABLE both AS SELECT * FROM runs UNION ALL SELECT * FROM turns UNION ALL SELECT 1, NULL, 1 FROM range(20)",
            rows_of("id DIV 10"),
            rows_of("id % 10000"),
        ),
    );
    let groups =
        "SELECT k, count(*) AS c, count(IF(n = 3, NULL, n)) AS d, sum(n) AS s, min(id) AS a, max(id) AS b, avg(n) AS m,
                  sum(n) FILTER (WHERE n > 3) AS f";
    for table in ["runs", "turns", "both"] {
        let of_groups = format!(
            "SELECT count(*), sum(c), sum(d), sum(s), sum(a), sum(b), sum(f), round(sum(m * c)) FROM ({groups} FROM {table} GROUP BY k)"
        );
        // Figures that need no groups.
        let plain = "count(IF(n = 3, NULL, n)), sum(n)";
        let all = row(
            &session,
            &format!("SELECT count(DISTINCT k) + count_if(k IS NULL) DIV 20, count(*), {plain} FROM {table}"),
        );
        let rest = row(&session, &format!("SELECT sum(IF(n > 3, n, 0)), sum(n) FROM {table}"));
        let made = row(&session, &of_groups);
        let parts: Vec<&str> = made.split('|').collect();
        assert_eq!(parts[..4].join("|"), all, "{table}");
        assert_eq!([parts[6], parts[7].trim_end_matches(".0")].join("|"), rest, "{table}");
    }
    // The least and the greatest of ten that follow each other, and of ten that are 10,000 apart.
    let bounds = |table: &str, k: &str| row(&session, &format!("{groups} FROM {table} WHERE k = '{k}' GROUP BY k"));
    assert!(bounds("runs", "77").starts_with("77|10|") && bounds("runs", "77").contains("|770|779|"));
    assert!(bounds("turns", "77").starts_with("77|10|") && bounds("turns", "77").contains("|77|90077|"));
    assert!(bounds("both", "77").starts_with("77|20|") && bounds("both", "77").contains("|77|90077|"));
    let plan = row(&session, &format!("EXPLAIN {groups} FROM runs GROUP BY k"));
    assert!(plan.contains("RunsExec"), "{plan}");
    let plan = row(&session, "EXPLAIN SELECT k, collect_list(n) FROM runs GROUP BY k");
    assert!(!plan.contains("RunsExec"), "{plan}");
}
