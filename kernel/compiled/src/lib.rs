//! Compiled Rust cells.
