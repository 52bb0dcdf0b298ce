//! `hash`: Murmur3 with 32 bits and the seed 42, value by value as Spark computes it.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, Int32Array};
use datafusion::arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType,
};
use datafusion::common::{Result, not_impl_err};
use datafusion::logical_expr::ScalarUDF;

use super::cast::{TIMESTAMP, common};
use super::convert::plainly;
use super::udf::ByType;

const SEED: u32 = 42;

/// The function.
pub(super) fn function() -> ScalarUDF {
    ByType::udf("hash", |_| Ok(DataType::Int32), hash)
}

/// The hash of each value is the seed for the next.
fn hash(args: &[ArrayRef]) -> Result<ArrayRef> {
    let columns = args.iter().map(plain_layout).collect::<Result<Vec<_>>>()?;
    let rows = (0..args[0].len()).map(|row| {
        let hash = columns.iter().try_fold(SEED, |seed, column| value(column, row, seed))?;
        Ok(hash as i32)
    });
    Ok(Arc::new(rows.collect::<Result<Int32Array>>()?))
}

fn plain_layout(column: &ArrayRef) -> Result<ArrayRef> {
    match column.data_type() {
        DataType::Timestamp(..) => plainly(column, &TIMESTAMP),
        dtype => plainly(column, &common(dtype)),
    }
}

/// The hash of one value; of a null, the seed.
fn value(column: &ArrayRef, row: usize, seed: u32) -> Result<u32> {
    if column.is_null(row) || *column.data_type() == DataType::Null {
        return Ok(seed);
    }
    Ok(match column.data_type() {
        DataType::Boolean => int(u32::from(column.as_boolean().value(row)), seed),
        DataType::Int8 => int(i32::from(column.as_primitive::<Int8Type>().value(row)) as u32, seed),
        DataType::Int16 => int(i32::from(column.as_primitive::<Int16Type>().value(row)) as u32, seed),
        DataType::Int32 => int(column.as_primitive::<Int32Type>().value(row) as u32, seed),
        DataType::Date32 => int(column.as_primitive::<Date32Type>().value(row) as u32, seed),
        DataType::Int64 => long(column.as_primitive::<Int64Type>().value(row), seed),
        DataType::Timestamp(..) => long(column.as_primitive::<TimestampMicrosecondType>().value(row), seed),
        // Of the two zeros, Spark takes the positive one.
        DataType::Float32 => int((column.as_primitive::<Float32Type>().value(row) + 0.0).to_bits(), seed),
        DataType::Float64 => long((column.as_primitive::<Float64Type>().value(row) + 0.0).to_bits() as i64, seed),
        DataType::Decimal128(precision, _) => {
            let unscaled = column.as_primitive::<Decimal128Type>().value(row);
            match i64::try_from(unscaled) {
                Ok(small) if *precision <= 18 => long(small, seed),
                _ => bytes(significant(&unscaled.to_be_bytes()), seed),
            }
        }
        DataType::Utf8 => bytes(column.as_string::<i32>().value(row).as_bytes(), seed),
        DataType::Binary => bytes(column.as_binary::<i32>().value(row), seed),
        DataType::List(_) => {
            let values = plain_layout(&column.as_list::<i32>().value(row))?;
            (0..values.len()).try_fold(seed, |seed, at| value(&values, at, seed))?
        }
        DataType::Struct(_) => {
            let fields = column.as_struct().columns();
            fields.iter().try_fold(seed, |seed, field| value(&plain_layout(field)?, row, seed))?
        }
        other => return not_impl_err!("hash of a value of type {other}"),
    })
}

/// The bytes of a number from the highest that says something, as Java's `BigInteger` has them.
fn significant(bytes: &[u8]) -> &[u8] {
    let redundant = bytes.windows(2).take_while(|pair| {
        let sign = pair[1] & 0x80 != 0;
        (pair[0] == 0 && !sign) || (pair[0] == 0xff && sign)
    });
    &bytes[redundant.count()..]
}

fn int(word: u32, seed: u32) -> u32 {
    finished(mixed(seed, word), 4)
}

fn long(word: i64, seed: u32) -> u32 {
    let low = mixed(seed, word as u32);
    finished(mixed(low, (word >> 32) as u32), 8)
}

/// Words of four bytes, then, unlike in the original, each byte that is left as a word of its own.
fn bytes(bytes: &[u8], seed: u32) -> u32 {
    let mut words = bytes.chunks_exact(4);
    let mut hash = seed;
    for word in words.by_ref() {
        hash = mixed(hash, u32::from_le_bytes(word.try_into().unwrap_or_default()));
    }
    let rest = words.remainder().iter();
    finished(rest.fold(hash, |hash, byte| mixed(hash, i32::from(*byte as i8) as u32)), bytes.len() as u32)
}

fn mixed(hash: u32, word: u32) -> u32 {
    let word = word.wrapping_mul(0xcc9e_2d51).rotate_left(15).wrapping_mul(0x1b87_3593);
    (hash ^ word).rotate_left(13).wrapping_mul(5).wrapping_add(0xe654_6b64)
}

fn finished(hash: u32, length: u32) -> u32 {
    let hash = hash ^ length;
    let hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
    let hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
    hash ^ (hash >> 16)
}
