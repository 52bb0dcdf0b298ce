//! DataFrame cells: Rust that is interpreted on polars, not compiled.
//!
//! A cell goes through three stages, each a module:
//!
//! - [`parse`](mod@parse): text to `syn`'s syntax tree;
//! - [`check`](mod@check): syntax to a tree of [`node`]s in which every name is resolved and every type is known. All
//!   errors that can be found without running are found here, with a place and a hint; a cell starts whole or not at all;
//! - [`eval`](mod@eval): the nodes' values, computed directly by polars.
//!
//! What a cell can name is in one [`table`](mod@table) of types, methods, functions and options. Its rows are Rust
//! signatures; dispatch, check, completion and inspection all read the same rows.
//!
//! Where cells differ from compiled Rust: references are transparent, a variable is never moved away (methods that
//! consume their receiver work on a cheap clone), and an `Err` in a statement ends the cell instead of being a warning.

#![recursion_limit = "512"]

mod check;
mod complete;
mod context;
mod convert;
mod eval;
mod frames;
mod inspect;
mod interpreter;
mod node;
mod notebook;
mod ops;
mod parse;
mod plan;
mod scope;
mod table;
mod text;
mod ty;
mod value;

pub use complete::{Completion, Completions};
pub use interpreter::Interpreter;
pub use notebook::{Completeness, Notebook, VariableInfo};
pub use plan::Plan;
