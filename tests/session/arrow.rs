//! Frames as record batches and back.

use aerostat_session::arrow::{from_batches, from_schema, to_batches, to_schema};
use deltalake_core::arrow::array::{Array, ArrayRef, DictionaryArray, Int64Array, IntervalDayTimeArray, RecordBatch};
use deltalake_core::arrow::datatypes::{
    DataType as ArrowType, Field as ArrowField, Int32Type, IntervalDayTime, Schema as ArrowSchema,
};

use super::*;

/// A column of every type that polars has here, with nulls.
fn all_types() -> DataFrame {
    let n = |dtype: DataType| Series::new("".into(), [Some(1i64), None, Some(3)]).cast(&dtype).unwrap();
    let text = Series::new("".into(), [Some("short"), None, Some("longer than twelve bytes, so in a buffer")]);
    let lists = Series::new(
        "".into(),
        [Series::new("".into(), [1i32, 2]), Series::new("".into(), [3i32, 4]), Series::new("".into(), [5i32, 6])],
    );
    let mut columns: Vec<Column> = vec![];
    let numbers = [
        DataType::Int8,
        DataType::Int16,
        DataType::Int32,
        DataType::Int64,
        DataType::UInt8,
        DataType::UInt16,
        DataType::UInt32,
        DataType::UInt64,
        DataType::Float32,
        DataType::Float64,
        DataType::Decimal(12, 3),
        DataType::Date,
        DataType::Datetime(TimeUnit::Milliseconds, None),
        DataType::Datetime(TimeUnit::Microseconds, None),
        DataType::Datetime(TimeUnit::Nanoseconds, Some(TimeZone::UTC)),
        DataType::Duration(TimeUnit::Microseconds),
        DataType::Time,
    ];
    for dtype in numbers {
        columns.push(n(dtype.clone()).with_name(dtype.to_string().into()).into_column());
    }
    columns.push(Series::new("bool".into(), [Some(true), None, Some(false)]).into_column());
    columns.push(text.clone().with_name("text".into()).into_column());
    columns.push(text.cast(&DataType::Binary).unwrap().with_name("bytes".into()).into_column());
    columns.push(lists.clone().with_name("lists".into()).into_column());
    columns.push(
        lists.cast(&DataType::Array(Box::new(DataType::Int32), 2)).unwrap().with_name("arrays".into()).into_column(),
    );
    let frame = DataFrame::new(3, columns).unwrap();
    let fields = frame.select(["i64", "text"]).unwrap().into_struct("structs".into()).into_series();
    frame.hstack(&[fields.into_column()]).unwrap()
}

#[test]
fn every_type_survives_the_way_there_and_back() {
    let frame = all_types();
    let schema = to_schema(frame.schema()).unwrap();
    assert_eq!(&from_schema(&schema).unwrap(), frame.schema().as_ref());
    let back = from_batches(schema, &to_batches(&frame).unwrap()).unwrap();
    assert!(back.equals_missing(&frame), "{back}\n{frame}");
    assert_eq!(back.schema(), frame.schema());
}

#[test]
fn chunks_and_slices_are_kept() {
    let mut frame = all_types();
    frame.vstack_mut(&all_types()).unwrap();
    let sliced = frame.slice(1, 4);
    let batches = to_batches(&sliced).unwrap();
    assert_eq!(batches.iter().map(RecordBatch::num_rows).collect::<Vec<_>>(), [2, 2]);
    let back = from_batches(batches[0].schema(), &batches).unwrap();
    assert!(back.equals_missing(&sliced), "{back}\n{sliced}");
}

#[test]
fn no_rows_and_no_columns_have_a_shape() {
    let empty = all_types().clear();
    let batches = to_batches(&empty).unwrap();
    assert_eq!((batches.len(), batches[0].num_rows()), (1, 0));
    assert_eq!(from_batches(batches[0].schema(), &[]).unwrap(), empty);
    let narrow = to_batches(&DataFrame::empty_with_height(7)).unwrap();
    assert_eq!((narrow.len(), narrow[0].num_rows(), narrow[0].num_columns()), (1, 7, 0));
    assert_eq!(from_batches(narrow[0].schema(), &narrow).unwrap().shape(), (7, 0));
}

#[test]
fn numbers_and_texts_are_not_copied() {
    let frame = df!("n" => [1i64, 2, 3], "s" => ["a text of more than twelve bytes", "b", "c"]).unwrap();
    let batch = &to_batches(&frame).unwrap()[0];
    let data = batch.column(0).to_data();
    assert_eq!(data.buffers()[0].as_ptr() as usize, frame["n"].i64().unwrap().cont_slice().unwrap().as_ptr() as usize);
    assert_eq!(batch.schema().field(1).data_type(), &ArrowType::Utf8View);
    let back = from_batches(batch.schema(), std::slice::from_ref(batch)).unwrap();
    assert_eq!(back["n"].i64().unwrap().cont_slice().unwrap().as_ptr() as usize, data.buffers()[0].as_ptr() as usize);
}

#[test]
fn categories_become_texts() {
    let frame = all_types()
        .lazy()
        .select([col("text").cast(DataType::from_categories(Categories::global()))])
        .collect()
        .unwrap();
    let batches = to_batches(&frame).unwrap();
    assert_eq!(batches[0].schema().field(0).data_type(), &ArrowType::Utf8View);
    let texts: DictionaryArray<Int32Type> = ["x", "y", "x"].into_iter().collect();
    let back = one(Arc::new(texts)).unwrap();
    assert_eq!(back, df!("c" => ["x", "y", "x"]).unwrap());
}

#[test]
fn what_a_frame_cannot_hold_is_refused() {
    let intervals = IntervalDayTimeArray::from(vec![IntervalDayTime::new(1, 0)]);
    let error = one(Arc::new(intervals)).unwrap_err();
    assert_eq!((error.ename().as_str(), error.hint()), ("NOT_SUPPORTED", Some("cast it: `CAST(c AS STRING)`")));
    assert_eq!(one(Arc::new(Int64Array::from(vec![1]))).unwrap().shape(), (1, 1));
}

fn one(array: ArrayRef) -> Result<DataFrame> {
    let schema = Arc::new(ArrowSchema::new(vec![ArrowField::new("c", array.data_type().clone(), true)]));
    let batch = RecordBatch::try_new(schema.clone(), vec![array]).unwrap();
    from_batches(schema, &[batch])
}
