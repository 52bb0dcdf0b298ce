//! The types of polars and of the session that a cell can hold.

use aerostat_session::{Reader, Session, Writer};
use chrono::{NaiveDate, NaiveDateTime};
use polars::prelude::*;

use super::{Callable, Table, functions, methods, types};
use crate::generic::Stream;
use crate::value::Value;

/// A value of a frame, which owns its data.
pub type OwnedValue = AnyValue<'static>;
/// polars' `NULL`, which cannot be cloned.
#[derive(Clone)]
pub struct NullLiteral;
/// A schema behind a pointer, as polars passes it around.
pub type SharedSchema = SchemaRef;

types! {
    /// An expression over columns, evaluated when a frame is collected.
    Expr = |expr| format!("{expr:?}");
    /// A query plan, which `collect` runs.
    LazyFrame = |frame| frame.describe_plan().unwrap_or_else(|error| error.to_string());
    /// A table in memory.
    DataFrame [default] = |frame| frame.to_string();
    /// A query plan, grouped, waiting for `agg`.
    LazyGroupBy = |_group| "LazyGroupBy".into();
    /// A named column of values.
    Series = |series| format!("{series}");
    /// A column of a DataFrame.
    Column = |column| format!("{}", column.as_materialized_series());
    /// Names and types of columns.
    SharedSchema as "Schema" = |schema| format!("{schema:?}");
    /// The type of a column.
    DataType = |dtype| dtype.to_string();
    /// A choice of columns by name, position or type.
    Selector = |selector| selector.to_string();
    /// `when(..)`, waiting for `then`.
    When = |_when| "When".into();
    /// `when(..).then(..)`, waiting for `otherwise` or another `when`.
    Then = |_then| "Then".into();
    /// A further `when`.
    ChainedWhen = |_when| "ChainedWhen".into();
    /// A further `then`.
    ChainedThen = |_then| "ChainedThen".into();
    /// One value of a frame.
    OwnedValue as "AnyValue" = |value| value.to_string();
    /// A length of time in polars' language, such as `1mo` or `2h`.
    Duration = |duration| duration.to_string();
    /// The null literal, for `lit(NULL)`.
    NullLiteral as "Null" = |_null| "null".into();
    /// A date.
    NaiveDate = |date| date.to_string();
    /// A date with a time of day, without a zone.
    NaiveDateTime = |at| at.to_string();
    /// The session: tables, SQL, readers and writers.
    Session = |_session| "Session".into();
    /// A reader with its options.
    Reader = |_reader| "Reader".into();
    /// A writer with its mode, partitions and options.
    Writer = |_writer| "Writer".into();
}

macro_rules! chunked {
    ($($name:ident: $item:ty, $accessor:ident;)*) => {
        $(impl crate::value::Native for $name {
            const NAME: &'static str = stringify!($name);
            fn text(&self) -> String {
                format!("{}", self.clone().into_series())
            }
        })*

        /// The typed views of a column, such as `column.f64()?`, and what they offer.
        fn chunked_rows() -> Vec<Callable> {
            let mut rows = Vec::new();
            $(rows.extend(methods! {
                $name {
                    /// The value at a position; `None` if it is null or past the end.
                    fn get(index: usize) -> Option<$item> = |this| this.get(index).map(Into::into);
                    /// The number of values.
                    fn len() -> usize = |this| this.len();
                    /// The number of nulls.
                    fn null_count() -> usize = |this| this.null_count();
                    /// The values, `None` where null.
                    fn to_vec() -> Vec<Option<$item>> = |this| this.iter().map(|item| item.map(Into::into)).collect();
                    /// The values, `None` where null.
                    fn iter() -> Stream<Option<$item>> = |this| this.iter().map(|item| item.map(Into::into)).collect();
                    /// The values as an iterator; nulls end the cell.
                    fn into_no_null_iter() -> Stream<$item> = |this| this.iter().flatten().map(Into::into).collect();
                    /// The same values as a Series.
                    fn into_series() -> Series = |this| this.into_series();
                }
                Series {
                    /// The values as a typed array, if they are of that type.
                    fn $accessor() -> PolarsResult<$name> = |this| this.$accessor().cloned();
                }
                Column {
                    /// The values as a typed array, if they are of that type.
                    fn $accessor() -> PolarsResult<$name> = |this| this.$accessor().cloned();
                }
            });)*
            rows
        }
    };
}

chunked! {
    BooleanChunked: bool, bool;
    StringChunked: String, str;
    Int8Chunked: i8, i8;
    Int16Chunked: i16, i16;
    Int32Chunked: i32, i32;
    Int64Chunked: i64, i64;
    UInt8Chunked: u8, u8;
    UInt16Chunked: u16, u16;
    UInt32Chunked: u32, u32;
    UInt64Chunked: u64, u64;
    Float64Chunked: f64, f64;
}

/// Adds the rows of this file.
pub(super) fn register(table: &mut Table) {
    table.add_types(type_rows());
    table.add_callables(chunked_rows());
    table.add_callables(functions! {
        Duration {
            /// A length of time from text such as `1d`, `2h30m` or `1mo`.
            fn parse(text: String) -> PolarsResult<Duration> = Duration::try_parse(&text);
        }
        NaiveDate {
            /// The date, or `None` if there is no such day.
            fn from_ymd_opt(year: i32, month: u32, day: u32) -> Option<NaiveDate> =
                NaiveDate::from_ymd_opt(year, month, day);
        }
        DataFrame {
            /// A DataFrame without rows and columns.
            fn empty() -> DataFrame = DataFrame::empty();
        }
        Series {
            /// A Series of one type from values.
            fn new(name: PlSmallStr, values: crate::frames::Values) -> aerostat_error::Result<Series> = values.with_name(name);
        }
    });
    table.add_callables(methods! {
        NaiveDate {
            /// The date at a time of day, or `None` if there is no such time.
            fn and_hms_opt(hour: u32, minute: u32, second: u32) -> Option<NaiveDateTime>;
        }
        OwnedValue {
            /// Whether it is null.
            fn is_null() -> bool = |this| this.is_null();
        }
        SharedSchema {
            /// The number of columns.
            fn len() -> usize = |this| this.len();
            /// The names of the columns.
            fn iter_names() -> Stream<PlSmallStr> = |this| this.iter_names_cloned().collect();
            /// The type of a column.
            fn get(name: String) -> Option<DataType> = |this| this.get(&name).cloned();
            /// Whether there is such a column.
            fn contains(name: String) -> bool = |this| this.contains(&name);
        }
        Selector {
            /// The same choice as an expression.
            fn as_expr() -> Expr;
        }
    });
    table.add_constants(vec![super::Constant {
        owner: None,
        name: "NULL",
        ty: <NullLiteral as crate::convert::IntoValue>::ty(),
        value: || Value::native(NullLiteral),
    }]);
}
