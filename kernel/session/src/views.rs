//! What has a name as long as the session lives: frames, and queries that are run when they are read.

use std::collections::BTreeMap;
use std::sync::Arc;

use aerostat_metastore::View;
use polars::prelude::LazyFrame;

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

/// By name in lower case: the name as it was given, and what it shows.
pub(crate) type Names = BTreeMap<String, (String, Shown)>;
