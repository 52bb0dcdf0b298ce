//! What tests of tables share: small tables of ids, written to and read from real folders.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aerostat_error::Error;
use aerostat_metastore::{
    Format, Metastore, NewFile, NewSchema, NewTable, Snapshot, TableInfo, TableKind, TableName, TableSchema,
};
use deltalake_core::arrow::datatypes::{DataType, Field, Schema};
use polars::prelude::{
    DataFrame, IntoColumn as _, NamedFrom as _, ParquetReader, ParquetWriter, SerReader as _, Series,
};
use serde_json::json;
use tempfile::TempDir;

pub fn metastore() -> (TempDir, Metastore) {
    let folder = TempDir::new().unwrap();
    let metastore = Metastore::open(folder.path()).unwrap();
    (folder, metastore)
}

/// Says to the test that has started this process that it has begun to work in `root`.
pub fn at_work(root: &Path) {
    File::create(root.join("at-work")).unwrap();
}

/// Waits until a process that was started has begun to work in `root`, which takes long on a busy machine.
pub fn wait_until_at_work(root: &Path) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while fs::remove_file(root.join("at-work")).is_err() {
        assert!(Instant::now() < deadline, "the process did not get to work");
        std::thread::sleep(Duration::from_millis(5));
    }
}

pub fn name(text: &str) -> TableName {
    let (schema, table) = text.split_once('.').unwrap();
    TableName::new(schema, table)
}

pub fn schema(fields: &[(&str, DataType)]) -> TableSchema {
    let fields: Vec<Field> =
        fields.iter().map(|(name, data_type)| Field::new(*name, data_type.clone(), true)).collect();
    TableSchema { schema: Arc::new(Schema::new(fields)), partition_columns: vec![] }
}

/// A managed table with the one column `id`.
pub fn ids_table(table: &str) -> NewTable {
    NewTable {
        name: name(table),
        kind: TableKind::Managed,
        format: Format::Delta,
        location: None,
        columns: Some(schema(&[("id", DataType::Int64)])),
        files: vec![],
        comment: None,
        properties: BTreeMap::new(),
        options: BTreeMap::new(),
    }
}

pub fn new_schema(name: &str) -> NewSchema {
    NewSchema { name: name.into(), ..NewSchema::default() }
}

/// Writes a Parquet file with these ids below the table's folder.
pub fn write(location: &Path, path: &str, ids: &[i64]) -> NewFile {
    let file = location.join(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    let column = Series::new("id".into(), ids).into_column();
    let mut frame = DataFrame::new_infer_height(vec![column]).unwrap();
    ParquetWriter::new(File::create(&file).unwrap()).finish(&mut frame).unwrap();
    let (low, high) = (ids.iter().min(), ids.iter().max());
    NewFile {
        path: path.into(),
        size: fs::metadata(&file).unwrap().len(),
        partition_values: BTreeMap::new(),
        stats: Some(json!({
            "numRecords": ids.len(), "minValues": { "id": low }, "maxValues": { "id": high }, "nullCount": { "id": 0 },
        })),
    }
}

/// The ids in a snapshot's files, sorted.
pub fn read(snapshot: &Snapshot) -> Vec<i64> {
    let mut ids: Vec<i64> = snapshot.files.iter().flat_map(|file| read_file(&file.path)).collect();
    ids.sort_unstable();
    ids
}

pub fn read_file(path: &Path) -> Vec<i64> {
    let frame = ParquetReader::new(File::open(path).unwrap()).finish().unwrap();
    frame.column("id").unwrap().i64().unwrap().into_no_null_iter().collect()
}

pub fn contents(metastore: &Metastore, table: &TableInfo) -> Vec<i64> {
    read(&metastore.snapshot(table.location.as_ref().unwrap(), None).unwrap())
}

pub fn append(metastore: &Metastore, table: &TableInfo, file: &str, ids: &[i64]) -> Result<i64, Error> {
    let location = table.location.as_ref().unwrap();
    let base = metastore.snapshot(location, None)?;
    metastore.append(&base, vec![write(location, file, ids)])
}

pub fn overwrite(metastore: &Metastore, table: &TableInfo, file: &str, ids: &[i64]) -> Result<i64, Error> {
    let location = table.location.as_ref().unwrap();
    let base = metastore.snapshot(location, None)?;
    metastore.overwrite(&base, vec![write(location, file, ids)], None)
}

#[track_caller]
pub fn fails<T>(result: Result<T, Error>, ename: &str, message: &str, hint: Option<&str>) {
    let error = result.err().expect("this must fail");
    assert_eq!((error.ename().as_str(), error.message(), error.hint()), (ename, message, hint));
}
