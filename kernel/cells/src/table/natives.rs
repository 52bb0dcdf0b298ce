//! The types of polars and of the session that a cell can hold.

use aerostat_session::{Reader, Session, Writer};
use chrono::{NaiveDate, NaiveDateTime};
use polars::prelude::*;

use super::{Table, functions, methods, types};
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
    LazyFrame { logical_plan: DslPlan } = |frame| frame.describe_plan().unwrap_or_else(|error| error.to_string());
    /// A table in memory.
    DataFrame [default] = |frame| frame.to_string();
    /// A query plan, grouped, waiting for `agg`.
    LazyGroupBy = |_group| "LazyGroupBy".into();
    /// A named column of values.
    Series = |series| format!("{series}");
    /// A column of a DataFrame.
    Column = |column| format!("{}", column.as_materialized_series());
    /// Names and types of columns.
    SharedSchema as "Schema" [default] = |schema| format!("{schema:?}");
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

/// Adds the rows of this file.
pub(super) fn register(table: &mut Table) {
    table.add_types(type_rows());
    table.add_callables(functions! {
        DataFrame {
            /// A DataFrame without rows and columns.
            fn empty() -> DataFrame;
        }
        Series {
            /// A Series of one type from values.
            fn new(name: PlSmallStr, values: crate::frames::Values) -> Series = values.with_name(name)?;
        }
    });
    table.add_callables(methods! {
        #[pure] Selector {
            /// The same choice.
            fn as_selector() -> Selector = |this| this;
            /// The choice without some columns.
            fn exclude_cols(columns: crate::convert::Names) -> Selector;
            /// The choice without columns of some types.
            fn exclude_dtype(dtypes: Vec<DataType>) -> Selector;
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
