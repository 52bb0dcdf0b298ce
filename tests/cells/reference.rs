//! The reference of the cell language, which is written from the table.

use std::fs;
use std::path::Path;
use std::process::Command;

/// The page that is checked in. `AEROSTAT_UPDATE=1` writes it anew.
const PAGE: &str = "../cells/REFERENCE.md";

#[test]
fn the_reference_is_up_to_date() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    let printed = Command::new(env!("CARGO_BIN_EXE_aerostat")).args(["docs", "cells"]).output().unwrap();
    assert!(printed.status.success());
    let written = String::from_utf8(printed.stdout).unwrap();
    if std::env::var_os("AEROSTAT_UPDATE").is_some() {
        fs::write(&page, &written).unwrap();
    }
    let checked_in = fs::read_to_string(&page).unwrap_or_default();
    let different = checked_in.lines().zip(written.lines()).find(|(old, new)| old != new);
    assert!(
        checked_in == written,
        "{PAGE} is not what `aerostat docs cells` writes; run this test with AEROSTAT_UPDATE=1\n{different:?}"
    );
}

#[test]
fn the_reference_has_methods_options_and_values() {
    let page = aerostat_cells::reference();
    for part in [
        "\n## LazyFrame\n",
        "- `limit(self, n: u32) -> LazyFrame`: ",
        "https://docs.rs/polars/0.55.2/polars/prelude/struct.LazyFrame.html#method.limit",
        "- `col(name: String) -> Expr`: ",
        "`JoinType::Left`",
        "\n## Iterator\n",
        "- `map(self, f: impl Fn(T) -> U) -> impl Iterator<Item = U>`: ",
        "- `collect<U>(self) -> U`: ",
        "`method: RankMethod`",
    ] {
        assert!(page.contains(part), "{part}");
    }
}
