//! What has a name as long as the session lives: frames, and queries that are run when they are read.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::{Arc, Weak};

use aerostat_metastore::{TableName, View};
use polars::prelude::LazyFrame;
use polars_plan::dsl::DslPlan;

/// What a name of the session shows.
#[derive(Clone)]
#[expect(clippy::large_enum_variant, reason = "a notebook has few of them, and most are frames")]
pub enum Shown {
    /// These rows.
    Frame(LazyFrame),
    /// What the query comes to whenever it is read.
    Query(Arc<ViewQuery>),
}

/// The query of a temporary view.
pub struct ViewQuery {
    /// Its text, and the schema and names that it was created with.
    pub view: View,
    /// The variables that it speaks of, by name in lower case, as they were when it was created: a later cell may give
    /// their names to something else.
    pub frames: Vec<(String, LazyFrame)>,
}

/// By name, that of a view in lower case: the name as it was given, and what it shows.
pub(crate) type Names = BTreeMap<String, (String, Shown)>;

/// What tells a plan from all others: parts of it that only its clones share.
pub(crate) struct Identity(Vec<Weak<dyn Any + Send + Sync>>);

impl Identity {
    /// The identity of a plan; none of a plan of a rare kind.
    pub(crate) fn of(frame: &LazyFrame) -> Option<Self> {
        let mut identity = Self(Vec::new());
        identity.add_plan(&frame.logical_plan).then_some(identity)
    }

    /// Whether this is the identity of `frame`.
    pub(crate) fn is_of(&self, frame: &LazyFrame) -> bool {
        Self::of(frame).is_some_and(|other| {
            self.0.len() == other.0.len() && self.0.iter().zip(&other.0).all(|(one, other)| one.ptr_eq(other))
        })
    }

    /// Whether the plan may still be somewhere.
    fn lives(&self) -> bool {
        self.0.iter().all(|part| part.strong_count() > 0)
    }

    /// Adds the parts of a plan; whether it is of a kind that has some.
    fn add_plan(&mut self, plan: &DslPlan) -> bool {
        match plan {
            DslPlan::Scan { cached_ir, .. } => self.add(cached_ir),
            DslPlan::DataFrameScan { df, .. } => self.add(df),
            // Every step has its own copy of the plan that it follows.
            DslPlan::Filter { input, .. }
            | DslPlan::Select { input, .. }
            | DslPlan::GroupBy { input, .. }
            | DslPlan::HStack { input, .. }
            | DslPlan::Distinct { input, .. }
            | DslPlan::Sort { input, .. }
            | DslPlan::Slice { input, .. }
            | DslPlan::MapFunction { input, .. }
            | DslPlan::Join { input_left: input, .. } => self.add(input),
            DslPlan::Union { inputs, .. } => inputs.iter().all(|input| self.add_plan(input)),
            // A plan that was asked for its columns.
            DslPlan::IR { dsl, .. } => self.add_plan(dsl),
            _ => false,
        }
    }

    fn add<T: Any + Send + Sync>(&mut self, part: &Arc<T>) -> bool {
        let part = Arc::downgrade(part);
        self.0.push(part);
        true
    }
}

/// The plans that [`Session::table`](crate::Session::table) has given, each with its table, as long as they are somewhere.
#[derive(Default)]
pub(crate) struct Scans(Vec<(TableName, Identity)>);

impl Scans {
    /// Remembers a plan.
    pub(crate) fn add(&mut self, table: &TableName, frame: &LazyFrame) {
        self.0.retain(|(_, identity)| identity.lives());
        self.0.extend(Identity::of(frame).map(|identity| (table.clone(), identity)));
    }

    /// Whether a plan is one of a table.
    pub(crate) fn has(&self, table: &TableName, frame: &LazyFrame) -> bool {
        self.0.iter().any(|(of, identity)| of == table && identity.is_of(frame))
    }
}
