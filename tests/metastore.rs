//! The names of the metastore: schemas, tables and views, and the SQLite file that keeps them.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Barrier;

use aerostat_error::{Kind, Object};
use aerostat_metastore::{
    Format, Metastore, NewSchema, NewTable, NewView, OnExists, TableKind, TableName, TableSchema, View,
};
use deltalake_core::arrow::datatypes::DataType;
use tempfile::TempDir;

use crate::support::*;

// ---------------------------------------------------------------------------------------------------------------
// Schemas

#[test]
fn a_new_metastore_has_the_default_schema() {
    let (_folder, metastore) = metastore();
    let schemas = metastore.schemas().unwrap();
    assert_eq!(schemas.iter().map(|schema| schema.name.as_str()).collect::<Vec<_>>(), ["default"]);
    assert_eq!(schemas[0].location, metastore.root().join("warehouse"));
    let age = chrono::Utc::now() - schemas[0].created_at;
    assert!(age.num_seconds().abs() < 60, "created {age} ago");
    fails(
        metastore.drop_schema("Default", false, true),
        "INVALID_ARGUMENT",
        "the schema `default` cannot be dropped",
        None,
    );
}

#[test]
fn schemas_keep_what_they_were_created_with() {
    let (folder, metastore) = metastore();
    let location = folder.path().join("elsewhere");
    let new = NewSchema {
        name: "Retail".into(),
        comment: Some("orders".into()),
        location: Some(location.clone()),
        properties: BTreeMap::from([("team".into(), "sales".into())]),
    };
    metastore.create_schema(new, false).unwrap();
    let changes = BTreeMap::from([("team".into(), None), ("tier".into(), Some("gold".into()))]);
    metastore.set_schema_properties("RETAIL", &changes).unwrap();

    let again = Metastore::open(folder.path()).unwrap();
    let schema = again.schema("retail").unwrap();
    assert_eq!(schema.name, "Retail");
    assert_eq!(schema.comment.as_deref(), Some("orders"));
    assert_eq!(schema.location, location);
    assert_eq!(schema.properties, BTreeMap::from([("tier".into(), "gold".into())]));
    let table = again.create_table(ids_table("retail.t")).unwrap();
    assert_eq!(table.location.unwrap(), location.join("t"));
}

#[test]
fn schemas_exist_once_in_any_case() {
    let (_folder, metastore) = metastore();
    metastore.create_schema(new_schema("Straße Ä"), false).unwrap();
    fails(
        metastore
            .create_schema(new_schema("STRASSE ä"), false)
            .and(metastore.create_schema(new_schema("straße ä"), false)),
        "SCHEMA_ALREADY_EXISTS",
        "schema `Straße Ä` already exists",
        None,
    );
    metastore.create_schema(new_schema("straße ä"), true).unwrap();
    assert_eq!(metastore.schemas().unwrap().len(), 3, "`STRASSE` is another word than `Straße`");
}

#[test]
fn dropping_a_schema_needs_cascade_unless_it_is_empty() {
    let (_folder, metastore) = metastore();
    metastore.create_schema(new_schema("retail"), false).unwrap();
    let table = metastore.create_table(ids_table("retail.orders")).unwrap();
    fails(
        metastore.drop_schema("retail", false, false),
        "INVALID_ARGUMENT",
        "the schema `retail` is not empty",
        Some("drop what is in it first, or add `CASCADE`"),
    );
    assert!(metastore.find_table(&table.name).unwrap().is_some(), "the refused drop changed nothing");
    metastore.drop_schema("retail", false, true).unwrap();
    assert!(metastore.find_table(&table.name).unwrap().is_none());
    assert!(!metastore.root().join("warehouse/retail.db").exists());
    fails(metastore.drop_schema("retial", false, false), "SCHEMA_NOT_FOUND", "schema `retial` does not exist", None);
    metastore.drop_schema("retail", true, false).unwrap();
    metastore.create_schema(new_schema("retail"), false).unwrap();
    assert!(metastore.tables("retail").unwrap().is_empty(), "a schema of the same name starts empty");
}

// ---------------------------------------------------------------------------------------------------------------
// Names

#[test]
fn names_have_one_to_three_parts() {
    let (_folder, metastore) = metastore();
    let qualify =
        |parts: &[&str]| metastore.qualify(&parts.iter().map(|part| (*part).to_owned()).collect::<Vec<_>>(), "retail");
    assert_eq!(qualify(&["orders"]).unwrap(), name("retail.orders"));
    assert_eq!(qualify(&["wdi", "orders"]).unwrap(), name("wdi.orders"));
    assert_eq!(qualify(&["Spark_Catalog", "wdi", "orders"]).unwrap(), name("wdi.orders"));
    fails(
        qualify(&["hive", "wdi", "orders"]),
        "CATALOG_NOT_FOUND",
        "catalog `hive` does not exist",
        Some("the only catalog is `spark_catalog`"),
    );
    fails(
        qualify(&["a", "b", "c", "d"]),
        "INVALID_ARGUMENT",
        "`a.b.c.d` is not the name of a table",
        Some("a table is named `table`, `schema.table` or `catalog.schema.table`"),
    );
}

#[test]
fn tables_may_be_called_anything_visible() {
    let (folder, metastore) = metastore();
    let long = "x".repeat(300);
    let names =
        ["two words", "Höhe", "数据 表", "a/../b", "100%", "we`re", ".hidden", "😀", "t.db", "con:1", long.as_str()];
    for (number, table) in names.into_iter().enumerate() {
        let table = metastore.create_table(NewTable { name: TableName::new("default", table), ..ids_table("x.y") });
        append(&metastore, &table.unwrap(), "a b%20ü.parquet", &[number as i64]).unwrap();
    }
    let again = Metastore::open(folder.path()).unwrap();
    for (number, table) in names.into_iter().enumerate() {
        let table = again.table(&TableName::new("DEFAULT", table.to_uppercase())).unwrap();
        assert_eq!(contents(&again, &table), [number as i64]);
        assert_eq!(table.location.unwrap().parent().unwrap(), again.root().join("warehouse"));
    }
    for table in ["", " ", "a\nb", "a\0b"] {
        let new = NewTable { name: TableName::new("default", table), ..ids_table("x.y") };
        assert_eq!(metastore.create_table(new).unwrap_err().kind(), Kind::InvalidArgument);
    }
}

#[test]
fn the_root_may_be_called_anything_and_be_moved() {
    let folder = TempDir::new().unwrap();
    let (before, after) = (folder.path().join("my data 100% ü"), folder.path().join("moved"));
    let metastore = Metastore::open(&before).unwrap();
    let table = metastore.create_table(ids_table("default.t")).unwrap();
    append(&metastore, &table, "f.parquet", &[1]).unwrap();
    drop(metastore);
    fs::rename(&before, &after).unwrap();
    let metastore = Metastore::open(&after).unwrap();
    let table = metastore.table(&name("default.t")).unwrap();
    assert_eq!(contents(&metastore, &table), [1]);
}

#[test]
fn a_new_root_is_the_users_alone_and_another_stays_as_open_as_it_is() {
    let folder = TempDir::new().unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let made = folder.path().join("above/root");
    Metastore::open(&made).unwrap();
    assert_eq!(mode(&made), 0o700);
    fs::set_permissions(&made, fs::Permissions::from_mode(0o755)).unwrap();
    Metastore::open(&made).unwrap();
    assert_eq!(mode(&made), 0o755);
    let plain = folder.path().join("plain");
    fs::create_dir(&plain).unwrap();
    assert_eq!(mode(&folder.path().join("above")), mode(&plain), "what is above the root is no concern of it");
}

#[test]
fn what_is_not_found_names_the_nearest() {
    let (_folder, metastore) = metastore();
    metastore.create_schema(new_schema("retail"), false).unwrap();
    metastore.create_table(ids_table("retail.orders")).unwrap();
    metastore.create_table(ids_table("retail.customers")).unwrap();
    fails(
        metastore.table(&name("retail.ordres")),
        "TABLE_NOT_FOUND",
        "table `retail.ordres` does not exist",
        Some("did you mean `retail.orders`?"),
    );
    fails(
        metastore.table(&name("default.customers")),
        "TABLE_NOT_FOUND",
        "table `default.customers` does not exist",
        Some("did you mean `retail.customers`?"),
    );
    fails(
        metastore.table(&name("retial.orders")),
        "SCHEMA_NOT_FOUND",
        "schema `retial` does not exist",
        Some("did you mean `retail`?"),
    );
    assert!(metastore.find_table(&name("retial.orders")).unwrap().is_none());
    assert_eq!(metastore.tables("nowhere").unwrap_err().kind(), Kind::NotFound(Object::Schema));
    assert_eq!(metastore.create_table(ids_table("nowhere.t")).unwrap_err().kind(), Kind::NotFound(Object::Schema));
    assert_eq!(metastore.drop_table(&name("retail.x")).unwrap_err().kind(), Kind::NotFound(Object::Table));
    assert_eq!(metastore.set_comment(&name("retail.x"), None).unwrap_err().kind(), Kind::NotFound(Object::Table));
}

// ---------------------------------------------------------------------------------------------------------------
// Tables and views

#[test]
fn a_table_may_be_created_with_its_contents() {
    let (_folder, metastore) = metastore();
    let location = metastore.new_location(&name("default.t")).unwrap();
    assert!(metastore.find_table(&name("default.t")).unwrap().is_none(), "a reserved folder is not a table");
    let files = vec![write(&location, "a.parquet", &[1, 2, 3])];
    let table = metastore.create_table(NewTable { location: Some(location.clone()), files, ..ids_table("default.t") });
    let table = table.unwrap();
    assert_eq!(table.location, Some(location.clone()));
    let snapshot = metastore.snapshot(&location, None).unwrap();
    assert_eq!((snapshot.version, read(&snapshot)), (0, vec![1, 2, 3]));

    let second = metastore.new_location(&name("default.t")).unwrap();
    assert_ne!(second, location);
    let files = vec![write(&second, "b.parquet", &[4])];
    let taken = metastore.create_table(NewTable { location: Some(second), files, ..ids_table("default.T") });
    fails(taken, "TABLE_ALREADY_EXISTS", "table `default.t` already exists", None);
    assert_eq!(contents(&metastore, &table), [1, 2, 3]);
}

#[test]
fn tables_keep_what_they_were_created_with() {
    let (folder, metastore) = metastore();
    metastore.create_schema(new_schema("retail"), false).unwrap();
    let files = folder.path().join("files");
    let mut columns = schema(&[("id", DataType::Int64), ("year", DataType::Int32)]);
    columns.partition_columns = vec!["year".into()];
    let new = NewTable {
        kind: TableKind::External,
        format: Format::Csv,
        location: Some(files.clone()),
        columns: Some(columns.clone()),
        comment: Some("from the shop".into()),
        properties: BTreeMap::from([("source".into(), "shop".into())]),
        options: BTreeMap::from([("header".into(), "true".into())]),
        ..ids_table("retail.Orders")
    };
    metastore.create_table(new).unwrap();
    metastore.create_table(ids_table("retail.a")).unwrap();
    let changes = BTreeMap::from([("source".into(), None), ("quality".into(), Some("bronze".into()))]);
    metastore.set_properties(&name("RETAIL.orders"), &changes).unwrap();
    metastore.set_comment(&name("retail.ORDERS"), Some("from the web")).unwrap();

    let again = Metastore::open(folder.path()).unwrap();
    let table = again.table(&name("RETAIL.ORDERS")).unwrap();
    assert_eq!(table.name, name("retail.Orders"));
    assert_eq!((table.kind, table.format), (TableKind::External, Format::Csv));
    assert_eq!(table.location, Some(files));
    let kept = table.columns.unwrap();
    assert_eq!((kept.schema, kept.partition_columns), (columns.schema, columns.partition_columns));
    assert_eq!(table.comment.as_deref(), Some("from the web"));
    assert_eq!(table.properties, BTreeMap::from([("quality".into(), "bronze".into())]));
    assert_eq!(table.options, BTreeMap::from([("header".into(), "true".into())]));
    let names: Vec<String> = again.tables("Retail").unwrap().into_iter().map(|table| table.name.table).collect();
    assert_eq!(names, ["a", "Orders"]);
}

#[test]
fn dropping_a_managed_table_takes_its_files_away_and_an_external_one_keeps_them() {
    let (folder, metastore) = metastore();
    let managed = metastore.create_table(ids_table("default.m")).unwrap();
    append(&metastore, &managed, "a.parquet", &[1]).unwrap();
    let location = folder.path().join("external");
    let new = NewTable { kind: TableKind::External, location: Some(location.clone()), ..ids_table("default.e") };
    let external = metastore.create_table(new).unwrap();
    append(&metastore, &external, "a.parquet", &[1]).unwrap();

    metastore.drop_table(&name("default.M")).unwrap();
    metastore.drop_table(&name("default.E")).unwrap();
    assert!(metastore.tables("default").unwrap().is_empty());
    assert!(!managed.location.unwrap().exists());
    let trash: Vec<PathBuf> =
        fs::read_dir(metastore.root().join(".trash")).unwrap().map(|it| it.unwrap().path()).collect();
    assert_eq!(trash.len(), 1);
    assert!(trash[0].join("a.parquet").exists());

    // An external Delta table says itself which columns it has.
    let new = NewTable { kind: TableKind::External, location: Some(location), columns: None, ..ids_table("default.e") };
    let external = metastore.create_table(new).unwrap();
    assert_eq!(contents(&metastore, &external), [1]);
}

#[test]
fn a_writer_that_missed_a_drop_does_not_write_into_the_next_table() {
    let (_folder, metastore) = metastore();
    let first = metastore.create_table(ids_table("default.t")).unwrap();
    let location = first.location.unwrap();
    let base = metastore.snapshot(&location, None).unwrap();
    metastore.drop_table(&first.name).unwrap();
    let second = metastore.create_table(ids_table("default.t")).unwrap();
    assert_ne!(second.location.as_ref(), Some(&location));
    let file = write(&location, "late.parquet", &[1]);
    fails(metastore.append(&base, vec![file]), "CONFLICT", "table `t` was dropped meanwhile", None);
    assert_eq!(contents(&metastore, &second), [0i64; 0]);
}

#[test]
fn renaming_keeps_contents_and_frees_the_name() {
    let (_folder, metastore) = metastore();
    metastore.create_schema(new_schema("retail"), false).unwrap();
    let table = metastore.create_table(ids_table("default.t")).unwrap();
    append(&metastore, &table, "a.parquet", &[1]).unwrap();
    metastore.rename_table(&name("default.t"), &name("retail.Orders")).unwrap();
    assert!(metastore.find_table(&name("default.t")).unwrap().is_none());
    let renamed = metastore.table(&name("retail.orders")).unwrap();
    assert_eq!((renamed.name.clone(), contents(&metastore, &renamed)), (name("retail.Orders"), vec![1]));
    // Only the case.
    metastore.rename_table(&name("retail.orders"), &name("retail.ORDERS")).unwrap();
    assert_eq!(metastore.table(&name("retail.orders")).unwrap().name, name("retail.ORDERS"));

    let second = metastore.create_table(ids_table("default.t")).unwrap();
    assert_ne!(second.location, renamed.location);
    fails(
        metastore.rename_table(&name("default.t"), &name("retail.orders")),
        "TABLE_ALREADY_EXISTS",
        "table `retail.ORDERS` already exists",
        None,
    );
    fails(
        metastore.rename_table(&name("default.t"), &name("retial.t")),
        "SCHEMA_NOT_FOUND",
        "schema `retial` does not exist",
        Some("did you mean `retail`?"),
    );
}

#[test]
fn columns_that_a_table_cannot_have_are_refused() {
    let (_folder, metastore) = metastore();
    let create =
        |columns: TableSchema| metastore.create_table(NewTable { columns: Some(columns), ..ids_table("default.t") });
    fails(
        create(schema(&[("id", DataType::Int64), ("n", DataType::UInt32)])),
        "INVALID_ARGUMENT",
        "the column `n` has the type UInt32, which tables do not have",
        Some("cast it to a type that they have"),
    );
    fails(
        create(schema(&[("id", DataType::Int64), ("ID", DataType::Utf8)])),
        "COLUMN_ALREADY_EXISTS",
        "column `ID` already exists",
        None,
    );
    let partitioned = |column: &str| TableSchema {
        partition_columns: vec![column.into()],
        ..schema(&[("id", DataType::Int64), ("year", DataType::Int32)])
    };
    fails(
        create(partitioned("yaer")),
        "COLUMN_NOT_FOUND",
        "column `yaer` does not exist",
        Some("did you mean `year`?"),
    );
    assert!(
        create(TableSchema { partition_columns: vec!["id".into()], ..schema(&[("id", DataType::Int64)]) }).is_err()
    );
    assert!(metastore.tables("default").unwrap().is_empty());
    create(partitioned("year")).unwrap();
}

#[test]
fn views_stand_beside_tables() {
    let (folder, metastore) = metastore();
    let view = |table: &str, text: &str| NewView {
        name: name(table),
        view: View { text: text.into(), current_schema: "default".into(), columns: vec![] },
        comment: None,
        properties: BTreeMap::new(),
    };
    metastore.create_table(ids_table("default.t")).unwrap();
    metastore.create_view(view("default.V", "SELECT 1"), OnExists::Error).unwrap();
    fails(
        metastore.create_view(view("default.v", "SELECT 2"), OnExists::Error),
        "VIEW_ALREADY_EXISTS",
        "view `default.V` already exists",
        None,
    );
    metastore.create_view(view("default.v", "SELECT 3"), OnExists::Ignore).unwrap();
    assert_eq!(metastore.table(&name("default.v")).unwrap().view.unwrap().text, "SELECT 1");
    metastore.create_view(view("default.v", "SELECT 4"), OnExists::Replace).unwrap();
    let found = Metastore::open(folder.path()).unwrap().table(&name("default.v")).unwrap();
    assert_eq!((found.kind, found.location, found.view.unwrap().text.as_str()), (TableKind::View, None, "SELECT 4"));
    fails(
        metastore.create_view(view("default.t", "SELECT 5"), OnExists::Replace),
        "TABLE_ALREADY_EXISTS",
        "table `default.t` already exists",
        None,
    );
    fails(
        metastore.drop_table(&name("default.v")),
        "INVALID_ARGUMENT",
        "`default.v` is a view, not a table",
        Some("use `DROP VIEW`"),
    );
    assert!(metastore.drop_view(&name("default.t")).is_err());
    metastore.drop_view(&name("default.V")).unwrap();
    assert_eq!(metastore.tables("default").unwrap().len(), 1);
}

#[test]
fn only_a_reserved_folder_is_given_to_a_managed_table() {
    let (folder, metastore) = metastore();
    let precious = folder.path().join("precious");
    fs::create_dir(&precious).unwrap();
    let first = metastore.create_table(ids_table("default.t")).unwrap().location.unwrap();
    for location in [precious.clone(), first.clone()] {
        let new = NewTable { location: Some(location), ..ids_table("default.other") };
        assert_eq!(metastore.create_table(new).unwrap_err().kind(), Kind::Internal);
    }
    assert!(precious.is_dir() && first.is_dir(), "nothing was removed");
}

// ---------------------------------------------------------------------------------------------------------------
// The SQLite file

#[test]
fn a_newer_layout_is_refused_and_left_alone() {
    let (folder, metastore) = metastore();
    drop(metastore);
    let path = folder.path().canonicalize().unwrap().join("metastore.sqlite");
    let file = rusqlite::Connection::open(&path).unwrap();
    file.pragma_update(None, "user_version", 1000).unwrap();
    drop(file);
    let error = Metastore::open(folder.path()).unwrap_err();
    assert_eq!(error.kind(), Kind::NotSupported);
    assert!(error.message().contains("has layout 1000"), "{error}");
    let layout: i64 =
        rusqlite::Connection::open(&path).unwrap().pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(layout, 1000);
}

#[test]
fn a_file_that_is_no_metastore_is_refused() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("metastore.sqlite");
    let file = rusqlite::Connection::open(&path).unwrap();
    file.pragma_update(None, "application_id", 7).unwrap();
    drop(file);
    let error = Metastore::open(folder.path()).unwrap_err();
    assert!(error.message().ends_with("is not a metastore of Aerostat"), "{error}");
    fs::write(&path, "this is text, and long enough to be taken for a header of SQLite, which it is not".repeat(9))
        .unwrap();
    let error = Metastore::open(folder.path()).unwrap_err();
    assert!(error.message().contains("damaged"), "{error}");
}

#[test]
fn many_handles_may_open_a_new_metastore_at_once() {
    for _ in 0..20 {
        let folder = TempDir::new().unwrap();
        let start = Barrier::new(8);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    start.wait();
                    let metastore = Metastore::open(folder.path()).unwrap();
                    assert_eq!(metastore.schemas().unwrap().len(), 1);
                });
            }
        });
    }
}
