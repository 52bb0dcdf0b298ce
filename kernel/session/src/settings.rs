//! The settings of a session that the meaning of a query depends on.

/// What `SET` changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// `spark.sql.sources.partitionOverwriteMode`: an overwrite replaces only the partitions that the new rows are in.
    pub dynamic_partition_overwrite: bool,
    /// `spark.databricks.delta.retentionDurationCheck.enabled`: `VACUUM` refuses to remove what may be in use.
    pub retention_check: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { dynamic_partition_overwrite: false, retention_check: true }
    }
}
