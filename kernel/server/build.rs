//! How the program is linked.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // At a fixed address, nothing has to be relocated when the program is loaded. Polars and DataFusion are 400,000
    // places to relocate, most of the time from `exec` until the sockets are bound; and a client that connects before
    // they are waits 100 ms until ZeroMQ tries again. The price: the addresses of the program's own code are known to an
    // attacker; those of libraries, heap and stacks are as random as ever.
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        println!("cargo:rustc-link-arg-bins=-no-pie");
    }
}
