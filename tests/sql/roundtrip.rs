//! One catalog for both front ends: what a frame writes, SQL reads with the same types and values, and the other way
//! round, for every type that a table can hold.

use polars::prelude::*;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::session;

/// Microseconds and days of the years 1 to 9999.
const MICROS: std::ops::Range<i64> = -62_135_596_800_000_000..253_402_300_800_000_000;
const DAYS: std::ops::Range<i32> = -719_162..2_932_897;

const NAMES: [&str; 4] = ["id", "Größe in m", "x`y", "last"];

fn leaf() -> BoxedStrategy<DataType> {
    let datetime = |zone| DataType::Datetime(TimeUnit::Microseconds, zone);
    prop_oneof![
        Just(DataType::Boolean),
        Just(DataType::Int8),
        Just(DataType::Int16),
        Just(DataType::Int32),
        Just(DataType::Int64),
        Just(DataType::Float32),
        Just(DataType::Float64),
        (1_usize..39)
            .prop_flat_map(|precision| (Just(precision), 0..=precision))
            .prop_map(|(p, s)| DataType::Decimal(p, s)),
        Just(DataType::String),
        Just(DataType::Binary),
        Just(DataType::Date),
        Just(datetime(None)),
        Just(datetime(Some(TimeZone::UTC))),
    ]
    .boxed()
}

fn dtype() -> BoxedStrategy<DataType> {
    leaf()
        .prop_recursive(2, 6, 3, |inner| {
            let fields = prop::collection::vec(inner.clone(), 1..4).prop_map(|dtypes| {
                let fields = dtypes.into_iter().enumerate();
                DataType::Struct(fields.map(|(at, dtype)| Field::new(format!("f{at}").into(), dtype)).collect())
            });
            prop_oneof![inner.prop_map(|inner| DataType::List(Box::new(inner))), fields]
        })
        .boxed()
}

/// A value of the type, or null.
fn value(dtype: &DataType) -> BoxedStrategy<AnyValue<'static>> {
    let some: BoxedStrategy<AnyValue<'static>> = match dtype {
        DataType::Boolean => any::<bool>().prop_map(AnyValue::Boolean).boxed(),
        DataType::Int8 => any::<i8>().prop_map(AnyValue::Int8).boxed(),
        DataType::Int16 => any::<i16>().prop_map(AnyValue::Int16).boxed(),
        DataType::Int32 => any::<i32>().prop_map(AnyValue::Int32).boxed(),
        DataType::Int64 => any::<i64>().prop_map(AnyValue::Int64).boxed(),
        DataType::Float32 => {
            prop_oneof![any::<f32>(), Just(f32::NAN), Just(f32::INFINITY)].prop_map(AnyValue::Float32).boxed()
        }
        DataType::Float64 => {
            prop_oneof![any::<f64>(), Just(f64::NAN), Just(-f64::INFINITY)].prop_map(AnyValue::Float64).boxed()
        }
        DataType::Decimal(precision, scale) => {
            let (precision, scale, limit) = (*precision, *scale, 10_i128.pow(u32::try_from(*precision).unwrap()));
            (1 - limit..limit).prop_map(move |unscaled| AnyValue::Decimal(unscaled, precision, scale)).boxed()
        }
        DataType::String => ".{0,8}".prop_map(|text| AnyValue::StringOwned(text.into())).boxed(),
        DataType::Binary => prop::collection::vec(any::<u8>(), 0..6).prop_map(AnyValue::BinaryOwned).boxed(),
        DataType::Date => DAYS.prop_map(AnyValue::Date).boxed(),
        DataType::Datetime(unit, zone) => {
            let (unit, zone) = (*unit, zone.clone().map(std::sync::Arc::new));
            MICROS.prop_map(move |micros| AnyValue::DatetimeOwned(micros, unit, zone.clone())).boxed()
        }
        DataType::List(inner) => {
            let inner = inner.as_ref().clone();
            prop::collection::vec(value(&inner), 0..4)
                .prop_map(move |items| {
                    AnyValue::List(Series::from_any_values_and_dtype(PlSmallStr::EMPTY, &items, &inner, true).unwrap())
                })
                .boxed()
        }
        DataType::Struct(fields) => {
            let fields = fields.clone();
            let values: Vec<_> = fields.iter().map(|field| value(field.dtype())).collect();
            values.prop_map(move |values| AnyValue::StructOwned(Box::new((values, fields.clone())))).boxed()
        }
        other => panic!("no values of {other}"),
    };
    prop_oneof![1 => Just(AnyValue::Null), 3 => some].boxed()
}

fn column(name: &'static str, height: usize) -> BoxedStrategy<Column> {
    dtype()
        .prop_flat_map(move |dtype| {
            prop::collection::vec(value(&dtype), height).prop_map(move |values| {
                Series::from_any_values_and_dtype(name.into(), &values, &dtype, true).unwrap().into_column()
            })
        })
        .boxed()
}

fn frame() -> BoxedStrategy<DataFrame> {
    (0_usize..8, 1..=NAMES.len())
        .prop_flat_map(|(height, width)| {
            let columns: Vec<_> = NAMES[..width].iter().map(|name| column(name, height)).collect();
            columns.prop_map(move |columns| DataFrame::new(height, columns).unwrap())
        })
        .boxed()
}

#[test]
fn frames_and_sql_see_the_same_types_and_values() {
    let (_root, session) = session();
    let mut runner = TestRunner::new(Config { cases: 64, failure_persistence: None, ..Config::default() });
    runner
        .run(&frame(), |frame| {
            let same = |what: &str, got: &DataFrame| {
                prop_assert_eq!(got.schema(), frame.schema(), "{}", what);
                prop_assert!(got.equals_missing(&frame), "{}: {:?}, not {:?}", what, got, frame);
                Ok(())
            };
            // One file keeps the order of the rows.
            session
                .write(frame.clone().lazy())
                .mode("overwrite")
                .option("overwriteSchema", true)
                .save_as_table("t")
                .unwrap();
            same("a table of a frame, by a frame", &session.collect(session.table("t").unwrap()).unwrap())?;
            same("a table of a frame, by SQL", &session.sql("SELECT * FROM t").unwrap())?;
            session.execute("CREATE OR REPLACE TABLE u AS SELECT * FROM t").unwrap();
            same("a table of SQL, by a frame", &session.collect(session.table("u").unwrap()).unwrap())?;
            session.execute("DROP TABLE IF EXISTS p; CREATE TABLE p USING parquet AS SELECT * FROM t").unwrap();
            same("a table without a log, by a frame", &session.collect(session.table("p").unwrap()).unwrap())?;
            same("a table without a log, by SQL", &session.sql("SELECT * FROM p").unwrap())?;
            session.bind_frame("f", frame.clone().lazy());
            same("a variable, by SQL", &session.sql("SELECT * FROM f").unwrap())
        })
        .unwrap_or_else(|error| panic!("{error}"));
}
