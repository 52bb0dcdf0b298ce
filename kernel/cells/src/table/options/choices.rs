//! Small choices: enums and structs that single methods take.

use std::num::NonZeroUsize;

use polars::chunked_array::cast::CastOptions;
use polars::chunked_array::flags::StatisticsFlags;
use polars::prelude::*;
use polars::series::IsSorted;

use crate::table::{Blank, Table, constants, functions, types};

types! {
    /// What happens to values that do not convert.
    CastOptions [default] = |options| format!("{options:?}");
    /// Where a value goes among equal ones.
    SearchSortedSide [default] = |side| format!("{side:?}");
    /// A normal form of Unicode.
    UnicodeForm = |form| format!("{form:?}");
    /// What happens to dates that are no working days.
    Roll = |roll| format!("{roll:?}");
    /// What nulls do to the result of a row.
    NullStrategy = |strategy| format!("{strategy:?}");
    /// What is known about the order of values.
    IsSorted = |sorted| format!("{sorted:?}");
    /// What is known about the values of a column.
    StatisticsFlags = |flags| format!("{flags:?}");
    /// One length of a shape, or the one that follows from the others.
    ReshapeDimension = |dimension| format!("{dimension:?}");
    /// How frames are put beside one another.
    HConcatOptions [default] { parallel: bool, strict: bool, broadcast_unit_length: bool } = |_options| "HConcatOptions".into();
    /// Which columns become rows, and what their new columns are called.
    UnpivotArgsIR [blank] { on: Vec<PlSmallStr>, index: Vec<PlSmallStr>, variable_name: PlSmallStr, value_name: PlSmallStr }
        = |args| format!("{args:?}");
    /// How one column is brought to a schema.
    MatchToSchemaPerColumn [blank] { missing_columns: MissingColumnsPolicyOrExpr, missing_struct_fields: MissingColumnsPolicy,
        extra_struct_fields: ExtraColumnsPolicy, integer_cast: UpcastOrForbid, float_cast: UpcastOrForbid }
        = |policy| format!("{policy:?}");
    /// What happens where a column is missing.
    MissingColumnsPolicy [default] = |policy| format!("{policy:?}");
    /// What happens where a column is missing, or what takes its place.
    MissingColumnsPolicyOrExpr = |policy| format!("{policy:?}");
    /// What happens to columns that nobody asked for.
    ExtraColumnsPolicy [default] = |policy| format!("{policy:?}");
    /// Whether numbers may be widened.
    UpcastOrForbid = |choice| format!("{choice:?}");
    /// A number that is not zero.
    NonZeroUsize = |number| number.to_string();
}

impl Blank for UnpivotArgsIR {
    fn blank() -> Self {
        Self { on: Vec::new(), index: Vec::new(), variable_name: PlSmallStr::EMPTY, value_name: PlSmallStr::EMPTY }
    }
}

impl Blank for MatchToSchemaPerColumn {
    fn blank() -> Self {
        Self {
            missing_columns: MissingColumnsPolicyOrExpr::Raise,
            missing_struct_fields: MissingColumnsPolicy::Raise,
            extra_struct_fields: ExtraColumnsPolicy::Raise,
            integer_cast: UpcastOrForbid::Forbid,
            float_cast: UpcastOrForbid::Forbid,
        }
    }
}

/// Adds the rows of this file.
pub(super) fn register(table: &mut Table) {
    table.add_types(type_rows());
    table.add_constants(constants! {
        CastOptions { Strict, NonStrict, Overflowing }
        SearchSortedSide { Any, Left, Right }
        UnicodeForm { NFC, NFKC, NFD, NFKD }
        Roll { Forward, Backward, Raise }
        NullStrategy { Ignore, Propagate }
        IsSorted { Ascending, Descending, Not }
        StatisticsFlags { IS_SORTED_ASC, IS_SORTED_DSC, CAN_FAST_EXPLODE_LIST }
        ReshapeDimension { Infer }
        MissingColumnsPolicy { Raise, Insert }
        MissingColumnsPolicyOrExpr { Raise, Insert }
        ExtraColumnsPolicy { Raise, Ignore }
        UpcastOrForbid { Upcast, Forbid }
    });
    table.add_callables(functions! {
        #[pure] ReshapeDimension {
            /// A length; negative for the one that follows from the others.
            fn new(dimension: i64) -> ReshapeDimension;
            /// A length, not negative.
            fn new_dimension(dimension: u64) -> ReshapeDimension;
        }
        #[pure] MissingColumnsPolicyOrExpr {
            /// An expression in the place of the missing column.
            fn InsertWith(expr: Expr) -> MissingColumnsPolicyOrExpr;
        }
        #[pure] NonZeroUsize {
            /// The number, or `None` if it is zero.
            fn new(number: usize) -> Option<NonZeroUsize>;
        }
        #[pure] StatisticsFlags {
            /// Nothing known.
            fn empty() -> StatisticsFlags;
        }
    });
}
