//! The session and its state.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aerostat_error::{Error, Kind, Object, Result};
use aerostat_metastore::{DEFAULT_SCHEMA, Format, Function, Metastore, Snapshot, TableInfo, TableName};
use polars::prelude::{DataFrame, Engine, Expr, LazyFrame, PolarsResult};

use crate::errors::from_polars;
use crate::read::strict;
use crate::views::{Names, Scans};
use crate::widgets::Widgets;
use crate::{
    Interrupt, Origin, Outcome, Plot, Reader, Relation, Settings, Shown, SqlEngine, Udf, Writer, collect, join_name,
    listing, logless, relation, run, scan, split_name, stream, udf,
};

/// A notebook's session. Cheap to clone; clones are the same session.
#[derive(Clone)]
pub struct Session(Arc<Inner>);

struct Inner {
    metastore: Metastore,
    engine: Arc<dyn SqlEngine>,
    interrupt: Interrupt,
    widgets: Widgets,
    state: Mutex<State>,
}

/// What lives as long as the notebook.
struct State {
    current_schema: String,
    temp_views: Names,
    global_views: Names,
    variables: Names,
    scans: Scans,
    functions: BTreeMap<String, (String, Function)>,
    settings: Settings,
    udfs: BTreeMap<String, Arc<dyn Udf>>,
}

/// The schema of the views that Spark shares between sessions. A notebook has one session.
pub const GLOBAL_TEMP: &str = "global_temp";

impl State {
    fn names(&mut self, origin: Origin) -> &mut Names {
        match origin {
            Origin::TempView => &mut self.temp_views,
            Origin::GlobalTempView => &mut self.global_views,
            Origin::Variable => &mut self.variables,
        }
    }
}

/// What a name is kept by: case counts between variables, as in Rust, and not between views, as in Spark.
fn key(origin: Origin, name: &str) -> String {
    match origin {
        Origin::Variable => name.to_owned(),
        Origin::TempView | Origin::GlobalTempView => name.to_lowercase(),
    }
}

impl Session {
    /// Opens a session on the metastore at `root`; `engine` runs its SQL.
    pub fn open(root: &Path, engine: Arc<dyn SqlEngine>) -> Result<Session> {
        Self::start(root, engine, Interrupt::default())
    }

    /// A new session on the metastore at `root`, to take the place of this one: it has the same engine, and the same
    /// interrupt stops what runs in either.
    pub fn reopen(&self, root: &Path) -> Result<Session> {
        Self::start(root, self.0.engine.clone(), self.interrupt().clone())
    }

    fn start(root: &Path, engine: Arc<dyn SqlEngine>, interrupt: Interrupt) -> Result<Session> {
        let metastore = Metastore::open(root)?;
        let current_schema = DEFAULT_SCHEMA.to_owned();
        let state = State {
            current_schema,
            temp_views: Names::new(),
            global_views: Names::new(),
            variables: Names::new(),
            scans: Scans::default(),
            functions: BTreeMap::new(),
            settings: Settings::default(),
            udfs: BTreeMap::new(),
        };
        let (widgets, state) = (Widgets::default(), Mutex::new(state));
        Ok(Self(Arc::new(Inner { metastore, engine, interrupt, widgets, state })))
    }

    /// The metastore.
    pub fn metastore(&self) -> &Metastore {
        &self.0.metastore
    }

    /// The engine that runs SQL.
    pub(crate) fn engine(&self) -> &dyn SqlEngine {
        self.0.engine.as_ref()
    }

    /// The flag that stops what runs.
    pub fn interrupt(&self) -> &Interrupt {
        &self.0.interrupt
    }

    /// The settings that queries depend on.
    pub fn settings(&self) -> Settings {
        self.state().settings.clone()
    }

    /// Changes the settings for what runs from now on.
    pub fn set_settings(&self, settings: Settings) {
        self.state().settings = settings;
    }

    /// The widgets and parameters.
    pub(crate) fn widgets(&self) -> &Widgets {
        &self.0.widgets
    }

    /// The schema in which unqualified names are looked up.
    pub fn current_schema(&self) -> String {
        self.state().current_schema.clone()
    }

    /// Changes [`Session::current_schema`].
    pub fn use_schema(&self, name: &str) -> Result<()> {
        let schema = self.metastore().schema(name)?;
        self.state().current_schema = schema.name;
        Ok(())
    }

    /// The rows of a temporary view, table or view; of a variable where none of them has the name.
    pub fn table(&self, name: &str) -> Result<LazyFrame> {
        let relation = self.resolve_table(&split_name(name)?)?;
        let frame = self.scan(&relation)?;
        if let Relation::Table(info) | Relation::View(info) = &relation {
            self.state().scans.add(&info.name, &frame);
        }
        Ok(frame)
    }

    /// Whether [`Session::table`] gave this plan for a table.
    pub(crate) fn has_given(&self, table: &TableName, frame: &LazyFrame) -> bool {
        self.state().scans.has(table, frame)
    }

    /// Runs SQL; the rows of the last statement, none if it has none.
    pub fn sql(&self, text: &str) -> Result<DataFrame> {
        let mut rows = None;
        self.execute_each(text, |outcome| {
            rows = outcome.frame;
            Ok(())
        })?;
        Ok(rows.unwrap_or_default())
    }

    /// Runs SQL; what each statement came to.
    pub fn execute(&self, text: &str) -> Result<Vec<Outcome>> {
        let mut outcomes = Vec::new();
        self.execute_each(text, |outcome| {
            outcomes.push(outcome);
            Ok(())
        })?;
        Ok(outcomes)
    }

    /// Runs SQL and hands over what each statement came to before the next begins: results are seen when they are there,
    /// also if a later statement fails, and none has to be kept. An error of `each` ends it as well.
    pub fn execute_each(&self, text: &str, mut each: impl FnMut(Outcome) -> Result<()>) -> Result<()> {
        self.0.engine.execute(self, text, &mut each)
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
    pub fn create_or_replace_temp_view(&self, name: &str, frame: LazyFrame) -> Result<()> {
        match split_name(name)?.as_slice() {
            [name] => drop(self.show_as(Origin::TempView, name, Shown::Frame(frame))),
            _ => {
                return Err(Error::invalid_argument(format!("`{name}` is not the name of a temporary view"))
                    .with_hint("temporary views belong to the session and not to a schema: give a name without dots"));
            }
        }
        Ok(())
    }

    /// Forgets a temporary view; whether there was one.
    pub fn drop_temp_view(&self, name: &str) -> Result<bool> {
        let parts = split_name(name)?;
        let [name] = parts.as_slice() else { return Ok(false) };
        Ok(self.state().temp_views.remove(&name.to_lowercase()).is_some())
    }

    /// Gives a temporary view or variable this to show; returns what it showed before, if it was there.
    pub fn show_as(&self, origin: Origin, name: &str, shown: Shown) -> Option<Shown> {
        let before = self.state().names(origin).insert(key(origin, name), (name.to_owned(), shown));
        before.map(|(_, shown)| shown)
    }

    /// Whether there is a temporary view of this name.
    pub fn has_temp_view(&self, name: &str) -> bool {
        self.state().temp_views.contains_key(&name.to_lowercase())
    }

    /// Forgets a view of [`GLOBAL_TEMP`]; whether there was one.
    pub fn drop_global_temp_view(&self, name: &str) -> bool {
        self.state().global_views.remove(&name.to_lowercase()).is_some()
    }

    /// The names of the views of [`GLOBAL_TEMP`].
    pub fn global_temp_views(&self) -> Vec<String> {
        self.state().global_views.values().map(|(name, _)| name.clone()).collect()
    }

    /// Defines a function of SQL until the session ends.
    pub fn create_temp_function(&self, name: &str, function: Function) {
        self.state().functions.insert(name.to_lowercase(), (name.to_owned(), function));
    }

    /// Forgets a function of the session; whether there was one.
    pub fn drop_temp_function(&self, name: &str) -> bool {
        self.state().functions.remove(&name.to_lowercase()).is_some()
    }

    /// The function of the session that goes by this name.
    pub fn temp_function(&self, name: &str) -> Option<Function> {
        self.state().functions.get(&name.to_lowercase()).map(|(_, function)| function.clone())
    }

    /// The names of the session's functions.
    pub fn temp_functions(&self) -> Vec<String> {
        self.state().functions.values().map(|(name, _)| name.clone()).collect()
    }

    /// The function that a name stands for: one of the session, else of the metastore.
    pub fn function(&self, parts: &[String], current_schema: &str) -> Result<Option<Function>> {
        if let [name] = parts
            && let Some(function) = self.temp_function(name)
        {
            return Ok(Some(function));
        }
        let name = self.metastore().qualify(parts, current_schema)?;
        Ok(self.metastore().find_function(&name)?.map(|(_, function)| function))
    }

    /// The names of the temporary views.
    pub fn temp_views(&self) -> Vec<String> {
        self.state().temp_views.values().map(|(name, _)| name.clone()).collect()
    }

    /// Makes a variable of the notebook visible to SQL.
    pub fn bind_frame(&self, name: &str, frame: LazyFrame) {
        self.show_as(Origin::Variable, name, Shown::Frame(frame));
    }

    /// Forgets a variable of the notebook, which is spelled so; returns what it showed, if it was there.
    pub fn unbind_frame(&self, name: &str) -> Option<Shown> {
        let before = self.state().variables.remove(name);
        before.map(|(_, shown)| shown)
    }

    /// Registers a function for SQL and [`Session::call_udf`]; one of the same name is replaced.
    pub fn register_udf(&self, udf: Arc<dyn Udf>) {
        self.state().udfs.insert(udf.name().to_lowercase(), udf);
    }

    /// The function that was registered by a name, in any case.
    pub fn udf(&self, name: &str) -> Result<Arc<dyn Udf>> {
        let state = self.state();
        let known = || state.udfs.values().map(|udf| udf.name().to_owned());
        state.udfs.get(&name.to_lowercase()).cloned().ok_or_else(|| udf::unknown(name, known()))
    }

    /// The names of all registered functions, in lower case.
    pub fn udf_names(&self) -> Vec<String> {
        self.state().udfs.keys().cloned().collect()
    }

    /// Forgets all registered functions, as what runs them is gone; their names.
    pub fn drop_udfs(&self) -> Vec<String> {
        std::mem::take(&mut self.state().udfs).into_values().map(|udf| udf.name().to_owned()).collect()
    }

    /// The result of a registered function as an expression.
    pub fn call_udf(&self, name: &str, args: &[Expr]) -> Result<Expr> {
        udf::expression(self.udf(name)?, args)
    }

    /// What a name stands for: a temporary view, a variable, a table or view of the metastore, or a path.
    pub fn resolve(&self, parts: &[String]) -> Result<Relation> {
        self.resolve_in(parts, &self.current_schema())
    }

    /// What a name stands for where a table is asked for, and not in a query: a variable only if there is no temporary view,
    /// table or view of the name.
    pub fn resolve_table(&self, parts: &[String]) -> Result<Relation> {
        relation::resolve_table(self, parts, &self.current_schema())
    }

    /// [`Session::resolve`] with another current schema: a view's text means what it meant when it was created.
    pub fn resolve_in(&self, parts: &[String], current_schema: &str) -> Result<Relation> {
        relation::resolve(self, parts, current_schema)
    }

    /// The rows of what a name stands for.
    pub fn scan(&self, relation: &Relation) -> Result<LazyFrame> {
        match relation {
            Relation::Frame { frame, .. } => Ok(frame.clone()),
            Relation::Table(info) => scan::table(self, info),
            Relation::Version(_, snapshot) => crate::delta::scan(snapshot),
            Relation::View(info) => self.everything(&[&info.name.schema, &info.name.table]),
            Relation::Query { name, origin: Origin::GlobalTempView, .. } => self.everything(&[GLOBAL_TEMP, name]),
            Relation::Query { name, .. } => self.everything(&[name.as_str()]),
            Relation::Path { format, path } => scan::path(self, *format, path),
        }
    }

    /// The rows of a view, for the SQL engine to plan.
    fn everything(&self, parts: &[&str]) -> Result<LazyFrame> {
        Ok(lazy(self.sql(&format!("SELECT * FROM {}", join_name(parts)))?))
    }

    /// The files that make up a table now; none if only reading it tells its columns.
    pub fn files(&self, info: &TableInfo) -> Result<Option<Snapshot>> {
        match (&info.location, info.format) {
            (Some(location), Format::Delta) => self.metastore().snapshot(location, None).map(Some),
            (Some(_), _) if info.columns.is_some() => logless::snapshot(self, info).map(Some),
            _ => Ok(None),
        }
    }

    /// The rows of these files of a table, which [`Session::files`] gave.
    pub fn scan_files(&self, info: &TableInfo, files: &Snapshot) -> Result<LazyFrame> {
        scan::files(self, info, files)
    }

    /// A writer of `frame`.
    pub fn write(&self, frame: LazyFrame) -> Writer {
        Writer::new(self, frame)
    }

    /// Charts of `frame`.
    pub fn plot(&self, frame: LazyFrame) -> Plot {
        Plot::new(self, frame)
    }

    /// Spark's `SHOW TABLES` of the current schema: `namespace`, `tableName`, `isTemporary`.
    pub fn tables(&self) -> Result<DataFrame> {
        listing::tables(self)
    }

    /// Spark's `SHOW DATABASES`: `namespace`.
    pub fn databases(&self) -> Result<DataFrame> {
        listing::databases(self)
    }

    /// Runs the query on the engine that suits it: interruptible, panics and errors of polars in the shared vocabulary.
    pub fn collect(&self, frame: LazyFrame) -> Result<DataFrame> {
        strict::first(frame, |frame| self.collect_as_it_is(frame))
    }

    fn collect_as_it_is(&self, frame: LazyFrame) -> Result<DataFrame> {
        if collect::engine(&frame.logical_plan) == Engine::Streaming {
            let streamed = frame.clone();
            match self.run(move || streamed.collect_with_engine(Engine::Streaming).map(|rows| rows.unwrap_single())) {
                // It lacks what few plans need.
                Err(error) if run::is_unimplemented(&error) => {}
                result => return result,
            }
        }
        self.run(move || frame.collect())
    }

    /// Runs the query and gives its rows to `take` in their order, as they come, until that says that it has enough.
    pub fn stream(
        &self,
        frame: LazyFrame,
        take: impl Fn(DataFrame) -> PolarsResult<bool> + Send + Sync + 'static,
    ) -> Result<()> {
        stream::stream(self, frame, take)
    }

    /// Runs any work of polars under the same control as [`Session::collect`].
    pub fn run<T: Send + 'static>(&self, work: impl FnOnce() -> PolarsResult<T> + Send + 'static) -> Result<T> {
        self.guard(move || work().map_err(from_polars))
    }

    /// [`Session::run`] for work with errors of its own.
    pub(crate) fn guard<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        run::run(self.interrupt(), work)
    }

    /// What goes by `name`, and the name as it was given: what is spelled so, else the only one of the name in any case.
    pub(crate) fn shown(&self, origin: Origin, name: &str) -> Result<Option<(String, Shown)>> {
        let mut state = self.state();
        let names = state.names(origin);
        if let Some(found) = names.get(&key(origin, name)) {
            return Ok(Some(found.clone()));
        }
        let lower = name.to_lowercase();
        let found: Vec<_> = names.values().filter(|(other, _)| other.to_lowercase() == lower).collect();
        match found.as_slice() {
            [] => Ok(None),
            [found] => Ok(Some((*found).clone())),
            several => {
                let names: Vec<String> = several.iter().map(|(name, _)| format!("`{name}`")).collect();
                let message = format!("`{name}` could be any of the variables {}", names.join(", "));
                Err(Error::new(Kind::Ambiguous(Object::Table), message)
                    .with_hint("case does not count in SQL: rename all but one of them"))
            }
        }
    }

    /// The names of all temporary views and variables.
    pub(crate) fn frame_names(&self) -> Vec<String> {
        let state = self.state();
        state.temp_views.values().chain(state.variables.values()).map(|(name, _)| name.clone()).collect()
    }

    /// No operation on the state can leave it half done, so a panic elsewhere does not spoil it.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn lazy(frame: DataFrame) -> LazyFrame {
    use polars::prelude::IntoLazy;
    frame.lazy()
}
