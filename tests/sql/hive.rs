//! Tables of files: Hive's SerDes, formats, partitions, and which files a query opens.

use std::fs;
use std::path::Path;

use aerostat_metastore::TableName;
use aerostat_session::Session;
use polars::prelude::{col, lit};

use super::{row, rows, session};

/// A folder with one file of text.
fn folder(root: &Path, name: &str, text: &str) -> String {
    let folder = root.join(name);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("data.csv"), text).unwrap();
    folder.display().to_string()
}

const WDI: &str = "year,countryName,code,value\n\
    2015,Canada,NY.GDP,0.65\n\
    2016,Canada,\"GDP, growth\",x\n\
    20.9,Chad\n\
    ,\\N,NY.GDP,1e2,more,than,enough\r\n\
    \n";

#[test]
fn lazy_simple_serde_splits_without_quotes() {
    let (root, session) = session();
    let location = folder(root.path(), "raw", WDI);
    session
        .execute(&format!(
            "CREATE EXTERNAL TABLE raw (year INT, countryName STRING, code STRING, value FLOAT)
             ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' LOCATION '{location}'
             TBLPROPERTIES ('skip.header.line.count' = '1')"
        ))
        .unwrap();
    assert_eq!(
        rows(&session, "SELECT * FROM raw"),
        [
            "2015|Canada|NY.GDP|0.65",
            "2016|Canada|\"GDP|NULL",
            "20|Chad|NULL|NULL",
            "NULL|NULL|NY.GDP|100.0",
            "NULL|NULL|NULL|NULL",
        ]
    );
    assert_eq!(row(&session, "SELECT count(*) FROM raw WHERE COUNTRYNAME = 'Canada'"), "2");
    let details = rows(&session, "DESCRIBE FORMATTED raw");
    for detail in [
        "Type|EXTERNAL|",
        "Provider|hive|",
        "Table Properties|[skip.header.line.count=1]|",
        "Serde Library|org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe|",
        "InputFormat|org.apache.hadoop.mapred.TextInputFormat|",
        "Storage Properties|[field.delim=,, serialization.format=,]|",
    ] {
        assert!(details.iter().any(|row| row == detail), "{detail} in {details:?}");
    }
    let frame = session.collect(session.table("raw").unwrap()).unwrap();
    assert_eq!((frame.height(), frame.column("value").unwrap().null_count()), (5, 3));
}

#[test]
fn delimiters_of_nested_values_escapes_and_nulls() {
    let (root, session) = session();
    let location = folder(root.path(), "nested", "a\\|b|1:2:-|x:7\nnone||-\n");
    session
        .execute(&format!(
            "CREATE EXTERNAL TABLE nested (name STRING, items ARRAY<INT>, pair STRUCT<k: STRING, v: INT>)
             ROW FORMAT DELIMITED FIELDS TERMINATED BY '|' ESCAPED BY '\\\\' COLLECTION ITEMS TERMINATED BY ':'
             LINES TERMINATED BY '\\n' NULL DEFINED AS '-' STORED AS TEXTFILE LOCATION '{location}'"
        ))
        .unwrap();
    assert_eq!(
        rows(&session, "SELECT name, size(items), items[1], items[2], pair.k, pair.v FROM nested"),
        ["a|b|3|2|NULL|x|7", "none|0|NULL|NULL|NULL|NULL"]
    );
    let error = session
        .execute("CREATE TABLE bad (a INT) ROW FORMAT DELIMITED FIELDS TERMINATED BY '||' STORED AS TEXTFILE")
        .unwrap_err();
    assert!(error.message().contains("must be one character"), "{error}");
}

#[test]
fn open_csv_serde_understands_quotes_and_makes_texts() {
    let (root, session) = session();
    let text = "1,\"GDP, growth\",2015\n2,\"say \"\"hi\"\"\",\"a\\\"b\"\n3,plain\n4,a,b,c\n";
    let location = folder(root.path(), "quoted", text);
    session
        .execute(&format!(
            "CREATE EXTERNAL TABLE quoted (id INT, name STRING, year INT)
             ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde'
             WITH SERDEPROPERTIES ('separatorChar' = ',', 'quoteChar' = '\"', 'escapeChar' = '\\\\')
             STORED AS TEXTFILE LOCATION '{location}'"
        ))
        .unwrap();
    assert_eq!(rows(&session, "DESCRIBE quoted"), ["id|string|NULL", "name|string|NULL", "year|string|NULL"]);
    assert_eq!(
        rows(&session, "SELECT * FROM quoted"),
        ["1|GDP, growth|2015", "2|say \"hi\"|a\"b", "3|plain|NULL", "4|a|b"]
    );
    session
        .execute("CREATE VIEW typed AS SELECT CAST(id AS INT) AS id, CAST(year AS INT) AS year FROM quoted")
        .unwrap();
    assert_eq!(rows(&session, "SELECT * FROM typed WHERE year = 2015"), ["1|2015"]);
}

#[test]
fn every_format_is_written_and_read() {
    let (_root, session) = session();
    let storages = [
        "USING parquet",
        "STORED AS PARQUET",
        "USING csv OPTIONS (header 'true', sep ';')",
        "USING json",
        "USING ipc",
        "STORED AS TEXTFILE",
        "ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\t' ESCAPED BY '\\\\'",
    ];
    let query = "SELECT 1 AS id, 'a;b' AS name, 1.5D AS x, CAST('12.30' AS DECIMAL(6, 2)) AS d, date'2024-02-29' AS day \
                 UNION ALL SELECT 2, NULL, NULL, NULL, NULL";
    for (at, storage) in storages.iter().enumerate() {
        session.execute(&format!("CREATE TABLE made{at} {storage} AS {query}")).unwrap();
        session
            .execute(&format!(
                "CREATE TABLE t{at} (id INT, name STRING, x DOUBLE, d DECIMAL(6, 2), day DATE) {storage};
                 INSERT INTO t{at} SELECT * FROM made{at}; INSERT INTO t{at} VALUES (3, 'c', 0, 0, NULL)"
            ))
            .unwrap_or_else(|error| panic!("{storage}: {error}"));
        let read = rows(&session, &format!("SELECT * FROM t{at} ORDER BY id"));
        assert_eq!(read, ["1|a;b|1.5|12.30|2024-02-29", "2|NULL|NULL|NULL|NULL", "3|c|0.0|0.00|NULL"], "{storage}");
        session.execute(&format!("INSERT OVERWRITE t{at} SELECT * FROM made{at} WHERE id = 1")).unwrap();
        assert_eq!(row(&session, &format!("SELECT count(*) FROM t{at}")), "1", "{storage}");
        let (text, before) =
            (row(&session, &format!("SHOW CREATE TABLE t{at}")), describe(&session, &format!("t{at}")));
        session.execute(&format!("DROP TABLE t{at}; {text}")).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(describe(&session, &format!("t{at}")), before, "{storage}");
        session.execute(&format!("TRUNCATE TABLE made{at}")).unwrap();
        assert_eq!(row(&session, &format!("SELECT count(*) FROM made{at}")), "0", "{storage}");
    }
}

fn describe(session: &Session, table: &str) -> Vec<String> {
    let all = rows(session, &format!("DESCRIBE FORMATTED {table}"));
    all.into_iter().filter(|row| !row.starts_with("Created Time") && !row.starts_with("Location")).collect()
}

fn partitioned(session: &Session, storage: &str) {
    session
        .execute(&format!(
            "CREATE TABLE sales (id INT, amount DOUBLE) PARTITIONED BY (year INT, region STRING) {storage};
             INSERT OVERWRITE TABLE sales PARTITION (year, region)
             VALUES (1, 1.0, 2015, 'north'), (2, 2.0, 2015, 'south/east'), (3, 3.0, 2016, 'north'), (4, 4.0, NULL, 'x')"
        ))
        .unwrap();
}

#[test]
fn partitions_are_written_listed_and_overwritten() {
    for storage in ["STORED AS PARQUET", "ROW FORMAT DELIMITED FIELDS TERMINATED BY ','", "USING json"] {
        let (root, session) = session();
        partitioned(&session, storage);
        assert_eq!(
            rows(&session, "SHOW PARTITIONS sales"),
            [
                "year=2015/region=north",
                "year=2015/region=south%2Feast",
                "year=2016/region=north",
                "year=__HIVE_DEFAULT_PARTITION__/region=x"
            ],
            "{storage}"
        );
        assert_eq!(rows(&session, "SHOW PARTITIONS sales PARTITION (year = 2016)"), ["year=2016/region=north"]);
        assert!(root.path().join("warehouse/sales/year=2016/region=north").is_dir());
        let all = "SELECT * FROM sales ORDER BY id";
        let mut expected = vec!["1|1.0|2015|north", "2|2.0|2015|south/east", "3|3.0|2016|north", "4|4.0|NULL|x"];
        assert_eq!(rows(&session, all), expected, "{storage}");
        let frame = session.collect(session.table("sales").unwrap()).unwrap();
        assert_eq!(frame.get_column_names(), ["id", "amount", "year", "region"]);
        // Only the partitions that get rows are overwritten.
        session.execute("INSERT OVERWRITE sales PARTITION (year, region) SELECT 5, 5.0, 2016, 'north'").unwrap();
        expected[2] = "5|5.0|2016|north";
        expected.swap(2, 3);
        assert_eq!(rows(&session, all), expected, "{storage}");
        session
            .execute("INSERT OVERWRITE sales PARTITION (year = 2015, region = 'north') SELECT 6, 6.0 WHERE 1 = 0")
            .unwrap();
        assert_eq!(row(&session, "SELECT count(*) FROM sales WHERE year = 2015"), "1", "{storage}");
        session.execute("INSERT INTO sales PARTITION (year = 2015, region) SELECT 7, 7.0, 'west'").unwrap();
        assert_eq!(row(&session, "SELECT id, year FROM sales WHERE region = 'west'"), "7|2015", "{storage}");
        session.execute("TRUNCATE TABLE sales PARTITION (year = 2016)").unwrap();
        assert_eq!(row(&session, "SELECT count(*) FROM sales WHERE year = 2016"), "0", "{storage}");
        assert_eq!(row(&session, "SELECT count(*) FROM sales WHERE year IS NULL"), "1", "{storage}");
        assert_eq!(row(&session, "SELECT count(*) FROM sales WHERE year < 2000"), "0", "{storage}");
    }
}

#[test]
fn partitions_are_added_dropped_renamed_and_found() {
    let (root, session) = session();
    let location = root.path().join("logs");
    for (year, text) in [("2015", "1,a\n"), ("2016", "2,b\n3,c\n")] {
        folder(&location, &format!("year={year}"), text);
    }
    let elsewhere = folder(root.path(), "elsewhere", "9,z\n");
    session
        .execute(&format!(
            "CREATE EXTERNAL TABLE logs (id INT, name STRING) PARTITIONED BY (year INT)
             ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' LOCATION '{}'",
            location.display()
        ))
        .unwrap();
    let count = "SELECT count(*) FROM logs";
    // As in Hive, a folder is no partition before it is added.
    assert_eq!(row(&session, count), "0");
    session.execute("ALTER TABLE logs ADD PARTITION (year = '2015')").unwrap();
    assert_eq!(row(&session, count), "1");
    let error = session.execute("ALTER TABLE logs ADD PARTITION (year = 2015)").unwrap_err();
    assert_eq!(error.ename(), "PARTITION_ALREADY_EXISTS");
    session
        .execute(&format!(
            "ALTER TABLE logs ADD IF NOT EXISTS PARTITION (year = 2015) PARTITION (year = 1999) LOCATION '{elsewhere}'"
        ))
        .unwrap();
    session.execute("MSCK REPAIR TABLE logs").unwrap();
    assert_eq!(rows(&session, "SHOW PARTITIONS logs"), ["year=1999", "year=2015", "year=2016"]);
    assert_eq!(rows(&session, "SELECT year, id FROM logs ORDER BY id"), ["2015|1", "2016|2", "2016|3", "1999|9"]);
    session.execute("ALTER TABLE logs PARTITION (year = 1999) RENAME TO PARTITION (year = 2000)").unwrap();
    assert_eq!(row(&session, "SELECT id FROM logs WHERE year = 2000"), "9");
    session.execute("ALTER TABLE logs DROP IF EXISTS PARTITION (year = 2016), PARTITION (year = 1)").unwrap();
    assert_eq!(row(&session, count), "2");
    assert!(location.join("year=2016/data.csv").is_file(), "the files of an external table are somebody else's");
    assert_eq!(
        session.execute("ALTER TABLE logs DROP PARTITION (year = 2016)").unwrap_err().ename(),
        "PARTITION_NOT_FOUND"
    );
    session.execute("ALTER TABLE logs RECOVER PARTITIONS").unwrap();
    fs::remove_dir_all(location.join("year=2015")).unwrap();
    session.execute("MSCK REPAIR TABLE logs SYNC PARTITIONS").unwrap();
    assert_eq!(rows(&session, "SHOW PARTITIONS logs"), ["year=2000", "year=2016"]);
    let error = session.execute("ALTER TABLE logs ADD PARTITION (yaer = 1)").unwrap_err();
    assert_eq!((error.ename().as_str(), error.hint()), ("PARTITION_NOT_FOUND", Some("did you mean `year`?")));
    let error = session.execute("ALTER TABLE logs ADD PARTITION (year = 'x')").unwrap_err();
    assert!(error.message().contains("`x` is no value of column `year`"), "{error}");
}

#[test]
fn columns_and_partitions_are_found_in_files() {
    let (root, session) = session();
    partitioned(&session, "STORED AS PARQUET");
    let location = root.path().join("warehouse/sales").display().to_string();
    session.execute(&format!("CREATE TABLE found USING parquet LOCATION '{location}'")).unwrap();
    assert_eq!(rows(&session, "SELECT id, year FROM found ORDER BY id"), ["1|2015", "2|2015", "3|2016", "4|NULL"]);
    session
        .execute(&format!(
            "CREATE TABLE cased (ID INT, Amount DOUBLE) PARTITIONED BY (year INT, region STRING) STORED AS PARQUET
             LOCATION '{location}'; MSCK REPAIR TABLE cased"
        ))
        .unwrap();
    assert_eq!(row(&session, "SELECT sum(id), sum(AMOUNT) FROM cased"), "10|10.0");
    session.execute("CREATE TABLE same LIKE sales; INSERT INTO same SELECT * FROM sales").unwrap();
    assert_eq!(rows(&session, "SHOW PARTITIONS same").len(), 4);
    assert_eq!(row(&session, "SELECT sum(amount) FROM same"), "10.0");
    session.execute("DROP TABLE found").unwrap();
    assert_eq!(row(&session, "SELECT count(*) FROM sales"), "4");
}

#[test]
fn columns_of_files_change_without_the_files() {
    let (root, session) = session();
    let location = folder(root.path(), "plain", "1,a\n2,b,7\n");
    session
        .execute(&format!(
            "CREATE EXTERNAL TABLE t (id INT, name STRING) ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' LOCATION '{location}';
             ALTER TABLE t ADD COLUMNS (n INT COMMENT 'new')"
        ))
        .unwrap();
    assert_eq!(rows(&session, "SELECT * FROM t"), ["1|a|NULL", "2|b|7"]);
    assert_eq!(rows(&session, "DESCRIBE t")[2], "n|int|new");
    session.execute("ALTER TABLE t CHANGE COLUMN id key BIGINT COMMENT 'k'; ALTER TABLE t CHANGE n n STRING").unwrap();
    assert_eq!(rows(&session, "DESCRIBE t"), ["key|bigint|k", "name|string|NULL", "n|string|NULL"]);
    assert_eq!(row(&session, "SELECT key FROM t WHERE n = '7'"), "2");
    session
        .execute("ALTER TABLE t SET SERDEPROPERTIES ('field.delim' = ';'); ALTER TABLE t REPLACE COLUMNS (line STRING)")
        .unwrap();
    assert_eq!(rows(&session, "SELECT * FROM t"), ["1,a", "2,b,7"]);
    session.execute("CREATE TABLE p USING parquet AS SELECT 1 AS a; ALTER TABLE p ADD COLUMN b STRING").unwrap();
    assert_eq!(row(&session, "SELECT * FROM p"), "1|NULL");
    assert_eq!(session.execute("ALTER TABLE p CHANGE COLUMN a c INT").unwrap_err().ename(), "NOT_SUPPORTED");
    assert_eq!(session.execute("ALTER TABLE p ADD COLUMN A INT").unwrap_err().ename(), "COLUMN_ALREADY_EXISTS");
}

/// Files whose rows are not needed can hold anything: they are not opened.
#[test]
fn a_filtered_query_opens_the_files_that_it_needs() {
    for storage in ["STORED AS PARQUET", "ROW FORMAT DELIMITED FIELDS TERMINATED BY ','", "USING csv", "USING delta"] {
        let (root, session) = session();
        session.execute(&format!("CREATE TABLE t (id INT, year INT) {storage} PARTITIONED BY (year)")).unwrap();
        session.execute("INSERT INTO t SELECT id, CAST(2000 + id % 10 AS INT) FROM range(100)").unwrap();
        let opened = watch(&root.path().join("warehouse/t"));
        assert_eq!(row(&session, "SELECT count(*), min(id), max(id) FROM t WHERE year = 2003"), "10|3|93", "{storage}");
        assert_eq!(opened(), 1, "{storage}");
        assert_eq!(row(&session, "SELECT count(DISTINCT id) FROM t WHERE year IN (2001, 2005) OR year > 2007"), "40");
        assert_eq!(opened(), 4, "{storage}");
        assert_eq!(row(&session, "SELECT sum(id) FROM t"), "4950");
        assert_eq!(opened(), 10, "{storage}");
        let plan = row(&session, "EXPLAIN SELECT * FROM t WHERE year = 2003");
        assert!(plan.contains("year=2003") && !plan.contains("year=2004"), "{plan}");
    }
}

/// Counts how many data files below a folder are opened, each once, since it was asked last.
fn watch(folder: &Path) -> impl Fn() -> usize + use<> {
    use std::os::unix::ffi::OsStrExt;
    // SAFETY: a plain system call.
    let notify = unsafe { libc::inotify_init1(libc::IN_NONBLOCK) };
    assert!(notify >= 0);
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let path = std::ffi::CString::new(folder.as_os_str().as_bytes()).unwrap();
        // SAFETY: the path is a C string that lives through the call.
        assert!(unsafe { libc::inotify_add_watch(notify, path.as_ptr(), libc::IN_OPEN) } >= 0);
        let entries = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
        folders.extend(entries.filter(|path| path.is_dir() && !path.ends_with("_delta_log")));
    }
    move || {
        let mut opened = std::collections::BTreeSet::new();
        let mut buffer = [0_u8; 1 << 16];
        loop {
            // SAFETY: the buffer is as long as it is said to be.
            let read = unsafe { libc::read(notify, buffer.as_mut_ptr().cast(), buffer.len()) };
            let Ok(read) = usize::try_from(read) else { return opened.len() };
            let mut at = 0;
            while at < read {
                // watch, mask, cookie, length, and then the name of the entry.
                let word = |offset: usize| u32::from_ne_bytes(buffer[at + offset..at + offset + 4].try_into().unwrap());
                let (mask, length) = (word(4), word(12) as usize);
                let name =
                    String::from_utf8_lossy(&buffer[at + 16..at + 16 + length]).trim_end_matches('\0').to_owned();
                if mask & libc::IN_ISDIR == 0 && !name.is_empty() {
                    opened.insert((word(0), name));
                }
                at += 16 + length;
            }
        }
    }
}

/// The file of the other partition is not there any more when the frame is collected: whoever opens it fails.
#[test]
fn a_frame_opens_the_files_of_the_partitions_that_it_needs() {
    for (format, options) in [
        ("csv", "USING csv OPTIONS (header 'true')"),
        ("json", "USING json"),
        ("text", "ROW FORMAT DELIMITED FIELDS TERMINATED BY ','"),
        ("parquet", "USING parquet"),
    ] {
        let (_root, session) = session();
        session
            .execute(&format!("CREATE TABLE p (id INT, day DATE, year INT) {options} PARTITIONED BY (year)"))
            .unwrap();
        session
            .execute("INSERT INTO p VALUES (1, DATE '2023-01-31', 2023), (2, DATE '2024-01-31', 2024), (3, NULL, 2024)")
            .unwrap();
        let all = session.table("p").unwrap();
        let some = all.clone().filter(col("year").eq(lit(2024))).select([col("id").sum()]);
        let info = session.metastore().table(&TableName::new("default", "p")).unwrap();
        let gone = info.location.unwrap().join("year=2023");
        assert!(gone.is_dir(), "{format}");
        std::fs::remove_dir_all(gone).unwrap();
        let sum = session.collect(some).unwrap_or_else(|error| panic!("{format}: {}", error.message()));
        assert_eq!(sum.column("id").unwrap().get(0).unwrap().try_extract::<i64>().unwrap(), 5, "{format}");
        assert!(session.collect(all).is_err(), "{format}");
    }
}

#[test]
fn a_row_tells_the_file_that_it_is_in() {
    let (_root, session) = session();
    session
        .execute("CREATE TABLE d (Id INT, part INT) PARTITIONED BY (part); INSERT INTO d VALUES (1, 1), (2, 2)")
        .unwrap();
    session.execute("CREATE TABLE c (id INT) USING csv; INSERT INTO c VALUES (3); INSERT INTO c VALUES (4)").unwrap();
    for table in ["d", "c"] {
        let info = session.metastore().table(&TableName::new("default", table)).unwrap();
        let folder = format!("file://{}/", info.location.unwrap().display());
        let files = rows(&session, &format!("SELECT DISTINCT input_file_name() FROM {table}"));
        assert_eq!(files.len(), 2, "{files:?}");
        for file in files {
            assert!(file.starts_with(&folder), "{file}");
            assert!(Path::new(file.strip_prefix("file://").unwrap()).is_file(), "{file}");
        }
    }
    let frame = session.sql("SELECT *, input_file_name() FROM d AS x WHERE x.id = 1").unwrap();
    assert_eq!(frame.get_column_names(), ["Id", "part", "input_file_name()"]);
    assert!(row(&session, "SELECT input_file_name() FROM d WHERE id = 2").contains("/part=2/"));
    assert_eq!(rows(&session, "SELECT count(*) FROM c GROUP BY input_file_name()"), ["1", "1"]);
    assert_eq!(row(&session, "SELECT input_file_name()"), "");
    let error = session.sql("SELECT input_file_name() FROM d JOIN c ON d.id = c.id").unwrap_err();
    assert_eq!(error.condition().unwrap().name, "MULTI_SOURCES_UNSUPPORTED_EXPRESSION");
    assert_eq!(session.sql("SELECT input_file_name() FROM (SELECT * FROM d) x").unwrap_err().ename(), "NOT_SUPPORTED");
    assert_eq!(row(&session, "SELECT count(name) FROM (SELECT input_file_name() AS name FROM c) x"), "2");
}
