//! What a running cell can reach besides its variables.

use std::sync::Arc;

use aerostat_session::{Output, Session};

/// The session and the place that output goes to.
#[derive(Clone)]
pub struct Context {
    /// The session: tables, SQL, readers and writers.
    pub session: Session,
    /// Where `println!`, `display` and `show` write.
    pub output: Arc<dyn Output>,
}
