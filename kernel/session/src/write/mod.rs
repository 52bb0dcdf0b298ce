//! Writing frames as tables and files with Spark's words.

mod columns;
mod durable;
mod encode;
mod folder;
mod fragment;
mod logless;
mod merge;
mod modify;
mod optimize;
mod overwrite;
mod parts;
mod reshape;
mod rewrite;
mod schema;
mod sink;
mod stage;
mod staged;
mod table;
mod watch;

use std::fmt::Display;

use aerostat_error::{Error, Result, did_you_mean};
use aerostat_metastore::Format;
use polars::prelude::LazyFrame;

use crate::options::Options;
use crate::{Session, split_name};

pub(crate) use columns::by_position;
pub(crate) use durable::{sync, sync_all};
pub use fragment::Fragment;
pub(crate) use logless::table_layout;
pub use merge::{Action, Clause, Merge, Merged, When, merge};
pub use modify::{Assignment, Target, delete, update};
pub use optimize::{Optimized, Sizes, optimize};
pub(crate) use parts::write as write_parts;
pub use reshape::{default_column, drop_columns, move_column, rename_column};
pub use rewrite::{FILE, ROW};
pub use schema::{
    ColumnPlace, add_columns, add_constraint, comment_column, drop_constraint, require_column, retype_column,
};
pub(crate) use staged::{Part, Staged, hive_folder};

/// What to do where something exists already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Refuse.
    #[default]
    Error,
    /// Add rows.
    Append,
    /// Replace all rows.
    Overwrite,
    /// Do nothing.
    Ignore,
}

impl Mode {
    /// The mode that Spark calls `name`, in any case.
    pub fn named(name: &str) -> Result<Self> {
        match name.to_lowercase().as_str() {
            "error" | "errorifexists" | "default" => Ok(Self::Error),
            "append" => Ok(Self::Append),
            "overwrite" => Ok(Self::Overwrite),
            "ignore" => Ok(Self::Ignore),
            _ => {
                let hint = did_you_mean(name, ["error", "append", "overwrite", "ignore"]);
                Err(Error::invalid_argument(format!("there is no mode `{name}`"))
                    .with_hint_opt(hint.or_else(|| Some("modes are `error`, `append`, `overwrite`, `ignore`".into()))))
            }
        }
    }
}

/// Writes a frame: options first, then the place. Errors of options are reported by the last call.
#[derive(Clone)]
pub struct Writer {
    session: Session,
    frame: LazyFrame,
    mode: Result<Mode>,
    format: Result<Option<Format>>,
    partition_columns: Option<Vec<String>>,
    /// The partition that is overwritten.
    partition: Option<Vec<(String, Option<String>)>>,
    /// The rows that are overwritten.
    replaced: Option<Fragment>,
    /// Whether nothing of a table that is overwritten stays but its name.
    replaces_table: bool,
    /// What happens only once.
    transactions: Vec<String>,
    options: Options,
}

impl Writer {
    pub(crate) fn new(session: &Session, frame: LazyFrame) -> Self {
        Self {
            session: session.clone(),
            frame,
            mode: Ok(Mode::Error),
            format: Ok(None),
            partition_columns: None,
            partition: None,
            replaced: None,
            replaces_table: false,
            transactions: Vec::new(),
            options: Options::default(),
        }
    }

    /// What to do if the table or folder exists: `error` (the default), `append`, `overwrite` or `ignore`.
    pub fn mode(mut self, mode: &str) -> Self {
        self.mode = Mode::named(mode);
        self
    }

    /// One folder for each value of these columns.
    pub fn partition_by<S: AsRef<str>>(mut self, columns: impl IntoIterator<Item = S>) -> Self {
        self.partition_columns = Some(columns.into_iter().map(|name| name.as_ref().to_owned()).collect());
        self
    }

    /// Sets one of Spark's options, e.g. `.option("overwriteSchema", true)`. Names are case-insensitive.
    pub fn option(mut self, name: &str, value: impl Display) -> Self {
        self.options.set(name, value);
        self
    }

    /// The format: of a table `delta`; of files what [`Writer::save`] writes.
    pub fn format(mut self, format: &str) -> Self {
        self.format = Format::named(format).map(Some);
        self
    }

    /// Of a table that is overwritten, replaces only the partitions with these values; a column that is not named may
    /// have any value.
    pub fn overwrite_partition(mut self, values: Vec<(String, Option<String>)>) -> Self {
        self.partition = Some(values);
        self
    }

    /// Of a table that is overwritten, replaces only the rows for which a condition in SQL holds.
    pub fn replace_where(mut self, condition: Fragment) -> Self {
        self.replaced = Some(condition);
        self
    }

    /// Of a table that is overwritten, replaces the columns, constraints and properties as well, as
    /// `CREATE OR REPLACE TABLE` does: nothing stays but its history.
    pub fn replace_table(mut self) -> Self {
        self.replaces_table = true;
        self
    }

    /// Notes in the log of a Delta table that these have happened, which must not have happened before.
    pub fn transactions(mut self, transactions: Vec<String>) -> Self {
        self.transactions = transactions;
        self
    }

    /// Writes a table of the metastore. The columns of a table that exists are matched by name.
    pub fn save_as_table(self, name: &str) -> Result<()> {
        table::save(self, &split_name(name)?)
    }

    /// Inserts into a table that exists, columns matched by position; with mode `overwrite` replaces all of its rows.
    pub fn insert_into(self, name: &str) -> Result<()> {
        let parts = split_name(name)?;
        match logless::target(&self, &parts)? {
            Some(info) => logless::insert(self, &info),
            None => table::insert(self, &parts),
        }
    }

    /// Writes a folder of CSV files.
    pub fn csv(self, path: &str) -> Result<()> {
        folder::save(self, Format::Csv, path)
    }

    /// Writes a folder of Parquet files.
    pub fn parquet(self, path: &str) -> Result<()> {
        folder::save(self, Format::Parquet, path)
    }

    /// Writes a folder of files with one JSON object a line.
    pub fn json(self, path: &str) -> Result<()> {
        folder::save(self, Format::Json, path)
    }

    /// Writes a folder of files in the format that was set before, Parquet if none was. If that is `delta`, it is a table
    /// without a name, and the mode means what it does for one that has a name.
    pub fn save(self, path: &str) -> Result<()> {
        match self.format.clone()?.unwrap_or(Format::Parquet) {
            Format::Delta => table::save_in(self, path),
            format => folder::save(self, format, path),
        }
    }
}
