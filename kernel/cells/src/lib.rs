//! DataFrame cells: Rust that is interpreted on polars, not compiled.
//!
//! A cell is parsed with `syn`, checked against one table of types and methods, and evaluated. Nothing runs unless the
//! whole cell checks.

mod api;

pub use api::{Completeness, Completion, Completions, Interpreter, Notebook, VariableInfo};
