//! Rows that come piece by piece, and do not fit into memory.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use aerostat_session::Gathered;

use super::*;

/// The modes of the folders of rows that this process has.
fn modes() -> Vec<u32> {
    let own = format!("aerostat-rows-{}-", std::process::id());
    let folders = fs::read_dir(std::env::temp_dir()).unwrap().flatten();
    let folders = folders.filter(|folder| folder.file_name().to_string_lossy().starts_with(&own));
    // Other tests of this process may have some that go at any time.
    folders.filter_map(|folder| Some(folder.metadata().ok()?.permissions().mode() & 0o777)).collect()
}

#[test]
fn rows_on_disk_are_for_nobody_else_to_read_and_do_not_outlive_a_kernel_for_long() {
    let (_folder, session) = session();
    // No process has a number this high.
    let left = std::env::temp_dir().join(format!("aerostat-rows-4194305-{}", std::process::id()));
    fs::create_dir(&left).unwrap();
    let count = 9 << 20;
    let rows = df!("n" => vec![7i64; count]).unwrap();
    let mut gathered = Gathered::new(&session, rows.schema());
    gathered.push(rows).unwrap();
    let modes = modes();
    assert!(!modes.is_empty() && modes.iter().all(|&mode| mode == 0o700), "{modes:?}");
    assert!(!left.exists(), "what a killed kernel has left is removed");
    let read = session.collect(gathered.frame().unwrap()).unwrap();
    assert_eq!(read.height(), count);
}
