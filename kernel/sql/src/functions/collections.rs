//! Functions of arrays and maps that the engine lacks or does otherwise than Spark.

use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Int32Array, ListArray, MapArray, StructArray, UInt32Array, make_comparator,
};
use datafusion::arrow::buffer::{NullBuffer, OffsetBuffer};
use datafusion::arrow::compute::{SortOptions, concat, take};
use datafusion::arrow::datatypes::{DataType, Field, Fields, Int64Type};
use datafusion::common::{Result, exec_err, plan_err};
use datafusion::logical_expr::ScalarUDF;

use super::cast::{common, map_of};
use super::convert::plainly;
use super::limit;
use super::udf::{ByType, list_of};

/// The functions.
pub(super) fn functions() -> Vec<ScalarUDF> {
    vec![
        ByType::udf("_indices", |types| list_type(types, 0).map(|_| list_of(DataType::Int32)), indices),
        ByType::udf("_keep", |types| list_type(types, 0), keep),
        ByType::udf("_keep_entries", |types| map_type(types, 0), keep_entries),
        ByType::udf("_values_of", values_type, values_of),
        ByType::udf("_map", map_made_type, map_made),
        ByType::udf("map_concat", |types| map_type(types, 0), map_concat),
        ByType::udf("array_insert", |types| list_type(types, 0), array_insert),
        ByType::udf("_flatten", flat_type, flatten),
        ByType::udf("_arrays_overlap", |_| Ok(DataType::Boolean), overlap),
        ByType::udf("_array_contains", |_| Ok(DataType::Boolean), contains),
    ]
}

fn list_type(types: &[DataType], at: usize) -> Result<DataType> {
    match types.get(at).map(common) {
        Some(list @ DataType::List(_)) => Ok(list),
        other => plan_err!("an array is needed, not {}", other.unwrap_or(DataType::Null)),
    }
}

fn map_type(types: &[DataType], at: usize) -> Result<DataType> {
    match types.get(at).map(common) {
        Some(map @ DataType::Map(..)) => Ok(map),
        other => plan_err!("a map is needed, not {}", other.unwrap_or(DataType::Null)),
    }
}

/// Key and value of a map's type.
fn entry_types(map: &DataType) -> Result<(DataType, DataType)> {
    let DataType::Map(entries, _) = map else { return plan_err!("a map is needed, not {map}") };
    let DataType::Struct(fields) = entries.data_type() else { return plan_err!("a map without entries") };
    match fields.as_ref() {
        [key, value] => Ok((key.data_type().clone(), value.data_type().clone())),
        _ => plan_err!("a map without key and value"),
    }
}

fn lists(array: &ArrayRef) -> Result<ArrayRef> {
    plainly(array, &common(array.data_type()))
}

fn element_field(dtype: &DataType) -> Result<Arc<Field>> {
    match dtype {
        DataType::List(field) => Ok(Arc::new(field.as_ref().clone().with_nullable(true))),
        other => plan_err!("an array is needed, not {other}"),
    }
}

/// The positions in each list, from 0.
fn indices(args: &[ArrayRef]) -> Result<ArrayRef> {
    let list = lists(&args[0])?;
    let list = list.as_list::<i32>();
    let lengths: Vec<usize> =
        (0..list.len()).map(|row| if list.is_valid(row) { list.value_length(row) as usize } else { 0 }).collect();
    let values = lengths.iter().flat_map(|length| 0..*length as i32);
    let values = Arc::new(Int32Array::from_iter_values(values));
    let field = Arc::new(Field::new_list_field(DataType::Int32, true));
    Ok(Arc::new(ListArray::try_new(field, OffsetBuffer::from_lengths(lengths), values, list.nulls().cloned())?))
}

/// Those places of the lists for which the list of truth values beside it is true, and how many there are in each row.
fn kept(offsets: &[i32], nulls: Option<&NullBuffer>, flags: &ArrayRef) -> Result<(UInt32Array, Vec<usize>)> {
    let flags = lists(flags)?;
    let flags = flags.as_list::<i32>();
    let truths = plainly(flags.values(), &DataType::Boolean)?;
    let truths: &BooleanArray = truths.as_boolean();
    let mut places = Vec::new();
    let mut lengths = Vec::new();
    for (row, start) in offsets.iter().enumerate().take(flags.len()) {
        let before = places.len();
        if nulls.is_none_or(|nulls| nulls.is_valid(row)) && flags.is_valid(row) {
            for position in 0..flags.value_length(row) {
                let flag = (flags.value_offsets()[row] + position) as usize;
                if truths.is_valid(flag) && truths.value(flag) {
                    places.push((start + position) as u32);
                }
            }
        }
        lengths.push(places.len() - before);
    }
    Ok((places.into(), lengths))
}

/// `_keep(list, flags)`: the elements whose flag is true.
fn keep(args: &[ArrayRef]) -> Result<ArrayRef> {
    let list = lists(&args[0])?;
    let list = list.as_list::<i32>();
    let (places, lengths) = kept(list.value_offsets(), list.nulls(), &args[1])?;
    let values = take(list.values(), &places, None)?;
    let DataType::List(field) = list.data_type() else { return exec_err!("no list") };
    let (offsets, nulls) = (OffsetBuffer::from_lengths(lengths), list.nulls().cloned());
    Ok(Arc::new(ListArray::try_new(Arc::clone(field), offsets, values, nulls)?))
}

/// `_keep_entries(map, flags)`: the entries whose flag is true.
fn keep_entries(args: &[ArrayRef]) -> Result<ArrayRef> {
    let map = lists(&args[0])?;
    let map = map.as_map();
    let (places, lengths) = kept(map.value_offsets(), map.nulls(), &args[1])?;
    let entries = take(map.entries(), &places, None)?;
    of_entries(map.data_type(), lengths, entries.as_struct().clone(), map.nulls().cloned())
}

fn of_entries(
    dtype: &DataType,
    lengths: Vec<usize>,
    entries: StructArray,
    nulls: Option<NullBuffer>,
) -> Result<ArrayRef> {
    let DataType::Map(field, sorted) = dtype else { return exec_err!("no map") };
    let offsets = OffsetBuffer::from_lengths(lengths);
    Ok(Arc::new(MapArray::try_new(Arc::clone(field), offsets, entries, nulls, *sorted)?))
}

fn values_type(types: &[DataType]) -> Result<DataType> {
    let (_, value) = entry_types(&map_type(types, 0)?)?;
    Ok(list_of(value))
}

/// `_values_of(map, keys)`: for each of the keys its value, or null.
fn values_of(args: &[ArrayRef]) -> Result<ArrayRef> {
    let (map, keys) = (lists(&args[0])?, lists(&args[1])?);
    let (map, keys) = (map.as_map(), keys.as_list::<i32>());
    let wanted = plainly(keys.values(), map.keys().data_type())?;
    let compare = make_comparator(&wanted, map.keys(), SortOptions::default())?;
    let mut places: Vec<Option<u32>> = Vec::new();
    for row in 0..keys.len() {
        let (from, to) = (keys.value_offsets()[row] as usize, keys.value_offsets()[row + 1] as usize);
        let (first, end) = (map.value_offsets()[row] as usize, map.value_offsets()[row + 1] as usize);
        places.extend(
            (from..to).map(|key| (first..end).find(|entry| compare(key, *entry).is_eq()).map(|entry| entry as u32)),
        );
    }
    // The keys of all rows lie one after the other, unless the first rows were cut off.
    let first = keys.value_offsets().first().copied().unwrap_or(0);
    let offsets = OffsetBuffer::new(keys.value_offsets().iter().map(|offset| offset - first).collect());
    let values = take(map.values(), &UInt32Array::from(places), None)?;
    let field = Arc::new(Field::new_list_field(values.data_type().clone(), true));
    Ok(Arc::new(ListArray::try_new(field, offsets, values, keys.nulls().cloned())?))
}

fn map_made_type(types: &[DataType]) -> Result<DataType> {
    let element = |at: usize| -> Result<DataType> { Ok(element_field(&list_type(types, at)?)?.data_type().clone()) };
    Ok(map_of(element(0)?, element(1)?))
}

/// `_map(keys, values)`: of keys that come twice the last counts.
pub(super) fn map_made(args: &[ArrayRef]) -> Result<ArrayRef> {
    let (keys, values) = (lists(&args[0])?, lists(&args[1])?);
    let (keys, values) = (keys.as_list::<i32>(), values.as_list::<i32>());
    let dtype = map_made_type(&[keys.data_type().clone(), values.data_type().clone()])?;
    let compare = make_comparator(keys.values(), keys.values(), SortOptions::default())?;
    let (mut key_places, mut value_places, mut lengths, mut valid) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for row in 0..keys.len() {
        let whole = keys.is_valid(row) && values.is_valid(row);
        let (from, to) = (keys.value_offsets()[row] as usize, keys.value_offsets()[row + 1] as usize);
        let before = key_places.len();
        for key in if whole { from..to } else { from..from } {
            if keys.values().is_null(key) {
                return exec_err!("a key of a map cannot be null");
            }
            let place = (values.value_offsets()[row] as usize + key - from) as u32;
            match (before..key_places.len()).find(|known| compare(key_places[*known] as usize, key).is_eq()) {
                Some(known) => value_places[known] = place,
                None => {
                    key_places.push(key as u32);
                    value_places.push(place);
                }
            }
        }
        lengths.push(key_places.len() - before);
        valid.push(whole);
    }
    let keys = take(keys.values(), &UInt32Array::from(key_places), None)?;
    let values = take(values.values(), &UInt32Array::from(value_places), None)?;
    entries_map(&dtype, lengths, keys, values, Some(valid.into()))
}

fn entries_map(
    dtype: &DataType,
    lengths: Vec<usize>,
    keys: ArrayRef,
    values: ArrayRef,
    nulls: Option<NullBuffer>,
) -> Result<ArrayRef> {
    let (key, value) = entry_types(dtype)?;
    let fields = Fields::from(vec![Field::new("key", key, false), Field::new("value", value, true)]);
    of_entries(&plain_map(dtype)?, lengths, StructArray::try_new(fields, vec![keys, values], None)?, nulls)
}

fn plain_map(dtype: &DataType) -> Result<DataType> {
    let (key, value) = entry_types(dtype)?;
    Ok(map_of(key, value))
}

/// The entries of all maps of a row; of keys that come twice the last counts.
fn map_concat(args: &[ArrayRef]) -> Result<ArrayRef> {
    let target = plain_map(&common(args[0].data_type()))?;
    let maps = args.iter().map(|map| plainly(&lists(map)?, &target)).collect::<Result<Vec<_>>>()?;
    let side = |of: fn(&MapArray) -> &ArrayRef| -> Result<ArrayRef> {
        let columns: Vec<&dyn Array> = maps.iter().map(|map| of(map.as_map()).as_ref()).collect();
        Ok(concat(&columns)?)
    };
    let (keys, values) = (side(MapArray::keys)?, side(MapArray::values)?);
    let starts: Vec<usize> = maps
        .iter()
        .scan(0, |start, map| {
            let here = *start;
            *start += map.as_map().keys().len();
            Some(here)
        })
        .collect();
    let compare = make_comparator(&keys, &keys, SortOptions::default())?;
    let (mut places, mut sources, mut lengths, mut valid) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for row in 0..args[0].len() {
        let whole = maps.iter().all(|map| map.is_valid(row));
        let before = places.len();
        for (map, start) in maps.iter().zip(&starts).filter(|_| whole) {
            let offsets = map.as_map().value_offsets();
            for entry in offsets[row] as usize + start..offsets[row + 1] as usize + start {
                match (before..places.len()).find(|known| compare(places[*known] as usize, entry).is_eq()) {
                    Some(known) => sources[known] = entry as u32,
                    None => {
                        places.push(entry as u32);
                        sources.push(entry as u32);
                    }
                }
            }
        }
        lengths.push(places.len() - before);
        valid.push(whole);
    }
    let keys = take(&keys, &UInt32Array::from(places), None)?;
    let values = take(&values, &UInt32Array::from(sources), None)?;
    entries_map(&target, lengths, keys, values, Some(valid.into()))
}

/// `array_insert(list, position, value)`: positions count from 1, or from the end; beyond the end there are nulls between.
fn array_insert(args: &[ArrayRef]) -> Result<ArrayRef> {
    let list = lists(&args[0])?;
    let list = list.as_list::<i32>();
    let field = element_field(list.data_type())?;
    let positions = plainly(&args[1], &DataType::Int64)?;
    let positions = positions.as_primitive::<Int64Type>();
    let added = plainly(&args[2], field.data_type())?;
    let all = concat(&[list.values().as_ref(), added.as_ref()])?;
    let first_added = list.values().len() as u32;
    let (mut places, mut lengths, mut valid) = (Vec::new(), Vec::new(), Vec::new());
    for row in 0..list.len() {
        let whole = list.is_valid(row) && positions.is_valid(row);
        let before = places.len();
        if whole {
            let start = list.value_offsets()[row];
            let old = (0..list.value_length(row)).map(|at| Some((start + at) as u32));
            places.extend(inserted(old.collect(), positions.value(row), first_added + row as u32)?);
        }
        lengths.push(places.len() - before);
        valid.push(whole);
    }
    let values = take(&all, &UInt32Array::from(places), None)?;
    Ok(Arc::new(ListArray::try_new(field, OffsetBuffer::from_lengths(lengths), values, Some(valid.into()))?))
}

fn inserted(mut old: Vec<Option<u32>>, position: i64, new: u32) -> Result<Vec<Option<u32>>> {
    let length = old.len() as i64;
    match position {
        0 => return exec_err!("positions of arrays begin at 1"),
        1.. => {
            let at = position as usize - 1;
            limit::check(at)?;
            if at > old.len() {
                old.resize(at, None);
            }
            old.insert(at, Some(new));
        }
        _ => {
            let at = length + position + 1;
            let missing = usize::try_from(-at).unwrap_or(0);
            limit::check(missing)?;
            old.splice(0..0, std::iter::repeat_n(None, missing));
            old.insert(usize::try_from(at).unwrap_or(0), Some(new));
        }
    }
    Ok(old)
}

fn flat_type(types: &[DataType]) -> Result<DataType> {
    match element_field(&list_type(types, 0)?)?.data_type() {
        inner @ DataType::List(_) => Ok(inner.clone()),
        other => plan_err!("flatten needs an array of arrays, not of {other}"),
    }
}

/// The elements of the lists in a list; null if one of them is.
fn flatten(args: &[ArrayRef]) -> Result<ArrayRef> {
    let outer = lists(&args[0])?;
    let outer = outer.as_list::<i32>();
    let inner = outer.values().as_list::<i32>();
    let (mut places, mut lengths, mut valid) = (Vec::new(), Vec::new(), Vec::new());
    for row in 0..outer.len() {
        let range = outer.value_offsets()[row] as usize..outer.value_offsets()[row + 1] as usize;
        let whole = outer.is_valid(row) && range.clone().all(|list| inner.is_valid(list));
        let before = places.len();
        for list in if whole { range } else { 0..0 } {
            places.extend(inner.value_offsets()[list] as u32..inner.value_offsets()[list + 1] as u32);
        }
        lengths.push(places.len() - before);
        valid.push(whole);
    }
    let values = take(inner.values(), &UInt32Array::from(places), None)?;
    let field = element_field(inner.data_type())?;
    Ok(Arc::new(ListArray::try_new(field, OffsetBuffer::from_lengths(lengths), values, Some(valid.into()))?))
}

/// Whether two lists share an element; unknown if they do not but one of them has a null.
fn overlap(args: &[ArrayRef]) -> Result<ArrayRef> {
    let (left, right) = (lists(&args[0])?, lists(&args[1])?);
    let (left, right) = (left.as_list::<i32>(), right.as_list::<i32>());
    let others = plainly(right.values(), left.values().data_type())?;
    let compare = make_comparator(left.values(), &others, SortOptions::default())?;
    let range =
        |list: &ListArray, row: usize| list.value_offsets()[row] as usize..list.value_offsets()[row + 1] as usize;
    let rows = (0..left.len()).map(|row| {
        if left.is_null(row) || right.is_null(row) {
            return None;
        }
        let (ours, theirs) = (range(left, row), range(right, row));
        let same =
            |a: usize| left.values().is_valid(a) && theirs.clone().any(|b| others.is_valid(b) && compare(a, b).is_eq());
        if ours.clone().any(same) {
            return Some(true);
        }
        let unknown = ours.clone().any(|a| left.values().is_null(a)) || theirs.clone().any(|b| others.is_null(b));
        if unknown && !ours.is_empty() && !theirs.is_empty() { None } else { Some(false) }
    });
    Ok(Arc::new(rows.collect::<BooleanArray>()))
}

/// Whether a list has a value; unknown if it has not but has a null.
fn contains(args: &[ArrayRef]) -> Result<ArrayRef> {
    let list = lists(&args[0])?;
    let list = list.as_list::<i32>();
    let wanted = plainly(&args[1], list.values().data_type())?;
    let compare = make_comparator(list.values(), &wanted, SortOptions::default())?;
    let rows = (0..list.len()).map(|row| {
        if list.is_null(row) || wanted.is_null(row) {
            return None;
        }
        let range = list.value_offsets()[row] as usize..list.value_offsets()[row + 1] as usize;
        let found = range.clone().any(|at| list.values().is_valid(at) && compare(at, row).is_eq());
        if found || range.clone().all(|at| list.values().is_valid(at)) { Some(found) } else { None }
    });
    Ok(Arc::new(rows.collect::<BooleanArray>()))
}
