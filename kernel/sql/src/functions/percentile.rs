//! Percentiles of the values that an aggregate has collected: exact, and the value at a place.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, Float64Array, Int64Array, ListArray, UInt32Array};
use datafusion::arrow::buffer::OffsetBuffer;
use datafusion::arrow::compute::{sort_to_indices, take};
use datafusion::arrow::datatypes::{DataType, Float64Type, Int64Type};
use datafusion::common::{Result, exec_err, plan_err};
use datafusion::logical_expr::ScalarUDF;

use super::cast::common;
use super::convert::plainly;
use super::udf::{ByType, list_of};

/// `_percentile(values, share, frequencies)`, `_percentile_disc(values, share)`: of one share, or of a list of them.
pub(super) fn functions() -> Vec<ScalarUDF> {
    vec![
        ByType::udf("_percentile", |types| Ok(of_shares(types, DataType::Float64)), exact),
        ByType::udf("_percentile_disc", disc_type, disc),
    ]
}

fn of_shares(types: &[DataType], one: DataType) -> DataType {
    match types.get(1).map(common) {
        Some(DataType::List(_)) => list_of(one),
        _ => one,
    }
}

fn disc_type(types: &[DataType]) -> Result<DataType> {
    match types.first().map(common) {
        Some(DataType::List(element)) => Ok(of_shares(types, element.data_type().clone())),
        _ => plan_err!("percentiles need values"),
    }
}

/// The shares asked for in a row.
fn shares(shares: &ArrayRef, row: usize) -> Result<Vec<f64>> {
    let wanted = match common(shares.data_type()) {
        list @ DataType::List(_) => plainly(shares, &list)?.as_list::<i32>().value(row),
        _ => shares.slice(row, 1),
    };
    let wanted = plainly(&wanted, &DataType::Float64)?;
    let wanted: Vec<f64> = wanted.as_primitive::<Float64Type>().iter().flatten().collect();
    match wanted.iter().all(|share| (0.0..=1.0).contains(share)) {
        true => Ok(wanted),
        false => exec_err!("a percentile is between 0.0 and 1.0"),
    }
}

fn is_list(array: &ArrayRef) -> bool {
    matches!(common(array.data_type()), DataType::List(_))
}

/// Between two values, as far as the share lies between their places.
fn exact(args: &[ArrayRef]) -> Result<ArrayRef> {
    let values = plainly(&args[0], &list_of(DataType::Float64))?;
    let values = values.as_list::<i32>();
    let weights = args.get(2).map(|weights| plainly(weights, &list_of(DataType::Int64))).transpose()?;
    let (mut found, mut lengths, mut valid) = (Vec::new(), Vec::new(), Vec::new());
    for row in 0..values.len() {
        let weights = weights.as_ref().map(|weights| weights.as_list::<i32>().value(row));
        let weights: Option<&Int64Array> = weights.as_ref().map(|weights| weights.as_primitive::<Int64Type>());
        let row_values = values.value(row);
        let sorted = weighted(row_values.as_primitive::<Float64Type>(), weights)?;
        let wanted = shares(&args[1], row)?;
        lengths.push(wanted.len());
        valid.push(!sorted.is_empty());
        found.extend(wanted.into_iter().map(|share| between(&sorted, share)));
    }
    let found: ArrayRef = Arc::new(Float64Array::from(found));
    if !is_list(&args[1]) {
        return Ok(found);
    }
    let DataType::List(field) = list_of(DataType::Float64) else { return exec_err!("no list") };
    Ok(Arc::new(ListArray::try_new(field, OffsetBuffer::from_lengths(lengths), found, Some(valid.into()))?))
}

/// The values in their order, each with how many come before it.
fn weighted(values: &Float64Array, weights: Option<&Int64Array>) -> Result<Vec<(f64, i64)>> {
    let mut pairs: Vec<(f64, i64)> = Vec::with_capacity(values.len());
    for (at, value) in values.iter().enumerate() {
        let weight = match weights {
            None => 1,
            Some(weights) if at < weights.len() && weights.value(at) >= 0 => weights.value(at),
            Some(_) => return exec_err!("the frequencies of a percentile are whole numbers, not negative"),
        };
        pairs.extend(value.filter(|_| weight > 0).map(|value| (value, weight)));
    }
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut end = 0;
    for pair in &mut pairs {
        end += pair.1;
        pair.1 = end;
    }
    Ok(pairs)
}

fn between(sorted: &[(f64, i64)], share: f64) -> Option<f64> {
    let total = sorted.last()?.1;
    let place = (total - 1) as f64 * share;
    let at = |place: i64| sorted.get(sorted.partition_point(|(_, end)| *end <= place)).map(|(value, _)| *value);
    let (low, high) = (at(place.floor() as i64)?, at(place.ceil() as i64)?);
    if low == high { Some(low) } else { Some((place.ceil() - place) * low + (place - place.floor()) * high) }
}

/// The first value up to which at least the share of all values lies.
fn disc(args: &[ArrayRef]) -> Result<ArrayRef> {
    let values = plainly(&args[0], &common(args[0].data_type()))?;
    let values = values.as_list::<i32>();
    let (mut places, mut lengths, mut valid) = (Vec::new(), Vec::new(), Vec::new());
    for row in 0..values.len() {
        let sorted = sort_to_indices(&values.value(row), None, None)?;
        let (start, count) = (values.value_offsets()[row] as u32, sorted.len());
        let wanted = shares(&args[1], row)?;
        lengths.push(wanted.len());
        valid.push(count > 0);
        places.extend(wanted.into_iter().map(|share| {
            let at = ((share * count as f64).ceil() as usize).max(1) - 1;
            (count > 0).then(|| start + sorted.value(at.min(count - 1)))
        }));
    }
    let found = take(values.values(), &UInt32Array::from(places), None)?;
    if !is_list(&args[1]) {
        return Ok(found);
    }
    let DataType::List(field) = list_of(found.data_type().clone()) else { return exec_err!("no list") };
    Ok(Arc::new(ListArray::try_new(field, OffsetBuffer::from_lengths(lengths), found, Some(valid.into()))?))
}
