//! The session of a notebook: names become frames, frames become tables, and polars runs under control.
//!
//! A [`Session`] joins the metastore with what lives only as long as the notebook (temporary views, variables, the
//! current schema). Readers and writers speak Spark's words and do polars' work. Every query that polars runs goes
//! through [`Session::collect`] or [`Session::run`], so that an interrupt stops it, a panic inside polars is an error
//! like any other, and every message is in the shared vocabulary of `aerostat-error`.
//!
//! SQL is somebody else's job: [`SqlEngine`] is the socket that the engine is plugged into when a session is opened.

pub mod arrow;
mod captured;
mod collect;
mod delta;
mod describe;
pub mod display;
mod engine;
pub mod errors;
mod file_list;
mod files;
pub mod formats;
mod gathered;
pub mod hive;
mod interrupt;
mod listing;
pub mod logless;
pub mod memory;
mod names;
mod options;
mod output;
mod parquet;
mod plot;
mod read;
mod relation;
mod run;
mod scan;
pub mod scratch;
mod session;
mod settings;
mod stream;
mod travel;
pub mod types;
mod udf;
mod views;
mod widgets;
pub mod write;
pub mod zone;

pub use captured::Captured;
pub use delta::{Bound, bounds, partition_value};
pub use describe::describe;
pub use engine::{Given, Outcome, SqlEngine};
pub use file_list::FileList;
pub use files::local as local_path;
pub use gathered::Gathered;
pub use interrupt::Interrupt;
pub use names::{join_name, split_name};
pub use output::{DisplayHandle, MimeBundle, Output, take_text};
pub use plot::{Plot, chart_bundle};
pub use read::{Reader, SchemaSource};
pub use relation::{Origin, Relation};
pub use run::caught;
pub use session::{GLOBAL_TEMP, Session};
pub use settings::Settings;
pub use travel::AsOf;
pub use udf::Udf;
pub use views::{Shown, ViewQuery};
pub use widgets::{Choice, Parameter, selected};
pub use write::{Fragment, Mode, Writer};
