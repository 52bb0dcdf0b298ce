//! Reading and writing files.

use std::fs;

use aerostat_session::Settings;

use super::*;

/// A file with this text, in a new folder.
fn file(name: &str, text: &str) -> (TempDir, Session, String) {
    let (folder, session) = session();
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    let path = path.display().to_string();
    (folder, session, path)
}

const MICROS: DataType = DataType::Datetime(TimeUnit::Microseconds, None);

fn dtypes(frame: &DataFrame) -> Vec<DataType> {
    frame.dtypes()
}

#[test]
fn retail_is_read_with_types_found_in_it() {
    let Some(path) = shared("retail/online_retail.csv") else { return };
    let (_folder, session) = session();
    let frame = session.collect(session.read_csv(path.to_str().unwrap()).unwrap()).unwrap();
    assert_eq!(frame.shape(), (541_909, 8));
    use DataType::{Float64, Int64, String};
    assert_eq!(dtypes(&frame), [String, String, String, Int64, MICROS, Float64, Float64, String]);
    assert_eq!(frame["Quantity"].i64().unwrap().sum(), Some(5_176_450));
    assert_eq!((frame["CustomerID"].null_count(), frame["Description"].null_count()), (135_080, 1_454));
    let amount = frame.clone().lazy().select([(col("Quantity").cast(Float64) * col("UnitPrice")).sum()]);
    let amount = session.collect(amount).unwrap()["Quantity"].f64().unwrap().get(0).unwrap();
    assert!((amount - 9_747_747.934).abs() < 1e-3, "{amount}");
    let days = frame["InvoiceDate"].as_materialized_series();
    let text = |value: PolarsResult<Scalar>| value.unwrap().value().to_string();
    assert_eq!(text(days.min_reduce()), "2010-12-01 08:26:00");
    assert_eq!(text(days.max_reduce()), "2011-12-09 12:50:00");
}

#[test]
fn retail_is_read_with_a_given_schema() {
    let Some(path) = shared("retail/online_retail.csv") else { return };
    let (_folder, session) = session();
    let ddl = "InvoiceNo STRING, StockCode STRING, Description STRING, Quantity INT, InvoiceDate TIMESTAMP, \
               UnitPrice DECIMAL(10,3), CustomerID DOUBLE, Country STRING";
    let frame = session.read().header(true).schema(ddl).option("mode", "FAILFAST").csv(path.to_str().unwrap()).unwrap();
    let frame = frame.with_columns([col("CustomerID").cast(DataType::Int32)]);
    let frame = session.collect(frame).unwrap();
    assert_eq!((frame.height(), frame["CustomerID"].null_count()), (541_909, 135_080));
    assert_eq!(frame["CustomerID"].i32().unwrap().get(0), Some(17_850));
    assert_eq!(dtypes(&frame)[3..7], [DataType::Int32, MICROS, DataType::Decimal(10, 3), DataType::Int32]);
}

#[test]
fn without_options_csv_is_read_as_spark_reads_it() {
    let (_folder, session, path) = file("a.csv", "id,name\n1,\"a, b\"\n2,\n3,\"\"\n");
    let plain = session.collect(session.read().csv(&path).unwrap()).unwrap();
    let expected = df!("_c0" => ["id", "1", "2", "3"], "_c1" => [Some("name"), Some("a, b"), None, Some("")]).unwrap();
    assert!(plain.equals_missing(&expected), "{plain}");
    let named = session.collect(session.read().option("HEADER", "true").csv(&path).unwrap()).unwrap();
    assert_eq!(dtypes(&named), [DataType::String, DataType::String]);
    let inferred = session.collect(session.read_csv(&path).unwrap()).unwrap();
    assert_eq!((dtypes(&inferred), inferred.height()), (vec![DataType::Int64, DataType::String], 3));
}

#[test]
fn a_value_far_down_widens_the_type() {
    let lines = |n: usize, value: &str| format!("a,b,c\n{}{value},{value},1\n", "1,2020-01-01,1\n".repeat(n));
    let (_folder, session, path) = file("a.csv", &lines(20_000, "1.5"));
    let frame = session.collect(session.read_csv(&path).unwrap()).unwrap();
    assert_eq!(dtypes(&frame), [DataType::Float64, DataType::String, DataType::Int64]);
    assert_eq!((frame.height(), frame["a"].null_count()), (20_001, 0));
    fs::write(&path, lines(20_000, "C536379")).unwrap();
    let frame = session.collect(session.read_csv(&path).unwrap()).unwrap();
    assert_eq!(dtypes(&frame), [DataType::String, DataType::String, DataType::Int64]);
    assert_eq!(frame["a"].str().unwrap().get(20_000), Some("C536379"));
}

#[test]
fn empty_texts_among_numbers_are_nothing() {
    let (_folder, session, path) = file("a.csv", "a,b,c,d\n\"1\",\"\",\"1.5\",\"x\"\n\"\",,\"-2e3\",\"\"\n");
    let frame = session.collect(session.read_csv(&path).unwrap()).unwrap();
    let expected =
        df!("a" => [Some(1i64), None], "b" => [Some(""), None], "c" => [1.5, -2000.0], "d" => ["x", ""]).unwrap();
    assert!(frame.equals_missing(&expected), "{frame}");
    let long = format!("a,b\n{}\"x\",1\n", "\"\",1\n\"7\",1\n".repeat(5_000));
    fs::write(&path, long).unwrap();
    let frame = session.collect(session.read_csv(&path).unwrap()).unwrap();
    assert_eq!((dtypes(&frame), frame["a"].null_count()), (vec![DataType::String, DataType::Int64], 0));
}

#[test]
fn only_dates_with_the_year_first_are_found() {
    let (_folder, session, path) =
        file("a.csv", "iso,at,uk,clock,yes\n2024-01-31,2024-01-31 12:30:00,31/01/2024,12:30:00,true\n");
    let frame = session.collect(session.read_csv(&path).unwrap()).unwrap();
    use DataType::{Boolean, Date, String};
    assert_eq!(dtypes(&frame), [Date, MICROS, String, String, Boolean]);
}

#[test]
fn options_of_csv_are_honoured() {
    let (_folder, session, path) =
        file("a.csv", "# made by hand\nid;day;at;note\n1;31.01.2024;2024-01-31T10:05;'a;b'\n2;-;-;-\n");
    let read = session
        .read()
        .header(true)
        .option("sep", ";")
        .option("quote", "'")
        .option("nullValue", "-")
        .option("comment", "#");
    let read = read.option("dateFormat", "dd.MM.yyyy").option("timestampFormat", "yyyy-MM-dd'T'HH:mm");
    let frame =
        session.collect(read.schema("id SMALLINT, day DATE, at TIMESTAMP, note STRING").csv(&path).unwrap()).unwrap();
    let expected = df!("id" => [1i64, 2], "day" => [Some(19_753i64), None], "at" => [Some(1_706_695_500_000_000i64), None], "note" => [Some("a;b"), None]);
    let expected = expected.unwrap().lazy().with_columns([
        col("id").cast(DataType::Int16),
        col("day").cast(DataType::Int32).cast(DataType::Date),
        col("at").cast(MICROS),
    ]);
    assert!(frame.equals_missing(&expected.collect().unwrap()), "{frame}");
}

#[test]
fn options_of_csv_are_refused_where_they_are_not_honoured() {
    let (_folder, session, path) = file("a.csv", "a\n1\n");
    let read = |name: &str, value: &str| session.read().option(name, value).csv(&path);
    let error = fails(read("headr", "true"), "OPTION_NOT_FOUND", "option `headr` does not exist");
    assert_eq!(error.hint().unwrap(), "did you mean `header`?");
    fails(read("samplingRatio", "0.1"), "NOT_SUPPORTED", "option `samplingRatio` of CSV is not supported");
    fails(read("encoding", "latin1"), "NOT_SUPPORTED", "encoding `latin1` is not supported");
    fails(read("mode", "DROPMALFORMED"), "NOT_SUPPORTED", "mode `DROPMALFORMED` is not supported");
    fails(read("escape", "\\"), "NOT_SUPPORTED", "quotes in CSV can only be escaped by doubling them");
    fails(read("sep", "||"), "INVALID_ARGUMENT", "option `sep` is `||`, but must be one character");
    assert!(read("escape", "\"").is_ok());
}

#[test]
fn values_that_do_not_fit_are_null_or_an_error() {
    let (_folder, session, path) = file("a.csv", "id,day\n1,2024-01-31\nx,yesterday\n3,2024-02-01,extra\n4\n");
    let read =
        |mode: &str| session.read().header(true).schema("id INT, day DATE").option("mode", mode).csv(&path).unwrap();
    let frame = session.collect(read("permissive")).unwrap();
    assert_eq!(frame["id"].i32().unwrap().to_vec(), [Some(1), None, Some(3), Some(4)]);
    assert_eq!(frame["day"].null_count(), 2);
    let error = session.collect(read("FAILFAST")).unwrap_err();
    assert_eq!(error.ename(), "COMPUTE_ERROR", "{error}");
}

#[test]
fn a_preamble_is_skipped() {
    let Some(path) = shared("wdi/API_NY.GDP.MKTP.KD.ZG_DS2_en_csv_v2_57.csv") else { return };
    let (_folder, session) = session();
    let read = session.read().header(true).option("inferSchema", true).option("skipRows", 4);
    let frame = session.collect(read.csv(path.to_str().unwrap()).unwrap()).unwrap();
    assert_eq!(frame.height(), 265);
    assert_eq!(frame.get_column_names()[0], "Country Name");
    let canada = frame.lazy().filter(col("Country Name").eq(lit("Canada"))).select([col("2015")]);
    assert!((session.collect(canada).unwrap()["2015"].f64().unwrap().get(0).unwrap() - 0.649971).abs() < 1e-6);
}

#[test]
fn json_is_read_by_the_line_and_as_an_array() {
    let lines = "{\"id\": 1, \"tags\": [\"a\"], \"at\": \"2024-01-31 10:00:00\"}\n{\"id\": 2.5}\n";
    let (folder, session, path) = file("a.json", lines);
    let frame = session.collect(session.read_json(&path).unwrap()).unwrap();
    assert_eq!(dtypes(&frame), [DataType::Float64, DataType::List(Box::new(DataType::String)), DataType::String]);
    let typed = session.read().schema("id DOUBLE, at TIMESTAMP, missing INT").json(&path).unwrap();
    let typed = session.collect(typed).unwrap();
    assert_eq!(dtypes(&typed), [DataType::Float64, MICROS, DataType::Int32]);
    assert_eq!((typed["at"].null_count(), typed["missing"].null_count()), (1, 2));
    let array = folder.path().join("b.json");
    fs::write(&array, "[{\"id\": 1,\n \"n\": null}, {\"id\": 2, \"n\": 7}]").unwrap();
    let array = session.read().option("multiLine", true).json(array.to_str().unwrap()).unwrap();
    let expected = df!("id" => [1i64, 2], "n" => [None, Some(7i64)]).unwrap();
    assert!(session.collect(array).unwrap().equals_missing(&expected));
}

#[test]
fn what_is_written_is_read_again() {
    let (folder, session) = session();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let frame = orders().with_columns([lit("2024-01-31 10:00:00")
        .str()
        .to_datetime(Some(TimeUnit::Microseconds), None, StrptimeOptions::default(), lit("raise"))
        .alias("at")]);
    let expected = session.collect(frame.clone()).unwrap();
    session.write(frame.clone()).parquet(&path("p")).unwrap();
    session.write(frame.clone()).json(&path("j")).unwrap();
    session.write(frame.clone()).option("header", true).csv(&path("c")).unwrap();
    assert_eq!(session.collect(session.read_parquet(&path("p")).unwrap()).unwrap(), expected);
    assert_eq!(session.collect(session.read_csv(&path("c")).unwrap()).unwrap(), expected);
    let json =
        session.read().schema("id BIGINT, country STRING, amount DOUBLE, at TIMESTAMP").json(&path("j")).unwrap();
    assert_eq!(session.collect(json).unwrap(), expected);
    let names: Vec<String> =
        fs::read_dir(path("c")).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    assert!(names.contains(&"_SUCCESS".to_owned()), "{names:?}");
    assert!(names.iter().any(|name| name.starts_with("part-00000-") && name.ends_with(".csv")), "{names:?}");
}

#[test]
fn folders_of_values_become_columns() {
    let (folder, session) = session();
    for format in ["csv", "parquet", "json"] {
        let path = folder.path().join(format).display().to_string();
        let write = session.write(orders()).option("maxRecordsPerFile", 1).partition_by(["country"]).format(format);
        let write = if format == "csv" { write.option("header", true) } else { write };
        write.save(&path).unwrap();
        let read = match format {
            "csv" => session.read_csv(&path),
            "json" => session.read_json(&path),
            _ => session.read_parquet(&path),
        };
        let back = session.collect(read.unwrap().sort(["id"], Default::default())).unwrap();
        let expected = session.collect(orders().select([col("id"), col("amount"), col("country")])).unwrap();
        assert_eq!(back, expected, "{format}");
        let glob = format!("{path}/country=France/part-*.{format}");
        let read = session.read().format(format);
        let read = if format == "csv" { read.header(true) } else { read };
        assert_eq!(session.collect(read.load(&glob).unwrap()).unwrap().shape(), (2, 2), "{format}");
    }
}

#[test]
fn modes_apply_to_folders() {
    let (folder, session) = session();
    let path = folder.path().join("out").display().to_string();
    let save = |mode: &str| session.write(orders()).mode(mode).parquet(&path);
    let height = || session.collect(session.read_parquet(&path).unwrap()).unwrap().height();
    save("error").unwrap();
    fails(save("error"), "FILE_ALREADY_EXISTS", &format!("file `{path}` already exists"));
    save("append").unwrap();
    save("ignore").unwrap();
    assert_eq!(height(), 6);
    let itself = session.read_parquet(&path).unwrap().limit(5);
    session.write(itself).mode("overwrite").parquet(&path).unwrap();
    assert_eq!(height(), 5);
    fs::write(folder.path().join("out/thesis.txt"), "years of work").unwrap();
    let error = save("overwrite").unwrap_err();
    assert!(error.message().contains("is not a folder of written files: it holds"), "{error}");
    assert_eq!(fs::read_to_string(folder.path().join("out/thesis.txt")).unwrap(), "years of work");
    let hidden = fs::read_dir(folder.path())
        .unwrap()
        .filter(|e| e.as_ref().unwrap().file_name().to_string_lossy().starts_with('.'));
    assert_eq!(hidden.count(), 0, "nothing is left beside the folder");
}

#[test]
fn a_dynamic_overwrite_of_files_replaces_the_partitions_that_come() {
    let (folder, session) = session();
    let path = folder.path().join("out").display().to_string();
    let write = |frame: LazyFrame| session.write(frame).mode("overwrite").partition_by(["country"]);
    let france = || orders().filter(col("id").eq(lit(1)));
    let read = || {
        let back = session.read_parquet(&path).unwrap().sort(["id"], Default::default());
        session.collect(back).unwrap()["id"].i64().unwrap().to_vec()
    };
    write(orders()).parquet(&path).unwrap();
    write(france()).option("partitionOverwriteMode", "dynamic").parquet(&path).unwrap();
    assert_eq!(read(), [Some(1), Some(2)], "Norway stays, and of France one row");
    session.set_settings(Settings { dynamic_partition_overwrite: true, ..session.settings() });
    let itself = session.read_parquet(&path).unwrap().filter(col("country").eq(lit("Norway")));
    write(itself.with_columns([col("id") + lit(10i64)])).parquet(&path).unwrap();
    assert_eq!(read(), [Some(1), Some(12)]);
    write(orders().limit(0)).parquet(&path).unwrap();
    assert_eq!(read(), [Some(1), Some(12)], "without rows there are no partitions to replace");
    let error = write(france()).option("partitionOverwriteMode", "lively").parquet(&path);
    fails(error, "INVALID_ARGUMENT", "option `partitionOverwriteMode` is `lively`, but must be `static` or `dynamic`");
    write(france()).option("partitionOverwriteMode", "static").parquet(&path).unwrap();
    assert_eq!(read(), [Some(1)]);
    session.write(orders()).mode("overwrite").parquet(&path).unwrap();
    assert_eq!(read(), [Some(1), Some(2), Some(3)], "without partition columns all is replaced");
}

#[test]
fn what_is_not_there_is_named() {
    let (folder, session, _) = file("online_retail.csv", "a\n1\n");
    let path = folder.path().join("online_retial.csv").display().to_string();
    let error = fails(session.read_csv(&path), "FILE_NOT_FOUND", &format!("file `{path}` does not exist"));
    assert_eq!(error.hint().unwrap(), "did you mean `online_retail.csv`?");
    let error = session.read_parquet("nowhere/x.parquet").err().unwrap();
    assert!(error.hint().unwrap().starts_with("relative paths start from `"), "{error}");
    let error =
        fails(session.read_csv("s3://bucket/x.csv"), "NOT_SUPPORTED", "`s3://bucket/x.csv` is not on this machine");
    assert!(error.hint().unwrap().contains("s3"));
    let there = folder.path().join("online_retail.csv");
    assert_eq!(session.collect(session.read_csv(&format!("file://{}", there.display())).unwrap()).unwrap().height(), 1);
}

/// Text is read strictly first; whatever runs the plan has to fall back.
#[test]
fn what_does_not_fit_is_null_whatever_runs_the_plan() {
    let (_folder, session, path) = file("a.csv", "");
    let lines: String = (0..100_000).map(|n| format!("{n},text {n},{n}.5\n")).collect();
    let nulls = |frame: &DataFrame| ["n", "s", "v"].map(|name| frame[name].null_count());
    for (last, wanted) in
        [(&b"1,x,2.5\n"[..], [0, 0, 0]), (b"one,\"\xff\",2,5\n", [1, 0, 0]), (b"1,x,two\n", [0, 0, 1])]
    {
        fs::write(&path, [lines.as_bytes(), last].concat()).unwrap();
        let read = || session.read().schema("n INT, s STRING, v DOUBLE").csv(&path).unwrap();
        let collected = session.collect(read()).unwrap();
        assert_eq!((collected.height(), nulls(&collected)), (100_001, wanted));
        let counts = ["n", "s", "v"].map(|name| col(name).null_count());
        let grouped = read().group_by([lit(1).alias("all")]).agg(counts);
        let grouped = session.collect(grouped).unwrap();
        assert_eq!(["n", "s", "v"].map(|name| grouped[name].u32().unwrap().get(0).unwrap() as usize), wanted);
        session.write(read()).mode("overwrite").save_as_table("t").unwrap();
        let saved = session.collect(session.table("t").unwrap()).unwrap();
        assert_eq!((saved.height(), nulls(&saved)), (100_001, wanted));
    }
}

#[test]
fn what_is_no_utf_8_is_replaced() {
    let (_folder, session, path) = file("a.csv", "");
    fs::write(&path, b"name,price\nM\xfcller,\xa35\nMeier,5\n").unwrap();
    let read = || session.read().header(true);
    let given = read().schema("name STRING, price STRING").csv(&path);
    for frame in [read().csv(&path), read().option("inferSchema", "true").csv(&path), given] {
        let frame = session.collect(frame.unwrap()).unwrap();
        let text = |name: &str| frame[name].str().unwrap().get(0).unwrap().to_owned();
        assert_eq!((text("name"), text("price")), ("M\u{fffd}ller".into(), "\u{fffd}5".into()));
    }
}
