//! The contents of Delta tables: what is committed is what is read, also in tables of other writers.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use aerostat_error::{Error, Kind, Object};
use aerostat_metastore::{Change, Metastore, NewTable, Snapshot, TableInfo, TableKind, TableSchema};
use deltalake_core::arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use serde_json::{Value, json};

use crate::support::*;

#[test]
fn a_table_is_created_appended_to_overwritten_and_read_at_each_version() {
    let (folder, metastore) = metastore();
    let table = metastore.create_table(ids_table("default.t")).unwrap();
    let location = table.location.clone().unwrap();
    assert_eq!((location.as_path(), table.kind), (metastore.root().join("warehouse/t").as_path(), TableKind::Managed));
    assert_eq!(contents(&metastore, &table), [0i64; 0]);
    assert_eq!(append(&metastore, &table, "a.parquet", &[1, 2]).unwrap(), 1);
    assert_eq!(append(&metastore, &table, "b.parquet", &[3]).unwrap(), 2);
    assert_eq!(overwrite(&metastore, &table, "c.parquet", &[9]).unwrap(), 3);
    assert_eq!(append(&metastore, &table, "d.parquet", &[10]).unwrap(), 4);

    let again = Metastore::open(folder.path()).unwrap();
    let versions: Vec<Vec<i64>> =
        (0..=4).map(|version| read(&again.snapshot(&location, Some(version)).unwrap())).collect();
    assert_eq!(versions, [vec![], vec![1, 2], vec![1, 2, 3], vec![9], vec![9, 10]]);
    let newest = again.snapshot(&location, None).unwrap();
    assert_eq!((newest.version, read(&newest)), (4, vec![9, 10]));
    let written = again.snapshot(&location, Some(2)).unwrap();
    let order: Vec<_> = written.files.iter().filter_map(|file| file.path.file_name()).collect();
    assert_eq!(order, ["a.parquet", "b.parquet"], "a table is read in the order in which it was written");
    for missing in [5, -1] {
        let error = again.snapshot(&location, Some(missing)).unwrap_err();
        assert_eq!(error.kind(), Kind::NotFound(Object::Version), "{error}");
    }
}

#[test]
fn a_snapshot_has_the_columns_and_statistics_that_were_given() {
    let (_folder, metastore) = metastore();
    let fields = [
        ("id", DataType::Int64),
        ("price", DataType::Decimal128(10, 2)),
        ("at", DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))),
        ("tags", DataType::List(Arc::new(Field::new("element", DataType::Utf8, true)))),
        ("day", DataType::Date32),
        ("region", DataType::Utf8),
    ];
    let mut fields: Vec<Field> = schema(&fields).schema.fields().iter().map(|field| field.as_ref().clone()).collect();
    fields[0] =
        Field::new("id", DataType::Int64, false).with_metadata([("comment".to_owned(), "the order".to_owned())].into());
    let columns =
        TableSchema { schema: Arc::new(Schema::new(fields)), partition_columns: vec!["region".into(), "day".into()] };
    let mut table = ids_table("default.t");
    table.columns = Some(columns.clone());
    let table = metastore.create_table(table).unwrap();
    let location = table.location.unwrap();
    let base = metastore.snapshot(&location, None).unwrap();
    assert_eq!(base.schema, columns.schema, "also comments, and what may not be null");
    assert_eq!(base.partition_columns, ["region", "day"]);

    // A folder as Hive escapes it: it is `%2F` on the disk, and `%252F` in the log.
    let mut file = write(&location, "region=N%2FS ü/day=__HIVE_DEFAULT_PARTITION__/part 1.parquet", &[5, 7]);
    file.partition_values = BTreeMap::from([("region".into(), Some("N/S ü".into())), ("day".into(), None)]);
    metastore.append(&base, vec![file.clone()]).unwrap();
    let files = metastore.snapshot(&location, None).unwrap().files;
    assert_eq!(files.len(), 1);
    assert_eq!(files[0].path, location.join(&file.path));
    assert_eq!(files[0].partition_values, file.partition_values);
    assert_eq!((files[0].size, files[0].num_records, &files[0].stats), (file.size, Some(2), &file.stats));

    // Removing it again must find the same path.
    let base = metastore.snapshot(&location, None).unwrap();
    metastore.overwrite(&base, vec![], None).unwrap();
    assert!(metastore.snapshot(&location, None).unwrap().files.is_empty());
}

#[test]
fn delta_rs_reads_the_same_files() {
    let (_folder, metastore) = metastore();
    let table = metastore.create_table(ids_table("default.t")).unwrap();
    // Beyond the tenth version there is a checkpoint.
    for number in 0..12 {
        append(&metastore, &table, &format!("{number} ü.parquet"), &[number]).unwrap();
    }
    overwrite(&metastore, &table, "last one.parquet", &[99]).unwrap();
    append(&metastore, &table, "%25.parquet", &[100]).unwrap();
    let location = table.location.unwrap();
    assert!(location.join("_delta_log/00000000000000000009.checkpoint.parquet").exists());
    let url = deltalake_core::ensure_table_uri(location.to_str().unwrap()).unwrap();
    let uris: Vec<String> = tokio::runtime::Runtime::new().unwrap().block_on(async {
        let table = deltalake_core::open_table(url).await.unwrap();
        assert_eq!(table.version(), Some(14));
        table.get_file_uris().unwrap().collect()
    });
    let mut names: Vec<&str> = uris.iter().map(|uri| uri.rsplit('/').next().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names, ["%25.parquet", "last one.parquet"]);
    assert_eq!(read(&metastore.snapshot(&location, None).unwrap()), [99, 100]);
    assert_eq!(read(&metastore.snapshot(&location, Some(12)).unwrap()), (0..12).collect::<Vec<_>>());
}

#[test]
fn an_overwrite_may_change_columns_and_partitioning() {
    let (_folder, metastore) = metastore();
    let table = metastore.create_table(ids_table("default.t")).unwrap();
    append(&metastore, &table, "a.parquet", &[1]).unwrap();
    let location = table.location.clone().unwrap();
    let base = metastore.snapshot(&location, None).unwrap();
    // A timestamp without time zone is a feature that the table has to declare from now on.
    let at = DataType::Timestamp(TimeUnit::Microsecond, None);
    let mut columns = schema(&[("id", DataType::Int64), ("at", at), ("year", DataType::Int32)]);
    columns.partition_columns = vec!["year".into()];
    let mut file = write(&location, "year=2024/b.parquet", &[2]);
    file.partition_values = BTreeMap::from([("year".into(), Some("2024".into()))]);
    metastore.overwrite(&base, vec![file], Some(columns.clone())).unwrap();
    let now = metastore.snapshot(&location, None).unwrap();
    assert_eq!((&now.schema, &now.partition_columns), (&columns.schema, &columns.partition_columns));
    assert_eq!(read(&now), [2]);

    // What was prepared for the columns of before cannot be written any more.
    let file = write(&location, "c.parquet", &[3]);
    for late in [metastore.append(&base, vec![file.clone()]), metastore.overwrite(&base, vec![file], None)] {
        fails(late, "CONFLICT", "the columns of the table were changed meanwhile", Some("run the cell again"));
    }
    assert_eq!(contents(&metastore, &table), [2]);
    let mut file = write(&location, "year=2025/d.parquet", &[4]);
    file.partition_values = BTreeMap::from([("year".into(), Some("2025".into()))]);
    metastore.append(&now, vec![file]).unwrap();
    assert_eq!(contents(&metastore, &table), [2, 4]);
}

#[test]
fn what_must_happen_once_is_refused_to_whoever_comes_second() {
    let (_folder, metastore) = metastore();
    let table = metastore.create_table(ids_table("default.t")).unwrap();
    let location = table.location.clone().unwrap();
    let newest = || metastore.snapshot(&location, None).unwrap();
    let load = |what: &str, file: &str, base: &Snapshot| {
        let files = vec![write(&location, file, &[1])];
        metastore.commit(base, Change { files, transactions: vec![what.to_owned()], ..Change::new("WRITE") })
    };
    let happened = |base: &Snapshot, names: &[&str]| {
        metastore.transactions(base, &names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).unwrap()
    };
    let first = newest();
    load("a", "a.parquet", &first).unwrap();
    // Of two that have looked at the first version, the second may read the table once more before it writes.
    for base in [first.clone(), newest()] {
        let hint = "run the cell again: what has been loaded is passed over";
        let message = "another process has loaded some of the same files meanwhile";
        fails(load("a", "again.parquet", &base), "CONFLICT", message, Some(hint));
    }
    assert_eq!(contents(&metastore, &table), [1]);

    // Beyond the tenth version there is a checkpoint.
    for number in 0..12 {
        load(&format!("b {number}"), &format!("{number}.parquet"), &newest()).unwrap();
    }
    assert_eq!(happened(&newest(), &["b 11", "nothing", "a", "b 3"]), [true, false, true, true]);
    assert_eq!(happened(&first, &["a", "b 3"]), [false, false], "what comes later is not asked for");
    assert_eq!(happened(&newest(), &[]), [false; 0]);
}

// ---------------------------------------------------------------------------------------------------------------
// Tables of other writers

/// An external table whose log has these lines as its first entry, after a plain schema.
fn foreign(
    metastore: &Metastore,
    folder: &Path,
    protocol: Value,
    configuration: Value,
    files: &[Value],
) -> Result<TableInfo, Error> {
    let log = folder.join("_delta_log");
    fs::create_dir_all(&log).unwrap();
    let mapped = json!({ "delta.columnMapping.id": 1, "delta.columnMapping.physicalName": "col-1" });
    let mapping = configuration.get("delta.columnMapping.mode").map_or(json!({}), |_| mapped);
    let schema = json!({ "type": "struct", "fields": [
        { "name": "id", "type": "long", "nullable": true, "metadata": mapping },
    ]});
    let mut lines = vec![
        json!({ "protocol": protocol }),
        json!({ "metaData": {
            "id": "af23c9d7-fff1-4a5a-a2c8-55c59bd782aa", "format": { "provider": "parquet", "options": {} },
            "schemaString": schema.to_string(), "partitionColumns": [], "configuration": configuration,
        }}),
    ];
    lines.extend_from_slice(files);
    let lines: Vec<String> = lines.iter().map(Value::to_string).collect();
    fs::write(log.join("00000000000000000000.json"), lines.join("\n")).unwrap();
    let location = Some(folder.to_owned());
    let new = NewTable { kind: TableKind::External, location, columns: None, ..ids_table("default.foreign") };
    metastore.create_table(new)
}

fn foreign_file(location: &Path, on_disk: &str, in_log: &str, ids: &[i64]) -> Value {
    let file = write(location, on_disk, ids);
    json!({ "add": {
        "path": in_log, "partitionValues": {}, "size": file.size, "modificationTime": 0, "dataChange": true,
    }})
}

#[test]
fn paths_of_other_writers_are_understood_and_overwritten() {
    let (folder, metastore) = metastore();
    let location = folder.path().join("foreign");
    let absolute = folder.path().join("other place.parquet");
    let files = [
        // Spark leaves letters as they are, delta-rs encodes them; both are the same file name.
        foreign_file(&location, "zürich.parquet", "zürich.parquet", &[1]),
        foreign_file(&location, "genève.parquet", "gen%C3%A8ve.parquet", &[2]),
        foreign_file(&location, "a b.parquet", "a%20b.parquet", &[3]),
        foreign_file(
            folder.path(),
            "other place.parquet",
            &format!("file://{}", absolute.display().to_string().replace(' ', "%20")),
            &[4],
        ),
    ];
    let protocol = json!({ "minReaderVersion": 1, "minWriterVersion": 2 });
    let table = foreign(&metastore, &location, protocol, json!({}), &files).unwrap();
    assert_eq!(contents(&metastore, &table), [1, 2, 3, 4]);
    overwrite(&metastore, &table, "new.parquet", &[5]).unwrap();
    assert_eq!(contents(&metastore, &table), [5], "each of the old files was removed");
}

#[test]
fn features_in_use_that_are_not_understood_are_refused() {
    let (folder, metastore) = metastore();
    let location = folder.path().join("foreign");
    let modern = |reader: &[&str], writer: &[&str]| {
        json!({
            "minReaderVersion": 3, "minWriterVersion": 7, "readerFeatures": reader, "writerFeatures": writer,
        })
    };
    let attempt = |protocol: Value, configuration: Value, change: &dyn Fn(&mut Value)| {
        let mut file = foreign_file(&location, "a.parquet", "a.parquet", &[1]);
        change(&mut file);
        let _ = fs::remove_dir_all(location.join("_delta_log"));
        let _ = metastore.drop_table(&name("default.foreign"));
        foreign(&metastore, &location, protocol, configuration, &[file])
    };
    let refused = attempt(modern(&["deletionVectors"], &["deletionVectors"]), json!({}), &|file| {
        file["add"]["deletionVector"] = json!({
            "storageType": "u", "pathOrInlineDv": "ab^-aqEH.-t@S}K{vb[*k^", "offset": 4, "sizeInBytes": 40, "cardinality": 1,
        });
    });
    fails(
        refused,
        "NOT_SUPPORTED",
        "a Delta table that has rows deleted by deletion vectors is not supported",
        Some("rewrite it with `REORG TABLE .. APPLY (PURGE)`"),
    );
    let mapping = json!({ "delta.columnMapping.mode": "name", "delta.columnMapping.maxColumnId": "1" });
    let old = json!({ "minReaderVersion": 2, "minWriterVersion": 5 });
    for (protocol, configuration, feature) in [
        (old.clone(), mapping, "columnMapping"),
        (modern(&["fromTheFuture"], &["fromTheFuture"]), json!({}), "fromTheFuture"),
    ] {
        let message = format!("reading a Delta table that uses `{feature}` is not supported");
        fails(attempt(protocol, configuration, &|_| {}), "NOT_SUPPORTED", &message, None);
    }

    // Features that are declared and not used do no harm.
    let table =
        attempt(modern(&["deletionVectors"], &["deletionVectors", "invariants", "appendOnly"]), json!({}), &|_| {});
    let table = table.unwrap();
    append(&metastore, &table, "b.parquet", &[2]).unwrap();
    overwrite(&metastore, &table, "c.parquet", &[3]).unwrap();
    assert_eq!(contents(&metastore, &table), [3]);

    let table = attempt(old, json!({ "delta.enableChangeDataFeed": "true" }), &|_| {}).unwrap();
    let error = append(&metastore, &table, "b.parquet", &[2]).unwrap_err();
    assert_eq!(error.message(), "writing a Delta table that uses `changeDataFeed` is not supported");
    let append_only = json!({ "delta.appendOnly": "true" });
    let table = attempt(json!({ "minReaderVersion": 1, "minWriterVersion": 2 }), append_only, &|_| {}).unwrap();
    append(&metastore, &table, "b.parquet", &[2]).unwrap();
    let error = overwrite(&metastore, &table, "c.parquet", &[3]).unwrap_err();
    assert_eq!(error.message(), "the table is append-only (`delta.appendOnly`)");
    assert_eq!(contents(&metastore, &table), [1, 2]);
}

#[test]
fn a_folder_without_a_delta_table_says_so() {
    let (folder, metastore) = metastore();
    let nowhere = folder.path().join("nowhere");
    let message = format!("there is no Delta table at `{}`", nowhere.display());
    fails(metastore.snapshot(&nowhere, None), "TABLE_NOT_FOUND", &message, None);
    fs::create_dir(&nowhere).unwrap();
    fails(metastore.snapshot(&nowhere, None), "TABLE_NOT_FOUND", &message, None);
    let new = NewTable { kind: TableKind::External, location: Some(nowhere), columns: None, ..ids_table("default.t") };
    fails(metastore.create_table(new), "INVALID_ARGUMENT", &message, Some("give its columns to create one"));
}

#[test]
fn a_declared_delta_table_must_be_what_is_there() {
    let (folder, metastore) = metastore();
    let location = Some(folder.path().join("external"));
    let external =
        |columns| NewTable { kind: TableKind::External, location: location.clone(), columns, ..ids_table("default.t") };
    let ids = Some(schema(&[("id", DataType::Int64)]));
    let table = metastore.create_table(external(ids.clone())).unwrap();
    append(&metastore, &table, "a.parquet", &[1]).unwrap();
    metastore.drop_table(&table.name).unwrap();
    let error = metastore.create_table(external(Some(schema(&[("id", DataType::Utf8)])))).unwrap_err();
    assert!(error.message().ends_with("has other columns"), "{error}");
    let table = metastore.create_table(external(ids)).unwrap();
    assert_eq!(contents(&metastore, &table), [1]);
}

#[test]
fn a_damaged_log_is_reported() {
    let (_folder, metastore) = metastore();
    let table = metastore.create_table(ids_table("default.t")).unwrap();
    append(&metastore, &table, "a.parquet", &[1]).unwrap();
    let location = table.location.unwrap();
    fs::write(location.join("_delta_log/00000000000000000001.json"), "{\"add\": {").unwrap();
    let error = metastore.snapshot(&location, None).unwrap_err();
    assert_eq!(error.kind(), Kind::Io, "{error}");
    assert!(error.message().starts_with("reading the log of the Delta table at"), "{error}");
    fs::remove_file(location.join("_delta_log/00000000000000000000.json")).unwrap();
    metastore.snapshot(&location, None).unwrap_err();
}
