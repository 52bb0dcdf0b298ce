//! `OPTIMIZE`: the same rows in fewer files, or in an order in which fewer files have what is asked for.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use aerostat_error::{Error, Kind, Result};
use aerostat_metastore::{Basis, Change, DataFile, NewFile, Removal, Snapshot};
use polars::prelude::{
    Column, IdxSize, IntoColumn, IntoLazy, LazyFrame, NamedFrom, RankMethod, RankOptions, Series, SortMultipleOptions,
    col,
};

use super::columns::find;
use super::fragment::{Fragment, Text};
use super::modify::{Target, metrics, repeated, rewriting};
use super::parts::Layout;
use super::rewrite::{FILE, per_file, with_numbers};
use super::stage::stage;
use super::staged::Staged;
use crate::arrow::from_schema;
use crate::errors::{from_polars, unknown_column};
use crate::{Session, delta};

/// Files are packed together up to this size, as in Delta.
const TARGET_BYTES: u64 = 1 << 30;

/// What one row a file is called in the query that chooses partitions.
const PARTITIONS: &str = "__aerostat_partitions";

/// Rounds of others changing the files that are being rewritten.
const ATTEMPTS: usize = 5;

/// What an `OPTIMIZE` has done.
#[derive(Clone, Debug, Default)]
pub struct Optimized {
    /// Sizes of the files that came.
    pub added: Sizes,
    /// Sizes of the files that went.
    pub removed: Sizes,
    /// How many partitions have other files now.
    pub partitions: u64,
    /// How many files were looked at.
    pub considered: u64,
}

/// Sizes of files in bytes.
#[derive(Clone, Debug, Default)]
pub struct Sizes(pub Vec<u64>);

/// Rearranges the rows of the partitions for which `condition` holds, of all if there is none; by the columns of
/// `order` along a Z-order curve, if there are any.
pub fn optimize(
    session: &Session,
    target: &Target,
    condition: Option<&Fragment>,
    order: &[String],
) -> Result<Optimized> {
    let mut last = Ok(Optimized::default());
    for _ in 0..ATTEMPTS {
        last = repeated(session, target, |base| once(session, base, condition, order));
        match &last {
            Err(error) if error.kind() == Kind::Conflict => {}
            _ => return last,
        }
    }
    last
}

fn once(
    session: &Session,
    base: &Snapshot,
    condition: Option<&Fragment>,
    order: &[String],
) -> Result<Option<Optimized>> {
    let order = ordered_by(base, order)?;
    let files = chosen(session, base, condition)?;
    let considered = u64::try_from(files.len()).unwrap_or_default();
    let mut bins: Vec<Vec<DataFile>> =
        partitions(files).into_iter().flat_map(|files| bins(files, !order.is_empty())).collect();
    in_order_of(base, &mut bins);
    if bins.is_empty() {
        return Ok(Some(Optimized { considered, ..Optimized::default() }));
    }
    let layout = rewriting()?;
    let staged = bins.iter().map(|bin| rewritten(session, base, bin, &order, &layout)).collect::<Result<Vec<_>>>()?;
    let added: Vec<NewFile> = staged.iter().flat_map(Staged::files).collect();
    let removed: Vec<&DataFile> = bins.iter().flatten().collect();
    let optimized = Optimized {
        added: Sizes(added.iter().map(|file| file.size).collect()),
        removed: Sizes(removed.iter().map(|file| file.size).collect()),
        partitions: u64::try_from(bins.iter().map(|bin| &bin[0].partition_values).collect::<BTreeSet<_>>().len())
            .unwrap_or_default(),
        considered,
    };
    let mut change = Change::new("OPTIMIZE");
    change.parameters = super::modify::predicate(condition);
    change.parameters.insert("zOrderBy".to_owned(), serde_json::json!(order).to_string());
    change.metrics = metrics(&[("numOutputRows", staged.iter().map(Staged::rows).sum())]);
    change.removal = Removal::Files(removed.iter().map(|file| file.path.clone()).collect());
    change.files = added;
    change.basis = Basis::Files;
    if session.metastore().commit(base, change)?.is_none() {
        return Ok(None);
    }
    staged.into_iter().for_each(Staged::keep);
    Ok(Some(optimized))
}

/// The columns by the table's names for them.
fn ordered_by(base: &Snapshot, order: &[String]) -> Result<Vec<String>> {
    let schema = from_schema(&base.schema)?;
    let found = order.iter().map(|name| {
        let names: Vec<&str> = schema.iter_names().map(|name| name.as_str()).collect();
        let (name, dtype) = find(&schema, name).ok_or_else(|| unknown_column(name, &names))?;
        if base.partition_columns.iter().any(|column| column == name) {
            return Err(Error::invalid_argument(format!("`{name}` is a partition column"))
                .with_hint("files are found by partition columns already: order by others"));
        }
        if dtype.is_nested() {
            return Err(Error::invalid_argument(format!("`{name}` has a nested type, by which rows are not ordered")));
        }
        Ok(name.to_owned())
    });
    found.collect()
}

/// The files of the partitions for which the condition holds.
fn chosen(session: &Session, base: &Snapshot, condition: Option<&Fragment>) -> Result<Vec<DataFile>> {
    let Some(condition) = condition else { return Ok(base.files.to_vec()) };
    let files: Vec<&DataFile> = base.files.iter().collect();
    let mut values = delta::partition_values(&files, &from_schema(&base.schema)?, &base.partition_columns)?;
    let numbers: Vec<IdxSize> = with_numbers(&base.files).map(|(number, _)| number).collect();
    values.with_column(Column::new(FILE.into(), numbers)).map_err(from_polars)?;
    let mut text = Text::default();
    text.add(&format!("SELECT {FILE} FROM {PARTITIONS} WHERE ")).add_user(condition);
    let found = session.engine().query(session, &text.sql, &[(PARTITIONS, values.lazy())]).map_err(|error| {
        text.placed(error).with_hint("OPTIMIZE chooses whole partitions: its condition has partition columns only")
    })?;
    let found = per_file(&found)?;
    Ok(with_numbers(&base.files).filter(|(number, _)| found.contains_key(number)).map(|(_, f)| f.clone()).collect())
}

fn partitions(files: Vec<DataFile>) -> Vec<Vec<DataFile>> {
    let mut partitions: BTreeMap<BTreeMap<String, Option<String>>, Vec<DataFile>> = BTreeMap::new();
    for file in files {
        partitions.entry(file.partition_values.clone()).or_default().push(file);
    }
    partitions.into_values().collect()
}

/// Files of one partition that are written into one. To be put in order, all of them are.
fn bins(mut files: Vec<DataFile>, all: bool) -> Vec<Vec<DataFile>> {
    if all {
        return vec![files];
    }
    files.retain(|file| file.size < TARGET_BYTES);
    files.sort_by_key(|file| file.size);
    let mut bins: Vec<(u64, Vec<DataFile>)> = Vec::new();
    for file in files {
        match bins.last_mut().filter(|(size, _)| size + file.size <= TARGET_BYTES) {
            Some((size, bin)) => {
                *size += file.size;
                bin.push(file);
            }
            None => bins.push((file.size, vec![file])),
        }
    }
    bins.into_iter().map(|(_, bin)| bin).filter(|bin| bin.len() > 1).collect()
}

/// A table is read in the order in which it was written, and so it stays.
fn in_order_of(base: &Snapshot, bins: &mut [Vec<DataFile>]) {
    let places: HashMap<&Path, usize> =
        base.files.iter().enumerate().map(|(place, file)| (file.path.as_path(), place)).collect();
    for bin in bins {
        bin.sort_by_key(|file| places.get(file.path.as_path()));
    }
}

fn rewritten(
    session: &Session,
    base: &Snapshot,
    bin: &[DataFile],
    order: &[String],
    layout: &Layout,
) -> Result<Staged> {
    let rows = delta::scan(&base.with_files(bin.to_vec()))?;
    if order.is_empty() {
        return stage(session, rows, base, &Layout { rows_per_file: IdxSize::MAX as usize, ..layout.clone() });
    }
    let rows = session.collect(rows)?;
    let per_file = rows_per_file(rows.height(), bin);
    let sorted = along_curve(session, rows.lazy().with_columns([z_value(order)]), base)?;
    stage(session, sorted, base, &Layout { rows_per_file: per_file, ..layout.clone() })
}

/// As many rows as make files of the size that is aimed at.
fn rows_per_file(rows: usize, bin: &[DataFile]) -> usize {
    let bytes: u64 = bin.iter().map(|file| file.size).sum();
    let files = usize::try_from(bytes.div_ceil(TARGET_BYTES).max(1)).unwrap_or(1);
    rows.div_ceil(files).max(1)
}

/// The place of a row on the curve.
const PLACE: &str = "__aerostat_place";

fn along_curve(session: &Session, rows: LazyFrame, base: &Snapshot) -> Result<LazyFrame> {
    let names: Vec<_> = from_schema(&base.schema)?.iter_names().map(|name| col(name.clone())).collect();
    let sorted = rows.sort([PLACE], SortMultipleOptions::default().with_maintain_order(true)).select(names);
    Ok(session.collect(sorted)?.lazy())
}

/// The bits of the ranks of the columns' values in turn, the highest first: rows that are near in all of the columns
/// get near places. Null is beside the lowest.
fn z_value(order: &[String]) -> polars::prelude::Expr {
    let options = RankOptions { method: RankMethod::Dense, descending: false };
    let ranks: Vec<_> = order
        .iter()
        .enumerate()
        .map(|(at, name)| {
            let rank = col(name.as_str()).rank(options, None).cast(polars::prelude::DataType::UInt32);
            // Ranks begin with 1, squares of the curve with 0.
            let one = || polars::prelude::lit(1_u32);
            (rank.fill_null(one()) - one()).alias(format!("__aerostat_rank_{at}"))
        })
        .collect();
    let as_struct = polars::prelude::as_struct(ranks);
    as_struct
        .map(interleaved, |_, field| {
            Ok(polars::prelude::Field::new(field.name().clone(), polars::prelude::DataType::UInt64))
        })
        .alias(PLACE)
}

fn interleaved(ranks: Column) -> polars::prelude::PolarsResult<Column> {
    let fields: Vec<Series> = ranks.struct_()?.fields_as_series();
    let columns =
        fields.iter().map(|field| Ok(field.u32()?.clone())).collect::<polars::prelude::PolarsResult<Vec<_>>>()?;
    let highest = columns.iter().filter_map(polars::prelude::ChunkAgg::max).max().unwrap_or(0);
    let width = u32::BITS - highest.leading_zeros();
    // Of more bits than there is room for, the lowest count least.
    let room = u64::BITS / u32::try_from(columns.len().max(1)).unwrap_or(1);
    let (taken, skipped) = (width.min(room), width.saturating_sub(room));
    let places: Vec<u64> = (0..ranks.len())
        .map(|row| {
            let mut place = 0_u64;
            for bit in (skipped..skipped + taken).rev() {
                for column in &columns {
                    place = (place << 1) | u64::from((column.get(row).unwrap_or(0) >> bit) & 1);
                }
            }
            place
        })
        .collect();
    Ok(Series::new(ranks.name().clone(), places).into_column())
}
