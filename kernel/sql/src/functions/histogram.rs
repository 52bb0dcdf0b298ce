//! `histogram_numeric(values, bins)`: how the values are spread, as points and how many values are near each.
//!
//! The histogram of Ben-Haim and Tom-Tov: each value comes as a bin of its own, and the two bins that are nearest to each
//! other become one whenever there are too many.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, Float64Array, ListArray, StructArray};
use datafusion::arrow::buffer::OffsetBuffer;
use datafusion::arrow::datatypes::{DataType, Field, Fields, Float64Type, Int64Type};
use datafusion::common::{Result, exec_err, plan_err};
use datafusion::logical_expr::ScalarUDF;

use super::cast::common;
use super::convert::plainly;
use super::udf::{ByType, list_of};

/// `_histogram(values, bins)`, of a list of values.
pub(super) fn function() -> ScalarUDF {
    ByType::udf("_histogram", histogram_type, histograms)
}

fn histogram_type(types: &[DataType]) -> Result<DataType> {
    match types.first().map(common) {
        Some(DataType::List(values)) => Ok(list_of(DataType::Struct(fields(values.data_type().clone())))),
        _ => plan_err!("a histogram is made of a list of values"),
    }
}

fn fields(values: DataType) -> Fields {
    Fields::from(vec![Field::new("x", values, true), Field::new("y", DataType::Float64, true)])
}

fn histograms(args: &[ArrayRef]) -> Result<ArrayRef> {
    let lists = plainly(&args[0], &common(args[0].data_type()))?;
    let lists = lists.as_list::<i32>();
    let values = plainly(lists.values(), &DataType::Float64)?;
    let values = values.as_primitive::<Float64Type>();
    let bins = plainly(&args[1], &DataType::Int64)?;
    let bins = bins.as_primitive::<Int64Type>();
    let (mut xs, mut ys, mut lengths, mut valid) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for row in 0..lists.len() {
        let most = match bins.value(row) {
            most @ 2.. => usize::try_from(most).unwrap_or(usize::MAX),
            few => return exec_err!("a histogram needs at least 2 bins, not {few}"),
        };
        let range = lists.value_offsets()[row] as usize..lists.value_offsets()[row + 1] as usize;
        let mut histogram = Histogram { most, bins: Vec::new() };
        range.filter(|at| lists.is_valid(row) && values.is_valid(*at)).for_each(|at| histogram.add(values.value(at)));
        lengths.push(histogram.bins.len());
        valid.push(!histogram.bins.is_empty());
        for (x, y) in histogram.bins {
            xs.push(x);
            ys.push(y);
        }
    }
    let DataType::List(field) = histogram_type(&[lists.data_type().clone()])? else { return exec_err!("no list") };
    let DataType::Struct(fields) = field.data_type() else { return exec_err!("no struct") };
    let xs = plainly(&(Arc::new(Float64Array::from(xs)) as ArrayRef), fields[0].data_type())?;
    let points = StructArray::try_new(fields.clone(), vec![xs, Arc::new(Float64Array::from(ys))], None)?;
    let offsets = OffsetBuffer::from_lengths(lengths);
    Ok(Arc::new(ListArray::try_new(Arc::clone(&field), offsets, Arc::new(points), Some(valid.into()))?))
}

struct Histogram {
    most: usize,
    /// Points in their order, and how many values are near each.
    bins: Vec<(f64, f64)>,
}

impl Histogram {
    fn add(&mut self, value: f64) {
        match self.bins.binary_search_by(|(x, _)| x.total_cmp(&value)) {
            Ok(at) => self.bins[at].1 += 1.0,
            Err(at) => self.bins.insert(at, (value, 1.0)),
        }
        while self.bins.len() > self.most {
            self.merge_nearest();
        }
    }

    /// Makes the two nearest bins one: of several as near, the last.
    fn merge_nearest(&mut self) {
        let gaps = self.bins.windows(2).map(|pair| pair[1].0 - pair[0].0).enumerate();
        let nearest = gaps.reduce(|best, next| if next.1 <= best.1 { next } else { best });
        let Some((at, _)) = nearest else { return };
        let ((x1, y1), (x2, y2)) = (self.bins[at], self.bins[at + 1]);
        let both = y1 + y2;
        self.bins[at] = (x1 * (y1 / both) + x2 / both * y2, both);
        self.bins.remove(at + 1);
    }
}
