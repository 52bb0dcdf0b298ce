//! Compiled Rust cells: what the interpreter does not cover is compiled by evcxr and runs in a process of its own.
//!
//! A cell is cut into items, statements and a last expression ([`source`]). Around them goes code that takes the
//! variables that the cell names, keeps those that it binds, and shows what it comes to ([`generate`]):
//!
//! ```text
//! mod aerostat_cell {
//!     use ::aerostat_prelude::prelude::*;
//!     ..                                            the items of this cell and of earlier ones
//!     pub(super) fn run() {
//!         cell::run(|cell| {
//!             let session = cell.session();
//!             let x: f64 = cell.arrived("x")?;      variables of the kernel
//!             let p: Point = cell.copied("p")?;     variables that live in the process
//!             let outcome = cell::guarded(|| {
//!                 ..                                the statements of the cell
//!                 keep("y", y)                      the variables that it binds
//!                 Ok(())
//!             });
//!             outcome
//!         });
//!     }
//! }
//! let _ = aerostat_cell::run();
//! ```
//!
//! evcxr ([`compiler`]) builds that against the shared library `aerostat_prelude` and has it loaded and run by the
//! process ([`child`]). Meanwhile threads serve what the cell asks of the session ([`service`], [`calls`]). Variables
//! whose types the kernel can hold go to the kernel at the end of the cell; all others are known here by name and type
//! ([`state`]), and are lost if the process ends.
//!
//! Nothing of this costs anything before the first compiled cell.

mod calls;
mod child;
mod compiler;
mod convert;
mod diagnostics;
mod folder;
mod generate;
mod link;
mod process;
mod run;
mod service;
mod source;
mod state;
mod streams;
mod toolchain;
mod types;
mod udf;

pub use child::main as run_child;
pub use folder::{prepare, remove as remove_files};
pub use run::{Compiled, Notebook};
pub use state::LivingVariable;
pub use toolchain::Toolchain;
