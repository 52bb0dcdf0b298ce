//! Options: the structs and enums that polars' methods take.

use polars::frame::PivotColumnNaming;
use polars::prelude::*;
use polars::series::ops::NullBehavior;

use super::{Blank, Table, constants, functions, methods, types};

types! {
    /// The kind of a join.
    JoinType [default] = |how| how.to_string();
    /// How a join goes: kind, checks, suffix.
    JoinArgs [default] { how: JoinType, validation: JoinValidation, suffix: Option<PlSmallStr>, nulls_equal: bool,
        coalesce: JoinCoalesce, maintain_order: MaintainOrderJoin } = |args| format!("{args:?}");
    /// Whether the keys of a join must be unique.
    JoinValidation [default] = |validation| format!("{validation:?}");
    /// Whether a join keeps one column or two for its key.
    JoinCoalesce [default] = |coalesce| format!("{coalesce:?}");
    /// Which side's order a join keeps.
    MaintainOrderJoin [default] = |order| format!("{order:?}");
    /// How several columns are sorted.
    SortMultipleOptions [default] { descending: Vec<bool>, nulls_last: Vec<bool>, multithreaded: bool, maintain_order: bool }
        = |options| format!("{options:?}");
    /// How one column is sorted.
    SortOptions [default] { descending: bool, nulls_last: bool, multithreaded: bool, maintain_order: bool }
        = |options| format!("{options:?}");
    /// How ranks are given.
    RankOptions [default] { method: RankMethod, descending: bool } = |options| format!("{options:?}");
    /// What equal values get as their rank.
    RankMethod = |method| format!("{method:?}");
    /// What a quantile between two values is.
    QuantileMethod [default] = |method| format!("{method:?}");
    /// Which of several equal rows stays.
    UniqueKeepStrategy [default] = |keep| format!("{keep:?}");
    /// What takes the place of nulls.
    FillNullStrategy = |strategy| format!("{strategy:?}");
    /// Which ends an interval includes.
    ClosedInterval [default] = |closed| format!("{closed:?}");
    /// Which ends a window includes.
    ClosedWindow = |closed| format!("{closed:?}");
    /// What stands where a difference has no first value.
    NullBehavior = |behavior| format!("{behavior:?}");
    /// How halves are rounded.
    RoundMode [default] = |mode| format!("{mode:?}");
    /// How interpolation goes.
    InterpolationMethod = |method| format!("{method:?}");
    /// The unit of times and durations.
    TimeUnit = |unit| unit.to_string();
    /// A time zone by its IANA name.
    TimeZone = |zone| zone.to_string();
    /// How text becomes dates and times.
    StrptimeOptions [default] { format: Option<PlSmallStr>, strict: bool, exact: bool, cache: bool }
        = |options| format!("{options:?}");
    /// What happens to empty lists and nulls.
    ExplodeOptions [blank] { empty_as_null: bool, keep_nulls: bool } = |options| format!("{options:?}");
    /// How frames are put below one another.
    UnionArgs [default] { parallel: bool, rechunk: bool, to_supertypes: bool, diagonal: bool, strict: bool, maintain_order: bool }
        = |_args| "UnionArgs".into();
    /// Which columns become rows.
    UnpivotArgsDSL [blank] { on: Option<Selector>, index: Selector, variable_name: Option<PlSmallStr>, value_name: Option<PlSmallStr> }
        = |_args| "UnpivotArgsDSL".into();
    /// How a pivot names its columns.
    PivotColumnNaming [default] = |naming| format!("{naming:?}");
    /// How a window's results meet its rows.
    WindowMapping [default] = |mapping| format!("{mapping:?}");
    /// A window over a fixed number of rows.
    RollingOptionsFixedWindow [default] { window_size: usize, min_periods: usize, weights: Option<Vec<f64>>, center: bool }
        = |options| format!("{options:?}");
    /// A window over a length of time.
    RollingOptionsDynamicWindow [blank] { window_size: Duration, min_periods: usize, closed_window: ClosedWindow,
        fn_params: Option<RollingFnParams> }
        = |options| format!("{options:?}");
    /// Parameters of rolling quantiles, variances and ranks.
    RollingFnParams = |params| format!("{params:?}");
    /// Exponential weights.
    EWMOptions [default] { alpha: f64, adjust: bool, bias: bool, min_periods: usize, ignore_nulls: bool }
        = |options| format!("{options:?}");
    /// Groups by windows of time.
    DynamicGroupOptions [default] { every: Duration, period: Duration, offset: Duration, label: Label, include_boundaries: bool,
        closed_window: ClosedWindow, start_by: StartBy } = |options| format!("{options:?}");
    /// Which edge of a window names it.
    Label = |label| format!("{label:?}");
    /// Where the first window begins.
    StartBy [default] = |start| format!("{start:?}");
    /// What happens to times that a zone skips.
    NonExistent = |what| format!("{what:?}");
    /// The parts of a date and time.
    DatetimeArgs { year: Expr, month: Expr, day: Expr, hour: Expr, minute: Expr, second: Expr, microsecond: Expr }
        = |args| format!("{args:?}");
    /// The parts of a duration.
    DurationArgs { weeks: Expr, days: Expr, hours: Expr, minutes: Expr, seconds: Expr } = |args| format!("{args:?}");
}

impl Blank for UnpivotArgsDSL {
    fn blank() -> Self {
        Self { on: None, index: empty(), variable_name: None, value_name: None }
    }
}

impl Blank for ExplodeOptions {
    fn blank() -> Self {
        Self { empty_as_null: true, keep_nulls: true }
    }
}

impl Blank for RollingOptionsDynamicWindow {
    fn blank() -> Self {
        Self { window_size: Duration::parse("1i"), min_periods: 1, closed_window: ClosedWindow::Right, fn_params: None }
    }
}

/// Adds the rows of this file.
pub(super) fn register(table: &mut Table) {
    table.add_types(type_rows());
    table.add_constants(constants! {
        JoinType { Inner, Left, Right, Full, Semi, Anti, Cross }
        JoinValidation { ManyToMany, ManyToOne, OneToMany, OneToOne }
        JoinCoalesce { JoinSpecific, CoalesceColumns, KeepColumns }
        MaintainOrderJoin { None, Left, Right, LeftRight, RightLeft }
        RankMethod { Average, Min, Max, Dense, Ordinal, Random }
        QuantileMethod { Nearest, Lower, Higher, Midpoint, Linear, Equiprobable }
        UniqueKeepStrategy { First, Last, None, Any }
        FillNullStrategy { Mean, Min, Max, Zero, One }
        ClosedInterval { Both, Left, Right, None }
        ClosedWindow { Both, Left, Right, None }
        NullBehavior { Drop, Ignore }
        RoundMode { HalfToEven, HalfAwayFromZero, ToZero }
        InterpolationMethod { Linear, Nearest }
        TimeUnit { Nanoseconds, Microseconds, Milliseconds }
        PivotColumnNaming { Combine, Auto }
        WindowMapping { GroupsToRows, Explode, Join }
        Label { Left, Right, DataPoint }
        StartBy { WindowBound, DataPoint, Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday }
        NonExistent { Null, Raise }
        DataType { Boolean, UInt8, UInt16, UInt32, UInt64, Int8, Int16, Int32, Int64, Float32, Float64, String, Binary, Date,
            Time, Null }
        TimeZone { UTC }
    });
    table.add_callables(functions! {
        JoinArgs {
            /// A join of a kind, everything else at its default.
            fn new(how: JoinType) -> JoinArgs = JoinArgs::new(how);
        }
        SortMultipleOptions {
            /// Ascending, nulls first.
            fn new() -> SortMultipleOptions = SortMultipleOptions::new();
        }
        SortOptions {
            /// Ascending, nulls first.
            fn new() -> SortOptions = SortOptions::new();
        }
        FillNullStrategy {
            /// The last value before, at most so many nulls in a row.
            fn Forward(limit: Option<u32>) -> FillNullStrategy = FillNullStrategy::Forward(limit);
            /// The next value after, at most so many nulls in a row.
            fn Backward(limit: Option<u32>) -> FillNullStrategy = FillNullStrategy::Backward(limit);
        }
        DatetimeArgs {
            /// Midnight of a day.
            fn new(year: crate::convert::IntoExpr, month: crate::convert::IntoExpr, day: crate::convert::IntoExpr) -> DatetimeArgs
                = DatetimeArgs::new(year, month, day);
        }
        DurationArgs {
            /// A duration of nothing.
            fn new() -> DurationArgs = DurationArgs::new();
        }
        DataType {
            /// A point in time.
            fn Datetime(unit: TimeUnit, zone: Option<TimeZone>) -> DataType = DataType::Datetime(unit, zone);
            /// A length of time.
            fn Duration(unit: TimeUnit) -> DataType = DataType::Duration(unit);
            /// Exact decimals of so many digits, so many of them after the point.
            fn Decimal(precision: usize, scale: usize) -> DataType = DataType::Decimal(precision, scale);
            /// Lists of values of a type.
            fn List(inner: DataType) -> DataType = DataType::List(Box::new(inner));
        }
        TimeZone {
            /// A time zone by its IANA name; `None` for none.
            fn opt_try_new(zone: Option<PlSmallStr>) -> PolarsResult<Option<TimeZone>> = TimeZone::opt_try_new(zone);
        }
    });
    table.add_callables(methods! {
        JoinArgs {
            /// With what is appended to the right frame's columns of the same name.
            fn with_suffix(suffix: Option<PlSmallStr>) -> JoinArgs;
            /// With one column or two for the key.
            fn with_coalesce(coalesce: JoinCoalesce) -> JoinArgs;
        }
        SortMultipleOptions {
            /// All columns in this direction.
            fn with_order_descending(descending: bool) -> SortMultipleOptions;
            /// Each column in its direction.
            fn with_order_descending_multi(descending: Vec<bool>) -> SortMultipleOptions;
            /// Nulls last in all columns.
            fn with_nulls_last(nulls_last: bool) -> SortMultipleOptions;
            /// Nulls last, column by column.
            fn with_nulls_last_multi(nulls_last: Vec<bool>) -> SortMultipleOptions;
            /// Keeps the order of equal rows.
            fn with_maintain_order(maintain_order: bool) -> SortMultipleOptions;
            /// On several threads or on one.
            fn with_multithreaded(multithreaded: bool) -> SortMultipleOptions;
            /// The other way round.
            fn with_order_reversed() -> SortMultipleOptions;
        }
        SortOptions {
            /// Largest first.
            fn with_order_descending(descending: bool) -> SortOptions;
            /// Nulls last.
            fn with_nulls_last(nulls_last: bool) -> SortOptions;
            /// Keeps the order of equal values.
            fn with_maintain_order(maintain_order: bool) -> SortOptions;
            /// On several threads or on one.
            fn with_multithreaded(multithreaded: bool) -> SortOptions;
            /// The other way round.
            fn with_order_reversed() -> SortOptions;
        }
        DatetimeArgs {
            /// At a time of day.
            fn with_hms(hour: crate::convert::IntoExpr, minute: crate::convert::IntoExpr, second: crate::convert::IntoExpr)
                -> DatetimeArgs;
            /// In a unit.
            fn with_time_unit(unit: TimeUnit) -> DatetimeArgs;
        }
        DurationArgs {
            /// With weeks.
            fn with_weeks(n: crate::convert::IntoExpr) -> DurationArgs;
            /// With days.
            fn with_days(n: crate::convert::IntoExpr) -> DurationArgs;
            /// With hours.
            fn with_hours(n: crate::convert::IntoExpr) -> DurationArgs;
            /// With minutes.
            fn with_minutes(n: crate::convert::IntoExpr) -> DurationArgs;
            /// With seconds.
            fn with_seconds(n: crate::convert::IntoExpr) -> DurationArgs;
        }
    });
}
