//! The namespaces of lists, arrays and structs.

use polars::prelude::*;
use polars::series::ops::NullBehavior;

use super::namespaces;
use crate::convert::{IntoExpr, Names};
use crate::lend::Absent;
use crate::table::{Callable, methods};

namespaces! {
    /// Operations on lists.
    ListNameSpace = list {
        /// The number of elements.
        fn len() -> Expr;
        /// The largest element.
        fn max() -> Expr;
        /// The smallest element.
        fn min() -> Expr;
        /// The sum of the elements.
        fn sum() -> Expr;
        /// The mean of the elements.
        fn mean() -> Expr;
        /// The median of the elements.
        fn median() -> Expr;
        /// The standard deviation of the elements.
        fn std(ddof: u8) -> Expr;
        /// The variance of the elements.
        fn var(ddof: u8) -> Expr;
        /// The list in order.
        fn sort(options: SortOptions) -> Expr;
        /// The element at a position.
        fn get(index: IntoExpr, null_on_oob: bool) -> Expr;
        /// The first element.
        fn first() -> Expr;
        /// The last element.
        fn last() -> Expr;
        /// The elements joined into one string.
        fn join(separator: IntoExpr, ignore_nulls: bool) -> Expr;
        /// A part of the list.
        fn slice(offset: IntoExpr, length: IntoExpr) -> Expr;
        /// The first `n` elements.
        fn head(n: IntoExpr) -> Expr;
        /// The last `n` elements.
        fn tail(n: IntoExpr) -> Expr;
        /// Whether the list contains a value.
        fn contains(other: IntoExpr, nulls_equal: bool) -> Expr;
        /// How often a value occurs.
        fn count_matches(element: IntoExpr) -> Expr;
        /// The list without nulls.
        fn drop_nulls() -> Expr;
        /// The elements of either list.
        fn union(other: IntoExpr) -> Expr;
        /// The elements of both lists.
        fn set_intersection(other: IntoExpr) -> Expr;
        /// The elements of this list that the other lacks.
        fn set_difference(other: IntoExpr) -> Expr;
        /// An expression over `element()`, evaluated in each list.
        fn eval(other: IntoExpr) -> Expr;
        /// So many elements at random.
        fn sample_n(n: Expr, with_replacement: bool, shuffle: Option<bool>, seed: Option<u64>) -> Expr;
        /// A share of the elements at random.
        fn sample_fraction(fraction: Expr, with_replacement: bool, shuffle: Option<bool>, seed: Option<u64>) -> Expr;
        /// The elements at positions.
        fn gather(index: Expr, null_on_oob: bool) -> Expr;
        /// Every `n`th element.
        fn gather_every(n: Expr, offset: Expr) -> Expr;
        /// The position of the smallest element.
        fn arg_min() -> Expr;
        /// The position of the largest element.
        fn arg_max() -> Expr;
        /// The differences from the element `n` before.
        fn diff(n: i64, null_behavior: NullBehavior) -> Expr;
        /// The elements moved by `n` places.
        fn shift(periods: Expr) -> Expr;
        /// The lists as arrays of one width.
        fn to_array(width: usize) -> Expr;
        /// The elements as the fields of a struct.
        fn to_struct(names: Arc<[PlSmallStr]>) -> Expr;
        /// The elements of one list but not of both.
        fn set_symmetric_difference(other: IntoExpr) -> Expr;
        /// An aggregation over `element()`, evaluated in each list.
        fn agg(other: IntoExpr) -> Expr;
    }
    /// Operations on arrays.
    ArrayNameSpace = arr {
        /// The number of elements.
        fn len() -> Expr;
        /// The largest element.
        fn max() -> Expr;
        /// The smallest element.
        fn min() -> Expr;
        /// The sum of the elements.
        fn sum() -> Expr;
        /// The standard deviation of the elements.
        fn std(ddof: u8) -> Expr;
        /// The variance of the elements.
        fn var(ddof: u8) -> Expr;
        /// The mean of the elements.
        fn mean() -> Expr;
        /// The median of the elements.
        fn median() -> Expr;
        /// The arrays as lists.
        fn to_list() -> Expr;
        /// The array in order.
        fn sort(options: SortOptions) -> Expr;
        /// The position of the smallest element.
        fn arg_min() -> Expr;
        /// The position of the largest element.
        fn arg_max() -> Expr;
        /// The element at a position.
        fn get(index: Expr, null_on_oob: bool) -> Expr;
        /// The elements joined into one string.
        fn join(separator: Expr, ignore_nulls: bool) -> Expr;
        /// Whether the array contains a value.
        fn contains(other: IntoExpr, nulls_equal: bool) -> Expr;
        /// How often a value occurs.
        fn count_matches(element: IntoExpr) -> Expr;
        /// A part of the array, as a list or an array.
        fn slice(offset: Expr, length: Expr, as_array: bool) -> PolarsResult<Expr>;
        /// The first `n` elements.
        fn head(n: Expr, as_array: bool) -> PolarsResult<Expr>;
        /// The last `n` elements.
        fn tail(n: Expr, as_array: bool) -> PolarsResult<Expr>;
        /// The elements moved by `n` places.
        fn shift(n: Expr) -> Expr;
        /// One row for each element.
        fn explode(options: ExplodeOptions) -> Expr;
        /// An expression over `element()`, evaluated in each array.
        fn eval(other: IntoExpr, as_list: bool) -> Expr;
        /// An aggregation over `element()`, evaluated in each array.
        fn agg(other: IntoExpr) -> Expr;
    }
    /// Operations on structs.
    StructNameSpace = struct_ {
        /// The field at a position.
        fn field_by_index(index: i64) -> Expr;
        /// The struct with its fields renamed.
        fn rename_fields(names: Names) -> Expr;
        /// The struct as JSON text.
        fn json_encode() -> Expr;
        /// The struct with fields added or replaced.
        fn with_fields(fields: Vec<Expr>) -> Expr;
        /// The field of a name.
        fn field_by_name(name: &str) -> Expr;
        /// Several fields by their names.
        fn field_by_names(names: Vec<PlSmallStr>) -> Expr;
        /// The struct without fields; `strict`: all of them must exist.
        fn drop(names: Vec<PlSmallStr>, strict: bool) -> Expr;
    }
}

/// Rows whose arguments a cell cannot give as Rust does.
pub(super) fn special_rows() -> Vec<Callable> {
    methods! {
        #[pure] ArrayNameSpace {
            /// The elements as the fields of a struct, named by their positions.
            fn to_struct(name_generator: Option<Absent>) -> Expr
                = |this| this.0.arr().to_struct(name_generator.map(Absent::never));
        }
    }
}
