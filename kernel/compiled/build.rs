//! Notes which compiler builds this workspace: compiled cells have to be built by the same.

use std::process::Command;

fn main() {
    println!("cargo::rerun-if-env-changed=RUSTC");
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(rustc).arg("--version").output().map(|output| output.stdout).unwrap_or_default();
    println!("cargo::rustc-env=AEROSTAT_RUSTC={}", String::from_utf8_lossy(&version).trim());
}
