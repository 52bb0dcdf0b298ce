//! Options: the structs and enums that polars' methods take.

mod choices;

use polars::frame::PivotColumnNaming;
use polars::polars_compute::rolling::RollingQuantileParams;
use polars::prelude::*;
use polars::series::ops::NullBehavior;

use crate::convert::IntoExpr;
use crate::table::{Blank, Table, constants, functions, methods, types, variants};

types! {
    /// The kind of a join.
    JoinType [default] = |how| how.to_string();
    /// How a join goes: kind, checks, suffix.
    JoinArgs [default] { how: JoinType, validation: JoinValidation, suffix: Option<PlSmallStr>,
        slice: Option<(i64, usize)>, nulls_equal: bool, coalesce: JoinCoalesce, maintain_order: MaintainOrderJoin,
        build_side: Option<JoinBuildSide> } = |args| format!("{args:?}");
    /// Which frame of a join is hashed.
    JoinBuildSide = |side| format!("{side:?}");
    /// Options of joins by inequalities.
    JoinTypeOptions = |options| format!("{options:?}");
    /// Which row of the other frame is the nearest.
    AsofStrategy [default] = |strategy| format!("{strategy:?}");
    /// How each row finds the nearest of the other frame.
    AsOfOptions [default] { strategy: AsofStrategy, tolerance: Option<Scalar>, tolerance_str: Option<PlSmallStr>,
        left_by: Option<Vec<PlSmallStr>>, right_by: Option<Vec<PlSmallStr>>, allow_eq: bool, check_sortedness: bool }
        = |options| format!("{options:?}");
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
    RollingOptionsFixedWindow [default] { window_size: usize, min_periods: usize, weights: Option<Vec<f64>>, center: bool,
        fn_params: Option<RollingFnParams> }
        = |options| format!("{options:?}");
    /// A window over a length of time.
    RollingOptionsDynamicWindow [blank] { window_size: Duration, min_periods: usize, closed_window: ClosedWindow,
        fn_params: Option<RollingFnParams> }
        = |options| format!("{options:?}");
    /// Parameters of rolling quantiles, variances and ranks.
    RollingFnParams = |params| format!("{params:?}");
    /// A probability and what is given between two values.
    RollingQuantileParams [blank] { prob: f64, method: QuantileMethod } = |params| format!("{params:?}");
    /// How many degrees of freedom are taken off.
    RollingVarParams [blank] { ddof: u8 } = |params| format!("{params:?}");
    /// What equal values get as their rank in a window.
    RollingRankMethod = |method| format!("{method:?}");
    /// A window over a fixed number of rows of two columns.
    RollingCovOptions [blank] { window_size: u32, min_periods: u32, ddof: u8 } = |options| format!("{options:?}");
    /// Groups of each row and those of a window before it.
    RollingGroupOptions [default] { index_column: PlSmallStr, period: Duration, offset: Duration, closed_window: ClosedWindow }
        = |options| format!("{options:?}");
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

impl Blank for RollingQuantileParams {
    fn blank() -> Self {
        Self { prob: 0.5, method: QuantileMethod::default() }
    }
}

impl Blank for RollingVarParams {
    fn blank() -> Self {
        Self { ddof: 1 }
    }
}

impl Blank for RollingCovOptions {
    fn blank() -> Self {
        Self { window_size: 1, min_periods: 1, ddof: 1 }
    }
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
    choices::register(table);
    table.add_types(type_rows());
    table.add_types(variants! {
        /// A rank.
        RollingFnParams::Rank { method: RollingRankMethod, seed: Option<u64> }
            = RollingFnParams::Rank { method: RollingRankMethod::Average, seed: None };
        /// The skewness.
        RollingFnParams::Skew { bias: bool } = RollingFnParams::Skew { bias: false };
        /// The kurtosis.
        RollingFnParams::Kurtosis { fisher: bool, bias: bool } = RollingFnParams::Kurtosis { fisher: true, bias: false };
    });
    table.add_constants(constants! {
        JoinType { Inner, Left, Right, Full, Semi, Anti, IEJoin, Cross }
        JoinValidation { ManyToMany, ManyToOne, OneToMany, OneToOne }
        JoinCoalesce { JoinSpecific, CoalesceColumns, KeepColumns }
        JoinBuildSide { PreferLeft, ForceLeft, PreferRight, ForceRight }
        AsofStrategy { Backward, Forward, Nearest }
        RollingRankMethod { Average, Min, Max, Dense, Random }
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
        PivotColumnNaming { Combine, Auto }
        WindowMapping { GroupsToRows, Explode, Join }
        Label { Left, Right, DataPoint }
        StartBy { WindowBound, DataPoint, Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday }
        NonExistent { Null, Raise }
    });
    table.add_callables(functions! {
        #[pure] JoinType {
            /// Each row with the nearest of the other frame.
            fn AsOf(options: AsOfOptions) -> JoinType = JoinType::AsOf(Box::new(options));
        }
        #[pure] RollingFnParams {
            /// A quantile.
            fn Quantile(params: RollingQuantileParams) -> RollingFnParams;
            /// A variance or standard deviation.
            fn Var(params: RollingVarParams) -> RollingFnParams;
        }
        #[pure] JoinArgs {
            /// A join of a kind, everything else at its default.
            fn new(how: JoinType) -> JoinArgs;
        }
        #[pure] SortMultipleOptions {
            /// Ascending, nulls first.
            fn new() -> SortMultipleOptions;
        }
        #[pure] SortOptions {
            /// Ascending, nulls first.
            fn new() -> SortOptions;
        }
        #[pure] FillNullStrategy {
            /// The last value before, at most so many nulls in a row.
            fn Forward(limit: Option<u32>) -> FillNullStrategy;
            /// The next value after, at most so many nulls in a row.
            fn Backward(limit: Option<u32>) -> FillNullStrategy;
        }
        #[pure] DatetimeArgs {
            /// Midnight of a day.
            fn new(year: IntoExpr, month: IntoExpr, day: IntoExpr) -> DatetimeArgs;
        }
        #[pure] DurationArgs {
            /// A duration of nothing.
            fn new() -> DurationArgs;
        }
    });
    table.add_callables(methods! {
        #[pure] JoinArgs {
            /// With what is appended to the right frame's columns of the same name.
            fn with_suffix(suffix: Option<PlSmallStr>) -> JoinArgs;
            /// With one column or two for the key.
            fn with_coalesce(coalesce: JoinCoalesce) -> JoinArgs;
            /// With a choice of which frame is hashed.
            fn with_build_side(build_side: Option<JoinBuildSide>) -> JoinArgs;
            /// Whether one column or two come out for the key.
            fn should_coalesce() -> bool;
            /// What is appended to the right frame's columns of the same name.
            fn suffix() -> &PlSmallStr;
        }
        #[pure] JoinType {
            /// Whether rows meet where keys are equal.
            fn is_equi() -> bool;
            /// Whether it only keeps or drops rows.
            fn is_semi_anti() -> bool;
            /// Whether it keeps rows that have a match.
            fn is_semi() -> bool;
            /// Whether it keeps rows that have no match.
            fn is_anti() -> bool;
            /// Whether it looks for the nearest row.
            fn is_asof() -> bool;
            /// Whether it pairs all rows.
            fn is_cross() -> bool;
            /// Whether it is a join by inequalities.
            fn is_ie() -> bool;
            /// Whether it is a join by a range.
            fn is_range() -> bool;
        }
        #[pure] JoinValidation {
            /// Whether anything has to be checked.
            fn needs_checks() -> bool;
            /// An error if a join of the kind cannot check it.
            fn is_valid_join(join_type: &JoinType) -> PolarsResult<()>;
        }
        #[pure] EWMOptions {
            /// With so many values needed for a result.
            fn and_min_periods(min_periods: usize) -> EWMOptions;
            /// Whether the first weights are adjusted for the missing past.
            fn and_adjust(adjust: bool) -> EWMOptions;
            /// With a span, which gives the weight of the newest value.
            fn and_span(span: usize) -> EWMOptions;
            /// With the number of rows after which a weight is half.
            fn and_half_life(half_life: f64) -> EWMOptions;
            /// With a centre of mass, which gives the weight of the newest value.
            fn and_com(com: f64) -> EWMOptions;
            /// Whether nulls are passed over when weights are counted.
            fn and_ignore_nulls(ignore_nulls: bool) -> EWMOptions;
        }
        #[pure] SortMultipleOptions {
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
        #[pure] SortOptions {
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
        #[pure] DatetimeArgs {
            /// At a time of day.
            fn with_hms(hour: IntoExpr, minute: IntoExpr, second: IntoExpr) -> DatetimeArgs;
            /// In a unit.
            fn with_time_unit(unit: TimeUnit) -> DatetimeArgs;
            /// In a time zone.
            fn with_time_zone(time_zone: Option<TimeZone>) -> DatetimeArgs;
            /// With a choice for times that a zone has twice.
            fn with_ambiguous(ambiguous: Expr) -> DatetimeArgs;
        }
        #[pure] DurationArgs {
            /// With weeks.
            fn with_weeks(n: IntoExpr) -> DurationArgs;
            /// With days.
            fn with_days(n: IntoExpr) -> DurationArgs;
            /// With hours.
            fn with_hours(n: IntoExpr) -> DurationArgs;
            /// With minutes.
            fn with_minutes(n: IntoExpr) -> DurationArgs;
            /// With seconds.
            fn with_seconds(n: IntoExpr) -> DurationArgs;
            /// With hours, minutes and seconds.
            fn with_hms(hours: Expr, minutes: Expr, seconds: Expr) -> DurationArgs;
            /// With parts of seconds.
            fn with_fractional_seconds(milliseconds: Expr, microseconds: Expr, nanoseconds: Expr) -> DurationArgs;
        }
    });
}
