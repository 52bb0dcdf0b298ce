//! What the engine sets up once: functions, settings, threads.

use std::any::Any;
use std::num::NonZeroUsize;
use std::sync::Arc;

use aerostat_error::{Error, Kind, Result};
use aerostat_session::{Session, Settings, memory};
use datafusion::execution::memory_pool::{FairSpillPool, TrackConsumersPool};
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::execution::{SessionState, SessionStateBuilder};
use datafusion::functions_aggregate::average::avg_udaf;
use datafusion::optimizer::Analyzer;
use datafusion::prelude::SessionConfig;
use datafusion_spark::SessionStateBuilderSpark;
use tokio::runtime::Runtime;

use crate::brief::brief;
use crate::functions;
use crate::portions::Portions;
use crate::query::calls::Registry;
use crate::query::errors;
use crate::query::membership::Membership;
use crate::query::operators::SparkOperators;
use crate::query::relation::SparkRelations;
use crate::runs::Runs;
use crate::table::ColumnCache;

/// The stack of a thread that runs queries.
const WORKER_STACK_BYTES: usize = 16 << 20;

/// Of the memory that the kernel may take, the share for what queries keep while they run. Frames, results, and what is on
/// its way between the steps of a query are not in it.
const POOL_SHARE: f64 = 0.5;

/// Of so many rows on its smaller side, divided by the number of threads, one thread makes the hash table of a join. The
/// other way, that all threads share out the rows of both sides, takes longer the fewer there are. Bytes are counted where
/// they are known.
const HASH_TABLE_ROWS: usize = 8_000_000;
const HASH_TABLE_BYTES: usize = HASH_TABLE_ROWS * 64;

/// So many of the largest consumers does an error name.
const NAMED_CONSUMERS: NonZeroUsize = NonZeroUsize::MIN;

/// The engine without its public face.
#[derive(Debug)]
pub(crate) struct Core {
    usual: Mode,
    ansi: Mode,
    pub(crate) registry: Registry,
    pub(crate) runtime: Runtime,
    pub(crate) columns: Arc<ColumnCache>,
}

/// What queries are planned and run with in one of the two modes, that of ANSI and the usual one.
#[derive(Debug)]
struct Mode {
    /// Of this every query has a copy, under its own settings.
    state: SessionState,
    /// The same for plain queries of a few rows.
    brief: SessionState,
    /// The same with all functions, which are found here: their names need not be copied for every query.
    functions: SessionState,
}

impl Mode {
    fn new(ansi: bool, resources: &Arc<RuntimeEnv>, columns: &Arc<ColumnCache>) -> Self {
        let functions = state(ansi, resources, columns);
        let mut bare = SessionStateBuilder::new_from_existing(functions.clone());
        *bare.scalar_functions() = None;
        *bare.higher_order_functions() = None;
        *bare.aggregate_functions() = None;
        *bare.window_functions() = None;
        let state = bare.build();
        Self { brief: brief(&state), state, functions }
    }
}

impl Core {
    pub(crate) fn new() -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .thread_name("sql-worker")
            .thread_stack_size(WORKER_STACK_BYTES)
            .enable_all()
            .build()
            .map_err(|error| Error::io("starting threads", &error))?;
        let resources = resources()?;
        let columns = ColumnCache::new()?;
        let usual = Mode::new(false, &resources, &columns);
        let ansi = Mode::new(true, &resources, &columns);
        let known = &usual.functions;
        let registry = Registry {
            scalar: known.scalar_functions().keys().chain(known.higher_order_functions().keys()).cloned().collect(),
            aggregate: known.aggregate_functions().keys().cloned().collect(),
            window: known.window_functions().keys().cloned().collect(),
        };
        Ok(Self { usual, ansi, registry, runtime, columns })
    }

    /// What a query is planned and run with under the settings of its session.
    pub(crate) fn state(&self, session: &Session) -> SessionState {
        let settings = session.settings();
        let mut state = self.mode(settings.ansi).state.clone();
        if settings != (Settings { ansi: settings.ansi, ..Settings::default() }) {
            state.config_mut().options_mut().execution.time_zone = Some(settings.time_zone);
        }
        // Also what is folded while it is planned has to see one and the same current time.
        state.mark_start_execution();
        state
    }

    /// The state for a query that was planned with `state`, if it is plain and of a few rows.
    pub(crate) fn brief(&self, state: &SessionState) -> SessionState {
        let mut brief = self.mode(state.config_options().execution.enable_ansi_mode).brief.clone();
        *brief.config_mut() = state.config().clone();
        brief.config_mut().options_mut().optimizer.max_passes = 1;
        *brief.execution_props_mut() = state.execution_props().clone();
        brief
    }

    /// What has the functions of the engine.
    pub(crate) fn functions(&self, session: &Session) -> &SessionState {
        &self.mode(session.settings().ansi).functions
    }

    fn mode(&self, ansi: bool) -> &Mode {
        if ansi { &self.ansi } else { &self.usual }
    }
}

/// What queries share: a pool of memory, beyond which they sort, group and join on disk.
fn resources() -> Result<Arc<RuntimeEnv>> {
    let mut builder = RuntimeEnvBuilder::new();
    if let Some(limit) = memory::limit()? {
        let pool = FairSpillPool::new((limit as f64 * POOL_SHARE) as usize);
        builder = builder.with_memory_pool(Arc::new(TrackConsumersPool::new(pool, NAMED_CONSUMERS)));
    }
    builder.build_arc().map_err(|error| errors::plain(&error))
}

fn state(ansi: bool, resources: &Arc<RuntimeEnv>, columns: &Arc<ColumnCache>) -> SessionState {
    let mut config = SessionConfig::new().with_extension(Arc::clone(columns));
    config.options_mut().execution.enable_ansi_mode = ansi;
    config.options_mut().execution.time_zone = Some(Settings::default().time_zone);
    let threads = config.target_partitions();
    let optimizer = &mut config.options_mut().optimizer;
    optimizer.hash_join_single_partition_threshold = HASH_TABLE_BYTES / threads;
    optimizer.hash_join_single_partition_threshold_rows = HASH_TABLE_ROWS / threads;
    let parser = &mut config.options_mut().sql_parser;
    // Names come in lower case already.
    parser.enable_ident_normalization = false;
    parser.parse_float_as_decimal = true;
    parser.default_null_ordering = "nulls_min".to_owned();
    let mut builder = SessionStateBuilder::new()
        .with_config(config)
        .with_runtime_env(Arc::clone(resources))
        .with_default_features()
        .with_spark_features();
    // The builder keeps the last function of a name, so ours replace the engine's.
    builder.expr_planners().get_or_insert_default().insert(0, Arc::new(SparkOperators { ansi }));
    builder.scalar_functions().get_or_insert_default().extend(functions::all(ansi));
    builder.higher_order_functions().get_or_insert_default().extend(functions::higher_order());
    // Of the two averages, the engine's own works over sliding windows.
    builder
        .aggregate_functions()
        .get_or_insert_default()
        .extend(functions::aggregates(ansi).into_iter().chain([avg_udaf()]));
    // Before the engine converts what is compared.
    let mut analysis = Analyzer::new().rules;
    analysis.insert(0, Arc::new(Membership));
    builder = builder.with_analyzer_rules(analysis);
    builder = builder.with_relation_planners(vec![Arc::new(SparkRelations)]);
    builder = builder.with_physical_optimizer_rule(Arc::new(Portions)).with_physical_optimizer_rule(Arc::new(Runs));
    builder.build()
}

/// A panic of the engine as an error.
pub(crate) fn panicked(payload: &(dyn Any + Send)) -> Error {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_default();
    Error::new(Kind::Internal, format!("the SQL engine panicked: {text}"))
}
