//! Commands on databases, tables and views.

use aerostat_session::Session;
use polars::prelude::{DataType, TimeUnit, TimeZone};

use super::{columns, row, rows, run, session};

#[test]
fn databases_come_and_go() {
    let (_root, session) = session();
    session.execute("CREATE DATABASE Retail COMMENT 'shops' WITH DBPROPERTIES ('a' = 'b')").unwrap();
    session.execute("CREATE SCHEMA IF NOT EXISTS retail").unwrap();
    assert_eq!(session.execute("CREATE DATABASE retail").unwrap_err().ename(), "SCHEMA_ALREADY_EXISTS");
    assert_eq!(rows(&session, "SHOW DATABASES"), ["default", "Retail"]);
    assert_eq!(rows(&session, "SHOW DATABASES LIKE 'r*|x'"), ["Retail"]);
    assert_eq!(rows(&session, "DESCRIBE DATABASE EXTENDED retail").last().unwrap(), "Properties|((a,b))");
    session.execute("USE retail; CREATE TABLE t AS SELECT 1 AS a").unwrap();
    assert_eq!(row(&session, "SHOW CURRENT NAMESPACE").to_lowercase(), "spark_catalog|retail");
    assert_eq!(row(&session, "SELECT a FROM RETAIL.T"), "1");
    assert!(session.execute("DROP DATABASE retail").is_err());
    session.execute("USE default; DROP DATABASE retail CASCADE; DROP DATABASE IF EXISTS retail").unwrap();
    assert_eq!(rows(&session, "SHOW SCHEMAS"), ["default"]);
}

#[test]
fn a_table_is_created_described_filled_and_emptied() {
    let (_root, session) = session();
    let create = "CREATE TABLE t (Id INT COMMENT 'key', name STRING, price DECIMAL(10, 2), dt DATE) \
                  USING delta PARTITIONED BY (dt) COMMENT 'things' TBLPROPERTIES ('k' = 'v', 'n' = 1)";
    session.execute(create).unwrap();
    session.execute(&create.replace("TABLE", "TABLE IF NOT EXISTS")).unwrap();
    assert_eq!(session.execute(create).unwrap_err().ename(), "TABLE_ALREADY_EXISTS");
    assert_eq!(
        rows(&session, "DESCRIBE t"),
        [
            "Id|int|key",
            "name|string|NULL",
            "price|decimal(10,2)|NULL",
            "dt|date|NULL",
            "# Partition Information||",
            "# col_name|data_type|comment",
            "dt|date|NULL",
        ]
    );
    assert_eq!(columns(&session, "DESCRIBE EXTENDED t"), ["col_name", "data_type", "comment"]);
    let details = rows(&session, "DESCRIBE FORMATTED t");
    for detail in ["Type|MANAGED|", "Provider|delta|", "Comment|things|", "Table Properties|[k=v,n=1]|"] {
        assert!(details.iter().any(|row| row == detail), "{detail} in {details:?}");
    }
    session
        .execute(
            "INSERT INTO t VALUES (1, 'a', 1.5, date'2024-01-01'), (2, 'b', NULL, date'2024-01-02');
             INSERT INTO t (dt, id) SELECT date'2024-01-02', 3;
             INSERT INTO TABLE t PARTITION (dt = '2024-01-03') SELECT 4, 'd', 4;
             INSERT INTO t BY NAME SELECT 'e' AS name, 5 AS id, date'2024-01-03' AS dt, 5.25 AS price",
        )
        .unwrap();
    assert_eq!(
        rows(&session, "SELECT * FROM t ORDER BY id"),
        [
            "1|a|1.50|2024-01-01",
            "2|b|NULL|2024-01-02",
            "3|NULL|NULL|2024-01-02",
            "4|d|4.00|2024-01-03",
            "5|e|5.25|2024-01-03"
        ]
    );
    assert_eq!(rows(&session, "SHOW PARTITIONS t"), ["dt=2024-01-01", "dt=2024-01-02", "dt=2024-01-03"]);
    session.execute("INSERT OVERWRITE t SELECT 9, 'z', 9, date'2024-09-09'").unwrap();
    assert_eq!(rows(&session, "SELECT id FROM t"), ["9"]);
    session.execute("TRUNCATE TABLE t").unwrap();
    assert_eq!(row(&session, "SELECT count(*) FROM t"), "0");
    assert!(session.execute("INSERT INTO t VALUES (1, 'a')").is_err());
    assert_eq!(session.execute("INSERT INTO t (nope) VALUES (1)").unwrap_err().ename(), "COLUMN_NOT_FOUND");
    session.execute("DROP TABLE t; DROP TABLE IF EXISTS t").unwrap();
    assert_eq!(session.execute("DROP TABLE t").unwrap_err().ename(), "TABLE_NOT_FOUND");
}

#[test]
fn show_create_table_makes_the_table_again() {
    let (_root, session) = session();
    let create = "CREATE TABLE `my t` (`a b` INT COMMENT 'it''s', d DATE) PARTITIONED BY (d) COMMENT 'c' TBLPROPERTIES (x = 'y')";
    session.execute(create).unwrap();
    session.execute("CREATE VIEW v (z COMMENT 'zz') AS SELECT `a b` FROM `my t`").unwrap();
    for name in ["`my t`", "v"] {
        let text = row(&session, &format!("SHOW CREATE TABLE {name}"));
        let before = rows(&session, &format!("DESCRIBE {name}"));
        let kind = if name == "v" { "VIEW" } else { "TABLE" };
        session.execute(&format!("DROP {kind} {name}; {text}")).unwrap();
        assert_eq!(rows(&session, &format!("DESCRIBE {name}")), before);
        assert_eq!(row(&session, &format!("SHOW CREATE TABLE {name}")), text);
    }
}

#[test]
fn tables_are_replaced_renamed_and_altered() {
    let (_root, session) = session();
    session
        .execute("CREATE TABLE t AS SELECT 1 AS a; CREATE OR REPLACE TABLE t AS SELECT a + 1 AS b, 'x' AS c FROM t")
        .unwrap();
    assert_eq!(row(&session, "SELECT * FROM t"), "2|x");
    session.execute("CREATE OR REPLACE TABLE t (d DOUBLE)").unwrap();
    assert_eq!(rows(&session, "DESCRIBE t"), ["d|double|NULL"]);
    session
        .execute("ALTER TABLE t RENAME TO u; ALTER TABLE u SET TBLPROPERTIES ('k' = 'v'); COMMENT ON TABLE u IS 'hm'")
        .unwrap();
    assert_eq!(rows(&session, "SHOW TBLPROPERTIES u"), ["k|v"]);
    session.execute("ALTER TABLE u UNSET TBLPROPERTIES ('k')").unwrap();
    assert_eq!(rows(&session, "SHOW TBLPROPERTIES u"), Vec::<String>::new());
    assert_eq!(session.execute("ALTER TABLE u CLUSTER BY (d)").unwrap_err().ename(), "NOT_SUPPORTED");
}

#[test]
fn views_are_planned_where_they_were_made() {
    let (_root, session) = session();
    let text = "CREATE DATABASE db; USE db;
        CREATE TABLE t AS SELECT 1 AS Abc;
        CREATE VIEW v AS SELECT abc AS Def FROM t;
        CREATE OR REPLACE VIEW w (x COMMENT 'c') COMMENT 'w' AS SELECT def + 1 FROM v;
        USE default; CREATE TABLE t AS SELECT 9 AS abc";
    session.execute(text).unwrap();
    assert_eq!(columns(&session, "SELECT * FROM db.v"), ["Def"]);
    assert_eq!(rows(&session, "DESCRIBE db.w"), ["x|int|c"]);
    assert_eq!(row(&session, "SELECT x FROM db.w"), "2");
    assert_eq!(rows(&session, "SHOW VIEWS IN db"), ["db|v|false", "db|w|false"]);
    assert_eq!(session.execute("CREATE VIEW db.v AS SELECT 1").unwrap_err().ename(), "VIEW_ALREADY_EXISTS");
    session.execute("CREATE VIEW IF NOT EXISTS db.v AS SELECT 1; ALTER VIEW db.v AS SELECT 5 AS def").unwrap();
    assert_eq!(row(&session, "SELECT * FROM db.w"), "6");
    let error = session
        .execute("ALTER VIEW db.v AS SELECT x AS def FROM db.w")
        .and_then(|_| session.execute("SELECT * FROM db.v"));
    assert!(error.unwrap_err().message().contains("refers to itself"));
    session.execute("DROP VIEW db.w; DROP VIEW IF EXISTS db.w").unwrap();
}

#[test]
fn temporary_views_hide_tables_and_end_with_the_session() {
    let (_root, session) = session();
    session.execute("CREATE TABLE t AS SELECT 1 AS a; CREATE TEMPORARY VIEW t AS SELECT 2 AS a").unwrap();
    assert_eq!(row(&session, "SELECT a FROM t"), "2");
    assert_eq!(rows(&session, "SHOW TABLES"), ["default|t|false", "|t|true"]);
    assert_eq!(session.execute("CREATE TEMP VIEW T AS SELECT 3 AS a").unwrap_err().ename(), "VIEW_ALREADY_EXISTS");
    session.execute("CREATE OR REPLACE TEMP VIEW t (b) AS SELECT 3").unwrap();
    assert_eq!(row(&session, "SELECT b FROM t"), "3");
    session.execute("DROP VIEW t").unwrap();
    assert_eq!(row(&session, "SELECT a FROM t"), "1");
    session.execute("CREATE TEMP VIEW tmp AS SELECT 1 AS a").unwrap();
    let error = session.execute("CREATE VIEW v AS SELECT * FROM tmp").unwrap_err();
    assert_eq!(error.hint(), Some("a view sees neither temporary views nor variables: save it as a table first"));
}

#[test]
fn what_cannot_be_held_to_is_refused() {
    let (_root, session) = session();
    session.execute("CREATE TABLE t AS SELECT 1 AS a").unwrap();
    for sql in [
        "CREATE TABLE u (a INT) CLUSTER BY (a)",
        "CREATE TABLE u (a INT, b INT GENERATED ALWAYS AS (a + 1))",
        "ALTER TABLE t REPLACE COLUMNS (b INT)",
        "DROP TABLE t PURGE",
        "COPY INTO t FROM '/nowhere' FILEFORMAT = CSV VALIDATE ALL",
    ] {
        assert_eq!(session.execute(sql).unwrap_err().ename(), "NOT_SUPPORTED", "{sql}");
    }
    assert_eq!(rows(&session, "SHOW TABLES"), ["default|t|false"]);
    assert_eq!(row(&session, "SELECT * FROM t"), "1");
}

#[test]
fn settings_and_listings() {
    let (_root, session) = session();
    session.execute("SET spark.sql.shuffle.partitions = 8; SET spark.sql.ansi.enabled=false; RESET").unwrap();
    assert_eq!(row(&session, "SET spark.sql.session.timeZone"), "spark.sql.session.timeZone|UTC");
    assert_eq!(session.execute("SET spark.sql.ansi.enable = true").unwrap_err().ename(), "SETTING_NOT_FOUND");
    assert_eq!(rows(&session, "SHOW CATALOGS"), ["spark_catalog"]);
    assert_eq!(rows(&session, "SHOW FUNCTIONS LIKE 'date_f*'"), ["date_format", "date_from_unix_date"]);
    assert_eq!(rows(&session, "DESCRIBE QUERY SELECT 1 AS a, 'x' AS b"), ["a|int|NULL", "b|string|NULL"]);
    assert_eq!(columns(&session, "EXPLAIN SELECT 1"), ["plan"]);
    session.execute("CREATE TABLE `a b` AS SELECT 1 AS `c d`; REFRESH TABLE `a b`").unwrap();
    assert_eq!(rows(&session, "SHOW COLUMNS IN `a b`"), ["c d"]);
}

#[test]
fn the_time_zone_is_that_of_the_session() {
    let (_root, session) = session();
    let zone = |session: &Session| row(session, "SELECT current_timezone()");
    for (statement, expected) in [
        ("SET TIME ZONE 'Europe/Berlin'", "Europe/Berlin"),
        ("SET TIME ZONE INTERVAL '-08:30' HOUR TO MINUTE", "-08:30"),
        ("SET TIME ZONE INTERVAL 2 HOURS", "+02:00"),
        ("SET spark.sql.session.timeZone = America/Los_Angeles", "America/Los_Angeles"),
        ("SET TIME ZONE LOCAL", "UTC"),
    ] {
        assert_eq!(row(&session, statement), format!("spark.sql.session.timeZone|{expected}"));
        assert_eq!(zone(&session), expected);
    }
    session.execute("SET TIME ZONE 'Asia/Tokyo'").unwrap();
    let other = session.sql("SELECT timestamp'2024-01-01 09:00:00' AS t").unwrap();
    let dtype = other.column("t").unwrap().dtype().clone();
    assert_eq!(dtype, DataType::Datetime(TimeUnit::Microseconds, TimeZone::opt_try_new(Some("Asia/Tokyo")).unwrap()));
    session.execute("RESET").unwrap();
    assert_eq!(zone(&session), "UTC");
    for sql in ["SET spark.sql.ansi.enabled = perhaps", "SET TIME ZONE 'Mars/Olympus'"] {
        assert_eq!(session.execute(sql).unwrap_err().ename(), "INVALID_ARGUMENT", "{sql}");
    }
}

#[test]
fn a_shown_table_keeps_the_names_of_its_fields() {
    let (_root, session) = session();
    let columns = "m STRUCT<Inner: INT, `two words`: ARRAY<STRUCT<x: DECIMAL(5,2)>>>";
    run(&session, &format!("CREATE TABLE t ({columns})"));
    let text = row(&session, "SHOW CREATE TABLE t");
    assert!(text.contains(columns), "{text}");
    run(&session, &format!("DROP TABLE t; {text}"));
    assert_eq!(row(&session, "SHOW CREATE TABLE t"), text);
}
