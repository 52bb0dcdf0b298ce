//! Delta tables as frames, and frames as files of Delta tables.
//!
//! The metastore reads and commits the log; polars reads and writes the Parquet files. Between them stand the texts
//! in which the log keeps the values of partition columns, and the statistics by which polars skips files.

mod partitions;
mod pruning;
mod scan;
mod statistics;
mod values;

pub(crate) use partitions::{in_folders, of as partition_values};
pub use pruning::{Bound, bounds};
pub(crate) use scan::scan;
pub(crate) use statistics::statistics;
pub use values::partition_value;
pub(crate) use values::{NULL_PARTITION, partition_text, texts};
