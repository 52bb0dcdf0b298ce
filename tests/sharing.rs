//! Metastores shared by several handles and processes, some of which are killed.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Barrier;
use std::time::Duration;

use aerostat_error::{Kind, Object};
use aerostat_metastore::{Metastore, NewTable};

use crate::support::*;

/// A process of its own that writes to the table `default.t` of the metastore in `root`: some appends, or all kinds of
/// things until it is killed.
fn writer(root: &Path, appends: Option<usize>) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "sharing::writer_process", "--ignored"])
        .env("AEROSTAT_TEST_ROOT", root)
        .env("AEROSTAT_TEST_APPENDS", appends.map(|appends| appends.to_string()).unwrap_or_default())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
#[ignore = "a process of its own, started by other tests"]
fn writer_process() {
    let Some(root) = std::env::var_os("AEROSTAT_TEST_ROOT") else { return };
    let metastore = Metastore::open(Path::new(&root)).unwrap();
    let table = metastore.table(&name("default.t")).unwrap();
    let appends: Option<usize> = std::env::var("AEROSTAT_TEST_APPENDS").unwrap().parse().ok();
    for number in 0..appends.unwrap_or(usize::MAX) {
        let unique = uuid::Uuid::new_v4();
        append(&metastore, &table, &format!("{unique}-a.parquet"), &[1, 2]).unwrap();
        if number == 0 {
            at_work(Path::new(&root));
        }
        if appends.is_some() {
            continue;
        }
        if number % 5 == 4 {
            overwrite(&metastore, &table, &format!("{unique}-o.parquet"), &[3, 4]).unwrap();
        }
        let other = metastore.create_table(ids_table(&format!("default.t{}", unique.simple()))).unwrap();
        metastore.drop_table(&other.name).unwrap();
    }
}

#[test]
fn appends_of_several_processes_lose_nothing() {
    let (folder, metastore) = metastore();
    let table = metastore.create_table(ids_table("default.t")).unwrap();
    let (writers, each) = (4, 15);
    let processes: Vec<Child> = (0..writers).map(|_| writer(folder.path(), Some(each))).collect();
    for mut process in processes {
        // Readers never see a commit that misses a file.
        while process.try_wait().unwrap().is_none() {
            let snapshot = metastore.snapshot(table.location.as_ref().unwrap(), None).unwrap();
            assert_eq!(snapshot.files.len() as i64, snapshot.version);
        }
        assert!(process.wait().unwrap().success());
    }
    let newest = metastore.snapshot(table.location.as_ref().unwrap(), None).unwrap();
    assert_eq!((newest.version, newest.files.len()), ((writers * each) as i64, writers * each));
    assert_eq!(read(&newest).len(), 2 * writers * each);
}

#[test]
fn an_overwrite_that_races_an_append_comes_before_or_after_it() {
    for round in 0..10 {
        let (folder, metastore) = metastore();
        let table = metastore.create_table(ids_table("default.t")).unwrap();
        append(&metastore, &table, "old.parquet", &[1]).unwrap();
        let start = Barrier::new(2);
        let race = |work: &dyn Fn(&Metastore)| {
            let metastore = Metastore::open(folder.path()).unwrap();
            start.wait();
            work(&metastore);
        };
        std::thread::scope(|scope| {
            scope.spawn(|| race(&|metastore| assert!(append(metastore, &table, "appended.parquet", &[2]).is_ok())));
            scope.spawn(|| race(&|metastore| assert!(overwrite(metastore, &table, "new.parquet", &[3]).is_ok())));
        });
        let ids = contents(&metastore, &table);
        assert!(ids == [3] || ids == [2, 3], "round {round}: {ids:?}");
        assert_eq!(metastore.snapshot(table.location.as_ref().unwrap(), None).unwrap().version, 3);
    }
}

#[test]
fn an_overwrite_replaces_what_was_appended_after_its_snapshot() {
    let (_folder, metastore) = metastore();
    let table = metastore.create_table(ids_table("default.t")).unwrap();
    let location = table.location.clone().unwrap();
    let base = metastore.snapshot(&location, None).unwrap();
    append(&metastore, &table, "appended.parquet", &[1]).unwrap();
    metastore.overwrite(&base, vec![write(&location, "new.parquet", &[2])], None).unwrap();
    assert_eq!(contents(&metastore, &table), [2]);
    // And an append whose base has been overwritten stays.
    metastore.append(&base, vec![write(&location, "late.parquet", &[3])]).unwrap();
    assert_eq!(contents(&metastore, &table), [2, 3]);
}

#[test]
fn one_of_many_creators_wins_and_its_contents_stay() {
    for _ in 0..5 {
        let (folder, metastore) = metastore();
        let start = Barrier::new(4);
        let wins: usize = std::thread::scope(|scope| {
            let create = |writer: i64| {
                let metastore = Metastore::open(folder.path()).unwrap();
                let location = metastore.new_location(&name("default.t")).unwrap();
                let files = vec![write(&location, "a.parquet", &[writer])];
                start.wait();
                let created =
                    metastore.create_table(NewTable { location: Some(location), files, ..ids_table("default.t") });
                match created {
                    Ok(table) => {
                        assert_eq!(contents(&metastore, &table), [writer]);
                        1
                    }
                    Err(error) => {
                        assert_eq!(error.kind(), Kind::AlreadyExists(Object::Table), "{error}");
                        0
                    }
                }
            };
            let threads: Vec<_> = (0..4).map(|writer| scope.spawn(move || create(writer))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(wins, 1);
        let table = metastore.table(&name("default.t")).unwrap();
        assert_eq!(contents(&metastore, &table).len(), 1);
        assert_eq!(fs::read_dir(metastore.root().join("warehouse")).unwrap().count(), 1, "the losers cleaned up");
    }
}

#[test]
fn the_metastore_may_be_used_inside_another_runtime() {
    let (_folder, metastore) = metastore();
    let table = metastore.create_table(ids_table("default.t")).unwrap();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        append(&metastore, &table, "a.parquet", &[1]).unwrap();
        assert_eq!(contents(&metastore, &table), [1]);
    });
}

// ---------------------------------------------------------------------------------------------------------------
// Crashes

#[test]
fn what_was_not_committed_is_not_visible() {
    let (folder, metastore) = metastore();
    let table = metastore.create_table(ids_table("default.t")).unwrap();
    let location = table.location.clone().unwrap();
    append(&metastore, &table, "a.parquet", &[1]).unwrap();
    // A data file without a commit, a commit without its name, and a table without its row.
    write(&location, "uncommitted.parquet", &[2]);
    fs::write(location.join("_delta_log/_commit_7d1b.json.tmp"), "{\"add\":").unwrap();
    let orphan = metastore.new_location(&name("default.orphan")).unwrap();
    write(&orphan, "a.parquet", &[3]);

    let again = Metastore::open(folder.path()).unwrap();
    assert_eq!(contents(&again, &table), [1]);
    assert_eq!(append(&again, &table, "b.parquet", &[4]).unwrap(), 2);
    assert!(again.find_table(&name("default.orphan")).unwrap().is_none());
    let created = again.create_table(ids_table("default.orphan")).unwrap();
    assert_eq!(contents(&again, &created), [0i64; 0]);
}

#[test]
fn killed_writers_leave_whole_tables() {
    let (folder, metastore) = metastore();
    let table = metastore.create_table(ids_table("default.t")).unwrap();
    let mut version = 0;
    for round in 0..12 {
        let mut child = writer(folder.path(), None);
        wait_until_at_work(folder.path());
        std::thread::sleep(Duration::from_millis(20 + 23 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        let again = Metastore::open(folder.path()).unwrap();
        let newest = again.snapshot(table.location.as_ref().unwrap(), None).unwrap();
        assert!(newest.version >= version, "a commit was lost");
        version = newest.version;
        assert_eq!(read(&newest).len(), 2 * newest.files.len(), "each file is whole");
        for other in again.tables("default").unwrap() {
            contents(&again, &other);
        }
    }
    assert!(version >= 12, "only {version} commits: the writers did not get to work");
}
