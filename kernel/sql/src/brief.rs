//! What plain queries of a few rows are planned with. To plan such a query takes longer than to run it, so it goes without
//! the rules that find nothing in it, or only what more rows would need to pay off.

use datafusion::execution::{SessionState, SessionStateBuilder};

/// Rules of logical plans: for unions, subqueries, joins and `DISTINCT`, of which a plain query has none, and what comes
/// of them.
const LOGICAL: &[&str] = &[
    "rewrite_set_comparison",
    "optimize_unions",
    "unions_to_filter",
    "replace_distinct_aggregate",
    "eliminate_join",
    "decorrelate_predicate_subquery",
    "scalar_subquery_to_join",
    "decorrelate_lateral_join",
    "extract_equijoin_predicate",
    "eliminate_cross_join",
    "eliminate_outer_join",
    "filter_null_join_keys",
    "propagate_empty_relation",
    "extract_leaf_expressions",
    "push_down_leaf_projections",
];

/// Rules of physical plans: for joins and windows, for scans and sorts of more rows, and for rows that are in several parts.
/// If they are, the plan does not pass the check that is left.
const PHYSICAL: &[&str] = &[
    "OutputRequirements",
    "EnsureRequirements",
    "join_selection",
    "HashJoinBuffering",
    "WindowTopN",
    "LimitPushPastWindows",
    "LimitedDistinctAggregation",
    "LimitAggregation",
    "TopKRepartition",
    "FilterPushdown",
    "FilterPushdown(Post)",
    "ProjectionPushdown",
    "PushdownSort",
    "EnsureCooperative",
];

/// The state without these rules.
pub(crate) fn brief(state: &SessionState) -> SessionState {
    let mut builder = SessionStateBuilder::new_from_existing(state.clone());
    if let Some(optimizer) = builder.optimizer() {
        optimizer.rules.retain(|rule| !LOGICAL.contains(&rule.name()));
    }
    if let Some(optimizer) = builder.physical_optimizers() {
        optimizer.rules.retain(|rule| !PHYSICAL.contains(&rule.name()));
    }
    builder.build()
}
