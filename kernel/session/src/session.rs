//! The session and its state.

use std::path::Path;
use std::sync::Arc;

use aerostat_error::{Error, Result};
use aerostat_metastore::Metastore;
use polars::prelude::{DataFrame, LazyFrame, PolarsResult};

use crate::{Interrupt, Outcome, Reader, Relation, SqlEngine, Writer};

/// A notebook's session. Cheap to clone; clones are the same session.
#[derive(Clone)]
pub struct Session(Arc<Inner>);

struct Inner {
    metastore: Metastore,
    engine: Arc<dyn SqlEngine>,
    interrupt: Interrupt,
}

impl Session {
    /// Opens a session on the metastore at `root`; `engine` runs its SQL.
    pub fn open(root: &Path, engine: Arc<dyn SqlEngine>) -> Result<Session> {
        Ok(Self(Arc::new(Inner { metastore: Metastore::open(root)?, engine, interrupt: Interrupt::default() })))
    }

    /// The metastore.
    pub fn metastore(&self) -> &Metastore {
        &self.0.metastore
    }

    /// The flag that stops what runs.
    pub fn interrupt(&self) -> &Interrupt {
        &self.0.interrupt
    }

    /// The schema in which unqualified names are looked up.
    pub fn current_schema(&self) -> String {
        String::new()
    }

    /// Changes [`Session::current_schema`].
    pub fn use_schema(&self, _name: &str) -> Result<()> {
        Err(Error::internal("not written yet"))
    }

    /// The rows of a table, view, temporary view or variable.
    pub fn table(&self, _name: &str) -> Result<LazyFrame> {
        Err(Error::internal("not written yet"))
    }

    /// Runs SQL; the rows of the last statement.
    pub fn sql(&self, _text: &str) -> Result<DataFrame> {
        Err(Error::internal("not written yet"))
    }

    /// Runs SQL; what each statement came to.
    pub fn execute(&self, text: &str) -> Result<Vec<Outcome>> {
        self.0.engine.execute(self, text)
    }

    /// A reader of files.
    pub fn read(&self) -> Reader {
        Reader::new(self)
    }

    /// Reads CSV with a header line, types inferred.
    pub fn read_csv(&self, path: &str) -> Result<LazyFrame> {
        self.read().header(true).option("inferSchema", true).csv(path)
    }

    /// Reads Parquet.
    pub fn read_parquet(&self, path: &str) -> Result<LazyFrame> {
        self.read().parquet(path)
    }

    /// Reads JSON, one object a line.
    pub fn read_json(&self, path: &str) -> Result<LazyFrame> {
        self.read().json(path)
    }

    /// Gives a frame a name for SQL and [`Session::table`], until the session ends.
    pub fn create_or_replace_temp_view(&self, _name: &str, _frame: LazyFrame) -> Result<()> {
        Err(Error::internal("not written yet"))
    }

    /// Forgets a temporary view; whether there was one.
    pub fn drop_temp_view(&self, _name: &str) -> Result<bool> {
        Err(Error::internal("not written yet"))
    }

    /// The temporary views by name.
    pub fn temp_views(&self) -> Vec<(String, LazyFrame)> {
        Vec::new()
    }

    /// Makes a variable of the notebook visible to SQL.
    pub fn bind_frame(&self, _name: &str, _frame: LazyFrame) {}

    /// Forgets a variable of the notebook.
    pub fn unbind_frame(&self, _name: &str) {}

    /// What a name stands for: temporary view, variable, table or view of the metastore, path.
    pub fn resolve(&self, _parts: &[String]) -> Result<Relation> {
        Err(Error::internal("not written yet"))
    }

    /// The rows of what a name stands for.
    pub fn scan(&self, _relation: &Relation) -> Result<LazyFrame> {
        Err(Error::internal("not written yet"))
    }

    /// A writer of `frame`.
    pub fn write(&self, frame: LazyFrame) -> Writer {
        Writer::new(self, frame)
    }

    /// Spark's `SHOW TABLES`: `namespace`, `tableName`, `isTemporary`.
    pub fn tables(&self) -> Result<DataFrame> {
        Err(Error::internal("not written yet"))
    }

    /// Spark's `SHOW DATABASES`: `namespace`.
    pub fn databases(&self) -> Result<DataFrame> {
        Err(Error::internal("not written yet"))
    }

    /// Runs the query: interruptible, panics and errors of polars in the shared vocabulary.
    pub fn collect(&self, frame: LazyFrame) -> Result<DataFrame> {
        self.run(move || frame.collect())
    }

    /// Runs any work of polars under the same control as [`Session::collect`].
    pub fn run<T: Send + 'static>(&self, _work: impl FnOnce() -> PolarsResult<T> + Send + 'static) -> Result<T> {
        Err(Error::internal("not written yet"))
    }
}
