//! Which of polars' two engines runs a plan.
//!
//! `LazyFrame::collect` leaves that to polars (`Engine::Auto`), which in Rust always takes the engine in memory: it reads
//! all of the columns before it groups them. The streaming engine groups rows while it reads them, in a fraction of the
//! time and the memory, but is slower at windows and distinct rows, and takes longer to start. Neither promises an order of
//! groups, so a plan means the same on both.

use std::fs;

use polars::prelude::{Engine, Expr};
use polars_plan::dsl::{DslPlan, ScanSources};

/// From so many bytes of files on, grouping them takes less time on the streaming engine (measured).
const LARGE: u64 = 1 << 20;

/// The engine that suits the plan.
pub(crate) fn engine(plan: &DslPlan) -> Engine {
    let nodes = || plan.into_iter();
    let groups = nodes().any(|node| matches!(node, DslPlan::GroupBy { .. }));
    match groups && !nodes().any(is_slow_when_streamed) && nodes().any(reads_large_files) {
        true => Engine::Streaming,
        false => Engine::InMemory,
    }
}

fn is_slow_when_streamed(node: &DslPlan) -> bool {
    let windowed = |expr: &Expr| expr.into_iter().any(|part| matches!(part, Expr::Over { .. } | Expr::Rolling { .. }));
    match node {
        DslPlan::Distinct { .. } => true,
        DslPlan::Select { expr: exprs, .. } | DslPlan::HStack { exprs, .. } => exprs.iter().any(windowed),
        DslPlan::Filter { predicate, .. } => windowed(predicate),
        _ => false,
    }
}

fn reads_large_files(node: &DslPlan) -> bool {
    let DslPlan::Scan { sources: ScanSources::Paths(paths), .. } = node else { return false };
    let mut size = 0;
    paths.iter().any(|path| {
        size += match fs::metadata(path.as_str()) {
            Ok(file) if file.is_file() => file.len(),
            // A folder, or a pattern: nobody knows yet how much that is.
            _ => LARGE,
        };
        size >= LARGE
    })
}
