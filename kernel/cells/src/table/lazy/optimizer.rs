//! How plans are optimised, shown and run.

use aerostat_error::Result;
use polars::prelude::*;

use crate::table::{Callable, Constant, TypeRow, constants, functions, methods, types};

types! {
    /// Which optimisations a plan goes through.
    OptFlags [default] = |flags| format!("{flags:?}");
    /// What runs a plan.
    Engine = |engine| engine.to_string();
    /// What came out of a plan.
    Collected as "QueryResult" = |_result| "QueryResult".into();
    /// A plan as such, for functions that take several.
    DslPlan = |_plan| "DslPlan".into();
}

/// polars' `QueryResult` of a plan that a cell can make, which is always one table.
#[derive(Clone)]
pub struct Collected(DataFrame);

/// The types of this file.
pub(super) fn types() -> Vec<TypeRow> {
    type_rows()
}

/// The constants of this file.
pub(super) fn constants() -> Vec<Constant> {
    constants! { Engine { Auto, Streaming, InMemory, Gpu } }
}

/// The methods of this file.
pub(super) fn rows() -> Vec<Callable> {
    methods! {
        #[pure] LazyFrame {
            /// The optimisations that are on.
            fn get_current_optimizations() -> OptFlags;
            /// Sets which optimisations are on.
            fn with_optimizations(opt_state: OptFlags) -> LazyFrame;
            /// Turns all optimisations off.
            fn without_optimizations() -> LazyFrame;
            /// Whether columns that nobody needs are left unread.
            fn with_projection_pushdown(toggle: bool) -> LazyFrame;
            /// Whether neighbouring `with_columns` become one.
            fn with_cluster_with_columns(toggle: bool) -> LazyFrame;
            /// Whether the order of rows is given up where nobody needs it.
            fn with_check_order(toggle: bool) -> LazyFrame;
            /// Whether filters move towards the sources.
            fn with_predicate_pushdown(toggle: bool) -> LazyFrame;
            /// Whether operands are brought to one type.
            fn with_type_coercion(toggle: bool) -> LazyFrame;
            /// Whether types are checked before running.
            fn with_type_check(toggle: bool) -> LazyFrame;
            /// Whether expressions are simplified.
            fn with_simplify_expr(toggle: bool) -> LazyFrame;
            /// Whether equal parts of a plan run once.
            fn with_comm_subplan_elim(toggle: bool) -> LazyFrame;
            /// Whether equal expressions are computed once.
            fn with_comm_subexpr_elim(toggle: bool) -> LazyFrame;
            /// Whether limits move towards the sources.
            fn with_slice_pushdown(toggle: bool) -> LazyFrame;
            /// Whether the streaming engine runs the plan.
            fn with_streaming(toggle: bool) -> LazyFrame;
            /// Whether a GPU may run the plan; this build has no support for one.
            fn with_gpu(toggle: bool) -> LazyFrame;
            /// Whether the number of rows is estimated.
            fn with_row_estimate(toggle: bool) -> LazyFrame;
        }
        LazyFrame {
            /// The plan as a tree, as written.
            fn describe_plan_tree() -> PolarsResult<String>;
            /// The plan as a tree, optimised.
            fn describe_optimized_plan_tree() -> PolarsResult<String>;
            /// The plan as a graph in the language of Graphviz.
            fn to_dot(optimized: bool) -> PolarsResult<String>;
            /// The steps of the streaming engine as a graph in the language of Graphviz.
            fn to_dot_streaming_phys(optimized: bool) -> PolarsResult<String>;
            /// Runs the plan on an engine; `Engine::Auto` is the one that suits it, as with `collect`.
            fn collect_with_engine(engine: Engine) -> Result<Collected> = |this, cx| match engine {
                Engine::Auto => cx.session.collect(this).map(Collected),
                engine => cx.session.run(move || {
                    this.collect_with_engine(engine).map(|result| Collected(result.unwrap_single()))
                }),
            };
            /// Runs the plan; its result, and how long each step took.
            fn profile() -> Result<(DataFrame, DataFrame)> = |this, cx| cx.session.run(move || this.profile());
        }
        Collected {
            /// The table.
            fn unwrap_single() -> DataFrame = |this| this.0;
        }
    }
}

/// The functions of this file.
pub(super) fn functions() -> Vec<Callable> {
    functions! {
        LazyFrame {
            /// Several plans as one text.
            fn explain_all(plans: Vec<DslPlan>, opt_state: OptFlags) -> PolarsResult<String>;
            /// Runs several plans at once, shared parts only once.
            fn collect_all_with_engine(plans: Vec<DslPlan>, engine: Engine, opt_state: OptFlags)
                -> PolarsResult<Vec<DataFrame>>;
            /// The frame of a plan.
            fn from_logical_plan(logical_plan: DslPlan, opt_state: OptFlags) -> LazyFrame;
        }
    }
}
