//! The settings of a session that the meaning of a query depends on.

/// What `SET` changes. The defaults are those that Spark has had through its versions 1 to 3: wrong input is null, and
/// times are in UTC, so that a notebook gives the same answers on every machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// `spark.sql.sources.partitionOverwriteMode`: an overwrite replaces only the partitions that the new rows are in.
    pub dynamic_partition_overwrite: bool,
    /// `spark.databricks.delta.retentionDurationCheck.enabled`: `VACUUM` refuses to remove what may be in use.
    pub retention_check: bool,
    /// `spark.sql.ansi.enabled`: overflow, division by zero and input that does not fit are errors, not null.
    pub ansi: bool,
    /// `spark.sql.session.timeZone`: the zone in which dates and times of day are told from instants.
    pub time_zone: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self { dynamic_partition_overwrite: false, retention_check: true, ansi: false, time_zone: "UTC".to_owned() }
    }
}
