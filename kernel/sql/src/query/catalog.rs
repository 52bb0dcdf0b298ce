//! The planner's view of a session: tables by name, and the functions of the engine.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use aerostat_error::{Condition, Error};
use aerostat_metastore::{Function, Snapshot, View};
use aerostat_session::write::{FILE, ROW};
use aerostat_session::{Given, Origin, Relation, Session};
use datafusion::arrow::datatypes::{DataType, SchemaRef};
use datafusion::catalog::cte_worktable::CteWorkTable;
use datafusion::catalog::{TableFunctionArgs, TableProvider};
use datafusion::common::config::ConfigOptions;
use datafusion::common::{Column, DFSchema, Result, TableReference};
use datafusion::datasource::{ViewTable, provider_as_source};
use datafusion::execution::SessionState;
use datafusion::logical_expr::planner::{ContextProvider, ExprPlanner, RelationPlanner};
use datafusion::logical_expr::simplify::SimplifyContext;
use datafusion::logical_expr::{
    AggregateUDF, Expr, HigherOrderUDF, LogicalPlan, LogicalPlanBuilder, ScalarUDF, TableSource, WindowUDF, lit,
};
use datafusion::optimizer::simplify_expressions::ExprSimplifier;
use polars::prelude::LazyFrame;

use super::file_names;
use super::schema::folded_names;
use crate::Core;
use crate::functions::{external, user};
use crate::table::{DeltaTable, FILE_NAME, FrameTable, Table};

/// Finds tables and functions for one query.
pub(crate) struct Catalog<'a> {
    core: &'a Core,
    session: &'a Session,
    state: Arc<SessionState>,
    /// What has the functions of the engine.
    functions: &'a SessionState,
    /// In the text of a view: the views that led here, the innermost last.
    views: Vec<(String, Outer)>,
    /// Frames that hide whatever else has their names.
    frames: Vec<(String, Arc<FrameTable>)>,
    /// A version of a table that hides whatever else has its name.
    table: Option<(String, Arc<DeltaTable>)>,
    found: RefCell<Found>,
}

/// How names are looked up in the text of a view.
#[derive(Clone)]
pub(crate) struct Outer {
    /// Where unqualified tables and functions are.
    schema: String,
    /// Whether temporary views are seen: a view that outlives the session sees none.
    temporary: bool,
}

impl Outer {
    /// In a view of the metastore.
    pub(crate) fn stored(view: &View) -> Self {
        Self { schema: view.current_schema.clone(), temporary: false }
    }

    /// In a view of the session.
    fn temporary(view: &View) -> Self {
        Self { schema: view.current_schema.clone(), temporary: true }
    }
}

#[derive(Default)]
struct Found {
    sources: HashMap<String, Source>,
    /// The variables of the notebook that were met, by name in lower case.
    variables: Vec<(String, LazyFrame)>,
    /// The columns of the tables as these call them, by table and name in lower case.
    columns: HashMap<(String, String), String>,
}

#[derive(Clone)]
struct Source {
    source: Arc<dyn TableSource>,
    frame: Option<Arc<FrameTable>>,
}

impl<'a> Catalog<'a> {
    pub(crate) fn new(core: &'a Core, session: &'a Session) -> Self {
        let (state, functions) = (Arc::new(core.state(session)), core.functions(session));
        let (views, frames, found) = (Vec::new(), Vec::new(), RefCell::default());
        Self { core, session, state, functions, views, frames, table: None, found }
    }

    /// The same catalog, in which these names mean these frames.
    pub(crate) fn with_frames(mut self, given: Given<'_>) -> Result<Self, Error> {
        for (name, frame) in given {
            self.frames.push(((*name).to_owned(), Arc::new(FrameTable::new(self.session, frame.clone())?)));
        }
        Ok(self)
    }

    /// The same catalog, in which this name means this version of a table, with columns that number files and rows.
    pub(crate) fn with_table(mut self, name: &str, table: &Snapshot) -> Result<Self, Error> {
        self.table = Some((name.to_owned(), Arc::new(DeltaTable::new(table.clone(), false))));
        Ok(self)
    }

    /// The table of [`Catalog::with_table`].
    pub(crate) fn given_table(&self) -> Option<&Arc<DeltaTable>> {
        self.table.as_ref().map(|(_, table)| table)
    }

    /// What was given under this name.
    fn given(&self, name: &str) -> Result<Option<Source>> {
        if let Some((_, table)) = self.table.as_ref().filter(|(given, _)| given == name) {
            let columns: Vec<String> = table.schema().fields().iter().map(|field| field.name().clone()).collect();
            let numbers = [ROW, FILE].map(|number| lit(0_u32).alias(number));
            let source = provider_as_source(Arc::clone(table) as Arc<dyn TableProvider>);
            let plan = LogicalPlanBuilder::scan("table", source, None)?;
            let folded = columns.iter().zip(folded_names(&columns));
            let renamed = folded.map(|(name, folded)| Expr::Column(Column::new(Some("table"), name)).alias(folded));
            let plan = plan.project(renamed.chain(numbers))?.build()?;
            return Ok(Some(Source { source: provider_as_source(Arc::new(ViewTable::new(plan, None))), frame: None }));
        }
        let Some((_, frame)) = self.frames.iter().find(|(given, _)| given == name) else { return Ok(None) };
        let source = self.fold(name, Table::of_frame(Arc::clone(frame)), false)?;
        Ok(Some(Source { source, frame: Some(Arc::clone(frame)) }))
    }

    /// The catalog for the text of a view that was met here.
    pub(crate) fn inside(&self, name: String, view: &Outer) -> Result<Self, Error> {
        if self.views.iter().any(|(outer, _)| *outer == name) {
            return Err(Error::invalid_argument(format!("view `{name}` refers to itself"))
                .with_condition(Condition::RECURSIVE_VIEW)
                .with_hint("give one of the views that lead to it another name"));
        }
        let mut views = self.views.clone();
        views.push((name, view.clone()));
        let (core, session) = (self.core, self.session);
        let state = Arc::clone(&self.state);
        let (frames, found) = (Vec::new(), RefCell::default());
        Ok(Self { core, session, state, functions: self.functions, views, frames, table: None, found })
    }

    pub(crate) fn session(&self) -> &'a Session {
        self.session
    }

    pub(crate) fn core(&self) -> &'a Core {
        self.core
    }

    /// The function that a user has defined under this name.
    pub(crate) fn function(&self, parts: &[String]) -> Result<Option<Function>, Error> {
        let current = match self.views.last() {
            Some((_, view)) => view.schema.clone(),
            None => self.session.current_schema(),
        };
        self.session.function(parts, &current)
    }

    /// The variables of the notebook that were met so far.
    pub(crate) fn variables(&self) -> Vec<(String, LazyFrame)> {
        self.found.borrow().variables.clone()
    }

    /// The columns of the tables met so far, by table and name in lower case.
    pub(crate) fn columns(&self) -> HashMap<(String, String), String> {
        self.found.borrow().columns.clone()
    }

    fn source(&self, reference: &TableReference) -> Result<Arc<dyn TableSource>> {
        let key = reference.to_string();
        let known = self.found.borrow().sources.get(&key).cloned();
        let source = match known {
            Some(source) => source,
            None => {
                let source = self.find(reference, &key)?;
                self.found.borrow_mut().sources.insert(key, source.clone());
                source
            }
        };
        if let Some(frame) = &source.frame {
            frame.used();
        }
        Ok(source.source)
    }

    fn find(&self, reference: &TableReference, key: &str) -> Result<Source> {
        let (key, files) = file_names::unmarked(key).map_or((key, false), |key| (key, true));
        if let Some(source) = self.given(key)? {
            return Ok(source);
        }
        let mut parts = reference.to_vec();
        if let Some(name) = parts.last_mut().filter(|_| files) {
            *name = file_names::unmarked(name).unwrap_or(name).to_owned();
        }
        if let ([name], Some((_, view))) = (parts.as_slice(), self.views.last())
            && !(view.temporary && self.session.has_temp_view(name))
        {
            parts.insert(0, view.schema.clone());
        }
        let relation = self.session.resolve(&parts).map_err(external)?;
        if let (true, Relation::View(_) | Relation::Query { .. }) = (files, &relation) {
            return Err(external(file_names::of_query()));
        }
        if let Relation::View(info) = &relation {
            let view = info.view.clone().unwrap_or_else(|| View {
                text: String::new(),
                current_schema: String::new(),
                columns: Vec::new(),
            });
            let inside = self.inside(info.name.to_string(), &Outer::stored(&view)).map_err(external)?;
            return self.view(inside, &info.name.to_string(), &view, key);
        }
        if let Relation::Query { name, query, .. } = &relation {
            let given: Vec<_> = query.frames.iter().map(|(name, frame)| (name.as_str(), frame.clone())).collect();
            let inside = self.inside(parts.join(".").to_lowercase(), &Outer::temporary(&query.view));
            let inside = inside.and_then(|inside| inside.with_frames(&given)).map_err(external)?;
            return self.view(inside, name, &query.view, key);
        }
        let (table, frame) = match relation {
            Relation::Frame { name, frame, origin } => {
                if origin == Origin::Variable {
                    self.found.borrow_mut().variables.push((name.to_lowercase(), frame.clone()));
                }
                let frame = Arc::new(FrameTable::new(self.session, frame).map_err(external)?);
                (Table::of_frame(Arc::clone(&frame)), Some(frame))
            }
            other => (Table::new(self.session, &other, files).map_err(external)?, None),
        };
        let source = self.fold(key, table, files)?;
        Ok(Source { source, frame })
    }

    /// The table with its columns in their order and in lower case; after them the names of files, which a frame has
    /// none of, if it is asked for them.
    fn fold(&self, key: &str, table: Table, files: bool) -> Result<Arc<dyn TableSource>> {
        let Table { provider, columns } = table;
        let folded = folded_names(&columns);
        self.remember(key, &folded, &columns);
        let names = files.then(|| match provider.schema().column_with_name(FILE_NAME) {
            Some(_) => Expr::Column(Column::new(Some("table"), FILE_NAME)),
            None => lit("").alias(FILE_NAME),
        });
        let same = provider.schema().fields().iter().map(|field| field.name()).eq(&folded);
        let source = provider_as_source(provider);
        if same && !files {
            return Ok(source);
        }
        // A name for what has it already would be one more column of that name to the rules that push fields down.
        let renamed =
            columns.iter().zip(&folded).map(|(name, folded)| match Expr::Column(Column::new(Some("table"), name)) {
                column if name == folded => column,
                column => column.alias(folded),
            });
        let renamed = renamed.chain(names);
        let plan = LogicalPlanBuilder::scan("table", source, None)?.project(renamed)?.build()?;
        Ok(provider_as_source(Arc::new(ViewTable::new(plan, None))))
    }

    /// A view as a source: its text planned by the catalog for what is `inside` of it.
    fn view(&self, inside: Catalog<'_>, name: &str, view: &View, key: &str) -> Result<Source> {
        let plan = self.plan_view(&inside, name, view, key).map_err(external)?;
        Ok(Source { source: provider_as_source(Arc::new(ViewTable::new(plan, None))), frame: None })
    }

    fn plan_view(&self, inside: &Catalog<'_>, name: &str, view: &View, key: &str) -> Result<LogicalPlan, Error> {
        let in_view = |error: Error| {
            let message = format!("in view `{name}`: {}", error.message());
            Error::new(error.kind(), message).with_hint_opt(error.hint().map(str::to_owned)).with_condition_of(&error)
        };
        let planned = super::plan_text(inside, &view.text).map_err(in_view)?;
        let given: Vec<String> = view.columns.iter().map(|column| column.name.clone()).collect();
        let names = if given.is_empty() { planned.names } else { given };
        let folded: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
        let plan = rename(planned.plan, &folded).map_err(|error| super::errors::plain(&error))?;
        self.remember(key, &folded, &names);
        Ok(plan)
    }

    fn remember(&self, key: &str, folded: &[String], names: &[String]) {
        let pairs = folded.iter().cloned().zip(names.iter().cloned());
        self.found.borrow_mut().columns.extend(pairs.map(|(folded, name)| ((key.to_owned(), folded), name)));
    }
}

/// The plan with its columns under other names.
fn rename(plan: LogicalPlan, names: &[String]) -> Result<LogicalPlan> {
    let columns = plan.schema().columns().into_iter().map(Expr::Column).collect::<Vec<_>>();
    let renamed = columns.into_iter().zip(names).map(|(column, name)| column.alias(name));
    LogicalPlanBuilder::from(plan).project(renamed)?.build()
}

impl ContextProvider for Catalog<'_> {
    fn get_table_source(&self, name: TableReference) -> Result<Arc<dyn TableSource>> {
        self.source(&name)
    }

    fn get_table_function_source(&self, name: &str, args: Vec<Expr>) -> Result<Arc<dyn TableSource>> {
        let state = self.state();
        let function = state
            .table_functions()
            .get(name)
            .ok_or_else(|| external(Error::not_found_among(aerostat_error::Object::Function, name, ["range"])))?;
        let context = SimplifyContext::builder().with_config_options(Arc::clone(state.config_options())).build();
        let simplifier = ExprSimplifier::new(context);
        let schema = DFSchema::empty();
        let args = args
            .into_iter()
            .map(|arg| simplifier.coerce(arg, &schema).and_then(|arg| simplifier.simplify(arg)))
            .collect::<Result<Vec<_>>>()?;
        let table = function.create_table_provider_with_args(TableFunctionArgs::new(&args, state))?;
        Ok(provider_as_source(table))
    }

    fn create_cte_work_table(&self, name: &str, schema: SchemaRef) -> Result<Arc<dyn TableSource>> {
        Ok(provider_as_source(Arc::new(CteWorkTable::new(name, schema))))
    }

    fn get_expr_planners(&self) -> &[Arc<dyn ExprPlanner>] {
        self.state().expr_planners()
    }

    fn get_relation_planners(&self) -> &[Arc<dyn RelationPlanner>] {
        self.state().relation_planners()
    }

    fn get_function_meta(&self, name: &str) -> Option<Arc<ScalarUDF>> {
        let user = self.session.udf(name).ok().map(|udf| Arc::new(user::function(udf)));
        user.or_else(|| self.functions.scalar_functions().get(name).cloned())
    }

    fn get_higher_order_meta(&self, name: &str) -> Option<Arc<HigherOrderUDF>> {
        self.functions.higher_order_functions().get(name).cloned()
    }

    fn get_aggregate_meta(&self, name: &str) -> Option<Arc<AggregateUDF>> {
        self.functions.aggregate_functions().get(name).cloned()
    }

    fn get_window_meta(&self, name: &str) -> Option<Arc<WindowUDF>> {
        self.functions.window_functions().get(name).cloned()
    }

    fn get_variable_type(&self, _names: &[String]) -> Option<DataType> {
        None
    }

    fn options(&self) -> &ConfigOptions {
        self.state().config_options()
    }

    fn udf_names(&self) -> Vec<String> {
        self.functions.scalar_functions().keys().cloned().collect()
    }

    fn higher_order_function_names(&self) -> Vec<String> {
        self.functions.higher_order_functions().keys().cloned().collect()
    }

    fn udaf_names(&self) -> Vec<String> {
        self.functions.aggregate_functions().keys().cloned().collect()
    }

    fn udwf_names(&self) -> Vec<String> {
        self.functions.window_functions().keys().cloned().collect()
    }
}

impl Catalog<'_> {
    pub(crate) fn state(&self) -> &SessionState {
        &self.state
    }

    pub(crate) fn shared_state(&self) -> Arc<SessionState> {
        Arc::clone(&self.state)
    }
}
