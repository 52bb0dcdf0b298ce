//! Frames as files of a table without a log.

use aerostat_error::{Error, Result};
use aerostat_metastore::{Format, TableInfo, TableKind};

use super::encode::{Encoding, Text};
use super::overwrite::is_dynamic;
use super::parts::{Layout, rows_per_file};
use super::{Mode, Writer};
use crate::hive::Serde;
use crate::logless::{self, Replaced};
use crate::options::Options;

/// Options of tables that only say how their files are read.
const OF_READING: &[&str] = &["inferSchema", "mode", "comment", "encoding", "multiLine", "mergeSchema"];

/// The table of this name, if it is one without a log.
pub(super) fn target(writer: &Writer, parts: &[String]) -> Result<Option<TableInfo>> {
    let session = &writer.session;
    let name = session.metastore().qualify(parts, &session.current_schema())?;
    let found = session.metastore().find_table(&name)?;
    Ok(found.filter(|info| info.kind != TableKind::View && info.format != Format::Delta))
}

/// `insertInto`, by position.
pub(super) fn insert(writer: Writer, info: &TableInfo) -> Result<()> {
    let dynamic = is_dynamic(&writer)?;
    writer.options.finish("tables", &["overwriteSchema", "replaceWhere", "userMetadata", "compression"])?;
    if writer.partition_columns.is_some() {
        return Err(Error::invalid_argument("a table that exists has its partition columns already")
            .with_hint("leave out `.partition_by(..)`"));
    }
    let replaced = match writer.mode.clone()? {
        Mode::Overwrite if dynamic => Replaced::Partitions(Default::default()),
        Mode::Overwrite => Replaced::Everything,
        Mode::Append | Mode::Error => Replaced::Nothing,
        Mode::Ignore => {
            return Err(Error::invalid_argument("mode `ignore` means nothing for a table that must exist"));
        }
    };
    logless::insert(&writer.session, info, writer.frame, &replaced)
}

/// How the files of the table are written.
pub(crate) fn table_layout(info: &TableInfo, partition_columns: &[String]) -> Result<Layout> {
    let mut options = Options::default();
    let of_writing = info.options.iter().filter(|(name, _)| !OF_READING.iter().any(|of| of.eq_ignore_ascii_case(name)));
    of_writing.for_each(|(name, value)| options.set(name, value));
    let encoding = match info.format {
        Format::Text => Encoding::Text(Text::Lines(Serde::new(&info.options)?, Serde::skipped(&info.properties)?)),
        format => {
            let encoding = Encoding::new(format, &options)?;
            options.finish(&format!("the {} writer", format.name()), encoding.refused())?;
            encoding
        }
    };
    let partition_columns = partition_columns.to_vec();
    let rows_per_file = rows_per_file(&Options::default())?;
    Ok(Layout { encoding, partition_columns, rows_per_file, required: Vec::new(), for_log: false })
}
