//! Frames as tables and tables as frames.

use std::collections::BTreeMap;
use std::fs;

use aerostat_metastore::{NewFile, NewTable, Snapshot, TableName};
use deltalake_core::arrow::datatypes::DataType as ArrowType;

use super::*;
use crate::support;

fn location(session: &Session, table: &str) -> PathBuf {
    session.metastore().table(&name(table)).unwrap().location.unwrap()
}

fn snapshot(session: &Session, table: &str) -> Snapshot {
    session.metastore().snapshot(&location(session, table), None).unwrap()
}

fn name(table: &str) -> TableName {
    let (schema, table) = table.split_once('.').unwrap_or(("default", table));
    TableName::new(schema, table)
}

#[test]
fn modes_do_what_spark_does() {
    let (folder, session) = session();
    let save = |mode: &str| session.write(orders()).mode(mode).save_as_table("shop.orders");
    save("error").unwrap();
    let error = fails(save("errorifexists"), "TABLE_ALREADY_EXISTS", "table `shop.orders` already exists");
    assert!(error.hint().unwrap().contains(".mode(\"overwrite\")"));
    save("ignore").unwrap();
    assert_eq!(rows(&session, "shop.orders"), orders().collect().unwrap());
    save("Append").unwrap();
    assert_eq!(rows(&session, "shop.orders").height(), 6);
    save("overwrite").unwrap();
    save("overwrite").unwrap();
    assert_eq!(rows(&session, "shop.orders"), orders().collect().unwrap());
    let error = fails(save("overwite"), "INVALID_ARGUMENT", "there is no mode `overwite`");
    assert_eq!(error.hint().unwrap(), "did you mean `overwrite`?");
    assert_eq!(rows(&open(folder.path()), "shop.orders").height(), 3, "another session sees the same");
}

fn misplaced(path: &str, root: &str) -> String {
    format!("`{path}` is in the Delta table `{root}`, whose log would not know of the files")
}

#[test]
fn a_delta_table_is_written_by_its_path() {
    let (folder, session) = session();
    let path = folder.path().join("lake/orders").display().to_string();
    let write = |frame: LazyFrame| session.write(frame).format("delta").partition_by(["country"]);
    let read = || {
        let rows = session.read().format("delta").load(&path).unwrap().sort(["id"], Default::default());
        session.collect(rows).unwrap()["id"].i64().unwrap().iter().flatten().collect::<Vec<_>>()
    };
    write(orders()).save(&path).unwrap();
    let error = fails(write(orders()).save(&path), "TABLE_ALREADY_EXISTS", &format!("table `{path}` already exists"));
    assert!(error.hint().unwrap().contains(".mode(\"overwrite\")"));
    write(orders()).mode("ignore").save(&path).unwrap();
    let fourth = orders().filter(col("id").eq(lit(1))).with_columns([lit(4i64).alias("id")]);
    session.write(fourth).format("delta").mode("append").save(&format!("file:{path}")).unwrap();
    assert_eq!(read(), [1, 2, 3, 4]);
    let norway = orders().filter(col("country").eq(lit("Norway"))).with_columns([lit(5i64).alias("id")]);
    write(norway).mode("overwrite").option("partitionOverwriteMode", "dynamic").save(&path).unwrap();
    assert_eq!(read(), [1, 3, 4, 5]);
    write(orders()).mode("overwrite").save(&path).unwrap();
    assert_eq!(read(), [1, 2, 3]);
    let history = session.metastore().history(Path::new(&path), None).unwrap();
    let modes: Vec<_> = history.iter().map(|commit| commit.info["operationParameters"]["mode"].as_str()).collect();
    assert_eq!(modes, ["Overwrite", "Overwrite", "Append", "ErrorIfExists"].map(Some));
    assert!(history.iter().all(|commit| commit.info["operation"] == "WRITE"));

    // What is there is not mixed with what does not belong to it.
    let wrong = session.write(orders().select([col("id")])).format("delta").mode("overwrite").save(&path);
    let misfit = format!("the frame does not fit table `{path}`: `country` is missing, `amount` is missing");
    fails(wrong, "INVALID_ARGUMENT", &misfit);
    for mode in ["append", "overwrite", "ignore"] {
        fails(session.write(orders()).mode(mode).parquet(&path), "INVALID_ARGUMENT", &misplaced(&path, &path));
    }
    assert_eq!(read(), [1, 2, 3]);
    let files = folder.path().join("files").display().to_string();
    session.write(orders()).parquet(&files).unwrap();
    let within = format!("{path}/more");
    for (to, what) in [(&files, "is there, and is no Delta table"), (&within, "is in the Delta table")] {
        let error = session.write(orders()).format("delta").mode("overwrite").save(to).unwrap_err();
        assert!(error.message().contains(what), "{error}");
    }
    fails(session.write(orders()).parquet(&within), "INVALID_ARGUMENT", &misplaced(&within, &path));
    assert_eq!(session.collect(session.read_parquet(&files).unwrap()).unwrap().height(), 3);
    let failing = orders().with_columns([col("country").strict_cast(DataType::Int64)]);
    let new = folder.path().join("new");
    session.write(failing).format("delta").save(new.to_str().unwrap()).unwrap_err();
    assert!(!new.exists(), "nothing is left of a table that was not made");
}

#[test]
fn a_schema_must_be_there() {
    let (_folder, session) = session();
    let error = fails(
        session.write(orders()).save_as_table("retail.orders"),
        "SCHEMA_NOT_FOUND",
        "schema `retail` does not exist",
    );
    assert!(error.hint().unwrap().contains("CREATE DATABASE retail"), "{error}");
}

#[test]
fn a_table_can_be_made_of_itself() {
    let (_folder, session) = session();
    session.write(orders()).save_as_table("t").unwrap();
    let doubled = session.table("t").unwrap().with_columns([col("amount") * lit(2.0)]);
    session.write(doubled).mode("overwrite").save_as_table("t").unwrap();
    assert_eq!(rows(&session, "t")["amount"], *df!("amount" => [20.0, 5.0, 2.5]).unwrap().column("amount").unwrap());
}

#[test]
fn appended_columns_are_matched_by_name_and_widened() {
    let (_folder, session) = session();
    let wide = df!("id" => [1i64], "Country" => ["France"], "amount" => [1.0]).unwrap();
    session.write(wide.lazy()).save_as_table("t").unwrap();
    let other = df!("AMOUNT" => [2.5f32], "id" => [2i32]).unwrap();
    session.write(other.lazy()).mode("append").save_as_table("t").unwrap();
    let expected = df!("id" => [1i64, 2], "Country" => [Some("France"), None], "amount" => [1.0, 2.5]).unwrap();
    assert!(rows(&session, "t").sort(["id"], Default::default()).unwrap().equals_missing(&expected));
    let wrong = df!("id" => ["3"], "county" => ["France"]).unwrap();
    fails(
        session.write(wrong.lazy()).mode("append").save_as_table("t"),
        "INVALID_ARGUMENT",
        "the frame does not fit table `default.t`: `county` is not a column of it (is it `Country`?), \
         `id` is `string` instead of `bigint`",
    );
}

#[test]
fn another_schema_is_overwritten_only_on_demand() {
    let (_folder, session) = session();
    session.write(orders()).save_as_table("t").unwrap();
    let other = || session.write(orders().select([col("id").cast(DataType::String), col("amount")])).mode("overwrite");
    let message =
        "the frame does not fit table `default.t`: `id` is `string` instead of `bigint`, `country` is missing";
    let error = fails(other().save_as_table("t"), "INVALID_ARGUMENT", message);
    assert_eq!(error.hint().unwrap(), "to change the table, say `.option(\"overwriteSchema\", \"true\")`");
    other().option("overwriteSchema", true).partition_by(["id"]).save_as_table("t").unwrap();
    let changed = rows(&session, "t");
    assert_eq!(changed.schema().get("id"), Some(&DataType::String));
    assert_eq!((changed.shape(), snapshot(&session, "t").partition_columns), ((3, 2), vec!["id".to_owned()]));
}

#[test]
fn inserted_columns_are_matched_by_position() {
    let (_folder, session) = session();
    let table = df!("id" => [1i32], "name" => ["a"], "price" => [1.5f32]).unwrap();
    session.write(table.lazy()).save_as_table("t").unwrap();
    let insert = |frame: DataFrame| session.write(frame.lazy()).insert_into("t");
    insert(df!("x" => [2i64], "y" => [7i64], "z" => [2.5]).unwrap()).unwrap();
    let expected = df!("id" => [1i32, 2], "name" => ["a", "7"], "price" => [1.5f32, 2.5]).unwrap();
    assert_eq!(rows(&session, "t").sort(["id"], Default::default()).unwrap(), expected);
    let too_large = insert(df!("x" => [1i64 << 40], "y" => ["b"], "z" => [0.0]).unwrap());
    assert_eq!(too_large.unwrap_err().ename(), "COMPUTE_ERROR");
    let message = "the table has 3 columns, but 2 are inserted";
    fails(insert(df!("x" => [1i64], "y" => ["b"]).unwrap()), "INVALID_ARGUMENT", message);
    let message = "a `string` cannot be inserted into column `id` of type `int`";
    let error = fails(insert(df!("x" => ["1"], "y" => ["b"], "z" => [0.0]).unwrap()), "INVALID_ARGUMENT", message);
    assert_eq!(error.hint().unwrap(), "cast it: `CAST(.. AS INT)`");
    session
        .write(df!("x" => [9i64], "y" => ["b"], "z" => [0.0]).unwrap().lazy())
        .mode("overwrite")
        .insert_into("T")
        .unwrap();
    assert_eq!(rows(&session, "t").height(), 1);
    let nowhere = session.write(orders()).insert_into("nowhere").unwrap_err();
    assert_eq!(nowhere.ename(), "TABLE_NOT_FOUND");
}

#[test]
fn types_come_back_as_they_were_stored() {
    let (_folder, session) = session();
    let micros = DataType::Datetime(TimeUnit::Microseconds, None);
    let frame = df!(
        "i8" => [Some(-128i64), None, Some(127)], "i16" => [Some(1i64), None, Some(-32768)], "i32" => [Some(1i64), None, Some(2)],
        "i64" => [Some(i64::MAX), None, Some(i64::MIN)], "u8" => [Some(1i64), None, Some(255)], "u32" => [Some(1i64), None, Some(4294967295)],
        "f32" => [Some(0.1), None, Some(f64::NAN)], "f64" => [Some(0.1), None, Some(f64::INFINITY)], "text" => [Some("ä\n\"x\""), None, Some("")],
        "day" => [Some(-719162i64), None, Some(19000)], "at" => [Some(-1i64), None, Some(1_700_000_000_123_456)],
        "price" => [Some("1.25"), None, Some("-99999999.99")], "yes" => [Some(true), None, Some(false)]
    );
    let to = |name: &str, dtype: DataType| col(name).cast(dtype);
    let frame = frame.unwrap().lazy().with_columns([
        to("i8", DataType::Int8),
        to("i16", DataType::Int16),
        to("i32", DataType::Int32),
        to("u8", DataType::UInt8),
        to("u32", DataType::UInt32),
        to("f32", DataType::Float32),
        to("price", DataType::Decimal(10, 2)),
        col("day").cast(DataType::Int32).cast(DataType::Date),
        to("at", micros.clone()),
        col("text").cast(DataType::Binary).alias("bytes"),
        col("at")
            .cast(micros)
            .dt()
            .replace_time_zone(Some(TimeZone::UTC), lit("raise"), NonExistent::Raise)
            .alias("instant"),
        as_struct(vec![col("text"), col("i64")]).alias("pair"),
        concat_list([col("i64"), col("i64")]).unwrap().alias("list"),
    ]);
    session.write(frame.clone()).save_as_table("t").unwrap();
    let stored = frame.with_columns([to("u8", DataType::Int16), to("u32", DataType::Int64)]).collect().unwrap();
    let back = rows(&session, "t");
    assert_eq!(back.schema(), stored.schema());
    assert!(back.equals_missing(&stored), "{back}\n{stored}");
    let lazily = session.table("t").unwrap().collect_schema().unwrap();
    assert_eq!(&lazily, stored.schema());
}

#[test]
fn what_a_table_cannot_hold_is_refused_before_the_query_runs() {
    let (_folder, session) = session();
    let frame = orders().with_columns([col("id").cast(DataType::Time).alias("t"), col("nope").alias("x")]);
    assert_eq!(session.write(frame).save_as_table("t").unwrap_err().ename(), "COLUMN_NOT_FOUND");
    let frame = orders().with_columns([col("id").cast(DataType::Time).alias("t")]);
    let error = session.write(frame).save_as_table("t").unwrap_err();
    assert_eq!(error.message(), "a table cannot hold column `t`: tables have no time of day");
    let twice = orders().with_columns([col("id").alias("ID")]);
    let error = fails(session.write(twice).save_as_table("t"), "COLUMN_ALREADY_EXISTS", "column `ID` already exists");
    assert_eq!(error.hint().unwrap(), "`id` and `ID` are one name: case does not count in tables");
    assert!(session.metastore().find_table(&name("t")).unwrap().is_none());
}

#[test]
fn an_empty_frame_makes_an_empty_table() {
    let (_folder, session) = session();
    session.write(orders().limit(0)).save_as_table("t").unwrap();
    assert_eq!(rows(&session, "t"), orders().limit(0).collect().unwrap());
    session.write(orders()).mode("append").save_as_table("t").unwrap();
    assert_eq!(rows(&session, "t").height(), 3);
}

fn partitioned() -> DataFrame {
    df!(
        "place" => [Some("Côte d'Ivoire"), Some("a/b=c d%"), None, Some("x:y*z?[1]"), Some("Côte d'Ivoire")],
        "year" => [Some(2020i64), Some(2020), Some(2021), None, Some(2021)],
        "n" => [1i64, 2, 3, 4, 5]
    )
    .unwrap()
}

#[test]
fn partitions_keep_odd_characters_and_nulls() {
    let (_folder, session) = session();
    session.write(partitioned().lazy()).partition_by(["Place", "YEAR"]).save_as_table("t").unwrap();
    assert_eq!(snapshot(&session, "t").partition_columns, ["place", "year"]);
    let back = rows(&session, "t").sort(["n"], Default::default()).unwrap();
    assert_eq!(back.schema(), partitioned().schema());
    assert!(back.equals_missing(&partitioned()), "{back}");
    let one = session.table("t").unwrap().filter(col("place").eq(lit("a/b=c d%")));
    assert_eq!(session.collect(one).unwrap()["n"].i64().unwrap().get(0), Some(2));
    let none = session.table("t").unwrap().filter(col("place").is_null());
    assert_eq!(session.collect(none).unwrap()["n"].i64().unwrap().get(0), Some(3));
    // Null is neither less nor not less than anything.
    let early = session.table("t").unwrap().filter(col("year").lt(lit(2021))).sort(["n"], Default::default());
    assert_eq!(session.collect(early).unwrap()["n"].i64().unwrap().to_vec(), [Some(1), Some(2)]);
    let never = session.table("t").unwrap().filter(col("year").lt(lit(2021)).not().and(col("place").neq(lit("x"))));
    assert_eq!(session.collect(never).unwrap()["n"].i64().unwrap().to_vec(), [Some(5)]);
    let error = session.write(orders()).mode("append").partition_by(["n"]).save_as_table("t").unwrap_err();
    assert_eq!(error.ename(), "INVALID_ARGUMENT");
    let error = fails(
        session.write(partitioned().lazy()).mode("append").partition_by(["year"]).save_as_table("t"),
        "INVALID_ARGUMENT",
        "table `default.t` is partitioned by place, year",
    );
    assert!(error.hint().is_none());
    let error = session.write(orders()).partition_by(["contry"]).save_as_table("u").unwrap_err();
    assert_eq!((error.ename().as_str(), error.hint()), ("COLUMN_NOT_FOUND", Some("did you mean `country`?")));
}

#[test]
fn partition_values_are_in_the_log_and_not_in_the_names_of_folders() {
    let (_folder, session) = session();
    let location = session.metastore().new_location(&name("t")).unwrap();
    let file = |path: &str, year: Option<&str>, ids: &[i64]| NewFile {
        partition_values: BTreeMap::from([("year".to_owned(), year.map(str::to_owned))]),
        ..support::write(&location, path, ids)
    };
    let files = vec![
        file("plain.parquet", Some("2020"), &[1, 2]),
        file("year=1999/wrong.parquet", Some("2021"), &[3]),
        file("also-plain.parquet", Some("2020"), &[4]),
        file("none.parquet", None, &[5]),
    ];
    let mut columns = support::schema(&[("year", ArrowType::Int32), ("id", ArrowType::Int64)]);
    columns.partition_columns = vec!["year".into()];
    let table =
        NewTable { location: Some(location.clone()), columns: Some(columns), files, ..support::ids_table("default.t") };
    session.metastore().create_table(table).unwrap();
    let expected =
        df!("year" => [Some(2020), Some(2020), Some(2021), Some(2020), None], "id" => [1i64, 2, 3, 4, 5]).unwrap();
    let back = rows(&session, "t").sort(["id"], Default::default()).unwrap();
    assert!(back.equals_missing(&expected), "{back}");
    let ids = |filter: Expr| {
        session.collect(session.table("t").unwrap().filter(filter).select([col("id").sort(Default::default())]))
    };
    assert_eq!(ids(col("year").eq(lit(2020))).unwrap()["id"].i64().unwrap().to_vec(), [Some(1), Some(2), Some(4)]);
    assert_eq!(ids(col("year").is_null()).unwrap()["id"].i64().unwrap().to_vec(), [Some(5)]);
    assert_eq!(
        ids(col("id").gt(lit(2)).and(col("year").lt(lit(2021)))).unwrap()["id"].i64().unwrap().to_vec(),
        [Some(4)]
    );
}

#[test]
fn partition_columns_of_every_type_come_back() {
    let (_folder, session) = session();
    let frame = df!(
        "day" => [18262i64, 18263], "at" => [1_577_836_800_000_001i64, -1], "yes" => [true, false], "x" => [0.1, -2.0],
        "price" => ["1.50", "0.25"], "k" => [1i64, 2]
    );
    let frame = frame.unwrap().lazy().with_columns([
        col("day").cast(DataType::Int32).cast(DataType::Date),
        col("at").cast(DataType::Datetime(TimeUnit::Microseconds, None)),
        col("price").cast(DataType::Decimal(6, 2)),
    ]);
    let frame = frame.collect().unwrap();
    for column in ["day", "at", "yes", "x"] {
        let write = session.write(frame.clone().lazy()).mode("overwrite").option("overwriteSchema", true);
        write.partition_by([column]).save_as_table("t").unwrap();
        let back = rows(&session, "t").sort(["k"], Default::default()).unwrap();
        assert_eq!(back.schema(), frame.schema(), "{column}");
        assert_eq!(back, frame, "{column}");
    }
}

/// Removes the data files for which `gone` says so; a query that needs them fails from then on.
fn remove_files(
    snapshot: &Snapshot,
    gone: impl Fn(&BTreeMap<String, Option<String>>, &serde_json::Value) -> bool,
) -> usize {
    let lost: Vec<_> =
        snapshot.files.iter().filter(|file| gone(&file.partition_values, file.stats.as_ref().unwrap())).collect();
    lost.iter().for_each(|file| fs::remove_file(&file.path).unwrap());
    lost.len()
}

#[test]
fn a_filter_on_partitions_opens_only_their_files() {
    let (_folder, session) = session();
    session.write(partitioned().lazy()).partition_by(["year"]).save_as_table("t").unwrap();
    assert_eq!(remove_files(&snapshot(&session, "t"), |values, _| values["year"].as_deref() != Some("2021")), 2);
    let table = || session.table("t").unwrap();
    let one = session.collect(table().filter(col("year").eq(lit(2021)).and(col("n").gt(lit(3))))).unwrap();
    assert_eq!(one["n"].i64().unwrap().to_vec(), [Some(5)]);
    assert_eq!(session.collect(table()).unwrap_err().ename(), "FILE_NOT_FOUND");
}

#[test]
fn a_filter_skips_files_by_their_statistics() {
    let (_folder, session) = session();
    let days = |n: i64| lit(n).cast(DataType::Int32).cast(DataType::Date);
    let at = |n: i64| lit(n).cast(DataType::Datetime(TimeUnit::Microseconds, None));
    let numbers = df!("n" => (0..1000i64).collect::<Vec<_>>()).unwrap().lazy().with_columns([
        (lit("a long common beginning of names, number ") + (col("n") + lit(1000)).cast(DataType::String)).alias("s"),
        col("n").cast(DataType::Int32).cast(DataType::Date).alias("d"),
        (col("n") * lit(1_000_003)).cast(DataType::Datetime(TimeUnit::Microseconds, None)).alias("t"),
        when(col("n").lt(lit(900))).then(col("n")).otherwise(lit(NULL)).alias("holes"),
    ]);
    session.write(numbers).option("maxRecordsPerFile", 100).save_as_table("t").unwrap();
    let count = |filter: Expr| session.collect(session.table("t").unwrap().filter(filter)).map(|frame| frame.height());
    assert_eq!(count(col("n").gt_eq(lit(300))).unwrap(), 700);
    let snapshot = snapshot(&session, "t");
    assert_eq!(snapshot.files.len(), 10);
    let first = |stats: &serde_json::Value| stats["minValues"]["n"].as_i64().unwrap();
    assert_eq!(remove_files(&snapshot, |_, stats| (300..800).contains(&first(stats))), 5);
    assert_eq!(count(col("n").lt(lit(150))).unwrap(), 150);
    assert_eq!(count(col("n").eq(lit(850)).or(col("n").eq(lit(5)))).unwrap(), 2);
    assert_eq!(count(col("d").lt(days(10))).unwrap(), 10);
    assert_eq!(count(col("d").gt_eq(days(950))).unwrap(), 50);
    assert_eq!(count(col("t").lt(at(1_000_003 * 7))).unwrap(), 7);
    assert_eq!(count(col("t").eq(at(1_000_003 * 999))).unwrap(), 1);
    assert_eq!(count(col("holes").is_null()).unwrap(), 100);
    assert_eq!(count(col("n").gt(lit(299)).and(col("n").lt(lit(301)))).unwrap_err().ename(), "FILE_NOT_FOUND");
    // The names differ only after the characters that bounds keep, so no file can be skipped by them.
    assert_eq!(count(col("s").eq(lit("z"))).unwrap(), 0);
    assert_eq!(
        count(col("s").gt(lit("a long common beginning of names, number 1"))).unwrap_err().ename(),
        "FILE_NOT_FOUND"
    );
}

#[test]
fn numbers_that_are_none_are_not_skipped() {
    let (_folder, session) = session();
    let frame = df!("x" => [1.0, f64::NAN, 2.0, 3.0]).unwrap();
    session.write(frame.lazy()).option("maxRecordsPerFile", 2).save_as_table("t").unwrap();
    // For polars NaN is larger than all other numbers.
    let large = session.collect(session.table("t").unwrap().filter(col("x").gt(lit(100.0)))).unwrap();
    assert_eq!(large.height(), 1);
}

#[test]
fn rows_are_counted_without_opening_files() {
    let (_folder, session) = session();
    session.write(orders()).partition_by(["country"]).save_as_table("t").unwrap();
    remove_files(&snapshot(&session, "t"), |_, _| true);
    let count = session.table("t").unwrap().select([len()]);
    let counted =
        session.run(move || count.collect_with_engine(Engine::Streaming).map(|result| result.unwrap_single()));
    assert_eq!(counted.unwrap()["len"].u32().unwrap().get(0), Some(3));
}

#[test]
fn options_are_honoured_or_refused() {
    let (_folder, session) = session();
    let save = |name: &str, value: &str| session.write(orders()).option(name, value).save_as_table("t");
    let error = fails(save("overwriteShema", "true"), "OPTION_NOT_FOUND", "option `overwriteShema` does not exist");
    assert_eq!(error.hint().unwrap(), "did you mean `overwriteSchema`?");
    fails(
        save("partitionOverwriteMode", "some"),
        "INVALID_ARGUMENT",
        "option `partitionOverwriteMode` is `some`, but must be `static` or `dynamic`",
    );
    fails(
        save("overwriteSchema", "yes"),
        "INVALID_ARGUMENT",
        "option `overwriteSchema` is `yes`, but must be `true` or `false`",
    );
    let other = session.write(orders()).format("parquet").save_as_table("t");
    fails(other, "NOT_SUPPORTED", "tables are stored as `delta`, not as `parquet`");
    save("compression", "zstd").unwrap();
    assert_eq!(rows(&session, "t").height(), 3);
}

#[test]
fn a_failed_write_leaves_no_files() {
    let (_folder, session) = session();
    session.write(orders()).save_as_table("t").unwrap();
    let before = files_below(&location(&session, "t"));
    let wrong = orders().with_columns([col("country").strict_cast(DataType::Int64).alias("id")]);
    session.write(wrong).mode("append").save_as_table("t").unwrap_err();
    assert_eq!(files_below(&location(&session, "t")), before);
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect();
    files.sort();
    files
}

#[test]
fn development_indicators_are_partitioned_by_year() {
    let Some(path) = shared("wdi/wdi_long_real_subset.parquet") else { return };
    let (_folder, session) = session();
    let source = session.read_parquet(path.to_str().unwrap()).unwrap();
    session.write(source.clone()).partition_by(["year"]).save_as_table("wdi").unwrap();
    let snapshot = snapshot(&session, "wdi");
    let total: u64 = snapshot.files.iter().map(|file| file.num_records.unwrap()).sum();
    assert_eq!(total, 1_026_030);
    let summary = |frame: LazyFrame| {
        let grouped = frame.group_by([col("year")]).agg([
            len().alias("n"),
            col("indicatorValue").cast(DataType::Float64).sum().alias("sum"),
            col("indicatorValue").null_count().alias("nulls"),
        ]);
        session.collect(grouped.sort(["year"], Default::default())).unwrap()
    };
    let (ours, theirs) = (summary(session.table("wdi").unwrap()), summary(source));
    assert_eq!(ours["n"], theirs["n"]);
    assert_eq!(ours["nulls"], theirs["nulls"]);
    for (ours, theirs) in ours["sum"].f64().unwrap().iter().zip(theirs["sum"].f64().unwrap().iter()) {
        assert!((ours.unwrap() - theirs.unwrap()).abs() <= 1e-9 * theirs.unwrap().abs());
    }
    remove_files(&snapshot, |values, _| values["year"].as_deref() != Some("2015"));
    let canada = session.table("wdi").unwrap().filter(
        col("year")
            .eq(lit(2015))
            .and(col("countryName").eq(lit("Canada")))
            .and(col("indicatorCode").eq(lit("NY.GDP.MKTP.KD.ZG"))),
    );
    let growth = session.collect(canada.select([col("indicatorValue").cast(DataType::Float64)])).unwrap();
    assert!((growth["indicatorValue"].f64().unwrap().get(0).unwrap() - 0.649971).abs() < 1e-6);
}
