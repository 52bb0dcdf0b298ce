//! DataFrame cells: Rust that is interpreted on polars, not compiled.
//!
//! A cell goes through three stages, each a module:
//!
//! - [`parse`](mod@parse): text to `syn`'s syntax tree;
//! - [`check`](mod@check): syntax to a tree of [`node`]s in which every name is resolved and every type is known. Types
//!   are inferred, with variables that later uses decide. All errors that can be found without running are found here, with
//!   a place and a hint; a cell starts whole or not at all. [`columns`] then builds the plans of the cell as far as that has
//!   no effect, to find columns that do not exist;
//! - [`eval`](mod@eval): the nodes' values. Variables are in slots, [iterators](iter) are lazy, and what belongs to polars
//!   is computed directly by polars.
//!
//! What the check calls `NotSupported` is Rust that has to be compiled: see [`Plan`].
//!
//! What a cell can name is in one [`table`](mod@table) of types, methods, functions and options. Its rows are Rust
//! signatures; dispatch, check, completion, inspection and the [reference](reference()) all read the same rows.
//! Completion and inspection run the check itself on the cell as far as the cursor.
//!
//! `README.md` beside the sources is the page for users; it lists where cells differ from compiled Rust.

#![recursion_limit = "512"]

mod check;
mod columns;
mod complete;
mod context;
mod convert;
mod eval;
mod frames;
mod generic;
mod handover;
mod inspect;
mod interpreter;
mod iter;
mod lend;
mod node;
mod notebook;
mod ops;
mod parse;
mod plan;
mod reference;
mod rows;
mod scope;
mod stack;
mod table;
mod text;
mod ty;
mod value;

pub use complete::{Completion, Completions};
pub use interpreter::{Interpreter, Spent};
pub use notebook::{Completeness, Notebook, VariableInfo};
pub use plan::Plan;
pub use reference::reference;
pub use rows::{Row, rows};
pub use value::Native;
